"""Answers as the front sends them: status, headers and bytes, ready before anybody asks.

Cache headers are honest. A browser may keep a page and always asks (`no-cache`), which costs a 304.
A CDN in front may answer by itself for CDN_FRESH_S (RFC 9213, and Surrogate-Control for older ones)
and knows by Surrogate-Key what a page stands on, so that it can be purged by tag.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.http import http_date, parse_http_date_safe

from dateline.encodings import CODINGS, IDENTITY
from dateline.site.headers import CDN_CONTROL, KEEP_AND_ASK, SECURITY
from dateline.site.parts import Made

Header = tuple[bytes, bytes]

_FIXED = tuple(
    (name.lower().encode(), value.encode())
    for name, value in {**SECURITY, "Cache-Control": KEEP_AND_ASK, **CDN_CONTROL}.items()
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to GET. `etag` is empty if it is none that a reader may ask about again.

    `start` and `end` are the ASGI messages that send it; `not_modified` those of its 304.
    """

    status: int
    headers: tuple[Header, ...]
    body: bytes
    etag: bytes = b""
    modified_s: int | None = None

    @property
    def start(self) -> dict[str, object]:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    @property
    def end(self) -> dict[str, object]:
        return {"type": "http.response.body", "body": self.body}


def page_answer(made: Made, text: str, coding: str) -> Answer:
    """A page or feed in one coding. Its tag is strong: each coding has its own."""
    plain = text.encode()
    body = CODINGS[coding](plain)
    tag = hashlib.blake2b(plain, digest_size=12).hexdigest()
    etag = f'"{tag}-{coding}"'.encode() if made.status == 200 else b""
    headers = [
        (b"content-type", made.content_type.encode()),
        (b"content-language", made.sheet.edition.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"Accept-Encoding"),
        (b"surrogate-key", " ".join(sorted(made.sheet.all_tags)).encode()),
        *_FIXED,
    ]
    if coding != IDENTITY:
        headers.append((b"content-encoding", coding.encode()))
    if etag:
        headers.append((b"etag", etag))
    if made.last_modified:
        headers.append((b"last-modified", http_date(made.last_modified.timestamp()).encode()))
    return Answer(made.status, tuple(headers), body, etag, _whole_seconds(made.last_modified))


def other_answer(response: HttpResponse) -> Answer:
    """An answer that is no page: a redirect, a notice."""
    headers = {**SECURITY, "Cache-Control": KEEP_AND_ASK, **dict(response.items())}
    headers["Content-Length"] = str(len(response.content))
    encoded = tuple((name.lower().encode(), value.encode()) for name, value in headers.items())
    return Answer(response.status_code, encoded, response.content)


def plain_answer(status: int, text: str, **headers: str) -> Answer:
    """A sentence, for answers that no page is made for."""
    response = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return other_answer(response)


def not_modified(answer: Answer) -> Answer:
    """The 304 that stands for this answer (RFC 9110, 15.4.5): its headers but those of a body."""
    kept = (header for header in answer.headers if header[0] not in _OF_A_BODY)
    return Answer(304, tuple(kept), b"")


_OF_A_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})


def is_held(answer: Answer, if_none_match: bytes, if_modified_since: bytes) -> bool:
    """Does the reader hold these very bytes, by what it sent (RFC 9110, 13.1.2 and 13.1.3)?"""
    if not answer.etag:
        return False
    if if_none_match:
        held = [tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")]
        return answer.etag in held or held == [b"*"]
    if if_modified_since and answer.modified_s is not None:
        since = parse_http_date_safe(if_modified_since.decode("latin-1"))
        return since is not None and answer.modified_s <= since
    return False


def _whole_seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def header_values(headers: Iterable[Header], names: Mapping[bytes, int]) -> list[bytes]:
    """The values of these headers, each at its place; empty where one was not sent."""
    values = [b""] * len(names)
    for name, value in headers:
        at = names.get(name)
        if at is not None:
            values[at] = value
    return values
