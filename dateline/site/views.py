"""The site's views: an address in, a page out.

Each reads the archive, and leaves the page to the module that makes it. `reader_page` is around
all of them: language, errors, headers.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from dateline.addresses import edition_path, item_path
from dateline.archive import queries
from dateline.archive.queries import Shape
from dateline.items import Edition, Page, Section
from dateline.site import feeds, lists, notices, pages
from dateline.site.errors import Missing, Withdrawn
from dateline.site.frame import edition_of
from dateline.site.frontpage import front_page
from dateline.site.headers import conditional, secured, without_body

View = Callable[..., HttpResponse]


def reader_page(view: View) -> View:
    """What every view of the site has around it: errors become pages, headers are put on.

    There are no forms and no sessions here, so nothing but GET and HEAD is answered.
    """

    # Without this a POST would meet Django's own page about forged requests, in its own words.
    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return secured(HttpResponseNotAllowed(["GET", "HEAD"]))
        try:
            response = view(request, *args, **kwargs)
        except notices.ANSWERED as error:
            response = notices.notice(request, error)
        answer = secured(conditional(request, response))
        return without_body(answer) if request.method == "HEAD" else answer

    return answered


def in_edition(view: View) -> View:
    """Reads the archive's shape and the edition, and speaks its language while the view runs."""

    @wraps(view)
    def spoken(request: HttpRequest, edition: str, **kwargs: Any) -> HttpResponse:
        shape = queries.shape()
        found = edition_of(shape, edition)
        with translation.override(found.code):
            response = view(request, shape, found, **kwargs)
        response["Content-Language"] = found.code
        return response

    return spoken


@reader_page
def front_door(request: HttpRequest) -> HttpResponse:
    """To the reader's edition by the browser's languages, else to the first."""
    shape = queries.shape()
    if not shape.editions:
        raise Missing("No edition was opened yet.")
    wanted = request.headers.get("Accept-Language", "")
    response = HttpResponseRedirect(edition_path(_preferred(shape, wanted)))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@reader_page
@in_edition
def front(request: HttpRequest, shape: Shape, edition: Edition) -> HttpResponse:
    return HttpResponse(front_page(shape, edition))


@reader_page
@in_edition
def latest(request: HttpRequest, shape: Shape, edition: Edition) -> HttpResponse:
    return HttpResponse(lists.latest_page(shape, edition, request.GET))


@reader_page
@in_edition
def day(
    request: HttpRequest, shape: Shape, edition: Edition, *, year: str, month: str, day: str
) -> HttpResponse:
    try:
        wanted = date(int(year), int(month), int(day))
    except ValueError as error:
        raise Missing("The calendar has no such day.") from error
    return HttpResponse(lists.day_page(shape, edition, wanted))


@reader_page
@in_edition
def topic(request: HttpRequest, shape: Shape, edition: Edition, *, slug: str) -> HttpResponse:
    return HttpResponse(lists.topic_page(shape, edition, slug, request.GET))


@reader_page
@in_edition
def section_or_page(
    request: HttpRequest, shape: Shape, edition: Edition, *, slug: str
) -> HttpResponse:
    """A section, else a standing page: both have the same form of address."""
    match _named(shape, edition, slug):
        case Section() as section:
            return HttpResponse(lists.section_page(shape, edition, section, request.GET))
        case Page() as page:
            return HttpResponse(pages.standing_page(page, edition, shape, request.path))


@reader_page
def story(request: HttpRequest, *, number: str, **_: str) -> HttpResponse:
    """The number decides; an address that differs in anything else leads to the right one."""
    held = queries.story(int(number))
    if held is None:
        raise Missing("There is no such story.", number=number)
    if held.killed_at:
        raise Withdrawn(held)
    right = item_path(held.item)
    if request.path != right:
        return HttpResponsePermanentRedirect(right)
    response = HttpResponse(pages.story_page(held.item, shape=queries.shape()))
    response["Content-Language"] = held.item.edition
    return response


@reader_page
@in_edition
def edition_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, ending: str
) -> HttpResponse:
    return feeds.edition_feed(edition, ending)


@reader_page
@in_edition
def section_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, slug: str, ending: str
) -> HttpResponse:
    section = _named(shape, edition, slug)
    if not isinstance(section, Section):
        raise Missing("A standing page has no feed.")
    return feeds.section_feed(edition, section, ending)


@reader_page
@in_edition
def topic_feed(
    request: HttpRequest, shape: Shape, edition: Edition, *, slug: str, ending: str
) -> HttpResponse:
    return feeds.topic_feed(edition, slug, ending)


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


def _preferred(shape: Shape, accept_language: str) -> str:
    """The first edition in the reader's languages, by its code or by its language alone."""
    codes = {edition.code.lower(): edition.code for edition in reversed(shape.editions)}
    codes = {code.split("-")[0]: right for code, right in codes.items()} | codes
    for wanted, _quality in parse_accept_lang_header(accept_language.lower()):
        for form in (wanted, wanted.split("-")[0]):
            if form in codes:
                return codes[form]
    return shape.editions[0].code
