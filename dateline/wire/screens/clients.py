"""Clients: the list with contracts, the form, and a client's page with its tokens."""

import re
import zoneinfo
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from dateline.wire import tokens
from dateline.wire.destinations import RoadKind
from dateline.wire.models import WIRE, Client, Scope, Token
from dateline.wire.screens.destinations import state_said

SOON = timedelta(days=30)
"""From when on it is said that a contract ends."""


class ClientForm(WagtailAdminModelForm):
    """Refuses what machines could not use, in words that name the line."""

    def clean_addresses(self) -> str:
        lines: str = self.cleaned_data["addresses"]
        for line in lines.split():
            try:
                tokens.networks(line)
            except ValueError as error:
                raise ValidationError(
                    _("“%(line)s” is no network. Write 192.0.2.7 or 192.0.2.0/24.")
                    % {"line": line}
                ) from error
        return "\n".join(lines.split())

    def clean_contacts(self) -> str:
        lines: str = self.cleaned_data["contacts"]
        for line in lines.splitlines():
            for word in re.findall(r"\S*@\S*", line):
                try:
                    validate_email(word.strip("<>,;()"))
                except ValidationError as error:
                    raise ValidationError(
                        _("“%(word)s” is no e-mail address.") % {"word": word}
                    ) from error
        return lines

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        try:
            zoneinfo.ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValidationError(
                _("There is no time zone “%(zone)s”. Write one as Europe/Kyiv.") % {"zone": zone}
            ) from error
        return zone

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        first, last = cleaned.get("contract_from"), cleaned.get("contract_until")
        if first and last and last < first:
            self.add_error("contract_until", _("The contract would end before it begins."))
        return cleaned


class ClientPage(InspectView):
    """A client with its tokens: made, replaced and revoked here."""

    template_name = "wire/client.html"
    page_title = gettext_lazy("Client")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        now = timezone.now()
        held = self.object.tokens.all()
        return context | {
            "client": self.object,
            "contract": contract_said(self.object),
            "products": self.object.products.all(),
            "tokens": [token for token in held if token.is_valid(now)],
            "over": [token for token in held if not token.is_valid(now)],
            "scopes": Scope.choices,
            "may_make": self.request.user.has_perm("wire.add_token"),
            "overlap_days": tokens.OVERLAP.days,
            "destinations": [(each, state_said(each)) for each in self.object.destinations.all()],
            "roads": RoadKind.choices,
            "may_add_destination": self.request.user.has_perm("wire.add_destination"),
        }


class ClientViewSet(ModelViewSet):
    model = Client
    icon = "group"
    inspect_view_enabled = True
    inspect_view_class = ClientPage
    inspect_template_name = "wire/client.html"
    list_display = [
        "name",
        Column(
            "contract", label=gettext_lazy("Contract"), accessor=lambda each: contract_said(each)
        ),
        Column(
            "products",
            label=gettext_lazy("Products"),
            accessor=lambda each: ", ".join(map(str, each.products.all())) or "–",
        ),
    ]
    search_fields = ["name", "contacts"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contract_from"), FieldPanel("contract_until")]),
                FieldPanel("stopped"),
            ],
            heading=gettext_lazy("Contract"),
        ),
        FieldPanel("products", widget=forms.CheckboxSelectMultiple),
        MultiFieldPanel(
            [
                FieldPanel("contacts", widget=forms.Textarea(attrs={"rows": 4})),
                FieldRowPanel([FieldPanel("languages"), FieldPanel("time_zone")]),
                FieldPanel("addresses", widget=forms.Textarea(attrs={"rows": 3})),
                FieldPanel("seats"),
            ],
            heading=gettext_lazy("Who and where"),
        ),
    ]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = ClientForm
        return handler.bind_to_model(self.model)


def contract_said(client: Client) -> str:
    """The state of a contract in a few words."""
    if client.stopped:
        return _("stopped")
    today = timezone.localdate()
    if client.contract_from > today:
        return _("begins on %(day)s") % {"day": f"{client.contract_from:%d.%m.%Y}"}
    if client.contract_until is None:
        return _("open-ended")
    day = {"day": f"{client.contract_until:%d.%m.%Y}"}
    if client.contract_until < today:
        return _("ended on %(day)s") % day
    if client.contract_until - today <= SOON:
        return _("ends soon: %(day)s") % day
    return _("until %(day)s") % day


def ending(today: date) -> list[Client]:
    """Clients whose contract ends soon, or ended within the same time, the nearest first."""
    found = Client.objects.using(WIRE).filter(
        stopped=False, contract_until__gte=today - SOON, contract_until__lte=today + SOON
    )
    return list(found.order_by("contract_until"))


class EndingPanel(Component):
    """On the manager's first page: which contracts end."""

    template_name = "wire/ending.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        clients = ending(timezone.localdate())
        return {"clients": [(each, contract_said(each)) for each in clients]}


# --- tokens --------------------------------------------------------------------------------------


@require_POST
def make_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token and show it, this once: a reload makes no second one, and shows none."""
    _ensure(request, "wire.add_token")
    client = get_object_or_404(Client.objects.using(WIRE), pk=pk)
    days = request.POST.get("days", "")
    now = timezone.now()
    token, text = tokens.make(
        client,
        name=request.POST.get("name", "").strip()[:80] or _("no name"),
        scopes=[scope for scope in request.POST.getlist("scopes") if scope in Scope.values],
        by=request.user.get_username(),
        expires_at=now + timedelta(days=int(days)) if days.isdecimal() and int(days) > 0 else None,
    )
    return _shown(request, token, text)


@require_POST
def replace_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new one in its place; the old one goes on for a week."""
    _ensure(request, "wire.change_token")
    token = get_object_or_404(Token.objects.using(WIRE).select_related("client"), pk=pk)
    by = request.user.get_username()
    return _shown(request, *tokens.replace(token, now=timezone.now(), by=by))


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one at once."""
    _ensure(request, "wire.change_token")
    token = get_object_or_404(Token.objects.using(WIRE).select_related("client"), pk=pk)
    tokens.revoke(token, now=timezone.now())
    messages.success(request, _("The token “%(name)s” is over.") % {"name": token.name})
    return redirect("wire-clients:inspect", token.client_id)


def _ensure(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


def _shown(request: HttpRequest, token: Token, text: str) -> HttpResponse:
    answer = render(
        request,
        "wire/token.html",
        {
            "page_title": _("A new token"),
            "header_icon": "key",
            "token": token,
            "text": text,
            "back_url": reverse("wire-clients:inspect", args=[token.client_id]),
            "address": request.build_absolute_uri("/api/v1/client"),
        },
    )
    answer["Cache-Control"] = "no-store"
    return answer
