"""Keeping results: one JSON file a benchmark and day in `bench/results/`, and a table on screen."""

import json
import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def record(name: str, *, rows: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    """Print the rows as a table and keep them with their date and the machine's size."""
    _print_table(name, rows)
    for key, value in facts.items():
        print(f"{key}: {value}")
    RESULTS.mkdir(exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    text = json.dumps(
        {"name": name, "day": day, "machine": _machine(), "facts": facts, "rows": rows},
        indent=1,
        ensure_ascii=False,
    )
    (RESULTS / f"{day}-{name}.json").write_text(text + "\n")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
    }


def _print_table(name: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n## {name}\n")
    heads = list(rows[0])
    print("| " + " | ".join(heads) + " |")
    print("|" + " --- |" * len(heads))
    for row in rows:
        print("| " + " | ".join(_shown(row[head]) for head in heads) + " |")
    print()


def _shown(value: Any) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else str(value)
