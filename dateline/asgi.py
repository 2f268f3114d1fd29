"""The ASGI application that the web workers run: the front, and Django behind it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dateline.settings")
behind = get_asgi_application()

# Django's settings must be there before these are loaded.
from django.conf import settings  # noqa: E402

from dateline.archive.models import PUBLIC  # noqa: E402
from dateline.releases.watch import watch_for  # noqa: E402
from dateline.site.front import Front, Limits  # noqa: E402

application = Front(
    behind,
    watch=watch_for(PUBLIC),
    limits=Limits(
        cache_bytes=settings.PAGE_CACHE_MB * 1_000_000,
        listeners=settings.LIVE_LISTENERS,
        proxies=settings.PROXIES,
    ),
)
