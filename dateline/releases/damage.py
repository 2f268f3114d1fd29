"""Telling a broken or replaced database file from an ordinary failure.

An archive can be made again, so its damage is said in words, once, and survived. A rebuild puts a
new file in the old one's place, and whoever holds the old one open has to notice.
"""

import os
import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_UNDEFINED_TABLE = "42P01"
"""PostgreSQL's code, from its manual's appendix A."""


def is_damage(error: BaseException) -> bool:
    """Does the database say that its file is broken, or lacks the tables it should have?"""
    cause = error.__cause__ or error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        broken = code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        return broken or str(cause).startswith("no such table")
    return getattr(cause, "sqlstate", None) == _UNDEFINED_TABLE


class ReplacedFile:
    """Notices that another SQLite file stands under the name of the one that is open."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._seen: Any = "nothing yet"

    def reopen_if_replaced(self) -> None:
        """Close the connection if its file was replaced; the next query opens the new one.

        The first call closes it too: which file it opened before is not known.
        """
        if self._connection.vendor != "sqlite":
            return
        now = _identity(self._connection.settings_dict["NAME"])
        if now != self._seen:
            self._connection.close()
        self._seen = now


def _identity(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    """Device and inode. The inode of a file that somebody holds open is not given to another."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
