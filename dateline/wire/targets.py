"""Which destinations take a release, without trying them all.

The destinations with the rights of their clients are kept in memory, with the index of
`matching`, and read anew when any of their tables changed: a release then costs a look at four
small tables and at the rules that share a term with it, however many clients there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from dateline.wire.destinations import Destination
from dateline.wire.matching import Matcher
from dateline.wire.models import WIRE, Client, Product, Reach
from dateline.wire.sight import Right, Row, right_of, sees


@dataclass(frozen=True)
class Target:
    """A destination as it is sent to: its client, and the rights that it has."""

    pk: int
    client: Client
    begins_after: int
    rights: tuple[Right, ...]

    def entitled(
        self, row: Row, earlier: Sequence[Row], *, has_story: bool, now: datetime
    ) -> list[Right]:
        """The rights by which it gets a row; none: it does not.

        Who was sent a story hears the rest of it, also when its products were changed since.
        """
        seeing = sees(self.rights, row, earlier, now=now)
        if not seeing and has_story and row.reach != Reach.REST:
            seeing = [right for right in self.rights if right.reaches(row)]
        return seeing


class Targets(dict[int, Target]):
    """All destinations by their number, and the index by which a release finds its own."""

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__({target.pk: target for target in targets})
        queries = {}
        self._by_product: dict[int, list[Target]] = defaultdict(list)
        for target in targets:
            for right in target.rights:
                queries[right.pk] = right.query
                self._by_product[right.pk].append(target)
        self._matcher = Matcher(queries)

    def candidates(self, row: Row, earlier: Sequence[Row]) -> set[int]:
        """Destinations with a product that takes the row, or took an earlier one of its story."""
        products = set(self._matcher.takers(row.facts))
        for each in earlier:
            products |= self._matcher.takers(each.facts)
        return {target.pk for product in products for target in self._by_product[product]}


def current() -> Targets:
    """The targets as the tables stand now."""
    global _kept
    stamp = _stamp()
    if _kept is None or _kept[0] != stamp:
        _kept = (stamp, Targets(_read()))
    return _kept[1]


_kept: tuple[object, Targets] | None = None


def _stamp() -> tuple[object, ...]:
    """Differs after any change. A row that is linked anew has a higher number than any before."""
    destinations = _last(Destination, "changed_at")
    if not destinations[1]:
        return ()
    return (
        destinations,
        _last(Client, "changed_at"),
        _last(Product, "changed_at"),
        _last(Client.products.through, "pk"),
        _last(Destination.products.through, "pk"),
    )


def _last(model: Any, column: str) -> tuple[object, int]:
    found = model.objects.using(WIRE).aggregate(last=Max(column), count=Count("pk"))
    return found["last"], found["count"]


def _read() -> list[Target]:
    found = Destination.objects.using(WIRE).select_related("client")
    found = found.prefetch_related("products", "client__products")
    rights: dict[int, Right] = {}

    def right(product: Product) -> Right:
        if product.pk not in rights:
            rights[product.pk] = right_of(product)
        return rights[product.pk]

    return [
        Target(each.pk, each.client, each.begins_after, tuple(map(right, _products(each))))
        for each in found
    ]


def _products(destination: Destination) -> list[Product]:
    """Those chosen for it that its client still has; all of the client's if none were chosen."""
    held = list(destination.client.products.all())
    chosen = {product.pk for product in destination.products.all()}
    return [product for product in held if product.pk in chosen] if chosen else held
