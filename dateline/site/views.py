"""The site's views: an address in, a page out.

Each reads the archive, and leaves the page to the module that makes it. `reader_page` is around
all of them: language, errors, headers.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Protocol, cast

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from dateline.addresses import edition_path, item_path, topic_path
from dateline.archive import queries
from dateline.archive.queries import Shape
from dateline.items import Edition, Entity, Page, Section
from dateline.site import feeds, lists, notices, pages
from dateline.site.errors import Missing, Withdrawn
from dateline.site.frame import edition_of
from dateline.site.frontpage import front_page
from dateline.site.headers import conditional, secured, without_body
from dateline.site.parts import Made, fill, renamed_now, shape_now

Answer = HttpResponse | Made
View = Callable[..., Answer]


class ReaderView(Protocol):
    """A view of the site as Django calls it. `made` is what the front calls: a page in its parts,
    or an answer that is no page (a redirect, a notice)."""

    made: View

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def reader_page(view: View) -> ReaderView:
    """What every view of the site has around it: errors become pages, headers are put on.

    There are no forms and no sessions here, so nothing but GET and HEAD is answered.
    """

    @wraps(view)
    def made(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        try:
            return view(request, *args, **kwargs)
        except notices.ANSWERED as error:
            return notices.notice(request, error)

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            # First of all: what comes after it may be in the page, what comes before it is.
            serial = queries.serial()
            answer = view(request, *args, **kwargs)
        except notices.ANSWERED as error:
            serial, answer = 0, notices.notice(request, error)
        return _response(answer, serial) if isinstance(answer, Made) else answer

    # Without this a POST would meet Django's own page about forged requests, in its own words.
    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return secured(HttpResponseNotAllowed(["GET", "HEAD"]))
        answer = secured(conditional(request, whole(request, *args, **kwargs)))
        return without_body(answer) if request.method == "HEAD" else answer

    answered.made = made  # type: ignore[attr-defined]
    return cast(ReaderView, answered)


def _response(made: Made, serial: int) -> HttpResponse:
    html = fill(made.sheet, serial=serial)
    response = HttpResponse(html, status=made.status, content_type=made.content_type)
    response["Content-Language"] = made.sheet.edition
    if made.last_modified:
        response["Last-Modified"] = http_date(made.last_modified.timestamp())
    return response


def in_edition(view: View) -> View:
    """Reads the archive's shape and the edition, and speaks its language while the view runs."""

    @wraps(view)
    def spoken(request: HttpRequest, edition: str, **kwargs: Any) -> Answer:
        shape = shape_now()
        found = edition_of(shape, edition)
        with translation.override(found.code):
            return view(request, shape, found, **kwargs)

    return spoken


@reader_page
def front_door(request: HttpRequest) -> HttpResponse:
    """To the reader's edition by the browser's languages, else to the first."""
    shape = shape_now()
    if not shape.editions:
        raise Missing("No edition was opened yet.")
    wanted = request.headers.get("Accept-Language", "")
    response = HttpResponseRedirect(edition_path(_preferred(shape, wanted)))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@reader_page
@in_edition
def front(request: HttpRequest, shape: Shape, edition: Edition) -> Answer:
    return Made(front_page(shape, edition))


@reader_page
@in_edition
def latest(request: HttpRequest, shape: Shape, edition: Edition) -> Answer:
    return Made(lists.latest_page(shape, edition, request.GET))


@reader_page
@in_edition
def day(
    request: HttpRequest, shape: Shape, edition: Edition, *, year: str, month: str, day: str
) -> Answer:
    try:
        wanted = date(int(year), int(month), int(day))
    except ValueError as error:
        raise Missing("The calendar has no such day.") from error
    return Made(lists.day_page(shape, edition, wanted, request.GET))


@reader_page
@in_edition
def corrections(request: HttpRequest, shape: Shape, edition: Edition) -> Answer:
    return Made(lists.corrections_page(shape, edition, request.GET))


