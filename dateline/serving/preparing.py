"""`dateline prepare`: the data folder, the databases' tables and the static files, made or renewed.

It may be run at any time, any number of times, by several at once. What it has done it remembers by
fingerprint in the data folder, so that a start with nothing to do loads no framework at all.
"""

import fcntl
import hashlib
import json
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dateline.env import Env
from dateline.errors import DatelineError

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parent.parent
FOLDERS = ("static", "media", "pictures", "mail")
_MIGRATIONS_LOCK = 0x4461746C
"""PostgreSQL's advisory lock for migrations, for starts on several machines ("Datl")."""


class NotPrepared(DatelineError):
    """The databases could not be made ready."""

    code = "not-prepared"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was prepared: fingerprints of what it was made from, and migrations applied to each
    database, by which a database that was exchanged since shows itself."""

    migrations: str
    static: str
    applied: dict[str, int | None]


def prepare(env: Env) -> bool:
    """Make everything ready to serve; return whether there was anything to do.

    A damaged public archive is no hindrance: it is reported, and the site serves what it can.
    Raises NotPrepared if the data folder or the newsroom's database cannot be used.
    """
    try:
        for name in FOLDERS:
            (env.var / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotPrepared(
            f"DATELINE_VAR is {str(env.var)!r}: the folder cannot be written ({error.strerror})."
        ) from error
    with alone(env.var / "prepare.lock"):
        before, wanted = _recorded(env), _wanted(env)
        if before == wanted:
            return False
        if before is None or _databases(before) != _databases(wanted):
            _migrate()
        if before is None or before.static != wanted.static:
            _collect_static()
        _record(env, _wanted(env))
    return True


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock of a file; whoever else wants it waits. A process that ends lets go of it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def migrate_archive(alias: str) -> None:
    """Make or renew the tables of one archive: its own, and the cursor beside them."""
    from django.core.management import call_command

    for label in archive_labels(alias):
        call_command("migrate", label, database=alias, verbosity=0, interactive=False)


def archive_labels(alias: str) -> list[str]:
    """The apps whose tables live in an archive's database."""
    from dateline.routers import ARCHIVES

    return ["releases", *(label for label, where in ARCHIVES.items() if where == alias)]


def _databases(state: Prepared) -> tuple[str, dict[str, int | None]]:
    return state.migrations, state.applied


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    django.setup()
    logger.info("Preparing the databases")
    try:
        with _alone_on_server():
            call_command("migrate", database="default", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise NotPrepared(
            f"The newsroom's database cannot be prepared: {_first_line(error)}."
        ) from error
    try:
        migrate_archive("wire")
    except DatabaseError as error:
        logger.error(
            "The wire's database cannot be prepared (%s). Clients get nothing until it can; "
            "a damaged one is put back from its backup.",
            _first_line(error),
        )
    try:
        migrate_archive("public")
    except DatabaseError as error:
        logger.error(
            "The public archive cannot be prepared (%s). The site serves what it can; "
            "`dateline rebuild public` makes a damaged archive again.",
            _first_line(error),
        )


@contextmanager
def _alone_on_server() -> Iterator[None]:
    """Migrate from one machine at a time."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATIONS_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATIONS_LOCK])


def _collect_static() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    logger.info("Collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


# --- what it was made from -----------------------------------------------------------------------


def _recorded(env: Env) -> Prepared | None:
    try:
        return Prepared(**json.loads(_record_path(env).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _record(env: Env, state: Prepared) -> None:
    path = _record_path(env)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(state), indent=1))
    beside.replace(path)


def _record_path(env: Env) -> Path:
    return Path(env.var) / "prepared.json"


def _wanted(env: Env) -> Prepared:
    libraries = _libraries()
    settings = [PACKAGE / "settings.py", PACKAGE / "routers.py"]
    return Prepared(
        migrations=_fingerprint(libraries, [*settings, *PACKAGE.glob("*/migrations/*.py")]),
        static=_fingerprint(libraries, [*settings, *_files(PACKAGE.glob("*/static"))])
        if (env.var / "static" / "staticfiles.json").exists()
        else "",
        applied={
            "default": _applied(env.database_url, env.var / "newsroom.sqlite3"),
            "public": _applied(env.archive_url, env.var / "public.sqlite3"),
            "wire": _applied(env.wire_url, env.var / "wire.sqlite3"),
        },
    )


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())


def _fingerprint(libraries: list[str], paths: Iterable[Path]) -> str:
    digest = hashlib.sha256("\n".join(libraries).encode())
    for path in sorted(paths):
        digest.update(str(path.relative_to(PACKAGE)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _libraries() -> list[str]:
    """Name and version of all that is installed: migrations and static files are there too."""
    folders = {Path(folder) for folder in sys.path if folder}
    return sorted({path.name for folder in folders for path in folder.glob("*.dist-info")})


def _applied(entry: dict[str, Any] | None, default: Path) -> int | None:
    """How many migrations the database has applied; None if that cannot be found out."""
    if entry is None or entry["ENGINE"].endswith("sqlite3"):
        return _count(lambda: _sqlite(default if entry is None else Path(entry["NAME"])))
    return _count(lambda: _postgres(entry))


def _count(connect: Callable[[], Any]) -> int | None:
    try:
        connection = connect()
    except Exception:  # noqa: BLE001 - whatever the driver says: migrating will say it in words
        return None
    try:
        row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
        return int(row[0])
    except Exception:  # noqa: BLE001 - as above
        return None
    finally:
        connection.close()


def _sqlite(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=20)


def _postgres(entry: dict[str, Any]) -> Any:
    import psycopg

    return psycopg.connect(
        dbname=entry["NAME"],
        user=entry["USER"] or None,
        password=entry["PASSWORD"] or None,
        host=entry["HOST"] or None,
        port=entry["PORT"] or None,
        connect_timeout=5,
    )
