"""Programs beside the test: real processes on the test's databases, that can be killed.

For tests under `transactional_db` only: another process sees what was committed, and nothing else.
"""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.db import connections

_ROOT = Path(__file__).parent.parent

PATIENCE_S = 60.0
"""When to give up on a program: far beyond what it takes, so that only a hang ends here."""


class Program:
    """A Python module of tests/ run as a process; killed at the end of the `with` block."""

    def __init__(self, module: str, *arguments: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=_ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def line(self) -> str:
        """The next line the program prints; empty if it ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def output(self) -> list[str]:
        """All further lines it prints, once it ended well."""
        printed, _ = self._process.communicate(timeout=PATIENCE_S)
        assert self._process.returncode == 0
        return printed.split()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(PATIENCE_S)


def environment(**changes: str) -> dict[str, str]:
    """The environment in which `dateline` runs on the test's databases."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "dateline.settings",
        "DATELINE_VAR": str(settings.VAR),
        "DATELINE_ROLE": "follower",
        "DATELINE_DATABASE_URL": address("default"),
        "DATELINE_ARCHIVE_URL": address("public"),
        "DATELINE_WIRE_URL": address("wire"),
        **changes,
    }


def address(alias: str) -> str:
    """The address of a test database, as DATELINE_DATABASE_URL takes it."""
    entry = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite://{entry['NAME']}"
    user, password, host = (quote(entry[key], safe="") for key in ("USER", "PASSWORD", "HOST"))
    sign_in = f"{user}:{password}@" if password else f"{user}@" if user else ""
    port = f":{entry['PORT']}" if entry["PORT"] else ""
    return f"postgresql://{sign_in}{host}{port}/{quote(entry['NAME'])}"
