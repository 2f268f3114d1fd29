"""What stands around every page of an edition: masthead, sections, editions, feeds, footer.

A frame is made from the archive's shape, the edition and the address alone, so the same address
always carries the same frame for every reader.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import pgettext

from dateline.addresses import (
    corrections_path,
    edition_path,
    latest_path,
    live_path,
    page_path,
    section_path,
)
from dateline.archive.changes import SHAPE
from dateline.archive.queries import Shape
from dateline.formats import FEEDS
from dateline.formats.publication import Publication
from dateline.items import Edition
from dateline.site.errors import Missing
from dateline.site.kept import kept
from dateline.site.parts import Sheet, sheet_of


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
class Furniture:
    """What stands over and under every page of an edition, the same on nearly all of them.

    `home` is empty where no edition is known. `current` marks that the page is Latest.
    """

    name: str
    home: str = ""
    latest: str = ""
    latest_is_current: bool = False
    strapline: str = ""
    sections: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()
    corrections: str = ""
    corrections_is_current: bool = False
    editions: tuple[Link, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page: what is its own, and the furniture."""

    language: str
    furniture: Furniture
    path: str
    url: str = ""
    alternates: tuple[Alternate, ...] = ()
    indexed: bool = True
    live: str = ""
    """Where the page hears of what is released after it; empty if it has nothing to hear."""

    @property
    def name(self) -> str:
        return self.furniture.name


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
    section: str = "",
    topic: str = "",
) -> Frame:
    """The frame of the page at `path`. `feed_folder` is the list whose feeds the page names;
    `section` or `topic` is what the page is a list of, and hears of alone."""
    return Frame(
        language=edition.code,
        furniture=_furniture(shape, edition, path, feed_folder or edition_path(edition.code)),
        path=path,
        url=publication_of(edition).url(path),
        alternates=alternates,
        live=live_path(edition.code, section=section, topic=topic),
    )


def _furniture(shape: Shape, edition: Edition, path: str, feed_folder: str) -> Furniture:
    """The furniture of a page; one for all the pages that no link of it leads to."""
    code = edition.code
    linked = path.count("/") <= _SLASHES_OF_LINKED
    return kept(
        ("furniture", code, path if linked else "", feed_folder),
        frozenset({SHAPE}),
        lambda: _furniture_of(shape, edition, path, feed_folder),
    )


_SLASHES_OF_LINKED = 3
"""In the longest path that the furniture links to: `/en/economy/`."""


def _furniture_of(shape: Shape, edition: Edition, path: str, feed_folder: str) -> Furniture:
    code = edition.code
    return Furniture(
        name=edition.title,
        home=edition_path(code),
        latest=latest_path(code),
        latest_is_current=path == latest_path(code),
        strapline=edition.strapline,
        sections=tuple(
            Link(at := section_path(code, section.slug), section.name, at == path)
            for section in shape.sections.get(code, ())
        ),
        pages=tuple(
            Link(at := page_path(code, page.slug), page.title, at == path)
            for page in shape.pages.get(code, ())
        ),
        corrections=corrections_path(code),
        corrections_is_current=path == corrections_path(code),
        editions=tuple(
            Link(edition_path(each.code), each.name, each.code == code, each.code)
            for each in shape.editions
        ),
        feeds=_feed_links(edition, feed_folder),
        zone=settings.TIME_ZONE.replace("_", " "),
    )


def bare_frame(path: str, language: str) -> Frame:
    """A frame made from nothing but the address, for when the archive cannot be read."""
    name = urlsplit(settings.BASE_URL).hostname or ""
    return Frame(language=language, furniture=Furniture(name), path=path, indexed=False)


def unlisted(frame: Frame) -> Frame:
    """The frame of a page that search engines are to leave alone."""
    return replace(frame, indexed=False, live="")


def publication_of(edition: Edition) -> Publication:
    """The agency as machines see it in this edition."""
    return _publication(settings.BASE_URL, edition.title)


@lru_cache(maxsize=64)
def _publication(base_url: str, name: str) -> Publication:
    return Publication(base_url=base_url, name=name, logo_path=static("site/favicon.svg"))


def render(
    template: str,
    frame: Frame,
    *,
    tags: Iterable[str] = (),
    number: int = 0,
    topics: tuple[str, ...] = (),
    **context: object,
) -> Sheet:
    """A page of the site, its rails' places empty. `tags` are what it stands on beside the shape.

    Made without the request: nothing of the reader can get into it.
    """
    html = render_to_string(f"site/{template}.html", {"frame": frame, **context})
    return sheet_of(
        html, edition=frame.language, tags=frozenset(tags), number=number, topics=topics
    )


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
        FeedLink(each.content_type, f"{folder}feed.{ending}", f"{edition.title} · {each.title}")
        for ending, each in FEEDS.items()
    )
