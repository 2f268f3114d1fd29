"""The client manager keeps clients and products, tries rules, makes tokens."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from dateline.newsroom import roles
from dateline.wire.models import WIRE, Client, Product, Token
from tests.documents import a_ref, an_item
from tests.wire.agency import a_client, a_machine, a_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    roles.set_up()
    user = get_user_model().objects.create_user("velmar", "velmar@tta.example", "a long password")
    user.groups.add(Group.objects.get(name=roles.CLIENT_MANAGER))
    client.force_login(user)
    return client


@pytest.fixture
def reporter(client):
    roles.set_up()
    user = get_user_model().objects.create_user("tavia", "tavia@tta.example", "a long password")
    user.groups.add(Group.objects.get(name=roles.REPORTER))
    client.force_login(user)
    return client


PRODUCT = {
    "name": "Grain", "slug": "grain", "rules": "topic:grain", "archive_days": "30",
    "delay_minutes": "0", "formats": ["ninjs"], "pictures": "on",
}  # fmt: skip
CLIENT = {
    "name": "Merenta Courier", "slug": "courier", "contract_from": "2025-01-01",
    "time_zone": "Europe/Kyiv", "seats": "5",
}  # fmt: skip


def test_a_product_is_made_and_changed(manager):
    manager.post("/desk/wire/products/new/", PRODUCT)
    product = Product.objects.using(WIRE).get()
    assert (product.rules, product.formats, product.pictures) == ("topic:grain", ["ninjs"], True)

    manager.post(f"/desk/wire/products/edit/{product.pk}/", PRODUCT | {"rules": "topic:coal"})
    product.refresh_from_db()
    assert product.rules == "topic:coal"
    assert "topic:coal" in manager.get("/desk/wire/products/").content.decode()


def test_rules_that_cannot_be_read_are_refused_and_stay_on_the_screen(manager):
    page = manager.post("/desk/wire/products/new/", PRODUCT | {"rules": "colour:red"})

    assert "nothing is called “colour”" in page.content.decode()
    assert "colour:red" in page.content.decode()
    assert not Product.objects.using(WIRE).exists()


def test_rules_are_tried_against_the_feed_before_they_are_saved(manager, release, follow_wire):
    release(an_item(1, headline="Grain leaves", topics=("grain",)))
    release(an_item(2, headline="Coal stays", section=a_ref("sport")))
    follow_wire()

    text = manager.post("/desk/wire/trial/", {"rules": "topic:grain"}).content.decode()
    assert "Grain leaves" in text
    assert "Coal stays" not in text
    assert "1 release" in text
    wrong = manager.post("/desk/wire/trial/", {"rules": "colour:red"}).content.decode()
    assert "nothing is called “colour”" in wrong


def test_a_client_is_made_with_its_products(manager):
    product = a_product("grain")
    manager.post("/desk/wire/clients/new/", CLIENT | {"products": [str(product.pk)]})

    client = Client.objects.using(WIRE).get()
    assert [each.slug for each in client.products.all()] == ["grain"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("addresses", "192.0.2.0/24\nhome", "“home” is no network"),
        ("contacts", "Desk, desk@nowhere", "no e-mail address"),
        ("time_zone", "Talvenia/Merenta", "no time zone"),
        ("contract_until", "2024-01-01", "would end before it begins"),
    ],
)
def test_what_machines_could_not_use_is_refused_in_words(manager, field, value, said):
    page = manager.post("/desk/wire/clients/new/", CLIENT | {field: value})

    assert said in page.content.decode()
    assert not Client.objects.using(WIRE).exists()


def test_a_token_is_shown_once_and_works(manager):
    client = a_client("courier", a_product())
    asked = {"name": "Feed", "scopes": ["items"], "days": "30"}
    page = manager.post(f"/desk/wire/clients/{client.pk}/token/", asked)
    (text,) = set(re.findall(r"dateline_[\w-]{43}", page.content.decode()))
    assert "no-store" in page["Cache-Control"]

    headers = {"Authorization": f"Bearer {text}"}
    assert manager.get("/api/v1/items", headers=headers).status_code == 200
    assert manager.get("/api/v1/search?q=x", headers=headers).status_code == 403
    after = manager.get(f"/desk/wire/clients/inspect/{client.pk}/").content.decode()
    assert text not in after
    assert text[:12] in after


def test_a_token_is_replaced_and_revoked(manager):
    machine = a_machine()
    page = manager.post(f"/desk/wire/tokens/{machine.token.pk}/replace/")
    assert re.search(r"dateline_[\w-]{43}", page.content.decode())
    assert Token.objects.using(WIRE).count() == 2

    manager.post(f"/desk/wire/tokens/{machine.token.pk}/revoke/")
    assert machine.ask("/items").json()["code"] == "bad-token"


def test_contracts_that_end_soon_stand_on_the_first_page(manager):
    today = timezone.localdate()
    a_client("soon", contract_until=today + timedelta(days=10))
    a_client("later", contract_until=today + timedelta(days=200))

    page = manager.get("/desk/").content.decode()

    assert "ends soon" in page
    assert "Soon" in page
    assert "Later" not in page


def test_nobody_else_gets_in(reporter):
    machine = a_machine()
    for path in ("clients/", "products/", f"clients/inspect/{machine.client.pk}/"):
        assert reporter.get(f"/desk/wire/{path}").status_code == 302
    token = f"tokens/{machine.token.pk}"
    for path in ("trial/", f"clients/{machine.client.pk}/token/", f"{token}/revoke/",
                 f"{token}/replace/"):  # fmt: skip
        assert reporter.post(f"/desk/wire/{path}", {"rules": "*"}).status_code in (302, 403)
    assert Token.objects.using(WIRE).count() == 1
    assert machine.ask("/items").status_code == 200
