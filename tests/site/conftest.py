"""Fixtures of the site's tests: an agency of two editions, and a clock that stands still."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from bs4 import BeautifulSoup
from django.db import transaction

from dateline.addresses import item_path
from dateline.items import (
    Edition,
    Item,
    Kind,
    List,
    Page,
    Paragraph,
    Picks,
    Picture,
    PictureBlock,
    Place,
    Quotation,
    Rendition,
    Section,
    Status,
    Subhead,
    Table,
    Topic,
)
from dateline.releases import log
from dateline.releases.log import Addition
from dateline.site.kept import Freshness, Keeper, keep_in
from tests.documents import an_item

NOW = datetime(2025, 9, 3, 18, 30, tzinfo=UTC)
"""21:30 in Kyiv, on the day of the makers' stories."""


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time that pages are made at: `clock(at)` sets it, NOW until then."""

    def stand_at(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    stand_at(NOW)
    return stand_at


@pytest.fixture
def publish(follow_public):
    """Release documents to the public, in order, and let the archive follow."""

    def _publish(*documents):
        with transaction.atomic():
            log.append_many([Addition(each, _kind(each)) for each in documents])
        follow_public()

    return _publish


@pytest.fixture
def agency(publish):
    """Two editions with sections, and a standing page in each; no stories yet."""
    publish(
        an_edition("en", "English", "Dateline", order=0),
        an_edition("uk", "Українська", "Дейтлайн", order=1),
        a_section("economy", "Economy"),
        a_section("world", "World", order=1),
        a_section("economy", "Економіка", edition="uk"),
        a_page("about", "About us"),
        a_page("about", "Про агенцію", edition="uk"),
    )


@pytest.fixture
def keeping():
    """Parts are kept, as in a worker that has answered before; gives what tells it of changes."""
    freshness = Freshness()
    keep_in(Keeper(freshness))
    yield freshness
    keep_in(None)


@pytest.fixture
def open_page(client, agency):
    """Get a page of the site that must be there, as a tree: `open_page(path)`."""

    def _open(path, **headers):
        response = client.get(path, headers=headers)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return tree_of(response)

    return _open


@pytest.fixture
def open_story(open_page):
    return lambda item: open_page(item_path(item))


def tree_of(response):
    return BeautifulSoup(response.content, "lxml")


def text_of(element):
    """What a reader reads in an element, with single spaces."""
    return " ".join(element.get_text().split())


def texts(tree, selector):
    return [text_of(element) for element in tree.select(selector)]


def hrefs(tree, selector):
    return [element.get("href") for element in tree.select(selector)]


def an_edition(code, name, title, *, order):
    return Edition(
        guid=f"edition:{code}", version=1, code=code, name=name, title=title, order=order
    )


def a_section(slug, name, *, edition="en", order=0, version=1, status=Status.USABLE):
    return Section(
        guid=f"section:{edition}:{slug}",
        version=version,
        edition=edition,
        slug=slug,
        name=name,
        order=order,
        status=status,
    )


def a_page(slug, title, *, edition="en"):
    body = (Paragraph(html=f"<b>{title}</b>, in a sentence."),)
    return Page(
        guid=f"page:{edition}:{slug}", version=1, edition=edition, slug=slug, title=title, body=body
    )


def a_topic(slug, name, description=""):
    return Topic(
        guid=f"topic:en:{slug}",
        version=1,
        edition="en",
        slug=slug,
        name=name,
        description=description,
    )


def picks(place, *numbers, version=1):
    return Picks(
        guid=f"picks:en:{place}", version=version, edition="en", place=place, numbers=numbers
    )


def a_picture(name="quay", *, alt="A quay at dawn", caption="", credit="", types=("jpeg",)):
    sizes = ((400, 225), (800, 450), (1600, 900))
    renditions = tuple(
        Rendition(
            name=str(width),
            href=f"/pictures/{name}-{width}.{_ENDINGS[each]}",
            content_type=f"image/{each}",
            width=width,
            height=height,
            size_bytes=1000,
            sha256="0" * 64,
        )
        for each in types
        for width, height in sizes
    )
    return Picture(alt=alt, caption=caption, credit=credit, renditions=renditions)


_ENDINGS = {"avif": "avif", "webp": "webp", "jpeg": "jpg"}


def a_full_item(number, **fields):
    """A story with a block of every kind and every field that a reader sees."""
    return an_item(
        number,
        topics=("grain", "river-ports"),
        dateline=Place(place="LYSYCHKA", date=date(2025, 9, 3)),
        summary="Tolls go down from October.",
        picture=a_picture(caption="The quay on Tuesday", credit="Ira Hnatko"),
        body=(
            Paragraph(html="The <b>first</b> paragraph."),
            Subhead(text="What changes"),
            Quotation(text="It will be cheaper", speaker="Ostap Reva", office="harbour master"),
            List(entries=("One <em>toll</em>", "Another"), ordered=True),
            Table(rows=(("Month", "Tolls"), ("May", "12")), caption="Tolls", header=True),
            PictureBlock(picture=a_picture("crane", alt="A crane")),
        ),
        **fields,
    )


def in_ukrainian(item, **fields):
    """The translation of a story: the same key, the other edition."""
    return msgspec.structs.replace(item, edition="uk", **fields)


def _kind(document):
    if isinstance(document, Item) and document.status is Status.CANCELED:
        return Kind.KILL
    return Kind.NEW if document.version == 1 else Kind.UPDATE
