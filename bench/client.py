"""A reader who asks over connections that stay open, in a process of its own.

`asked(job)` starts it and returns what it measured. A job is one of

- `each`: asks for every path once, over a few connections, each of which waits for its answer;
- `paced`: asks at a fixed rate whether or not the server keeps up. A read's time runs from when it
  was due, so one that had to wait for a free connection is as slow as its reader would find it.

All times are of the system's monotonic clock, which all processes share.
"""

import asyncio
import gc
import json
import random
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import uvloop

HOST = "127.0.0.1"

LAST_ANSWERS_S = 10.0
"""How long answers are waited for when the last question was asked."""


class Connection(asyncio.Protocol):
    """One connection, one question at a time. `done(status, body)` is called with each answer."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._buffer = b""
        self._needs = 0
        self._done: Callable[[int, bytes], None] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    @property
    def socket(self) -> Any:
        return self._transport.get_extra_info("socket")

    def ask(self, question: bytes, done: Callable[[int, bytes], None]) -> None:
        self._done = done
        self._transport.write(question)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if len(self._buffer) < self._needs:
            return
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        status = int(self._buffer[9:12])
        self._needs = end + 4 + _length(self._buffer[:end], status)
        if len(self._buffer) >= self._needs:
            body = self._buffer[end + 4 :]
            self._buffer, self._needs = b"", 0
            self._end(status, body)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(0, b"")

    def _end(self, status: int, body: bytes) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(status, body)


def _length(head: bytes, status: int) -> int:
    if status in (204, 304):
        return 0
    lines = head.lower().split(b"\r\n")
    return next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))


async def connected(port: int) -> Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, HOST, port)
    return connection


def question(port: int, path: str, *, coding: str = "gzip") -> bytes:
    """A request as a browser sends it."""
    from bench.servers import FIREFOX, TAKES

    return (
        f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nUser-Agent: {FIREFOX}\r\n"
        f"Accept: {TAKES}\r\nAccept-Language: en,uk;q=0.5\r\nAccept-Encoding: {coding}\r\n\r\n"
    ).encode()


class Asking:
    """`asked()` in the background: `start` it, do something else, take the `result`."""

    def __init__(self, **job: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._job = json.dumps(job).encode()
        assert self._process.stdin
        self._process.stdin.write(self._job + b"\n")
        self._process.stdin.flush()

    def result(self, timeout_s: float) -> dict[str, Any]:
        try:
            out, _ = self._process.communicate(timeout=timeout_s)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        if self._process.returncode:
            raise SystemExit("The reader's process failed.")
        return dict(json.loads(out))


def asked(timeout_s: float = 1800, **job: Any) -> dict[str, Any]:
    return Asking(**job).result(timeout_s)


def all_answered(got: dict[str, Any]) -> dict[str, Any]:
    """What was measured, if every answer of it was a page."""
    if set(got["statuses"]) != {"200"}:
        raise SystemExit(f"Not every address was answered with a page: {got['statuses']}")
    return got


# --- in the process of its own -------------------------------------------------------------------


async def _each(port: int, paths: list[str], connections: int, coding: str) -> dict[str, Any]:
    waiting = deque(question(port, path, coding=coding) for path in paths)
    spent: list[float] = []
    statuses: dict[int, int] = {}
    size = 0
    loop = asyncio.get_running_loop()

    async def reader(connection: Connection) -> None:
        nonlocal size
        while waiting:
            answered: asyncio.Future[tuple[int, bytes]] = loop.create_future()
            start = time.monotonic()
            connection.ask(waiting.popleft(), partial(_set, answered))
            status, body = await answered
            spent.append((time.monotonic() - start) * 1000)
            statuses[status] = statuses.get(status, 0) + 1
            size += len(body)

    opened = [await connected(port) for _ in range(connections)]
    start = time.monotonic()
    await asyncio.gather(*(reader(connection) for connection in opened))
    seconds = time.monotonic() - start
    return {"seconds": seconds, "ms": spent, "statuses": statuses, "bytes": size}


def _set(answered: asyncio.Future[tuple[int, bytes]], status: int, body: bytes) -> None:
    answered.set_result((status, body))


async def _paced(
    port: int, paths: list[str], connections: int, coding: str, rate: float, seconds: float,
    seed: int = 1,
) -> dict[str, Any]:
    """`reads` are [when due, milliseconds from then to the answer, status]."""
    questions = [question(port, path, coding=coding) for path in paths]
    draw = random.Random(seed)
    free = deque([await connected(port) for _ in range(connections)])
    late: deque[float] = deque()
    reads: list[tuple[float, float, int]] = []
    own_lag: list[float] = []

    def ask(connection: Connection, due: float) -> None:
        def done(status: int, _: bytes) -> None:
            reads.append((due, (time.monotonic() - due) * 1000, status))
            if late:
                ask(connection, late.popleft())
            elif status:
                free.append(connection)

        connection.ask(draw.choice(questions), done)

    start = time.monotonic()
    total = int(rate * seconds)
    sent = 0
    while sent < total:
        now = time.monotonic()
        while sent < total and (due := start + sent / rate) <= now:
            sent += 1
            if free:
                own_lag.append((now - due) * 1000)
                ask(free.popleft(), due)
            else:
                late.append(due)
        await asyncio.sleep(max(0.0, start + sent / rate - time.monotonic()))
    asked_s = time.monotonic() - start
    for _ in range(int(LAST_ANSWERS_S / 0.05)):
        if len(reads) >= total:
            break
        await asyncio.sleep(0.05)
    return {
        "reads": reads,
        "rate": total / asked_s,
        "unanswered": total - len(reads),
        "own lag ms": sorted(own_lag)[int(len(own_lag) * 0.99)] if own_lag else 0.0,
    }


def main() -> None:
    # The reader's own pauses would count as the server's.
    gc.disable()
    job = json.loads(sys.stdin.readline())
    work = {"each": _each, "paced": _paced}[job.pop("what")]
    print(json.dumps(uvloop.run(work(**job))))


if __name__ == "__main__":
    main()
