"""Releasing, killing and scheduling when something beside it goes wrong."""

import shutil
import threading
import time
from datetime import timedelta

import msgspec
import pytest
from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.utils import timezone
from wagtail.images.models import Image

from dateline.archive import queries
from dateline.items import Kind
from dateline.newsroom import scheduler
from dateline.newsroom.incoming import Incoming, Shelves, release_many
from dateline.newsroom.itemise import itemise
from dateline.newsroom.preview import preview
from dateline.newsroom.release import kill, release
from dateline.newsroom.story import ReleaseBypassed, StillReleased, Story
from dateline.releases import log
from tests.newsroom.desk import picture_file

# Wagtail leaves a picture's temporary file to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

SOON = timedelta(seconds=0.4)


def test_a_kill_needs_no_file_of_a_picture(draft) -> None:
    draft.picture = Image.objects.create(title="Bank", file=picture_file())
    draft.picture_alt = "The bank"
    story = release(draft)
    assert story.picture
    shutil.rmtree(settings.MEDIA_ROOT)
    story.picture.renditions.all().delete()
    killed = kill(story, reason="Wrong bank.")
    assert killed.killed_at
    assert log.read(log.head() - 1, 1)[0].kind is Kind.KILL


def test_an_update_of_a_story_that_came_in_complete_can_be_scheduled(released) -> None:
    item = itemise(
        released,
        version=1,
        first_released_at=released.first_published_at,
        released_at=released.last_published_at,
    )
    incoming = Incoming(msgspec.structs.replace(item, guid="urn:came-in", translation_key=""))
    [number] = release_many([incoming], shelves=Shelves())
    before = log.head()
    story = Story.objects.get(pk=number)
    story.headline = "Later headline"
    story.go_live_at = timezone.now() + SOON
    story.save_revision().publish()
    story = Story.objects.get(pk=story.pk)
    assert (story.live, log.head()) == (True, before)
    time.sleep(SOON.total_seconds())
    scheduler.run_due(timezone.now())
    assert [entry.kind for entry in log.read(before, 10)] == [Kind.UPDATE]


def test_what_was_unscheduled_after_the_scheduler_looked_is_not_released(draft) -> None:
    draft.go_live_at = timezone.now() + SOON
    draft.save_revision().publish()
    time.sleep(SOON.total_seconds())
    before = log.head()
    [seen] = scheduler.scheduled_revisions()
    draft.revisions.update(approved_go_live_at=None)
    assert scheduler._release(seen) is False
    assert log.head() == before


def test_a_preview_says_so_when_the_archive_cannot_be_read(draft, monkeypatch) -> None:
    def damaged() -> None:
        raise OperationalError("database disk image is malformed")

    monkeypatch.setattr(queries, "shape", damaged)
    page = preview(draft).content.decode()
    assert "No preview yet" in page
    assert "malformed" not in page


@pytest.mark.django_db(transaction=True)
def test_a_draft_saved_beside_a_release_does_not_undo_it(draft) -> None:
    """One connection saves the draft it opened before, while another releases the story."""
    opened = Story.objects.get(pk=draft.pk)
    opened.headline = "A draft's headline"
    looked = threading.Event()
    failed: list[ReleaseBypassed] = []

    def save_draft() -> None:
        try:
            looked.wait(5)
            opened.save()
        except ReleaseBypassed as error:
            failed.append(error)
        finally:
            connections.close_all()

    saving = threading.Thread(target=save_draft)
    saving.start()
    with transaction.atomic():
        release(Story.objects.get(pk=draft.pk))
        looked.set()
        saving.join(1)
    saving.join()
    story = Story.objects.get(pk=draft.pk)
    assert (story.live, story.version) == (True, 1)
    assert len(failed) == 1
    with pytest.raises(StillReleased):
        story.delete()
