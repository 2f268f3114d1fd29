"""Item to and from the trade's formats. Pure: bytes in, bytes out; no database, no network.

`FORMATS` is the table of all of them: what is not in it does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dateline.formats import atom, jsonld, ninjs, rss
from dateline.formats.publication import Feed, Publication
from dateline.items import Item


@dataclass(frozen=True, slots=True)
class ItemFormat:
    """A format of one story. `decode` is there if the format can be read back."""

    content_type: str
    suffix: str
    encode: Callable[[Item, Publication], bytes]
    decode: Callable[[bytes, Publication | None], Item] | None = None


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """A format of a list of stories."""

    content_type: str
    suffix: str
    encode: Callable[[Feed, Publication], bytes]


FORMATS: dict[str, ItemFormat | FeedFormat] = {
    "ninjs": ItemFormat(ninjs.CONTENT_TYPE, ninjs.SUFFIX, ninjs.encode, ninjs.decode),
    "jsonld": ItemFormat(jsonld.CONTENT_TYPE, jsonld.SUFFIX, jsonld.encode),
    "rss": FeedFormat(rss.CONTENT_TYPE, rss.SUFFIX, rss.encode),
    "atom": FeedFormat(atom.CONTENT_TYPE, atom.SUFFIX, atom.encode),
}
"""Name of a format → how it is written and, where that can be, read."""
