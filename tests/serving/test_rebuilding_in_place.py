"""`dateline rebuild` on PostgreSQL: one transaction, beside readers and the follower."""

import threading

import pytest
from django.db import connections

from dateline.archive.follower import PublicArchive
from dateline.archive.models import ArchivedStory, ArchivedTopic
from dateline.items import Kind
from dateline.releases.following import follow, position
from dateline.serving import rebuilding
from dateline.serving.rebuilding import RebuildRuns, rebuild
from tests.documents import an_item
from tests.serving.conftest import eventually


@pytest.fixture
def postgres(transactional_db):
    if connections["public"].vendor != "postgresql":
        pytest.skip("is about PostgreSQL; `make test-pg` runs it")


def rows() -> list[list[tuple]]:
    return [
        list(ArchivedStory.objects.using("public").order_by("number").values_list()),
        list(
            ArchivedTopic.objects.using("public")
            .order_by("story_id", "topic")
            .values_list("edition", "topic", "first_released_at", "story_id")
        ),
    ]


def test_the_archive_is_the_same_afterwards(postgres, release, follow_public, tmp_path):
    for number in range(1, 21):
        release(an_item(number, topics=("budget", "energy")))
    release(an_item(3, version=2, topics=("budget",)), kind=Kind.UPDATE)
    follow_public()
    followed = rows()
    ArchivedStory.objects.using("public").filter(number__gt=10).delete()

    reached = rebuild("public", var=tmp_path)

    assert reached == 21
    assert rows() == followed


def test_readers_see_the_old_archive_until_the_new_one_is_complete(
    postgres, release, follow_public, tmp_path, monkeypatch
):
    for number in range(1, 11):
        release(an_item(number))
    follow_public()
    seen = []

    def look_as_a_reader() -> None:
        seen.append(ArchivedStory.objects.using("public").count())
        connections.close_all()

    fill = rebuilding._fill

    def fill_while_somebody_reads(follower):
        reader = threading.Thread(target=look_as_a_reader)
        reader.start()
        reader.join()
        return fill(follower)

    monkeypatch.setattr(rebuilding, "_fill", fill_while_somebody_reads)
    rebuild("public", var=tmp_path)

    assert seen == [10]
    assert ArchivedStory.objects.using("public").count() == 10


def test_a_follower_that_runs_meanwhile_misses_nothing(postgres, release, tmp_path):
    stop = threading.Event()
    follower = threading.Thread(target=follow, args=(PublicArchive(),), kwargs={"stop": stop})
    follower.start()
    try:
        for number in range(1, 31):
            release(an_item(number))
            if number % 10 == 0:
                rebuild("public", var=tmp_path)
        eventually(lambda: position(PublicArchive()) == 30, "the follower is up to date")
    finally:
        stop.set()
        follower.join(timeout=20)

    numbers = ArchivedStory.objects.using("public").order_by("number").values_list("number")
    assert [number for (number,) in numbers] == list(range(1, 31))


def test_a_second_rebuild_at_the_same_time_is_refused(tmp_path):
    with rebuilding._alone(tmp_path / "rebuild-public.lock"), pytest.raises(RebuildRuns):
        rebuild("public", var=tmp_path)
