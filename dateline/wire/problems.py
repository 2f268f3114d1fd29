"""What goes wrong between a client's machine and us, as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpResponse

from dateline.errors import DatelineError

CONTENT_TYPE = "application/problem+json"


class WireError(DatelineError):
    """The base of what a client's machine is refused with. `title` is the same each time."""

    code = "wire-error"
    title = "The request cannot be answered"
    status = 400


class BadParameter(WireError):
    """A parameter has a value that it cannot have."""

    code = "bad-parameter"
    title = "A parameter cannot be used"
    status = 400


class NoSuchItem(WireError):
    """No item with this guid, or none that this client may have: the answer is one and the same."""

    code = "no-such-item"
    title = "There is no such item for you"
    status = 404


class NoSuchAddress(WireError):
    """Nothing of the API is at this address."""

    code = "no-such-address"
    title = "Nothing is at this address"
    status = 404


def document(error: WireError) -> dict[str, Any]:
    """The problem as RFC 9457 has it, with our code and facts beside."""
    return {
        "type": f"urn:dateline:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        **{name: value for name, value in error.facts.items() if name not in _HEADERS},
    }


_HEADERS = {"retry_after_s"}


def headers(error: WireError) -> dict[str, str]:
    found = {"Cache-Control": "no-store"}
    if error.status == HTTPStatus.UNAUTHORIZED:
        found["WWW-Authenticate"] = 'Bearer realm="wire"'
    if retry := error.facts.get("retry_after_s"):
        found["Retry-After"] = str(retry)
    return found


def response(error: WireError) -> HttpResponse:
    """The answer to a request that cannot be answered."""
    answer = HttpResponse(
        msgspec.json.encode(document(error)), content_type=CONTENT_TYPE, status=error.status
    )
    for name, value in headers(error).items():
        answer[name] = value
    return answer
