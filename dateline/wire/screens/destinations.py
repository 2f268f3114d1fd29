"""Destinations: all with their state and delay, the form of one, its page with what was sent."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from dateline.formats import FORMATS
from dateline.wire import deliveries, destinations, sealing
from dateline.wire.deliveries import Delivery, State
from dateline.wire.destinations import Destination, RoadKind
from dateline.wire.models import WIRE, Client, FeedRow
from dateline.wire.roads import ROADS
from dateline.wire.roads.parcel import BadDestination, Field
from dateline.wire.sight import facts_in

SHOWN = 50
TROUBLE_AFTER = timedelta(hours=1)
"""Shorter failures are most servers' restarts, and mend themselves."""

_OPTION, _SECRET = "option-", "secret-"


class DestinationsMenuItem(MenuItem):
    """For whom the pages are open."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("wire.change_destination"))


class DestinationViewSet(ViewSet):
    """Where the list stands in the menu; each page is a view below."""

    menu_item_class = DestinationsMenuItem
    icon = "upload"
    menu_label = gettext_lazy("Deliveries")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", listed, name="index"),
            path("new/<int:client>/<str:road>/", new, name="new"),
            path("<int:pk>/", page, name="page"),
            path("<int:pk>/edit/", edit, name="edit"),
            path("<int:pk>/do/", do, name="do"),
        ]


class DestinationForm(forms.Form):
    """The form of a destination: what all have, then what its road must be told."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=80)
    format = forms.ChoiceField(
        label=gettext_lazy("format"),
        choices=lambda: [(name, each.title) for name, each in FORMATS.items()],
    )
    products: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("products"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all that the client has, now and later."),
    )

    def __init__(
        self, *args: Any, client: Client, road: str, destination: Destination | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._client, self._road, self._destination = client, road, destination
        for common in self.fields.values():
            common.label = capfirst(common.label)
        self.fields["products"].queryset = client.products.all()  # type: ignore[attr-defined]
        for each in ROADS[road].FIELDS:
            self.fields[(_SECRET if each.secret else _OPTION) + each.name] = self._field(each)
        if destination is not None:
            self.initial = {
                "name": destination.name,
                "format": destination.format,
                "products": list(destination.products.all()),
            } | {f"{_OPTION}{name}": value for name, value in destination.options.items()}

    def _field(self, each: Field) -> forms.CharField:
        widget: forms.Widget = forms.TextInput()
        if each.lines > 1:
            widget = forms.Textarea(attrs={"rows": each.lines, "spellcheck": "false"})
        elif each.secret:
            widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        kept = each.secret and self._destination is not None
        return forms.CharField(
            label=capfirst(cast("str", each.label)),
            help_text=_("Empty: as it was.") if kept else cast("str", each.help),
            required=each.required and not kept,
            initial="" if each.secret else each.initial,
            widget=widget,
        )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Destination.objects.using(WIRE).filter(client=self._client, name=name)
        if others.exclude(pk=self._destination.pk if self._destination else 0).exists():
            raise forms.ValidationError(_("This client has a destination of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        products = list(cleaned["products"]) or list(self._client.products.all())
        try:
            destinations.ensure_usable(self._road, cleaned["format"], self.options, products)
        except BadDestination as error:
            field = str(error.facts["field"])
            named = field if field in self.fields else f"{_OPTION}{field}"
            self.add_error(named if named in self.fields else None, error.message)
        return cleaned

    @property
    def options(self) -> dict[str, str]:
        return self._beginning(_OPTION)

    @property
    def secrets(self) -> dict[str, str]:
        return {name: text for name, text in self._beginning(_SECRET).items() if text}

    def _beginning(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): value.strip()
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


# --- screens -------------------------------------------------------------------------------------


def listed(request: HttpRequest) -> HttpResponse:
    """All destinations: what waits, for how long, and what was last said."""
    _ensure(request, "wire.view_destination")
    found = with_counts().select_related("client")
    context = {
        "page_title": _("Deliveries"),
        "header_icon": "upload",
        "destinations": [(each, state_said(each), delay_said(each)) for each in found],
    }
    return render(request, "wire/destinations.html", context)


def new(request: HttpRequest, client: int, road: str) -> HttpResponse:
    _ensure(request, "wire.add_destination")
    held = get_object_or_404(Client.objects.using(WIRE), pk=client)
    if road not in ROADS:
        raise Http404
    form = DestinationForm(request.POST or None, client=held, road=road, destination=None)
    if request.method == "POST" and form.is_valid():
        made = destinations.make(
            held,
            name=form.cleaned_data["name"],
            road=road,
            format_name=form.cleaned_data["format"],
            options=form.options,
            secrets=form.secrets,
            products=list(form.cleaned_data["products"]),
        )
        if road == RoadKind.HTTP:
            return _secret_shown(request, made, str(sealing.unseal(made.secrets)["key"]))
        return redirect("wire-destinations:page", made.pk)
    return _form(request, form, held, RoadKind(road))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    _ensure(request, "wire.change_destination")
    held = _found(pk)
    form = DestinationForm(
        request.POST or None, client=held.client, road=held.road, destination=held
    )
    if request.method == "POST" and form.is_valid():
        destinations.change(
            held,
            name=form.cleaned_data["name"],
            format_name=form.cleaned_data["format"],
            options=form.options,
            secrets=form.secrets,
            products=list(form.cleaned_data["products"]),
        )
        messages.success(request, _("Saved. What waits is sent as it stands now."))
        return redirect("wire-destinations:page", held.pk)
    return _form(request, form, held.client, RoadKind(held.road))


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One destination: its state, and its deliveries, the newest first."""
    _ensure(request, "wire.view_destination")
    held = get_object_or_404(with_counts().select_related("client"), pk=pk)
    mine = Delivery.objects.using(WIRE).filter(destination=held)
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    if state in State.values:
        mine = mine.filter(state=state)
    if before.isdecimal():
        mine = mine.filter(serial__lt=int(before[:18]))
    rows = list(mine.order_by("-serial")[: SHOWN + 1])
    context = {
        "page_title": str(held),
        "page_subtitle": held.get_road_display(),
        "header_icon": "upload",
        "destination": held,
        "state_said": state_said(held),
        "delay_said": delay_said(held),
        "format": FORMATS[held.format].title if held.format in FORMATS else held.format,
        "options": _options(held),
        "products": held.products.all(),
        "deliveries": with_headlines(rows[:SHOWN]),
        "more": rows[SHOWN - 1].serial if len(rows) > SHOWN else None,
        "states": State.choices,
        "state": state,
        "may_change": request.user.has_perm("wire.change_destination"),
    }
    return render(request, "wire/destination.html", context)


@require_POST
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause it, go on, change its secret, send a span again."""
    _ensure(request, "wire.change_destination")
    held = _found(pk)
    now = timezone.now()
    match request.POST.get("what"):
        case "pause":
            destinations.pause(held, now=now)
        case "resume":
            destinations.resume(held)
        case "secret" if held.road == RoadKind.HTTP:
            return _secret_shown(request, held, destinations.rotate_secret(held, now=now))
        case "again":
            _send_again(request, held)
    return redirect("wire-destinations:page", held.pk)


# --- words ---------------------------------------------------------------------------------------


def with_counts() -> Any:
    """Destinations with `waiting`, `held` and since when the oldest that may leave waits."""

    def each(state: State, what: Any) -> Subquery:
        # From the small index of each state, and not over all that was ever sent.
        rows = Delivery.objects.using(WIRE).filter(destination=OuterRef("pk"), state=state)
        return Subquery(rows.order_by().values("destination").annotate(it=what).values("it"))

    return Destination.objects.using(WIRE).annotate(
        waiting=Coalesce(each(State.WAITING, Count("pk")), 0),
        held=Coalesce(each(State.HELD, Count("pk")), 0),
        waiting_since=each(State.WAITING, Min("due_at")),
    )


def with_headlines(rows: list[Delivery]) -> list[tuple[Delivery, str]]:
    """Deliveries with the headline of each release; empty where the feed has it no more."""
    held = FeedRow.objects.using(WIRE).filter(serial__in=[row.serial for row in rows])
    headlines = {
        serial: facts_in(bytes(data)).item.headline
        for serial, data in held.values_list("serial", "data")
    }
    return [(row, headlines.get(row.serial, "")) for row in rows]


def in_trouble() -> list[Destination]:
    """Destinations that people have to look at: stopped, with something held, or failing for an
    hour or more."""
    failing = Q(failing_since__lt=timezone.now() - TROUBLE_AFTER)
    found = with_counts().select_related("client")
    return list(found.filter(failing | Q(held__gt=0) | ~Q(stopped_why="")))


class TroublePanel(Component):
    """On the manager's first page: destinations that do not get what they should."""

    template_name = "wire/trouble.html"
    order = 49

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"destinations": [(each, state_said(each)) for each in in_trouble()]}


def state_said(destination: Destination) -> str:
    """How a destination is, in a few words."""
    now = timezone.now()
    if destination.stopped_why:
        return _("stopped: %(why)s") % {"why": destination.stopped_why}
    if destination.paused_at:
        return _("paused")
    if not destination.client.is_served(now):
        return _("the client is not served")
    if destination.tries:
        tries = destination.tries
        return ngettext(
            "fails: %(counter)s try in a row", "fails: %(counter)s tries in a row", tries
        ) % {"counter": tries}
    return _("well")


def delay_said(destination: Any) -> str:
    """How long the oldest that may leave has waited."""
    since = destination.waiting_since
    now = timezone.now()
    return timesince(since, now) if since and since < now else "–"


def _options(held: Destination) -> list[tuple[Any, str]]:
    labels = {each.name: each.label for each in ROADS[held.road].FIELDS}
    return [(labels.get(name, name), value) for name, value in held.options.items() if value]


def _send_again(request: HttpRequest, held: Destination) -> None:
    first, last = (request.POST.get(name, "") for name in ("first", "last"))
    if not (first.isdecimal() and last.isdecimal()):
        messages.error(request, _("Write the first and the last number of release."))
        return
    count = deliveries.send_again(
        held, first=int(first[:18]), last=int(last[:18]), now=timezone.now()
    )
    messages.success(
        request,
        ngettext(
            "%(counter)s release is sent again.", "%(counter)s releases are sent again.", count
        )
        % {"counter": count},
    )


def _form(
    request: HttpRequest, form: DestinationForm, client: Client, road: RoadKind
) -> HttpResponse:
    context = {
        "page_title": _("Destination"),
        "page_subtitle": f"{client}: {road.label}",
        "header_icon": "upload",
        "form": form,
    }
    return render(request, "wire/destination_form.html", context)


def _secret_shown(request: HttpRequest, held: Destination, key: str) -> HttpResponse:
    context = {
        "page_title": _("The secret of the webhook"),
        "header_icon": "key",
        "destination": held,
        "key": key,
        "back_url": reverse("wire-destinations:page", args=[held.pk]),
    }
    answer = render(request, "wire/secret.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _found(pk: int) -> Destination:
    return get_object_or_404(Destination.objects.using(WIRE).select_related("client"), pk=pk)


def _ensure(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied
