"""Whether the address to listen on is free, said in words before anything is started."""

import errno
import socket

from dateline.errors import DatelineError


class CannotListen(DatelineError):
    """Nothing can be served at the address as set."""

    code = "cannot-listen"


def ensure_free(host: str, port: int) -> None:
    """Raise CannotListen, naming the setting to change, if `host`:`port` cannot be listened on."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as attempt:
            # As servers do: a connection of a moment ago that still lingers is no hindrance.
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
            attempt.listen(1)
    except OSError as error:
        raise CannotListen(_sentence(error, host, port), port=port) from error


def _sentence(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"DATELINE_HOST is {host!r}: this machine has no such address."
    if error.errno == errno.EADDRINUSE:
        return (
            f"DATELINE_PORT is {port}: another program listens there already. "
            f"Stop it, or choose another port, such as DATELINE_PORT={port + 1}."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"DATELINE_PORT is {port}: this user may not listen there. Choose 1024 or higher."
    return f"DATELINE_HOST is {host!r} and DATELINE_PORT is {port}: {error.strerror}."
