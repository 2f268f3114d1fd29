"""Hypothesis strategies for every document that leaves the newsroom.

`items()` are as the newsroom makes them: inline HTML in its one form, addresses that are
addresses. `wild_items()` hold any text in any place, for tests that nothing breaks.
"""

from datetime import date, datetime, timedelta, timezone
from html import escape

from hypothesis import strategies as st

from dateline.formats.dispatch import Dispatch
from dateline.formats.publication import Feed, Publication
from dateline.items import (
    Byline,
    Correction,
    Document,
    Edition,
    Embed,
    Entity,
    EntityKind,
    EntityRef,
    Former,
    GalleryBlock,
    Item,
    Kind,
    List,
    Page,
    Paragraph,
    Picks,
    Picture,
    PictureBlock,
    Place,
    Quotation,
    Ref,
    Rendition,
    Section,
    Source,
    Status,
    Subhead,
    Subject,
    Table,
    Topic,
)
from dateline.vocabulary.source_types import IN_USE, uri_of

PUBLICATION = Publication(
    base_url="https://news.example", name="Meridian & Sons", logo_path="/static/logo.png"
)

raw_text = st.text(alphabet=st.characters(), max_size=30)
"""Any text at all: controls, lone surrogates, marks that compose, what no XML may hold."""

markup_text = st.sampled_from(
    ["<b>", "&amp;", "]]>", "</script>", "<!--", "a & b", "'\"", "&#13;", "x < y > z", "\r\n", "ї"]
)
text = raw_text | markup_text
words = st.text(
    alphabet=st.sampled_from("abcdeіїєґщAZ019 .,&<>\"'\u0301\u00a0\u2028\r\n\t😀"), max_size=24
)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
languages = st.sampled_from(["en", "uk", "pt-BR", "zh-Hant"])
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(
    min_value=datetime(1900, 1, 2),
    max_value=datetime(9998, 12, 30),
    timezones=zones,
)
days = st.dates(min_value=date(1900, 1, 1))
paths = st.builds("/media/{}.{}".format, slugs, st.sampled_from(["jpg", "webp"]))
web_addresses = st.builds("https://{}.example/{}".format, slugs, slugs)
guids = st.uuids().map(lambda each: each.urn)
sizes = st.integers(1, 10_000)


