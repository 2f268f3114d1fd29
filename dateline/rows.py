"""Many rows into one table, with no object made of each.

For what comes by the thousand: `bulk_create` makes a model object of every row and asks every
field of it for its value, which took half the time of a load. What a model keeps by `save()`,
`pre_save()` or signals is not kept here; the caller keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = Mapping[str, Any]
"""The values of a row by the names that a model object has them under: `headline`, `section_id`."""

_STORED_AS_GIVEN = frozenset(
    {
        "AutoField",
        "BigAutoField",
        "BigIntegerField",
        "BooleanField",
        "CharField",
        "FloatField",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "TextField",
    }
)
"""Kinds of field whose value every database takes as it is; others are asked how to store it."""


def insert(
    model: type[models.Model], rows: Sequence[Row], *, using: str, on_conflict: str = ""
) -> None:
    """Insert rows that name the same fields; every other field takes its default, one for all.

    `on_conflict` is what the statement says after ON CONFLICT. Raises IntegrityError as any insert
    does, and leaves the transaction to the caller.
    """
    if not rows:
        return
    connection = connections[using]
    names = list(rows[0])
    others = {field.attname: field for field in model._meta.concrete_fields}
    fields = [others.pop(name) for name in names]
    kept = [field for field in others.values() if not field.primary_key]
    store = _stores(connection)
    defaults = [store(field)(field.get_default()) for field in kept]
    stores = [
        (place, store(field))
        for place, field in enumerate(fields)
        if _kind(field) not in _STORED_AS_GIVEN
    ]
    conflict = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    # A statement for many rows, and not one many times: where a table has a trigger, SQLite keeps
    # for each statement what it would need to undo it, and looks through what the rest of the
    # savepoint keeps to find its end. With 300,000 releases that was a fifth of a load's time.
    most = connection.ops.bulk_batch_size([*fields, *kept], rows)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), most):
            some = rows[start : start + most]
            values = [_stored(row, names, stores) + defaults for row in some]
            statement = _statement(model, [*fields, *kept], connection, rows=len(some))
            cursor.execute(f"{statement}{conflict}", list(chain.from_iterable(values)))


Store = Callable[[Any], Any]
"""From a Python value to the one that the database is given."""


def _stored(row: Row, names: Sequence[str], stores: Sequence[tuple[int, Store]]) -> list[Any]:
    stored = [row[name] for name in names]
    for place, store in stores:
        stored[place] = store(stored[place])
    return stored


def _stores(connection: BaseDatabaseWrapper) -> Callable[["models.Field[Any, Any]"], Store]:
    """How to store the values of a field."""
    # Rows share many times: a story's three are one, and all rows of a batch are of one moment.
    time = lru_cache(maxsize=64)(connection.ops.adapt_datetimefield_value)

    def store(field: "models.Field[Any, Any]") -> Store:
        if _kind(field) == "DateTimeField":
            return time
        if _kind(field) == "JSONField":
            return _json
        return lambda value: field.get_db_prep_save(value, connection)

    return store


def _json(value: Any) -> str | None:
    """As text, which both databases take for their JSON: letters as letters, half the bytes that
    Django's encoder makes of Cyrillic ones."""
    return None if value is None else msgspec.json.encode(value).decode()


def _kind(field: "models.Field[Any, Any]") -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return str(field.get_internal_type())


def _statement(
    model: type[models.Model],
    fields: Sequence["models.Field[Any, Any]"],
    connection: BaseDatabaseWrapper,
    *,
    rows: int,
) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = ", ".join([f"({places})"] * rows)
    table = quoted(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES {values}"  # noqa: S608 - names of ours
