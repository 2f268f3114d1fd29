"""`dateline check`: everything an operator can have wrong, looked at and said in words.

It changes nothing, and goes on after a fault, so that one run shows all of them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dateline import env as environment
from dateline.env import SETTINGS, Env

LOW_DISK_BYTES = 1_000_000_000
"""A newsroom with pictures fills this in days; a full disk stops releases."""

SHORT_KEY = 32
"""A signing key of fewer characters can be guessed."""

_SETTING_OF = {
    "default": "DATELINE_DATABASE_URL",
    "public": "DATELINE_ARCHIVE_URL",
    "wire": "DATELINE_WIRE_URL",
}

_NOT_MADE_AGAIN = ("default", "wire")
"""Databases that hold what people keep."""

_LOCAL = ("localhost", "127.0.0.1", "::1")


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    text: str


def findings(env: Env) -> Iterator[Finding]:
    """Look at everything. Loads Django; the settings themselves must have been read already."""
    yield _ok("Settings: all can be used.")
    yield from _folder(env.var)
    if not os.access(env.var, os.W_OK):
        return  # Django cannot start: it keeps its key there
    yield from _secret_key(env)
    yield from _address(env)
    yield from _debug(env)
    yield from _django()
    yield from _database("default", "newsroom's database")
    yield from _database("public", "public archive")
    yield from _database("wire", "wire's database")


def table(environ: Mapping[str, str]) -> str:
    """Every setting: name, value seen, default, and its sentence."""
    lines = []
    for setting in SETTINGS:
        seen = environ.get(setting.name, "")
        shown = "(secret)" if setting.secret and seen else seen or "(not set)"
        lines.append(f"{setting.name} = {shown}")
        lines.append(f"    {setting.sentence} Default: {setting.default or 'empty'}.")
    return "\n".join(lines)


def _ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def _fault(text: str) -> Finding:
    return Finding(Level.FAULT, text)


def _folder(var: Path) -> Iterator[Finding]:
    try:
        var.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var):
            pass
    except OSError as error:
        yield _fault(f"DATELINE_VAR is {str(var)!r}: it cannot be written ({error.strerror}).")
        return
    yield _ok(f"Data folder: {str(var)!r} can be written.")
    free = shutil.disk_usage(var).free
    text = f"Disk: {free / 1e9:.1f} GB are free in the data folder"
    if free < LOW_DISK_BYTES:
        yield _fault(f"{text}; less than {LOW_DISK_BYTES / 1e9:.0f} GB is too little.")
    else:
        yield _ok(f"{text}.")


def _secret_key(env: Env) -> Iterator[Finding]:
    key = environment.secret_key(env)
    kept = str(env.var / "secret-key")
    where = "DATELINE_SECRET_KEY" if env.secret_key else f"The key in {kept!r}"
    if len(key) < SHORT_KEY or len(set(key)) < 8:
        yield _fault(
            f"{where} is weak: sign-ins could be forged. Use {SHORT_KEY} random characters or "
            "more, or unset it and let Dateline make one."
        )
    else:
        yield _ok("Secret key: long enough.")


def _address(env: Env) -> Iterator[Finding]:
    if _is_local(env):
        yield _ok(f"Address: {env.base_url} is for this machine alone.")
    elif env.base_url.startswith("https://"):
        yield _ok(f"Address: {env.base_url}")
    else:
        yield _fault(
            f"DATELINE_BASE_URL is {env.base_url!r}: a site that others reach needs https, or "
            "passwords travel in the clear."
        )


def _debug(env: Env) -> Iterator[Finding]:
    if env.debug and not _is_local(env):
        yield _fault(
            f"DATELINE_DEBUG is 'on' and DATELINE_BASE_URL is {env.base_url!r}: readers would see "
            "settings and source. Turn it off."
        )


def _is_local(env: Env) -> bool:
    host = urlsplit(env.base_url).hostname or ""
    return host in _LOCAL or host.endswith(".localhost")


def _django() -> Iterator[Finding]:
    import django
    from django.core import checks

    django.setup()
    messages = checks.run_checks()
    for message in messages:
        if not message.is_silenced():
            serious = message.level >= checks.ERROR
            text = f"{message.msg} {message.hint or ''}".strip()
            yield Finding(Level.FAULT if serious else Level.NOTE, f"{text} [{message.id}]")
    if not any(message.is_serious() for message in messages):
        yield _ok("Program: its parts fit together.")


def _database(alias: str, name: str) -> Iterator[Finding]:
    from django.db import DatabaseError, connections

    connection = connections[alias]
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        yield _fault(f"The {name} is not there yet. Run `dateline prepare`.")
        return
    try:
        waiting = _unapplied(alias)
    except DatabaseError as error:
        yield _fault(_unusable(alias, name, error))
        return
    finally:
        connection.close()
    if waiting:
        yield _fault(f"The {name} lacks {waiting} migrations. Run `dateline prepare`.")
    else:
        yield _ok(f"The {name} can be reached ({connection.vendor}), and has all its migrations.")


def _unapplied(alias: str) -> int:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from dateline.archive.models import ArchivedStory
    from dateline.releases.log import LOG, head
    from dateline.serving.preparing import archive_labels
    from dateline.wire.models import WIRE, FeedRow

    executor = MigrationExecutor(connections[alias])
    targets = executor.loader.graph.leaf_nodes()
    if alias != LOG:
        targets = [node for node in targets if node[0] in archive_labels(alias)]
    waiting = len(executor.migration_plan(targets))
    if not waiting and alias == LOG:
        head()
    elif not waiting and alias == WIRE:
        FeedRow.objects.using(alias).values_list("serial", "data").first()
    elif not waiting:
        ArchivedStory.objects.using(alias).values_list("number", "data").first()
    return waiting


def _unusable(alias: str, name: str, error: Exception) -> str:
    from dateline.releases.damage import is_damage

    if not is_damage(error):
        setting = _SETTING_OF[alias]
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        return f"The {name} cannot be reached: {reason}. Look at {setting}."
    if alias in _NOT_MADE_AGAIN:
        return f"The {name} is damaged. Put back the newest backup of it."
    return f"The {name} is damaged. Run `dateline rebuild {alias}`."
