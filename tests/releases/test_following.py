"""Following the log: every row once and in order, whatever happens on the way."""

from contextlib import suppress
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.items import Kind
from dateline.releases import doorbell, following, log
from dateline.releases.following import catch_up, follow, position
from dateline.releases.log import Addition
from tests.documents import an_item
from tests.processes import PATIENCE_S
from tests.releases.seen import Seen


class Crash(Exception):
    """Stands for the end of a process, in the middle of what it did."""


class Regret(Exception):
    """Makes a transaction roll back."""


def test_a_new_follower_begins_before_the_first_row(db):
    assert position(Seen()) == 0


def test_catching_up_applies_all_rows_in_order_and_says_where_it_stands(release, seen_rows):
    for number in range(1, 8):
        release(an_item(number))
    assert catch_up(Seen(), batch=3) == 7
    assert [serial for serial, _ in seen_rows()] == [1, 2, 3, 4, 5, 6, 7]
    assert position(Seen()) == 7


def test_catching_up_with_nothing_new_changes_nothing(release, seen_rows):
    release(an_item(1))
    assert [catch_up(Seen()), catch_up(Seen())] == [1, 1]
    assert len(seen_rows()) == 1


def test_two_followers_have_cursors_of_their_own(release, seen_rows):
    class Other(Seen):
        name = "other"

    release(an_item(1))
    catch_up(Seen())
    assert (position(Seen()), position(Other())) == (1, 0)


def test_a_crash_in_a_batch_undoes_the_batch_and_leaves_the_cursor(release, seen_rows):
    def crash_at_five(entry):
        if entry.serial == 5:
            raise Crash

    for number in range(1, 8):
        release(an_item(number))
    with pytest.raises(Crash):
        catch_up(Seen(during=crash_at_five), batch=3)
    assert [serial for serial, _ in seen_rows()] == [1, 2, 3]
    assert position(Seen()) == 3


def test_a_follower_that_was_told_to_stop_stops_between_batches(release, seen_rows):
    for number in range(1, 8):
        release(an_item(number))
    stop = Event()
    catch_up(Seen(during=lambda entry: stop.set()), batch=2, stop=stop)
    assert [serial for serial, _ in seen_rows()] == [1, 2]


appends = st.tuples(st.just("append"), st.integers(1, 5))
regrets = st.tuples(st.just("regret"), st.integers(1, 5))
follows = st.tuples(st.just("follow"), st.integers(1, 4))
crashes = st.tuples(st.just("crash"), st.integers(1, 4), st.integers(1, 12))


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.one_of(appends, regrets, follows, crashes), max_size=25))
def test_in_any_order_of_events_each_row_is_applied_once_and_in_order(seen_rows, steps):
    """Appends, rollbacks, followings in batches of any size, and crashes after any row."""
    with pytest.raises(Regret), transaction.atomic(), transaction.atomic(using=Seen.database):
        committed: list[str] = []
        for step, (kind, *sizes) in enumerate(steps):
            match kind, sizes:
                case "append" | "regret", [count]:
                    guids = [f"{step}-{each}" for each in range(count)]
                    try_to_release(guids, regret=kind == "regret")
                    committed += guids if kind == "append" else []
                case "follow", [batch]:
                    catch_up(Seen(), batch=batch)
                case "crash", [batch, rows]:
                    follow_until_a_crash(batch=batch, rows=rows)
            assert seen_rows() == list(enumerate(committed, start=1))[: position(Seen())]
        catch_up(Seen())
        assert seen_rows() == list(enumerate(committed, start=1))
        assert log.head() == len(committed)
        raise Regret  # the next example starts from an empty log


def try_to_release(guids: list[str], *, regret: bool) -> None:
    with suppress(Regret), transaction.atomic():
        log.append_many([Addition(an_item(1, guid=guid), Kind.NEW) for guid in guids])
        if regret:
            raise Regret


def follow_until_a_crash(*, batch: int, rows: int) -> None:
    left = iter(range(rows))

    def crash_when_used_up(_entry):
        if next(left, None) is None:
            raise Crash

    with suppress(Crash):
        catch_up(Seen(during=crash_when_used_up), batch=batch)


class Running:
    """A follower at work in a thread of its own, as `dateline serve` runs it."""

    def __init__(self, follower):
        self._stop = Event()
        self._thread = Thread(target=follow, args=[follower], kwargs={"stop": self._stop})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_running_follower_applies_what_is_released_while_it_waits(release, seen_rows):
    applied = Event()
    with Running(Seen(during=lambda entry: applied.set())):
        release(an_item(1))
        assert applied.wait(PATIENCE_S)
    assert [serial for serial, _ in seen_rows()] == [1]


@pytest.mark.django_db(transaction=True)
def test_a_running_follower_that_hears_no_bell_finds_new_rows_by_looking(
    release, seen_rows, monkeypatch
):
    class Broken:
        def wait(self, timeout_s: float) -> None:
            Event().wait(timeout_s)

    monkeypatch.setattr(following, "LONGEST_WAIT_S", 0.05)
    monkeypatch.setattr(following, "doorbell_for", lambda connection: Broken())
    monkeypatch.setattr(doorbell, "ring", lambda connection: None)
    last = Event()
    with Running(Seen(during=lambda entry: last.set() if entry.serial == 3 else None)):
        for number in (1, 2, 3):
            release(an_item(number))
        assert last.wait(PATIENCE_S)
    assert [serial for serial, _ in seen_rows()] == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_running_follower_tries_again_after_a_failure_of_the_database(
    release, seen_rows, caplog
):
    failures = iter([OperationalError("the disk is full"), OperationalError("and still is")])
    applied = Event()

    def fail_twice(_entry):
        if failure := next(failures, None):
            raise failure
        applied.set()

    release(an_item(1))
    with Running(Seen(during=fail_twice)):
        assert applied.wait(PATIENCE_S)
    assert [serial for serial, _ in seen_rows()] == [1]
    assert "the disk is full" in caplog.text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
@pytest.mark.django_db(transaction=True)
def test_a_running_follower_survives_the_loss_of_its_connection(release, seen_rows):
    first, second = Event(), Event()
    arrived = {1: first, 2: second}
    with Running(Seen(during=lambda entry: arrived[entry.serial].set())):
        release(an_item(1))
        assert first.wait(PATIENCE_S)
        end_all_other_connections()
        release(an_item(2))
        assert second.wait(PATIENCE_S)
    assert [serial for serial, _ in seen_rows()] == [1, 2]


def end_all_other_connections() -> None:
    for alias in ("default", "public"):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
