"""What a client's machine gets: pages, one story, its versions, search; and refusals in words."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from dateline.items import Audience, Edition, Kind, Picture, Rendition
from dateline.wire import api, limits, tokens
from dateline.wire.models import WIRE, Client, Product, Scope
from tests.documents import a_killed, a_ref, an_item
from tests.wire.agency import Machine, a_client, a_machine, a_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counts_anew(monkeypatch) -> None:
    monkeypatch.setattr(api, "counter", limits.Counter())


def guid(number: int) -> str:
    return f"urn:example:story:{number}"


def test_a_page_has_items_in_order_of_release_and_where_to_go_on(release, follow_wire):
    for number in (3, 1, 2):
        release(an_item(number))
    follow_wire()
    machine = a_machine()

    first = machine.page(limit=2)
    second = machine.page(limit=2, after=first["next"])

    assert [item["guid"] for item in first["items"]] == [guid(3), guid(1)]
    assert [item["guid"] for item in second["items"]] == [guid(2)]
    assert machine.page(after=second["next"]) == {"items": [], "next": second["next"]}
    assert first["items"][-1]["cursor"] == first["next"]


def test_an_item_says_what_it_is_and_holds_the_document(release, follow_wire):
    release(Edition(guid="urn:example:en", version=1, code="en", name="English", title="The News"))
    release(an_item(1, version=2), kind=Kind.CORRECTION)
    follow_wire()

    (item,) = a_machine(ai_use=True).page()["items"]

    assert item["guid"] == guid(1)
    assert (item["version"], item["kind"], item["ai_use"]) == (2, "correction", True)
    assert item["products"] == ["herald-product"]
    assert item["item"]["headlines"][0]["value"] == "Headline 1, version 2"
    assert item["faults"] == []


def test_a_product_has_what_its_rules_take_and_nothing_else(release, follow_wire):
    release(an_item(1))
    release(an_item(2, section=a_ref("sport")))
    follow_wire()

    assert a_machine("section:sport").versions() == [(guid(2), 1)]


def test_a_story_that_leaves_a_product_is_followed_to_its_end(release, follow_wire):
    release(an_item(1, topics=("grain",)))
    release(an_item(1, version=2, section=a_ref("sport")), kind=Kind.UPDATE)
    release(a_killed(an_item(1, version=2, section=a_ref("sport"))), kind=Kind.KILL)
    follow_wire()

    assert a_machine("topic:grain").versions() == [(guid(1), 1), (guid(1), 2), (guid(1), 3)]
    assert a_machine("section:sport", slug="post").versions() == [(guid(1), 2), (guid(1), 3)]


def test_a_new_product_has_its_past_at_once(release, follow_wire):
    release(an_item(1, topics=("grain",)))
    follow_wire()
    machine = a_machine("topic:coal")
    assert machine.versions() == []

    Product.objects.using(WIRE).update(rules="topic:grain")

    assert machine.versions() == [(guid(1), 1)]


def test_an_embargoed_story_is_for_those_with_the_right_until_the_public_has_it(
    release, follow_wire
):
    until = timezone.now() + timedelta(hours=1)
    release(an_item(1, embargoed_until=until), audience=Audience.CLIENTS)
    follow_wire()
    early, late = a_machine(embargoed=True), a_machine(slug="post")

    (item,) = early.page()["items"]
    assert item["embargoed_until"] == until.isoformat().replace("+00:00", "Z")
    assert late.versions() == []
    assert late.ask(f"/items/{guid(1)}").status_code == 404
    assert late.ask("/search", q="*").json()["items"] == []

    release(an_item(1), audience=Audience.PUBLIC)
    follow_wire()
    assert late.versions() == [(guid(1), 1)]


def test_a_client_with_both_kinds_of_product_gets_a_version_once(
    release, follow_wire, monkeypatch
):
    from dateline.releases import log

    until = timezone.now() + timedelta(hours=1)
    release(an_item(1, embargoed_until=until), audience=Audience.CLIENTS)
    monkeypatch.setattr(log.timezone, "now", lambda: until)
    release(an_item(1), audience=Audience.PUBLIC)
    follow_wire()
    both = Machine(a_client("herald", a_product("early", embargoed=True), a_product("late")))

    assert both.versions() == [(guid(1), 1)]


def test_a_delayed_product_waits_and_loses_nothing_behind_one_that_does_not(
    release, follow_wire, monkeypatch
):
    release(an_item(1))
    release(an_item(2, section=a_ref("sport")))
    follow_wire()
    machine = Machine(
        a_client(
            "herald",
            a_product("economy", "section:economy", delay_minutes=15),
            a_product("sport", "section:sport"),
        )
    )
    first = machine.page()
    assert [item["guid"] for item in first["items"]] == [guid(2)]
    assert machine.ask(f"/items/{guid(1)}").status_code == 404

    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(api.timezone, "now", lambda: later)
    second = machine.page(after=first["next"])

    assert [item["guid"] for item in second["items"]] == [guid(1)]
    assert machine.page(after=second["next"])["items"] == []


def test_the_archive_is_as_deep_as_the_product(release, follow_wire, monkeypatch):
    release(an_item(1))
    follow_wire()
    machine = a_machine(archive_days=30)
    assert machine.versions() == [(guid(1), 1)]

    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(api.timezone, "now", lambda: later)

    assert machine.versions() == []
    assert machine.ask(f"/items/{guid(1)}").status_code == 404


def test_pictures_are_for_those_who_have_them_at_addresses_of_their_own(
    release, follow_wire, settings, monkeypatch, tmp_path
):
    settings.PICTURES_ROOT, settings.HELD_PICTURES_ROOT = tmp_path / "no", tmp_path
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "cdef.jpg").write_bytes(b"a picture")
    rendition = Rendition(
        name="card", href="/pictures/ab/cdef.jpg", content_type="image/jpeg", width=4, height=3,
        size_bytes=9, sha256="ab" * 32,
    )  # fmt: skip
    release(an_item(1, picture=Picture(alt="A port", renditions=(rendition,))))
    follow_wire()
    with_pictures, without = a_machine(), a_machine(slug="post", pictures=False)

    assert "pictures" not in json.dumps(without.page()["items"][0]["item"])
    text = json.dumps(with_pictures.page()["items"][0]["item"])
    address = next(part for part in text.split('"') if "/api/v1/pictures/" in part)
    path = address.partition("/api/v1")[2]
    answer = with_pictures.ask(path)
    assert b"".join(answer.streaming_content) == b"a picture"
    assert answer["Content-Type"] == "image/jpeg"

    assert with_pictures.ask(path.replace("cdef", "cdee")).json()["code"] == "address-over"
    Client.objects.using(WIRE).filter(slug="herald").update(stopped=True)
    assert with_pictures.ask(path).json()["code"] == "address-over"
    Client.objects.using(WIRE).update(stopped=False)
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(api.timezone, "now", lambda: later)
    assert with_pictures.ask(path).status_code == 403


def test_the_newest_version_and_all_of_them(release, follow_wire):
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.UPDATE)
    follow_wire()
    machine = a_machine()

    assert machine.ask(f"/items/{guid(1)}").json()["version"] == 2
    every = machine.ask(f"/items/{guid(1)}/versions").json()
    assert [item["version"] for item in every["items"]] == [1, 2]
    missing = machine.ask("/items/urn:example:none")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-item")
    assert missing["Content-Type"] == "application/problem+json"


def test_search_finds_newest_versions_by_words_and_terms(release, follow_wire):
    release(an_item(1, headline="Grain leaves the port"))
    release(an_item(1, version=2, headline="Grain has left the port"), kind=Kind.UPDATE)
    release(an_item(2, headline="Grain stays", section=a_ref("sport")))
    release(an_item(3, headline="Grain again"))
    release(a_killed(an_item(3)), kind=Kind.KILL)
    follow_wire()
    machine = a_machine()

    def found(q: str, **query) -> list[tuple[str, int]]:
        items = machine.ask("/search", q=q, **query).json()["items"]
        return [(item["guid"], item["version"]) for item in items]

    assert found("grain") == [(guid(2), 1), (guid(1), 2)]
    assert found("grain section:economy") == [(guid(1), 2)]
    assert found("leaves") == []
    first = machine.ask("/search", q="grain", limit=1).json()
    assert found("grain", before=first["next"]) == [(guid(1), 2)]
    wrong = machine.ask("/search", q="colour:red")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad-parameter")


def test_a_page_that_did_not_change_is_not_sent_again_and_a_large_one_is_packed(
    release, follow_wire
):
    for number in range(1, 9):
        release(an_item(number))
    follow_wire()
    machine = a_machine()
    whole = machine.ask("/items")

    same = machine.ask("/items", headers={"If-None-Match": whole["ETag"]})
    packed = machine.ask("/items", headers={"Accept-Encoding": "gzip"})

    assert (same.status_code, same.content) == (304, b"")
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(whole.content) / 2
    assert "Authorization" in whole["Vary"]
    assert whole["Cache-Control"] == "private, no-cache"


def test_what_is_left_of_the_minute_is_said_and_too_much_is_refused(db):
    machine = Machine(a_client("herald", a_product()), per_minute=2)

    first, second, third = (machine.ask("/items") for _ in range(3))

    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert second["RateLimit-Remaining"] == "0"
    assert (third.status_code, third.json()["code"]) == (429, "rate-limited")
    assert 0 < int(third["Retry-After"]) <= 60


def refusal(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"urn:dateline:problem:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return answer.status_code, problem["code"]


def test_whoever_is_not_let_in_is_told_why(client):
    machine = a_machine()
    assert refusal(client.get("/api/v1/items")) == (401, "no-token")
    wrong = client.get("/api/v1/items", headers={"Authorization": "Bearer nonsense"})
    assert refusal(wrong) == (401, "bad-token")
    assert wrong["WWW-Authenticate"].startswith("Bearer")
    assert refusal(machine.ask("/nowhere")) == (404, "no-such-address")


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"after": "nonsense"}, (400, "bad-cursor")),
        ({"limit": 0}, (400, "bad-parameter")),
        ({"limit": "many"}, (400, "bad-parameter")),
        ({"wait": 61}, (400, "bad-parameter")),
        ({"format": "fax"}, (400, "unknown-format")),
        ({"format": "ninjs-2.2"}, (403, "format-not-allowed")),
        ({"product": "gold"}, (404, "no-such-product")),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(query, refused):
    assert refusal(a_machine().ask("/items", **query)) == refused


def test_a_token_may_do_what_it_was_made_for():
    machine = Machine(a_client("herald", a_product()), scopes=[Scope.SEARCH])

    assert refusal(machine.ask("/items")) == (403, "scope-missing")
    assert machine.ask("/search", q="*").status_code == 200


def test_requests_come_from_the_networks_that_the_client_named(settings):
    machine = Machine(a_client("herald", a_product(), addresses="192.0.2.0/24\n2001:db8::/32"))
    assert refusal(machine.ask("/items")) == (403, "address-not-allowed")

    settings.PROXIES = 1
    near = {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
    far = {"X-Forwarded-For": "192.0.2.7, 203.0.113.9"}
    assert machine.ask("/items", headers=near).status_code == 200
    assert refusal(machine.ask("/items", headers=far)) == (403, "address-not-allowed")


def test_an_ended_contract_stops_at_once():
    machine = a_machine()
    assert machine.ask("/items").status_code == 200
    over = timezone.now().date() - timedelta(days=2)

    for changed in ({"contract_until": over}, {"stopped": True},
                    {"contract_from": date(2999, 1, 1)}):  # fmt: skip
        Client.objects.using(WIRE).update(
            **({"contract_until": None, "stopped": False, "contract_from": over} | changed)
        )
        for path in ("/items", f"/items/{guid(1)}", "/search?q=x", "/client"):
            assert refusal(machine.ask(path)) == (403, "contract-over")


def test_a_replaced_token_goes_on_for_a_week_beside_the_new_one():
    machine = a_machine()
    now = timezone.now()
    _, text = tokens.replace(machine.token, now=now)

    for each in (machine.text, text):
        assert tokens.admit(each, address="", scope=None, now=now)
    later = now + tokens.OVERLAP
    assert tokens.admit(text, address="", scope=None, now=later)
    with pytest.raises(tokens.BadToken):
        tokens.admit(machine.text, address="", scope=None, now=later)


def test_a_revoked_token_is_over_at_once_and_only_its_hash_was_kept():
    machine = a_machine()
    assert machine.text not in str(vars(machine.token))
    assert len(machine.text) >= 43

    tokens.revoke(machine.token, now=timezone.now())

    assert refusal(machine.ask("/items")) == (401, "bad-token")


def test_it_is_known_when_a_token_was_last_used():
    machine = a_machine()
    machine.ask("/items")
    machine.token.refresh_from_db()

    assert machine.token.last_used_at is not None


def test_a_client_sees_whose_token_it_is_and_what_it_gives():
    said = a_machine("section:sport", delay_minutes=5).ask("/client").json()

    assert said["client"] == "Herald"
    (product,) = said["products"]
    assert (product["product"], product["delay_minutes"]) == ("herald-product", 5)


def test_latest_begins_with_what_is_to_come(release, follow_wire):
    release(an_item(1))
    follow_wire()
    machine = a_machine()
    begin = machine.page(after="latest")
    release(an_item(2))
    follow_wire()

    assert begin["items"] == []
    assert machine.versions(after=begin["next"]) == [(guid(2), 1)]


def test_a_document_that_breaks_its_standard_is_held_back_and_said(
    release, follow_wire, monkeypatch
):
    from dataclasses import replace

    from dateline.wire import writing

    release(an_item(1))
    follow_wire()
    broken = replace(writing.FORMATS["ninjs"], faults=lambda data: ["uri: is missing"])
    monkeypatch.setitem(writing.FORMATS, "ninjs", broken)
    writing.document_of.cache_clear()

    (item,) = a_machine().page()["items"]
    writing.document_of.cache_clear()

    assert (item["item"], item["faults"]) == (None, ["uri: is missing"])
