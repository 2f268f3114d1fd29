"""Destinations: where a client wants its releases brought, and by which road.

The rules of one: what it may be told, pausing and going on, its secrets sealed. Whether a try is
due, and who sends now, stand in its row beside them, because order is kept per destination.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dateline.formats import FORMATS
from dateline.releases.models import Cursor
from dateline.wire import sealing
from dateline.wire.models import WIRE, Client, Product
from dateline.wire.roads import ROADS, http
from dateline.wire.roads.parcel import BadDestination


class RoadKind(models.TextChoices):
    """How releases are brought."""

    HTTP = "http", gettext_lazy("HTTP (webhook)")
    SFTP = "sftp", "SFTP"
    FTPS = "ftps", "FTPS"
    FTP = "ftp", gettext_lazy("FTP, in the clear")
    MAIL = "mail", gettext_lazy("E-mail")
    FOLDER = "folder", gettext_lazy("Folder")


class Destination(models.Model):
    """One place at a client. `options` is what its road must be told, by name; `secrets` is sealed.

    `tries` counts failures in a row, of whichever delivery is first in its queue.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="destinations")
    name = models.CharField(gettext_lazy("name"), max_length=80)
    road = models.CharField(gettext_lazy("road"), max_length=10, choices=RoadKind.choices)
    format = models.CharField(gettext_lazy("format"), max_length=20, default="ninjs")
    products = models.ManyToManyField(
        Product, verbose_name=gettext_lazy("products"), related_name="destinations", blank=True
    )
    options = models.JSONField(default=dict)
    secrets = models.TextField(blank=True, editable=False)
    begins_after = models.BigIntegerField(default=0, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    stopped_why = models.CharField(max_length=500, blank=True, editable=False)
    tries = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    last_answer = models.CharField(max_length=500, blank=True, editable=False)
    last_answer_at = models.DateTimeField(null=True, editable=False)
    leased_by = models.CharField(max_length=64, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = gettext_lazy("destination")
        verbose_name_plural = gettext_lazy("destinations")
        ordering = ["client__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["client", "name"], name="wire_destination_name")
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.name}"

    @property
    def is_open(self) -> bool:
        """Is it sent to, as far as people and the sender decide it?"""
        return self.paused_at is None and not self.stopped_why


def ensure_usable(
    road: str, format_name: str, options: Mapping[str, str], products: list[Product]
) -> None:
    """Raises BadDestination that names the field in which something is wrong."""
    if road not in ROADS:
        raise BadDestination(_("There is no road of this name."), field="road")
    if format_name not in FORMATS:
        raise BadDestination(_("There is no format of this name."), field="format")
    for each in ROADS[road].FIELDS:
        if each.required and not each.secret and not options.get(each.name):
            raise BadDestination(_("This is needed."), field=each.name)
    ROADS[road].check(options)
    without = [str(product) for product in products if format_name not in product.formats]
    if without:
        raise BadDestination(
            _("These products do not come in this format: %(products)s.")
            % {"products": ", ".join(without)},
            field="format",
        )


def make(
    client: Client,
    *,
    name: str,
    road: str,
    format_name: str = "ninjs",
    options: Mapping[str, str] | None = None,
    secrets: Mapping[str, Any] | None = None,
    products: list[Product] | None = None,
) -> Destination:
    """A new destination. It begins with what is released from now on. Raises BadDestination."""
    options, secrets = dict(options or {}), dict(secrets or {})
    chosen = list(products or [])
    ensure_usable(road, format_name, options, chosen or list(client.products.all()))
    if road == RoadKind.HTTP and not secrets.get("key"):
        secrets["key"] = http.new_secret()
    made = Destination.objects.using(WIRE).create(
        client=client,
        name=name,
        road=road,
        format=format_name,
        options=options,
        secrets=sealing.seal(secrets),
        begins_after=_reached(),
    )
    made.products.set(chosen)
    return made


def change(
    destination: Destination,
    *,
    name: str,
    format_name: str,
    options: Mapping[str, str],
    secrets: Mapping[str, str],
    products: list[Product],
) -> None:
    """Change what it was told. If no secret is given they stay. Raises BadDestination."""
    chosen = products or list(destination.client.products.all())
    ensure_usable(destination.road, format_name, options, chosen)
    destination.name, destination.format, destination.options = name, format_name, dict(options)
    fields = ["name", "format", "options", "changed_at"]
    if secrets:
        # One kind of key takes the place of the other: a password typed anew ends the private key.
        destination.secrets = sealing.seal(dict(secrets))
        fields.append("secrets")
    # Only these: the sender writes other columns of the row at the same time.
    destination.save(using=WIRE, update_fields=fields)
    destination.products.set(products)


def pause(destination: Destination, *, now: datetime) -> None:
    """Send nothing there; what comes meanwhile waits."""
    _update(destination, paused_at=destination.paused_at or now)


def resume(destination: Destination) -> None:
    """Go on with what waits, at once, whoever stopped it."""
    _update(
        destination,
        paused_at=None,
        stopped_why="",
        tries=0,
        failing_since=None,
        next_try_at=None,
    )


def rotate_secret(destination: Destination, *, now: datetime) -> str:
    """Give an HTTP destination a new secret; the former signs beside it for a week."""
    secrets = http.rotated(sealing.unseal(destination.secrets), now=now)
    _update(destination, secrets=sealing.seal(secrets))
    return str(secrets["key"])


def seal_anew() -> int:
    """Seal under today's secret key what was sealed under a former one; return how many."""
    done = 0
    for each in Destination.objects.using(WIRE).exclude(secrets=""):
        if not sealing.is_newest(each.secrets):
            try:
                _update(each, secrets=sealing.sealed_anew(each.secrets))
            except sealing.SecretsLost:
                continue  # said when it is next sent to, on its own screen
            done += 1
    return done


def _update(destination: Destination, **fields: Any) -> None:
    # Only these: the sender writes other columns of the row at the same time.
    Destination.objects.using(WIRE).filter(pk=destination.pk).update(**fields)
    for name, value in fields.items():
        setattr(destination, name, value)


def _reached() -> int:
    cursors = Cursor.objects.using(WIRE).filter(follower=WIRE)
    return cursors.values_list("serial", flat=True).first() or 0
