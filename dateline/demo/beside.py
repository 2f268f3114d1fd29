"""An iterator that runs in a process of its own, so that what it makes is made on another core.

It is never more than a parcel and a pipe's fill ahead of whoever reads it, and ends with them,
however they end.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")

_PARCEL = 1_000
"""Things sent at a time. No fewer than a reader takes at once, or it would wait for the second
parcel of every round: with 250 to a batch of 500 stories, a fifth of the time of a load."""


def beside(make: Callable[..., Iterator[T]], /, **arguments: Any) -> Iterator[T]:
    """What `make(**arguments)` yields, in order; all of it can be pickled.

    Raises EOFError if its process fails, which says why on its way, or is killed.
    """
    # Not forked: a copy of an open database connection would be of no use, and SQLite's harms.
    context = multiprocessing.get_context("spawn")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(writing, make, arguments), daemon=True)
    process.start()
    writing.close()
    try:
        while parcel := reading.recv():
            yield from parcel
    finally:
        reading.close()
        process.join()


def _send(writing: Connection, make: Callable[..., Iterator[Any]], arguments: Any) -> None:
    # Ctrl-C in a terminal reaches us too; whoever reads decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        things = make(**arguments)
        while parcel := list(islice(things, _PARCEL)):
            writing.send(parcel)
        writing.send([])
    except BrokenPipeError:
        return  # nobody reads any more