@reader_page
@in_edition
def topic(request: HttpRequest, shape: Shape, edition: Edition, *, slug: str) -> Answer:
    """A topic's timeline; one that was merged or renamed leads to what it is now."""
    if now := renamed_now(edition.code).get(slug):
        return HttpResponsePermanentRedirect(topic_path(edition.code, now.slug))
    return Made(lists.topic_page(shape, edition, slug, request.GET))


@reader_page
@in_edition
def entity(
    request: HttpRequest, shape: Shape, edition: Edition, *, folder: str, slug: str
) -> Answer:
    found = _entity(edition, folder, slug)
    return Made(lists.entity_page(shape, edition, found, request.GET))


@reader_page
@in_edition
def section_or_page(
    request: HttpRequest, shape: Shape, edition: Edition, *, slug: str
) -> Answer:
    """A section, else a standing page: both have the same form of address."""
    match _named(shape, edition, slug):
        case Section() as section:
            return Made(lists.section_page(shape, edition, section, request.GET))
        case Page() as page:
            return Made(pages.standing_page(page, edition, shape, request.path))


@reader_page
def story(request: HttpRequest, *, number: str, **_: str) -> Answer:
    """The number decides; an address that differs in anything else leads to the right one."""
    held = queries.story(int(number))
    if held is None:
        raise Missing("There is no such story.", number=number)
    if held.gone_at:
        raise Withdrawn(held)
    right = item_path(held.item)
    if request.path != right:
        return HttpResponsePermanentRedirect(right)
    return Made(pages.story_sheet(held.item, shape=shape_now()))


@reader_page
@in_edition
def edition_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, ending: str
) -> Answer:
    return feeds.edition_feed(edition, ending)


@reader_page
@in_edition
def section_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, slug: str, ending: str
) -> Answer:
    section = _named(shape, edition, slug)
    if not isinstance(section, Section):
        raise Missing("A standing page has no feed.")
    return feeds.section_feed(edition, section, ending)


@reader_page
@in_edition
def topic_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, slug: str, ending: str
) -> Answer:
    if now := renamed_now(edition.code).get(slug):
        right = f"{topic_path(edition.code, now.slug)}feed.{ending}"
        return HttpResponsePermanentRedirect(right)
    return feeds.topic_feed(edition, slug, ending)


@reader_page
@in_edition
def corrections_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, ending: str
) -> Answer:
    return feeds.corrections_feed(edition, ending)


@reader_page
@in_edition
def entity_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, folder: str, slug: str, ending: str
) -> Answer:
    return feeds.entity_feed(edition, _entity(edition, folder, slug), ending)


@reader_page
def robots(request: HttpRequest) -> HttpResponse:
    """For crawlers: the site is open to them, the newsroom's door is no page."""
    return HttpResponse("User-agent: *\nDisallow: /desk/\n", content_type="text/plain")


@reader_page
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404, for addresses of no known form."""
    raise Missing("There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return secured(notices.failed(request))


def _named(shape: Shape, edition: Edition, slug: str) -> Section | Page:
    named: list[Section | Page] = [
        *shape.sections.get(edition.code, ()),
        *shape.pages.get(edition.code, ()),
    ]
    for document in named:
        if document.slug == slug:
            return document
    raise Missing("There is no such section or page.", slug=slug)


def _entity(edition: Edition, folder: str, slug: str) -> Entity:
    found = queries.entity(edition.code, f"{folder}/{slug}")
    if found is None:
        raise Missing("No such person, place or organisation.", slug=slug)
    return found


def _preferred(shape: Shape, accept_language: str) -> str:
    """The first edition in the reader's languages, by its code or by its language alone."""
    codes = {edition.code.lower(): edition.code for edition in reversed(shape.editions)}
    codes = {code.split("-")[0]: right for code, right in codes.items()} | codes
    for wanted, _quality in parse_accept_lang_header(accept_language.lower()):
        for form in (wanted, wanted.split("-")[0]):
            if form in codes:
                return codes[form]
    return shape.editions[0].code
