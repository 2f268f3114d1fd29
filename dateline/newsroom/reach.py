"""Whom a change of a story reaches, told before it is made: readers' pages, and clients.

Pages are counted from the public archive. Clients are for the wire to count, which keeps who was
sent what; the newsroom must not know it, so it asks through `clients_holding`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError

from dateline.archive import places
from dateline.archive.places import Places
from dateline.items import BadDocument

ClientCount = Callable[[str], int | None]


def clients_holding(guid: str) -> int | None:
    """How many clients hold this story; None while no wire is there to know it."""
    return _count_clients(guid)


def count_clients_by(count: ClientCount) -> None:
    """From now on, clients are counted by this: the wire says so as it starts."""
    global _count_clients
    _count_clients = count


def _nobody_knows(_guid: str) -> int | None:
    return None


_count_clients: ClientCount = _nobody_knows


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a change reaches. Each is None if that cannot be told now."""

    places: Places | None
    clients: int | None


def reach_of(number: int, guid: str) -> Reach:
    """Whom a change of this story would reach now. An archive in repair keeps nobody from it."""
    try:
        found = places.places_of(number)
    except (DatabaseError, BadDocument):
        found = None
    return Reach(found, clients_holding(guid))
