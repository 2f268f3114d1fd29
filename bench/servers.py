"""Starting servers on free loopback ports, looking at their processes, and stopping them.

Only what was started here is ever stopped, by its own process number.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.archives import Archive, environment

HOST = "127.0.0.1"
UP_S = 120.0
STOP_S = 20.0

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
TAKES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Server:
    """A server that was started here. `pid` is its first process; others are its descendants."""

    port: int
    pid: int

    def tree(self) -> list[int]:
        """All its processes now."""
        parents = _parents()
        found = [self.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def workers(self) -> list[int]:
        """The processes that answer readers: Granian's, or nginx's."""
        if "dateline.cli" not in _command(self.pid):
            return [pid for pid in self.tree() if pid != self.pid and _answers(pid)]
        parents = _parents()
        (web,) = [
            pid
            for pid in self.tree()
            if parents.get(pid) == self.pid and " web " in f" {_command(pid)} "
        ]
        return [pid for pid, parent in parents.items() if parent == web and _answers(pid)]

    def worker_cpu_s(self) -> float:
        """Processor seconds that its workers have taken so far."""
        return sum(cpu_s(pid) for pid in self.workers())


@contextmanager
def dateline(archive: Archive, **settings: object) -> Iterator[Server]:
    """`dateline serve` on an archive, with these settings: `workers=1`, `page_cache_mb=8`."""
    port = free_port()
    words = [sys.executable, "-m", "dateline.cli", "serve"]
    variables = environment(archive.var, port=port, **settings)
    with started(words, port, variables, up="/healthz") as server:
        yield server


@contextmanager
def plain_django(archive: Archive, *, interface: str) -> Iterator[Server]:
    """The site by Django alone, under Granian with one worker (`bench/plain_django.py`)."""
    port = free_port()
    target, words = {
        "asgi": ("bench.plain_django:asgi", ["--interface", "asginl", "--loop", "uvloop"]),
        "wsgi": ("bench.plain_django:wsgi", ["--interface", "wsgi", "--blocking-threads", "1"]),
    }[interface]
    command = [sys.executable, "-m", "granian", "--no-ws", "--log-level", "warning"]
    command += ["--host", HOST, "--port", str(port), "--workers", "1", *words, target]
    with started(command, port, environment(archive.var), up="/healthz") as server:
        yield server


@contextmanager
def started(
    words: Sequence[str | Path], port: int, variables: dict[str, str], *, up: str
) -> Iterator[Server]:
    """A server by its command line; waits until the address `up` is answered."""
    process = subprocess.Popen(words, env=variables)
    try:
        _wait_until_up(process, port, up)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])


def fetch(
    port: int, path: str, *, coding: str = "identity", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One answer: status, headers, and the bytes as they came."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"User-Agent": FIREFOX, "Accept": TAKES, "Accept-Encoding": coding}
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        got = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, got, answer.read()
    finally:
        connection.close()


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> dict[str, int]:
    """`Rss`, and `Pss`: what is shared with other processes counted by its share."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0])
    return found


def owner_of(connection: socket.socket, pids: Sequence[int]) -> int | None:
    """Which of these processes holds the other end of a loopback connection."""
    here, there = connection.getsockname()[1], connection.getpeername()[1]
    inode = _inode(local=there, remote=here)
    return next((pid for pid in pids if inode and _holds(pid, inode)), None)


def _inode(*, local: int, remote: int) -> str:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if (fields[1][-4:], fields[2][-4:]) == (f"{local:04X}", f"{remote:04X}"):
            return fields[9]
    return ""


def _holds(pid: int, inode: str) -> bool:
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if opened.readlink().name == f"socket:[{inode}]":
                return True
    return False


def _wait_until_up(process: subprocess.Popen[Any], port: int, path: str) -> None:
    for _ in range(int(UP_S / 0.1)):
        if process.poll() is not None:
            raise SystemExit(f"A server ended with {process.returncode} before it answered.")
        with suppress(OSError, http.client.HTTPException):
            if fetch(port, path)[0] == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"A server did not come up within {UP_S:.0f} s.")


def _parents() -> dict[int, int]:
    """The parent of every process of the system."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            found[int(folder.name)] = int(fields[1])
    return found


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def _answers(pid: int) -> bool:
    """Not Python's own helper, which stands beside the workers that it spawns."""
    return "resource_tracker" not in _command(pid)
