"""Words and times for the newsroom's templates."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.admin.utils import set_query_params
from wagtail.images.models import AbstractImage

from dateline.newsroom.documents import Edition
from dateline.newsroom.screens.keys import are_on, keys_for
from dateline.newsroom.screens.listing import short_time
from dateline.newsroom.screens.pictures import card_of, may_add
from dateline.newsroom.screens.states import LABELS, State

register = template.Library()


@register.filter
def state_label(state: State) -> str:
    return str(LABELS[state])


@register.filter
def agency_day(moment: datetime) -> str:
    """The agency's day of a moment, in the person's language."""
    return date_format(moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date(), "DATE_FORMAT")


@register.filter
def agency_time(moment: datetime) -> str:
    return short_time(moment, now=timezone.now())


@register.filter
def agency_input(moment: datetime) -> str:
    """As a browser's own field for times takes it, in the agency's zone."""
    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%dT%H:%M}"


@register.filter
def may_add_pictures(user: Any) -> bool:
    return may_add(user)


@register.inclusion_tag("newsroom/pictures/crops.html")
def picture_crops(image: AbstractImage) -> dict[str, Any]:
    """The part of a picture's screen where its crops are set."""
    return card_of(image)


@register.simple_tag(takes_context=True)
def new_stories(context: template.Context) -> list[dict[str, str]]:
    """A new story in each edition, for those who may begin one."""
    request: HttpRequest = context["request"]
    if not request.user.has_perm("newsroom.add_story"):
        return []
    add = reverse("wagtailsnippets_newsroom_story:add")
    return [
        {"name": edition.name, "url": set_query_params(add, {"locale": edition.code})}
        for edition in Edition.objects.select_related("locale")
    ]


@register.inclusion_tag("newsroom/keys.html", takes_context=True)
def desk_keys(context: template.Context) -> dict[str, Any]:
    """The list of keys, hidden until it is asked for; the script of the keys reads it."""
    request: HttpRequest = context["request"]
    return {"groups": keys_for(request), "keys_are_on": are_on(request.user)}
