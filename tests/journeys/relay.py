"""A line between browser and server that can be cut, as a network is."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Relay:
    """Passes connections on to a port of this machine, from `with` to the end of its block.

    A browser told to be offline keeps the streams it has; this ends them too.
    """

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._open: set[socket.socket] = set()
        self._cut = False

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        # Closing alone would not wake the thread that waits in it.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        """End all connections, and take no more that last."""
        self._cut = True
        for each in tuple(self._open):
            _end(each)

    def mend(self) -> None:
        self._cut = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self._cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to_port))
                for pair in ((near, far), (far, near)):
                    self._open.add(pair[0])
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        _end(sink)
        self._open.discard(source)
        source.close()


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
