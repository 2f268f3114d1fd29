"""Style sheets, scripts and pictures, answered for the front: files whose names say their bytes.

A static file is named by its content at `collectstatic`, a published picture at its release; both
may be kept for a year unasked. Static files are few and small: they are packed once, as tightly as
is quick, and sent from memory. Pictures are many and packed already: the server sends their files.

What is asked for by a name that we would not have given is None: the front passes it on.
"""

import hashlib
import re
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli
import zstandard

from dateline.encodings import IDENTITY
from dateline.site.answers import Answer, Header

FOR_A_YEAR = b"public, max-age=31536000, immutable"
"""A year is the longest that a cache heeds; `immutable` (RFC 8246) spares the question on reload,
which Firefox and Safari would ask of each file."""

KEEP_AND_ASK = b"no-cache"

STATIC_BYTES = 16_000_000
"""Packed files a worker keeps: all of the site's and the newsroom's are 1.2 MB a coding."""

PACKED_TIGHTLY = 64_000
"""Bytes up to which a file is packed as tightly as can be: our style sheet of 20 kB takes 8 ms in
zstd, 30 ms in brotli. The newsroom's largest script would take more than a second."""

_NAME = re.compile(r"(?:\w[\w.@-]*/)+\w[\w.@-]*", re.ASCII)
_HASH = re.compile(r"\.([0-9a-f]{12})(?:\.\w+)?$")
_PICTURE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(\.avif|\.webp|\.jpg)")

_TYPES = {
    ".avif": b"image/avif",
    ".css": b"text/css; charset=utf-8",
    ".gif": b"image/gif",
    ".ico": b"image/x-icon",
    ".jpg": b"image/jpeg",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".map": b"application/json",
    ".mjs": b"text/javascript; charset=utf-8",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".webp": b"image/webp",
    ".woff2": b"font/woff2",
}
"""By name's ending, and not as the machine's own table has it: a script must be a script."""

_UNKNOWN = b"application/octet-stream"
_PACKED = {".css", ".ico", ".js", ".json", ".map", ".mjs", ".svg", ".txt"}


@dataclass(frozen=True, slots=True)
class FileAnswer(Answer):
    """An answer whose body is a file that the server reads and sends (ASGI, Path Send)."""

    path: str = ""

    @property
    def end(self) -> dict[str, object]:
        return {"type": "http.response.pathsend", "path": self.path}


class StaticFiles:
    """What `collectstatic` wrote, from memory. For one thread."""

    def __init__(self, root: Path, *, prefix: str, limit_bytes: int = STATIC_BYTES) -> None:
        self._root = root
        self._prefix = prefix
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[tuple[str, str], Answer] = OrderedDict()
        self._kept_bytes = 0

    def answer(self, path: str, coding: str) -> Answer | None:
        """The file at an address, in this coding if that makes it smaller; None if there is none.

        A file without its hash in its name may change: it is read anew, and browsers ask again.
        """
        if found := self._kept.get((path, coding)):
            self._kept.move_to_end((path, coding))
            return found
        name = path.removeprefix(self._prefix)
        if name == path or not _NAME.fullmatch(name):
            return None
        try:
            data = (self._root / name).read_bytes()
        except OSError:
            return None
        if not _is_named_by(data, name):
            return _static_answer(name, data, IDENTITY, KEEP_AND_ASK)
        answer = _static_answer(name, data, coding, FOR_A_YEAR)
        self._keep((path, coding), answer)
        return answer

    def _keep(self, key: tuple[str, str], answer: Answer) -> None:
        self._kept[key] = answer
        self._kept_bytes += len(answer.body)
        while self._kept_bytes > self._limit_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped.body)


class PublishedPictures:
    """The pictures of released stories, each in a file named by its bytes."""

    def __init__(self, root: Path, *, prefix: str) -> None:
        self._root = root
        self._prefix = prefix

    def answer(self, path: str) -> Answer | None:
        """The picture at an address; None if there is none."""
        name = path.removeprefix(self._prefix)
        found = _PICTURE.fullmatch(name)
        if name == path or not found:
            return None
        file = self._root / name
        try:
            size = file.stat().st_size
        except OSError:
            return None
        etag = f'"{file.stem}"'.encode()
        headers = _headers(_TYPES[found[1]], size, etag, FOR_A_YEAR)
        return FileAnswer(200, headers, b"", etag, path=str(file))


def _static_answer(name: str, data: bytes, coding: str, kept: bytes) -> Answer:
    ending = Path(name).suffix.lower()
    packed = _packed(data, coding) if ending in _PACKED else data
    if len(packed) >= len(data):
        packed, coding = data, IDENTITY
    # Each coding has its own bytes, and so its own tag.
    etag = f'"{hashlib.blake2b(data, digest_size=12).hexdigest()}-{coding}"'.encode()
    headers = _headers(_TYPES.get(ending, _UNKNOWN), len(packed), etag, kept)
    if ending in _PACKED:
        headers += ((b"vary", b"Accept-Encoding"),)
    if coding != IDENTITY:
        headers += ((b"content-encoding", coding.encode()),)
    return Answer(200, headers, packed, etag)


def _headers(content_type: bytes, size: int, etag: bytes, kept: bytes) -> tuple[Header, ...]:
    return (
        (b"content-type", content_type),
        (b"content-length", str(size).encode()),
        (b"etag", etag),
        (b"cache-control", kept),
        (b"x-content-type-options", b"nosniff"),
    )


def _is_named_by(data: bytes, name: str) -> bool:
    """Is the hash in the name that of these bytes, as Django's manifest storage gives it?"""
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    found = _HASH.search(name)
    return found is not None and found[1] == digest[:12]


def _packed(data: bytes, coding: str) -> bytes:
    return _PACKERS[coding](data, len(data) <= PACKED_TIGHTLY)


def _zstd(data: bytes, tightly: bool) -> bytes:
    return zstandard.ZstdCompressor(level=19 if tightly else 9).compress(data)


def _brotli(data: bytes, tightly: bool) -> bytes:
    return bytes(brotli.compress(data, quality=11 if tightly else 5))


def _gzip(data: bytes, tightly: bool) -> bytes:
    packer = zlib.compressobj(level=9 if tightly else 6, wbits=31)
    return packer.compress(data) + packer.flush()


_PACKERS: dict[str, Callable[[bytes, bool], bytes]] = {
    "zstd": _zstd,
    "br": _brotli,
    "gzip": _gzip,
    IDENTITY: lambda data, _tightly: data,
}
