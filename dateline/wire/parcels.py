"""A delivery made ready to be sent: its document by the client's rights, checked, and named.

Whether it is still the client's is asked again here, when it is sent: rights may have been taken
away since it was queued.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.formats import FORMATS
from dateline.wire import cursors, pictures, writing
from dateline.wire.deliveries import Delivery, State, earlier_rows
from dateline.wire.destinations import Destination, RoadKind
from dateline.wire.models import WIRE, FeedRow
from dateline.wire.pages import Sent
from dateline.wire.roads.parcel import Parcel
from dateline.wire.sight import COLUMNS, Right, Row
from dateline.wire.targets import Target

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class NotSent:
    """A delivery that is not sent: held back, or passed over, and why."""

    state: State
    why: str


def made(
    delivery: Delivery,
    destination: Destination,
    target: Target | None,
    *,
    now: datetime,
    titles: Mapping[str, str],
) -> Parcel | NotSent:
    """What is sent for a delivery, or why nothing is."""
    values = FeedRow.objects.using(WIRE).filter(serial=delivery.serial).values_list(*COLUMNS)
    row = next((Row.of(*each) for each in values), None)
    if row is None:
        return NotSent(State.PASSED, "The release is no longer in the feed.")
    seeing = _seeing(delivery, target, row, now)
    if not seeing:
        return NotSent(State.PASSED, "It is not in this client's products any more.")
    without = [right.name for right in seeing if destination.format not in right.formats]
    if without:
        return NotSent(
            State.HELD,
            f"{', '.join(without)}: this product does not come as {destination.format}.",
        )
    return _written(delivery, destination, Sent(row, tuple(seeing)), now, titles)


def message_id(destination: int, serial: int) -> str:
    """The id of one release at one destination: the same at each try, and of no other."""
    return "msg_" + hashlib.sha256(f"{destination}:{serial}".encode()).hexdigest()[:32]


def _seeing(
    delivery: Delivery, target: Target | None, row: Row, now: datetime
) -> list[Right]:
    if target is None:
        return []
    # How far back a product reaches is about what is asked for later; this was queued in time.
    at = min(now, row.at)
    story = Delivery.objects.using(WIRE).filter(
        destination=delivery.destination_id, guid=row.guid, serial__lt=row.serial, state=State.SENT
    )
    earlier = earlier_rows(row)
    has_story = bool(earlier) and story.exists()
    return target.entitled(row, earlier, has_story=has_story, now=at)


def _written(
    delivery: Delivery,
    destination: Destination,
    sent: Sent,
    now: datetime,
    titles: Mapping[str, str],
) -> Parcel | NotSent:
    row, found = sent.row, FORMATS[destination.format]
    with_pictures = any(right.pictures for right in sent.rights)
    document, faults = writing.document_of(
        row.data, row.kind, row.serial, destination.format, with_pictures,
        titles.get(row.item.edition, ""),
    )  # fmt: skip
    if faults:
        return NotSent(State.HELD, f"Not by its standard: {' '.join(faults)}")
    body, content_type = document, found.content_type
    if destination.road == RoadKind.HTTP:
        body, content_type = _event(sent, destination, now, titles), JSON
    else:
        body = pictures.signed(document, client=destination.client_id, now=now)
    return Parcel(
        delivery=delivery.pk,
        message_id=message_id(destination.pk, row.serial),
        guid=row.guid,
        version=row.version,
        serial=row.serial,
        kind=row.kind.value,
        at=row.at,
        headline=row.item.headline,
        format=destination.format,
        content_type=content_type,
        body=body,
        names=_names(row, found.suffix),
    )


def _event(
    sent: Sent, destination: Destination, now: datetime, titles: Mapping[str, str]
) -> bytes:
    """The body as Standard Webhooks has it: a type, a time, and as data what the API gives."""
    envelope: Any = writing.envelope(
        sent,
        cursor=cursors.write({0: sent.row.serial}),
        format_name=destination.format,
        client=destination.client_id,
        now=now,
        titles=dict(titles),
    )
    kind = f"item.{sent.row.kind.value}"
    return writing.encoded({"type": kind, "timestamp": sent.row.at, "data": envelope})


def _names(row: Row, suffix: str) -> dict[str, str]:
    item = row.item
    return {
        "date": f"{row.at:%Y%m%d}",
        "time": f"{row.at:%H%M%S}",
        "serial": str(row.serial),
        "number": str(item.number),
        "version": str(row.version),
        "kind": row.kind.value,
        "edition": item.edition,
        "section": item.section.slug,
        "urgency": str(item.urgency),
        "guid": row.guid,
        "suffix": suffix,
    }
