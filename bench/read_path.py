"""What reading costs: a page from memory beside nginx, pages made anew beside Django's templates.

Three questions, each asked of both sides by turns in one run, on a folder with a demo archive:

1. A story page in memory, from one worker, beside nginx with the same bytes and headers from files.
2. Pages drawn evenly from the whole archive, each asked for once, so that no cache helps: beside
   the same views and templates run by Django at each request (`bench/plain_django.py`).
3. What a page outside memory costs at this size, beside an archive of 1,000 stories.

Run: `python -m bench.read_path [--var FOLDER]`. The first question needs nginx and wrk.
"""

import json
import random
import statistics
import subprocess
import sys
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import nginx
from bench.archives import SEED, Archive, asked_for, environment, made, opened
from bench.client import all_answered, asked
from bench.press_cost import WARM
from bench.record import percentile, record
from bench.servers import Server, dateline, fetch, plain_django

CACHE_MB = 8
"""Of pages in memory while pages are asked for once: there is nothing to keep."""

ALIKE = 50
"""Addresses whose pages are compared, byte by byte, between Dateline and plain Django."""

CONNECTIONS = 4
SMALL = 1_000

Row = dict[str, Any]


def main() -> None:
    parser = asked_for(__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="by turns on both sides")
    parser.add_argument("--seconds", type=int, default=8, help="of each round beside nginx")
    parser.add_argument("--pages", type=int, default=5_000, help="drawn for each round, cold")
    parser.add_argument("--only", default="memory,cold,size", help="questions to ask")
    options = parser.parse_args()
    only = set(options.only.split(","))
    rows: list[Row] = []
    with opened(options.var) as archive:
        facts: dict[str, Any] = archive.facts() | {"rounds": options.rounds}
        if "memory" in only:
            rows += _from_memory(archive, facts, rounds=options.rounds, seconds=options.seconds)
        if "cold" in only:
            rows += _cold(archive, facts, rounds=options.rounds, pages=options.pages)
        if "size" in only:
            rows += _by_size(archive, facts, rounds=options.rounds)
    record("read_path", rows=rows, facts=facts)


# --- 1. from memory, beside nginx ----------------------------------------------------------------


def _from_memory(
    archive: Archive, facts: dict[str, Any], *, rounds: int, seconds: int
) -> list[Row]:
    if lacking := nginx.missing():
        words = f"{' and '.join(lacking)} missing: `apt install nginx wrk`"
        print(f"Left out: a page from memory beside nginx. {words}", file=sys.stderr)
        facts["a page from memory"] = f"not measured, {words}"
        return []
    (path,) = archive.drawn(1)
    with ExitStack() as stack:
        ours = stack.enter_context(dateline(archive, workers=1))
        packed = {coding: _packed(ours, path, coding) for coding in ("gzip", "zstd")}
        theirs = stack.enter_context(nginx.serving(path, packed))
        facts["bytes of the page"] = {coding: len(body) for coding, (_, body) in packed.items()}
        return [
            _beside_nginx(ours, theirs, path, coding, held, rounds=rounds, seconds=seconds)
            for coding, held in (("gzip", False), ("zstd", False), ("gzip", True))
        ]


def _packed(server: Server, path: str, coding: str) -> tuple[dict[str, str], bytes]:
    status, headers, body = fetch(server.port, path, coding=coding)
    assert (status, headers["content-encoding"]) == (200, coding), (status, headers)
    return headers, body


def _beside_nginx(
    ours: Server, theirs: Server, path: str, coding: str, held: bool, *, rounds: int, seconds: int
) -> Row:
    sides = ((ours, path), (theirs, f"{path}{coding}"))
    rates: tuple[list[nginx.Rate], list[nginx.Rate]] = ([], [])
    for round_ in range(rounds):
        for side in (0, 1) if round_ % 2 == 0 else (1, 0):
            server, at = sides[side]
            status, headers, body = fetch(server.port, at, coding=coding)
            sent = {"If_None_Match": headers["etag"]} if held else {}
            if held:
                status, _, body = fetch(server.port, at, coding=coding, **sent)
            assert (status, bool(body)) == ((304, False) if held else (200, True)), status
            rates[side].append(
                nginx.asked_by_wrk(server, at, coding=coding, seconds=seconds, **sent)
            )
    name = "304 for a page in memory" if held else f"a page in memory, {coding}"
    return _row(
        f"{name}: requests/s",
        statistics.median(rate.per_s for rate in rates[0]),
        "nginx",
        statistics.median(rate.per_s for rate in rates[1]),
        asked="≥ 0.30" if not held else "",
        by_cpu=statistics.median(rate.per_cpu_s for rate in rates[0])
        / statistics.median(rate.per_cpu_s for rate in rates[1]),
    )


# --- 2. cold, beside Django's templates ----------------------------------------------------------


