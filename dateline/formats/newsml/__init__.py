"""Releases to and from NewsML-G2 2.35, Power conformance (IPTC; SPECS section 2).

A kill is `stat:canceled`, a correction `sig:correction` with an `edNote`, an update `sig:update`;
the guid stays and the version grows. An embargoed item stays `stat:usable` and has `embargoed`.
The body is XHTML. A picture is a link of `irel:seeAlso` whose hints hold its words and its files
with their hashes; ids of such links are "lead", "illustration-1", … in the order of the body.

Media Topics are `medtop:` codes. Names of our own are URIs below `urn:x-dateline:`: as
`itemMetaExtProperty` the kind of the release, its serial, the story's number and translation key;
as type of a subject "section" and "topic"; as role of an `edNote` "correction" (its time in
`modified`), "kill" and "withhold". An `edNote` without such a role is the Item's own.

Not held exactly: what ninjs does not hold either; items of Wikidata that are none.
"""

from dateline.formats.dispatch import Dispatch
from dateline.formats.newsml.reading import dispatch_of
from dateline.formats.newsml.writing import news_item
from dateline.formats.publication import Publication
from dateline.formats.xml import parse, written
from dateline.items import BadDocument

CONTENT_TYPE = "application/vnd.iptc.g2.newsitem+xml"
SUFFIX = "xml"


def encode(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as a NewsML-G2 news item, UTF-8."""
    return written(news_item(dispatch, publication))


def decode(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The release in a NewsML-G2 news item, or in the first one of a news message.

    Raises BadDocument if these bytes are none or lack a time. With the publication, addresses on
    its site become paths again.
    """
    try:
        return dispatch_of(parse(data), publication)
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadDocument(f"This is not a NewsML-G2 document of a story: {error}.") from error
