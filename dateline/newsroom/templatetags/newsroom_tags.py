"""Words and times for the newsroom's templates."""

from datetime import datetime

from django import template
from django.utils import timezone

from dateline.newsroom.screens.listing import short_time
from dateline.newsroom.screens.states import LABELS, State

register = template.Library()


@register.filter
def state_label(state: State) -> str:
    return str(LABELS[state])


@register.filter
def agency_time(moment: datetime) -> str:
    return short_time(moment, now=timezone.now())
