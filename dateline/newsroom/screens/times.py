"""The part of the story form that says when clients and readers get it, and when it comes down."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from dateline.newsroom.clock import AgencyTimeField
from dateline.newsroom.story import Story

TIMES = ("go_live_at", "expire_at", "embargo_until", "due_at")


class TimesForm:
    """Mixed into the story form: its times are the agency's, and none is set that is over."""

    # From Django's form, which this is mixed into.
    instance: Story
    fields: dict[str, Any]
    initial: dict[str, Any]
    errors: Any
    add_error: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TIMES:
            if (field := self.fields.get(name)) is not None:
                self.fields[name] = AgencyTimeField(
                    label=field.label,
                    help_text=field.help_text,
                    required=False,
                    widget=field.widget,
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        self._refuse_past(
            "go_live_at",
            cleaned.get("go_live_at"),
            _("This time is over. Give a later one, or empty it to release at once."),
        )
        self._refuse_past(
            "embargo_until",
            cleaned.get("embargo_until"),
            _("This time is over. Give a later one, or empty it: then there is no embargo."),
        )
        return cleaned

    def _refuse_past(self, name: str, at: datetime | None, message: str) -> None:
        """A time that was set before and has come since is no mistake of who opens the form now."""
        if at is None or at > timezone.now() or name in self.errors:
            return
        if _minute(at) != _minute(self.initial.get(name)):
            self.add_error(name, message)


def _minute(at: datetime | None) -> datetime | None:
    """What a form shows of a time."""
    return at.replace(second=0, microsecond=0) if at else None


TIMES_PANEL = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("embargo_until"), FieldPanel("clients_first_minutes")]),
    ],
    heading=gettext_lazy("When readers get it"),
    icon="time",
)
