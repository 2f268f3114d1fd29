"""Pictures for clients: addresses that are signed and run out, and the files behind them.

An item names its pictures by the site's addresses, where those of an embargoed story are not
served. On its way to a client each becomes `/api/v1/pictures/<until>-<client>-<signature>/<file>`:
without a `?` or `&`, so that it may stand in any format as it is. Whoever was given one may fetch
it until it runs out or the client's contract does.
"""

import hmac
import mimetypes
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from dateline.wire.models import WIRE, Client
from dateline.wire.problems import NoSuchAddress, WireError

DAY_S = 86_400

_FILE = r"[0-9a-f]{2}/[0-9a-f]+\.[a-z0-9]+"


class AddressOver(WireError):
    """The address of a picture has run out, or was not made by us."""

    code = "address-over"
    title = "This address of a picture is no longer good"
    status = 403


def until(now: datetime) -> int:
    """When an address that is given now runs out: the end of tomorrow, UTC, in seconds.

    The same all day, so that an answer that has not changed has the same bytes.
    """
    return (int(now.timestamp()) // DAY_S + 2) * DAY_S


def signed(document: bytes, *, client: int, now: datetime) -> bytes:
    """A document with the addresses of its pictures made the client's own."""
    ends = until(now)

    def mine(found: re.Match[bytes]) -> bytes:
        file = found[1].decode()
        address = f"{settings.BASE_URL}/api/v1/pictures/{ends}-{client}-{_mac(ends, client, file)}"
        return f"{address}/{file}".encode()

    return _published()(mine, document)


def file_of(signature: str, file: str, *, now: datetime) -> tuple[Path, str]:
    """The file behind a signed address, and its content type. Raises AddressOver or
    NoSuchAddress."""
    found = re.fullmatch(r"(\d{1,12})-(\d{1,12})-([0-9a-f]{32})", signature, re.ASCII)
    if found is None or not re.fullmatch(_FILE, file):
        raise NoSuchAddress("No picture has this address.")
    ends, client, mac = int(found[1]), int(found[2]), found[3]
    good = hmac.compare_digest(mac, _mac(ends, client, file))
    if not good or now.timestamp() >= ends or not _is_served(client, now):
        raise AddressOver("Fetch the item again: it names its pictures by addresses that are good.")
    for root in (settings.PICTURES_ROOT, settings.HELD_PICTURES_ROOT):
        path = Path(root) / file
        if path.is_file():
            return path, mimetypes.guess_type(file)[0] or "application/octet-stream"
    raise NoSuchAddress("This picture is no longer kept.")


def _is_served(client: int, now: datetime) -> bool:
    held = Client.objects.using(WIRE).filter(pk=client).first()
    return held is not None and held.is_served(now)


def _mac(ends: int, client: int, file: str) -> str:
    return hmac.digest(_key(), f"{ends}:{client}:{file}".encode(), "sha256").hex()[:32]


@cache
def _key() -> bytes:
    return salted_hmac("dateline.wire.pictures", "key", algorithm="sha256").digest()


@cache
def _published() -> Callable[..., bytes]:
    base = re.escape(f"{settings.BASE_URL}{settings.PICTURES_URL}")
    return re.compile(f"{base}({_FILE})".encode()).sub
