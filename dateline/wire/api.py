"""`/api/v1/`: what clients' machines ask, and the OpenAPI document that says how.

Each request is let in by its token and counted, then answered from the feed. Answers are JSON with
a tag, packed as the client takes it; whatever is wrong is a problem of RFC 9457 with a stable code.
`wait` and `/stream` are the door's (`door.py`): here they only stand in the document.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, re_path
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from ninja.params.functions import Query
from ninja.security import HttpBearer

from dateline.encodings import CODINGS, IDENTITY, chosen
from dateline.wire import cursors, limits, pages, pictures, problems, query, tokens, writing
from dateline.wire.models import Scope
from dateline.wire.pages import Sent
from dateline.wire.problems import BadParameter, NoSuchItem, WireError
from dateline.wire.tokens import Access

LATEST = "latest"
"""In place of a cursor: only what is to come."""

LONGEST_WAIT_S = 60
LONGEST_QUERY = 500
_PACKED_FROM = 1_000
"""Smaller answers are sent as they are: packing would save a packet nobody waits for."""

counter = limits.Counter()


class TokenAuth(HttpBearer):
    """Lets a request in by its token, and counts it."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Access:
        now = timezone.now()
        access = tokens.admit(token, address=address_of(request), scope=self._scope, now=now)
        request.left = counter.count(  # type: ignore[attr-defined]
            access.token.pk, limit=access.token.per_minute, at_s=now.timestamp()
        )
        return access


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the farthest proxy we believe says, else the peer."""
    return address_in(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    )


def address_in(peer: str, forwarded: str) -> str:
    if settings.PROXIES and forwarded:
        said = forwarded.split(",")
        return said[-min(settings.PROXIES, len(said))].strip()
    return peer


# --- what the document shows ---------------------------------------------------------------------

_ITEM: Any = {
    "cursor": "q1Zrg9Hn0tVw3yYkgQHNAX8",
    "guid": "urn:uuid:7c0c4c3e-6a65-4e63-9a6e-0f4f0b2c9f11",
    "version": 2,
    "kind": "correction",
    "at": "2025-09-03T12:04:31Z",
    "embargoed_until": None,
    "products": ["economy-en"],
    "ai_use": False,
    "format": "ninjs",
    "encoding": "json",
    "item": {"uri": "urn:uuid:7c0c4c3e-6a65-4e63-9a6e-0f4f0b2c9f11", "version": "2"},
    "faults": [],
}


class EnvelopeSchema(Schema):
    """One version of one story, as you receive it."""

    cursor: str = Field(description="Send it as `after` to go on behind this item.")
    guid: str = Field(description="Names the story for ever; with `version`, your key.")
    version: int
    kind: str = Field(description="new, update, correction, kill, withhold or restore.")
    at: datetime = Field(description="When it was released.")
    embargoed_until: datetime | None = Field(description="Nobody may publish it before.")
    products: list[str] = Field(description="Which of your products it came by.")
    ai_use: bool = Field(description="May machines learn from it?")
    format: str
    encoding: str = Field(description="How `item` stands here: json, text or base64.")
    item: Any = Field(description="The document in the format.")
    faults: list[str] = Field(description="Why the document is held back, if it is.")

    model_config = {"json_schema_extra": {"examples": [_ITEM]}}


class PageSchema(Schema):
    """Items in the order of release, and where to go on: `next` is always there."""

    items: list[EnvelopeSchema]
    next: str


class ResultsSchema(Schema):
    """Stories in their newest version, the newest first; `next` is null where all was seen."""

    items: list[EnvelopeSchema]
    next: str | None


class ProductSchema(Schema):
    product: str
    name: str
    formats: list[str]
    pictures: bool
    embargoed: bool
    archive_days: int | None = Field(description="Null: everything.")
    delay_minutes: int
    ai_use: bool


class ClientSchema(Schema):
    """Whose token this is and what it gives."""

    client: str
    contract_until: str | None
    token: str
    scopes: list[str]
    token_expires_at: datetime | None
    products: list[ProductSchema]


class ProblemSchema(Schema):
    """What is wrong (RFC 9457). `code` is stable; `detail` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str


_PROBLEMS = dict.fromkeys((400, 401, 403, 404, 429), ProblemSchema)

api = NinjaAPI(
    title="The wire",
    version="1",
    description=(
        "News as it is released: every version of every story of your products, in order, by "
        "cursor or as a stream. See docs/how-to/receive-the-wire.md."
    ),
    docs_url=None,  # it would load scripts from others
    urls_namespace="wire-api",
    auth=TokenAuth(),
)

