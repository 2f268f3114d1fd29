"""What is read now: sums become scores that fade, and keep their order without being rewritten."""

from datetime import UTC, datetime, timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive import reading
from dateline.archive.models import PUBLIC, StoryReads
from tests.documents import a_killed, an_item

NOW = datetime(2025, 9, 3, 18, tzinfo=UTC)
HALF_LIFE = timedelta(seconds=reading.HALF_LIFE_S)


def test_the_most_read_story_comes_first(publish):
    publish(an_item(1), an_item(2), an_item(3))
    reading.add({1: 5, 2: 50, 3: 10}, at=NOW)

    assert reading.most_read("en", limit=2) == [2, 3]


def test_sums_of_several_workers_come_together(publish):
    publish(an_item(1), an_item(2))
    reading.add({1: 5, 2: 6}, at=NOW)
    reading.add({1: 5}, at=NOW)

    assert reading.most_read("en", limit=2) == [1, 2]
    held = StoryReads.objects.using(PUBLIC).get(number=1)
    assert held.score == pytest.approx(reading.score_of(10, NOW))


def test_what_was_read_much_yesterday_stands_behind_what_is_read_now(publish):
    publish(an_item(1), an_item(2))
    reading.add({1: 1000}, at=NOW - 12 * HALF_LIFE)
    reading.add({2: 1}, at=NOW)

    assert reading.most_read("en", limit=2) == [2, 1]


def test_reads_of_stories_that_are_not_public_are_left_out(publish):
    killed = an_item(2)
    publish(an_item(1), killed, a_killed(killed))
    reading.add({1: 1, 2: 9, 77: 9}, at=NOW)

    assert reading.most_read("en", limit=5) == [1]


def test_what_nobody_reads_any_more_is_forgotten(publish):
    publish(an_item(1), an_item(2))
    reading.add({1: 1}, at=NOW)
    reading.add({2: 1}, at=NOW + 21 * HALF_LIFE)

    assert reading.most_read("en", limit=5) == [2]


@given(
    st.lists(
        st.tuples(st.integers(1, 10_000), st.floats(0, 500_000)), min_size=1, max_size=20
    )
)
def test_scores_are_the_logarithm_of_the_decayed_sum(reads):
    """Whatever the order they come in."""
    score = None
    for count, after_s in reads:
        new = reading.score_of(count, NOW + timedelta(seconds=after_s))
        score = new if score is None else reading.together(score, new)

    rate = log(2) / reading.HALF_LIFE_S
    decayed = sum(count * 2 ** (after_s / reading.HALF_LIFE_S) for count, after_s in reads)
    assert score == pytest.approx(log(decayed) + NOW.timestamp() * rate, abs=1e-6)
