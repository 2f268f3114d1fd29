"""The blocks of a story as HTML and as plain text, and HTML read back into the same blocks.

The HTML is semantic and bare: `p`, `h2`, `blockquote` with `footer` and `cite`, `ul`, `ol`,
`table`, `figure`, for a gallery a `div` with `data-gallery`, which has its title, and for an embed
a paragraph with `data-embed`, which names the provider. Inline HTML is cleaned to the subset that
`items.Paragraph` names, so nothing else gets out, whatever wrote the Item. Read back with
lxml.html: no network, no entities of a document's own.
"""

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import lxml.html
import nh3
from lxml import etree

from dateline.formats.lexical import rfc3339, xml_text
from dateline.formats.publication import Publication
from dateline.items import (
    Block,
    Embed,
    GalleryBlock,
    Item,
    List,
    Paragraph,
    Picture,
    PictureBlock,
    Quotation,
    Rendition,
    Subhead,
    Table,
)

INLINE_TAGS = frozenset({"a", "b", "strong", "i", "em", "br", "sub", "sup"})
"""What a sentence may contain: the subset that `items.Paragraph` names."""

_MARKUP = re.compile(r"[<>&\r\0\xa0]")
"""What HTML reads or writes in another way than as it stands. Most paragraphs have none of it."""

_DROPPED_WHOLE = {"script", "style"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TYPES = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "webp": "webp", "avif": "avif"}


def blocks_html(body: tuple[Block, ...], publication: Publication) -> str:
    """The body as HTML, block after block. Addresses on the site are made absolute."""
    return "\n".join(_block_html(block, publication) for block in body)


def content_html(item: Item, publication: Publication) -> str:
    """All that a reader of a feed should see: lead picture, corrections, body."""
    parts = [_figure(item.picture, publication)] if item.picture else []
    parts += [
        f'<aside><p><time datetime="{rfc3339(correction.at)}">'
        f"{correction.at:%Y-%m-%d %H:%M} UTC</time> {_escaped(correction.note)}</p></aside>"
        for correction in item.corrections
    ]
    return "\n".join(part for part in [*parts, blocks_html(item.body, publication)] if part)


def blocks_text(body: tuple[Block, ...]) -> str:
    """The body as plain text, blocks parted by an empty line. Pictures are left out."""
    return "\n\n".join(text for block in body if (text := _block_text(block)))


def block_words(block: Block) -> tuple[str, ...]:
    """The text that a reader reads in a block: no addresses, list marks or picture captions."""
    match block:
        case Paragraph():
            return (inline_text(block.html),)
        case Subhead():
            return (block.text,)
        case Quotation():
            return (block.text, block.speaker, block.office)
        case List():
            return tuple(inline_text(entry) for entry in block.entries)
        case Table():
            return (block.caption, *(cell for row in block.rows for cell in row))
        case Embed():
            return (block.title,)
        case GalleryBlock():
            return (block.title,)
        case PictureBlock():
            return ()


def blocks_of(markup: str, publication: Publication | None = None) -> tuple[Block, ...]:
    """The blocks in HTML: what `blocks_html` wrote, or near to it.

    With the publication, absolute addresses on its site become paths again. Of a picture HTML
    holds one file, without size and hash; a format that knows more puts it in afterwards.
    """
    base = publication.base_url if publication else None
    # The parser wants one root, and takes text that begins with a tag for a whole document.
    root = lxml.html.fragment_fromstring(f"<div>{xml_text(markup)}</div>", create_parent="div")
    return tuple(_blocks_in(root, base))


def inline_html(markup: str, publication: Publication | None = None) -> str:
    """Inline HTML of the allowed subset, in the one form the HTML standard gives it."""
    return _cleaned(markup, publication.base_url if publication else None)


def inline_text(markup: str) -> str:
    """Inline HTML as plain text; a line break stays one."""
    if not _MARKUP.search(markup):
        return markup
    broken = re.sub(r"<br\s*/?>", "\n", markup)
    return html.unescape(nh3.clean(broken, tags=set(), clean_content_tags=_DROPPED_WHOLE))


def _cleaned(markup: str, base_url: str | None, *, to_paths: bool = False) -> str:
    if not _MARKUP.search(markup):
        return markup
    # A carriage return that was written as a character reference would be lost the next time.
    return _cleaner(base_url, to_paths).clean(markup).replace("\r", "\n")


@lru_cache(maxsize=16)
def _cleaner(base_url: str | None, to_paths: bool) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(INLINE_TAGS),
        clean_content_tags=_DROPPED_WHOLE,
        attributes={"a": {"href"}},
        attribute_filter=_only_hrefs(base_url, to_paths),
        link_rel=None,
        url_schemes=_SCHEMES,
    )


