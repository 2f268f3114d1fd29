"""The wire: a page at a million items, a thousand streams, and what a release costs for many rules.

Three measurements, each in a folder of its own. *Pages*: a feed of a million rows, written as the
follower writes it; a client that takes everything, one of a section, one of a rare topic, and one
by a word; the server's time for a page of 100 items, all of it but the network. *Streams*: a
thousand listeners on one worker over HTTP; from the commit of a row of the feed until each has its
event. *Rules*: what an item costs to match against products of 5,000 clients, by the index and by
trying all. Run: `python -m bench.wire [--items N] [--only pages|streams|rules]`.
"""

import argparse
import asyncio
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.record import percentile, record

LOAD_BEFORE = round(os.getloadavg()[0], 2)
PORT = 8879
STREAMS = 1_000
TOLD = 10
CLIENTS, RULES = 5_000, 20_000
PAGE = 100
TEXT = "The ministry said on Wednesday that grain left the port before the storm came. " * 18
"""A story of some 1,400 characters, as the demo's are."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["pages", "streams", "rules"], default="")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="bench-wire-") as folder:
        os.environ |= {
            "DATELINE_VAR": folder,
            "DATELINE_PORT": str(PORT),
            "DATELINE_BASE_URL": f"http://127.0.0.1:{PORT}",
            "DJANGO_SETTINGS_MODULE": "dateline.settings",
        }
        subprocess.run([sys.executable, "-m", "dateline.cli", "prepare"], check=True)
        import django

        django.setup()
        for name, measured in (("rules", _rules), ("streams", _streams), ("pages", _pages)):
            if options.only in ("", name):
                rows += measured(options)
    record(
        "wire",
        rows=rows,
        facts={"items": options.items, "load of the machine before": LOAD_BEFORE},
    )


def _row(what: str, spent_ms: list[float], asked: str) -> dict[str, Any]:
    return {
        "what": what,
        "median ms": statistics.median(spent_ms),
        "p95 ms": percentile(spent_ms, 0.95),
        "slowest ms": max(spent_ms),
        "asked": asked,
    }


# --- rules ---------------------------------------------------------------------------------------


def _rules(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Matching one item, as the number of rules grows."""
    from dateline.wire.facts import ItemFacts
    from dateline.wire.matching import Matcher
    from dateline.wire.query import read

    items = [_item(number) for number in range(200)]
    found = []
    for rules in (RULES // 100, RULES // 10, RULES):
        queries = {number: read(_rule(number)) for number in range(rules)}
        matcher = Matcher(queries)
        clients = rules * CLIENTS // RULES
        for name, way in (("by the index", matcher.takers), ("trying all", _trying(queries))):
            spent = [_ms(lambda item=item, way=way: way(ItemFacts(item))) for item in items]
            found.append(_row(f"{rules:,} rules of {clients:,} clients, {name}", spent, ""))
        matched = [len(matcher.takers(ItemFacts(item))) for item in items]
        found[-2]["asked"] = f"takes {statistics.mean(matched):.0f} of them"
    return found


def _trying(queries: Any) -> Any:
    return lambda facts: {key for key, query in queries.items() if query.takes(facts)}


def _rule(number: int) -> str:
    """Rules as clients have them: a tenth of whole sections, the rest topics, people, words."""
    match number % 10:
        case 0:
            return f"edition:en section:section-{number % 12}"
        case 1 | 2 | 3:
            return f"entity:people/person-{number}"
        case 4 | 5:
            return f'edition:en "company {number}"'
        case _:
            return f"edition:en topic:topic-{number % 3_000} -section:sport"


# --- streams -------------------------------------------------------------------------------------


def _streams(options: argparse.Namespace) -> list[dict[str, Any]]:
    with _served():
        return asyncio.run(_told(_tokens(STREAMS)))


async def _told(tokens: list[str]) -> list[dict[str, Any]]:
    heard: list[list[float]] = [[] for _ in range(TOLD)]
    began = time.monotonic()
    joined = await asyncio.gather(*(_listen(token, heard) for token in tokens))
    joined_ms = [(time.monotonic() - began) * 1_000]
    await asyncio.sleep(3)
    last = []
    for number in range(TOLD):
        sent_at = await asyncio.to_thread(_release, number)
        while len(heard[number]) < len(tokens):  # noqa: ASYNC110 - a thousand tasks fill it
            await asyncio.sleep(0.01)
        heard[number] = [(at - sent_at) * 1_000 for at in heard[number]]
        last.append(max(heard[number]))
        await asyncio.sleep(1)
    for task in joined:
        task.cancel()
    every = [ms for each in heard for ms in each]
    return [
        _row(f"until {STREAMS:,} streams are open", joined_ms, ""),
        _row("until one of them is told", every, ""),
        _row("until the last is told", last, "≤ 2,000"),
    ]


async def _listen(token: str, heard: list[list[float]]) -> "asyncio.Task[None]":
    reading, writing = await asyncio.open_connection("127.0.0.1", PORT)
    ask = f"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
    writing.write(ask.encode())
    await reading.readuntil(b"retry:")

    async def hear() -> None:
        for told in heard:
            await reading.readuntil(b"event: item")
            told.append(time.monotonic())
        writing.close()

    return asyncio.ensure_future(hear())


def _release(number: int) -> float:
    """Put one row into the feed, as the follower does; return when it was committed."""
    from django.db import connections

    _write([_item(10_000_000 + number)], first=_head() + 1)
    at = time.monotonic()
    connections.close_all()
    return at


@contextmanager
def _served() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "dateline.cli", "web"])
    try:
        _until_it_answers()
        yield
    finally:
        process.terminate()
        process.wait(20)


