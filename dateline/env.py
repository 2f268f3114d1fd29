"""The table of settings: name, default, one sentence. Everything an operator can set is here.

`load()` reads the environment once, and raises BadSettings with every fault at once, each naming
the setting and the value seen. `settings.py` and `urls.py` read the result and nothing else does.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from dateline.errors import DatelineError


class BadSettings(DatelineError):
    """One or more settings cannot be used; `faults` lists them, a sentence each."""

    code = "bad-settings"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults), faults=faults)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its environment variable, default, sentence, and how its text becomes a value."""

    name: str
    default: str
    sentence: str
    parse: Callable[[str], Any]
    secret: bool = False


def _text(value: str) -> str:
    return value


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"\d+", value) or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high} is needed")
        return int(value)

    return parse


def _flag(value: str) -> bool:
    if value.lower() not in ("on", "off"):
        raise ValueError("on or off is needed")
    return value.lower() == "on"


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("a zone of the tz database is needed, such as Europe/Kyiv") from error
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("an address without a path is needed, such as https://news.example")
    return value.rstrip("/")


def _names(value: str) -> list[str]:
    return [name for name in re.split(r"[,\s]+", value) if name]


def _networks(value: str) -> list[Any]:
    try:
        return [ip_network(name) for name in _names(value)]
    except ValueError as error:
        raise ValueError("networks are needed, such as 10.1.0.0/16, 192.168.7.4") from error


def _folder(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("a folder is needed and this is a file")
    return path


def _database(value: str) -> dict[str, Any] | None:
    """A Django database entry from `postgresql://user:password@host:port/name` or `sqlite:///file`."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path}
    if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
        }
    raise ValueError(
        "postgresql://user:password@host/name or sqlite:////absolute/path is needed"
    )


MAIL_SERVERS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
"""How a mail server is spoken to, and its usual port: in the clear, STARTTLS, TLS from the start."""


def _mail_server(value: str) -> dict[str, Any] | None:
    """Django's settings of mail from `smtp://user:password@host:port`."""
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in MAIL_SERVERS or not parts.hostname or parts.path.strip("/"):
        raise ValueError(
            "smtp://host, smtp+tls://user:password@host or smtps://user:password@host is needed"
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_SERVERS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


SETTINGS = (
    Setting("DATELINE_VAR", "var", "Folder of everything that is written: databases, pictures, the secret key.", _folder),
    Setting("DATELINE_DATABASE_URL", "", "Database of the newsroom and the release log; empty means SQLite in DATELINE_VAR.", _database, secret=True),
    Setting("DATELINE_ARCHIVE_URL", "", "Database of the public archive; empty means SQLite in DATELINE_VAR.", _database, secret=True),
    Setting("DATELINE_WIRE_URL", "", "Database of the wire: clients, products, tokens and their feed; empty means SQLite in DATELINE_VAR.", _database, secret=True),
    Setting("DATELINE_SECRET_KEY", "", "Key that signs sessions; empty means one made at first start and kept in DATELINE_VAR.", _text, secret=True),
    Setting("DATELINE_OLD_SECRET_KEYS", "", "Former secret keys, separated by commas: sessions and sealed secrets made under them are still read.", _names, secret=True),
    Setting("DATELINE_HOST", "127.0.0.1", "Address that `dateline serve` listens on.", _text),
    Setting("DATELINE_PORT", "8000", "Port that `dateline serve` listens on.", _whole(1, 65535)),
    Setting("DATELINE_WORKERS", "1", "Number of web worker processes.", _whole(1, 64)),
    Setting("DATELINE_PAGE_CACHE_MB", "40", "Megabytes of pages that each web worker keeps in memory.", _whole(1, 100_000)),
    Setting("DATELINE_LIVE_LISTENERS", "10000", "Open pages that each web worker tells of releases as they happen.", _whole(0, 100_000)),
    Setting("DATELINE_PROXIES", "0", "Number of proxies in front whose X-Forwarded-For is believed; it tells readers apart for Hot news.", _whole(0, 10)),
    Setting("DATELINE_BASE_URL", "http://127.0.0.1:8000", "The site's address as readers see it; feeds and links for machines begin with it.", _address),
    Setting("DATELINE_ALLOWED_HOSTS", "", "Further host names that the site answers to, separated by commas.", _names),
    Setting("DATELINE_TIME_ZONE", "Europe/Kyiv", "The agency's time zone: every time a reader sees is in it.", _zone),
    Setting("DATELINE_EMAIL_URL", "", "Mail server as smtp://user:password@host:port, or smtp+tls:// (STARTTLS), or smtps:// (TLS); empty writes mail to DATELINE_VAR/mail.", _mail_server, secret=True),
    Setting("DATELINE_EMAIL_FROM", "", "Address that the newsroom's letters come from; empty means newsroom@ and the host of DATELINE_BASE_URL.", _text),
    Setting("DATELINE_PRIVATE_DESTINATIONS", "", "Private networks that clients' destinations may stand in, separated by commas; empty means none.", _networks),
    Setting("DATELINE_DEBUG", "off", "Shows error details in the browser; never for a server that others reach.", _flag),
)


@dataclass(frozen=True, slots=True)
class Env:
    """The settings as values, by attribute: `DATELINE_PORT` is `port`."""

    values: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[f"DATELINE_{name.upper()}"]
        except KeyError:
            raise AttributeError(name) from None


def load(environ: Mapping[str, str] | None = None) -> Env:
    """Read every setting. Raises BadSettings with all faults; an unknown DATELINE_ name is one."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    faults: list[str] = []
    for setting in SETTINGS:
        given = environ.get(setting.name, setting.default) or setting.default
        try:
            values[setting.name] = setting.parse(given)
        except ValueError as error:
            shown = "(its value is secret)" if setting.secret else repr(given)
            faults.append(f"{setting.name} is {shown}: {error}.")
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environ):
        if name.startswith("DATELINE_") and name not in known:
            faults.append(f"{name} is no setting of Dateline. `dateline check --all` lists them.")
    if faults:
        raise BadSettings(faults)
    return Env(values)


def secret_key(env: Env) -> str:
    """The key that signs sessions: as set, else the one kept in the data folder, made if absent."""
    if env.secret_key:
        return str(env.secret_key)
    path: Path = env.var / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _create_private(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _create_private(path: Path, text: str) -> None:
    """Write a file only its owner can read; if another process was first, keep what it wrote."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)
