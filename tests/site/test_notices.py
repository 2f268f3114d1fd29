"""Addresses that lead to no page: what a reader is told, and the way back."""

import pytest
from django.core.management import call_command
from django.db import connections

from dateline.addresses import item_path
from dateline.archive.models import ArchivedStory
from dateline.items import Status
from dateline.site import views
from tests.documents import a_killed, an_item
from tests.site.conftest import hrefs, in_ukrainian, texts, tree_of


@pytest.mark.parametrize(
    "path",
    [
        "/en/nothing/",
        "/en/economy/999-nothing/",
        "/en/economy/9999999999999999999-nothing/",
        "/en/a/b/c/",
        "/fr/",
        "/nothing",
        "/en/latest/deep/",
    ],
)
def test_an_unknown_address_is_answered_with_a_way_back(client, publish, agency, path):
    publish(an_item(1))

    response = client.get(path)

    page = tree_of(response)
    assert response.status_code == 404
    assert texts(page, "h1") == ["There is no such page"]
    assert hrefs(page, ".way-back a") == ["/en/latest/", "/en/"]
    assert texts(page, ".rail--latest .row__headline") == ["Headline 1, version 1"]


def test_an_unknown_address_of_an_edition_is_answered_in_its_language(client, agency):
    page = tree_of(client.get("/uk/nothing/"))

    assert page.html["lang"] == "uk"
    assert texts(page, "h1") == ["Такої сторінки немає"]
    assert hrefs(page, ".way-back a") == ["/uk/latest/", "/uk/"]


def test_a_killed_story_is_gone_and_its_headline_is_not_repeated(client, publish, agency):
    story = an_item(1, headline="Mayor fined over the quay")
    publish(story, a_killed(story))

    response = client.get(item_path(story))

    assert response.status_code == 410
    assert "Mayor" not in response.content.decode()
    assert "Text of 1" not in response.content.decode()
    assert texts(tree_of(response), "h1") == ["This story was withdrawn"]
    assert "The source withdrew its statement" in response.content.decode()


def test_a_killed_story_is_gone_from_every_form_of_its_address(client, publish, agency):
    story = an_item(1)
    publish(story, a_killed(story))

    for path in ("/en/economy/1/", "/en/world/1-another/", "/uk/economy/1-x"):
        assert client.get(path).status_code == 410


def test_a_killed_story_is_announced_in_its_edition_s_language(client, publish, agency):
    story = in_ukrainian(an_item(1))
    publish(story, in_ukrainian(a_killed(story)))

    page = tree_of(client.get(item_path(story)))

    assert page.html["lang"] == "uk"
    assert texts(page, "h1") == ["Цю новину відкликано"]


def test_a_withheld_story_may_return(client, publish, agency):
    story = an_item(1)
    publish(story, an_item(1, version=2, status=Status.WITHHELD))
    assert texts(tree_of(client.get(item_path(story))), "h1") == ["This story is withheld"]

    publish(an_item(1, version=3))

    assert client.get(item_path(story), follow=True).status_code == 200


def test_an_archive_without_tables_is_answered_with_when_to_try_again(client, transactional_db):
    call_command("migrate", "archive", "zero", database="public", verbosity=0)

    try:
        for path in ("/en/", "/", "/en/economy/1-x/", "/en/nothing/", "/en/feed.rss", "/nowhere"):
            response = client.get(path)
            assert response.status_code == 503, path
            assert int(response["Retry-After"]) > 0
            assert "The archive is being repaired" in response.content.decode()
    finally:
        call_command("migrate", "archive", database="public", verbosity=0)
        connections["public"].close()


def test_one_damaged_story_does_not_take_the_others_down(client, publish, agency):
    damaged, whole = an_item(1), an_item(2)
    publish(damaged, whole)
    ArchivedStory.objects.using("public").filter(number=1).update(data=b'{"type":"item"')

    assert client.get(item_path(damaged)).status_code == 503
    assert client.get(item_path(whole)).status_code == 200
    assert client.get("/en/latest/").status_code == 200


def test_the_repair_notice_is_in_the_address_s_language(client, publish, agency):
    publish(in_ukrainian(an_item(1)))
    ArchivedStory.objects.using("public").update(data=b"{")

    page = tree_of(client.get("/uk/economy/1-x/"))

    assert page.html["lang"] == "uk"
    assert texts(page, "h1") == ["Архів ремонтують"]


def test_a_fault_of_ours_is_owned_up_to_in_the_reader_s_language(client, agency, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(views, "front_page", broken)
    client.raise_request_exception = False

    response = client.get("/uk/")

    assert response.status_code == 500
    assert "Щось пішло не так на нашому боці" in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
