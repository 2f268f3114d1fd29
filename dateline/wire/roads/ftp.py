"""FTP, with TLS (RFC 4217) or in the clear: a file written aside on the server, then renamed.

With TLS the server's certificate must be one that the system trusts, and both the control and the
data connection are private. Data connections go to the address that the control connection has,
whatever the server says, so it can send us nowhere else.
"""

import ftplib
import io
import posixpath
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from dateline.wire.roads import naming
from dateline.wire.roads.parcel import Field, Ground, Options, Parcel, RoadError, Send
from dateline.wire.roads.plugs import check_server, connected, limited, said

PORT = 21
_FAULTS = (ftplib.Error, OSError, EOFError)


@dataclass(frozen=True)
class Ftp:
    """The road, with or without TLS."""

    tls: bool

    FIELDS = (
        Field("host", gettext_lazy("server"), required=True),
        Field("port", gettext_lazy("port"), initial=str(PORT)),
        Field("user", gettext_lazy("user"), required=True),
        Field("password", gettext_lazy("password"), secret=True),
        Field("folder", gettext_lazy("folder on the server"), initial="."),
        naming.FIELD,
    )

    def check(self, options: Options) -> None:
        check_server(options, port=PORT)
        naming.check(options)

    @contextmanager
    def opened(
        self, options: Options, secrets: Mapping[str, Any], ground: Ground
    ) -> Iterator[Send]:
        plug = connected(options, ground, port=PORT)
        server = _Tls() if self.tls else _Plain()
        try:
            with limited(plug, ground.timeout_s):
                _sign_in(server, plug, options, str(secrets.get("password", "")), ground)
            yield lambda parcel: _sent(server, plug, options, parcel, ground)
        finally:
            server.close()
            plug.close()


class _Plain(ftplib.FTP):
    def greeted(self, plug: socket.socket, host: str, timeout_s: float) -> None:
        """Take over a connection that was made, as `connect()` would have made it."""
        self.host, self.timeout = host, timeout_s
        self.sock, self.af = plug, plug.family
        self.file = plug.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()


class _Tls(ftplib.FTP_TLS, _Plain):
    def __init__(self) -> None:
        super().__init__(context=ssl.create_default_context())

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        # Below FTP_TLS, which would take another session; the plug is wrapped here.
        plug, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321
        # Under the session of the control connection: many servers take no other, so that nobody
        # can step into the data connection.
        session = self.sock.session  # type: ignore[union-attr]
        return self.context.wrap_socket(plug, server_hostname=self.host, session=session), size


def _sign_in(
    server: _Plain, plug: socket.socket, options: Options, password: str, ground: Ground
) -> None:
    try:
        server.greeted(plug, options["host"], ground.timeout_s)
        server.login(options["user"], password)
        if isinstance(server, _Tls):
            server.prot_p()
    except _FAULTS as error:
        raise RoadError(said(error)) from error


def _sent(
    server: _Plain, plug: socket.socket, options: Options, parcel: Parcel, ground: Ground
) -> str:
    folder = options.get("folder") or "."
    name = naming.name_of(options, parcel.names)
    part, whole = (posixpath.join(folder, each) for each in (naming.aside(name), name))
    with limited(plug, ground.timeout_s):
        try:
            server.storbinary(f"STOR {part}", io.BytesIO(parcel.body))
            _rename(server, part, whole)
        except _FAULTS as error:
            raise RoadError(f"{name}: {said(error)}") from error
    return name


def _rename(server: _Plain, part: str, whole: str) -> None:
    try:
        server.rename(part, whole)
    except ftplib.error_perm:
        # Some servers do not rename over a file that is there.
        server.delete(whole)
        server.rename(part, whole)
