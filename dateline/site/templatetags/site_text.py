"""Filters of the site's templates: text from stories made safe, and pictures in their sizes.

The newsroom cleans what editors paste, and other sources may not: nothing here trusts an Item.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from django import template
from django.utils.safestring import SafeString, mark_safe

from dateline.formats.body import inline_html
from dateline.items import (
    Block,
    Embed,
    List,
    Paragraph,
    PictureBlock,
    Quotation,
    Rendition,
    Subhead,
    Table,
)

register = template.Library()

SAME_SHAPE = 0.02
"""How far two renditions' proportions may differ and still be one picture: rounding, not a crop."""

COMPONENTS = {
    Paragraph: "site/blocks/paragraph.html",
    Subhead: "site/blocks/subhead.html",
    Quotation: "site/blocks/quotation.html",
    List: "site/blocks/list.html",
    Table: "site/blocks/table.html",
    PictureBlock: "site/blocks/picture.html",
    Embed: "site/blocks/embed.html",
}
"""The template of each kind of block."""


@register.filter
def component(block: Block) -> str:
    """The template that shows this block."""
    return COMPONENTS[type(block)]


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
def largest(renditions: Sequence[Rendition]) -> Rendition | None:
    """The largest file of a picture, for browsers that choose none themselves."""
    return renditions[-1] if renditions else None


@register.filter
def srcset(renditions: Sequence[Rendition]) -> str:
    """The files of a picture with their widths; crops of another shape are left out."""
    if not renditions:
        return ""
    shape = _proportion(renditions[-1])
    same = [each for each in renditions if abs(_proportion(each) / shape - 1) <= SAME_SHAPE]
    return ", ".join(f"{_in_srcset(each.href)} {each.width}w" for each in same)


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
