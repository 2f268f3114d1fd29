"""What a road carries, and what it says when it cannot.

A road is a module with `FIELDS`, `check()` and `opened()`; `roads.ROADS` is the table of them. It
knows neither the database nor retries: it sends the bytes that it is given, or raises RoadError.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from django.utils.functional import Promise

from dateline.errors import DatelineError

TIMEOUT_S = 20.0
"""How long one parcel may take, from the first byte to the answer. Papers' servers that answer
later than this have as a rule not answered at all."""


class RoadError(DatelineError):
    """A parcel was not taken; the message says why, in words for the client manager.

    `retry_after_s` is how long the other side asked us to wait; `over`: it wants no more at all.
    """

    code = "not-delivered"

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, over: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.over = over


class BadDestination(DatelineError):
    """A destination cannot be used as it was typed; `field` names what is wrong."""

    code = "bad-destination"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One release for one destination, ready to be sent.

    `message_id` is the same at each try. `names` are the facts that file names are made of.
    """

    delivery: int
    message_id: str
    guid: str
    version: int
    serial: int
    kind: str
    at: datetime
    headline: str
    format: str
    content_type: str
    body: bytes
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a road starts from: which private networks may be reached, and folders of ours.

    `client` is the client's short name; `learned` is told what should be remembered.
    """

    client: str
    allowed: tuple[IPv4Network | IPv6Network, ...]
    folder: str
    from_email: str
    now: Callable[[], datetime]
    learned: Callable[[str, str], None] = lambda name, value: None
    timeout_s: float = TIMEOUT_S


Send = Callable[[Parcel], str]
"""Sends one parcel and returns what the other side said. Raises RoadError."""


Words = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """What a road must be told, as a field of the destination's form."""

    name: str
    label: Words
    help: Words = ""
    secret: bool = False
    required: bool = False
    initial: str = ""
    lines: int = 1


Options = Mapping[str, str]


class Road(Protocol):
    """A kind of destination."""

    @property
    def FIELDS(self) -> tuple[Field, ...]: ...

    def check(self, options: Options) -> None:
        """Raises BadDestination for what could never be sent to."""

    def opened(
        self, options: Options, secrets: Mapping[str, object], ground: Ground
    ) -> AbstractContextManager[Send]:
        """A connection for some parcels one after the other. Raises RoadError."""
