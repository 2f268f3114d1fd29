"""Where the client manager's screens are registered with Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from dateline.wire.screens import clients, deliveries, products
from dateline.wire.screens.clients import ClientViewSet, EndingPanel
from dateline.wire.screens.destinations import DestinationViewSet, TroublePanel
from dateline.wire.screens.products import ProductViewSet


class WireGroup(ViewSetGroup):
    menu_label = _("Wire")
    menu_name = "wire"
    menu_icon = "site"
    menu_order = 60
    items = (
        ClientViewSet("wire-clients", url_prefix="wire/clients"),
        ProductViewSet("wire-products", url_prefix="wire/products"),
        DestinationViewSet("wire-destinations", url_prefix="wire/destinations"),
    )


@hooks.register("register_admin_viewset")
def viewsets() -> WireGroup:
    return WireGroup()


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("wire/deliveries/<int:pk>/", deliveries.page, name="wire-delivery"),
        path("wire/deliveries/<int:pk>/do/", deliveries.do, name="wire-delivery-do"),
        path("wire/trial/", products.trial, name="wire-trial"),
        path("wire/clients/<int:pk>/token/", clients.make_token, name="wire-make-token"),
        path("wire/tokens/<int:pk>/replace/", clients.replace_token, name="wire-replace-token"),
        path("wire/tokens/<int:pk>/revoke/", clients.revoke_token, name="wire-revoke-token"),
    ]


@hooks.register("construct_homepage_panels", order=2000)
def contracts_that_end(request: HttpRequest, panels: list[Any]) -> None:
    # After the newsroom has put its own in the place of Wagtail's.
    if request.user.has_perm("wire.change_client"):
        panels.append(EndingPanel())
    if request.user.has_perm("wire.change_destination"):
        panels.append(TroublePanel())
