"""A story under embargo is nowhere that the public can look.

Every public address there is, by every name that the story has, is asked for before the lift, and
none may hold a word of it; after the lift the same search must find it, or it proves nothing.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from dateline.addresses import EntityKind, entity_path, section_path, topic_path
from dateline.archive import changes
from dateline.newsroom import embargo
from dateline.newsroom.documents import Section
from dateline.newsroom.entities import Entity
from dateline.newsroom.release import kill, release
from dateline.newsroom.screens.editing import reader_path
from dateline.newsroom.story import Story
from dateline.newsroom.translations import begin
from dateline.releases import log
from dateline.site.urls import urlpatterns as of_the_site
from tests.newsroom.desk import picture_file
from tests.site.fronted import Fronted

SECRET = "zolotoverkhyi"
"""A word that is in everything the story has, and in nothing else."""

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def secret(en, editor, newsroom) -> Story:
    """A story under embargo whose every part holds the word; and one that readers have."""
    from wagtail.images.models import Image

    section = Section.objects.get(edition=en, slug="economy")
    other = Story(locale=en.locale, section=section, headline="What all may know")
    other.body = [("paragraph", "<p>Text.</p>")]
    other.save()
    other.set_topics(["Grain"])
    release(other)
    entity = Entity.objects.create(edition=en, kind=EntityKind.PERSON, slug=SECRET, name=SECRET)
    story = Story(
        locale=en.locale,
        section=section,
        headline=f"{SECRET} headline",
        slugline=SECRET,
        summary=f"{SECRET} summary",
        bylines=f"{SECRET} byline",
        place=f"{SECRET} place",
        ednote=f"{SECRET} note",
        body=[("paragraph", f"<p>{SECRET} text</p>")],
        picture=Image.objects.create(title=SECRET, file=picture_file()),
        picture_alt=f"{SECRET} alt",
        urgency=1,
        embargo_until=timezone.now() + timedelta(hours=1),
    )
    story.save()
    story.set_topics([f"{SECRET} topic", "Grain"])
    story.set_entities([entity])
    story = release(story, by=editor)
    story.correction_note = f"{SECRET} correction"
    return release(Story.objects.get(pk=story.pk), by=editor)


def public_addresses(story: Story) -> Iterator[str]:
    """Every address of the site's table, filled in with every name that the story has."""
    day = timezone.localtime(story.last_published_at)
    names = {
        "edition": ["en", "uk"],
        "slug": [SECRET, f"{SECRET}-topic", "economy", "grain", "about"],
        "section": ["economy", "x"],
        "number": [str(story.pk)],
        "folder": ["person", "people", "place", "organisation"],
        "ending": ["rss", "atom", "json"],
        "year": [f"{day:%Y}"],
        "month": [f"{day:%m}"],
        "day": [f"{day:%d}"],
    }
    for pattern in patterns(of_the_site):
        unknown = set(re.findall(r"\(\?P<(\w+)>|<\w+:(\w+)>", pattern)) - {
            found for found in re.findall(r"\(\?P<(\w+)>|<\w+:(\w+)>", pattern)
            if (found[0] or found[1]) in names
        }
        assert not unknown, f"Say what {unknown} of {pattern} is in an embargoed story."
        yield from filled(pattern, names)


def patterns(found, prefix: str = "") -> Iterator[str]:
    for each in found:
        part = str(each.pattern).removeprefix("^").removesuffix("$")
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, prefix + part)
        else:
            assert isinstance(each, URLPattern)
            yield prefix + part


def filled(pattern: str, names: dict[str, list[str]]) -> Iterator[str]:
    match = re.search(r"\(\?P<(\w+)>", pattern)
    if match is None:
        plain = re.sub(r"\(\?:-\[\^/\]\*\)\?", "", pattern).replace(r"\.", ".").replace("/?", "/")
        yield "/" + plain
        return
    end = closing(pattern, match.start())
    for value in names[match[1]]:
        yield from filled(pattern[: match.start()] + value + pattern[end:], names)


def closing(pattern: str, start: int) -> int:
    depth = 0
    for at in range(start, len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[at], 0)
        if depth == 0:
            return at + 1
    raise AssertionError(f"{pattern} is not closed")


