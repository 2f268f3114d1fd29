"""The feed has a row for each release that clients may see, and says whom it may reach."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dateline.items import Audience, Item, Kind, Status
from dateline.releases import log
from dateline.releases.models import Release
from dateline.wire import feed
from dateline.wire.matching import hashed
from dateline.wire.models import WIRE, FeedRow, Reach, Term
from tests.documents import a_killed, an_item

pytestmark = pytest.mark.django_db


def held(number: int, until: datetime | None = None, **fields: Any) -> Item:
    """A story under embargo, for an hour if nothing else is said."""
    until = until or timezone.now() + timedelta(hours=1)
    return an_item(number, embargoed_until=until, **fields)


def reaches() -> list[tuple[int, str]]:
    return list(FeedRow.objects.using(WIRE).order_by("serial").values_list("serial", "reach"))


def test_a_public_release_reaches_all(release, follow_wire):
    release(an_item(1))

    assert follow_wire() == 1
    assert reaches() == [(1, Reach.ALL)]


def test_what_is_no_story_is_not_in_the_feed(release, follow_wire):
    from dateline.items import Edition

    release(Edition(guid="urn:example:en", version=1, code="en", name="English", title="News"))

    assert follow_wire() == 1
    assert reaches() == []


def test_clients_first_reaches_all_and_nobody_twice(release, follow_wire):
    release(an_item(1), audience=Audience.CLIENTS)
    release(an_item(1), audience=Audience.PUBLIC)
    follow_wire()

    assert reaches() == [(1, Reach.ALL)]


def test_an_embargoed_release_reaches_those_with_the_right_and_the_rest_when_it_lifts(
    release, follow_wire, monkeypatch
):
    until = timezone.now() + timedelta(hours=1)
    release(held(7, until), audience=Audience.CLIENTS)
    follow_wire()
    monkeypatch.setattr(log.timezone, "now", lambda: until)
    release(an_item(7), audience=Audience.PUBLIC)
    follow_wire()

    assert reaches() == [(1, Reach.EARLY), (2, Reach.REST)]
    assert FeedRow.objects.using(WIRE).get(serial=1).embargoed_until == until


def test_an_embargo_that_is_lifted_early_is_told_to_those_who_keep_it(release, follow_wire):
    release(held(7), audience=Audience.CLIENTS)
    release(an_item(7), audience=Audience.PUBLIC)
    follow_wire()

    assert reaches() == [(1, Reach.EARLY), (2, Reach.ALL)]


def test_the_kill_of_what_only_few_have_is_told_to_them_alone(release, follow_wire):
    release(held(8), audience=Audience.CLIENTS)
    release(an_item(9), audience=Audience.CLIENTS)
    for number in (8, 9):
        release(a_killed(an_item(number)), kind=Kind.KILL, audience=Audience.CLIENTS)
    follow_wire()

    assert reaches() == [(1, Reach.EARLY), (2, Reach.ALL), (3, Reach.EARLY), (4, Reach.ALL)]


def test_a_row_keeps_the_terms_of_the_versions_before(release, follow_wire):
    release(an_item(1, topics=("grain",)))
    release(an_item(1, version=2, topics=("coal",)), kind=Kind.UPDATE)
    follow_wire()

    found = Term.objects.using(WIRE).filter(term=hashed("topic:grain")).values_list("serial")
    assert sorted(found) == [(1,), (2,)]


def test_applying_the_log_again_changes_nothing(release, follow_wire):
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.UPDATE)
    follow_wire()
    before = list(FeedRow.objects.using(WIRE).order_by("serial").values())

    feed.WireFeed().apply(log.read(after=0, limit=10))

    assert list(FeedRow.objects.using(WIRE).order_by("serial").values()) == before


def test_a_struck_body_is_taken_out_when_the_feed_is_made_again(release, follow_wire):
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.UPDATE)
    follow_wire()
    for row in Release.objects.all():
        log.strike(row.body_id, reason="An order of the court")

    feed.WireFeed().apply(log.read(after=0, limit=10))

    assert reaches() == []


def test_a_struck_version_is_over_and_without_its_text(release, follow_wire):
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.UPDATE)
    log.strike(Release.objects.get(serial=2).body_id, reason="An order of the court")
    follow_wire()

    item = feed.decode(bytes(FeedRow.objects.using(WIRE).get(serial=2).data))
    assert isinstance(item, Item)
    assert (item.status, item.version, item.headline, item.body) == (Status.CANCELED, 2, "", ())
