"""Whoever keeps a stream open hears at once of a change to clients, products or tokens.

On SQLite the watch sees any commit; on PostgreSQL it has to be told (`releases.doorbell`). It is a
hint: streams look again after two seconds without one.
"""

from typing import Any

from django.db import connections
from django.db.models.signals import m2m_changed, post_delete, post_save

from dateline.releases.doorbell import channel_of, ring
from dateline.wire.models import WIRE, Client, Product, Token


def watch() -> None:
    """Begin to ring, in this process."""
    for model in (Client, Product, Token):
        for signal in (post_save, post_delete):
            signal.connect(_ring, sender=model, dispatch_uid=f"wire-rings-{id(signal)}")
    m2m_changed.connect(_ring, sender=Client.products.through, dispatch_uid="wire-rings")


def _ring(**_: Any) -> None:
    ring(connections[WIRE], channel=channel_of(WIRE))
