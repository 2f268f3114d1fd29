"""Whether a follower's database has changed since this worker last read it.

Asked before every answer, so it must cost next to nothing. On SQLite it is `PRAGMA data_version`:
4 microseconds, and never late, because it is the very number by which SQLite's readers see a
commit. On PostgreSQL it is a listener's count of NOTIFYs, which are sent with the commit.
"""

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Protocol

from django.db import DatabaseError, connections

from dateline.releases import doorbell

logger = logging.getLogger(__name__)

RETRY_S = 1.0
"""Pause before a listener that lost its server connects again."""


class Watch(Protocol):
    def version(self) -> object:
        """Something that differs after every change of it. For the event loop's thread."""

    def close(self) -> None:
        """Stop watching."""


def watch_for(alias: str) -> Watch:
    """The watch that suits the database."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        return PostgresWatch(alias)
    return SqliteWatch(Path(connection.settings_dict["NAME"]))


class SqliteWatch:
    """Asks SQLite, on a connection of its own."""

    FILE_EVERY_S = 0.05
    """How often it looks whether a rebuild has put another file in the old one's place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._opened = 0
        self._look_again_at = 0.0
        self._last: object = None

    def version(self) -> object:
        now = time.monotonic()
        if self._connection is None or now >= self._look_again_at:
            self._look_again_at = now + self.FILE_EVERY_S
            self._open_if_replaced()
        if self._connection is None:
            return self._last
        try:
            row = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            # Damaged or gone: what is in memory is served, and a rebuild brings another file.
            self.close()
            return self._last
        self._last = (self._opened, row[0])
        return self._last

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open_if_replaced(self) -> None:
        try:
            status = os.stat(self._path)
            file = (status.st_dev, status.st_ino)
            if self._connection is not None and file == self._file:
                return
            self.close()
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None)
            self._file = file
            self._opened += 1
        except (OSError, sqlite3.Error):
            self.close()


class PostgresWatch:
    """Counts rings of its doorbell, in a thread that listens from the first look on."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._count = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def version(self) -> object:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._listen, name=f"watch-{self._alias}", daemon=True
            )
            self._thread.start()
        return self._count

    def close(self) -> None:
        self._stop.set()

    def _listen(self) -> None:
        connection = connections[self._alias]
        bell = doorbell.PostgresDoorbell(connection, channel=doorbell.channel_of(self._alias))
        while not self._stop.is_set():
            try:
                bell.wait(doorbell.LONGEST_WAIT_S)
                # Also when nothing rang: a ring may have been lost with its connection.
                self._count += 1
            except DatabaseError:
                connection.close()
                self._stop.wait(RETRY_S)
        connection.close()
