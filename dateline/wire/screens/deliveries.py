"""One delivery: what was said of it, and the very bytes that were sent."""

import zstandard
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dateline.wire import deliveries
from dateline.wire.deliveries import Delivery, SentBytes
from dateline.wire.models import WIRE

MOST_SHOWN = 200_000
"""Bytes on a screen; all of them can be downloaded."""


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A delivery with its bytes; with `?bytes` only these, as a file."""
    if not request.user.has_perm("wire.view_destination"):
        raise PermissionDenied
    found = _found(pk)
    kept = SentBytes.objects.using(WIRE).filter(delivery=found).first()
    data = zstandard.decompress(bytes(kept.packed)) if kept else b""
    if "bytes" in request.GET:
        if kept is None:
            raise Http404
        return _as_file(found, data)
    context = {
        "page_title": f"{found.guid}, {found.version}",
        "page_subtitle": str(found.destination),
        "header_icon": "upload",
        "delivery": found,
        "kept": kept,
        "text": data[:MOST_SHOWN].decode("utf-8", "replace"),
        "cut": len(data) > MOST_SHOWN,
        "may_change": request.user.has_perm("wire.change_destination"),
    }
    return render(request, "wire/delivery.html", context)


@require_POST
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at a held one again, or pass one over."""
    if not request.user.has_perm("wire.change_destination"):
        raise PermissionDenied
    found = _found(pk)
    match request.POST.get("what"):
        case "look":
            deliveries.look_again(found, now=timezone.now())
        case "pass":
            why = _("Passed over by %(name)s.") % {"name": request.user.get_username()}
            deliveries.pass_over(found, why=why)
    return redirect("wire-delivery", pk)


def _found(pk: int) -> Delivery:
    rows = Delivery.objects.using(WIRE).select_related("destination__client")
    return get_object_or_404(rows, pk=pk)


def _as_file(found: Delivery, data: bytes) -> HttpResponse:
    # Never as what it says it is: this is the newsroom's own address.
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.serial}.bytes"'
    return answer
