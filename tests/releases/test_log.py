"""The log: what `append()`, `read()` and `strike()` promise."""

import pytest
from django.db import DatabaseError, connection, transaction

from dateline.items import Audience, Kind, canonical, digest
from dateline.releases import log
from dateline.releases.log import Addition, AlreadyReleased, NotInTransaction
from dateline.releases.models import Body, Head, Release
from tests.documents import an_item


class Regret(Exception):
    """Makes a transaction roll back."""


def serials() -> list[int]:
    return [entry.serial for entry in log.read(after=0, limit=1000)]


def test_the_first_release_has_serial_one_and_the_next_two(release):
    assert [release(an_item(1)), release(an_item(2))] == [1, 2]
    assert log.head() == 2


def test_an_empty_log_has_head_zero_and_nothing_to_read(db):
    assert log.head() == 0
    assert log.read(after=0, limit=10) == []


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused_and_adds_nothing():
    with pytest.raises(NotInTransaction):
        log.append(an_item(1), kind=Kind.NEW)
    assert (log.head(), serials()) == (0, [])


def test_append_is_refused_in_a_test_too_if_only_the_tests_own_transaction_is_open(db):
    with pytest.raises(NotInTransaction):
        log.append(an_item(1), kind=Kind.NEW)


def test_a_rolled_back_release_leaves_no_row_no_body_and_no_gap(release):
    release(an_item(1))
    with pytest.raises(Regret), transaction.atomic():
        log.append(an_item(2), kind=Kind.NEW)
        raise Regret
    assert release(an_item(3)) == 2
    assert serials() == [1, 2]
    assert not Body.objects.filter(sha256=digest(canonical(an_item(2)))).exists()


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_is_rolled_back_leaves_no_gap_either():
    with pytest.raises(Regret), transaction.atomic():
        log.append_many([Addition(an_item(n), Kind.NEW) for n in range(1, 8)])
        raise Regret
    with transaction.atomic():
        assert log.append(an_item(9), kind=Kind.NEW) == 1
    assert serials() == [1]


def test_a_block_of_releases_has_consecutive_serials_in_the_order_given(release):
    release(an_item(1))
    with transaction.atomic():
        last = log.append_many([Addition(an_item(n), Kind.NEW) for n in (5, 3, 4)])
    assert last == 4
    found = log.read(after=1, limit=10)
    assert [(entry.serial, entry.document.number) for entry in found] == [(2, 5), (3, 3), (4, 4)]


def test_several_appends_in_one_transaction_follow_each_other(db):
    with transaction.atomic():
        assert [log.append(an_item(n), kind=Kind.NEW) for n in (1, 2, 3)] == [1, 2, 3]


def test_an_entry_holds_what_was_appended(release):
    release(an_item(1), kind=Kind.CORRECTION, audience=Audience.CLIENTS, by="olena")
    (entry,) = log.read(after=0, limit=1)
    assert entry.document == an_item(1)
    assert (entry.kind, entry.audience) == (Kind.CORRECTION, Audience.CLIENTS)
    assert (entry.guid, entry.version) == (an_item(1).guid, 1)
    assert entry.document_type == "item"
    assert entry.at.tzinfo is not None
    assert Release.objects.get().by == "olena"


def test_a_body_is_kept_under_the_hash_of_its_bytes(release):
    release(an_item(1))
    body = Body.objects.get()
    assert bytes(body.data) == canonical(an_item(1))
    assert body.sha256 == digest(canonical(an_item(1)))


def test_one_version_may_go_to_clients_first_and_to_the_public_later(release):
    assert release(an_item(1), audience=Audience.CLIENTS) == 1
    assert release(an_item(1), audience=Audience.PUBLIC) == 2
    assert Body.objects.count() == 1


def test_a_version_released_before_is_refused_by_name(release):
    release(an_item(1))
    with pytest.raises(AlreadyReleased) as refused:
        release(an_item(1, headline="Someone else's words"))
    assert refused.value.facts == {"guid": an_item(1).guid}
    assert serials() == [1]


def test_a_caller_that_catches_the_refusal_can_go_on_and_leaves_no_gap(release):
    release(an_item(1))
    with transaction.atomic():
        with pytest.raises(AlreadyReleased):
            log.append(an_item(1, headline="Someone else's words"), kind=Kind.UPDATE)
        assert log.append(an_item(2), kind=Kind.NEW) == 2
    assert (serials(), log.head()) == ([1, 2], 2)
    assert Body.objects.count() == 2


def test_a_block_with_one_refused_release_adds_none_of_it(release):
    release(an_item(1))
    with pytest.raises(AlreadyReleased), transaction.atomic():
        log.append_many([Addition(an_item(n), Kind.NEW) for n in (2, 1, 3)])
    assert (serials(), log.head()) == ([1], 1)


