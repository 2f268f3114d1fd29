"""A release as RTF 1.9, for desks that paste into a layout: any word processor opens it.

Written in seven bits; every other character is `\\uN?` in UTF-16 units (RTF 1.9.1, "Unicode RTF").
Headline, subheads, bold, italic, raised and lowered text, links, lists, tables and quotations keep
their form. `\\info` holds title, author, guid, version and kind.
"""

from collections.abc import Iterator

import lxml.html
from lxml import etree

from dateline.formats import terminal
from dateline.formats.body import inline_html
from dateline.formats.dispatch import HEADS, Dispatch, desk_note
from dateline.formats.lexical import rfc3339, uri, xml_text
from dateline.formats.publication import Publication
from dateline.items import (
    Block,
    Embed,
    GalleryBlock,
    List,
    Paragraph,
    Picture,
    PictureBlock,
    Quotation,
    Subhead,
    Table,
)

CONTENT_TYPE = "application/rtf"
SUFFIX = "rtf"

_HEAD = r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\froman Times New Roman;}}"
_TWIPS_WIDE = 9000
"""Width of a table: 6.25 inches, what a page of A4 and of Letter both have."""

_MARKS = {"b": r"\b", "strong": r"\b", "i": r"\i", "em": r"\i", "sub": r"\sub", "sup": r"\super"}


def encode(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as RTF."""
    lines = [_HEAD, _info(dispatch, publication), *_paragraphs(dispatch, publication), "}"]
    return "\n".join(lines).encode("ascii")


def _info(dispatch: Dispatch, publication: Publication) -> str:
    item = dispatch.item
    authors = _plain(", ".join(byline.name for byline in item.bylines))
    keywords = _plain(", ".join(subject.code for subject in item.subjects))
    facts = f"guid {item.guid} version {item.version} kind {dispatch.kind} status {item.status}"
    return (
        rf"{{\info{{\title {_plain(item.headline)}}}{{\subject {_plain(item.slugline)}}}"
        rf"{{\author {authors}}}{{\company {_plain(publication.name)}}}"
        rf"{{\keywords {keywords}}}{{\doccomm {_plain(facts)}}}}}"
    )


def _paragraphs(dispatch: Dispatch, publication: Publication) -> Iterator[str]:
    item, head = dispatch.item, HEADS[dispatch.kind]
    facts = f"{item.slugline}  version {item.version}  urgency {item.urgency}"
    yield _paragraph(_plain(f"{facts}  {rfc3339(item.released_at)}"), r"\fs18")
    if head:
        yield _paragraph(rf"{{\b {_plain(head)}}}", r"\fs28")
    if item.embargoed_until:
        yield _paragraph(rf"{{\b EMBARGO {_plain(rfc3339(item.embargoed_until))}}}", r"\fs22")
    if note := desk_note(item):
        yield _paragraph(_plain(note), r"\fs18")
    yield _paragraph(rf"{{\b {_plain(item.headline)}}}", r"\fs36\sb120")
    if item.bylines:
        names = (f"{each.name} ({each.role})" if each.role else each.name for each in item.bylines)
        yield _paragraph(_plain(", ".join(names)), r"\fs22")
    if item.dateline:
        yield _paragraph(_plain(f"{item.dateline.place}, {item.dateline.date.isoformat()}"))
    if item.summary:
        yield _paragraph(rf"{{\i {_plain(item.summary)}}}")
    if item.picture:
        yield _picture(item.picture, publication)
    for block in item.body:
        yield from _block(block, publication)
    lines = "\n".join(terminal.foot(dispatch, publication))
    yield _paragraph(_plain(lines), r"\fs18\sb240")


def _block(block: Block, publication: Publication) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _paragraph(_inline(block.html, publication))
        case Subhead():
            yield _paragraph(rf"{{\b {_plain(block.text)}}}", r"\fs28\sb120")
        case Quotation():
            source = ", ".join(filter(None, (block.speaker, block.office)))
            said = _plain(block.text) + (rf"\line \u8212? {_plain(source)}" if source else "")
            yield _paragraph(said, r"\li720\ri720\fs24")
        case List():
            for number, entry in enumerate(block.entries, 1):
                mark = f"{number}." if block.ordered else r"\bullet"
                words = _inline(entry, publication)
                yield _paragraph(rf"{mark}\tab {words}", r"\li360\fi-360\fs24")
        case Table():
            yield from _table(block)
        case PictureBlock():
            yield _picture(block.picture, publication)
        case GalleryBlock():
            if block.title:
                yield _paragraph(rf"{{\b {_plain(block.title)}}}")
            for picture in block.pictures:
                yield _picture(picture, publication)
        case Embed():
            yield _paragraph(_link(block.url, _plain(block.title or block.url)))


def _paragraph(text: str, form: str = r"\fs24") -> str:
    return rf"{{\pard\sa120{form} {text}\par}}"


def _picture(picture: Picture, publication: Publication) -> str:
    """Words and a link: a desk that lays out takes the file itself."""
    words = _plain(" / ".join(filter(None, (picture.caption or picture.alt, picture.credit))))
    if not picture.renditions:
        return _paragraph(words, r"\fs20")
    return _paragraph(_link(publication.url(picture.renditions[-1].href), words), r"\fs20")


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield _paragraph(rf"{{\b {_plain(table.caption)}}}")
    for number, row in enumerate(row for row in table.rows if row):
        bold = r"\b" if table.header and not number else ""
        ends = (rf"\cellx{_TWIPS_WIDE * place // len(row)}" for place in range(1, len(row) + 1))
        cells = (rf"\pard\intbl{{\fs22{bold} {_plain(cell)}}}\cell" for cell in row)
        yield rf"{{\trowd{''.join(ends)}{''.join(cells)}\row}}"


def _inline(markup: str, publication: Publication) -> str:
    clean = xml_text(inline_html(markup, publication))
    if "<" not in clean and "&" not in clean:
        return _plain(clean)
    root = lxml.html.fragment_fromstring(f"<div>{clean}</div>", create_parent="div")[0]
    return _within(root, publication)


def _within(element: etree._Element, publication: Publication) -> str:
    parts = [_plain(str(element.text or ""))]
    for child in element:
        parts += [_tagged(child, publication), _plain(str(child.tail or ""))]
    return "".join(parts)


def _tagged(element: etree._Element, publication: Publication) -> str:
    inside = _within(element, publication)
    if element.tag == "br":
        return r"\line "
    if element.tag == "a" and (href := element.get("href")):
        return _link(publication.url(href), inside)
    mark = _MARKS.get(str(element.tag))
    return rf"{{{mark} {inside}}}" if mark else inside


def _link(address: str, words: str) -> str:
    # Within a field's instruction a quotation mark ends the address, and a backslash begins a word.
    target = _plain(uri(address).replace('"', "%22").replace("\\", "%5C"))
    return rf'{{\field{{\*\fldinst HYPERLINK "{target}"}}{{\fldrslt {{\ul {words}}}}}}}'


def _plain(text: str) -> str:
    """Text with what RTF reads otherwise escaped, and all but ASCII as UTF-16 units."""
    return "".join(_ESCAPED.get(char) or (char if " " <= char <= "~" else _unicode(char))
                   for char in xml_text(text))


_ESCAPED = {"\\": r"\\", "{": r"\{", "}": r"\}", "\n": r"\line ", "\t": r"\tab ", "\r": " "}


def _unicode(char: str) -> str:
    units = char.encode("utf-16-le")
    pairs = (units[place : place + 2] for place in range(0, len(units), 2))
    return "".join(rf"\u{int.from_bytes(pair, 'little', signed=True)}?" for pair in pairs)
