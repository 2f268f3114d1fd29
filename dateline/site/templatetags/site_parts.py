"""Tags for pages made of parts: a place for a rail, and parts rendered once for the same values."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dateline.site import parts
from dateline.site.rows import Row

register = template.Library()


@register.simple_tag
def place(name: str) -> SafeString:
    """Leave a place for a rail of this name (`parts.PLACES`), put in when the page is sent."""
    return mark_safe(parts.mark(name))  # noqa: S308 - a mark of our own


@register.simple_tag
def rows(shown: Iterable[Row]) -> SafeString:
    """The rows of a list, each rendered once however many lists it stands in."""
    language = get_language() or ""
    html = [parts.once(language, "site/parts/row.html", (("row", row),)) for row in shown]
    return mark_safe("\n".join(html))  # noqa: S308 - Django's own rendering of a template of ours


@register.simple_tag
def once(template_name: str, **values: object) -> SafeString:
    """Include a template that is a function of these values alone: rendered once for all of them.

    The values must be hashable, and nothing else of the page's context is seen.
    """
    html = parts.once(get_language() or "", template_name, tuple(values.items()))
    return mark_safe(html)  # noqa: S308 - Django's own rendering of a template of ours