@st.composite
def inline_html(draw: st.DrawFn, depth: int = 2) -> str:
    """Inline HTML as a cleaner leaves it: well nested, the text escaped as HTML itself does."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        tag = draw(st.sampled_from(["", "", "b", "i", "em", "strong", "sub", "sup", "a", "br"]))
        inner = draw(words).replace("\r", "")
        inner = escape(inner, quote=False).replace("\u00a0", "&nbsp;")
        # A combining mark after a tag would join its bracket when the text is normalised.
        inner = inner.lstrip("\u0301")
        if tag == "br":
            parts.append("<br>")
        elif tag == "a":
            parts.append(f'<a href="{draw(web_addresses | paths)}">{inner}</a>')
        elif tag:
            # Formatting tags within each other are left alone only when they differ.
            nested = draw(inline_html(depth - 1)) if depth and tag == "em" else ""
            nested = nested if "<em>" not in nested else ""
            parts.append(f"<{tag}>{inner}{nested}</{tag}>")
        else:
            parts.append(inner)
    return "".join(parts)


def _pictures(text, href, source_type):
    renditions = st.builds(
        Rendition,
        name=text,
        href=href,
        content_type=st.sampled_from(["image/avif", "image/webp", "image/jpeg"]),
        width=sizes,
        height=sizes,
        size_bytes=sizes,
        sha256=st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex),
        use=st.sampled_from(["", "", "16:9", "3:2", "1:1"]),
    )
    return st.builds(
        Picture,
        alt=text,
        caption=text,
        credit=text,
        renditions=st.lists(renditions, max_size=3).map(tuple),
        copyright_notice=text,
        usage_terms=text,
        created_at=st.none() | times,
        place=text,
        source_type=source_type,
    )


source_types = st.just("") | st.sampled_from(IN_USE).map(uri_of)


def _blocks(text, html, href, url, source_type=source_types):
    rows = st.lists(st.lists(text, max_size=3).map(tuple), max_size=3).map(tuple)
    pictures = _pictures(text, href, source_type)
    return st.one_of(
        st.builds(Paragraph, html=html),
        st.builds(Subhead, text=text),
        st.builds(Quotation, text=text, speaker=text, office=text),
        st.builds(List, entries=st.lists(html, max_size=3).map(tuple), ordered=st.booleans()),
        st.builds(Table, rows=rows, caption=text, header=st.booleans()),
        st.builds(PictureBlock, picture=pictures),
        st.builds(GalleryBlock, pictures=st.lists(pictures, max_size=2).map(tuple), title=text),
        st.builds(Embed, url=url, title=text, provider=text),
    )


wikidata = st.just("") | st.integers(1, 10**9).map("Q{}".format)
media_topics = st.integers(0, 99_999_999).map("medtop:{:08}".format)
_ORDER = [*EntityKind]


def _entities(text, slug, wikidata):
    """As stories name them: people first, then places, then organisations."""
    refs = st.builds(
        EntityRef, kind=st.sampled_from(EntityKind), slug=slug, name=text, wikidata=wikidata
    )
    return st.lists(refs, max_size=3).map(_by_kind)


def _by_kind(entities):
    return tuple(sorted(entities, key=lambda each: _ORDER.index(each.kind)))


def _items(
    *, text, html, slug, href, url, guid, language,
    wikidata=wikidata, code=media_topics, source_type=source_types,
):
    refs = st.builds(Ref, slug=slug, name=text)
    return st.builds(
        Item,
        guid=guid,
        number=st.integers(1, 2**53),
        version=st.integers(1, 10_000),
        edition=language,
        section=refs,
        headline=text,
        first_released_at=times,
        released_at=times,
        translation_key=text,
        source=st.none()
        | st.builds(
            Source, guid=guid, number=st.integers(0, 10**9), version=st.integers(1, 10_000),
            released_at=times,
        ),
        slugline=text,
        summary=text,
        dateline=st.none() | st.builds(Place, place=text, date=days),
        bylines=st.lists(st.builds(Byline, name=text, role=text), max_size=2).map(tuple),
        body=st.lists(_blocks(text, html, href, url, source_type), max_size=4).map(tuple),
        topics=st.lists(refs, max_size=3).map(tuple),
        urgency=st.integers(1, 9),
        genre=text,
        ednote=text,
        picture=st.none() | _pictures(text, href, source_type),
        corrections=st.lists(st.builds(Correction, at=times, note=text), max_size=2).map(tuple),
        status=st.sampled_from(Status),
        kill_reason=text,
        withhold_reason=text,
        evolved_from=st.none()
        | st.builds(Former, guid=guid, number=st.integers(1, 2**53), headline=text),
        subjects=st.lists(st.builds(Subject, code=code, name=text), max_size=2).map(tuple),
        entities=_entities(text, slug, wikidata),
        embargoed_until=st.none() | times,
    )


def pictures() -> st.SearchStrategy[Picture]:
    return _pictures(words, paths, source_types)


def blocks():
    return _blocks(words, inline_html(), paths, web_addresses)


def items() -> st.SearchStrategy[Item]:
    """Stories as the newsroom releases them."""
    return _items(
        text=words,
        html=inline_html(),
        slug=slugs,
        href=paths,
        url=web_addresses,
        guid=guids,
        language=languages,
    )


def wild_items() -> st.SearchStrategy[Item]:
    """Stories with any text anywhere, addresses and languages included."""
    return _items(
        text=text,
        html=text,
        slug=text,
        href=text,
        url=text,
        guid=text,
        language=text,
        wikidata=text | wikidata,
        code=text | media_topics,
        source_type=text | source_types,
    )


def documents() -> st.SearchStrategy[Document]:
    """Every kind of document, with any text."""
    named = {"guid": text, "version": st.integers(1, 10_000), "edition": text}
    status = st.sampled_from(Status)
    order = st.integers(-1000, 1000)
    return st.one_of(
        wild_items(),
        st.builds(
            Edition,
            guid=text,
            version=st.integers(1, 10_000),
            code=text,
            name=text,
            title=text,
            strapline=text,
            order=order,
            status=status,
        ),
        st.builds(
            Section, **named, slug=text, name=text, description=text, order=order, status=status
        ),
        st.builds(
            Topic,
            **named,
            slug=text,
            name=text,
            description=text,
            merged_into=text,
            status=status,
        ),
        st.builds(
            Entity,
            **named,
            kind=st.sampled_from(EntityKind),
            slug=text,
            name=text,
            description=text,
            wikidata=text,
            translation_key=text,
            status=status,
        ),
        st.builds(
            Picks,
            **named,
            place=text,
            numbers=st.lists(st.integers(0, 2**53), max_size=4).map(tuple),
            status=status,
        ),
        st.builds(
            Page,
            **named,
            slug=text,
            title=text,
            body=st.lists(_blocks(text, text, text, text), max_size=3).map(tuple),
            order=order,
            status=status,
        ),
    )


def feeds(stories: st.SearchStrategy[Item] | None = None) -> st.SearchStrategy[Feed]:
    """Lists of stories, empty ones too, with any text around them."""
    return st.builds(
        Feed,
        title=text,
        description=text,
        language=languages | text,
        page_path=text.map("/en/{}".format),
        feed_path=text.map("/en/{}".format),
        items=st.lists(stories or wild_items(), max_size=3).map(tuple),
        updated_at=times,
        gone=st.lists(st.tuples(guids | text, times), max_size=2).map(tuple),
    )


def dispatches(stories: st.SearchStrategy[Item] | None = None) -> st.SearchStrategy[Dispatch]:
    """Stories as a release of any kind sends them."""
    return st.builds(
        Dispatch,
        item=items() if stories is None else stories,
        kind=st.sampled_from(Kind),
        serial=st.integers(0, 2**53),
    )
