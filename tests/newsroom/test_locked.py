"""A story in review is changed by its desk alone: no way past the form leads to a release."""

import pytest
from django.urls import reverse
from wagtail.models import Revision

from dateline.newsroom import claims, saving
from dateline.newsroom.screens.typed import joined_fields
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, url
from tests.newsroom.test_claims import act, newest_headline, silent, typed_in
from tests.newsroom.test_desks import send

UNREAD = "What no editor has read"


@pytest.fixture
def in_review(placed, reporter) -> Story:
    send(placed, reporter)
    silent(placed)
    return Story.objects.get(pk=placed.pk)


@pytest.fixture
def theirs(reporter):
    return desk_of(reporter)


def test_text_of_a_window_that_was_open_before_does_not_become_what_is_approved(
    placed, theirs, reporter, desk
):
    """The window sent it while the story was a draft; then the story was sent to the desk."""
    theirs.get(url("edit", placed.pk))
    sent_from = typed_in(placed, headline=UNREAD)
    send(placed, reporter)
    newest = Story.objects.get(pk=placed.pk).latest_revision_id
    claims.Claim.objects.filter(story=placed).update(
        unsaved=sent_from.replace(*_basis(sent_from, newest)), unsaved_by=reporter
    )
    silent(placed)
    assert desk.get(url("edit", placed.pk)).status_code == 302
    assert newest_headline(placed) != UNREAD
    assert UNREAD in [each.content["headline"] for each in placed.revisions.all()]


def _basis(sent: str, newest: int) -> tuple[str, str]:
    (was,) = [each for each in sent.split("&") if each.startswith("loaded_revision_id=")]
    return was, f"loaded_revision_id={newest}"


def test_who_may_not_change_it_cannot_take_it_or_hold_it(in_review, theirs, desk, editor):
    assert act(theirs, in_review, "take-over").status_code != 200
    assert act(theirs, in_review, "ask").status_code != 200
    assert claims.of(in_review).holder() is None
    answer = act(theirs, in_review, "renew", unsaved=typed_in(in_review, headline=UNREAD)).json()
    assert not answer["mine"]
    desk.get(url("edit", in_review.pk))
    assert claims.of(in_review).holder() == editor
    assert newest_headline(in_review) != UNREAD


@pytest.mark.parametrize("name", ["let-go", "keep-beside"])
def test_what_they_typed_is_kept_beside(in_review, theirs, name):
    act(theirs, in_review, name, unsaved=typed_in(in_review, headline=UNREAD))
    assert newest_headline(in_review) != UNREAD
    assert UNREAD in [each.content["headline"] for each in in_review.revisions.all()]


def test_two_saves_are_not_joined_past_the_lock(in_review, theirs, reporter):
    newest = in_review.get_latest_revision()
    content = {**newest.content, "headline": UNREAD}
    mine = saving.keep_beside(in_review, content, by=reporter, fields=joined_fields())
    address = reverse("newsroom_conflict", args=[in_review.pk, mine.pk, newest.pk])
    page = theirs.post(address, {"theirs": newest.pk, "choice:headline": "mine"}, follow=True)
    assert "nothing was joined" in page.content.decode()
    assert newest_headline(in_review) != UNREAD
    assert Revision.objects.filter(pk=mine.pk).exists()
