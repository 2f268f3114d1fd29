"""Releases to and from ninjs (IPTC News in JSON; schemas `ninjs-schema_3.1.json` and its elders).

`encode` and `decode` are ninjs 3.1; `older` makes 2.2 and 1.6 from the same object, for clients
whose systems have not moved on. Most of an Item has a property of its own. What has none stands
where the schema leaves room:

- `altIds`: the story's number and translation key, the hash of each rendition, the serial of the
  release, and the guid if it is no URI; `uri` is then an address made from it;
- `profile`: the schema of the Item; `contentCreated`: the day of the dateline, at midnight UTC;
- `subjects` with `rel` "section" and "topic", their slugs in `literal`; with `rel` "about" the
  Media Topics, IPTC's URI of each in `uri` and its code in `literal`;
- `people`, `places` and `organisations` with `rel` "mentions": the entities, slugs in `literal`, in
  `uri` the item of Wikidata or else the entity's page;
- `infoSources`: the bylines with roles (`by` says the same in words);
- `renditions` of a picture: a crop has its shape before its name, `16:9 small`;
- `associations`: the lead picture (`rel` "lead"), pictures of the body and its galleries in order
  ("illustration"), corrections ("correction", the time in `versionCreated`), the source of a
  translation ("translatedFrom", the version that is followed), the older story that this one was
  written anew from ("evolvedFrom") and the version before this one ("previousVersion");
- `descriptions`: summary, the kind of the release ("kind"), reason of a kill or a withhold, a
  picture's alt text and caption, and the ednote itself when `edNote` must also tell of a kill, a
  withhold or a correction.

Not held exactly: which links were written as absolute addresses of the site itself (`decode` with
the publication makes all of them paths); characters in paths that no URI may have (they come back
percent-encoded); the order of a person and a place among each other; inline HTML in another than
the form `body.inline_html` gives; the address of an embed that is neither http nor https; an
embed's title equal to its address; an explicit empty paragraph mark-up in place of none.
"""

import msgspec

from dateline.formats.dispatch import Dispatch
from dateline.formats.ninjs.reading import dispatch_of
from dateline.formats.ninjs.shape import News
from dateline.formats.ninjs.writing import news_of
from dateline.formats.publication import Publication
from dateline.items import BadDocument

CONTENT_TYPE = "application/json"
SUFFIX = "json"

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(News)


def encode(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as ninjs 3.1, UTF-8."""
    return _encoder.encode(news_of(dispatch, publication))


def decode(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The release in ninjs 3.1. Raises BadDocument if these bytes are no ninjs or lack a time.

    With the publication, addresses on its site become paths again.
    """
    try:
        return dispatch_of(_decoder.decode(data), publication)
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
        raise BadDocument(f"This is not a ninjs 3.1 document of a story: {error}.") from error
