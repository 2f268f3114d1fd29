"""Rows that are inserted without objects are the rows that objects would have made."""

from datetime import UTC, datetime

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from dateline.releases.models import Body, Cursor
from dateline.rows import insert

NOON = datetime(2025, 9, 3, 12, 0, tzinfo=UTC)


def bodies() -> list[dict]:
    rows = Body.objects.order_by("sha256").values()
    return [{**row, "data": row["data"] and bytes(row["data"])} for row in rows]


def test_what_is_not_named_takes_its_default(db):
    insert(Body, [{"sha256": "a", "data": b"\x00\xff"}], using=DEFAULT_DB_ALIAS)
    inserted = bodies()
    with transaction.atomic():
        Body.objects.create(sha256="b", data=b"\x00\xff")

    assert [{**row, "sha256": "b"} for row in inserted] == bodies()[1:]


def test_times_and_bytes_come_back_as_they_were(db):
    insert(Body, [{"data": b"\x00", "struck_at": NOON, "sha256": "a"}], using=DEFAULT_DB_ALIAS)

    assert bodies() == [{"sha256": "a", "data": b"\x00", "struck_at": NOON, "struck_reason": ""}]


def test_a_conflict_is_refused_unless_the_caller_says_what_then(db):
    one = {"follower": "one", "serial": 1, "moved_at": NOON}
    insert(Cursor, [one], using=DEFAULT_DB_ALIAS)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Cursor, [one], using=DEFAULT_DB_ALIAS)
    insert(
        Cursor, [one, {**one, "follower": "two"}], using=DEFAULT_DB_ALIAS, on_conflict="DO NOTHING"
    )

    assert list(Cursor.objects.order_by("follower").values_list("follower", flat=True)) == [
        "one", "two"
    ]  # fmt: skip


def test_a_name_that_is_no_field_is_refused(db):
    with pytest.raises(KeyError, match="serail"):
        insert(Cursor, [{"follower": "one", "serail": 1}], using=DEFAULT_DB_ALIAS)


def test_no_rows_are_no_statement(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        insert(Cursor, [], using=DEFAULT_DB_ALIAS)
