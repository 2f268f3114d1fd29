"""No screen of the newsroom asks its database more than twenty-five questions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dateline.newsroom import notes, roles, translations
from dateline.newsroom.desks import Desk, DeskMember, DeskRole, Placing, place
from dateline.newsroom.documents import Topic
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, person, url

MOST = 25

OF_EACH_STATE = 8
"""Stories: enough that a question for each row would show."""


@pytest.fixture
def chief(newsroom, economy) -> User:
    user = person("chief", roles.CHIEF_EDITOR)
    DeskMember.objects.create(desk=economy, user=user, role=DeskRole.CHIEF_EDITOR)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def busy(draft, economy, uk, editor, chief) -> Story:
    """A newsroom with many stories in every state, notes, translations; one of them to look at."""
    for number in range(OF_EACH_STATE):
        for kind in ("draft", "released", "scheduled", "held", "review"):
            story = Story(
                locale=draft.locale,
                section=draft.section,
                headline=f"{kind} {number}",
                created_by=editor,
                body=[("paragraph", "<p>Text.</p>")],
            )
            _bring(story, kind, economy, editor)
    story = Story.objects.get(headline="released 0")
    story.set_topics(["Central bank", "Rates", "Grain"])
    story = release(story, by=editor)
    translation = translations.begin(story, locale=uk.locale, by=editor)
    translation.headline = "Переклад"
    release(Story.objects.get(pk=translation.pk), by=editor)
    for _each in range(5):
        notes.add(story, "@chief look at this", by=editor)
    story.headline = "released 0, again"
    return release(story, by=editor)


def _bring(story: Story, kind: str, desk: Desk, editor: User) -> None:
    later = timezone.now() + timedelta(hours=2)
    story.go_live_at = later if kind == "scheduled" else None
    story.embargo_until = later if kind == "held" else None
    story.save()
    place(story, Placing(desk, editor, later))
    if kind in ("released", "held"):
        release(story, by=editor)
    elif kind == "scheduled":
        story.save_revision(user=editor).publish(user=editor)
    elif kind == "review":
        story.save_revision(user=editor)
        story = Story.objects.get(pk=story.pk)
        story.get_workflow().start(story, editor)
    else:
        story.save_revision(user=editor)


SCREENS: dict[str, Callable[[Story], str]] = {
    "home": lambda story: reverse("wagtailadmin_home"),
    "list": lambda story: url("list"),
    "list of drafts": lambda story: url("list") + "?state=draft",
    "list of what is in review": lambda story: url("list") + "?state=in-review",
    "list by words": lambda story: url("list") + "?q=released",
    "new story": lambda story: url("add") + "?locale=en",
    "a story": lambda story: url("edit", story.pk),
    "a translation": lambda story: url("edit", story.get_translations().get().pk),
    "history": lambda story: url("history", story.pk),
    "kill": lambda story: url("unpublish", story.pk),
    "withhold": lambda story: url("withhold", story.pk),
    "rewrite": lambda story: url("rewrite", story.pk),
    "lift": lambda story: url("lift", Story.objects.filter(headline="held 1").get().pk),
    "preview links": lambda story: reverse("newsroom_preview_links", args=[story.pk]),
    "board": lambda story: reverse("newsroom_board"),
    "coming up": lambda story: reverse("newsroom_coming_up"),
    "notices": lambda story: reverse("newsroom_notices"),
    "hot list": lambda story: reverse("newsroom_hot_lists"),
    "behind": lambda story: reverse("newsroom_behind"),
    "flash": lambda story: reverse("newsroom_flash"),
    "trail": lambda story: reverse("newsroom_trail"),
    "pictures": lambda story: reverse("wagtailimages:index"),
    "topics": lambda story: reverse("wagtailsnippets_newsroom_topic:list"),
    "a topic": lambda story: reverse(
        "wagtailsnippets_newsroom_topic:edit", args=[Topic.objects.latest("pk").pk]
    ),
    "people and places": lambda story: reverse("wagtailsnippets_newsroom_entity:list"),
    "sections": lambda story: reverse("wagtailsnippets_newsroom_section:list"),
    "desks": lambda story: reverse("wagtailsnippets_newsroom_desk:list"),
    "templates": lambda story: reverse("wagtailsnippets_newsroom_storytemplate:list"),
}


def test_every_screen_stays_within_its_questions(busy, chief):
    browser: Client = desk_of(chief)
    # In one test, because to make such a newsroom takes longer than to look at all of it.
    asked = {name: _questions(browser, address(busy)) for name, address in SCREENS.items()}
    assert {name: count for name, count in asked.items() if count > MOST} == {}
    assert min(asked.values()) > 2


def _questions(browser: Client, address: str) -> int:
    """Once before: what a worker learns at its first request is not asked again."""
    assert browser.get(address, follow=True).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code in (200, 302)
    return len(caught)
