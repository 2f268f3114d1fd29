"""The site by Django alone, to measure the front against: nothing is kept from request to request.

The same views, templates and settings. No front, no press, no parts kept: each request goes
through Django's middleware, and renders its page and rails anew. `asgi` is Django's own ASGI
application. `wsgi` is the quicker way to run it, on one thread and with its database connections
kept open: under ASGI Django takes a new thread, and so new connections, for each request.
"""

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

for _database in settings.DATABASES.values():
    _database["CONN_MAX_AGE"] = None

asgi = get_asgi_application()
wsgi = get_wsgi_application()

# Django's settings must be there before these are loaded.
from django.urls import get_resolver  # noqa: E402

from dateline.site import kept, parts  # noqa: E402

kept.keep_in(None)
parts.once = parts.once.__wrapped__  # type: ignore[assignment]  # rendered once a time it is asked
get_resolver().url_patterns  # noqa: B018 - a cached property; the first reader must not wait for it
