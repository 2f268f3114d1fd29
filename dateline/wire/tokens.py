"""Tokens of clients' machines: made, replaced, revoked; and who is let in.

A token is 256 random bits, shown once. What is kept is its SHA-256: a slow hash protects passwords
that can be guessed, and this cannot. Everything that may end it is asked at each request.
"""

import base64
import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from dateline.wire.models import WIRE, Client, Scope, Token
from dateline.wire.problems import WireError
from dateline.wire.sight import Right, right_of

PREFIX = "dateline_"
"""So that a token that was left in a file or a chat is known for what it is by those who look."""

SHOWN = len(PREFIX) + 3
OVERLAP = timedelta(days=7)
"""How long a token that was replaced goes on beside the new one."""

NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a token was last used: not each request is worth a write."""


class NoToken(WireError):
    """The request carries no token."""

    code = "no-token"
    title = "A token is needed"
    status = 401


class BadToken(WireError):
    """No token of ours, or one that was revoked or is over."""

    code = "bad-token"
    title = "This token is not valid"
    status = 401


class ContractOver(WireError):
    """The client's contract has not begun, is over, or was stopped."""

    code = "contract-over"
    title = "There is no contract now"
    status = 403


class AddressNotAllowed(WireError):
    """The request comes from a network that the client did not name."""

    code = "address-not-allowed"
    title = "Not from this address"
    status = 403


class ScopeMissing(WireError):
    """The token may not do this; `scope` is what it would need."""

    code = "scope-missing"
    title = "This token may not do that"
    status = 403


class FormatNotAllowed(WireError):
    """A product of the client does not have this format; `formats` are those that all have."""

    code = "format-not-allowed"
    title = "Not in this format"
    status = 403


class NoSuchProduct(WireError):
    """The client has no product of this name; `products` are those it has."""

    code = "no-such-product"
    title = "You have no such product"
    status = 404


@dataclass(frozen=True)
class Access:
    """A request that was let in: whose, with which token, and by what rights."""

    client: Client
    token: Token
    rights: tuple[Right, ...]

    def of_product(self, slug: str) -> "Access":
        """The same with one product alone. Raises NoSuchProduct."""
        found = tuple(right for right in self.rights if right.slug == slug)
        if not found:
            names = sorted(right.slug for right in self.rights)
            raise NoSuchProduct(
                f"You have no product “{slug}”. You have: {', '.join(names) or 'none yet'}.",
                products=names,
            )
        return Access(self.client, self.token, found)

    def ensure_format(self, name: str) -> None:
        """Raises FormatNotAllowed if not all rights have it: nothing may be left out unsaid."""
        without = [right.slug for right in self.rights if name not in right.formats]
        if without:
            common = sorted(set.intersection(*(set(right.formats) for right in self.rights)))
            raise FormatNotAllowed(
                f"Not all of your products come as “{name}”: {', '.join(without)} do not. Ask for "
                f"one product with product=, or for {' or '.join(common) or 'another format'}.",
                formats=common,
            )

    @property
    def delayed(self) -> bool:
        """Does any of the products wait before it is sent?"""
        return any(right.delay for right in self.rights)


def make(
    client: Client,
    *,
    name: str,
    scopes: Sequence[str] = tuple(Scope.values),
    by: str = "",
    expires_at: datetime | None = None,
    per_minute: int = 600,
) -> tuple[Token, str]:
    """A new token, and its text, which nobody can be shown again."""
    text = PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    token = Token.objects.using(WIRE).create(
        client=client,
        name=name,
        sha256=_hash(text),
        begins=text[:SHOWN],
        scopes=list(scopes),
        per_minute=per_minute,
        created_by=by,
        expires_at=expires_at,
    )
    return token, text


def replace(token: Token, *, now: datetime, by: str = "") -> tuple[Token, str]:
    """A new token like this one, which itself goes on for OVERLAP: both are valid meanwhile."""
    with transaction.atomic(using=WIRE):
        made = make(
            token.client,
            name=token.name,
            scopes=token.scopes,
            by=by,
            expires_at=token.expires_at,
            per_minute=token.per_minute,
        )
        ends_at = now + OVERLAP
        if token.expires_at is None or token.expires_at > ends_at:
            token.expires_at = ends_at
            token.save(using=WIRE)
    return made


def revoke(token: Token, *, now: datetime) -> None:
    """End a token at once and for ever."""
    token.revoked_at = token.revoked_at or now
    token.save(using=WIRE)


def admit(text: str, *, address: str, scope: Scope | None, now: datetime) -> Access:
    """Let a request in. Raises the WireError that says why not.

    `address` is the network address it comes from; `scope` what it wants to do.
    """
    if not text:
        raise NoToken("Send your token: Authorization: Bearer …")
    tokens = Token.objects.using(WIRE).select_related("client")
    token = tokens.filter(sha256=_hash(text)).first()
    ensure_valid(token, address=address, scope=scope, now=now)
    assert token is not None
    _note_use(token, now)
    return access_of(token)


def ensure_valid(
    token: Token | None, *, address: str, scope: Scope | None, now: datetime
) -> None:
    """Raises the WireError that says why this token, as it stands now, lets nobody in."""
    if token is None or not token.is_valid(now):
        raise BadToken("This token is unknown, revoked or over. Ask the agency for another.")
    _ensure_served(token.client, now)
    _ensure_from(token.client, address)
    if scope is not None and scope not in token.scopes:
        raise ScopeMissing(
            f"This token was not made for “{scope.value}”. Ask the agency for one that is.",
            scope=scope.value,
        )


def access_of(token: Token) -> Access:
    """What a token gives, without asking whether it is valid."""
    products = token.client.products.using(WIRE).all()
    return Access(token.client, token, tuple(right_of(product) for product in products))


def networks(lines: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks in lines of text. Raises ValueError for what is none."""
    return [ipaddress.ip_network(line) for line in lines.split()]


def _ensure_served(client: Client, now: datetime) -> None:
    if client.is_served(now):
        return
    if client.begins_at > now:
        raise ContractOver(f"Your contract begins on {client.contract_from:%Y-%m-%d}.")
    raise ContractOver("Your contract is over or was stopped. Ask the agency.")


def _ensure_from(client: Client, address: str) -> None:
    allowed = networks(client.addresses)
    if not allowed:
        return
    try:
        coming = ipaddress.ip_address(address)
    except ValueError:
        coming = None
    if coming is None or not any(coming in network for network in allowed):
        raise AddressNotAllowed(
            f"Requests from {address or 'an unknown address'} are not allowed for you. Ask the "
            "agency to add your network.",
            address=address,
        )


def _note_use(token: Token, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        with suppress(OperationalError):  # a database that is busy: it is noted the next time
            Token.objects.using(WIRE).filter(pk=token.pk).update(last_used_at=now)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