def test_reading_starts_after_the_serial_and_stops_at_the_limit(release):
    for number in range(1, 8):
        release(an_item(number))
    assert [entry.serial for entry in log.read(after=2, limit=3)] == [3, 4, 5]
    assert [entry.serial for entry in log.read(after=5, limit=100)] == [6, 7]
    assert log.read(after=7, limit=100) == []


def test_a_struck_body_is_gone_and_its_hash_and_the_reason_stay(release):
    release(an_item(1))
    release(an_item(2))
    sha256 = digest(canonical(an_item(1)))
    log.strike(sha256, reason="Order of the court in Lviv, 4 March")
    first, second = log.read(after=0, limit=10)
    assert (first.serial, first.data, first.document) == (1, None, None)
    assert second.document == an_item(2)
    body = Body.objects.get(sha256=sha256)
    assert body.struck_reason == "Order of the court in Lviv, 4 March"
    assert body.struck_at is not None


def test_striking_needs_a_reason(release):
    release(an_item(1))
    with pytest.raises(ValueError, match="reason"):
        log.strike(digest(canonical(an_item(1))), reason="  ")


def test_a_struck_body_does_not_come_back_when_the_same_bytes_are_released_again(release):
    release(an_item(1), audience=Audience.CLIENTS)
    log.strike(digest(canonical(an_item(1))), reason="Order of the court")
    release(an_item(1), audience=Audience.PUBLIC)
    assert [entry.data for entry in log.read(after=0, limit=10)] == [None, None]


def test_striking_a_second_time_keeps_the_first_reason(release):
    release(an_item(1))
    sha256 = digest(canonical(an_item(1)))
    log.strike(sha256, reason="The first order")
    log.strike(sha256, reason="The second order")
    assert Body.objects.get().struck_reason == "The first order"


EDITS = [
    "UPDATE releases_release SET guid = 'other'",
    'UPDATE releases_release SET "by" = \'nobody\' WHERE serial = 1',
    "UPDATE releases_release SET serial = serial + 100",
    "DELETE FROM releases_release",
    "DELETE FROM releases_release WHERE serial = 1",
    "DELETE FROM releases_body",
    "UPDATE releases_body SET sha256 = 'other'",
    "UPDATE releases_body SET data = ''",
    "UPDATE releases_body SET data = NULL",
    "UPDATE releases_body SET data = NULL, struck_at = '2025-01-01 00:00:00+00'",
    "UPDATE releases_body SET struck_reason = 'why', struck_at = '2025-01-01 00:00:00+00'",
    "UPDATE releases_head SET serial = 0",
    "UPDATE releases_head SET id = 2",
    "DELETE FROM releases_head",
]
POSTGRES_EDITS = [
    "TRUNCATE releases_release",
    "TRUNCATE releases_body CASCADE",
    "TRUNCATE releases_head",
    """INSERT INTO releases_body (sha256, data, struck_reason)
       SELECT sha256, 'x', '' FROM releases_body
       ON CONFLICT (sha256) DO UPDATE SET data = EXCLUDED.data""",
]
SQLITE_EDITS = [
    "INSERT OR REPLACE INTO releases_release SELECT serial, at, kind, audience, document_type, "
    "'other', version, \"by\", body_id FROM releases_release WHERE serial = 1",
    "REPLACE INTO releases_release SELECT 99, at, kind, audience, document_type, guid, version, "
    "\"by\", body_id FROM releases_release WHERE serial = 1",
    "INSERT OR REPLACE INTO releases_head (id, serial) VALUES (1, 0)",
    "UPDATE OR REPLACE releases_release SET serial = 2 WHERE serial = 1",
]


def state_of_the_log() -> tuple[list[tuple], list[tuple], list[tuple]]:
    return (
        list(Release.objects.order_by("serial").values_list()),
        [(sha, bytes(data), at, why) for sha, data, at, why in Body.objects.order_by("sha256")
         .values_list("sha256", "data", "struck_at", "struck_reason")],
        list(Head.objects.values_list()),
    )


@pytest.mark.parametrize(
    "edit", [*EDITS, *(POSTGRES_EDITS if connection.vendor == "postgresql" else SQLITE_EDITS)]
)
def test_the_database_refuses_an_edit_whoever_asks(release, edit):
    release(an_item(1))
    release(an_item(2))
    before = state_of_the_log()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(edit)
    assert state_of_the_log() == before


def test_putting_another_body_in_the_place_of_one_changes_nothing(release):
    release(an_item(1))
    before = state_of_the_log()
    columns = "releases_body (sha256, data, struck_reason) SELECT sha256, 'forged', ''"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"INSERT INTO {columns} FROM releases_body ON CONFLICT DO NOTHING")
        else:
            cursor.execute(f"INSERT OR REPLACE INTO {columns} FROM releases_body")
    assert state_of_the_log() == before


def test_a_body_may_be_struck_by_hand_with_time_and_reason(release):
    release(an_item(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE releases_body SET data = NULL, struck_reason = 'Order of the court', "
            "struck_at = '2025-03-04 10:00:00+00:00'"
        )
    assert Body.objects.get().data is None
