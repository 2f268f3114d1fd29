"""The front in a test: the worker's own, on an event loop of its own, asked over ASGI."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Self

import httpx

from dateline.archive.models import PUBLIC
from dateline.releases.watch import watch_for
from dateline.site.front import Front, Limits
from dateline.site.kept import keep_in


class Fronted:
    """A running front, from `with` to the end of its block; `get()` from any thread."""

    def __init__(self, other: Callable[..., Any] | None = None, **limits: int) -> None:
        self.passed_on: list[str] = []
        self._other = other or self._note
        self._limits = Limits(**limits)

    def __enter__(self) -> Self:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.front = self.run(self._made())
        return self

    def __exit__(self, *exception: object) -> None:
        self.run(self._ended())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()
        keep_in(None)

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def start(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        return self.run(self.ask(path, method, **headers))

    async def ask(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx.ASGITransport(self.front, client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://front") as client:
            if "accept-encoding" not in named:
                client.headers["accept-encoding"] = "identity"
            return await client.request(method, path, headers=named)

    async def _made(self) -> Front:
        front = Front(self._other, watch=watch_for(PUBLIC), limits=self._limits)
        await front.start()
        return front

    async def _ended(self) -> None:
        await self.front.stop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(others, timeout=10) if others else None
        # What closes the connections stands last in each thread's queue.
        for pool in (self.front._press.jobs, self.front._looks, self.front._writes):
            await asyncio.to_thread(pool.shutdown)

    async def _note(self, scope: Any, receive: Any, send: Any) -> None:
        """Stands for Django: notes what came to it."""
        self.passed_on.append(f"{scope['method']} {scope['path']}")
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})
