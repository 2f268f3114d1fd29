"""The settings the suite runs under: Dateline's own, on databases made for this run.

pytest-django reads this before any conftest, so the environment is set here: nothing of whoever
types `make test` leaks in, each xdist worker has a folder of its own, and SQLite databases are
files, because an in-memory one has neither WAL nor a second connection. DATELINE_TEST_DATABASE_URL
puts the whole suite on a PostgreSQL server; its user must be allowed to create databases.
"""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit, urlunsplit


def _prepare() -> str:
    """Set the environment of this run, and return a name that no other run has."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _begin_run(os.environ.pop("DATELINE_TEST_DATABASE_URL", ""))
    else:
        os.environ["DATELINE_VAR"] = os.path.join(os.environ["DATELINE_VAR"], worker)
    os.makedirs(os.environ["DATELINE_VAR"], exist_ok=True)
    return os.path.basename(os.environ["TEST_RUN"])


def _begin_run(server: str) -> None:
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        if name != "DATELINE_ROLE":
            del os.environ[name]
    folder = tempfile.mkdtemp(prefix="dateline-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TEST_RUN"] = folder
    os.environ["DATELINE_VAR"] = folder
    if server:
        for name in ("DATELINE_DATABASE_URL", "DATELINE_ARCHIVE_URL", "DATELINE_WIRE_URL"):
            os.environ[name] = urlunsplit(urlsplit(server))


_run = _prepare()

from dateline.settings import *  # noqa: E402, F403 - all of them, once the environment is ready
from dateline.settings import DATABASES, STORAGES, VAR  # noqa: E402 - named: changed below

for _alias, _entry in DATABASES.items():
    if "sqlite" in str(_entry["ENGINE"]):
        _entry["TEST"] = {"NAME": str(VAR / f"test-{_alias}.sqlite3")}
    else:
        _name = "".join(char for char in _run.lower() if char.isalnum())
        _entry["TEST"] = {"NAME": f"{_name}_{_alias}"}

# No `collectstatic` before a test: addresses of static files without a hash are as good.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
