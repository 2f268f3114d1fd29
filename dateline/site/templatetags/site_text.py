"""Filters of the site's templates: text from stories made safe, and pictures in their sizes.

The newsroom cleans what editors paste, and other sources may not: nothing here trusts an Item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django import template
from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext

from dateline.formats.body import inline_html, inline_text
from dateline.items import (
    Block,
    Embed,
    GalleryBlock,
    List,
    Paragraph,
    PictureBlock,
    Quotation,
    Rendition,
    Subhead,
    Table,
)
from dateline.vocabulary import source_types
from dateline.vocabulary.source_types import Made

register = template.Library()

SAME_SHAPE = 0.02
"""How far two renditions' proportions may differ and still be one picture: rounding, not a crop."""

BEGINNING_WORDS = 40
"""Words of a page's first paragraph that stand for what it is about."""

HEADLINES = 3
"""Headlines that stand for what a list is about: search engines show some 160 characters."""

COMPONENTS = {
    Paragraph: "site/blocks/paragraph.html",
    Subhead: "site/blocks/subhead.html",
    Quotation: "site/blocks/quotation.html",
    List: "site/blocks/list.html",
    Table: "site/blocks/table.html",
    PictureBlock: "site/blocks/picture.html",
    GalleryBlock: "site/blocks/gallery.html",
    Embed: "site/blocks/embed.html",
}
"""The template of each kind of block."""


@register.simple_tag
def blocks(body: Sequence[Block]) -> SafeString:
    """The blocks of a text, each by its own template, which sees the block and nothing else."""
    html = [_component(type(block)).render(Context({"block": block})) for block in body]
    return mark_safe("".join(html))  # noqa: S308 - Django's own rendering of templates of ours


@lru_cache(maxsize=16)
def _component(kind: type[Block]) -> template.Template:
    return Engine.get_default().get_template(COMPONENTS[kind])


@register.filter
def inline(html: str) -> SafeString:
    """Running text with its few tags, and nothing else that a browser would act on."""
    return mark_safe(inline_html(html))  # noqa: S308 - cleaned in this very call


@register.filter
def web_address(url: str) -> str:
    """The address if it is one of the web, else nothing: `javascript:` must not become a link."""
    parts = _split(url)
    return url if parts and parts.scheme in ("http", "https") and parts.hostname else ""


@register.filter
def host(url: str) -> str:
    """The host of an address, as readers know the place."""
    parts = _split(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


@register.filter
def beginning(body: Sequence[Block]) -> str:
    """How the first paragraph begins, as plain text: what a page without a summary is about."""
    for block in body:
        if isinstance(block, Paragraph):
            return Truncator(inline_text(block.html)).words(BEGINNING_WORDS, truncate="…")
    return ""


@register.filter
def headlines(rows: Sequence[Any]) -> str:
    """The first headlines of rows or cards: what a list is about, where nobody described it."""
    return " · ".join(row.headline for row in rows[:HEADLINES])


@dataclass(frozen=True, slots=True)
class Format:
    """The files of one picture in one format, for `<source>` and `<img>`."""

    content_type: str
    largest: Rendition
    srcset: str


@register.filter
def formats(renditions: Sequence[Rendition], use: str = "") -> list[Format]:
    """A picture's formats in their order, the last for every browser.

    Of the crop for a use, such as `16:9`, if the picture has one; else of all of the picture.
    """
    renditions = _for_use(renditions, use)
    if not renditions:
        return []
    last = renditions[-1]
    shape = _proportion(last)
    found: dict[str, list[Rendition]] = {}
    for each in renditions:
        if abs(_proportion(each) / shape - 1) <= SAME_SHAPE:
            found.setdefault(each.content_type, []).append(each)
    found[last.content_type] = found.pop(last.content_type)
    return [Format(name, files[-1], _srcset(files)) for name, files in found.items()]


def _for_use(renditions: Sequence[Rendition], use: str) -> Sequence[Rendition]:
    cropped = [each for each in renditions if each.use == use]
    return cropped or [each for each in renditions if not each.use]


@register.filter
def made_label(source_type: str) -> str:
    """What readers are told of a picture that no camera took and no person drew; else nothing."""
    match source_types.made(source_type):
        case Made.WITH_AI:
            return gettext("Made with AI")
        case Made.PARTLY_WITH_AI:
            return gettext("Partly made with AI")
        case Made.BY_SOFTWARE:
            return gettext("Generated picture")
        case _:
            return ""


def _srcset(files: Sequence[Rendition]) -> str:
    # A picture smaller than our sizes has several files of one width.
    by_width = {each.width: each for each in files}
    return ", ".join(f"{_in_srcset(each.href)} {width}w" for width, each in by_width.items())


def _proportion(rendition: Rendition) -> float:
    return max(rendition.width, 1) / max(rendition.height, 1)


def _in_srcset(href: str) -> str:
    # HTML, 4.8.4.2.1: white space and commas end an address in a srcset.
    return href.replace(" ", "%20").replace(",", "%2C")


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
