"""The real page of `../shared/seed/page.json`, put through the newsroom's release path.

The file gives times for the story and its More about; Hot news and Latest are headlines without
times, so times are chosen here: Hot news before everything in Latest, Latest after the story.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import escape
from wagtail.models import Locale

from dateline.newsroom.models import Edition, PickList, Section, Story
from dateline.newsroom.release import release


@dataclass(frozen=True, slots=True)
class Line:
    """A story to release: when, in the agency's zone, its headline and topics."""

    at: datetime
    headline: str
    topics: tuple[str, ...] = ()
    body: tuple[str, ...] = ("The rest of this story is in the archive.",)


class SeedPage:
    """The file's page: what it says, and a way to release it all."""

    def __init__(self, shared: Path) -> None:
        self.said: dict[str, Any] = json.loads((shared / "seed" / "page.json").read_text())
        self.zone = ZoneInfo(self.said["timezone"])

    def time(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=self.zone)

    def release_all(self) -> Story:
        """Release every story of the page in the order of their times; return the story itself."""
        edition = self._edition()
        story = self._line_of_story()
        released = {
            line.headline: self._release(line, edition)
            for line in sorted([story, *self._others(story)], key=lambda line: line.at)
        }
        self._pick(edition, [released[headline] for headline in self.said["hot_news"]])
        return released[story.headline]

    def _edition(self) -> Edition:
        locale, _ = Locale.objects.get_or_create(language_code=self.said["edition"])
        edition = Edition.objects.create(
            locale=locale, name="English", title=self.said["provider"]
        )
        Section.objects.create(edition=edition, slug="facts", name=self.said["story"]["section"])
        return edition

    def _line_of_story(self) -> Line:
        story = self.said["story"]
        return Line(
            self.time(story["released"]),
            story["headline"],
            tuple(story["topics"]),
            tuple(story["body"]),
        )

    def _others(self, story: Line) -> list[Line]:
        first_topic = story.topics[:1]
        more = [
            Line(self.time(each["released"]), each["headline"], first_topic)
            for each in self.said["more_about"]
        ]
        hot = [
            Line(story.at - timedelta(hours=3, minutes=minute), headline)
            for minute, headline in enumerate(self.said["hot_news"])
        ]
        latest = [
            Line(story.at + timedelta(minutes=60 - 5 * place), headline)
            for place, headline in enumerate(self.said["latest"])
        ]
        return more + hot + latest

    def _release(self, line: Line, edition: Edition) -> Story:
        story = Story(
            locale=edition.locale,
            section=Section.objects.get(edition=edition, slug="facts"),
            headline=line.headline,
            body=[("paragraph", f"<p>{escape(text)}</p>") for text in line.body],
        )
        story.save()
        story.set_topics(list(line.topics))
        return release(story, at=line.at)

    def _pick(self, edition: Edition, stories: list[Story]) -> None:
        PickList(edition=edition, place=PickList.Place.HOT).choose(stories)
