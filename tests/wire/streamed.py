"""The door in a test: a worker's own, on an event loop of its own, asked over ASGI."""

import asyncio
import json
import threading
import time
from typing import Any, Self
from urllib.parse import urlencode

from django.core.asgi import get_asgi_application

from dateline.releases.watch import watch_for
from dateline.wire.door import Door
from dateline.wire.models import WIRE

PATIENCE_S = 20.0


class Opened:
    """One request that is held open: what was sent to it so far."""

    def __init__(self, doors: "Doors", path: str, headers: dict[str, str]) -> None:
        self._doors = doors
        self.messages: list[dict[str, Any]] = []
        self.blocked = threading.Event()
        self._closed = asyncio.run_coroutine_threadsafe(_event(), doors.loop).result(5)
        address, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(n.lower().encode(), v.encode()) for n, v in headers.items()],
            "client": ("192.0.2.7", 1),
            "server": ("localhost", 80),
        }
        self._task = doors.start(doors.door(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._doors.received.setdefault(id(self), 0):
            self._doors.received[id(self)] = 1
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        while self.blocked.is_set():  # noqa: ASYNC110 - set and cleared by another thread
            await asyncio.sleep(0.01)

    def close(self) -> None:
        self._doors.loop.call_soon_threadsafe(self._closed.set)
        self._task.result(PATIENCE_S)

    @property
    def done(self) -> bool:
        return self._task.done()

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in list(self.messages))

    def events(self) -> list[dict[str, str]]:
        """The events so far, each by its fields."""
        parts = self.body.decode().split("\n\n")[:-1]
        read = [dict(line.split(": ", 1) for line in part.split("\n") if ": " in line)
                for part in parts]  # fmt: skip
        return [fields for fields in read if "event" in fields]

    def items(self) -> list[tuple[str, int]]:
        said = [json.loads(each["data"]) for each in self.events() if each["event"] == "item"]
        return [(item["guid"], item["version"]) for item in said]

    def until(self, truth: Any) -> Self:
        """Wait until something holds of what was sent."""
        deadline = time.monotonic() + PATIENCE_S
        while not truth(self):
            assert time.monotonic() < deadline, self.body[-2_000:]
            time.sleep(0.01)
        return self


class Doors:
    """A running door, from `with` to the end of its block."""

    def __init__(self, most: int = 100) -> None:
        self._most = most
        self.received: dict[int, int] = {}

    def __enter__(self) -> Self:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.door = self.start(self._made()).result(PATIENCE_S)
        return self

    def __exit__(self, *exception: object) -> None:
        self.start(self._ended()).result(PATIENCE_S)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE_S)
        self.loop.close()

    def start(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def open(self, path: str, token: str, **headers: str) -> Opened:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Opened(self, f"/api/v1{path}", {"Authorization": f"Bearer {token}", **named})

    def stream(self, token: str, *, last: str = "", **query: str) -> Opened:
        headers = {"Last_Event_ID": last} if last else {}
        opened = self.open(f"/stream?{urlencode(query)}", token, **headers)
        return opened.until(lambda o: o.messages)

    async def _made(self) -> Door:
        async def front(scope: Any, receive: Any, send: Any) -> None:
            raise AssertionError("this is no test of the front")

        door = Door(front, get_asgi_application(), watch=watch_for(WIRE), most=self._most)
        await door.hub.start()
        return door

    async def _ended(self) -> None:
        await self.door.stop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others, timeout=10) if others else None
        for pool in (self.door.hub._looks, *self.door.readers):
            await asyncio.to_thread(pool.shutdown)


async def _event() -> asyncio.Event:
    return asyncio.Event()
