"""Pages for when there is no page: 400, 404, 410, 500 and 503, in the edition's language.

They help on: each says what happened and has a way back. None needs the archive: if it cannot be
read, they do without sections and lists.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from dateline.archive.changes import edition_tag, story_tag
from dateline.archive.queries import BadMark, Line, Shape
from dateline.items import BadDocument, Edition
from dateline.site.errors import Missing, Withdrawn
from dateline.site.frame import Frame, bare_frame, frame_of, render, unlisted
from dateline.site.kept import TODAY
from dateline.site.parts import Made, Sheet, fill, latest_now, shape_now
from dateline.site.rows import wire
from dateline.site.times import When, local

ANSWERED = (Missing, Http404, Withdrawn, BadMark, DatabaseError, BadDocument)
"""What the site's views may raise; `notice` has a page for each."""

RETRY_AFTER_S = 30
"""When to try again while the archive is repaired: a follower is started again within seconds."""

KILLED, WITHHELD = 410, 404
"""What is gone for ever is 410. What may come back is 404: "not willing to disclose that one
exists", for now or for ever (RFC 9110, 15.5.5). Not 410, which tells search engines to forget the
address, and no 5xx, as a cache may answer those with the very text that was taken down (RFC 5861,
4). Both are asked about anew each time, as every page of ours is."""

WAY_BACK = 5
"""Lines of Latest on a page that could not be found."""


def notice(request: HttpRequest, error: Exception) -> HttpResponse | Made:
    """The page for one of the errors in ANSWERED, in its parts if the archive can be read."""
    match error:
        case Withdrawn():
            return _withdrawn(request, error)
        case BadMark():
            return _page(request, "bad_mark", 400, kept=False)
        case DatabaseError() | BadDocument():
            return repairing(request)
        case _:
            return _page(request, "missing", 404, kept=False)


def repairing(request: HttpRequest) -> HttpResponse:
    """503: the archive cannot be read, wholly or at this place."""
    with translation.override(_spoken(request.path)):
        frame = bare_frame(request.path, _spoken(request.path))
        response = _answer(frame, render("repairing", frame), 503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Asks the archive nothing, as the fault may be there."""
    with translation.override(_spoken(request.path)):
        frame = bare_frame(request.path, _spoken(request.path))
        return _answer(frame, render("failed", frame), 500)


def _withdrawn(request: HttpRequest, error: Withdrawn) -> HttpResponse | Made:
    held = error.held
    return _page(
        request,
        "withdrawn",
        WITHHELD if held.withheld else KILLED,
        kept=True,  # many still ask for it
        edition=held.item.edition,
        tags=frozenset({story_tag(held.item.number)}),
        when=When.full(held.gone_at or held.item.released_at),
        withheld=held.withheld,
        reason=held.item.withhold_reason if held.withheld else held.item.kill_reason,
    )


def _page(
    request: HttpRequest,
    template: str,
    status: int,
    *,
    kept: bool,
    edition: str = "",
    tags: frozenset[str] = frozenset(),
    **context: Any,
) -> HttpResponse | Made:
    """A notice inside the edition's frame, with a few lines of Latest."""
    try:
        shape = shape_now()
        found = _edition(shape, edition or request.path.split("/")[1])
        lines = latest_now(found.code)[:WAY_BACK] if found else []
    except (DatabaseError, BadDocument):
        return repairing(request)
    language = found.code if found else _spoken(request.path)
    with translation.override(language):
        frame = _frame(request, shape, found)
        tags |= {TODAY, edition_tag(frame.language)}
        page = render(
            template, frame, tags=tags, latest=_rows(lines), path=request.path, **context
        )
    return Made(page, status=status, kept=kept)


def _answer(frame: Frame, page: Sheet, status: int) -> HttpResponse:
    response = HttpResponse(fill(page, serial=0), status=status)
    response["Content-Language"] = frame.language
    return response


def _edition(shape: Shape, code: str) -> Edition | None:
    """The edition of this code, else the first; None if there is none at all."""
    for edition in shape.editions:
        if edition.code == code:
            return edition
    return shape.editions[0] if shape.editions else None


def _frame(request: HttpRequest, shape: Shape, edition: Edition | None) -> Frame:
    if edition is None:
        return bare_frame(request.path, _spoken(request.path))
    return unlisted(frame_of(shape, edition, request.path))


def _rows(lines: Sequence[Line]) -> object:
    return wire(lines, today=local(timezone.now()).date())


def _spoken(path: str) -> str:
    """The language an address is in, as far as the address alone tells."""
    code = path.split("/")[1]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
