"""What is kept is right until something it stands on changes, and is then made anew once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.site import kept
from dateline.site.kept import Freshness, Keeper


@pytest.fixture
def freshness():
    return Freshness()


def test_a_part_is_made_once_until_one_of_its_tags_changes(freshness):
    keeper, made = Keeper(freshness), []

    def ask():
        return keeper.get("rail", {"edition-en", "today"}, lambda: made.append(1) or len(made))

    assert [ask(), ask()] == [1, 1]
    freshness.change({"edition-uk"}, serial=1)
    assert ask() == 1
    freshness.change({"edition-en"}, serial=2)
    assert [ask(), ask()] == [2, 2]


def test_what_changes_while_a_part_is_made_makes_it_anew_the_next_time(freshness):
    keeper = Keeper(freshness)

    def make():
        freshness.change({"edition-en"})
        return freshness.turn

    first = keeper.get("rail", {"edition-en"}, make)
    assert keeper.get("rail", {"edition-en"}, lambda: "anew") == "anew"
    assert first == 1


def test_who_was_too_far_behind_keeps_nothing(freshness):
    freshness.change({"a"}, serial=1)
    turn = freshness.turn
    freshness.change_everything(serial=9)

    assert not freshness.holds(turn, ())
    assert freshness.holds(freshness.turn, {"a", "b"})
    assert freshness.serial == 9


def test_parts_least_lately_asked_for_are_dropped_first(freshness):
    keeper = Keeper(freshness, limit=2)
    for key in ("a", "b", "a", "c"):
        keeper.get(key, (), lambda: "first")

    assert keeper.get("a", (), lambda: "anew") == "first"
    assert keeper.get("b", (), lambda: "anew") == "anew"


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=60))
def test_a_bounded_memory_of_changes_never_calls_a_changed_thing_right(steps):
    """Whatever is forgotten: it may make anew what was right, and never keep what was not."""
    freshness = Freshness()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "TAGS_REMEMBERED", 4)
        made: dict[str, int] = {}
        changed: set[str] = set()
        for tag, makes in steps:
            if makes:
                made[tag] = freshness.turn
                changed.discard(tag)
            else:
                freshness.change({tag})
                changed.add(tag)
            for each, turn in made.items():
                if each in changed:
                    assert not freshness.holds(turn, {each})
