"""Asking other servers, guarded: the one client for addresses that people or feeds gave us.

It connects to public addresses only, and to the very address that was looked at, so a name that
changes its mind between the look and the connection gains nothing. Redirects are followed a few
times, each looked at anew; size and time are bounded. It sends no cookie and no credential.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

from dateline.errors import DatelineError

TIMEOUT_S = 8.0
"""For all of it, redirects and reading too."""

MOST_BYTES = 5_000_000
MOST_REDIRECTS = 5

USER_AGENT = "Dateline (news agency; checks and reads what its editors link to)"

_PORTS = frozenset({80, 443, 8080, 8443})
"""Where web servers listen. Others belong to mail, databases and the like."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Network = IPv4Network | IPv6Network


class OutboundError(DatelineError):
    """Another server could not be asked, or was not to be; the message says why."""

    code = "outbound"


class Refused(OutboundError):
    """The address is none that we connect to."""

    code = "outbound-refused"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What another server answered. `url` is the last one, after redirects; `body` is as sent."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outbound:
    """A client. `allowed` are networks that it may connect to though they are not public, for an
    operator whose own servers stand there, and for tests."""

    allowed: tuple[Network, ...] = ()
    timeout_s: float = TIMEOUT_S
    most_bytes: int = MOST_BYTES

    def status(self, url: str) -> int:
        """How an address answers, where it leads; its content is not read. Raises as `fetch()`."""
        return self._followed(url, read=False).status

    def fetch(self, url: str) -> Fetched:
        """What is at an address, or where it leads.

        Raises Refused if it, or one it leads to, is none that we connect to; OutboundError if
        there is no answer in time, or one larger than `most_bytes`.
        """
        return self._followed(url, read=True)

    @contextmanager
    def posting(self) -> Iterator["Post"]:
        """A way to post bodies one after the other, over one connection where the server keeps it.

        `timeout_s` is for each. Any port may be named: whoever gave the address was trusted with
        it. A redirect is an answer as any other; of an answer's body no more than `most_bytes` is
        read, and what is cut short after that is none of our business. Raises as `fetch()`.
        """
        guarded = _Guarded(self.allowed, time.monotonic() + self.timeout_s)
        with httpcore.ConnectionPool(ssl_context=_trusting(), network_backend=guarded) as pool:

            def post(url: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
                guarded.end = time.monotonic() + self.timeout_s
                return self._posted(pool, checked(url, ports=None), body, headers)

            yield post

    def _posted(
        self,
        pool: httpcore.ConnectionPool,
        url: httpx.URL,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Fetched:
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self.timeout_s)
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        given.append((b"Content-Length", str(len(body)).encode()))
        with (
            _faults_in_words(),
            pool.stream(
                "POST", str(url), headers=_headers(url) + given, content=body,
                extensions={"timeout": timeouts},
            ) as answer,
        ):  # fmt: skip
            said = self._beginning(answer.iter_stream())
            return Fetched(str(url), answer.status, _named(answer.headers), said)

    def _beginning(self, parts: Iterable[bytes]) -> bytes:
        said = bytearray()
        with suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            for part in parts:
                said += part
                if len(said) >= self.most_bytes:
                    break
        return bytes(said[: self.most_bytes])

    def _followed(self, url: str, *, read: bool) -> Fetched:
        end = time.monotonic() + self.timeout_s
        with httpcore.ConnectionPool(
            ssl_context=_trusting(), network_backend=_Guarded(self.allowed, end)
        ) as pool:
            for _ in range(MOST_REDIRECTS + 1):
                answer = self._asked(pool, checked(url), end, read=read)
                leads_to = answer.headers.get("location", "")
                if answer.status not in _REDIRECTS or not leads_to:
                    return answer
                url = str(httpx.URL(answer.url).join(leads_to))
        raise OutboundError("It leads from one address to another without an end.")

    def _asked(
        self, pool: httpcore.ConnectionPool, url: httpx.URL, end: float, *, read: bool
    ) -> Fetched:
        left_s = max(0.1, end - time.monotonic())
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), left_s)
        with (
            _faults_in_words(),
            pool.stream(
                "GET", str(url), headers=_headers(url), extensions={"timeout": timeouts}
            ) as answer,
        ):
            body = self._read(answer.iter_stream(), end) if read else b""
            return Fetched(str(url), answer.status, _named(answer.headers), body)

    def _read(self, parts: Iterable[bytes], end: float) -> bytes:
        body = bytearray()
        for part in parts:
            body += part
            if len(body) > self.most_bytes:
                raise OutboundError(f"Its answer is larger than {self.most_bytes:,} bytes.")
            if time.monotonic() > end:
                raise TimeoutError
        return bytes(body)


