"""nginx with one page's bytes, packed before, and wrk to ask for it: what a file server does."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.servers import FIREFOX, HOST, TAKES, Server, free_port, started

WRK = ("-t1", "-c32")

_OWN = {"content-length", "content-encoding", "content-type", "date", "server", "etag", "vary",
        "last-modified", "connection", "accept-ranges"}  # fmt: skip
"""Headers that nginx writes itself; all others of the answer are added to its own."""


@dataclass(frozen=True)
class Rate:
    """What wrk measured, and the processor seconds that the server's worker took for it."""

    per_s: float
    per_cpu_s: float


def missing() -> list[str]:
    """The programs that this needs and the machine lacks."""
    return [name for name in ("nginx", "wrk") if shutil.which(name) is None]


def asked_by_wrk(
    server: Server, path: str, *, coding: str, seconds: int, **headers: str
) -> Rate:
    """Requests a second that wrk gets for one address, over 32 connections that stay open."""
    sent = {"User-Agent": FIREFOX, "Accept": TAKES, "Accept-Encoding": coding}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    words = [part for name, value in sent.items() for part in ("-H", f"{name}: {value}")]
    before = server.worker_cpu_s()
    done = subprocess.run(
        ["wrk", *WRK, f"-d{seconds}s", *words, f"http://{HOST}:{server.port}{path}"],
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=True,
    )
    taken = server.worker_cpu_s() - before
    if fault := re.search(r"Non-2xx.*|Socket errors.*", done.stdout):
        raise SystemExit(f"wrk met answers that are no pages at {path}: {fault[0]}")
    per_s = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]
    total = int(re.search(r"(\d+) requests in", done.stdout)[1])  # type: ignore[index]
    return Rate(per_s, total / taken)


@contextmanager
def serving(path: str, packed: dict[str, tuple[dict[str, str], bytes]]) -> Iterator[Server]:
    """nginx that answers one address with these headers and bytes, by coding.

    gzip goes by nginx's own gzip_static; for zstd, which Debian's nginx lacks, the file itself
    holds the packed bytes and the header says so. The coding stands after the path, as nginx looks
    for a folder at an address that ends in a slash.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-bench-nginx-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        port = free_port()
        for coding, (_, body) in packed.items():
            name = "page.html.gz" if coding == "gzip" else f"page.{coding}"
            (root / name).write_bytes(body)
        (root / "nginx.conf").write_text(_configuration(root, port, path, packed))
        words = ["nginx", "-p", folder, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        with started(words, port, dict(os.environ), up="/up") as server:
            yield server


def _configuration(
    root: Path, port: int, path: str, packed: dict[str, tuple[dict[str, str], bytes]]
) -> str:
    paths = " ".join(
        f"{kind}_temp_path {root}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    places = []
    for coding, (headers, _) in packed.items():
        added = "\n".join(
            f'add_header {name} "{value}";' for name, value in headers.items() if name not in _OWN
        )
        vary = 'add_header Vary "Accept-Encoding";'
        if coding == "gzip":
            file = f"alias {root}/page.html; gzip_static always;"
        else:
            file = f'alias {root}/page.{coding}; add_header Content-Encoding "{coding}";'
        places.append(f"location = {path}{coding} {{ {file} {vary}\n{added} }}")
    return f"""
{"user root;" if os.geteuid() == 0 else ""}
worker_processes 1;
daemon off;
pid {root}/nginx.pid;
error_log {root}/error.log error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {paths}
    default_type "text/html; charset=utf-8";
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    server {{
        listen {HOST}:{port};
        {" ".join(places)}
        location = /up {{ return 200; }}
    }}
}}
"""
