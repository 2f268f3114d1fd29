"""The follower that keeps the feed: one dispatch for each release that clients may ever see.

Whom a dispatch may reach is decided here, from the log alone, and stands in its row. Applying a
row twice puts the same dispatch in its place, so the feed can be made again beside its readers.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from dateline.items import Audience, Edition, Item, Kind, Status, canonical, decode
from dateline.releases.log import Entry
from dateline.rows import insert
from dateline.wire import deliveries
from dateline.wire.facts import terms_of
from dateline.wire.matching import hashed
from dateline.wire.models import WIRE, FeedRow, Masthead, Reach, Term

TAKEN_DOWN = (Kind.KILL, Kind.WITHHOLD)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the feed holds of a story from before."""

    serial: int
    version: int
    reach: str
    embargoed_until: datetime | None


class WireFeed:
    """Keeps the feed that every road to a client reads."""

    name = WIRE
    database = WIRE
    beside_what_people_keep = True

    def apply(self, batch: Sequence[Entry]) -> None:
        _note_mastheads(batch)
        entries = [entry for entry in batch if entry.document_type == "item"]
        if not entries:
            return
        histories = _histories({entry.guid for entry in entries}, before=entries[0].serial)
        rows: dict[int, dict[str, Any]] = {}
        for entry in entries:
            history = histories[entry.guid]
            last = _row_at(history[-1].serial, rows) if history else None
            if (row := _dispatch(entry, history, last)) is not None:
                rows[entry.serial] = row
                history.append(Earlier(*(row[name] for name in _EARLIER)))
        gone = [entry.serial for entry in entries if entry.serial not in rows]
        FeedRow.objects.using(WIRE).filter(serial__in=gone).delete()
        insert(FeedRow, list(rows.values()), using=WIRE, on_conflict=_REPLACING)
        terms = [
            {"term": term, "serial": serial}
            for serial, row in rows.items()
            for term in unpacked(row["terms"])
        ]
        insert(Term, terms, using=WIRE, on_conflict="DO NOTHING")
        deliveries.queue(rows.values())


def _note_mastheads(batch: Sequence[Entry]) -> None:
    for entry in batch:
        if entry.document_type == "edition" and isinstance(entry.document, Edition):
            Masthead.objects.using(WIRE).update_or_create(
                edition=entry.document.code, defaults={"title": entry.document.title}
            )


def reach_of(entry: Entry, item: Item, history: Sequence[Earlier]) -> Reach | None:
    """Whom this release may reach; None if all have this version already.

    Decided by the time of the row, so it is the same whenever the feed is made.
    """
    if entry.audience is Audience.PUBLIC:
        same = [each for each in history if each.version == entry.version]
        if any(each.reach == Reach.ALL for each in same):
            return None
        # Those who hold it know when its embargo ends, but not that it was lifted before.
        return Reach.REST if same and _as_said(entry, same) else Reach.ALL
    until = item.embargoed_until
    if until is not None and until > entry.at:
        return Reach.EARLY
    only_early = bool(history) and all(each.reach == Reach.EARLY for each in history)
    if entry.kind in TAKEN_DOWN and only_early:
        # Whoever never had the story must not learn of it by its kill.
        return Reach.EARLY
    return Reach.ALL


def _as_said(entry: Entry, same: Sequence[Earlier]) -> bool:
    return all(each.embargoed_until and each.embargoed_until <= entry.at for each in same)


def packed(terms: Sequence[int]) -> bytes:
    return array("q", terms).tobytes()


def unpacked(data: bytes) -> Sequence[int]:
    found = array("q")
    found.frombytes(bytes(data))
    return found


def _dispatch(
    entry: Entry, history: Sequence[Earlier], last: dict[str, Any] | None
) -> dict[str, Any] | None:
    item = _item_of(entry, last)
    if item is None or (reach := reach_of(entry, item, history)) is None:
        return None
    terms = {hashed(term) for term in terms_of(item)}
    if last is not None:
        terms |= set(unpacked(last["terms"]))
    return {
        "serial": entry.serial,
        "at": entry.at,
        "kind": entry.kind.value,
        "audience": entry.audience.value,
        "reach": reach.value,
        "guid": entry.guid,
        "version": entry.version,
        "embargoed_until": item.embargoed_until,
        "terms": packed(sorted(terms)),
        "data": canonical(item) if entry.data is None else entry.data,
    }


def _item_of(entry: Entry, last: dict[str, Any] | None) -> Item | None:
    """The item of a row. Of one whose body was struck: that what stood before is over."""
    document = entry.document
    if document is None and last is not None:
        before = decode(bytes(last["data"]))
        return _struck(before, entry) if isinstance(before, Item) else None
    return document if isinstance(document, Item) else None


def _struck(before: Item, entry: Entry) -> Item:
    return msgspec.structs.replace(
        before,
        version=entry.version,
        released_at=entry.at,
        status=Status.CANCELED,
        headline="",
        slugline="",
        summary="",
        body=(),
        picture=None,
        corrections=(),
        kill_reason="",
    )


_EARLIER = ("serial", "version", "reach", "embargoed_until")


def _histories(guids: set[str], *, before: int) -> dict[str, list[Earlier]]:
    """What is held from before a serial. Later rows are there when the feed is made again."""
    found: dict[str, list[Earlier]] = defaultdict(list)
    held = FeedRow.objects.using(WIRE).filter(guid__in=guids, serial__lt=before)
    rows = held.order_by("serial")
    for guid, *rest in rows.values_list("guid", *_EARLIER):
        found[guid].append(Earlier(*rest))
    return found


def _row_at(serial: int, rows: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """A dispatch of this batch or from before it."""
    if serial in rows:
        return rows[serial]
    return dict(FeedRow.objects.using(WIRE).values("terms", "data").get(serial=serial))


_REPLACING = "(serial) DO UPDATE SET " + ", ".join(
    f"{field.column} = excluded.{field.column}"
    for field in FeedRow._meta.concrete_fields
    if not field.primary_key
)