Post = Callable[[str, bytes, Mapping[str, str]], Fetched]
"""Posts a body with headers to an address."""


@contextmanager
def _faults_in_words() -> Iterator[None]:
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise OutboundError("It did not answer in time.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        if "CERTIFICATE" in str(error).upper():
            raise OutboundError(f"Its certificate is not good: {error}") from error
        raise OutboundError("There is no answer from it.") from error


def connect(
    host: str, port: int, allowed: tuple[Network, ...] = (), *, timeout_s: float = TIMEOUT_S
) -> socket.socket:
    """A connection to a server that may be connected to, for what is not HTTP.

    Raises as `Outbound.fetch()`.
    """
    address = _public_address(host, port, allowed)
    with _faults_in_words():
        return socket.create_connection((str(address), port), timeout_s)


def _named(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _headers(url: httpx.URL) -> list[tuple[bytes, bytes]]:
    return [
        (b"Host", url.netloc),
        (b"User-Agent", USER_AGENT.encode()),
        (b"Accept", b"*/*"),
        (b"Accept-Encoding", b"identity"),
    ]


def checked(url: str, *, ports: frozenset[int] | None = frozenset()) -> httpx.URL:
    """The address, if it is a web address that may be asked; `ports` are those allowed, None any,
    and web servers' own if nothing is said. Raises Refused."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused("This is not a web address.") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Refused("This is not a web address.")
    if parsed.userinfo:
        raise Refused("The address holds a name or a password. Leave them out.")
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    if ports is not None and port not in (ports or _PORTS):
        raise Refused("The address names a port that is no web server's.")
    return parsed


class _Guarded(httpcore.SyncBackend):
    """Connects to public addresses only: the name is looked up once, here, and what was looked at
    is what is connected to."""

    def __init__(self, allowed: tuple[Network, ...], end: float) -> None:
        self._allowed = allowed
        self.end = end

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = _public_address(host, port, self._allowed)
        left_s = max(0.1, self.end - time.monotonic())
        stream = super().connect_tcp(
            str(address), port, min(timeout or left_s, left_s), local_address, socket_options
        )
        return _Timed(stream, self)


class _Timed(httpcore.NetworkStream):
    """A connection on which all reads and writes together end in time: a server that sends a byte
    now and then keeps to any limit of a single read."""

    def __init__(self, stream: httpcore.NetworkStream, guarded: _Guarded) -> None:
        self._stream = stream
        self._guarded = guarded

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left_s = self._left(httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left_s), self._guarded)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, late: type[httpcore.TimeoutException]) -> float:
        left_s = self._guarded.end - time.monotonic()
        if left_s <= 0:
            raise late
        return left_s


def _public_address(
    host: str, port: int, allowed: tuple[Network, ...]
) -> IPv4Address | IPv6Address:
    """The first address of a name, if all of its addresses may be connected to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundError("There is no server of this name.") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(_may_be_asked(each, allowed) for each in addresses):
        raise Refused("This address is inside a private network.")
    return addresses[0]


def _may_be_asked(address: IPv4Address | IPv6Address, allowed: tuple[Network, ...]) -> bool:
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if isinstance(address, IPv6Address):
        # An IPv4 address in IPv6 clothes is judged as what it is.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _may_be_asked(inner, allowed)
        if address in _NAT64:
            return _may_be_asked(IPv4Address(int(address) & 0xFFFFFFFF), allowed)
    return address.is_global and not address.is_multicast


_NAT64 = IPv6Network("64:ff9b::/96")


@cache
def _trusting() -> ssl.SSLContext:
    # Made once: reading all that the system trusts takes 20 ms, more than a post on loopback.
    return httpx.create_ssl_context()
