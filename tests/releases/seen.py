"""A follower that writes down what it saw: missing a row, or applying one twice, shows."""

from collections.abc import Callable, Sequence

from django.db import connections

from dateline.releases.log import Entry

DATABASE = "public"
TABLE = "tests_seen"


class Seen:
    """Notes each row in a table that would take it twice. `during` is called before each row."""

    name = "seen"
    database = DATABASE

    def __init__(self, *, during: Callable[[Entry], None] = lambda entry: None) -> None:
        self._during = during

    def apply(self, batch: Sequence[Entry]) -> None:
        with connections[DATABASE].cursor() as cursor:
            for entry in batch:
                self._during(entry)
                row = [entry.serial, entry.guid]
                cursor.execute(f"INSERT INTO {TABLE} (serial, guid) VALUES (%s, %s)", row)


def create() -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {TABLE} (place {_counting()}, serial bigint, guid varchar(255))"
        )


def drop() -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


def seen() -> list[tuple[int, str]]:
    """Serial and guid of each row applied, in the order of applying."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(f"SELECT serial, guid FROM {TABLE} ORDER BY place")
        return cursor.fetchall()


def _counting() -> str:
    if connections[DATABASE].vendor == "postgresql":
        return "bigserial PRIMARY KEY"
    return "integer PRIMARY KEY AUTOINCREMENT"
