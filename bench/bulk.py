"""How many stories a second a bulk load takes into newsroom, log and archive.

Runs `dateline demo --stories N` in an empty folder, as an operator would, and beside it, in the
same run, writes the same bodies into a bare SQLite table: what the disk and SQLite allow.
Run: `python -m bench.bulk [N]`.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STORIES = 50_000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else STORIES
    folder = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    environment = {**os.environ, "DATELINE_VAR": str(folder)}
    dateline = [sys.executable, "-m", "dateline.cli"]
    subprocess.run([*dateline, "prepare"], env=environment, check=True)
    subprocess.run([*dateline, "demo", "--stories", "12"], env=environment, check=True)
    (folder / "demo.json").unlink()
    start = time.perf_counter()
    load = [*dateline, "demo", "--seed", "7", "--stories", str(count)]
    subprocess.run(load, env=environment, check=True)
    load_s = time.perf_counter() - start
    _report(count, load_s, _bare_s(folder))


def _bare_s(folder: Path) -> float:
    """Seconds to copy the log's bodies, row by row, into one plain table."""
    source = sqlite3.connect(folder / "newsroom.sqlite3")
    rows = source.execute("SELECT sha256, data FROM releases_body").fetchall()
    target = sqlite3.connect(folder / "bare.sqlite3")
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("CREATE TABLE body (sha256 TEXT PRIMARY KEY, data BLOB)")
    start = time.perf_counter()
    with target:
        target.executemany("INSERT INTO body VALUES (?, ?)", rows)
    return time.perf_counter() - start


def _report(count: int, load_s: float, bare_s: float) -> None:
    from bench.record import record

    record(
        "bulk",
        rows=[
            {"what": "newsroom, log and archive", "stories a second": count / load_s, "ratio": 1.0},
            {
                "what": "the bodies into a bare SQLite table",
                "stories a second": count / bare_s,
                "ratio": load_s / bare_s,
            },
        ],
        facts={
            "stories": count,
            "seconds": round(load_s, 1),
            "counted": "from the command's start to its end: loading Django, following, picks",
        },
    )


if __name__ == "__main__":
    sys.exit(main())
