"""Who may see what: the one place where rights and embargoes are asked, on every road to a client.

A *right* is a product ready to be asked. `sees()` says by which of a client's rights a row of the
feed is theirs. Nothing else decides it, so no road can forget an embargo that another keeps.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from dateline.errors import DatelineError
from dateline.items import Item, Kind, decode
from dateline.wire.facts import ItemFacts
from dateline.wire.matching import past_keys
from dateline.wire.models import Product, Reach
from dateline.wire.query import Query, read

logger = logging.getLogger(__name__)

COLUMNS = ("serial", "at", "kind", "reach", "guid", "version", "embargoed_until", "data")


@dataclass(frozen=True)
class Row:
    """A row of the feed as it was read."""

    serial: int
    at: datetime
    kind: Kind
    reach: str
    guid: str
    version: int
    embargoed_until: datetime | None
    data: bytes

    @classmethod
    def of(cls, *values: object) -> "Row":
        serial, at, kind, reach, guid, version, until, data = values
        return cls(serial, at, Kind(kind), reach, guid, version, until, bytes(data))  # type: ignore[arg-type, call-overload]

    @cached_property
    def facts(self) -> ItemFacts:
        return facts_in(self.data)

    @property
    def item(self) -> Item:
        return self.facts.item


@lru_cache(maxsize=1_000)
def facts_in(data: bytes) -> ItemFacts:
    """The facts of canonical bytes. The newest thousand are kept: all clients ask about those."""
    document = decode(data)
    assert isinstance(document, Item)
    return ItemFacts(document)


@dataclass(frozen=True)
class Right:
    """A product, ready to be asked. `depth` is None where the whole archive may be read."""

    pk: int
    slug: str
    name: str
    query: Query
    keys: frozenset[int] | None
    formats: tuple[str, ...]
    pictures: bool
    embargoed: bool
    depth: timedelta | None
    delay: timedelta
    ai_use: bool

    def reaches(self, row: Row) -> bool:
        if row.reach == Reach.EARLY:
            return self.embargoed
        return row.reach == Reach.ALL or not self.embargoed

    def takes(self, row: Row, earlier: Sequence[Row]) -> bool:
        """Is it for this product: by itself, or because an earlier version was?"""
        if not self.reaches(row):
            return False
        return self.query.takes(row.facts) or any(
            self.reaches(each) and self.query.takes(each.facts) for each in earlier
        )

    def had(self, earlier: Sequence[Row], version: int) -> bool:
        """Was this very version for this product before?"""
        before = [each for each in earlier if each.version < version]
        return any(
            self.takes(each, before) for each in earlier if each.version == version
        )


def right_of(product: Product) -> Right:
    """The product as it stands, ready to be asked. What is read from its rules is kept."""
    query, keys = _compiled(product.rules)
    return Right(
        pk=product.pk,
        slug=product.slug,
        name=product.name,
        query=query,
        keys=keys,
        formats=tuple(product.formats),
        pictures=product.pictures,
        embargoed=product.embargoed,
        depth=timedelta(days=product.archive_days) if product.archive_days else None,
        delay=timedelta(minutes=product.delay_minutes),
        ai_use=product.ai_use,
    )


def sees(
    rights: Iterable[Right], row: Row, earlier: Sequence[Row], *, now: datetime
) -> list[Right]:
    """The rights by which a client may have this row; none: it is not theirs.

    `earlier` are the rows of its story before it. A delay is not asked here: it moves the moment,
    not the right.
    """
    taking = [right for right in rights if right.takes(row, earlier)]
    if row.reach == Reach.REST and any(
        right.embargoed and right.had(earlier, row.version) for right in rights
    ):
        return []  # another product of theirs brought it before the public had it
    return [right for right in taking if right.depth is None or row.at >= now - right.depth]


def is_due(row: Row, rights: Iterable[Right], *, now: datetime) -> bool:
    """Has the shortest delay of these rights passed?"""
    return any(row.at + right.delay <= now for right in rights)


@lru_cache(maxsize=50_000)
def _compiled(rules: str) -> tuple[Query, frozenset[int] | None]:
    try:
        query = read(rules)
    except DatelineError as error:
        # Read when it was saved; a subject may have been retired since. Others must not suffer.
        logger.error("A product takes nothing, as its rules cannot be read: %s", error.message)
        return Query(), frozenset()
    return query, past_keys(query)

