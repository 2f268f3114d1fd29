"""The two clients in docs/clients work as they stand: in order, once, across a restart."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import transaction

from dateline.items import Kind
from dateline.releases import log
from dateline.releases.following import catch_up
from dateline.wire import api
from dateline.wire.feed import WireFeed
from tests.documents import a_killed, an_item
from tests.wire.agency import a_machine

CLIENTS = Path(__file__).parent.parent.parent / "docs" / "clients"
COMMANDS = {
    "python": [sys.executable, str(CLIENTS / "follow.py")],
    "curl": ["sh", str(CLIENTS / "follow.sh")],
}
PATIENCE_S = 30


def out(document, kind: Kind = Kind.NEW) -> None:
    with transaction.atomic():
        log.append(document, kind=kind)
    catch_up(WireFeed())


class Running:
    """One of the clients, following into a file."""

    def __init__(self, name: str, folder: Path, environ: dict[str, str]) -> None:
        self.path = folder / "got"
        with self.path.open("ab") as got:
            self._process = subprocess.Popen(
                COMMANDS[name], cwd=folder, env=environ, stdout=got, stderr=subprocess.DEVNULL
            )

    def got(self, count: int) -> list[list[str]]:
        deadline = time.monotonic() + PATIENCE_S
        while len(lines := self.path.read_text().splitlines()) < count:
            assert time.monotonic() < deadline, lines
            time.sleep(0.05)
        return [line.split("\t") for line in lines]

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_client_from_the_docs_follows_and_goes_on_after_a_restart(
    name, transactional_db, live_server, tmp_path, monkeypatch
):
    if name == "curl" and not (shutil.which("curl") and shutil.which("jq")):
        pytest.skip("needs curl and jq")
    # This server does not hold a request that waits, so the client asks again and again.
    monkeypatch.setattr(api.counter, "count", lambda *_, **__: None)
    machine = a_machine()
    environ = {"PATH": os.environ["PATH"], "WIRE": live_server.url, "WIRE_TOKEN": machine.text}
    out(an_item(1))
    out(an_item(2))
    first = Running(name, tmp_path, environ)
    first.got(2)
    deadline = time.monotonic() + PATIENCE_S
    while not (tmp_path / "cursor").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    first.kill()

    out(an_item(1, version=2), Kind.CORRECTION)
    second = Running(name, tmp_path, environ)
    second.got(3)
    out(a_killed(an_item(1, version=2)), Kind.KILL)
    lines = second.got(4)
    second.kill()

    assert [(kind, guid[-1], version) for kind, guid, version in lines] == [
        ("new", "1", "1"), ("new", "2", "1"), ("correction", "1", "2"), ("kill", "1", "3"),
    ]  # fmt: skip
