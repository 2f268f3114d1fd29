"""The queries of an uncached story page: how many, their plans, their cost as the archive grows.

Fills an archive with 1,000 and then 100,000 stories through the real log and follower, and shows
for each query of a story page its plan and its median time. Run: `python -m bench.queries`.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

SIZES = (1_000, 100_000)
ROUNDS = 200


def main() -> None:
    os.environ["DATELINE_VAR"] = tempfile.mkdtemp(prefix="dateline-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dateline.settings")
    import django

    django.setup()
    from django.core.management import call_command

    for alias in ("default", "public"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    rows: dict[str, dict[str, Any]] = {}
    plans: dict[str, list[str]] = {}
    counts: dict[int, int] = {}
    for size in SIZES:
        _fill(size)
        counts[size] = _measure(size, rows, plans)
    _report(rows, plans, counts)


def _fill(size: int) -> None:
    """Release stories until the log holds `size`, and let the archive follow."""
    from django.db import transaction

    from dateline import items
    from dateline.archive.follower import PublicArchive
    from dateline.items import Kind
    from dateline.releases import log
    from dateline.releases.following import catch_up

    if log.head() == 0:
        edition = items.Edition(guid="e", version=1, code="en", name="English", title="Bench")
        section = items.Section(guid="s", version=1, edition="en", slug="s0", name="Section")
        with transaction.atomic():
            log.append(edition, kind=Kind.NEW)
            log.append(section, kind=Kind.NEW)
            picks = items.Picks(
                guid="p", version=1, edition="en", place="hot", numbers=(11, 22, 33, 44, 55)
            )
            log.append(picks, kind=Kind.NEW)
    while (serial := log.head()) < size + 3:
        batch = range(serial, min(serial + 1_000, size + 3))
        with transaction.atomic():
            log.append_many([log.Addition(_item(n), Kind.NEW) for n in batch])
        catch_up(PublicArchive())


def _item(number: int) -> Any:
    from dateline import items

    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return items.Item(
        guid=f"g{number}",
        number=number,
        version=1,
        edition="en",
        translation_key=f"k{number}",
        section=items.Ref(slug=f"s{number % 8}", name="Section"),
        headline=f"Story {number} of the benchmark says what happened and where",
        first_released_at=at,
        released_at=at,
        topics=tuple(
            items.Ref(slug=f"t{t}", name="topic") for t in {number % 60, number % 7, number % 11}
        ),
        body=tuple(items.Paragraph(html="Text of an ordinary length. " * 12) for _ in range(6)),
    )


def _measure(size: int, rows: dict[str, Any], plans: dict[str, list[str]]) -> int:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from dateline.archive import queries, reading
    from dateline.site.pages import story_page

    held = queries.story(size // 2)
    assert held is not None
    item, shape = held.item, queries.shape()
    asked: dict[str, Callable[[], object]] = {
        "story": lambda: queries.story(item.number),
        "shape": queries.shape,
        "translations": lambda: queries.translations(item),
        "more about, a topic": lambda: queries.newest_under("en", item.topics[0].slug),
        "latest": lambda: queries.latest("en"),
        "picks": lambda: queries.lines(shape.picks["en", "hot"].numbers),
        "most read": lambda: reading.most_read("en", limit=5),
        "section, page 1": lambda: queries.in_section("en", "s3", limit=30),
        "section, deep page": lambda: queries.in_section(
            "en", "s3", limit=30, before=queries.Mark(item.first_released_at, item.number)
        ),
        "topic, deep page": lambda: queries.under_topic(
            "en", "t3", limit=30, before=queries.Mark(item.first_released_at, item.number)
        ),
        "whole page": lambda: story_page(item, shape=queries.shape()),
    }
    for name, ask in asked.items():
        rows.setdefault(name, {"query": name})[f"ms at {size:,}"] = _median_ms(ask)
        if name != "whole page":
            with CaptureQueriesContext(connections["public"]) as captured:
                ask()
            plans[f"{name} at {size:,}"] = [_plan(query["sql"]) for query in captured]
    with CaptureQueriesContext(connections["public"]) as captured:
        opened = queries.story(item.number)
        assert opened is not None
        story_page(opened.item, shape=queries.shape())
    return len(captured)


def _median_ms(ask: Callable[[], object]) -> float:
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def _plan(sql: str) -> str:
    from django.db import connections

    with connections["public"].cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "; ".join(row[3] for row in cursor.fetchall())


def _report(
    rows: dict[str, dict[str, Any]], plans: dict[str, list[str]], counts: dict[int, int]
) -> None:
    from bench.record import record

    small, large = (f"ms at {size:,}" for size in SIZES)
    for row in rows.values():
        row["ratio"] = row[large] / row[small]
    for name, shown in plans.items():
        print(f"{name}:", *shown, sep="\n    ")
    record(
        "queries",
        rows=list(rows.values()),
        facts={"queries of a story page": counts, "plans": plans},
    )


if __name__ == "__main__":
    sys.exit(main())
