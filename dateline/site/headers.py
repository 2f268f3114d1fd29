"""The response headers of the site: what a page may load, and how it may be kept.

A page loads its own style sheets, pictures and script and nothing else; so a script that slipped
into a story would find a browser that refuses to run it.
"""

import hashlib
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

R = TypeVar("R", bound=HttpResponse)

_POLICY = {
    "default-src": "'none'",
    "img-src": "'self'",
    "style-src": "'self'",
    "script-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def _policy(**changed: str) -> str:
    return "; ".join(f"{name} {value}" for name, value in {**_POLICY, **changed}.items())


SECURITY = {
    "Content-Security-Policy": _policy(),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every response of the site carries."""

KEEP_AND_ASK = "no-cache"
"""Cache-Control of pages: whoever keeps one asks before showing it again, which costs a 304."""

CDN_FRESH_S, CDN_STALE_S = 1, 5
"""How long a CDN may answer by itself, and how long after that while it asks. A release is at most
this much later behind one; a busy page costs this server one request a second."""

_CDN = f"max-age={CDN_FRESH_S}, stale-while-revalidate={CDN_STALE_S}"
CDN_CONTROL = {"CDN-Cache-Control": _CDN, "Surrogate-Control": _CDN}
"""Cache rules for a CDN alone (RFC 9213); browsers and other proxies leave them unread."""


def secured(response: R, *, framed_by_us: bool = False) -> R:
    """Put the site's security headers on a response.

    `framed_by_us` is for the newsroom's preview, which shows a page inside its own.
    """
    for name, value in SECURITY.items():
        response[name] = value
    if framed_by_us:
        response["Content-Security-Policy"] = _policy(**{"frame-ancestors": "'self'"})
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer 304 if the reader holds these very bytes; let caches keep a page but always ask.

    The tag is the hash of the page, so it cannot be right for another page or stay after a change.
    """
    response["Cache-Control"] = KEEP_AND_ASK
    if response.status_code != 200:
        return response
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    modified = response.get("Last-Modified")
    answer = get_conditional_response(
        request, etag=tag, last_modified=_seconds(modified), response=response
    )
    return answer or response


def without_body(response: HttpResponse) -> HttpResponse:
    """The answer to HEAD: the headers of the page, its length too, and no page."""
    if "Content-Length" not in response and response.status_code not in (204, 304):
        response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


def _seconds(http_date: str | None) -> int | None:
    return parse_http_date_safe(http_date) if http_date else None
