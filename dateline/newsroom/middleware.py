"""Around every screen of the newsroom: whose doing it is, its language, and errors in words: a
DatelineError raised by any screen becomes a message, and a way back."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from dateline.errors import DatelineError
from dateline.newsroom import trail

DESK = "/desk/"
"""Under this the newsroom lives; what is put on its answers is not the site's."""


class WhoseDoing:
    """What a request to the newsroom does is, for the trail, done by whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DESK):
            return self.get_response(request)
        with trail.acting(lambda: request.user):
            return self.get_response(request)


class ErrorsInWords:
    """For the newsroom only: readers and clients have their own pages for errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DatelineError) or not _is_ours(request):
            return None
        if not request.accepts("text/html"):
            answer = {"success": False, "error_code": error.code, "error_message": error.message}
            return JsonResponse(answer, status=400)
        if request.method != "POST":
            # A redirect could lead to the same error again, and so round and round.
            return render(request, "newsroom/error.html", {"error": error}, status=409)
        messages.error(request, error.message)
        return redirect(way_back(request))


class DeskLocaleMiddleware(LocaleMiddleware):
    """The screen's language by the browser's, in the newsroom only.

    A reader's page has the language of its edition, whoever asks, so it must not vary by it.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(DESK):
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith(DESK):
            return super().process_response(request, response)
        return response


def way_back(request: HttpRequest) -> str:
    """Where the person was: the address given as next, else the page before, else home."""
    if following := get_valid_next_url_from_request(request):
        return str(following)
    before = request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if before and allowed and urlsplit(before).path != request.path:
        return before
    return reverse("wagtailadmin_home")


def _is_ours(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.path.startswith(reverse("wagtailadmin_home")) and match is not None
