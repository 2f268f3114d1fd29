"""Pages of a long list: what is sought is counted as far as anybody turns pages, and no further."""

from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

MOST_COUNTED = 10_000
"""Matches that are counted and can be turned to. To count a million for each look costs a second,
and whoever has more than these narrows the search."""


class BoundedPaginator(WagtailPaginator):
    """Counts all of a whole list, which an index does, and of what was sought at most this many."""

    @cached_property
    def count(self) -> int:
        if not self.object_list.query.where:
            return int(super().count)
        return min(self._counted, MOST_COUNTED)

    @cached_property
    def has_more(self) -> bool:
        """Are there more matches than were counted?"""
        return bool(self.object_list.query.where) and self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        found = self.object_list.order_by().select_related(None).values("pk")
        return int(found[: MOST_COUNTED + 1].count())
