"""The log under real processes that race and are killed: nothing missed, nothing twice."""

import random
from contextlib import ExitStack

import pytest

from dateline.releases import log
from dateline.releases.following import catch_up, position
from tests.processes import Program
from tests.releases.seen import Seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.stress]

WRITERS = 5


def rows() -> list[tuple[int, str]]:
    return [(entry.serial, entry.guid) for entry in log.read(after=0, limit=100_000)]


def assert_no_gap_and_none_twice() -> None:
    serials = [serial for serial, _ in rows()]
    assert serials == list(range(1, log.head() + 1))
    guids = [guid for _, guid in rows()]
    assert len(set(guids)) == len(guids)


def test_what_many_writers_committed_is_in_the_log_once_without_gaps_and_nothing_else():
    with ExitStack() as running:
        writers = [
            running.enter_context(Program("tests.releases.writer", f"w{each}", 25))
            for each in range(WRITERS)
        ]
        committed = [guid for writer in writers for guid in writer.output()]
    assert_no_gap_and_none_twice()
    assert sorted(guid for _, guid in rows()) == sorted(committed)


def test_a_follower_that_looks_while_writers_race_misses_nothing(seen_rows):
    """The trap of auto-increment cursors: a row that commits after a later one was already read."""
    with ExitStack() as running:
        writers = [
            running.enter_context(Program("tests.releases.writer", f"w{each}", 25))
            for each in range(WRITERS)
        ]
        for writer in writers:
            while writer.line():
                catch_up(Seen(), batch=7)
    catch_up(Seen())
    assert_no_gap_and_none_twice()
    assert seen_rows() == rows()


def test_a_writer_killed_in_its_transaction_leaves_nothing_and_holds_nobody_up():
    with (
        Program("tests.releases.writer", "killed", 3, "hold") as killed,
        Program("tests.releases.writer", "other", 10) as other,
    ):
        committed = []
        while (line := killed.line()) != "holding":
            assert line
            committed += line.split()
        killed.kill()
        committed += other.output()
    assert_no_gap_and_none_twice()
    assert sorted(guid for _, guid in rows()) == sorted(committed)


def test_a_follower_killed_again_and_again_applies_each_row_once_and_in_order(seen_rows):
    chance = random.Random(7)
    with ExitStack() as running:
        writers = [
            running.enter_context(Program("tests.releases.writer", f"w{each}", 40))
            for each in range(2)
        ]
        for _ in range(5):
            with Program("tests.releases.reader") as reader:
                for _ in range(chance.randint(1, 12)):
                    reader.line()
                reader.kill()
            # What is saved is always whole: the rows up to the cursor, and no other.
            assert [serial for serial, _ in seen_rows()] == list(range(1, position(Seen()) + 1))
        for writer in writers:
            writer.output()
    catch_up(Seen())
    assert_no_gap_and_none_twice()
    assert seen_rows() == rows()


def test_two_processes_of_one_follower_take_turns(seen_rows):
    with ExitStack() as running:
        writer = running.enter_context(Program("tests.releases.writer", "w", 40))
        readers = [running.enter_context(Program("tests.releases.reader")) for _ in range(2)]
        writer.output()
        for reader in readers:
            reader.kill()
    catch_up(Seen())
    assert seen_rows() == rows()
