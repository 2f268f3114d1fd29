"""The wire's tables: clients with their products and tokens, and the feed.

Clients, products and tokens are kept by people: back them up. Rows of the feed and terms are a
follower's, and can be made again from the log.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dateline.items import Audience, Kind

WIRE = "wire"
"""The database alias of the wire, and the name of its follower."""


class Scope(models.TextChoices):
    """What a token is for."""

    ITEMS = "items", _("Items: pages, one item, its versions")
    STREAM = "stream", _("Stream")
    SEARCH = "search", _("Search")


class Reach(models.TextChoices):
    """Which products a dispatch may go to (docs/decisions/0013)."""

    ALL = "all"
    EARLY = "early"
    REST = "rest"


class Product(models.Model):
    """What clients pay for: a query over items, and rights."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("short name"),
        max_length=60,
        unique=True,
        help_text=_("Stands in answers to clients' machines: do not change it."),
    )
    rules = models.TextField(
        _("rules"),
        help_text=_("A rule on each line. An item is taken if any rule takes it."),
    )
    formats = models.JSONField(_("formats"), default=list)
    pictures = models.BooleanField(_("with pictures"), default=True)
    embargoed = models.BooleanField(
        _("before the embargo lifts"),
        default=False,
        help_text=_("These clients get embargoed stories at once, and promise to keep them back."),
    )
    archive_days = models.PositiveIntegerField(
        _("archive, in days"),
        default=30,
        help_text=_("How far back a client may read. 0 means everything."),
    )
    delay_minutes = models.PositiveIntegerField(_("delay, in minutes"), default=0)
    ai_use = models.BooleanField(
        _("machines may learn from it"),
        default=False,
        help_text=_("Said to the client's machines with each item."),
    )
    changed_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """An organisation that pays, from a first day to a last one."""

    name = models.CharField(_("organisation"), max_length=160, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    contract_from = models.DateField(_("contract from"))
    contract_until = models.DateField(
        _("contract until"),
        null=True,
        blank=True,
        help_text=_("The last day. Everything stops at its midnight. Empty: open-ended."),
    )
    stopped = models.BooleanField(
        _("stopped"), default=False, help_text=_("Stops everything at once, whatever the contract.")
    )
    products = models.ManyToManyField(
        Product, verbose_name=_("products"), related_name="clients", blank=True
    )
    languages = models.CharField(
        _("languages"),
        max_length=60,
        blank=True,
        help_text=_("Codes with commas between, the preferred one first: uk, en."),
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Kyiv")
    contacts = models.TextField(
        _("contacts"),
        blank=True,
        help_text=_("A person on each line: name, e-mail, telephone, what for."),
    )
    addresses = models.TextField(
        _("addresses allowed"),
        blank=True,
        help_text=_("A network on each line, such as 192.0.2.0/24. Empty: from anywhere."),
    )
    seats = models.PositiveIntegerField(
        _("seats"), default=5, help_text=_("How many people may sign in to the portal.")
    )
    changed_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def begins_at(self) -> datetime:
        return _midnight(self.contract_from)

    @property
    def ends_at(self) -> datetime | None:
        """The moment after the contract's last day, in the agency's time zone; None: no end."""
        if self.contract_until is None:
            return None
        return _midnight(self.contract_until + timedelta(days=1))

    def is_served(self, now: datetime) -> bool:
        """Does the contract run, and has nobody stopped it?"""
        ends_at = self.ends_at
        return not self.stopped and self.begins_at <= now and (ends_at is None or now < ends_at)


def _midnight(day: "datetime | object") -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))  # type: ignore[arg-type]


class Token(models.Model):
    """A key of a client's machine. Only its hash is kept; `begins` tells it from others."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("what for"), max_length=80)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    begins = models.CharField(max_length=12, editable=False)
    scopes = models.JSONField(_("may do"), default=list)
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=600)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=150, blank=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.begins}… {self.name}"

    def is_valid(self, now: datetime) -> bool:
        """Neither revoked nor over. Whether its client is served is the contract's matter."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class FeedRow(models.Model):
    """A row of the feed: a dispatch as clients may receive it, under the serial of its release.

    `terms` are the item's terms and those of the story's earlier versions, eight bytes each.
    """

    serial = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    audience = models.CharField(max_length=7, choices=[(a.value, a.value) for a in Audience])
    reach = models.CharField(max_length=5, choices=Reach.choices)
    guid = models.CharField(max_length=255)
    version = models.PositiveIntegerField()
    embargoed_until = models.DateTimeField(null=True)
    terms = models.BinaryField()
    data = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["guid", "serial"], name="wire_story"),
            models.Index(fields=["at", "serial"], name="wire_time"),
        ]


class Term(models.Model):
    """That a dispatch has a term (`matching.hashed`): where products find their past."""

    pk = models.CompositePrimaryKey("term", "serial")
    term = models.BigIntegerField()
    serial = models.BigIntegerField()


class Masthead(models.Model):
    """Under which title an edition is published: formats name it."""

    edition = models.CharField(max_length=20, primary_key=True)
    title = models.CharField(max_length=200)
