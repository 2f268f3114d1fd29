"""The form of a product, and beside it what it would have sent: tried while it is typed."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from dateline.formats import FORMATS
from dateline.wire import pages
from dateline.wire.models import Product
from dateline.wire.query import FIELDS, BadQuery, read
from dateline.wire.sight import right_of

TRIAL_DAYS = 7
SHOWN = 30
MAY_TRY = ("wire.add_product", "wire.change_product")


class ProductForm(WagtailAdminModelForm):
    """Refuses rules that cannot be read, in words that name the line."""

    formats = forms.MultipleChoiceField(
        label=gettext_lazy("formats"),
        choices=lambda: [(name, each.title) for name, each in FORMATS.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=lambda: list(FORMATS),
    )

    def clean_rules(self) -> str:
        rules: str = self.cleaned_data["rules"]
        try:
            read(rules)
        except BadQuery as error:
            raise ValidationError(error.message, code=error.code) from error
        return rules


class ProductViewSet(ModelViewSet):
    model = Product
    icon = "list-ul"
    add_to_reference_index = False
    create_template_name = edit_template_name = "wire/product.html"
    list_display = [
        "name",
        Column("rules", label=gettext_lazy("Rules"), accessor=lambda each: _short(each.rules)),
        Column("rights", label=gettext_lazy("Rights"), accessor=lambda each: rights_said(each)),
        Column(
            "clients", label=gettext_lazy("Clients"), accessor=lambda each: each.clients.count()
        ),
    ]
    search_fields = ["name", "rules"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("rules", widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("embargoed"), FieldPanel("pictures")]),
                FieldRowPanel([FieldPanel("delay_minutes"), FieldPanel("archive_days")]),
                FieldPanel("ai_use"),
                FieldPanel("formats"),
            ],
            heading=gettext_lazy("Rights"),
        ),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return self._edit_handler.get_form_class()

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = ProductForm
        return handler.bind_to_model(self.model)


def rights_said(product: Product) -> str:
    """The rights of a product in a few words."""
    said = [
        _("before the embargo lifts") if product.embargoed else "",
        "" if product.pictures else _("no pictures"),
        _("after %(minutes)d min") % {"minutes": product.delay_minutes}
        if product.delay_minutes
        else "",
        _("%(days)d days back") % {"days": product.archive_days} if product.archive_days else "",
        _("machines may learn") if product.ai_use else "",
    ]
    return ", ".join(each for each in said if each) or "–"


def trial(request: HttpRequest) -> HttpResponse:
    """What the rules and rights in a form would have sent: a piece of a page."""
    if not any(request.user.has_perm(right) for right in MAY_TRY):
        raise PermissionDenied
    rules = request.POST.get("rules", "")
    product = Product(
        name="",
        rules=rules,
        embargoed=bool(request.POST.get("embargoed")),
        archive_days=_whole(request.POST.get("archive_days", "")),
    )
    context: dict[str, Any] = {"days": TRIAL_DAYS, "fields": FIELDS}
    try:
        read(rules)
        context["trial"] = pages.trial(
            right_of(product), days=TRIAL_DAYS, show=SHOWN, now=timezone.now()
        )
    except BadQuery as error:
        context["fault"] = error.message
    return render(request, "wire/trial.html", context)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _short(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return f"{first[:80]} …" if rest or len(first) > 80 else first