def holds(response) -> bool:
    """Is a word of the story in what came back, its headers too?"""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return SECRET in body.decode().lower() or SECRET in headers.lower()


def where_it_is(story: Story) -> set[str]:
    # An address that names it says so itself, in a redirect's target and on the page "not found".
    return {
        address
        for address in public_addresses(story)
        if SECRET not in address and holds(Client().get(address))
    }


def test_no_public_address_knows_an_embargoed_story_and_each_kind_does_after_the_lift(
    secret, follow_public
):
    follow_public()
    assert Client().get("/en/").status_code == 200
    assert where_it_is(secret) == set()
    embargo.lift(secret)
    follow_public()
    shown = where_it_is(secret)
    assert {"/en/", "/en/latest/", "/en/economy/", "/en/topic/grain/", "/en/feed.rss"} <= shown


def test_addresses_that_name_it_are_those_of_nothing(secret, follow_public):
    follow_public()
    for address, nothing in (
        (reader_path(secret), reader_path(secret).replace(f"{secret.pk}-", "999999-")),
        (topic_path("en", f"{SECRET}-topic"), topic_path("en", "no-such-topic")),
        (f"{topic_path('en', f'{SECRET}-topic')}feed.rss", "/en/topic/no-such-topic/feed.rss"),
        (entity_path("en", EntityKind.PERSON, SECRET), "/en/person/nobody/"),
    ):
        assert Client().get(address).status_code == 404, address
        assert Client().get(nothing).status_code == 404, nothing
    embargo.lift(secret)
    follow_public()
    assert Client().get(reader_path(secret)).status_code == 200
    assert Client().get(topic_path("en", f"{SECRET}-topic")).status_code == 200
    assert section_path("en", "economy") in Client().get("/en/").content.decode()


def test_neither_live_readers_nor_caches_are_told_before_the_lift(secret, follow_public):
    follow_public()
    told = [change for change in changes.since(0) if change.document_type == "item"]
    assert [change.number for change in told if change.number == secret.pk] == []


def test_a_translation_that_is_public_does_not_name_a_source_that_is_not(
    secret, uk, editor, follow_public
):
    story = Story.objects.get(pk=begin(secret, locale=uk.locale, by=editor).pk)
    assert story.embargo_until is not None
    release(story)
    follow_public()
    assert where_it_is(story) == set()


def test_killed_before_the_lift_it_was_never_there(secret, follow_public):
    follow_public()
    kill(secret, reason=f"{SECRET} reason")
    follow_public()
    assert where_it_is(secret) == set()
    assert Client().get(reader_path(secret)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_its_pictures_have_no_public_address_before_the_lift(secret, settings):
    item = log.find(secret.guid, 2).document
    hrefs = [rendition.href for rendition in item.picture.renditions]
    with Fronted() as fronted:
        # What is no file is passed on to Django, which knows no such address either.
        assert all(fronted.get(href).status_code != 200 for href in hrefs)
        assert fronted.passed_on == [f"GET {href}" for href in hrefs]
        assert {Client().get(href).status_code for href in hrefs} == {404}
    embargo.lift(secret)
    paths = [href.removeprefix(settings.PICTURES_URL) for href in hrefs]
    assert all((settings.PICTURES_ROOT / path).exists() for path in paths)


def test_nothing_of_it_lies_in_the_public_archive(secret, follow_public):
    from django.apps import apps
    from django.core import serializers

    follow_public()
    rows = [
        row
        for model in apps.get_app_config("archive").get_models()
        for row in model._default_manager.using("public").all()
    ]
    held = [row for row in rows if SECRET in serializers.serialize("json", [row]).lower()]
    # A topic and a person that only it has are known by name, and have no page.
    assert {type(row).__name__ for row in held} <= {"ArchivedDocument", "ArchivedChange"}


def test_the_whole_table_of_addresses_is_the_sites_the_newsrooms_and_the_wires():
    """A new part of the site is a new place to leak: it must be in one of these, or walked here."""
    firsts = {str(each.pattern).split("/")[0] for each in get_resolver().url_patterns}
    assert firsts <= {"", "healthz", "desk", "preview", "wire", "api"}
