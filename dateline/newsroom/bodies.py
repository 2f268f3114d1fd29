"""From a body as editors write it to the blocks of a document, cleaned.

Whatever was pasted, what leaves here is plain text and a small subset of inline HTML.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import nh3

from dateline import items
from dateline.items import Block, Picture
from dateline.newsroom import pictures
from dateline.newsroom.pictures import Pictured

INLINE_TAGS = {"a", "b", "strong", "i", "em", "br", "sub", "sup"}
LINK_SCHEMES = {"http", "https", "mailto", "tel"}


def blocks_of(body: Any, *, pictured: Pictured = pictures.published) -> tuple[Block, ...]:
    """The blocks of a body field, without the empty ones."""
    found: list[Block] = []
    for child in body:
        found += _BLOCKS[child.block_type](child.value, pictured)
    return tuple(found)


def pictures_in(body: Any) -> Iterator[Any]:
    """What a body says of each of its pictures, as its blocks have it: those without one left out.

    In the order of reading; of galleries too.
    """
    for child in body:
        values: Iterable[Any] = ()
        if child.block_type == "picture":
            values = [child.value]
        elif child.block_type == "gallery":
            values = child.value["pictures"]
        yield from (value for value in values if value["image"] is not None)


def clean_inline(html: str) -> str:
    """Inline HTML with nothing but the permitted tags, and links only to the web and mail."""
    clean = nh3.clean(
        html,
        tags=INLINE_TAGS,
        clean_content_tags={"script", "style", "template", "title"},
        attributes={"a": {"href"}},
        url_schemes=LINK_SCHEMES,
        link_rel=None,
    )
    # The one named entity that nh3 writes and XML does not know.
    clean = clean.replace("&nbsp;", "\xa0")
    # A link whose address was refused is no link any more.
    return re.sub(r"<a>(.*?)</a>", r"\1", clean, flags=re.DOTALL).strip()


def paragraphs_in(html: str) -> list[str]:
    """A rich text's paragraphs, each as clean inline HTML; empty ones are left out."""
    parts = re.split(r"</(?:p|div|li|h[1-6]|blockquote)>|<hr\s*/?>", html, flags=re.IGNORECASE)
    return [clean for part in parts if (clean := clean_inline(part)) and not _empty(clean)]


def one_line(text: str) -> str:
    """A text without line breaks, doubled spaces and spaces at its ends.

    A no-break space inside it stays: it is the writer's ("334 amendments" in one line).
    """
    return re.sub(r"[ \t\r\n\f\v\x85\u2028\u2029]+", " ", text).strip()


def _empty(html: str) -> bool:
    return not unescape(nh3.clean(html, tags=set())).strip()


def _paragraph(value: Any, _pictured: Pictured) -> list[Block]:
    return [items.Paragraph(html=html) for html in paragraphs_in(value.source)]


def _subhead(value: str, _pictured: Pictured) -> list[Block]:
    return [items.Subhead(text=one_line(value))] if value.strip() else []


def _quotation(value: Any, _pictured: Pictured) -> list[Block]:
    if not value["text"].strip():
        return []
    return [
        items.Quotation(
            text=one_line(value["text"]),
            speaker=one_line(value["speaker"] or ""),
            office=one_line(value["office"] or ""),
        )
    ]


def _list(value: Any, _pictured: Pictured) -> list[Block]:
    entries = [entry for each in value["entries"] for entry in paragraphs_in(each.source)]
    return [items.List(entries=tuple(entries), ordered=value["ordered"])] if entries else []


def _table(value: Any, _pictured: Pictured) -> list[Block]:
    if value is None:
        return []
    heads = [one_line(column["heading"] or "") for column in value.columns]
    rows = [tuple(one_line(str(cell.value or "")) for cell in row) for row in value.rows]
    header = any(heads)
    if header:
        rows.insert(0, tuple(heads))
    if not any(any(row) for row in rows):
        return []
    caption = one_line(value.caption or "")
    return [items.Table(rows=tuple(rows), caption=caption, header=header)]


def _picture(value: Any, pictured: Pictured) -> list[Block]:
    picture = _pictured(value, pictured)
    return [items.PictureBlock(picture=picture)] if picture else []


def _gallery(value: Any, pictured: Pictured) -> list[Block]:
    found = tuple(picture for each in value["pictures"] if (picture := _pictured(each, pictured)))
    title = one_line(value["title"] or "")
    return [items.GalleryBlock(pictures=found, title=title)] if found else []


def _pictured(value: Any, pictured: Pictured) -> Picture | None:
    if value["image"] is None:
        return None
    return pictures.picture_of(
        value["image"],
        alt=one_line(value["alt"] or ""),
        caption=one_line(value["caption"] or ""),
        credit=one_line(value["credit"] or ""),
        pictured=pictured,
    )


def _embed(value: Any, _pictured: Pictured) -> list[Block]:
    parts = urlsplit(value["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return []
    title = one_line(value["title"] or "")
    return [
        items.Embed(url=value["url"], title=title, provider=parts.hostname.removeprefix("www."))
    ]


_BLOCKS: dict[str, Callable[[Any, Pictured], list[Block]]] = {
    "paragraph": _paragraph,
    "subhead": _subhead,
    "quotation": _quotation,
    "list": _list,
    "table": _table,
    "picture": _picture,
    "gallery": _gallery,
    "embed": _embed,
}
