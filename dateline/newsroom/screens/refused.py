"""A form that is older than its person's session: refused, with words on how to go on.

Signing in gives a browser a new token, and the forms that were open before have the old one. The
story form fetches the new one by itself (`drafts.js`); others come here.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from wagtail.admin import messages

from dateline.errors import DatelineError
from dateline.newsroom.middleware import DESK


class StaleForm(DatelineError):
    """The form was opened before its person signed in, or was not opened here at all."""

    code = "stale-form"


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without a valid token, in words, for the newsroom."""
    if not request.path.startswith(DESK):
        return csrf_failure(request, reason)
    error = StaleForm(
        _(
            "Nothing was changed: this form was open since before you signed in. Go back, where "
            "what you typed still stands; copy it, reload the page, and send it again."
        )
    )
    if not request.accepts("text/html"):
        answer = {"success": False, "error_code": error.code, "error_message": error.message}
        return JsonResponse(answer, status=403)
    if not request.user.is_authenticated:
        messages.error(request, error.message)
        return redirect("wagtailadmin_login")
    return render(request, "newsroom/error.html", {"error": error}, status=403)
