"""The ASGI application that the web workers run: the wire's door, the front, Django behind both."""

import asyncio
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dateline.settings")
behind = get_asgi_application()

# Django's settings must be there before these are loaded.
from django.conf import settings  # noqa: E402

from dateline.archive.models import PUBLIC  # noqa: E402
from dateline.releases.watch import watch_for  # noqa: E402
from dateline.site.front import Front, Limits  # noqa: E402
from dateline.wire.door import Door  # noqa: E402
from dateline.wire.models import WIRE  # noqa: E402

front = Front(
    behind,
    watch=watch_for(PUBLIC),
    limits=Limits(
        cache_bytes=settings.PAGE_CACHE_MB * 1_000_000,
        listeners=settings.LIVE_LISTENERS,
        proxies=settings.PROXIES,
    ),
)

application = Door(front, behind, watch=watch_for(WIRE))


async def drain() -> None:
    """End every stream of this worker, readers' and clients', and take no more."""
    await asyncio.gather(front.hub.drain(), application.drain())
