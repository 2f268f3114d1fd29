"""Nobody gets another's items, by any road: clients × products × routes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dateline.items import Audience
from dateline.wire import api, limits
from tests.documents import a_ref, an_item
from tests.wire.agency import Machine, a_client, a_product

pytestmark = pytest.mark.django_db

STORIES = {
    1: {"section": a_ref("economy")},
    2: {"section": a_ref("sport")},
    3: {"edition": "uk", "section": a_ref("economy")},
    4: {"section": a_ref("economy"), "embargoed_until": timezone.now() + timedelta(hours=1)},
    5: {"section": a_ref("sport"), "embargoed_until": timezone.now() + timedelta(hours=1)},
}
PRODUCTS = {
    "economy": ({"rules": "edition:en section:economy"}, {1}),
    "sport": ({"rules": "section:sport"}, {2}),
    "ukrainian": ({"rules": "edition:uk"}, {3}),
    "early": ({"rules": "section:economy", "embargoed": True}, {1, 3, 4}),
    "late": ({"rules": "*", "delay_minutes": 60}, set()),
    "shallow": ({"rules": "section:sport", "archive_days": 1, "embargoed": True}, {2, 5}),
    "broken": ({"rules": "subject:99999999"}, set()),
}
CLIENTS = [
    ("economy",), ("sport",), ("ukrainian",), ("early",), ("late",), ("shallow",), ("broken",), (),
    ("economy", "sport"), ("ukrainian", "early"), ("late", "sport"), tuple(PRODUCTS),
]  # fmt: skip


@pytest.fixture
def feed(release, follow_wire, monkeypatch):
    monkeypatch.setattr(api, "counter", limits.Counter())
    for number, fields in STORIES.items():
        held = "embargoed_until" in fields
        release(an_item(number, **fields), audience=Audience.CLIENTS if held else Audience.PUBLIC)
    follow_wire()
    return {slug: a_product(slug, **fields) for slug, (fields, _) in PRODUCTS.items()}


def numbers(items: list[dict]) -> set[int]:
    return {int(item["guid"].rpartition(":")[2]) for item in items}


@pytest.mark.parametrize("has", CLIENTS, ids=lambda has: "+".join(has) or "nothing")
def test_every_road_gives_a_client_what_its_products_take_and_nothing_else(feed, has):
    machine = Machine(a_client("herald", *(feed[slug] for slug in has)))
    theirs = set().union(*(PRODUCTS[slug][1] for slug in has))

    assert numbers(machine.follow()) == theirs
    assert numbers(machine.ask("/search", q="*").json()["items"]) == theirs
    for number in STORIES:
        for path in ("", "/versions"):
            answer = machine.ask(f"/items/urn:example:story:{number}{path}")
            assert answer.status_code == (200 if number in theirs else 404)
    for slug, (_, taken) in PRODUCTS.items():
        answer = machine.ask("/items", product=slug)
        assert answer.status_code == (200 if slug in has else 404)
        if slug in has:
            assert numbers(answer.json()["items"]) == taken
