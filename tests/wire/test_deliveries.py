"""The follower writes a delivery for each destination that should have a release, and no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dateline.items import Audience, Kind
from dateline.releases import log
from dateline.wire import deliveries, destinations, feed
from dateline.wire.deliveries import Delivery, State
from dateline.wire.models import WIRE
from tests.documents import a_killed, a_ref, an_item
from tests.wire.agency import a_client, a_product

pytestmark = pytest.mark.django_db


def a_destination(slug="herald", rules="*", *, client=None, name="Desk", **product):
    client = client or a_client(slug, a_product(f"{slug}-product", rules, **product))
    return destinations.make(client, name=name, road="folder", options={"folder": "wire"})


def queued(destination):
    rows = Delivery.objects.using(WIRE).filter(destination=destination).order_by("serial")
    return [(row.guid.rpartition(":")[2], row.version) for row in rows]


def test_a_release_is_queued_for_the_destinations_whose_products_take_it(release, follow_wire):
    economy, sport = a_destination("eco", "section:economy"), a_destination("spo", "section:sport")
    release(an_item(1))
    release(an_item(2, section=a_ref("sport")))
    follow_wire()

    assert (queued(economy), queued(sport)) == ([("1", 1)], [("2", 1)])


def test_a_destination_begins_with_what_is_released_after_it_was_made(release, follow_wire):
    release(an_item(1))
    follow_wire()
    destination = a_destination()
    release(an_item(2))
    follow_wire()

    assert queued(destination) == [("2", 1)]


def test_a_destination_with_products_of_its_own_gets_no_others(release, follow_wire):
    sport = a_product("sport", "section:sport")
    client = a_client("herald", sport, a_product("all"))
    destination = destinations.make(
        client, name="Sport", road="folder", options={"folder": "sport"}, products=[sport]
    )
    release(an_item(1))
    release(an_item(2, section=a_ref("sport")))
    follow_wire()

    assert queued(destination) == [("2", 1)]


def test_who_has_a_story_gets_its_correction_and_kill_though_its_product_changed(
    release, follow_wire
):
    destination = a_destination("eco", "section:economy")
    release(an_item(1))
    follow_wire()
    product = destination.client.products.get()
    product.rules = "section:sport"
    product.save(using=WIRE)
    release(an_item(1, version=2), kind=Kind.CORRECTION)
    release(a_killed(an_item(1, version=2)), kind=Kind.KILL)
    release(an_item(3))
    follow_wire()

    assert queued(destination) == [("1", 1), ("1", 2), ("1", 3)]


def test_an_embargoed_release_is_queued_for_those_with_the_right_alone(release, follow_wire):
    early, rest = a_destination("early", embargoed=True), a_destination("rest")
    until = timezone.now() + timedelta(hours=1)
    release(an_item(1, embargoed_until=until), audience=Audience.CLIENTS)
    follow_wire()

    assert (queued(early), queued(rest)) == ([("1", 1)], [])


def test_a_feed_that_is_made_again_queues_nothing_anew(release, follow_wire):
    destination = a_destination()
    release(an_item(1))
    follow_wire()
    Delivery.objects.using(WIRE).all().delete()

    feed.WireFeed().apply(log.read(after=0, limit=10))

    assert queued(destination) == []


def test_a_client_whose_contract_is_long_over_is_queued_nothing(release, follow_wire):
    over = timezone.localdate() - timedelta(days=40)
    client = a_client("over", a_product(), contract_until=over)
    destination = a_destination(client=client)
    release(an_item(1))
    follow_wire()

    assert queued(destination) == []


def test_a_version_never_leaves_before_the_one_it_replaces(release, follow_wire):
    late = a_product("late", "topic:grain", delay_minutes=15)
    client = a_client("herald", late, a_product("now", "topic:coal"))
    destination = a_destination(client=client)
    release(an_item(1, topics=("grain",)))
    release(an_item(1, version=2, topics=("coal",)), kind=Kind.CORRECTION)
    follow_wire()

    first, second = Delivery.objects.using(WIRE).filter(destination=destination).order_by("serial")
    assert first.due_at - first.released_at == timedelta(minutes=15)
    assert second.due_at == first.due_at


def test_a_span_is_sent_again_with_the_later_versions_of_its_stories(release, follow_wire):
    destination = a_destination()
    for item in (an_item(1), an_item(2), an_item(1, version=2), an_item(3)):
        release(item)
    follow_wire()
    mine = Delivery.objects.using(WIRE).filter(destination=destination)
    mine.update(state=State.SENT)

    assert deliveries.send_again(destination, first=1, last=1, now=timezone.now()) == 2
    waiting = mine.filter(state=State.WAITING).order_by("serial")
    assert [row.serial for row in waiting] == [1, 3]
