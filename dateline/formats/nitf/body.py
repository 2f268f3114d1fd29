"""Blocks as NITF's `body.content`."""

from collections.abc import Iterator

import lxml.html
from lxml import etree

from dateline.formats.body import INLINE_TAGS, inline_html
from dateline.formats.lexical import rfc3339, uri, xml_text
from dateline.formats.publication import Publication
from dateline.formats.xml import add
from dateline.items import (
    Block,
    Embed,
    GalleryBlock,
    List,
    Paragraph,
    Picture,
    PictureBlock,
    Quotation,
    Rendition,
    Subhead,
    Table,
)

_EMPHASIS = frozenset({"b", "strong", "i", "em"})
_RAISED = frozenset({"sub", "sup"})


def add_blocks(
    content: etree._Element, body: tuple[Block, ...], publication: Publication
) -> None:
    """The blocks as children of `body.content`. A list or a table of nothing is left out."""
    for block in body:
        _add_block(content, block, publication)


def _add_block(content: etree._Element, block: Block, publication: Publication) -> None:
    match block:
        case Paragraph():
            add_inline(add(content, "p"), block.html, publication)
        case Subhead():
            add(content, "hl2", block.text)
        case Quotation():
            _add_quotation(content, block)
        case List() if block.entries:
            listed = add(content, "ol" if block.ordered else "ul")
            for entry in block.entries:
                add_inline(add(listed, "li"), entry, publication)
        case Table() if any(block.rows):
            _add_table(content, block)
        case PictureBlock():
            add_picture(content, block.picture, publication, role="illustration")
        case GalleryBlock():
            gallery = add(content, "block", class_="gallery")
            if block.title:
                add(gallery, "hl2", block.title)
            for picture in block.pictures:
                add_picture(gallery, picture, publication, role="illustration")
        case Embed():
            link = add(add(content, "p", class_="embed"), "a", block.title or block.url)
            link.set("href", xml_text(block.url))
            link.set("title", xml_text(block.provider))


def _add_quotation(content: etree._Element, block: Quotation) -> None:
    quoted = add(content, "bq")
    add(add(quoted, "block"), "p", block.text)
    if block.speaker or block.office:
        credit = add(quoted, "credit")
        for name, text in (("person", block.speaker), ("function", block.office)):
            if text:
                add(credit, name, text)


def _add_table(content: etree._Element, block: Table) -> None:
    table = add(content, "table")
    if block.caption:
        add(table, "caption", block.caption)
    rows = [row for row in block.rows if row]
    # A row of no cells is none for the schema; without its header row a table has no header.
    header = block.header and bool(block.rows[0])
    if header:
        _add_row(add(table, "thead"), rows.pop(0), "th")
    for row in rows:
        _add_row(table, row, "td")


def _add_row(parent: etree._Element, row: tuple[str, ...], cell: str) -> None:
    line = add(parent, "tr")
    for text in row:
        add(line, cell, text)


def add_picture(
    content: etree._Element, picture: Picture, publication: Publication, *, role: str
) -> None:
    """A `media` element with a reference for each file; what else is known is its metadata."""
    media = add(content, "media", media__type="image", class_=role)
    for name, value in _facts(picture):
        if value:
            add(media, "media-metadata", name=name, value=value)
    for place, file in enumerate(picture.renditions):
        add(media, "media-metadata", name=f"size {place}", value=str(file.size_bytes))
        if file.sha256:
            add(media, "media-metadata", name=f"sha256 {place}", value=file.sha256)
        if file.use:
            add(media, "media-metadata", name=f"use {place}", value=file.use)
    for file in picture.renditions:
        _add_file(media, file, picture, publication)
    if not picture.renditions:
        add(media, "media-reference", alternate__text=picture.alt)
    if picture.caption:
        add(media, "media-caption", picture.caption)
    if picture.credit:
        add(media, "media-producer", picture.credit)


def _facts(picture: Picture) -> Iterator[tuple[str, str]]:
    yield "copyright-notice", picture.copyright_notice
    yield "usage-terms", picture.usage_terms
    yield "date-created", rfc3339(picture.created_at) if picture.created_at else ""
    yield "place", picture.place
    yield "digital-source-type", picture.source_type


def _add_file(
    media: etree._Element, file: Rendition, picture: Picture, publication: Publication
) -> None:
    add(
        media,
        "media-reference",
        source=uri(publication.url(file.href)),
        name=file.name,
        mime__type=file.content_type,
        alternate__text=picture.alt,
        height=str(file.height),
        width=str(file.width),
    )


def add_inline(parent: etree._Element, markup: str, publication: Publication) -> None:
    """Inline HTML as NITF has it: `em` with a class, `sub` and `sup` within `num`."""
    clean = xml_text(inline_html(markup, publication))
    if "<" not in clean and "&" not in clean:
        parent.text = clean or None
        return
    _copy(lxml.html.fragment_fromstring(f"<div>{clean}</div>", create_parent="div")[0], parent)


def _copy(source: etree._Element, target: etree._Element) -> None:
    target.text = xml_text(source.text or "") or None
    for child in source:
        if child.tag in INLINE_TAGS:
            _copy_tag(child, target).tail = xml_text(child.tail or "") or None


def _copy_tag(child: etree._Element, target: etree._Element) -> etree._Element:
    if child.tag in _RAISED:
        number = add(target, "num")
        add(number, child.tag, "".join(str(text) for text in child.itertext()))
        return number
    if child.tag in _EMPHASIS:
        copied = add(target, "em", class_=child.tag)
    else:
        copied = add(target, child.tag, href=child.get("href"))
    if child.tag != "br":
        _copy(child, copied)
    return copied
