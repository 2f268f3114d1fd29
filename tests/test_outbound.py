"""The guarded client: public addresses only, and bounds on what an answer may cost."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from dateline import outbound
from dateline.outbound import Outbound, OutboundError, Refused

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.stop = threading.Event()
        self.asked = []

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        match self.path:
            case "/there":
                self._answer(200, b"well", {"X-Kind": "plain"})
            case "/moved":
                self._answer(302, b"", {"Location": "/there"})
            case "/round":
                self._answer(302, b"", {"Location": "/round"})
            case "/inside":
                self._answer(302, b"", {"Location": "http://10.0.0.1/"})
            case "/large":
                self._answer(200, b"x" * 3000)
            case "/slow":
                self.send_response(200)
                self.end_headers()
                while not self.server.stop.wait(0.05):
                    self.wfile.write(b".")
            case _:
                self._answer(404, b"")

    def _answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    with Server() as running:
        monkeypatch.setattr(outbound, "_PORTS", frozenset({80, 443, running.server_port}))
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.stop.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def client():
    return Outbound(allowed=LOOPBACK, timeout_s=5, most_bytes=1000)


def test_what_is_there_is_fetched(server, client):
    found = client.fetch(server.url("/there"))
    assert (found.status, found.body, found.headers["x-kind"]) == (200, b"well", "plain")


def test_a_redirect_is_followed_and_the_last_address_told(server, client):
    assert client.fetch(server.url("/moved")).url == server.url("/there")


def test_nothing_of_ours_is_sent_along(server, client):
    client.fetch(server.url("/there"))
    _path, headers = server.asked[0]
    assert {"Cookie", "Authorization"} & set(headers) == set()
    assert "Dateline" in headers["User-Agent"]


def test_redirects_without_an_end_are_given_up(server, client):
    with pytest.raises(OutboundError, match="without an end"):
        client.fetch(server.url("/round"))


def test_a_redirect_into_a_private_network_is_refused(server, client):
    with pytest.raises(Refused):
        client.fetch(server.url("/inside"))


def test_an_answer_that_is_too_large_is_given_up(server, client):
    with pytest.raises(OutboundError, match="larger"):
        client.fetch(server.url("/large"))


def test_an_answer_that_does_not_end_is_given_up(server):
    with pytest.raises(OutboundError, match="in time"):
        Outbound(allowed=LOOPBACK, timeout_s=0.5).fetch(server.url("/slow"))


def test_of_a_status_nothing_more_is_read(server):
    assert Outbound(allowed=LOOPBACK, timeout_s=5).status(server.url("/slow")) == 200


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/", "file:///etc/passwd", "//news.example/", "news.example", "",
        "http://", "http://user:secret@127.0.0.1/", "http://127.0.0.1:22/", "http://[::1", "http://\x00/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(client, url):
    with pytest.raises(Refused):
        client.fetch(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "localhost",
    ],
)  # fmt: skip
def test_private_addresses_in_any_clothes_are_refused(host):
    with pytest.raises(OutboundError) as refusal:
        Outbound(timeout_s=5).fetch(f"http://{host}/")
    assert refusal.value.code in ("outbound-refused", "outbound")


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    def both(host, port, **_):
        return [(0, 0, 0, "", ("93.184.216.34", port)), (0, 0, 0, "", ("10.0.0.1", port))]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", both)
    with pytest.raises(Refused):
        Outbound(timeout_s=5).fetch("http://news.example/")


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(server, monkeypatch):
    asked = []

    def changes_its_mind(host, port, *_, **__):
        asked.append(host)
        address = "127.0.0.1" if asked.count("news.example") == 1 else "10.0.0.1"
        return [(2, 1, 6, "", (address, port))]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", changes_its_mind)
    port = server.server_port
    found = Outbound(allowed=LOOPBACK, timeout_s=5).fetch(f"http://news.example:{port}/there")
    assert found.body == b"well"
    assert asked.count("news.example") == 1
