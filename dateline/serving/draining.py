"""Ending live streams before their worker stops.

Granian waits for open requests before it tells an application that it stops, and a stream ends
never. So the server tells its workers first, by a signal of its own.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from granian.server import Server

DRAIN = signal.SIGUSR1
"""Tells a web worker to end its streams."""


class DrainingServer(Server):  # type: ignore[misc, valid-type]
    """Granian's server, which tells its workers to end their streams before it stops them."""

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        for worker in self.wrks:
            with suppress(ProcessLookupError, TypeError):
                os.kill(worker.inner.pid, DRAIN)
        super().signal_handler_interrupt(*args, **kwargs)


def on_signal(drain: Callable[[], Awaitable[None]]) -> None:
    """In a web worker: call this when the server says so. The loop is not running yet."""
    loop = asyncio.get_event_loop()
    loop.add_signal_handler(DRAIN, lambda: asyncio.ensure_future(drain(), loop=loop))
