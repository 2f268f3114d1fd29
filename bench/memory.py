"""The memory of `dateline serve` with one worker: idle, and after readers went through the archive.

PSS counts what processes share by shares, so its sum is what the system spends; RSS counts it once
in each process, as `ps` does. Run: `python -m bench.memory [--var FOLDER]`.
"""

import time
from pathlib import Path
from typing import Any

from bench.archives import asked_for, opened
from bench.client import all_answered, asked
from bench.record import record
from bench.servers import Server, dateline, memory_kb

IDLE_S = 20.0
"""From the server's start to the first look."""

READS = 20_000
PAGES = 20_000
CONNECTIONS = 8

MB = 1024.0


def main() -> None:
    parser = asked_for(__doc__)
    parser.add_argument("--cache-mb", type=int, default=40, help="DATELINE_PAGE_CACHE_MB")
    options = parser.parse_args()
    with opened(options.var) as archive:
        pages = archive.drawn(PAGES)
        paths = (pages * (READS // len(pages) + 1))[:READS]
        with dateline(archive, workers=1, page_cache_mb=options.cache_mb) as server:
            time.sleep(IDLE_S)
            idle = _memory_mb(server)
            job = {"connections": CONNECTIONS, "coding": "gzip"}
            got = all_answered(asked(what="each", port=server.port, paths=paths, **job))
            loaded = _memory_mb(server)
        facts = archive.facts() | {
            "DATELINE_PAGE_CACHE_MB": options.cache_mb,
            "reads": READS,
            "different pages read": len(pages),
            "answers": got["statuses"],
            "reads/s, one worker": round(READS / got["seconds"]),
            "worker's PSS grew by MB": round(loaded["worker"]["Pss"] - idle["worker"]["Pss"], 1),
        }
    record("memory", rows=_rows(idle, loaded), facts=facts)


def _memory_mb(server: Server) -> dict[str, dict[str, float]]:
    """RSS and PSS of each process, by what it does."""
    workers = server.workers()
    found: dict[str, dict[str, float]] = {}
    for pid in server.tree():
        name = "worker" if pid in workers else _name(pid)
        found[name] = {kind: kb / MB for kind, kb in memory_kb(pid).items()}
    return found


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    for word, name in {
        "serve": "supervisor",
        "web": "web server",
        "follow": "follower",
        "schedule": "scheduler",
    }.items():
        if word in words:
            return name
    return "Python's helper"


def _rows(
    idle: dict[str, dict[str, float]], loaded: dict[str, dict[str, float]]
) -> list[dict[str, Any]]:
    rows = [_row(name, idle[name], loaded.get(name, {})) for name in idle]
    return [*rows, _row("all together", _sum(idle), _sum(loaded), asked="≤ 350 MB PSS, idle")]


def _sum(found: dict[str, dict[str, float]]) -> dict[str, float]:
    return {kind: sum(each[kind] for each in found.values()) for kind in ("Pss", "Rss")}


def _row(
    name: str, idle: dict[str, float], loaded: dict[str, float], asked: str = ""
) -> dict[str, Any]:
    return {
        "process": name,
        "idle, PSS MB": idle["Pss"],
        "idle, RSS MB": idle["Rss"],
        "after the reads, PSS MB": loaded.get("Pss", "–"),
        "after the reads, RSS MB": loaded.get("Rss", "–"),
        "asked": asked,
    }


if __name__ == "__main__":
    main()
