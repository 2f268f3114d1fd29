"""Ten thousand open pages on one worker: what each costs in memory, and when the last one hears.

Listeners are plain connections to `/live` from a few loopback addresses, in two processes of their
own. Stories are then released through the newsroom's own path; the time runs from the return of
`release()` until the last listener has the event. A kernel's memory for sockets is not in the
worker's and not counted. Run: `python -m bench.live [--var FOLDER]`.
"""

import asyncio
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import uvloop

from bench.archives import asked_for, environment, opened
from bench.client import all_answered, asked
from bench.record import percentile, record
from bench.servers import HOST, dateline, memory_kb

PROCESSES = 2
SOURCES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
"""Addresses that listeners come from, so that ports do not run out."""

AT_ONCE = 100
"""Connections that are being opened at a time, in each process."""

SETTLED_S = 5.0
"""Pause before memory is read."""

BETWEEN_S = 3.0
GIVE_UP_S = 30.0


def main() -> None:
    parser = asked_for(__doc__)
    parser.add_argument("--listeners", type=int, default=10_000)
    parser.add_argument("--releases", type=int, default=10)
    options = parser.parse_args()
    settings = {"workers": 1, "live_listeners": options.listeners + 100}
    with opened(options.var) as archive, dateline(archive, **settings) as server:
        _ready_to_release(archive.var)
        (worker,) = server.workers()
        paths = archive.drawn(500)
        all_answered(
            asked(what="each", port=server.port, paths=paths, connections=4, coding="gzip")
        )
        time.sleep(SETTLED_S)
        before = memory_kb(worker)
        with ExitStack() as stack:
            start = time.monotonic()
            share = options.listeners // PROCESSES
            crowds = [stack.enter_context(Crowd(server.port, share)) for _ in range(PROCESSES)]
            listening = sum(crowd.says()["listening"] for crowd in crowds)
            joined_s = time.monotonic() - start
            time.sleep(SETTLED_S)
            after = memory_kb(worker)
            releases = [_heard(number, crowds, share) for number in range(options.releases)]
            ended = sum(crowd.ended() for crowd in crowds)
            told = memory_kb(worker)
    kb_each = {kind: (after[kind] - before[kind]) / listening for kind in ("Pss", "Rss")}
    last = [max(each["ms"]) for each in releases]
    every = [ms for each in releases for ms in each["ms"]]
    row = {"median": statistics.median, "p99": lambda v: percentile(v, 0.99), "slowest": max}
    record(
        "live",
        rows=[
            _row("kB of the worker's memory a listener (PSS)", [kb_each["Pss"]], row, "≤ 40"),
            _row("ms until one listener has it", every, row, ""),
            _row("ms until the last listener has it", last, row, "≤ 2,000"),
            _row("first listener, ms", [min(each["ms"]) for each in releases], row, ""),
        ],
        facts=archive.facts()
        | {
            "listeners": listening,
            "releases": len(releases),
            "events missed": sum(each["missed"] for each in releases),
            "streams that ended early": ended,
            "seconds to join, all": round(joined_s, 1),
            "worker's PSS MB before, with listeners, after releases": [
                round(each["Pss"] / 1024, 1) for each in (before, after, told)
            ],
            "kB a listener by RSS": round(kb_each["Rss"], 1),
            "listeners' processes": PROCESSES,
            "time runs from": "the return of release(), which comes after the commit",
        },
    )


def _row(what: str, values: list[float], shown: dict[str, Any], target: str) -> dict[str, Any]:
    return {"what": what, **{name: of(values) for name, of in shown.items()}, "asked": target}


def _ready_to_release(var: Any) -> None:
    os.environ.update(environment(var))
    import django

    django.setup()


def _heard(number: int, crowds: "list[Crowd]", share: int) -> dict[str, Any]:
    """One release: milliseconds until each listener had it, and how many never did."""
    from dateline.newsroom.models import Edition, Section, Story
    from dateline.newsroom.release import release

    edition = Edition.objects.get(locale__language_code="en")
    section = Section.objects.get(edition=edition, slug="economy")
    story = Story(
        locale=edition.locale,
        section=section,
        headline=f"Live release {number} of {os.getpid()}",
        body=[("paragraph", "<p>Text of the measured release.</p>")],
    )
    release(story)
    returned = time.monotonic()
    text = f"Live release {number} of {os.getpid()}"
    heard = [at for crowd in crowds for at in crowd.heard(text)]
    time.sleep(BETWEEN_S)
    # Before release() returned, it may have been heard already: that is no time at all.
    spent = [max(0.0, (at - returned) * 1000) for at in heard]
    return {"ms": spent or [GIVE_UP_S * 1000], "missed": share * len(crowds) - len(heard)}


class Crowd:
    """Listeners in a process of their own, told what to do by its input."""

    def __init__(self, port: int, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.live", "--crowd", str(port), str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def heard(self, text: str) -> list[float]:
        """When each listener had the event with this text: waits until all had it, or gives up."""
        return list(self._ask({"text": text})["heard"])

    def ended(self) -> int:
        return int(self._ask({})["ended"])

    def says(self) -> dict[str, Any]:
        assert self._process.stdout
        return dict(json.loads(self._process.stdout.readline()))

    def _ask(self, wanted: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return self.says()


# --- in a process of its own ---------------------------------------------------------------------


class Listener(asyncio.Protocol):
    """One open page. What comes is noted with its time, and looked at later."""

    def __init__(self, told: "list[tuple[float, bytes]]") -> None:
        self.told = told
        self.open = asyncio.get_running_loop().create_future()
        self.ended = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if b"event: release" in data:
            self.told.append((time.monotonic(), data))
        if not self.open.done():
            self.open.set_result(data[9:12])

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = True
        if not self.open.done():
            self.open.set_result(b"000")


async def _crowd(port: int, count: int) -> None:
    loop = asyncio.get_running_loop()
    told: list[tuple[float, bytes]] = []
    listeners: list[Listener] = []
    gate = asyncio.Semaphore(AT_ONCE)

    async def join(number: int) -> None:
        async with gate:
            _, listener = await loop.create_connection(
                lambda: Listener(told), HOST, port, local_addr=(SOURCES[number % len(SOURCES)], 0)
            )
            listener.transport.write(
                b"GET /live?edition=en HTTP/1.1\r\nHost: %b:%d\r\nAccept: text/event-stream\r\n\r\n"
                % (HOST.encode(), port)
            )
            if await asyncio.wait_for(listener.open, 60) == b"200":
                listeners.append(listener)

    await asyncio.gather(*(join(number) for number in range(count)))
    gc.collect()
    gc.disable()
    print(json.dumps({"listening": len(listeners)}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wanted = json.loads(line)
        if "text" not in wanted:
            print(json.dumps({"ended": sum(each.ended for each in listeners)}), flush=True)
            continue
        end = time.monotonic() + GIVE_UP_S
        # Nothing is done at an arrival but to note it: an event to wait for would cost more.
        while len(told) < len(listeners) and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        text = wanted["text"].encode()
        print(json.dumps({"heard": [at for at, data in told if text in data]}), flush=True)
        told.clear()


def _allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard) if hard >= 0 else count, hard))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--crowd"]:
        _allow_files(int(sys.argv[3]) + 200)
        uvloop.run(_crowd(int(sys.argv[2]), int(sys.argv[3])))
    else:
        main()
