"""Pictures where they are used: dropped or pasted onto a form or the list, and a card of each.

A drop is one file a request, so that one bad file costs the others nothing. The card says what an
editor must know of a picture before readers see it: its crops, whose it is, until when, its twins.
"""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.panels import Panel
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.images.models import AbstractImage, Image
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from dateline.newsroom import crops
from dateline.newsroom.picture_facts import PictureFacts, facts_of, twins_of

SEEN_AS = "max-800x600"
"""The rendition that crops are shown in: the same as on the picture's own screen."""

CHOSEN_AS = "max-165x165"


@never_cache
@require_POST
def drop(request: HttpRequest) -> JsonResponse:
    """Take one file in as a picture; what a form needs to show it chosen, or what is wrong."""
    if not may_add(request.user):
        raise PermissionDenied
    policy = policy_registry.get_by_type(get_image_model())
    file = request.FILES.get("file")
    title = PurePath(file.name or "").stem if file else ""
    home = policy.collections_user_has_permission_for(request.user, "add").first()
    form = get_image_form(get_image_model())(
        {"title": title[:255] or _("Picture"), "collection": (home or _root()).pk},
        {"file": file} if file else {},
        instance=Image(uploaded_by_user=request.user),
        user=request.user,
    )
    if not form.is_valid():
        said = " ".join(text for texts in form.errors.values() for text in texts)
        return JsonResponse({"error": said}, status=400)
    return JsonResponse(_told(form.save()))


@never_cache
@require_GET
def card(request: HttpRequest, pk: int) -> JsonResponse:
    """What to know of a picture, and the words that it brings: for whoever may choose it."""
    image = get_object_or_404(get_image_model(), pk=pk)
    policy = policy_registry.get_by_type(get_image_model())
    if not policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], image):
        raise PermissionDenied
    return JsonResponse(_told(image))


def may_add(user: Any) -> bool:
    return bool(policy_registry.get_by_type(get_image_model()).user_has_permission(user, "add"))


def _root() -> Collection:
    root: Collection = Collection.get_first_root_node()
    return root


def _told(image: AbstractImage) -> dict[str, Any]:
    image.refresh_from_db()
    facts = facts_of(image)
    shown = image.get_rendition(CHOSEN_AS)
    return {
        "chosen": {
            "id": image.pk,
            "title": image.title,
            "edit_url": reverse("wagtailimages:edit", args=[image.pk]),
            "preview": {"url": shown.url, "width": shown.width, "height": shown.height},
            "default_alt_text": image.default_alt_text,
        },
        "words": {"alt": image.description, "caption": facts.caption, "credit": facts.credit},
        "twins": [each.image.title for each in twins_of(facts)],
        "card": render_to_string("newsroom/pictures/card.html", card_of(image)),
    }


def card_of(image: AbstractImage) -> dict[str, Any]:
    """What the card of a picture shows."""
    facts = facts_of(image)
    seen = image.get_rendition(SEEN_AS)
    return {
        "picture": image,
        "facts": facts,
        "over": facts.has_expired(),
        "seen": seen,
        "crops": _crops(image, facts),
        "twins": twins_of(facts),
    }


def _crops(image: AbstractImage, facts: PictureFacts) -> list[dict[str, Any]]:
    frame = crops.frame_of(image, turned=facts.turned)
    return [_crop(frame, use, facts) for use in crops.USES]


def _crop(frame: crops.Frame, use: str, facts: PictureFacts) -> dict[str, Any]:
    """A crop as its preview needs it: the picture's size and place in a box of the crop's shape,
    in percent of the box."""
    part = crops.part_of(frame, use, facts.crops)
    height = crops.height_of(frame, use, part)
    return {
        "use": use,
        "ratio": f"{crops.USES[use]:.4f}",
        "width": f"{100 / part.width:.2f}",
        "left": f"{-100 * part.x / part.width:.2f}",
        "top": f"{-100 * part.y / height:.2f}",
        "chosen": use in facts.crops,
    }


class PicturePanel(Panel):
    """Under the lead picture: where to drop others, and the card of the one that is chosen."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/pictures/panel.html"

        def show_panel_furniture(self) -> bool:
            return False

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            image = getattr(self.instance, "picture", None)
            return context | (card_of(image) if image is not None else {})