_AFTER = Query("", description="The last `next` or `cursor`; or `latest`. Empty: from the oldest.")
_FORMAT = Query(writing.DEFAULT_FORMAT, description="A format that all of your products have.")
_PRODUCT = Query("", description="One of your products; empty: all of them.")
_LIMIT = Query(100, ge=1, le=pages.MOST_ITEMS)
_WAIT = Query(
    0, ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for an item if there is none."
)


@api.get(
    "/items", auth=TokenAuth(Scope.ITEMS), response={200: PageSchema, **_PROBLEMS}, tags=["Items"]
)
def items(
    request: HttpRequest,
    after: str = _AFTER,
    limit: int = _LIMIT,
    wait: int = _WAIT,
    format: str = _FORMAT,
    product: str = _PRODUCT,
) -> HttpResponse:
    """What came after a cursor, in order of release. A page may be short: go on with `next`."""
    access, now = _asked(request, format, product), timezone.now()
    if after == LATEST:
        return _json(request, {"items": [], "next": pages.latest(access.rights, now=now)})
    position = cursors.read(after) if after else None
    found = pages.page(access.rights, position, limit=limit, now=now)
    return _json(request, page_document(found, access, format, now=now))


@api.get(
    "/items/{path:guid}/versions",
    auth=TokenAuth(Scope.ITEMS),
    response={200: PageSchema, **_PROBLEMS},
    tags=["Items"],
)
def versions(
    request: HttpRequest, guid: str, format: str = _FORMAT, product: str = _PRODUCT
) -> HttpResponse:
    """Every version of a story that you may have, the oldest first."""
    access, now = _asked(request, format, product), timezone.now()
    found = _versions(access, guid, now)
    pairs = tuple((sent, cursors.write({0: sent.row.serial})) for sent in found)
    return _json(
        request, page_document(pages.Page(pairs, pairs[-1][1], True), access, format, now=now)
    )


@api.get(
    "/items/{path:guid}",
    auth=TokenAuth(Scope.ITEMS),
    response={200: EnvelopeSchema, **_PROBLEMS},
    tags=["Items"],
)
def newest(
    request: HttpRequest, guid: str, format: str = _FORMAT, product: str = _PRODUCT
) -> HttpResponse:
    """The newest version of a story that you may have."""
    access, now = _asked(request, format, product), timezone.now()
    sent = _versions(access, guid, now)[-1]
    written = _written(access, format, now)
    return _json(request, written(sent, cursors.write({0: sent.row.serial})))


@api.get(
    "/search",
    auth=TokenAuth(Scope.SEARCH),
    response={200: ResultsSchema, **_PROBLEMS},
    tags=["Search"],
)
def search(
    request: HttpRequest,
    q: str = Query(
        ...,
        min_length=1,
        max_length=LONGEST_QUERY,
        description='Words, "words together", and terms such as section:economy or -topic:sport.',
    ),
    before: str = Query("", description="The last `next`."),
    limit: int = Query(20, ge=1, le=100),
    format: str = _FORMAT,
    product: str = _PRODUCT,
) -> HttpResponse:
    """Stories of your products by their words and terms, the newest first."""
    access, now = _asked(request, format, product), timezone.now()
    try:
        asked = query.read(q)
    except query.BadQuery as error:
        raise BadParameter(error.message, parameter="q") from error
    begin = cursors.read(before).get(0) if before else None
    found, reached = pages.search(access.rights, asked, before=begin, limit=limit, now=now)
    written = _written(access, format, now)
    listed = [written(sent, cursors.write({0: sent.row.serial})) for sent in found]
    onward = cursors.write({0: reached}) if reached is not None else None
    return _json(request, {"items": listed, "next": onward})


