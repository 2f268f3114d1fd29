"""Loading the demo's stories: it can be stopped anywhere, and goes on where it stopped."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
from django.conf import settings

from dateline.demo import loading, stories
from dateline.demo.loading import Loader
from dateline.demo.model import DemoStory
from dateline.demo.opening import open_agency, sign_ins
from dateline.demo.progress import Progress
from dateline.newsroom.models import Story
from dateline.releases import log

UNTIL = datetime(2025, 9, 3, 9, 0, tzinfo=UTC)
COUNT, BATCH, VOLUME = 66, 10, 24


class Stopped(Exception):
    """Ctrl-C, between two stories."""


@pytest.fixture
def loader(db, tmp_path, monkeypatch) -> Loader:
    """The demo agency, open and without a story, with batches and volumes that are soon full."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(loading, "BATCH", BATCH)
    monkeypatch.setattr(stories, "VOLUME", VOLUME)
    open_agency()
    sign_ins()
    return Loader(seed=3)


def told(*, after: int = 0, stop_before: int = COUNT + 1) -> Iterator[DemoStory]:
    """The stories of the demo, without the pictures: drawing them takes longer than the rest."""
    for story in stories.stories(seed=3, count=COUNT, until=UNTIL, after=after):
        if story.key == stop_before:
            raise Stopped
        yield msgspec.structs.replace(story, picture=None)


def progress() -> Progress:
    return Progress(COUNT, noun="stories", out=io.StringIO())


def held() -> list[tuple[str, str]]:
    """The guids and headlines that the newsroom holds, in the order they came."""
    return list(Story.objects.order_by("pk").values_list("guid", "headline"))


def test_a_load_stopped_anywhere_goes_on_and_nothing_is_there_twice(loader) -> None:
    for stop_before in (1, 5, 11, 40, 61, 66):
        after = loader.loaded(COUNT)
        with pytest.raises(Stopped):
            loader.load(told(after=after, stop_before=stop_before), progress())
    loader.load(told(after=loader.loaded(COUNT)), progress())

    assert held() == [(loader._guid(story.key), story.headline) for story in told()]
    versions = [(e.guid, e.version) for e in log.read(0, 10_000) if e.document_type == "item"]
    corrected_or_killed = sum(bool(s.correction) + bool(s.kill) for s in told())
    assert len(versions) == len(set(versions)) == COUNT + corrected_or_killed


def test_what_is_loaded_are_whole_batches(loader) -> None:
    with pytest.raises(Stopped):
        loader.load(told(stop_before=38), progress())

    assert loader.loaded(COUNT) == len(held()) == 30


def test_a_story_is_loaded_with_its_kill_or_not_at_all(loader, monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise Stopped

    [first, *_] = [story for story in told() if story.kill]
    monkeypatch.setattr(loading, "kill", fail)
    with pytest.raises(Stopped):
        loader.load(told(), progress())
    assert loader.loaded(COUNT) < first.key

    monkeypatch.undo()
    loader.load(told(after=loader.loaded(COUNT)), progress())
    killed = Story.objects.exclude(killed_at=None).values_list("guid", flat=True)
    assert set(killed) == {loader._guid(story.key) for story in told() if story.kill}


def test_a_few_looks_tell_where_a_load_of_a_million_stopped(
    loader, django_assert_max_num_queries
) -> None:
    loader.load(told(), progress())
    with django_assert_max_num_queries(20):
        assert loader.loaded(1_000_000) == COUNT
