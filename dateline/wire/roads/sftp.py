"""SFTP: a file written aside on the client's server, then renamed.

The server must show the key that is known of it. If none was typed, the first one seen is kept, and
any other is refused from then on.
"""

import base64
import hashlib
import io
import posixpath
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import paramiko
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.wire.roads import naming
from dateline.wire.roads.parcel import (
    BadDestination,
    Field,
    Ground,
    Options,
    Parcel,
    RoadError,
    Send,
)
from dateline.wire.roads.plugs import check_server, connected, limited, said

PORT = 22

FIELDS = (
    Field("host", gettext_lazy("server"), required=True),
    Field("port", gettext_lazy("port"), initial=str(PORT)),
    Field("user", gettext_lazy("user"), required=True),
    Field("password", gettext_lazy("password"), secret=True),
    Field("key", gettext_lazy("private key, in place of a password"), secret=True, lines=5),
    Field(
        "host_key",
        gettext_lazy("the server's key"),
        gettext_lazy("As SHA256:… of ssh-keygen -l. Empty: the first one seen is kept."),
    ),
    Field("folder", gettext_lazy("folder on the server"), initial="."),
    naming.FIELD,
)

_FAULTS = (OSError, EOFError, paramiko.SSHException)


def check(options: Options) -> None:
    check_server(options, port=PORT)
    if options.get("host_key") and not options["host_key"].startswith("SHA256:"):
        raise BadDestination(_("A key of a server begins with SHA256:."), field="host_key")
    naming.check(options)


@contextmanager
def opened(options: Options, secrets: Mapping[str, Any], ground: Ground) -> Iterator[Send]:
    plug = connected(options, ground, port=PORT)
    with limited(plug, ground.timeout_s):
        try:
            transport = paramiko.Transport(plug)
        except _FAULTS as error:
            plug.close()
            raise RoadError(said(error)) from error
        try:
            files = _signed_in(transport, options, secrets, ground)
        except BaseException:
            transport.close()
            raise
    try:
        yield lambda parcel: _sent(files, plug, options, parcel, ground)
    finally:
        transport.close()


def _signed_in(
    transport: paramiko.Transport, options: Options, secrets: Mapping[str, Any], ground: Ground
) -> paramiko.SFTPClient:
    transport.banner_timeout = transport.auth_timeout = ground.timeout_s
    try:
        transport.start_client(timeout=ground.timeout_s)
        _ensure_known(transport, options, ground)
        if key := secrets.get("key"):
            transport.auth_publickey(options["user"], _private(str(key)))
        else:
            transport.auth_password(options["user"], str(secrets.get("password", "")))
        files = paramiko.SFTPClient.from_transport(transport)
    except paramiko.AuthenticationException as error:
        raise RoadError("It does not take this user with this password or key.") from error
    except _FAULTS as error:
        raise RoadError(said(error)) from error
    if files is None:
        raise RoadError("It has no SFTP.")
    files.get_channel().settimeout(ground.timeout_s)
    return files


def _ensure_known(transport: paramiko.Transport, options: Options, ground: Ground) -> None:
    digest = hashlib.sha256(transport.get_remote_server_key().asbytes()).digest()
    shown = "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    known = options.get("host_key", "")
    if not known:
        ground.learned("host_key", shown)
    elif known.rstrip("=") != shown:
        raise RoadError(
            f"The server shows the key {shown}, and not the one that is known of it. Ask the "
            "client whether they changed it, then type it into the destination."
        )


def _private(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text.strip() + "\n"))
    raise RoadError("The private key cannot be read. Paste it whole, without a passphrase.")


def _sent(
    files: paramiko.SFTPClient,
    plug: socket.socket,
    options: Options,
    parcel: Parcel,
    ground: Ground,
) -> str:
    folder = options.get("folder") or "."
    name = naming.name_of(options, parcel.names)
    part, whole = (posixpath.join(folder, each) for each in (naming.aside(name), name))
    with limited(plug, ground.timeout_s):
        try:
            # Its size is asked for afterwards: a disk that is full can look like a success.
            files.putfo(io.BytesIO(parcel.body), part, confirm=True)
            files.posix_rename(part, whole)
        except _FAULTS as error:
            raise RoadError(f"{name}: {said(error)}") from error
    return name
