"""From a release's commit until every worker shows it everywhere, while 2,000 a second read.

Two workers. Readers ask at a fixed rate for 1,000 story pages and for lists and feeds, and a read's
time runs from when it was due. Meanwhile stories are released through the newsroom's own path; from
the commit on, each worker is asked for seven addresses until it shows the story: its page, front
page, section, topic, Latest, feed, and the rail of an old story's page.
Run: `python -m bench.freshness [--var FOLDER]`. It leaves its releases in the folder.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import zstandard

from bench.archives import Archive, asked_for, environment, opened
from bench.client import Asking, Connection, all_answered, asked, connected, question
from bench.record import percentile, record
from bench.servers import Server, dateline, owner_of

WORKERS = 2
STORY_PAGES = 1_000
READERS = 100
"""Connections that readers keep open."""

LISTS_SHARE = 10
"""One read of so many is of a list or a feed."""

WARM_PASSES = 4
"""How often all pages are read before anything is measured: each worker then has nearly all."""

WARM_S = 4.0
"""The readers read that long before the first release."""

BROWSERS = "gzip, deflate, br, zstd"
"""What Firefox and Chrome send over HTTPS. With `gzip` alone each page costs more to pack anew."""

POLL_S = 0.004
GIVE_UP_S = 10.0


def main() -> None:
    parser = asked_for(__doc__)
    parser.add_argument("--releases", type=int, default=60)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between releases")
    parser.add_argument("--rate", type=float, default=2_000, help="reads a second")
    parser.add_argument("--coding", default=BROWSERS, help="the readers' Accept-Encoding")
    options = parser.parse_args()
    with (
        opened(options.var) as archive,
        dateline(archive, workers=WORKERS) as server,
    ):
        pages = archive.drawn(STORY_PAGES)
        paths = _read(archive, pages)
        job = {"port": server.port, "connections": READERS, "coding": options.coding}
        all_answered(asked(what="each", paths=paths * WARM_PASSES, **job))
        seconds = WARM_S + options.releases * options.every + 2
        with _newsroom(archive, server, options.coding) as poller:
            cpu_s = server.worker_cpu_s()
            start = time.monotonic()
            reading = Asking(what="paced", paths=paths, rate=options.rate, seconds=seconds, **job)
            try:
                old_page = next(path for path in pages if path.startswith("/en/"))
                due = [start + WARM_S + n * options.every for n in range(options.releases)]
                releases = _releases(poller, old_page, due, until=start + seconds)
            finally:
                read = reading.result(seconds + 60)
            read["cpu"] = (server.worker_cpu_s() - cpu_s) / (time.monotonic() - start)
    _report(archive, releases, read, options)


def _read(archive: Archive, pages: list[str]) -> list[str]:
    """What readers draw from: the story pages, and lists and feeds often enough."""
    lists = []
    for edition, _ in archive.paths("edition"):
        root = f"/{edition}/"
        sections = [f"{root}{slug}/" for code, slug in archive.paths("section") if code == edition]
        lists += [root, f"{root}latest/", *sections, f"{root}feed.atom", f"{root}feed.rss"]
    return pages + (lists * len(pages))[: len(pages) // (LISTS_SHARE - 1)]


# --- releases, and who asks for them -------------------------------------------------------------


@contextmanager
def _newsroom(
    archive: Archive, server: Server, coding: str
) -> Iterator[subprocess.Popen[str]]:
    """This process ready to release, and a poller ready to look for what it released."""
    os.environ.update(environment(archive.var))
    import django

    django.setup()
    job = [str(server.port), str(server.pid), coding]
    poller = subprocess.Popen(
        [sys.executable, "-m", "bench.freshness", "--poll", *job],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert poller.stdout
        poller.stdout.readline()  # it says when it is ready
        yield poller
    finally:
        poller.kill()
        poller.wait()


def _releases(
    poller: "subprocess.Popen[str]", old_page: str, due: list[float], *, until: float
) -> list[dict[str, Any]]:
    """Each release: when it was called, committed and returned, and when it was seen where."""
    assert poller.stdin
    assert poller.stdout
    found: list[dict[str, Any]] = []
    for number, at in enumerate(due):
        time.sleep(max(0.0, at - time.monotonic()))
        if time.monotonic() > until - 1:
            break  # the readers stop
        released = _release(number, old_page)
        poller.stdin.write(json.dumps(released.pop("look at")) + "\n")
        poller.stdin.flush()
        found.append(released | {"seen": json.loads(poller.stdout.readline())})
    return found


def _release(number: int, old_page: str) -> dict[str, Any]:
    from django.db import transaction

    from dateline.addresses import latest_path, section_path, story_path, topic_path
    from dateline.newsroom.models import Edition, Section, Story
    from dateline.newsroom.release import release

    edition = Edition.objects.get(locale__language_code="en")
    section = Section.objects.get(edition=edition, slug="economy")
    headline = f"Measured release {number} of {os.getpid()}"
    story = Story(
        locale=edition.locale,
        section=section,
        headline=headline,
        body=[("paragraph", "<p>Text of the measured release.</p>")],
    )
    story.save()
    story.set_topics(["energy"])
    times = {"called": time.monotonic()}
    with transaction.atomic():
        # The first to hear of the commit: what release() itself does after it comes later.
        transaction.on_commit(lambda: times.update(committed=time.monotonic()))
        release(story)
    times["returned"] = time.monotonic()
    slug = f"measured-release-{number}-of-{os.getpid()}"
    look_at = {
        "page": story_path("en", "economy", story.pk, slug),
        "front page": "/en/",
        "section": section_path("en", "economy"),
        "topic": topic_path("en", "energy"),
        "Latest": latest_path("en"),
        "feed": "/en/feed.atom",
        "rail of an old page": old_page,
    }
    return times | {"look at": {"text": headline, "paths": look_at}}


# --- the poller, in a process of its own ---------------------------------------------------------


async def _poll(port: int, server: Server, coding: str) -> None:
    """Answers each line of its input with when every worker first showed the text where."""
    workers = server.workers()
    opened: dict[int, list[Connection]] = {pid: [] for pid in workers}
    for _ in range(400):
        if all(len(found) >= 7 for found in opened.values()):
            break
        connection = await connected(port)
        await _answer(connection, question(port, "/en/"))
        # Workers take up connections from one socket, as they come: /proc says who has this one.
        owner = owner_of(connection.socket, workers)
        if owner in opened and len(opened[owner]) < 7:
            opened[owner].append(connection)
        else:
            connection.close()
    if not all(len(found) >= 7 for found in opened.values()):
        raise SystemExit("Not every worker took a connection.")
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        job = json.loads(line)
        text = job["text"].encode()
        jobs = {
            f"{name} by worker {number}": _seen(
                connections[at], question(port, path, coding=coding), text
            )
            for at, (name, path) in enumerate(job["paths"].items())
            for number, connections in enumerate(opened.values())
        }
        seen = dict(zip(jobs, await asyncio.gather(*jobs.values()), strict=True))
        print(json.dumps(seen), flush=True)


async def _seen(connection: Connection, wanted: bytes, text: bytes) -> float | None:
    end = time.monotonic() + GIVE_UP_S
    while time.monotonic() < end:
        _, body = await _answer(connection, wanted)
        if text in _unpacked(body):
            return time.monotonic()
        await asyncio.sleep(POLL_S)
    return None


def _unpacked(body: bytes) -> bytes:
    if body.startswith(b"\x1f\x8b"):
        return zlib.decompress(body, wbits=31)
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        return bytes(zstandard.ZstdDecompressor().decompress(body))
    return body


async def _answer(connection: Connection, wanted: bytes) -> tuple[int, bytes]:
    answered: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
    connection.ask(wanted, partial(_set, answered))
    return await asyncio.wait_for(answered, 30)


def _set(answered: asyncio.Future[tuple[int, bytes]], status: int, body: bytes) -> None:
    if not answered.done():
        answered.set_result((status, body))


# --- the report ----------------------------------------------------------------------------------


def _report(
    archive: Archive, releases: list[dict[str, Any]], read: dict[str, Any], options: Any
) -> None:
    since: dict[str, dict[str, list[float]]] = {"committed": {}, "called": {}}
    missed = 0
    for each in releases:
        for place, at in each["seen"].items():
            missed += at is None
            for moment, found in since.items():
                spent = GIVE_UP_S if at is None else at - each[moment]
                found.setdefault(place.partition(" by ")[0], []).append(spent * 1000)
    rows = [
        _row(f"seen on {place}, from the commit", values)
        for place, values in since["committed"].items()
    ]
    for moment, words in (("committed", "from the commit"), ("called", "from the call")):
        values = [value for found in since[moment].values() for value in found]
        target = "p95 ≤ 250, p99 ≤ 500" if moment == "committed" else ""
        rows.append(_row(f"seen everywhere, {words}", values, target))
    after = _reads_after(releases, read["reads"])
    before = [ms for at, ms, status in read["reads"] if at < releases[0]["called"] - 1 and status]
    rows.append(_row("a read in the second after a release", after, "p99 ≤ 100"))
    rows.append(_row("a read before the first release", before))
    statuses = [status for _, _, status in read["reads"]]
    record(
        "freshness",
        rows=rows,
        facts=archive.facts()
        | {
            "workers": WORKERS,
            "releases": len(releases),
            "seconds between releases": options.every,
            "never seen within 10 s": missed,
            "ms of release() until the commit, median": round(
                statistics.median((r["committed"] - r["called"]) * 1000 for r in releases), 1
            ),
            "reads/s asked for": options.rate,
            "reads/s sent": round(read["rate"], 1),
            "reads": len(statuses),
            "reads in the seconds after releases": len(after),
            "answers": {str(s): statuses.count(s) for s in sorted(set(statuses))},
            "unanswered": read["unanswered"],
            "99 of 100 sent within ms of when they were due": round(read["own lag ms"], 2),
            "readers accept": options.coding,
            "workers' CPU seconds a second": round(read["cpu"], 2),
            "readers' connections": READERS,
            "story pages read": STORY_PAGES,
        },
    )


def _reads_after(
    releases: list[dict[str, Any]], reads: list[tuple[float, float, int]]
) -> list[float]:
    """Milliseconds of all reads that were due within a second after a commit."""
    starts = [each["committed"] for each in releases]
    found = []
    for due, ms, status in reads:
        if status and any(start <= due < start + 1 for start in starts):
            found.append(ms)
    return found


def _row(what: str, values: list[float], target: str = "") -> dict[str, Any]:
    return {
        "what": what,
        "median ms": statistics.median(values),
        "p95 ms": percentile(values, 0.95),
        "p99 ms": percentile(values, 0.99),
        "slowest ms": max(values),
        "asked": target,
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--poll"]:
        port, pid = map(int, sys.argv[2:4])
        asyncio.run(_poll(port, Server(port, pid), sys.argv[4]))
    else:
        main()
