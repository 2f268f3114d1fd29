from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WireConfig(AppConfig):
    name = "dateline.wire"
    label = "wire"
    verbose_name = _("Wire")

    def ready(self) -> None:
        # Deliveries and destinations are tables that stand with their rules. They are loaded here
        # and not by `models`, on which they stand.
        from dateline.wire import deliveries, ringing  # noqa: F401

        ringing.watch()
