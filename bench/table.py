"""What was asked of the read path and what was got, from the newest result of each benchmark.

Reads `bench/results/*.json` and writes `bench/results/table.md`. Run: `python -m bench.table`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.record import RESULTS

Result = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One line of the table: what is measured, by which benchmark, and how it is read from it."""

    what: str
    benchmark: str
    words: str
    got: Callable[[Result], float]
    shown: str
    met: Callable[[float], bool]


def _cell(begin: str, column: str, beside: str = "") -> Callable[[Result], float]:
    """The value in the row that begins with these words, beside that yardstick if one is named."""

    def read(result: Result) -> float:
        for row in result["rows"]:
            name = str(next(iter(row.values())))
            if name.startswith(begin) and row.get("beside", "").endswith(beside):
                return float(row[column])
        raise LookupError(begin)

    return read


def _lowest(*columns: str) -> Callable[[Result], float]:
    """The lowest score of any page; a dash is a score that does not count."""

    def read(result: Result) -> float:
        scores = (row[column] for row in result["rows"] for column in columns)
        return min(float(score) for score in scores if score != "–")

    return read


def _at_least(bound: float) -> Callable[[float], bool]:
    return lambda got: got >= bound


def _at_most(bound: float) -> Callable[[float], bool]:
    return lambda got: got <= bound


ASKED = (
    Asked("A page in memory, gzip, one worker, beside nginx from files", "read_path",
          "at least 0.30 of its requests/s; reach for 0.45",
          _cell("a page in memory, gzip", "ratio"), "{:.2f}", _at_least(0.30)),
    Asked("The same, zstd", "read_path",
          "at least 0.30; reach for 0.45",
          _cell("a page in memory, zstd", "ratio"), "{:.2f}", _at_least(0.30)),
    Asked("Pages outside memory, beside Django's templates at each request (ASGI)", "read_path",
          "at least 5 times the pages/s; reach for 10",
          _cell("cold pages", "ratio", "ASGI"), "{:.1f} times", _at_least(5)),
    Asked("The same, beside Django as quick as we can run it (WSGI)", "read_path",
          "",
          _cell("cold pages", "ratio", "WSGI"), "{:.1f} times", _at_least(0)),
    Asked("A page outside memory at this size, beside 1,000 stories, by the press", "read_path",
          "at most 1.3 times the time",
          _cell("a page outside memory, ms by the press", "ratio"), "{:.2f} times", _at_most(1.3)),
    Asked("The same, over HTTP", "read_path",
          "at most 1.3 times",
          _cell("a page outside memory, ms over HTTP", "ratio"), "{:.2f} times", _at_most(1.3)),
    Asked("A release is seen everywhere, on every worker, under 2,000 reads/s: p95", "freshness",
          "at most 250 ms from the commit",
          _cell("seen everywhere, from the commit", "p95 ms"), "{:.0f} ms", _at_most(250)),
    Asked("The same: p99", "freshness",
          "at most 500 ms",
          _cell("seen everywhere, from the commit", "p99 ms"), "{:.0f} ms", _at_most(500)),
    Asked("A read in the second after a release: p99", "freshness",
          "at most 100 ms",
          _cell("a read in the second", "p99 ms"), "{:.0f} ms", _at_most(100)),
    Asked("A listener's memory, 10,000 on one worker", "live",
          "at most 40 kB",
          _cell("kB of the worker's", "median"), "{:.1f} kB", _at_most(40)),
    Asked("The last of 10,000 listeners has a release: slowest", "live",
          "at most 2 s",
          _cell("ms until the last", "slowest"), "{:.0f} ms", _at_most(2_000)),
    Asked("`dateline serve`, idle, one worker, all processes", "memory",
          "at most 350 MB (PSS)",
          _cell("all together", "idle, PSS MB"), "{:.0f} MB", _at_most(350)),
    Asked("The same by RSS, which counts shared memory in each process", "memory",
          "",
          _cell("all together", "idle, RSS MB"), "{:.0f} MB", _at_least(0)),
    Asked("The same with pages of all stories read, the cache full", "memory",
          "",
          _cell("all together", "after the reads, PSS MB"), "{:.0f} MB", _at_least(0)),
    Asked("A bulk load into newsroom, log and archive", "bulk",
          "at least 2,000 stories a second",
          _cell("newsroom, log and archive", "stories a second"), "{:,.0f}", _at_least(2_000)),
    Asked("Lighthouse, mobile, performance: the lowest of all pages", "lighthouse",
          "",
          _lowest("performance"), "{:.0f}", _at_least(0)),
    Asked("Lighthouse, accessibility, best practices, SEO: the lowest", "lighthouse",
          "",
          _lowest("accessibility", "best practices", "SEO"), "{:.0f}", _at_least(0)),
)  # fmt: skip


def main() -> None:
    text = "\n".join(_lines(_newest())) + "\n"
    (RESULTS / "table.md").write_text(text)
    print(text)


def _newest() -> dict[str, Result]:
    """The last result of each benchmark: the files' names begin with the day."""
    found = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    return {result["name"]: result for result in found}


def _lines(results: dict[str, Result]) -> Iterator[str]:
    yield "# The read path: asked and got"
    yield ""
    yield "Made by `python -m bench.table` from the newest result of each benchmark in this folder."
    yield ""
    yield "| what | asked | got | met | measured by | stories | day |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for asked in ASKED:
        result = results.get(asked.benchmark)
        by = f"`bench.{asked.benchmark}`"
        got, met = _got(asked, result)
        facts = result["facts"] if result else {}
        stories = facts.get("stories in the archive") or facts.get("stories", "")
        shown = f"{stories:,}" if stories else "demo"
        day = result["day"] if result else ""
        yield f"| {asked.what} | {asked.words} | {got} | {met} | {by} | {shown} | {day} |"


def _got(asked: Asked, result: Result | None) -> tuple[str, str]:
    try:
        value = asked.got(result) if result else None
    except (LookupError, ValueError):
        value = None
    if value is None:
        return "not measured", ""
    return asked.shown.format(value), ("" if not asked.words else _yes_no(asked.met(value)))


def _yes_no(met: bool) -> str:
    return "yes" if met else "**no**"


if __name__ == "__main__":
    main()
