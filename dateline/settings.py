"""Django's settings, all of them from the table in `env.py`.

A follower's process carries only the log and the archive (DATELINE_ROLE is set by `dateline`
itself, not by people): it starts in a third of the time and the memory of the whole.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from dateline import env as environment

ENV = environment.load({k: v for k, v in os.environ.items() if k != "DATELINE_ROLE"})
FOLLOWER_ONLY = os.environ.get("DATELINE_ROLE") == "follower"
PACKAGE = Path(__file__).parent
VAR: Path = ENV.var

DEBUG = ENV.debug
SECRET_KEY = environment.secret_key(ENV)
SECRET_KEY_FALLBACKS = ENV.old_secret_keys
BASE_URL = ENV.base_url
PAGE_CACHE_MB, LIVE_LISTENERS, PROXIES = ENV.page_cache_mb, ENV.live_listeners, ENV.proxies
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", BASE_URL.split("//")[1].split(":")[0]]
ALLOWED_HOSTS += ENV.allowed_hosts
CSRF_FAILURE_VIEW = "dateline.newsroom.screens.refused.stale_form"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https:") else []

INSTALLED_APPS = [
    "dateline.releases",
    "dateline.archive",
    "dateline.wire",
    "django.contrib.contenttypes",
]
if not FOLLOWER_ONLY:
    INSTALLED_APPS = [
        "dateline.newsroom",
        "dateline.site",
        "dateline.demo",
        *INSTALLED_APPS,
        "wagtail.contrib.settings",
        "wagtail.contrib.simple_translation",
        "wagtail.contrib.typed_table_block",
        "wagtail.embeds",
        "wagtail.sites",
        "wagtail.users",
        "wagtail.snippets",
        "wagtail.documents",
        "wagtail.images",
        "wagtail.search",
        "wagtail.admin",
        "wagtail",
        "modelcluster",
        "taggit",
        "django_filters",
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dateline.newsroom.middleware.DeskLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dateline.newsroom.middleware.WhoseDoing",
    "dateline.newsroom.middleware.ErrorsInWords",
]

if not FOLLOWER_ONLY:
    ROOT_URLCONF = "dateline.urls"
ASGI_APPLICATION = "dateline.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _sqlite(name: str) -> dict[str, object]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR / name}


def _tuned(entry: dict[str, object]) -> dict[str, object]:
    """SQLite as a server needs it: one writer at a time that waits its turn, readers unhindered."""
    if entry["ENGINE"] != "django.db.backends.sqlite3":
        # A server that is gone is an answer within seconds, for readers and for /healthz alike.
        return {**entry, "CONN_HEALTH_CHECKS": True, "OPTIONS": {"connect_timeout": 5}}
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
            # Not mapped into memory: each process would grow by what it read of a large archive,
            # and the system keeps the file's pages for all of them anyway.
            "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY"
        ),
    }
    return {**entry, "OPTIONS": options}


DATABASES = {
    "default": _tuned(ENV.database_url or _sqlite("newsroom.sqlite3")),
    "public": _tuned(ENV.archive_url or _sqlite("public.sqlite3")),
    "wire": _tuned(ENV.wire_url or _sqlite("wire.sqlite3")),
}
DATABASE_ROUTERS = ["dateline.routers.ArchiveRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["dateline.newsroom.signing_in.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

USE_TZ = True
TIME_ZONE = ENV.time_zone
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian"))]
LOCALE_PATHS = [PACKAGE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "media"
MEDIA_URL = "/desk/media/"
PICTURES_ROOT = VAR / "pictures"
PICTURES_URL = "/pictures/"
# Of stories that clients have and readers do not yet; the site serves nothing from here.
HELD_PICTURES_ROOT = VAR / "held-pictures"
# Where clients' destinations of the kind “folder” stand, and which private networks others may.
DELIVERIES_ROOT = VAR / "deliveries"
PRIVATE_DESTINATIONS = tuple(ENV.private_destinations)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
# The site has no cookies and must never send one: they belong to the newsroom's addresses.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/desk/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

WAGTAIL_SITE_NAME = "Dateline"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 80_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "dateline.newsroom.screens.picture_form.PictureForm"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

EMAIL_FILE_PATH = VAR / "mail"
if ENV.email_url:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    # A server that hangs holds up a thread of the scheduler, and nobody who writes.
    EMAIL_TIMEOUT = 20
    globals().update(ENV.email_url)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DEFAULT_FROM_EMAIL = ENV.email_from or f"newsroom@{urlsplit(BASE_URL).hostname}"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "dateline.serving.lines.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "dateline": {"level": "INFO"},
        # What goes wrong with a client's SFTP server stands with its destination, in words.
        "paramiko": {"level": "CRITICAL"},
    },
}