@api.get("/client", response={200: ClientSchema, **_PROBLEMS}, tags=["Client"])
def client(request: HttpRequest) -> HttpResponse:
    """Whose token this is, what it may do, and your products with their rights."""
    access: Access = request.auth  # type: ignore[attr-defined]
    until = access.client.contract_until
    return _json(
        request,
        {
            "client": access.client.name,
            "contract_until": until.isoformat() if until else None,
            "token": access.token.begins,
            "scopes": access.token.scopes,
            "token_expires_at": access.token.expires_at,
            "products": [
                {
                    "product": right.slug,
                    "name": right.name,
                    "formats": right.formats,
                    "pictures": right.pictures,
                    "embargoed": right.embargoed,
                    "archive_days": right.depth.days if right.depth else None,
                    "delay_minutes": int(right.delay.total_seconds() // 60),
                    "ai_use": right.ai_use,
                }
                for right in access.rights
            ],
        },
    )


@api.get(
    "/stream",
    auth=TokenAuth(Scope.STREAM),
    response=_PROBLEMS,
    tags=["Stream"],
    openapi_extra={
        "responses": {
            200: {
                "description": "Events named `item`; `id` is the cursor, `data` the envelope.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        }
    },
)
def stream(
    request: HttpRequest,
    after: str = _AFTER,
    format: str = _FORMAT,
    product: str = _PRODUCT,
) -> HttpResponse:
    """The same as it happens, by server-sent events. `Last-Event-ID` goes before `after`; with
    neither, it begins with what is to come."""
    raise WireError("The stream is served by Dateline's own web server only.")


# --- answering -----------------------------------------------------------------------------------


def page_document(
    page: pages.Page, access: Access, format_name: str, *, now: datetime
) -> dict[str, Any]:
    """A page as it is sent."""
    written = _written(access, format_name, now)
    return {"items": [written(sent, cursor) for sent, cursor in page.items], "next": page.next}


def _written(
    access: Access, format_name: str, now: datetime
) -> Callable[[Sent, str], writing.Envelope]:
    titles = writing.titles()

    def written(sent: Sent, cursor: str) -> writing.Envelope:
        return writing.envelope(
            sent, cursor=cursor, format_name=format_name, client=access.client.pk, now=now,
            titles=titles,
        )  # fmt: skip

    return written


def asked_of(access: Access, format_name: str, product: str) -> Access:
    """What was let in, for one product if one was named, in a format that it has."""
    writing.ensure_known(format_name)
    found = access.of_product(product) if product else access
    found.ensure_format(format_name)
    return found


def _asked(request: HttpRequest, format_name: str, product: str) -> Access:
    return asked_of(request.auth, format_name, product)  # type: ignore[attr-defined]


def _versions(access: Access, guid: str, now: datetime) -> list[Sent]:
    found = pages.versions(access.rights, guid, now=now) if "\x00" not in guid else []
    if not found:
        raise NoSuchItem("No item with this guid is in your products and your archive.", guid=guid)
    return found


def _json(request: HttpRequest, document: Any) -> HttpResponse:
    data = writing.encoded(document)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    packed = _packed(request, data)
    answer = get_conditional_response(request, etag=tag, response=packed) or packed
    answer["ETag"] = tag
    return _marked(request, answer)


def _packed(request: HttpRequest, data: bytes) -> HttpResponse:
    coding = chosen(request.headers.get("Accept-Encoding", ""))
    if len(data) < _PACKED_FROM:
        coding = IDENTITY
    answer = HttpResponse(CODINGS[coding](data), content_type="application/json")
    if coding != IDENTITY:
        answer["Content-Encoding"] = coding
    return answer


def _marked(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """With what is left of the minute, and how it may be kept: by the client alone."""
    if "Cache-Control" not in answer:
        answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Authorization, Accept-Encoding"
    if left := getattr(request, "left", None):
        for name, value in left.headers.items():
            answer[name] = value
    return answer


@api.exception_handler(WireError)
def _refused(request: HttpRequest, error: WireError) -> HttpResponse:
    return _marked(request, problems.response(error))


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.response(tokens.NoToken("Send your token: Authorization: Bearer …"))


@api.exception_handler(ValidationError)
def _bad_parameter(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    name = str(first["loc"][-1])
    wrong = BadParameter(f"“{name}”: {first['msg']}.", parameter=name)
    return _marked(request, problems.response(wrong))


# --- beside it -----------------------------------------------------------------------------------


@require_safe
def picture(request: HttpRequest, signature: str, file: str) -> HttpResponseBase:
    """A picture at an address that an item gave. It needs no token: the address is signed."""
    try:
        found, content_type = pictures.file_of(signature, file, now=timezone.now())
    except WireError as error:
        return problems.response(error)
    answer = FileResponse(found.open("rb"), content_type=content_type)
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def not_here(request: HttpRequest, rest: str) -> HttpResponse:
    return problems.response(
        problems.NoSuchAddress("Nothing is at this address. See /api/v1/openapi.json.")
    )


urlpatterns = [
    path("pictures/<str:signature>/<path:file>", picture, name="wire-picture"),
    path("", api.urls),
    re_path(r"^(?P<rest>.*)$", not_here),
]