def _until_it_answers() -> None:
    import socket

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", PORT), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start")


# --- pages ---------------------------------------------------------------------------------------


def _pages(options: argparse.Namespace) -> list[dict[str, Any]]:
    import django.test

    _fill(options.items)
    browser = django.test.Client(SERVER_NAME="localhost")
    clients = {
        "everything": "*",
        "one section in English": "edition:en section:section-3",
        "a topic of 0.03 %": "topic:topic-17",
        "a word that 0.1 % have": "edition:en company7",
        "20 rules": "\n".join(_rule(number) for number in range(20)),
    }
    found = []
    for number, (name, rules) in enumerate(clients.items()):
        token = _client(f"pages-{number}", rules)
        spent, items = _read(browser, token)
        found.append(_row(f"a page of {PAGE}: {name}", spent, "≤ 50"))
        found[-1]["asked"] += f"; {items / len(spent):.0f} items each"
    return found


def _read(browser: Any, token: str, pages: int = 60) -> tuple[list[float], int]:
    """Pages from all over the feed, each a request to Django without the network."""
    from dateline.wire import cursors

    head = _head()
    spent, items = [], 0
    for number in range(pages):
        after = cursors.write({0: head * number // pages})
        headers = {"Authorization": f"Bearer {token}"}
        query = {"after": after, "limit": PAGE}
        began = time.perf_counter()
        answer = browser.get("/api/v1/items", query, headers=headers)
        spent.append((time.perf_counter() - began) * 1_000)
        assert answer.status_code == 200, answer.content
        items += len(answer.json()["items"])
    return spent, items


def _fill(items: int) -> None:
    began = time.monotonic()
    first = _head() + 1
    for start in range(0, items, 5_000):
        count = min(5_000, items - start)
        _write([_item(start + n) for n in range(count)], first=first + start)
        if start % 100_000 == 0:
            rate = start / (time.monotonic() - began)
            print(f"{start:,} items, {rate:,.0f} a second", flush=True)
    gc.collect()


# --- what is measured on -------------------------------------------------------------------------


def _item(number: int) -> Any:
    from dateline.items import EntityKind, EntityRef, Item, Paragraph, Ref

    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=number * 7 % 20_000_000)
    section = f"section-{number % 12}"
    topic = f"topic-{number % 3_000}"
    person = f"person-{number % 20_000}"
    text = f"{TEXT} company {number % 9_999} company{number % 1_000}"
    return Item(
        guid=f"urn:bench:{number}",
        number=number + 1,
        version=1,
        edition="en" if number % 2 else "uk",
        section=Ref(slug=section, name=section),
        headline=f"Headline {number}",
        first_released_at=at,
        released_at=at,
        body=(Paragraph(html=text),),
        topics=(Ref(slug=topic, name=topic),),
        entities=(EntityRef(kind=EntityKind.PERSON, slug=person, name=person),),
    )


def _write(items: list[Any], *, first: int) -> None:
    """Rows of the feed by the follower's own code, without the log in between."""
    from django.db import transaction

    from dateline.items import Audience, Kind, canonical
    from dateline.releases.log import Entry
    from dateline.releases.models import Cursor
    from dateline.wire.feed import WireFeed

    feed, now = WireFeed(), datetime.now(UTC)
    entries = [
        Entry(first + n, now, Kind.NEW, Audience.PUBLIC, "item", item.guid, 1, canonical(item))
        for n, item in enumerate(items)
    ]
    with transaction.atomic(using="wire"):
        feed.apply(entries)
        Cursor.objects.using("wire").update_or_create(
            follower=feed.name, defaults={"serial": entries[-1].serial}
        )


def _head() -> int:
    from dateline.releases.following import position
    from dateline.wire.feed import WireFeed

    return position(WireFeed())


def _client(slug: str, rules: str) -> str:
    from dateline.wire import tokens
    from dateline.wire.models import Client, Product

    product = Product.objects.using("wire").create(
        name=slug, slug=slug, rules=rules, formats=["ninjs"], archive_days=0
    )
    day = datetime(2020, 1, 1, tzinfo=UTC).date()
    client = Client.objects.using("wire").create(name=slug, slug=slug, contract_from=day)
    client.products.add(product)
    return tokens.make(client, name="bench", per_minute=1_000_000)[1]


def _tokens(count: int) -> list[str]:
    return [_client(f"stream-{number}", "*") for number in range(count)]


def _ms(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


if __name__ == "__main__":
    main()
