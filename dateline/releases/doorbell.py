"""Wake-ups for followers: hints that the log may have grown.

A doorbell only shortens the wait. A missed ring costs at most the polling interval, and nothing
is ever lost by one, because a follower always reads the log from its cursor.
"""

import time
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

POLL_S = 0.02
"""How often an SQLite doorbell looks. `PRAGMA data_version` reads one number from shared memory:
50 looks a second cost under one percent of a core, and add 10 ms to a release on average."""

LONGEST_WAIT_S = 2.0
"""A doorbell answers at least this often, so that a missed ring is only late."""

LOG_CHANNEL = "dateline_releases"
"""PostgreSQL's channel of the log's doorbell; each archive has one of its own beside it."""


class Doorbell(Protocol):
    def wait(self, timeout_s: float) -> None:
        """Return when the log may have grown, or after `timeout_s` seconds."""


def channel_of(alias: str) -> str:
    """The channel on which an archive's followers tell its readers that it has changed."""
    return f"dateline_archive_{alias}"


def ring(connection: BaseDatabaseWrapper, *, channel: str = LOG_CHANNEL) -> None:
    """Tell whoever listens, when the transaction commits. SQLite needs no telling."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {channel}")


def doorbell_for(connection: BaseDatabaseWrapper) -> Doorbell:
    """The doorbell that suits the log's database. It uses the connection it is given."""
    if connection.vendor == "postgresql":
        return PostgresDoorbell(connection)
    return SqliteDoorbell(connection)


class SqliteDoorbell:
    """Watches `PRAGMA data_version`, which changes when another connection commits."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._seen = -1

    def wait(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while (version := self._version()) == self._seen and time.monotonic() < deadline:
            time.sleep(min(POLL_S, timeout_s))
        self._seen = version

    def _version(self) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])


class PostgresDoorbell:
    """Waits for NOTIFY on a channel: the log's, unless another is named."""

    def __init__(self, connection: BaseDatabaseWrapper, *, channel: str = LOG_CHANNEL) -> None:
        self._connection = connection
        self._channel = channel
        self._listening_on: Any = None

    def wait(self, timeout_s: float) -> None:
        self._connection.ensure_connection()
        raw: Any = self._connection.connection
        if raw is not self._listening_on:
            # A new connection (the first, or after a server restart) has to listen anew, and
            # may have missed rings: look at the log at once.
            with self._connection.cursor() as cursor:
                cursor.execute(f"LISTEN {self._channel}")
            self._listening_on = raw
            return
        # The raw connection's errors are psycopg's; followers answer Django's.
        with self._connection.wrap_database_errors:
            for _ in raw.notifies(timeout=timeout_s, stop_after=1):
                pass
