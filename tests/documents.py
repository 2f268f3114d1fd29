"""Makers of plain documents, for tests of the rooms that do not care what a story says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dateline.items import Item, Paragraph, Ref, Status

NOON = datetime(2025, 9, 3, 12, tzinfo=UTC)
"""The time at which these stories begin; story number n is first released n minutes later."""


def an_item(number: int, *, version: int = 1, topics: tuple[str, ...] = (), **fields: Any) -> Item:
    """A released story of the English edition; `fields` are those of Item."""
    at = NOON + timedelta(minutes=number)
    given: dict[str, Any] = {
        "guid": f"urn:example:story:{number}",
        "number": number,
        "version": version,
        "edition": "en",
        "section": a_ref("economy"),
        "headline": f"Headline {number}, version {version}",
        "first_released_at": at,
        "released_at": at + timedelta(seconds=version),
        "body": (Paragraph(html=f"Text of {number}, version {version}"),),
        "topics": tuple(a_ref(slug) for slug in topics),
    }
    return Item(**(given | fields))


def a_killed(item: Item, *, reason: str = "The source withdrew its statement") -> Item:
    """The next version of a story: its kill."""
    return an_item(
        item.number,
        version=item.version + 1,
        guid=item.guid,
        edition=item.edition,
        section=item.section,
        topics=tuple(topic.slug for topic in item.topics),
        headline="",
        body=(),
        first_released_at=item.first_released_at,
        status=Status.CANCELED,
        kill_reason=reason,
    )


def a_ref(slug: str) -> Ref:
    return Ref(slug=slug, name=slug.replace("-", " ").capitalize())
