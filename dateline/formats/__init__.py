"""Item to and from the trade's formats. Pure: bytes in, bytes out; no database, no network.

`FORMATS` is the table of how one release is written, `FEEDS` of how a list of stories is: what is
not in them is sent to nobody. Beside them, `jsonld` is part of each story's page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dateline.formats import atom, checking, mail, newsml, ninjs, nitf, rss, rtf, terminal
from dateline.formats.dispatch import Dispatch
from dateline.formats.ninjs import older
from dateline.formats.publication import Feed, Publication


@dataclass(frozen=True, slots=True)
class ItemFormat:
    """A format of one release. `decode` is there if the format can be read back.

    `faults` says in words what a document of it is not by its standard; nothing is sent that has
    any.
    """

    title: str
    content_type: str
    suffix: str
    encode: Callable[[Dispatch, Publication], bytes]
    decode: Callable[[bytes, Publication | None], Dispatch] | None
    faults: Callable[[bytes], list[str]]


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """A format of a list of stories."""

    title: str
    content_type: str
    suffix: str
    encode: Callable[[Feed, Publication], bytes]


FORMATS: dict[str, ItemFormat] = {
    "ninjs": ItemFormat(
        "ninjs 3.1", ninjs.CONTENT_TYPE, ninjs.SUFFIX, ninjs.encode, ninjs.decode, checking.ninjs
    ),
    "ninjs-2.2": ItemFormat(
        "ninjs 2.2", ninjs.CONTENT_TYPE, ninjs.SUFFIX, older.encode_2, older.decode_2,
        checking.ninjs_2,
    ),
    "ninjs-1.6": ItemFormat(
        "ninjs 1.6", ninjs.CONTENT_TYPE, ninjs.SUFFIX, older.encode_1, older.decode_1,
        checking.ninjs_1,
    ),
    "newsml-g2": ItemFormat(
        "NewsML-G2 2.35", newsml.CONTENT_TYPE, newsml.SUFFIX, newsml.encode, newsml.decode,
        checking.newsml,
    ),
    "nitf": ItemFormat(
        "NITF 3.6", nitf.CONTENT_TYPE, nitf.SUFFIX, nitf.encode, nitf.decode, checking.nitf
    ),
    "rss": ItemFormat(
        "RSS 2.0", rss.CONTENT_TYPE, rss.SUFFIX, rss.encode_one, rss.decode_one, checking.rss
    ),
    "atom": ItemFormat(
        "Atom", atom.CONTENT_TYPE, atom.SUFFIX, atom.encode_one, atom.decode_one, checking.atom
    ),
    "text": ItemFormat(
        "Text for terminals", terminal.CONTENT_TYPE, terminal.SUFFIX, terminal.encode, None,
        checking.terminal,
    ),
    "email": ItemFormat(
        "E-mail", mail.CONTENT_TYPE, mail.SUFFIX, mail.encode, None, checking.mail
    ),
    "rtf": ItemFormat("RTF", rtf.CONTENT_TYPE, rtf.SUFFIX, rtf.encode, None, checking.rtf),
}
"""Name of a format → how a release is written in it, read from it and checked."""

FEEDS: dict[str, FeedFormat] = {
    "rss": FeedFormat("RSS", rss.CONTENT_TYPE, rss.SUFFIX, rss.encode),
    "atom": FeedFormat("Atom", atom.CONTENT_TYPE, atom.SUFFIX, atom.encode),
}
"""Name of a feed's format, which is also how its address ends → how a list is written in it."""

__all__ = ["FEEDS", "FORMATS", "Dispatch", "FeedFormat", "ItemFormat", "faults"]


def faults(name: str, data: bytes) -> list[str]:
    """What is wrong with a document of that format, in words. Empty: it may leave."""
    return FORMATS[name].faults(data)
