"""Cursors: how far a client has come in the feed, in a form that nobody builds on.

Inside stands a serial for each delay of the client's products, because what is delayed is read
behind what is not. Signed with the installation's key, so it holds on every machine and after every
restart, and one that was made up or cut is refused. It carries no right.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from functools import cache

import msgspec
from django.utils.crypto import salted_hmac

from dateline.wire.problems import WireError

Position = Mapping[int, int]
"""Delay in seconds → the serial up to which a client has everything."""

_MAC_BYTES = 12
_LONGEST = 400
_inside = msgspec.msgpack.Decoder(dict[int, int])


class BadCursor(WireError):
    """A cursor that is none of ours, or was cut."""

    code = "bad-cursor"
    title = "This is no cursor"
    status = 400


def write(position: Position) -> str:
    """The cursor of a position."""
    inside = msgspec.msgpack.encode(dict(sorted(position.items())))
    return base64.urlsafe_b64encode(_mac(inside) + inside).rstrip(b"=").decode()


def read(cursor: str) -> dict[int, int]:
    """The position in a cursor. Raises BadCursor."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mac, inside = data[:_MAC_BYTES], data[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(inside)):
            raise ValueError
        return _inside.decode(inside)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise BadCursor(
            "This cursor is not one that this feed gave. Send the last “next” as it was, or leave "
            "“after” out to begin with the oldest item you may read."
        ) from error


def after(position: Position, delay_s: int) -> int:
    """Where reading goes on for a delay. One that is new to the cursor begins where all is known.

    So a product that a client gets today is read from today on, and nothing between is lost.
    """
    return position.get(delay_s, min(position.values(), default=0))


def _mac(inside: bytes) -> bytes:
    return hmac.digest(_key(), inside, "sha256")[:_MAC_BYTES]


@cache
def _key() -> bytes:
    return salted_hmac("dateline.wire.cursors", "key", algorithm="sha256").digest()
