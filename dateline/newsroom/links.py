"""Whether the links of a text lead somewhere: to our own stories, and to other servers."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from dateline.newsroom.story import Story
from dateline.outbound import Outbound, OutboundError, Refused

MOST_LINKS = 50
"""More than any story has; the rest is said to be unchecked."""

AT_ONCE = 8

_STORY = re.compile(r"^/[a-z-]+/[a-z0-9-]+/(?P<number>\d+)(?:-[^/]*)?/?$")


class Found(StrEnum):
    WELL = "well"
    BROKEN = "broken"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Checked:
    """A link and what was found; `why` is a sentence, empty if all is well."""

    url: str
    found: Found
    why: str = ""


def check(urls: Sequence[str], *, by: Outbound | None = None) -> list[Checked]:
    """Check each, in their order. Other servers are asked eight at a time."""
    client = by or Outbound()
    urls = list(dict.fromkeys(urls))
    inside = {url: _inside(url) for url in urls}
    others = [url for url in urls if inside[url] is None][:MOST_LINKS]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = dict(zip(others, pool.map(lambda url: _asked(url, client), others), strict=True))
    return [
        inside[url] or asked.get(url) or Checked(url, Found.UNSURE, _("Not checked: too many."))
        for url in urls
    ]


def _inside(url: str) -> Checked | None:
    """A link to this site or by mail or telephone, without asking anybody; else None."""
    path = url.removeprefix(settings.BASE_URL)
    parts = urlsplit(path)
    if parts.scheme in ("mailto", "tel"):
        return Checked(url, Found.WELL)
    if parts.scheme or parts.netloc:
        return None
    if not (story := _STORY.match(parts.path)):
        return Checked(url, Found.UNSURE, _("A page of this site that is no story: not checked."))
    number = int(story["number"])
    live = Story.objects.filter(pk=number).values_list("live", "killed_at").first()
    if live is None:
        return Checked(url, Found.BROKEN, _("There is no such story."))
    if live[1]:
        return Checked(url, Found.BROKEN, _("That story was killed."))
    if not live[0]:
        return Checked(url, Found.BROKEN, _("That story is not released."))
    return Checked(url, Found.WELL)


def _asked(url: str, client: Outbound) -> Checked:
    try:
        status = client.status(url)
    except Refused as error:
        return Checked(url, Found.BROKEN, _(error.message))
    except OutboundError as error:
        return Checked(url, Found.UNSURE, _(error.message))
    if status in (404, 410):
        return Checked(url, Found.BROKEN, _("Nothing is there any more."))
    if status >= 400:
        # Many servers send programs away with 403 or 429 and let people in.
        return Checked(
            url, Found.UNSURE, _("It answered with the error %(status)s.") % {"status": status}
        )
    return Checked(url, Found.WELL)
