"""Stories that come in complete: what is in the log is what the newsroom holds."""

from datetime import UTC, datetime

import msgspec
import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F

from dateline.demo import stories as demo_stories
from dateline.demo.loading import Loader
from dateline.demo.opening import open_agency, sign_ins
from dateline.items import Item, Kind, decode
from dateline.newsroom.incoming import Incoming, _row, release_many
from dateline.newsroom.itemise import itemise
from dateline.newsroom.models import Story
from dateline.releases import log

UNTIL = datetime(2025, 9, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def loader(db, tmp_path, monkeypatch) -> Loader:
    """The demo agency, open and without a story."""
    monkeypatch.setattr(settings, "VAR", tmp_path)
    open_agency()
    sign_ins()
    return Loader(seed=3)


@pytest.fixture
def batch(loader: Loader) -> list[Incoming]:
    told = demo_stories.stories(seed=3, count=240, until=UNTIL, days=30)
    return [loader._incoming(_without_picture(each)) for each in told]


def _without_picture(demo):
    """The story without its picture: drawing is tested elsewhere, and takes longer."""
    return msgspec.structs.replace(demo, picture=None)


def test_the_item_made_from_a_story_that_came_in_is_the_item_in_the_log(loader, batch) -> None:
    before = log.head()
    numbers = release_many(batch, shelves=loader.shelves)
    newest = {entry.guid: entry.document for entry in log.read(before, 10_000)}
    for story in Story.objects.filter(pk__in=numbers):
        made = itemise(
            story,
            version=story.version,
            first_released_at=story.first_published_at,
            released_at=story.last_published_at,
        )
        assert made == newest[story.guid]


def test_a_story_that_came_in_has_the_row_that_it_would_have_if_it_were_saved(
    loader, batch
) -> None:
    saved = _rows_if_saved(batch, loader)
    numbers = release_many(batch, shelves=loader.shelves)
    assert _rows() == saved
    assert list(Story.objects.order_by("pk").values_list("pk", flat=True)) == numbers


def _rows_if_saved(batch, loader) -> list:
    with transaction.atomic():
        for each in batch:
            story = Story(**_row(each, loader.shelves))
            story.releasing = True
            story.save()
        # The one that every save fills by itself: the time of it.
        Story.objects.update(updated_at=F("last_published_at"))
        rows = _rows()
        transaction.set_rollback(True)
    return rows


def _rows() -> list:
    """Every column of every story but its number, without the ids of blocks, which are random."""
    found = list(Story.objects.order_by("pk").values())
    for row in found:
        del row["id"]
        row["body"] = [{**block, "id": ""} for block in row["body"].raw_data]
    return found


def test_versions_that_came_with_a_story_follow_it_in_the_log(loader, batch) -> None:
    corrected = [each for each in batch if each.later]
    assert corrected
    before = log.head()
    release_many(corrected, shelves=loader.shelves)
    entries = log.read(before, 10_000)
    assert [e.kind for e in entries] == [Kind.NEW, Kind.CORRECTION] * len(corrected)
    assert [e.version for e in entries] == [1, 2] * len(corrected)
    last = decode(entries[-1].data or b"")
    assert isinstance(last, Item)
    assert last.corrections


def test_a_batch_with_a_story_that_is_there_changes_nothing(loader, batch) -> None:
    release_many(batch[:3], shelves=loader.shelves)
    head, count = log.head(), Story.objects.count()
    twin = Incoming(msgspec.structs.replace(batch[3].item, guid=batch[0].item.guid))
    with pytest.raises(Exception, match=r"(?i)unique|already|guid"):
        release_many([batch[4], twin], shelves=loader.shelves)
    assert (log.head(), Story.objects.count()) == (head, count)
