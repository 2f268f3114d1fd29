"""HTTP with Standard Webhooks: a POST, signed, to the client's address.

The signature is of id, time and body, so nobody can change any of them or send it again later
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Two
secrets may be good at once, so that they can be changed without a gap. Any answer of 200 to 299 is
taken for delivered; a redirect is not followed, for the client's manager should know of it.
"""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.outbound import Fetched, Outbound, OutboundError, Refused, checked
from dateline.wire.roads.parcel import (
    BadDestination,
    Field,
    Ground,
    Options,
    Parcel,
    RoadError,
    Send,
)

FIELDS = (
    Field(
        "url",
        gettext_lazy("address"),
        gettext_lazy("Each release is posted there, signed by Standard Webhooks."),
        required=True,
        initial="https://",
    ),
)

PREFIX = "whsec_"
MOST_SAID = 300
"""Characters of an answer that are kept; no more than ten times that is read."""

OVERLAP = timedelta(days=7)
"""How long a former secret signs beside the new one."""


def check(options: Options) -> None:
    try:
        checked(options.get("url", ""), ports=None)
    except Refused as error:
        raise BadDestination(
            _("This is no web address. Write one as https://news.example/wire."), field="url"
        ) from error


def new_secret() -> str:
    """A secret as Standard Webhooks writes it: 32 random bytes in base64, after a prefix."""
    return PREFIX + base64.b64encode(randomness.token_bytes(32)).decode()


def rotated(secrets: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The secrets with a new one; the former goes on for OVERLAP."""
    former = secrets.get("key", "")
    until = (now + OVERLAP).timestamp()
    return {"key": new_secret()} | ({"former": former, "former_until": until} if former else {})


def signature(key: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of "id.timestamp.body" under the secret."""
    raw = base64.b64decode(key.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()


@contextmanager
def opened(options: Options, secrets: Mapping[str, Any], ground: Ground) -> Iterator[Send]:
    outbound = Outbound(ground.allowed, timeout_s=ground.timeout_s, most_bytes=MOST_SAID * 10)
    with outbound.posting() as post:

        def send(parcel: Parcel) -> str:
            headers = _headers(parcel, secrets, ground.now())
            try:
                answer = post(options["url"], parcel.body, headers)
            except OutboundError as error:
                raise RoadError(error.message) from error
            return _taken(answer, ground.now())

        yield send


def _headers(parcel: Parcel, secrets: Mapping[str, Any], now: datetime) -> dict[str, str]:
    timestamp = int(now.timestamp())
    keys = [secrets["key"]] if secrets.get("key") else []
    if secrets.get("former") and timestamp < float(secrets["former_until"]):
        keys.append(secrets["former"])
    signatures = [signature(key, parcel.message_id, timestamp, parcel.body) for key in keys]
    return {
        "Content-Type": parcel.content_type,
        "webhook-id": parcel.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def _taken(answer: Fetched, now: datetime) -> str:
    text = " ".join(answer.body.decode("utf-8", "replace").split())[:MOST_SAID]
    said = f"{answer.status} {text}".strip()
    if 200 <= answer.status < 300:
        return said
    if 300 <= answer.status < 400:
        where = answer.headers.get("location", "")[:MOST_SAID]
        said = f"{answer.status}: it leads to {where}. Ask the client for the right address."
    raise RoadError(
        said,
        retry_after_s=_retry_after(answer.headers.get("retry-after", ""), now),
        # Standard Webhooks: whoever answers 410 wants no more of it.
        over=answer.status == 410,
    )


def _retry_after(text: str, now: datetime) -> float | None:
    """Seconds or an HTTP date (RFC 9110, section 10.2.3); what is neither is not believed."""
    if text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
