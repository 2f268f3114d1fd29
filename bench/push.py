"""From release to the last client's server: webhooks of many clients, and a sustained flow.

Starts a follower and a sender on an empty folder, and in this process one HTTP server that takes
what all clients' destinations are posted. First: a release to CLIENTS destinations, how long until
the first and the last has it, some times over. Then: a burst of releases to all of them, and how
many deliveries a minute are taken and noted. Run: `python -m bench.push`.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

from bench.record import percentile, record

CLIENTS = 200
RELEASES = 20
BURST = 25
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Taker(ThreadingTCPServer):
    """Takes posts as cheaply as can be: what is measured is the sender."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 1024

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.times: list[float] = []
        self.lock = threading.Lock()


class _Post(StreamRequestHandler):
    server: Taker

    def handle(self) -> None:
        while line := self.rfile.readline():
            length = 0
            while line.strip():
                if found := _LENGTH.match(line):
                    length = int(found[1])
                line = self.rfile.readline()
            self.rfile.read(length)
            with self.server.lock:
                self.server.times.append(time.perf_counter())
            self.wfile.write(b"HTTP/1.1 204 Taken\r\nContent-Length: 0\r\n\r\n")


def main() -> None:
    taker = Taker()
    threading.Thread(target=taker.serve_forever, daemon=True).start()
    os.environ["DATELINE_VAR"] = tempfile.mkdtemp(prefix="dateline-bench-")
    os.environ["DATELINE_PRIVATE_DESTINATIONS"] = "127.0.0.0/8"
    os.environ["DJANGO_SETTINGS_MODULE"] = "dateline.settings"
    run = [sys.executable, "-m", "dateline.cli"]
    subprocess.run([*run, "prepare", "--quiet"], check=True)
    import django

    django.setup()
    _clients(taker.server_address[1])
    programs = [subprocess.Popen([*run, *words]) for words in (["follow", "wire"], ["send"])]
    try:
        time.sleep(5)
        rows = _release_to_last_byte(taker)
        facts = _sustained(taker)
    finally:
        for program in programs:
            program.send_signal(signal.SIGTERM)
            program.wait(20)
    record("push", rows=rows, facts=facts)


def _clients(port: int) -> None:
    from dateline.wire import destinations
    from dateline.wire.models import WIRE, Client, Product

    product = Product.objects.using(WIRE).create(
        name="All", slug="all", rules="*", formats=["ninjs"], archive_days=0
    )
    for number in range(CLIENTS):
        client = Client.objects.using(WIRE).create(
            name=f"Client {number}", slug=f"client-{number}", contract_from=date(2020, 1, 1)
        )
        client.products.set([product])
        url = f"http://127.0.0.1:{port}/{number}"
        destinations.make(client, name="Web", road="http", options={"url": url})


def _release(number: int) -> None:
    from django.db import transaction

    from dateline.items import Kind
    from dateline.releases import log
    from tests.documents import an_item

    with transaction.atomic():
        log.append(an_item(number), kind=Kind.NEW)


def _release_to_last_byte(taker: Taker) -> list[dict[str, Any]]:
    firsts, lasts = [], []
    for number in range(1, RELEASES + 1):
        taker.times.clear()
        begun = time.perf_counter()
        _release(number)
        _wait_for(taker, CLIENTS)
        firsts.append(taker.times[0] - begun)
        lasts.append(taker.times[-1] - begun)
        time.sleep(0.5)
    return [
        {
            "what": f"{what} of {CLIENTS} clients has a release",
            "p50_s": round(percentile(times, 0.5), 3),
            "p95_s": round(percentile(times, 0.95), 3),
        }
        for what, times in (("first", firsts), ("last", lasts))
    ]


def _sustained(taker: Taker) -> dict[str, Any]:
    from dateline.wire.deliveries import Delivery, State
    from dateline.wire.models import WIRE

    taker.times.clear()
    begun = time.perf_counter()
    for number in range(1000, 1000 + BURST):
        _release(number)
    _wait_for(taker, BURST * CLIENTS)
    while Delivery.objects.using(WIRE).exclude(state=State.SENT).exists():
        time.sleep(0.05)
    count, took = BURST * CLIENTS, time.perf_counter() - begun
    return {"deliveries": count, "deliveries a minute": round(60 * count / took)}


def _wait_for(taker: Taker, count: int) -> None:
    deadline = time.monotonic() + 300
    while len(taker.times) < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"Only {len(taker.times)} of {count} came.")
        time.sleep(0.005)


if __name__ == "__main__":
    main()