def _only_hrefs(base_url: str | None, to_paths: bool) -> Callable[[str, str, str], str | None]:
    def filtered(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("a", "href"):
            return None
        return _path(value, base_url) if to_paths else _absolute(value, base_url)

    return filtered


def _absolute(address: str, base_url: str | None) -> str:
    on_the_site = address.startswith("/") and not address.startswith("//")
    return base_url + address if base_url and on_the_site else address


def _path(address: str, base_url: str | None) -> str:
    on_the_site = base_url and address.startswith(base_url + "/")
    return address[len(base_url) :] if base_url and on_the_site else address


def _escaped(text: str) -> str:
    # A bare carriage return would come back as a line feed (HTML standard, 13.2.3.5).
    return html.escape(text).replace("\r", "&#13;")


# Blocks to HTML and text


def _block_html(block: Block, publication: Publication) -> str:
    match block:
        case Paragraph():
            return f"<p>{inline_html(block.html, publication)}</p>"
        case Subhead():
            return f"<h2>{_escaped(block.text)}</h2>"
        case Quotation():
            return _quotation(block)
        case List():
            tag = "ol" if block.ordered else "ul"
            entries = "".join(
                f"<li>{inline_html(entry, publication)}</li>" for entry in block.entries
            )
            return f"<{tag}>{entries}</{tag}>"
        case Table():
            return _table(block)
        case PictureBlock():
            return _figure(block.picture, publication)
        case GalleryBlock():
            figures = "".join(_figure(picture, publication) for picture in block.pictures)
            return f'<div data-gallery="{_escaped(block.title)}">{figures}</div>'
        case Embed():
            return _embed(block)


def _quotation(block: Quotation) -> str:
    source = ", ".join(
        f"<{tag}>{_escaped(text)}</{tag}>"
        for tag, text in (("cite", block.speaker), ("span", block.office))
        if text
    )
    footer = f"<footer>{source}</footer>" if source else ""
    return f"<blockquote><p>{_escaped(block.text)}</p>{footer}</blockquote>"


def _table(block: Table) -> str:
    caption = f"<caption>{_escaped(block.caption)}</caption>" if block.caption else ""
    head, rows = (block.rows[:1], block.rows[1:]) if block.header else ((), block.rows)
    top = f"<thead>{_rows(head, 'th')}</thead>" if block.header else ""
    return f"<table>{caption}{top}<tbody>{_rows(rows, 'td')}</tbody></table>"


def _rows(rows: tuple[tuple[str, ...], ...], cell: str) -> str:
    return "".join(
        f"<tr>{''.join(f'<{cell}>{_escaped(text)}</{cell}>' for text in row)}</tr>" for row in rows
    )


def _figure(picture: Picture, publication: Publication) -> str:
    words = " ".join(
        f"<{tag}>{_escaped(text)}</{tag}>"
        for tag, text in (("span", picture.caption), ("small", picture.credit))
        if text
    )
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    # Readers of feeds are told by whoever shows it; this says it to machines.
    source = f' data-source-type="{_escaped(picture.source_type)}"' if picture.source_type else ""
    return f"<figure{source}>{_image(picture, publication)}{caption}</figure>"


def _image(picture: Picture, publication: Publication) -> str:
    alt = f'alt="{_escaped(picture.alt)}"'
    if not picture.renditions:
        return f"<img {alt}>"
    largest = picture.renditions[-1]
    src = _escaped(publication.url(largest.href))
    return f'<img src="{src}" {alt} width="{largest.width}" height="{largest.height}">'


def _embed(block: Embed) -> str:
    url = _escaped(block.url)
    # An address of another scheme (javascript:) is shown and is no link.
    href = f' href="{url}"' if block.url.startswith(("http://", "https://")) else ""
    words = _escaped(block.title) or url
    return f'<p data-embed="{_escaped(block.provider)}"><a{href}>{words}</a></p>'


def _block_text(block: Block) -> str:
    match block:
        case Quotation():
            source = ", ".join(part for part in (block.speaker, block.office) if part)
            return f"{block.text}\n— {source}" if source else block.text
        case List():
            marks = (f"{n}." if block.ordered else "•" for n in range(1, len(block.entries) + 1))
            return "\n".join(
                f"{mark} {entry}" for mark, entry in zip(marks, block_words(block), strict=True)
            )
        case Table():
            rows = ["\t".join(row) for row in block.rows]
            return "\n".join([block.caption, *rows] if block.caption else rows)
        case Embed():
            return f"{block.title}: {block.url}" if block.title else block.url
    return "".join(block_words(block))


# HTML to blocks


def _blocks_in(parent: etree._Element, base_url: str | None) -> Iterator[Block]:
    """The blocks among an element's children; text and inline tags between them are paragraphs."""
    loose: list[str] = [_escaped(parent.text or "")]
    for child in parent:
        if _is_inline(child):
            loose.append(_source(child))
            continue
        yield from _paragraph("".join(loose), base_url)
        yield from _blocks_from(child, base_url)
        loose = [_escaped(child.tail or "")]
    yield from _paragraph("".join(loose), base_url)


def _is_inline(child: etree._Element) -> bool:
    return child.tag in INLINE_TAGS or child.tag in ("span", "small", "u", "code", "time", "abbr")


def _paragraph(markup: str, base_url: str | None) -> Iterator[Block]:
    if markup.strip():
        yield Paragraph(html=_cleaned(markup, base_url, to_paths=True).strip())


def _blocks_from(element: etree._Element, base_url: str | None) -> Iterator[Block]:
    match element.tag:
        case "p" if "data-embed" in element.attrib:
            yield _read_embed(element)
        case "p":
            yield Paragraph(html=_inner(element, base_url))
        case tag if tag in _HEADINGS:
            yield Subhead(text=_text(element))
        case "blockquote":
            yield _read_quotation(element)
        case "ul" | "ol":
            entries = tuple(_inner(entry, base_url) for entry in element.findall("li"))
            yield List(entries=entries, ordered=element.tag == "ol")
        case "table":
            yield _read_table(element)
        case "div" if "data-gallery" in element.attrib:
            yield _read_gallery(element, base_url)
        case "figure":
            yield PictureBlock(picture=_read_picture(element, base_url))
        case "img":
            yield PictureBlock(picture=_read_picture(element, base_url))
        case tag if isinstance(tag, str) and tag not in _DROPPED_WHOLE:
            yield from _blocks_in(element, base_url)


def _read_embed(element: etree._Element) -> Embed:
    link = element.find("a")
    words = _text(element)
    url = link.get("href", words) if link is not None else words
    return Embed(
        url=url, title="" if words == url else words, provider=element.get("data-embed", "")
    )


def _read_quotation(element: etree._Element) -> Quotation:
    footer = element.find("footer")
    speaker = office = ""
    if footer is not None:
        speaker = _found_text(footer, "cite")
        office = _found_text(footer, "span")
        element.remove(footer)
    paragraphs = element.findall("p")
    text = "\n".join(_text(each) for each in paragraphs) if paragraphs else _text(element).strip()
    return Quotation(text=text, speaker=speaker, office=office)


def _read_table(element: etree._Element) -> Table:
    rows = tuple(
        tuple(_text(cell) for cell in row if cell.tag in ("td", "th")) for row in element.iter("tr")
    )
    return Table(
        rows=rows,
        caption=_found_text(element, "caption"),
        header=element.find("thead") is not None,
    )


def _read_gallery(element: etree._Element, base_url: str | None) -> GalleryBlock:
    pictures = tuple(_read_picture(figure, base_url) for figure in element.iter("figure"))
    return GalleryBlock(pictures=pictures, title=element.get("data-gallery", ""))


def _read_picture(element: etree._Element, base_url: str | None) -> Picture:
    image = element if element.tag == "img" else element.find(".//img")
    if image is None:
        return Picture(alt="", caption=_text(element))
    caption = element.find("figcaption")
    spoken, credit = "", ""
    if caption is not None:
        credit = _found_text(caption, "small")
        bare = caption.find("span") is None and caption.find("small") is None
        spoken = _text(caption) if bare else _found_text(caption, "span")
    return Picture(
        alt=image.get("alt", ""),
        caption=spoken,
        credit=credit,
        renditions=_read_rendition(image, base_url),
        source_type=element.get("data-source-type", ""),
    )


def _read_rendition(image: etree._Element, base_url: str | None) -> tuple[Rendition, ...]:
    src = _path(image.get("src", ""), base_url)
    if not src:
        return ()
    suffix = src.rpartition(".")[2].lower()
    return (
        Rendition(
            name="original",
            href=src,
            content_type=f"image/{_TYPES.get(suffix, '*')}",
            width=_pixels(image.get("width", "")),
            height=_pixels(image.get("height", "")),
            size_bytes=0,
            sha256="",
        ),
    )


def _pixels(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _inner(element: etree._Element, base_url: str | None) -> str:
    markup = _escaped(element.text or "") + "".join(_source(child) for child in element)
    return _cleaned(markup, base_url, to_paths=True)


def _source(element: etree._Element) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=True))


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _found_text(parent: etree._Element, tag: str) -> str:
    found = parent.find(tag)
    return "" if found is None else _text(found)
