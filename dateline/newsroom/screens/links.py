"""Checking the links of the text that is being written, at the writer's wish."""

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from dateline.newsroom.links import MOST_LINKS, check

MOST_BYTES = 200_000


class Asked(msgspec.Struct):
    """What the form sends: the addresses in its text."""

    links: list[str]


@require_POST
def links(request: HttpRequest) -> HttpResponseBase:
    """Answer with what was found at each address, in their order."""
    if not request.user.has_perm("newsroom.change_story"):
        raise PermissionDenied
    try:
        asked = msgspec.json.decode(request.body[:MOST_BYTES], type=Asked)
    except msgspec.DecodeError:
        return HttpResponseBadRequest("Send the addresses as JSON.")
    found = check(asked.links[: MOST_LINKS * 2])
    return JsonResponse({"links": [msgspec.to_builtins(each) for each in found]})
