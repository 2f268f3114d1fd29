"""People, places and organisations: kept in the newsroom, named by stories, read on their pages."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse

from dateline.items import Entity as EntityDocument
from dateline.items import EntityKind, EntityRef
from dateline.newsroom.entities import Entity, entity_at
from dateline.newsroom.release import kill, release
from dateline.newsroom.story import Story
from dateline.releases import log
from tests.newsroom.desk import desk_of, form_of, url

PUBLISH = {"action-publish": "action-publish"}
ADD = "/desk/snippets/newsroom/entity/add/"


@pytest.fixture
def ada(en) -> Entity:
    return Entity.objects.create(
        edition=en, kind="person", name="Ada Brook", description="Harbour master of Port Alder."
    )


@pytest.fixture
def port(en) -> Entity:
    return Entity.objects.create(edition=en, kind="place", name="Port Alder", wikidata="Q999000111")


def fields_of(edition, **changes: str) -> dict[str, str]:
    known = {"edition": str(edition.pk), "kind": "person", "name": "Ada Brook", "slug": ""}
    return {**known, "description": "", "wikidata": "", **changes}


def test_saving_one_releases_it_with_an_address_from_its_name(en):
    before = log.head()
    Entity.objects.create(edition=en, kind="person", name="Ada Brook", wikidata="Q1")
    (entry,) = log.read(before, 5)
    document = entry.document
    assert isinstance(document, EntityDocument)
    assert (document.kind, document.slug, document.wikidata) == (
        EntityKind.PERSON, "ada-brook", "Q1",
    )


def test_two_of_one_name_have_two_addresses(en, ada):
    second = Entity.objects.create(edition=en, kind="person", name="Ada Brook")
    place = Entity.objects.create(edition=en, kind="place", name="Ada Brook")
    assert [second.slug, place.slug] == ["ada-brook-2", "ada-brook"]
    assert entity_at("people/ada-brook-2", edition=en) == second


@pytest.mark.parametrize("wrong", ["212", "q212", "www.wikidata.org/wiki/Q212", "Q0", "Q1x"])
def test_what_is_no_item_of_wikidata_is_refused(en, wrong):
    entity = Entity(edition=en, kind="person", name="Ada", wikidata=wrong)
    with pytest.raises(ValidationError) as refused:
        entity.full_clean()
    assert "wikidata" in refused.value.message_dict


def test_an_item_of_wikidata_is_one_entry_of_an_edition(en, port):
    other = Entity(edition=en, kind="place", name="Alder", wikidata=port.wikidata)
    with pytest.raises(ValidationError, match="has this Wikidata item"):
        other.full_clean()


def test_the_same_item_of_wikidata_in_another_edition_is_the_same_place(uk, port):
    ours = Entity(edition=uk, kind="place", name="Порт-Алдер", wikidata=port.wikidata)
    ours.full_clean()
    ours.save()
    assert ours.translation_key == port.translation_key


def test_what_it_is_and_its_address_stay(ada):
    ada.kind = "place"
    with pytest.raises(ValidationError, match="address begins with what it is"):
        ada.full_clean()
    ada.kind, ada.slug = "person", "a-brook"
    with pytest.raises(ValidationError, match="stays as it is"):
        ada.full_clean()


def test_a_released_story_names_people_then_places(draft, ada, port, rows):
    draft.set_entities([port, ada])
    release(draft)
    assert rows()[0].document.entities == (
        EntityRef(kind=EntityKind.PERSON, slug="ada-brook", name="Ada Brook"),
        EntityRef(
            kind=EntityKind.PLACE, slug="port-alder", name="Port Alder", wikidata="Q999000111"
        ),
    )


def test_a_translation_names_the_same_under_their_names_there(draft, port, uk):
    there = Entity.objects.create(
        edition=uk, kind="place", name="Порт-Алдер", translation_key=port.translation_key
    )
    draft.set_entities([port])
    draft.save()
    translated = draft.copy_for_translation(uk.locale)
    assert [ref.name for ref in translated.entity_refs()] == [there.name]


# --- the reader's page ---


def test_a_reader_finds_who_it_is_and_every_story_that_names_her(
    client, released, ada, follow_public
):
    released.set_entities([ada])
    release(released)
    follow_public()
    response = client.get("/en/people/ada-brook/")
    page = BeautifulSoup(response.content, "lxml")
    assert page.h1.text == "Ada Brook"
    assert "Harbour master" in page.select_one(".list-head__about").text
    assert released.headline in response.content.decode()
    story = client.get(f"/en/economy/{released.pk}-bank-holds-the-rate/").content.decode()
    assert 'href="/en/people/ada-brook/"' in story
    feed = client.get("/en/people/ada-brook/feed.atom").content.decode()
    assert released.headline in feed
    kill(Story.objects.get(pk=released.pk), reason="Wrong")
    follow_public()
    assert released.headline not in client.get("/en/people/ada-brook/").content.decode()


def test_the_page_tells_machines_what_it_is(client, draft, port, follow_public):
    draft.set_entities([port])
    release(draft)
    follow_public()
    page = BeautifulSoup(client.get("/en/places/port-alder/").content, "lxml")
    said = json.loads(page.find("script", type="application/ld+json").string)
    assert said["@type"] == "Place"
    assert said["sameAs"] == "http://www.wikidata.org/entity/Q999000111"


def test_an_entry_that_is_deleted_or_of_another_kind_or_named_by_nothing_is_not_found(
    client, draft, ada, follow_public
):
    follow_public()
    assert client.get("/en/people/ada-brook/").status_code == 404
    draft.set_entities([ada])
    release(draft)
    follow_public()
    assert client.get("/en/places/ada-brook/").status_code == 404
    assert client.get("/en/people/ada-brook/").status_code == 200
    kill(Story.objects.get(pk=draft.pk), reason="Wrong.")
    follow_public()
    assert client.get("/en/people/ada-brook/").status_code == 404


# --- the story form ---


def test_chosen_on_the_form_they_are_kept_in_order_and_shown_again(desk, draft, ada, port):
    sent = form_of(draft, entities="places/port-alder\nAda BROOK")
    desk.post(url("edit", draft.pk), sent)
    story = Story.objects.get(pk=draft.pk)
    assert [each.entity for each in story.story_entities.order_by("sort_order")] == [port, ada]
    field = desk.get(url("edit", draft.pk)).context["form"]["entities"]
    assert "places/port-alder Port Alder" in str(field)


def test_a_name_that_nobody_has_is_refused_and_not_lost(desk, draft, ada):
    sent = form_of(draft, entities="people/ada-brook Ada Brook\nNo Body")
    response = desk.post(url("edit", draft.pk), sent)
    assert "no “No Body”" in response.context["form"].errors["entities"][0]
    assert response.context["form"]["entities"].value() == sent["entities"]
    assert "No Body" in response.content.decode()


def test_a_name_of_several_asks_which(desk, draft, ada, en):
    Entity.objects.create(edition=en, kind="place", name="Ada Brook")
    response = desk.post(url("edit", draft.pk), form_of(draft, entities="Ada Brook"))
    assert "Several" in response.context["form"].errors["entities"][0]


def test_an_entity_of_another_edition_is_not_taken(desk, draft, uk):
    Entity.objects.create(edition=uk, kind="person", name="Ада")
    response = desk.post(url("edit", draft.pk), form_of(draft, entities="people/ada"))
    assert "entities" in response.context["form"].errors


def test_suggestions_find_any_word_of_a_name_and_say_what_it_is(desk, ada, port):
    found = desk.get("/desk/entities/", {"edition": "en", "q": "broo"}).json()["options"]
    assert found == [
        {
            "value": "people/ada-brook",
            "label": "Ada Brook",
            "hint": "Person · Harbour master of Port Alder.",
        }
    ]
    assert desk.get("/desk/entities/", {"edition": "en", "q": ""}).json()["options"] == []


# --- its own screens ---


def test_an_editor_adds_one_and_then_the_same_in_another_edition(desk, en, uk):
    desk.post(ADD, fields_of(en, wikidata="Q7"))
    ada = Entity.objects.get()
    page = desk.get(reverse("wagtailsnippets_newsroom_entity:edit", args=[ada.pk]))
    query = f"same={ada.pk}&amp;edition={uk.pk}"
    assert query in page.content.decode()
    form = desk.get(f"{ADD}?same={ada.pk}&edition={uk.pk}").context["form"]
    assert (form["kind"].value(), form["slug"].value()) == ("person", "ada-brook")
    desk.post(
        f"{ADD}?same={ada.pk}&edition={uk.pk}",
        fields_of(uk, name="Ада Брук", slug="ada-brook", wikidata="Q7"),
    )
    assert Entity.objects.get(edition=uk).translation_key == ada.translation_key


def test_a_reporter_uses_them_but_keeps_none(reporter, en, ada):
    client = desk_of(reporter)
    assert client.get("/desk/entities/?edition=en&q=ada").json()["options"]
    client.post(ADD, fields_of(en, name="Somebody"))
    assert Entity.objects.count() == 1
