"""Data folders to measure on, given or a small demo made for the run; and what is in them."""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOAD_BEFORE = round(os.getloadavg()[0], 2)
"""Programs that wanted a processor in the minute before: others disturb what is measured."""

SMALL = 2_000
"""Stories of the demo that is made where no folder is given."""

SEED = 20_261
"""Every draw of pages begins from this, so that two runs on one folder ask for the same pages."""


@dataclass(frozen=True)
class Archive:
    """A data folder with a demo in it."""

    var: Path
    stories: int

    def facts(self) -> dict[str, Any]:
        size = (self.var / "public.sqlite3").stat().st_size
        return {
            "stories in the archive": self.stories,
            "archive MB": round(size / 1e6),
            "load of the machine before": LOAD_BEFORE,
        }

    def drawn(self, count: int, *, seed: int = SEED, edition: str = "") -> list[str]:
        """Addresses of story pages, drawn evenly from all that are public; each at most once."""
        with _reading(self.var) as archive:
            of = "AND edition = ?" if edition else ""
            numbers = [
                number
                for (number,) in archive.execute(
                    "SELECT number FROM archive_archivedstory INDEXED BY archive_latest "
                    f"WHERE gone_at IS NULL {of} ORDER BY number",
                    [edition] if edition else [],
                )
            ]
            chosen = random.Random(seed).sample(numbers, min(count, len(numbers)))
            return [_address(archive, number) for number in chosen]

    def paths(self, table: str) -> list[tuple[str, str]]:
        """Edition and slug of every document of a type: sections, topics."""
        with _reading(self.var) as archive:
            return archive.execute(
                "SELECT edition, key FROM archive_archiveddocument "
                "WHERE document_type = ? AND live ORDER BY 1, 2",
                [table],
            ).fetchall()


def asked_for(description: str | None) -> argparse.ArgumentParser:
    """The parser of a benchmark's command line."""
    parser = argparse.ArgumentParser(
        description=(description or "").partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--var", type=Path, help="data folder with a demo; a small one is made")
    return parser


@contextmanager
def opened(var: Path | None, *, stories: int = SMALL) -> Iterator[Archive]:
    """The archive in this folder; without one, in a folder made for the run."""
    if var is not None:
        yield _counted(var.absolute())
        return
    with made(stories) as archive:
        yield archive


@contextmanager
def made(stories: int) -> Iterator[Archive]:
    """A demo of this size in a folder of its own, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    try:
        print(f"Making a demo of {stories:,} stories", file=sys.stderr)
        for words in (["prepare"], ["demo", "--stories", str(stories)]):
            subprocess.run(
                [sys.executable, "-m", "dateline.cli", *words],
                env=environment(folder),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        yield _counted(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(var: Path, **settings: object) -> dict[str, str]:
    """The environment of a program on this folder: these settings of Dateline and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    given = {f"DATELINE_{name.upper()}": str(value) for name, value in settings.items()}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "dateline.settings",
        "DATELINE_VAR": str(var),
        **given,
    }


def _counted(var: Path) -> Archive:
    if not (var / "public.sqlite3").exists():
        raise SystemExit(f"{var} holds no archive. `make bench-data BENCH_VAR={var}` makes one.")
    with _reading(var) as archive:
        (stories,) = archive.execute("SELECT count(*) FROM archive_archivedstory").fetchone()
    return Archive(var, stories)


@contextmanager
def _reading(var: Path) -> Iterator[sqlite3.Connection]:
    archive = sqlite3.connect(f"{(var / 'public.sqlite3').as_uri()}?mode=ro", uri=True)
    try:
        yield archive
    finally:
        archive.close()


def _address(archive: sqlite3.Connection, number: int) -> str:
    edition, section, slug = archive.execute(
        "SELECT edition, section, slug FROM archive_archivedstory WHERE number = ?", [number]
    ).fetchone()
    return f"/{edition}/{section}/{number}-{slug}/"
