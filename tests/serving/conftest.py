"""A whole installation of Dateline in a folder of its own: real processes on loopback."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 60.0
"""How long a thing that has to happen may take on a machine that is busy with other tests."""

RELEASE = """
import sys, django
django.setup()
from django.db import transaction
from dateline.items import Kind
from dateline.releases import log
from tests.documents import an_item
first, last = int(sys.argv[1]), int(sys.argv[2])
with transaction.atomic():
    log.append_many([log.Addition(an_item(n), Kind.NEW) for n in range(first, last + 1)])
"""


def eventually(truth: Callable[[], Any], what: str) -> Any:
    """Wait until `truth()` is true and return it; fail with `what` if it never is."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := truth():
            return found
        time.sleep(0.05)
    raise AssertionError(f"It never came true: {what}")


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def alive(pid: int) -> bool:
    """Is there such a process, other than one that ended and that nobody has asked after?"""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in found.split()]


@dataclass
class Installation:
    """A data folder with its settings, and the processes started on it."""

    var: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "PYTEST"))}
        own = {
            "DATELINE_VAR": str(self.var),
            "DATELINE_PORT": str(self.port),
            "DATELINE_BASE_URL": f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "dateline.settings",
            "PYTHONPATH": str(ROOT),
        }
        return kept | own | self.settings

    @property
    def log_text(self) -> str:
        path = self.var / "log"
        return path.read_text() if path.exists() else ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `dateline` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "dateline.cli", *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S * 2,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a `dateline` command; it is killed at the end of the test at the latest."""
        with (self.var / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dateline.cli", *arguments],
                env=self.environ,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def release(self, first: int, last: int) -> None:
        """Add stories `first` to `last` to the log."""
        subprocess.run(
            [sys.executable, "-c", RELEASE, str(first), str(last)],
            env=self.environ | {"DATELINE_ROLE": "follower"},
            timeout=PATIENCE_S,
            check=True,
        )

    def archived(self, table: str = "archive_archivedstory") -> list[tuple[Any, ...]]:
        """The rows of a table of the archive, in order; none if it cannot be read."""
        try:
            connection = sqlite3.connect(f"file:{self.archive}?mode=rw", uri=True, timeout=20)
        except sqlite3.Error:
            return []
        columns = "follower, serial" if table == "releases_cursor" else "*"
        try:
            return sorted(connection.execute(f"SELECT {columns} FROM {table}").fetchall(), key=str)
        except sqlite3.DatabaseError:
            return []
        finally:
            connection.close()

    def has_archived(self, count: int) -> bool:
        return len(self.archived()) == count

    @property
    def archive(self) -> Path:
        return self.var / "public.sqlite3"

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page; status 0 if nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def health(self) -> dict[str, Any]:
        """What /healthz says; empty if nobody answers."""
        _, body = self.get("/healthz")
        return dict(json.loads(body)) if body.startswith(b"{") else {}

    def is_well(self) -> bool:
        return self.health().get("status") == "ok"

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def prepared_var(tmp_path_factory) -> Path:
    """A data folder as `dateline prepare` leaves it; tests work on copies, which is faster."""
    folder = tmp_path_factory.mktemp("prepared") / "var"
    done = Installation(folder).run("prepare")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def installation(tmp_path: Path, prepared_var: Path) -> Iterator[Installation]:
    """A prepared installation of its own, with whatever was started on it ended afterwards."""
    var = tmp_path / "var"
    subprocess.run(["cp", "-r", str(prepared_var), str(var)], check=True)
    made = Installation(var)
    yield made
    made.end()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """An installation that was never prepared."""
    made = Installation(tmp_path / "var")
    yield made
    made.end()
