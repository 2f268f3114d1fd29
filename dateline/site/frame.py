"""What stands around every page of an edition: masthead, sections, editions, feeds, footer.

A frame is made from the archive's shape, the edition and the address alone, so the same address
always carries the same frame for every reader.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.translation import pgettext

from dateline.addresses import (
    edition_path,
    latest_path,
    page_path,
    section_path,
)
from dateline.archive.queries import Shape
from dateline.formats.publication import Publication
from dateline.items import Edition
from dateline.site.errors import Missing
from dateline.site.times import day_name, local

FEEDS = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
"""Feed formats by the end of their address, with their media types."""

_FEED_NAMES = {"rss": "RSS", "atom": "Atom"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame. `current` marks the page it stands on."""

    path: str
    name: str
    current: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language, for machines. `hreflang` may be `x-default`."""

    hreflang: str
    url: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    media_type: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page. `home` is empty where no edition is known."""

    language: str
    name: str
    path: str
    home: str = ""
    latest: str = ""
    strapline: str = ""
    today: str = ""
    url: str = ""
    sections: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()
    editions: tuple[Link, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    zone: str = ""
    indexed: bool = True


def edition_of(shape: Shape, code: str) -> Edition:
    """The edition of this code. Raises Missing if there is none."""
    for edition in shape.editions:
        if edition.code == code:
            return edition
    raise Missing("There is no such edition.", edition=code)


def frame_of(
    shape: Shape,
    edition: Edition,
    path: str,
    *,
    feed_folder: str = "",
    alternates: tuple[Alternate, ...] = (),
) -> Frame:
    """The frame of the page at `path`. `feed_folder` is the list whose feeds the page names."""
    code = edition.code
    return Frame(
        language=code,
        name=edition.title,
        path=path,
        home=edition_path(code),
        latest=latest_path(code),
        strapline=edition.strapline,
        today=day_name(local(timezone.now()).date()),
        url=publication_of(edition).url(path),
        sections=tuple(
            Link(at := section_path(code, section.slug), section.name, at == path)
            for section in shape.sections.get(code, ())
        ),
        pages=tuple(
            Link(at := page_path(code, page.slug), page.title, at == path)
            for page in shape.pages.get(code, ())
        ),
        editions=tuple(
            Link(edition_path(each.code), each.name, each.code == code, each.code)
            for each in shape.editions
        ),
        feeds=_feed_links(edition, feed_folder or edition_path(code)),
        alternates=alternates,
        zone=settings.TIME_ZONE.replace("_", " "),
    )


def bare_frame(path: str, language: str) -> Frame:
    """A frame made from nothing but the address, for when the archive cannot be read."""
    return Frame(
        language=language, name=urlsplit(settings.BASE_URL).hostname or "", path=path, indexed=False
    )


def unlisted(frame: Frame) -> Frame:
    """The frame of a page that search engines are to leave alone."""
    return replace(frame, indexed=False)


def publication_of(edition: Edition) -> Publication:
    """The agency as machines see it in this edition."""
    return Publication(
        base_url=settings.BASE_URL, name=edition.title, logo_path=static("site/favicon.svg")
    )


def render(template: str, frame: Frame, **context: object) -> str:
    """A page of the site. Made without the request: nothing of the reader can get into it."""
    return render_to_string(f"site/{template}.html", {"frame": frame, **context})


def read_in(edition: Edition) -> str:
    """How an edition invites to itself, in its own language: `In English`, `Українською`."""
    if edition.code.split("-")[0] not in dict(settings.LANGUAGES):
        return edition.name
    with translation.override(edition.code):
        return pgettext("invitation to read the same story in this language", "In English")


def og_locale(code: str) -> str:
    """Open Graph's form of a language: with its country where one is usual."""
    countries = {"en": "en_GB", "uk": "uk_UA"}
    return countries.get(code, code.replace("-", "_"))


def _feed_links(edition: Edition, folder: str) -> tuple[FeedLink, ...]:
    return tuple(
        FeedLink(media_type, f"{folder}feed.{ending}", f"{edition.title} · {_FEED_NAMES[ending]}")
        for ending, media_type in FEEDS.items()
    )
