"""Releases to and from NITF 3.6 (IPTC; SPECS section 3).

`docdata` says status, times, urgency, corrections and notes to desks; a kill is
`management-status="canceled"`, and from its second version on a document names in
`management-doc-idref` what it changes. `date.release` is the embargo's end. Section, topics,
people, places and organisations are `identified-content`; Media Topics `tobject.subject`. What NITF
has no place for is `meta` with a name that begins `dateline-`: kind and serial of the release,
number and translation key of the story, its source and what it was written anew from.

Not held: what ninjs does not hold either; markup within `sub` and `sup`; a list of nothing, a table
of nothing and a row of no cells; items of Wikidata that are none.
"""

from dateline.formats.dispatch import Dispatch
from dateline.formats.nitf.reading import dispatch_of
from dateline.formats.nitf.writing import nitf
from dateline.formats.publication import Publication
from dateline.formats.xml import parse, written
from dateline.items import BadDocument

CONTENT_TYPE = "application/nitf+xml"
SUFFIX = "xml"


def encode(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as NITF 3.6, UTF-8."""
    return written(nitf(dispatch, publication))


def decode(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The release in an NITF document. Raises BadDocument if these bytes are none or lack a time.

    With the publication, addresses on its site become paths again.
    """
    try:
        return dispatch_of(parse(data), publication)
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadDocument(f"This is not an NITF document of a story: {error}.") from error
