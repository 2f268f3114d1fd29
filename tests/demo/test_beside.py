"""What is made in another process comes in order, and neither process outlives the other's use."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest

from dateline.demo.beside import beside
from dateline.demo.stories import stories


def count(*, to: int) -> Iterator[int]:
    yield from range(to)


def fail_at(*, number: int) -> Iterator[int]:
    yield from range(number)
    raise SystemExit(3)


def test_stories_made_in_another_process_are_the_stories_made_here():
    asked = {"seed": 5, "count": 60, "until": datetime(2026, 3, 18, 15, tzinfo=UTC)}

    assert list(beside(stories, **asked)) == list(stories(**asked))


def test_things_come_whole_and_in_order():
    assert list(beside(count, to=1_201)) == list(range(1_201))


def test_its_process_ends_when_nobody_reads_any_more():
    numbers = beside(count, to=10**12)
    assert list(islice(numbers, 3)) == [0, 1, 2]
    numbers.close()

    assert multiprocessing.active_children() == []


def test_a_process_that_ends_too_soon_is_not_taken_for_the_end():
    with pytest.raises(EOFError):
        list(beside(fail_at, number=600))
