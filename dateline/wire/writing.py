"""A dispatch as a client's machine gets it: in a format, by the client's rights, in an envelope.

What a format makes is checked by its standard before it leaves. A document with faults is not sent:
its envelope says so in its place, so that nobody takes a gap for silence.
"""

import base64
import logging
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings
from msgspec import Struct

from dateline.formats import FORMATS, Dispatch
from dateline.formats.publication import Publication
from dateline.items import GalleryBlock, Item, Kind, PictureBlock
from dateline.wire import pictures
from dateline.wire.models import WIRE, Masthead
from dateline.wire.pages import Sent
from dateline.wire.problems import WireError
from dateline.wire.sight import facts_in

logger = logging.getLogger(__name__)

DEFAULT_FORMAT = "ninjs"


class UnknownFormat(WireError):
    """No format has this name."""

    code = "unknown-format"
    title = "There is no such format"
    status = 400


class Envelope(Struct, frozen=True, kw_only=True):
    """What stands around each item. `item` is the document, and `encoding` how it stands there:
    `json` as it is, `text`, or `base64` where a format is no text."""

    cursor: str
    guid: str
    version: int
    kind: Kind
    at: datetime
    embargoed_until: datetime | None
    products: tuple[str, ...]
    ai_use: bool
    format: str
    encoding: str
    item: msgspec.Raw | str | None
    faults: tuple[str, ...] = ()


_encoder = msgspec.json.Encoder()


def ensure_known(name: str) -> None:
    """Raises UnknownFormat."""
    if name not in FORMATS:
        raise UnknownFormat(f"There is no format “{name}”. There are: {', '.join(FORMATS)}.")


def envelope(
    sent: Sent, *, cursor: str, format_name: str, client: int, now: datetime, titles: dict[str, str]
) -> Envelope:
    """The dispatch for a client; `titles` are those of the editions."""
    row = sent.row
    title = titles.get(row.item.edition, "")
    document, faults = document_of(
        row.data,
        row.kind,
        row.serial,
        format_name,
        any(right.pictures for right in sent.rights),
        title,
    )
    signed = pictures.signed(document, client=client, now=now)
    encoding, item = _embedded(signed, format_name)
    return Envelope(
        cursor=cursor,
        guid=row.guid,
        version=row.version,
        kind=row.kind,
        at=row.at,
        embargoed_until=row.embargoed_until,
        products=tuple(right.slug for right in sent.rights),
        ai_use=any(right.ai_use for right in sent.rights),
        format=format_name,
        encoding=encoding,
        item=None if faults else item,
        faults=faults,
    )


def encoded(value: Any) -> bytes:
    return _encoder.encode(value)


@lru_cache(maxsize=1_000)
def document_of(
    data: bytes, kind: Kind, serial: int, format_name: str, with_pictures: bool, title: str
) -> tuple[bytes, tuple[str, ...]]:
    """The document in a format, and its faults. The newest are kept, as all clients get them."""
    item = facts_in(data).item
    found = FORMATS[format_name]
    dispatch = Dispatch(item if with_pictures else without_pictures(item), kind, serial)
    document = found.encode(dispatch, Publication(settings.BASE_URL, title or "Dateline"))
    faults = tuple(found.faults(document))
    if faults:
        logger.error("Release %d is held from clients as %s: %s", serial, format_name, faults[0])
    return document, faults


def without_pictures(item: Item) -> Item:
    """The item for those whose products have none."""
    shown = (PictureBlock, GalleryBlock)
    body = tuple(block for block in item.body if not isinstance(block, shown))
    return msgspec.structs.replace(item, picture=None, body=body)


def titles() -> dict[str, str]:
    """The titles of the editions, by code."""
    return dict(Masthead.objects.using(WIRE).values_list("edition", "title"))


def _embedded(document: bytes, format_name: str) -> tuple[str, msgspec.Raw | str]:
    if FORMATS[format_name].content_type.startswith("application/json"):
        return "json", msgspec.Raw(document)
    try:
        return "text", document.decode()
    except UnicodeDecodeError:
        return "base64", base64.b64encode(document).decode()
