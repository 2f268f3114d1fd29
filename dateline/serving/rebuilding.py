"""`dateline rebuild`: an archive made again from serial 1, while the site goes on serving.

The wire's feed stands beside clients and products, so it is made again in its place.

SQLite: a new file is filled beside the old one, which is neither read nor written, so it may be
damaged or missing; then the name is given to the new file in one step. PostgreSQL: everything
happens in one transaction, and readers see the old archive until it commits.
"""

import fcntl
import logging
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.db import connections, transaction

from dateline.errors import DatelineError
from dateline.releases import log
from dateline.releases.following import Follower, apply_next
from dateline.releases.models import Cursor
from dateline.routers import ARCHIVES
from dateline.serving.followers import FOLLOWERS
from dateline.serving.preparing import migrate_archive

logger = logging.getLogger(__name__)

KEPT_BY_PEOPLE = ("wire",)
"""Databases that hold, beside what a follower makes, what no log can make again."""

BATCH = 1000
"""Rows applied at a time. Nobody waits for the lock of a file that nobody knows yet."""

GRACE_S = 1.0
"""How long the old file is kept after the new one has its name: a reader may have opened it a
moment before, and not yet the write-ahead log beside it."""


class RebuildRuns(DatelineError):
    """Another rebuild of this archive is at work."""

    code = "rebuild-runs"


def rebuild(name: str, *, var: Path) -> int:
    """Make the archive `name` again from the log; return the serial it reached.

    Safe at any time, beside its follower and its readers: both see the old archive until the new
    one is complete, and nothing is missed or applied twice.
    """
    follower = FOLLOWERS[name]()
    with _alone(var / f"rebuild-{name}.lock"):
        if name in KEPT_BY_PEOPLE:
            return _apply_again(follower)
        if connections[follower.database].vendor == "sqlite":
            return _rebuild_file(follower)
        return _rebuild_in_place(follower)


# --- beside what people keep ---------------------------------------------------------------------


def _apply_again(follower: Follower) -> int:
    """Put every row in its place once more, batch after batch. Readers find the feed whole at any
    moment: what is there already stays until what replaces it comes."""
    migrate_archive(follower.database)
    progress = _Progress(follower.name, head=log.head())
    after = 0
    while entries := log.read(after=after, limit=BATCH):
        with transaction.atomic(using=follower.database):
            follower.apply(entries)
        after = entries[-1].serial
        progress.show(after)
    progress.end(after)
    return after


# --- PostgreSQL ----------------------------------------------------------------------------------


def _rebuild_in_place(follower: Follower) -> int:
    migrate_archive(follower.database)
    with transaction.atomic(using=follower.database):
        cursors = Cursor.objects.using(follower.database)
        cursors.get_or_create(follower=follower.name)
        # Set back, not deleted: a running follower waits for this row, and goes on from where it
        # finds it.
        cursors.filter(follower=follower.name).update(serial=0)
        with connections[follower.database].cursor() as cursor:
            for table in _tables(follower.database):
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables' names
        return _fill(follower)


def _tables(alias: str) -> list[str]:
    labels = [label for label, where in ARCHIVES.items() if where == alias]
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return [model._meta.db_table for model in models]


# --- SQLite --------------------------------------------------------------------------------------


def _rebuild_file(follower: Follower) -> int:
    connection = connections[follower.database]
    name = Path(connection.settings_dict["NAME"])
    new = _next_file(name)
    connection.close()
    connection.settings_dict["NAME"] = str(new)
    try:
        migrate_archive(follower.database)
        _fill(follower)
        connection.close()
        _settle(new)
    except BaseException:
        connection.close()
        _remove(new)
        raise
    finally:
        connection.settings_dict["NAME"] = str(name)
    _give_name(new, name)
    # The follower that is running notices the new file at its next turn; until then, we are it.
    reached = _fill(follower)
    connection.close()
    time.sleep(GRACE_S)
    _remove_older(new, name)
    return reached


def _next_file(name: Path) -> Path:
    """A file of its own for each rebuild: `public.sqlite3.1`, `.2`, beside what is there now."""
    folder = name.resolve().parent
    numbers = [int(found[1]) for path in folder.iterdir() if (found := _numbered(path, name))]
    return folder / f"{name.name}.{max(numbers, default=0) + 1}"


def _numbered(path: Path, name: Path) -> re.Match[str] | None:
    return re.fullmatch(rf"{re.escape(name.name)}\.(\d+)(?:-wal|-shm|-journal)?", path.name)


def _settle(file: Path) -> None:
    """Bring all of the file's content into the file itself, and onto the disk."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()
    for path in (file, file.parent):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _give_name(new: Path, name: Path) -> None:
    """Let `name` mean the new file, in one step.

    `name` is a symbolic link, and SQLite names a database's write-ahead log after the file the
    link points to. If the new file took the old one's name itself, whoever opened it in that
    instant would find the old one's write-ahead log beside it, and apply that to the new.
    """
    link = name.with_name(f"{name.name}.link")
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(new, name.parent.resolve()))
    link.replace(name)


def _remove_older(new: Path, name: Path) -> None:
    for path in list(new.parent.iterdir()):
        if _numbered(path, name) and not path.name.startswith(new.name):
            path.unlink(missing_ok=True)
    for ending in ("-wal", "-shm", "-journal"):
        name.with_name(name.name + ending).unlink(missing_ok=True)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


# --- both ----------------------------------------------------------------------------------------


def _fill(follower: Follower) -> int:
    """Apply all of the log; return the serial reached. The log may grow meanwhile."""
    progress = _Progress(follower.name, head=log.head())
    reached = -1
    while (serial := apply_next(follower, BATCH)) != reached:
        reached = serial
        progress.show(serial)
    progress.end(reached)
    return reached


@dataclass(slots=True)
class _Progress:
    """A line that moves on a terminal, and a line now and then elsewhere."""

    name: str
    head: int
    _began_at: float = field(default_factory=time.monotonic)
    _shown_at: float = 0.0
    _first: int | None = None

    def show(self, serial: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = serial
        if not serial or now - self._shown_at < (0.1 if sys.stderr.isatty() else 5.0):
            return
        self._shown_at = now
        self._write(serial, "\r" if sys.stderr.isatty() else "\n")

    def end(self, serial: int) -> None:
        if serial != self._first:
            self._write(serial, "\n")

    def _write(self, serial: int, ending: str) -> None:
        share = 100 * serial // max(self.head, serial, 1)
        rate = (serial - (self._first or 0)) / max(time.monotonic() - self._began_at, 0.001)
        of = f"{serial:,} of {max(self.head, serial):,}"
        line = f"Rebuilding {self.name}: release {of}, {share} %, {rate:,.0f} a second "
        sys.stderr.write(line + ending)
        sys.stderr.flush()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RebuildRuns("A rebuild of this archive is at work. Let it end.") from error
        yield