def _cold(archive: Archive, facts: dict[str, Any], *, rounds: int, pages: int) -> list[Row]:
    pages = min(pages, (archive.stories - 2 * ALIKE) // (rounds + 1))
    drawn = archive.drawn(2 * ALIKE + rounds * pages)
    alike, warm, drawn = drawn[:ALIKE], drawn[ALIKE : 2 * ALIKE], drawn[2 * ALIKE :]
    with ExitStack() as stack:
        servers = {
            "Dateline": stack.enter_context(dateline(archive, workers=1, page_cache_mb=CACHE_MB)),
            "Django, ASGI": stack.enter_context(plain_django(archive, interface="asgi")),
            "Django, WSGI": stack.enter_context(plain_django(archive, interface="wsgi")),
        }
        for server in servers.values():
            asked(what="each", port=server.port, paths=warm, connections=1, coding="gzip")
        found: dict[str, list[dict[str, float]]] = {name: [] for name in servers}
        for round_ in range(rounds):
            paths = drawn[round_ * pages : (round_ + 1) * pages]
            turn = list(servers)
            # Whoever comes first in a round reads from the disk what the others find in memory.
            random.Random(SEED + round_).shuffle(turn)
            for name in turn:
                found[name].append(_asked_once(servers[name], paths))
        same, differing = _alike(servers, alike)
    facts["pages drawn for each cold round"] = pages
    facts["cold pages, in all"] = pages * rounds
    facts["pages compared and the same in all three"] = f"{same} of {same + len(differing)}"
    if differing:
        facts["pages that differ"] = differing[:5]
    facts["cold, ms of a page by one reader after the other"] = {
        name: round(statistics.median(each["ms"] for each in rounds_), 2)
        for name, rounds_ in found.items()
    }
    facts["cold, worker's CPU ms a page"] = {
        name: round(statistics.median(each["cpu ms"] for each in rounds_), 2)
        for name, rounds_ in found.items()
    }
    facts["cold, bytes of a page over the wire"] = {
        name: round(rounds_[0]["bytes"]) for name, rounds_ in found.items()
    }
    median = {
        name: statistics.median(each["per s"] for each in rounds_)
        for name, rounds_ in found.items()
    }
    cpu = {
        name: statistics.median(each["cpu ms"] for each in rounds_)
        for name, rounds_ in found.items()
    }
    return [
        _row(
            "cold pages: pages/s",
            median["Dateline"],
            name,
            median[name],
            asked="≥ 5",
            by_cpu=cpu[name] / cpu["Dateline"],
        )
        for name in servers
        if name != "Dateline"
    ]


def _asked_once(server: Server, paths: list[str]) -> dict[str, float]:
    before = server.worker_cpu_s()
    got = all_answered(
        asked(what="each", port=server.port, paths=paths, connections=CONNECTIONS, coding="gzip")
    )
    return {
        "per s": len(paths) / got["seconds"],
        "ms": statistics.median(got["ms"]) / CONNECTIONS,
        "cpu ms": (server.worker_cpu_s() - before) * 1000 / len(paths),
        "bytes": got["bytes"] / len(paths),
    }


def _alike(servers: dict[str, Server], paths: list[str]) -> tuple[int, list[str]]:
    """How many pages are the same, byte by byte, from all servers; and the paths of the others."""
    differing = []
    for path in paths:
        bodies = {_unpacked(server, path) for server in servers.values()}
        if len(bodies) != 1:
            differing.append(path)
    return len(paths) - len(differing), differing


def _unpacked(server: Server, path: str) -> bytes:
    _, headers, body = fetch(server.port, path, coding="gzip")
    return zlib.decompress(body, wbits=31) if "content-encoding" in headers else body


# --- 3. by the archive's size --------------------------------------------------------------------


def _by_size(archive: Archive, facts: dict[str, Any], *, rounds: int) -> list[Row]:
    with made(SMALL) as small, ExitStack() as stack:
        archives = {"this archive": archive, "1,000 stories": small}
        each = (SMALL - 2 * WARM) // rounds
        drawn = {name: found.drawn(SMALL - WARM, seed=SEED + 1) for name, found in archives.items()}
        servers = {
            name: stack.enter_context(dateline(found, workers=1, page_cache_mb=CACHE_MB))
            for name, found in archives.items()
        }
        made_ms: dict[str, list[float]] = {name: [] for name in archives}
        http_ms: dict[str, list[float]] = {name: [] for name in archives}
        for name, server in servers.items():
            paths = drawn[name][:WARM]
            asked(what="each", port=server.port, paths=paths, connections=1, coding="gzip")
        for round_ in range(rounds):
            for name in archives if round_ % 2 == 0 else reversed(archives):
                start = WARM + round_ * each
                paths = drawn[name][start : start + each]
                job = {"what": "each", "connections": 1, "coding": "gzip"}
                got = all_answered(asked(port=servers[name].port, paths=paths, **job))
                http_ms[name] += got["ms"]
                made_ms[name] += _made_ms(archives[name].var, drawn[name][:WARM] + paths)
    rows = []
    for what, spent in (("by the press", made_ms), ("over HTTP, one reader", http_ms)):
        here, there = (statistics.median(spent[name]) for name in archives)
        rows.append(
            _row(f"a page outside memory, ms {what}", here, "1,000 stories", there, asked="≤ 1.3")
        )
        facts[f"95 of 100 under ms, {what}"] = {
            name: round(percentile(spent[name], 0.95), 2) for name in archives
        }
    return rows


def _made_ms(var: Path, paths: list[str]) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.press_cost"],
        input=json.dumps(paths),
        env=environment(var),
        stdout=subprocess.PIPE,
        text=True,
        timeout=600,
        check=True,
    )
    return list(json.loads(done.stdout))


def _row(
    what: str,
    ours: float,
    beside: str,
    theirs: float,
    *,
    asked: str,
    by_cpu: float | None = None,
) -> Row:
    """A line of the table. `by_cpu` is the ratio by the workers' processor time alone, which other
    programs on the machine disturb less."""
    return {
        "what": what,
        "Dateline": ours,
        "beside": beside,
        "there": theirs,
        "ratio": ours / theirs,
        "ratio by CPU time": "–" if by_cpu is None else by_cpu,
        "asked": asked,
    }


if __name__ == "__main__":
    main()
