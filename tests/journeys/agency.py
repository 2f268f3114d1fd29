"""The whole of Dateline as one command starts it, for a browser to walk through.

`dateline demo --serve` in a folder and on a port of its own: the server, the follower and the
scheduler are the real ones, and so are the people who sign in.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

_ROOT = Path(__file__).parent.parent.parent

STORIES = 100
"""Enough for a list of more than one page in each edition."""

_COMMAND = ("demo", "--serve", "--stories", str(STORIES))

PATIENCE_S = 300.0
"""When to give up on a start or a stop: far beyond what it takes, so that only a hang ends here."""

_SIGN_IN = re.compile(r"^  (?P<user>\w+) +(?P<password>\S+) +(?P<role>\w[\w ]*)$", re.MULTILINE)


@dataclass
class Agency:
    """The demo agency, served from `with` to the end of its block."""

    folder: Path
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """What the command has said so far, its log with it."""
        return (self.folder / "printed").read_text()

    def password(self, user: str) -> str:
        """The password that the command printed beside this person's name."""
        for found in _SIGN_IN.finditer(self.printed):
            if found["user"] == user:
                return found["password"]
        raise LookupError(f"{user} is not among the sign-ins:\n{self.printed}")

    def __enter__(self) -> Self:
        self.port = _free_port()
        with (self.folder / "printed").open("wb") as printed:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dateline.cli", *_COMMAND],
                cwd=_ROOT,
                env=self._environment(),
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_well()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATELINE_", "DJANGO_"))
        }
        return {
            **kept,
            "DATELINE_VAR": str(self.folder / "var"),
            "DATELINE_PORT": str(self.port),
            "DATELINE_BASE_URL": self.url,
        }

    def _wait_until_well(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while not self._is_well():
            assert self._process.poll() is None, f"The agency ended:\n{self.printed}"
            assert time.monotonic() < end, f"The agency is not well:\n{self.printed}"
            time.sleep(0.2)

    def _is_well(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(json.load(answer)["status"] == "ok")
        except (URLError, OSError):
            return False

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE_S)
            raise


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
