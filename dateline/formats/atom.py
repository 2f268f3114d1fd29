"""A list of Items as an Atom feed: RFC 4287, with RFC 6721 for stories that were killed.

An entry's id is the guid, its `updated` the time of this version (section 4.2.15), its content
HTML in text (section 4.1.3.3). `at:deleted-entry` (RFC 6721, section 3) comes before the entries,
as the schema of RFC 4287 wants it of extensions.
"""

from lxml import etree

from dateline.addresses import entity_path, section_path, topic_path
from dateline.formats.body import content_html
from dateline.formats.dispatch import Dispatch
from dateline.formats.feed_release import (
    add_release,
    dispatch_in,
    entries_of,
    feed_of,
    has_lead,
    summary_of,
    title_of,
    with_content,
)
from dateline.formats.lexical import language_tag, rfc3339, uri, xml_text
from dateline.formats.publication import Feed, Publication
from dateline.formats.xml import parse
from dateline.items import BadDocument, EntityRef, Item, Ref
from dateline.vocabulary import ALIAS, SCHEME

CONTENT_TYPE = "application/atom+xml"
SUFFIX = "atom"

_ATOM = "http://www.w3.org/2005/Atom"
_DELETED = "http://purl.org/atompub/tombstones/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = {None: _ATOM, "at": _DELETED}


def encode(feed: Feed, publication: Publication) -> bytes:
    """The list as an Atom feed. What is withheld or killed is no entry."""
    # lxml takes None for the default namespace; its stubs do not know.
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)  # type: ignore[arg-type]
    _head(root, feed, publication)
    for guid, gone_at in feed.gone:
        etree.SubElement(
            root, f"{{{_DELETED}}}deleted-entry", ref=xml_text(guid), when=rfc3339(gone_at)
        )
    for item, dispatch in entries_of(feed):
        _entry(root, item, publication, dispatch)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def encode_one(dispatch: Dispatch, publication: Publication) -> bytes:
    """A feed of one release, for a client."""
    return encode(feed_of(dispatch, publication), publication)


def decode(data: bytes, publication: Publication | None = None) -> tuple[Dispatch, ...]:
    """The releases in a client's feed, in its order. Raises BadDocument if there are none in it.

    Of a picture a feed holds one file. Other agencies' feeds have no releases: `ingest` reads them.
    """
    try:
        root = parse(data)
        found = tuple(_read(entry, publication) for entry in root.iter(f"{{{_ATOM}}}entry"))
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadDocument(f"This is not an Atom feed of a client: {error}.") from error
    return found


def decode_one(data: bytes, publication: Publication | None = None) -> Dispatch:
    """The first release in a client's feed. Raises BadDocument if there is none."""
    found = decode(data, publication)
    if not found:
        raise BadDocument("This is not an Atom feed of a client: it has no entry.")
    return found[0]


def _read(entry: etree._Element, publication: Publication | None) -> Dispatch:
    dispatch = dispatch_in(entry)
    if dispatch is None:
        raise ValueError("an entry says nothing of its release")
    markup = entry.findtext(f"{{{_ATOM}}}content") or ""
    return with_content(dispatch, markup, publication, lead=has_lead(entry))


def _head(root: etree._Element, feed: Feed, publication: Publication) -> None:
    address = uri(publication.url(feed.feed_path))
    _speak(root, feed.language)
    # The feed's own address names it: it has no other name, and it does not change.
    _add(root, "id", address)
    _add(root, "title", feed.title)
    if feed.description:
        _add(root, "subtitle", feed.description)
    _add(root, "updated", rfc3339(feed.updated_at))
    _author(root, publication.name)
    _add(root, "link", rel="self", type=CONTENT_TYPE, href=address)
    page = uri(publication.url(feed.page_path))
    _add(root, "link", rel="alternate", type="text/html", href=page)


def _entry(
    root: etree._Element, item: Item, publication: Publication, dispatch: Dispatch | None
) -> None:
    entry = _add(root, "entry")
    _speak(entry, item.edition)
    _add(entry, "id", item.guid)
    _add(entry, "title", title_of(item, dispatch))
    _add(entry, "updated", rfc3339(item.released_at))
    _add(entry, "published", rfc3339(item.first_released_at))
    address = uri(publication.item_url(item))
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    for byline in item.bylines:
        _author(entry, byline.name)
    _categories(entry, item, publication)
    if summary := summary_of(item, dispatch):
        _add(entry, "summary", summary)
    if content := content_html(item, publication):
        _add(entry, "content", content, type="html")
    if dispatch:
        add_release(entry, dispatch, publication)


def _categories(entry: etree._Element, item: Item, publication: Publication) -> None:
    _category(entry, item.section, section_path(item.edition, ""), publication)
    for topic in item.topics:
        _category(entry, topic, topic_path(item.edition, ""), publication)
    for entity in item.entities:
        _category(entry, entity, entity_path(item.edition, entity.kind, ""), publication)
    for subject in item.subjects:
        code = subject.code.removeprefix(f"{ALIAS}:")
        _add(entry, "category", term=code, scheme=SCHEME, label=subject.name)


def _category(
    entry: etree._Element, ref: Ref | EntityRef, scheme: str, publication: Publication
) -> None:
    # The scheme ends in one slash, so that scheme and term together are the list's address.
    address = uri(publication.url(scheme.rstrip("/") + "/"))
    _add(entry, "category", term=ref.slug, scheme=address, label=ref.name)


def _author(parent: etree._Element, name: str) -> None:
    _add(_add(parent, "author"), "name", name)


def _speak(element: etree._Element, language: str) -> None:
    if tag := language_tag(language):
        element.set(_LANG, tag)


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    clean = {name: xml_text(value) for name, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{_ATOM}}}{tag}", clean)
    element.text = xml_text(text) or None
    return element
