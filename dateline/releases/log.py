"""Adding to the release log, and reading it.

Serials come from a one-row head that `append()` advances inside the caller's transaction. The
head's lock is held until commit, so serials are in commit order and a rolled-back release leaves
no gap; an auto-increment id has neither property (docs/decisions/0002).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.utils import timezone

from dateline.errors import DatelineError
from dateline.items import Audience, Document, Kind, canonical, decode, digest, document_type
from dateline.releases import doorbell
from dateline.releases.models import Body, Head, Release
from dateline.rows import insert

LOG = DEFAULT_DB_ALIAS
"""The database alias of the log: the newsroom's own, so that both change in one transaction."""


class NotInTransaction(DatelineError):
    """`append()` was called outside a transaction, so story and row could part."""

    code = "not-in-transaction"


class AlreadyReleased(DatelineError):
    """Somebody released this version a moment ago. Open the story again to see it."""

    code = "already-released"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log with its body. `data` is None if the body was struck."""

    serial: int
    at: datetime
    kind: Kind
    audience: Audience
    document_type: str
    guid: str
    version: int
    data: bytes | None

    @property
    def document(self) -> Document | None:
        """The document, decoded at each call; None if its body was struck."""
        return None if self.data is None else decode(self.data)


@dataclass(frozen=True, slots=True)
class Addition:
    """What `append_many` adds: a document and how it is released."""

    document: Document
    kind: Kind
    audience: Audience = Audience.PUBLIC


def append(
    document: Document, *, kind: Kind, audience: Audience = Audience.PUBLIC, by: str = ""
) -> int:
    """Add one row to the log and return its serial.

    Call it last, inside the transaction that changes the story: the head row stays locked until
    commit, which keeps serials gap-free and in commit order. `by` is the user name of whoever
    released it. Raises NotInTransaction, and AlreadyReleased if this version of the document went
    to this audience before.
    """
    return append_many([Addition(document, kind, audience)], by=by)


def append_many(additions: Sequence[Addition], *, by: str = "") -> int:
    """Add several rows with consecutive serials and return the last one; as `append()` else."""
    if not _in_transaction():
        raise NotInTransaction(
            "A release must be part of the transaction that changes its story. "
            "Wrap both in transaction.atomic()."
        )
    bodies, rows = [], []
    now = timezone.now()
    for addition in additions:
        data = canonical(addition.document)
        sha256 = digest(data)
        bodies.append({"sha256": sha256, "data": data})
        rows.append(_row(addition, sha256, at=now, by=by))
    try:
        # A savepoint, so that the caller can still use its transaction to say what happened. The
        # head goes back with the rows: else a refused release would leave a gap.
        with transaction.atomic(using=LOG):
            last = _add(bodies, rows)
    except IntegrityError as error:
        raise AlreadyReleased(
            "This version was released a moment ago by someone else. "
            "Open the story again to see theirs, then make your change.",
            guid=rows[0]["guid"],
        ) from error
    doorbell.ring(connections[LOG])
    return last


def read(after: int, limit: int) -> list[Entry]:
    """Up to `limit` rows with a serial greater than `after`, in order, with their bodies."""
    rows = Release.objects.using(LOG).filter(serial__gt=after).order_by("serial")
    return [_entry(row) for row in rows.values_list(*_ENTRY)[:limit]]


_ENTRY = ("serial", "at", "kind", "audience", "document_type", "guid", "version", "body__data")


def _entry(row: tuple[Any, ...]) -> Entry:
    serial, at, kind, audience, type_, guid, version, data = row
    return Entry(
        serial, at, Kind(kind), Audience(audience), type_, guid, version,
        None if data is None else bytes(data),
    )  # fmt: skip


def find(guid: str, version: int) -> Entry:
    """The row that released this version of a document. Raises LookupError if there is none."""
    found = Release.objects.using(LOG).filter(guid=guid, version=version)
    for row in found.order_by("serial").values_list(*_ENTRY)[:1]:
        return _entry(row)
    raise LookupError(f"Version {version} of {guid} was never released")


def head() -> int:
    """The newest serial; 0 if nothing was ever released."""
    return Head.objects.using(LOG).values_list("serial", flat=True).get(pk=1)


def strike(sha256: str, *, reason: str) -> None:
    """Remove a body's bytes for ever, keeping its hash and the reason, as a court may order.

    It adds no row, so pages made from the body stay until a kill: kill the story first.
    """
    if not reason.strip():
        raise ValueError("Striking a body needs a reason")
    Body.objects.using(LOG).filter(sha256=sha256, data__isnull=False).update(
        data=None, struck_at=timezone.now(), struck_reason=reason
    )


def _in_transaction() -> bool:
    return connections[LOG].in_atomic_block


def _add(bodies: list[dict[str, Any]], rows: list[dict[str, Any]]) -> int:
    insert(Body, bodies, using=LOG, on_conflict="DO NOTHING")
    last = _advance_head(len(rows))
    first = last - len(rows) + 1
    numbered = [{"serial": serial, **row} for serial, row in enumerate(rows, first)]
    insert(Release, numbered, using=LOG)
    return last


def _row(addition: Addition, sha256: str, *, at: datetime, by: str) -> dict[str, Any]:
    document = addition.document
    return {
        "at": at,
        "kind": addition.kind,
        "audience": addition.audience,
        "document_type": document_type(document),
        "guid": document.guid,
        "version": document.version,
        "body_id": sha256,
        "by": by,
    }


def _advance_head(count: int) -> int:
    table = Head._meta.db_table
    with connections[LOG].cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET serial = serial + %s WHERE id = 1 RETURNING serial",  # noqa: S608
            [count],
        )
        return int(cursor.fetchone()[0])
