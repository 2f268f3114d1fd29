"""Times as people type them: in the agency's time zone, with the hours that the clock skips and
repeats told apart.

When summer time begins an hour does not exist; when it ends one comes twice. Neither is guessed
at: the first is refused, and of the second the person says which they mean by writing its offset
from UTC behind it, `2026-10-25 03:30 +03:00`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateTimeInput

_WITH_OFFSET = re.compile(r"^(?P<local>.+?)\s*(?P<offset>[+-]\d{2}:?\d{2})$")


def agency_zone() -> ZoneInfo:
    """The agency's time zone: every time in the newsroom and on the site is of it."""
    return ZoneInfo(settings.TIME_ZONE)


def agency_time(moment: datetime) -> str:
    """Hour and date in the agency's zone, whatever zone the person reading chose."""
    local = moment.astimezone(agency_zone())
    return f"{local:%H:%M}, {date_format(local.date(), 'DATE_FORMAT')}"


def plain_time(moment: datetime) -> str:
    """`14:00 25.10.2026` in the agency's zone, the same in every language: for the trail."""
    return f"{moment.astimezone(agency_zone()):%H:%M %d.%m.%Y}"


def readings(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments that a clock on the wall shows this time: one, two in autumn, none in spring."""
    both = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    real = {
        moment.astimezone(UTC): moment
        for moment in both
        # Back from UTC a time that the clock skips is another one.
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
    }
    return [real[key] for key in sorted(real)]


class AgencyTimeField(forms.DateTimeField):
    """A date and time in the agency's zone; what the clock skips or repeats is asked about."""

    widget = AdminDateTimeInput

    def prepare_value(self, value: Any) -> Any:
        """As the agency's clock shows it; with its offset if the clock shows that twice."""
        if not isinstance(value, datetime) or timezone.is_naive(value):
            return value
        local = value.astimezone(agency_zone())
        shown = f"{local:%Y-%m-%d %H:%M}"
        both = readings(local.replace(tzinfo=None, fold=0), agency_zone())
        return f"{shown} {_offset(local)}" if len(both) > 1 else shown

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value
        local, offset = self._apart(value)
        if offset is not None:
            return self._with_offset(local, offset)
        return self._only_reading(local)

    def _apart(self, value: Any) -> tuple[datetime, str | None]:
        if isinstance(value, str) and (match := _WITH_OFFSET.match(value.strip())):
            try:
                return self._local(match["local"]), match["offset"]
            except ValidationError:
                # The end of a date, 2026-10-25, looks like an offset too.
                pass
        return self._local(value), None

    def _local(self, value: Any) -> datetime:
        # Past Django's own step to the current zone, which is the person's and not the agency's.
        with timezone.override(UTC):
            found = super().to_python(value)
        assert found is not None
        return found.replace(tzinfo=None)

    def _with_offset(self, local: datetime, offset: str) -> datetime:
        sign = -1 if offset[0] == "-" else 1
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        if hours > 23 or minutes > 59:
            raise ValidationError(_("No clock is that far from UTC. Write it as +02:00."))
        away = sign * timedelta(hours=hours, minutes=minutes)
        return (local - away).replace(tzinfo=UTC)

    def _only_reading(self, local: datetime) -> datetime:
        zone = agency_zone()
        found = readings(local, zone)
        if len(found) == 1:
            return found[0]
        if not found:
            after = (local.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone)
            raise ValidationError(
                _(
                    "%(time)s does not exist: the clock is put forward that night. The same moment "
                    "is called %(other)s; write that, or another time."
                ),
                code="skipped",
                params={"time": f"{local:%Y-%m-%d %H:%M}", "other": f"{after:%H:%M}"},
            )
        raise ValidationError(
            _(
                "%(time)s comes twice that night, as the clock is put back. Write which: %(first)s "
                "or %(second)s."
            ),
            code="repeated",
            params={
                "time": f"{local:%Y-%m-%d %H:%M}",
                "first": f"{local:%Y-%m-%d %H:%M} {_offset(found[0])}",
                "second": f"{local:%Y-%m-%d %H:%M} {_offset(found[1])}",
            },
        )


def _offset(moment: datetime) -> str:
    return moment.isoformat()[-6:]
