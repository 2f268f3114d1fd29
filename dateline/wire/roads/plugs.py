"""Connections of roads that are not HTTP: to a guarded address, and no longer than was said."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.utils.translation import gettext as _

from dateline import outbound
from dateline.wire.roads.parcel import BadDestination, Ground, Options, RoadError


def check_server(options: Options, *, port: int) -> None:
    """Raises BadDestination if there is no host name, or no port."""
    host, given = options.get("host", ""), options.get("port") or str(port)
    if not host or any(mark in host for mark in "/@ ") or "://" in host:
        raise BadDestination(_("Write the server's name alone, as files.example."), field="host")
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise BadDestination(_("A port is a number from 1 to 65535."), field="port")


def connected(options: Options, ground: Ground, *, port: int) -> socket.socket:
    """A connection to the server of a destination. Raises RoadError."""
    at = int(options.get("port") or port)
    try:
        return outbound.connect(options["host"], at, ground.allowed, timeout_s=ground.timeout_s)
    except outbound.OutboundError as error:
        raise RoadError(error.message) from error


@contextmanager
def limited(plug: socket.socket, seconds: float) -> Iterator[None]:
    """Pull the plug when the time is over, whatever the library waits for."""

    def pull() -> None:
        with suppress(OSError):
            plug.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, pull)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def said(error: BaseException) -> str:
    """What went wrong, in words."""
    return str(error).strip() or "It did not answer in time, or hung up."
