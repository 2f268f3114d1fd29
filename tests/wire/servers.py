"""Real servers on loopback for tests of destinations: HTTP that misbehaves as told, and SFTP."""

import socket
import ssl
import threading
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import paramiko
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Webhooks(ThreadingHTTPServer):
    """Takes what is posted. `script` says how the next requests are answered: a status, a pair of
    status and headers, or a word; after it, 200."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Posted)
        self.stop = threading.Event()
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.refused: list[dict[str, str]] = []
        self.script: list = []
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/wire"

    def handle_error(self, *_):
        pass


class _Posted(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        server = self.server
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        with server.lock:
            what = server.script.pop(0) if server.script else 200
            if what in (200, "megabytes", "half"):
                server.taken.append((headers, body))
            else:
                server.refused.append(headers)
        match what:
            case "hang":
                server.stop.wait(30)
                self.close_connection = True
            case "drip":
                self._drip()
            case "hang up":
                self.close_connection = True
            case "half":
                self._answer(200, {}, b"taken", length=5000)
                self.close_connection = True
            case "megabytes":
                self._answer(200, {}, b"x" * 5_000_000)
            case (status, extra):
                self._answer(status, extra, b"no")
            case status:
                self._answer(status, {}, b"said")

    def _answer(self, status, extra, body, length=None):
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.stop.wait(0.05):
            self.wfile.write(b"X-Slow: 1\r\n")

    def log_message(self, *_):
        pass


@contextmanager
def webhooks():
    with Webhooks() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            server.shutdown()
            thread.join()


# --- SFTP ----------------------------------------------------------------------------------------


class Sftp:
    """An SFTP server that serves a folder. `names` are files in the order they were renamed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.key = paramiko.ECDSAKey.generate()
        self.names: list[str] = []
        self.full = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                plug, _ = self._socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(plug)
            self._transports.append(transport)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, self)
            try:
                transport.start_server(server=_Door())
            except (EOFError, OSError, paramiko.SSHException):
                transport.close()  # the other side did not like our key

    def end(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        for transport in self._transports:
            transport.close()
            transport.join(5)


class _Door(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        good = (username, password) == ("herald", "a password")
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, door, server, *args, **kwargs):
        super().__init__(door, *args, **kwargs)
        self._server = server

    def _path(self, path):
        return self._server.folder / path.lstrip("/")

    def open(self, path, flags, attr):
        if self._server.full:
            return paramiko.SFTP_FAILURE
        file = self._path(path).open("wb")
        handle = paramiko.SFTPHandle(flags)
        handle.writefile = file
        handle.readfile = file
        return handle

    def stat(self, path):
        return paramiko.SFTPAttributes.from_stat(self._path(path).stat())

    def posix_rename(self, old, new):
        self._path(old).replace(self._path(new))
        self._server.names.append(new.rpartition("/")[2])
        return paramiko.SFTP_OK


@contextmanager
def sftp(folder: Path):
    server = Sftp(folder)
    try:
        yield server
    finally:
        server.end()


def own_certificate(folder: Path) -> Path:
    """A file with a certificate that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(begins).not_valid_after(begins + timedelta(days=36500))
    address = x509.IPAddress(ip_address("127.0.0.1"))
    made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    pem = folder / "own.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.sign(key, SHA256()).public_bytes(Encoding.PEM)
    )
    return pem


def with_own_certificate(server: Webhooks, folder: Path) -> None:
    """Let a server speak TLS with a certificate that it signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(folder))
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )


# --- FTP -----------------------------------------------------------------------------------------


@contextmanager
def ftp(folder: Path, certificate: Path | None = None):
    """An FTP server on a folder, with TLS if it has a certificate; gives its port."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.11's asyncore
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
        from pyftpdlib.ioloop import IOLoop
        from pyftpdlib.servers import FTPServer

    people = DummyAuthorizer()
    people.add_user("herald", "a password", str(folder), perm="elradfmw")
    base = TLS_FTPHandler if certificate else FTPHandler
    made = type("Handler", (base,), {"authorizer": people, "banner": "Ready."})
    if certificate:
        made.certfile = str(certificate)
        made.tls_control_required = made.tls_data_required = True
    loop = IOLoop()
    server = FTPServer(("127.0.0.1", 0), made, ioloop=loop)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            loop.loop(timeout=0.02, blocking=False)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.address[1]
    finally:
        stop.set()
        thread.join()
        server.close_all()


# --- e-mail --------------------------------------------------------------------------------------


class Letters:
    """Takes letters as a mail server does; refuses addresses that begin with `nobody`."""

    def __init__(self):
        self.taken: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 No such desk"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 Taken"


@contextmanager
def letters():
    from aiosmtpd.controller import Controller

    held = Letters()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(held, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield held, port
    finally:
        controller.stop()
