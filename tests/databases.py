"""Putting a test database back as migrations left it, guards and all.

Django empties every table after a test that commits. Ours refuse that, and several hold rows that
migrations made (the log's head, Wagtail's locale and root page). So the suite keeps a copy from
before the first test and puts it back: with SQLite's backup, or on PostgreSQL by lifting the
guards for one transaction.
"""

import hashlib
import os
import shutil
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = ("releases_", "newsroom_trailentry")
"""How the tables begin whose triggers refuse an edit."""


class Pristine(Protocol):
    def restore(self) -> None:
        """Make the database what it was when this copy was taken."""


def pristine(alias: str, *, folder: Path) -> Pristine:
    """A copy of the database as it is now."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        return _PristinePostgres(connection)
    return _PristineSqlite(connection, folder / f"pristine-{alias}.sqlite3")


class _PristineSqlite:
    def __init__(self, connection: BaseDatabaseWrapper, copy: Path) -> None:
        self._connection = connection
        self._copy = copy
        self._transfer(connection.settings_dict["NAME"], copy)

    def restore(self) -> None:
        self._connection.close()
        self._transfer(self._copy, self._connection.settings_dict["NAME"])

    @staticmethod
    def _transfer(source: Path | str, target: Path | str) -> None:
        reading, writing = sqlite3.connect(source), sqlite3.connect(target, timeout=20)
        try:
            reading.backup(writing)
        finally:
            reading.close()
            writing.close()


class _PristinePostgres:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._tables = connection.introspection.django_table_names(
            only_existing=True, include_views=False
        )
        self._rows = {table: self._copy_out(table) for table in self._filled()}

    def restore(self) -> None:
        filled = self._filled()
        guarded = [table for table in self._tables if table.startswith(GUARDED)]
        with transaction.atomic(using=self._connection.alias):
            # A forgotten open transaction shows itself here, instead of hanging the suite.
            self._execute("SET LOCAL lock_timeout = '10s'")
            for table in guarded:
                self._execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for table in filled:
                self._execute(f'DELETE FROM "{table}"')
            for table, rows in self._rows.items():
                self._copy_in(table, rows)
            # Foreign keys wait for the commit, and ALTER TABLE does not wait for them.
            self._execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in guarded:
                self._execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    def _filled(self) -> list[str]:
        found = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in self._tables
        )
        with self._connection.cursor() as cursor:
            cursor.execute(found)
            return [table for (table,) in cursor.fetchall()]

    def _execute(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)

    def _copy_out(self, table: str) -> bytes:
        with self._connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            return b"".join(bytes(part) for part in copy)

    def _copy_in(self, table: str, rows: bytes) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            copy.write(rows)


class Migrated:
    """SQLite databases as the migrations leave them, kept from run to run: migrating takes a
    quarter of a minute, copying no time. Their folder is named by what made them."""

    def __init__(self, kept: Path) -> None:
        self._folder = kept / _fingerprint()

    def copy_to(self, alias: str, target: Path) -> None:
        """Begin this database as a copy, if there is one; else migrations will make it."""
        kept = self._folder / f"{alias}.sqlite3"
        if kept.exists() and not target.exists():
            shutil.copyfile(kept, target)

    def keep(self, alias: str, source: Path) -> None:
        """Keep this database, which is just migrated, for the runs to come."""
        kept = self._folder / f"{alias}.sqlite3"
        if kept.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = kept.with_suffix(f".{os.getpid()}")
        _PristineSqlite._transfer(source, aside)
        aside.replace(kept)


def _fingerprint() -> str:
    """Changes with any migration of ours and with the versions of those that bring others."""
    package = Path(__file__).parent.parent / "dateline"
    found = hashlib.sha256(f"{version('django')} {version('wagtail')}".encode())
    for path in sorted(package.glob("**/migrations/*.py")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]
