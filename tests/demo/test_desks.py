"""The demo's desks: a story in each state, made once."""

import pytest

from dateline.demo.desks import IN_HAND, open_desks
from dateline.demo.opening import open_agency, sign_ins
from dateline.newsroom import coming_up
from dateline.newsroom.desks import Desk
from dateline.newsroom.notices import Notice
from dateline.newsroom.screens.states import State, with_states
from dateline.newsroom.story import Story


@pytest.fixture
def opened(db, tmp_path, settings) -> None:
    settings.VAR = tmp_path
    open_agency()
    sign_ins()
    open_desks()


def test_a_story_stands_in_each_state_between_a_note_and_a_release(opened):
    states = {story.headline: story.state for story in with_states(Story.objects.all())}
    assert set(states.values()) == {
        State.DRAFT, State.IN_REVIEW, State.READY, State.SCHEDULED, State.HELD
    }  # fmt: skip
    assert set(states) == {each.headline for each in IN_HAND}


def test_what_leaves_later_is_coming_up_and_who_was_asked_has_a_notice(opened):
    assert len(coming_up.planned()) == 3
    assert Notice.objects.exists()


def test_opening_them_again_changes_nothing(opened):
    before = Story.objects.count()
    open_desks()
    assert (Story.objects.count(), Desk.objects.count()) == (before, 2)
