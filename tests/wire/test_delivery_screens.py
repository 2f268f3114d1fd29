"""The client manager makes destinations, sees how each does, and reads the bytes that were sent."""

import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from dateline.newsroom import roles
from dateline.wire import deliveries, destinations, sealing
from dateline.wire.deliveries import Delivery, State
from dateline.wire.destinations import Destination
from dateline.wire.models import WIRE
from dateline.wire.sending import Sender
from tests.documents import an_item
from tests.wire.agency import a_client, a_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    settings.PRIVATE_DESTINATIONS = (ip_network("127.0.0.0/8"),)
    settings.DELIVERIES_ROOT = tmp_path / "deliveries"


def signed_in(client, role):
    roles.set_up()
    user = get_user_model().objects.create_user("velmar", "velmar@tta.example", "a long password")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


@pytest.fixture
def manager(client):
    return signed_in(client, roles.CLIENT_MANAGER)


@pytest.fixture
def herald():
    return a_client("herald", a_product("all", formats=["ninjs", "nitf"]))


@pytest.fixture
def folder(herald):
    return destinations.make(herald, name="Folder", road="folder", options={"folder": "wire"})


SFTP = {
    "name": "Files", "format": "nitf", "option-host": "files.herald.example", "option-port": "22",
    "option-user": "herald", "secret-password": "a password", "option-folder": "in",
    "option-names": "{number}-{version}.{suffix}",
}  # fmt: skip


def sent(release, follow_wire, *items):
    for item in items or [an_item(1)]:
        release(item)
    follow_wire()
    sender = Sender(now=lambda: timezone.now() + timedelta(seconds=5))
    sender.settle()
    sender.end()


def text_of(manager, path):
    answer = manager.get(f"/desk/wire/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_destination_is_made_and_its_password_is_never_shown(manager, herald):
    made = manager.post(f"/desk/wire/destinations/new/{herald.pk}/sftp/", SFTP)
    assert made.status_code == 302

    destination = Destination.objects.using(WIRE).get()
    assert sealing.unseal(destination.secrets) == {"password": "a password"}
    for path in (f"destinations/{destination.pk}/", f"destinations/{destination.pk}/edit/"):
        text = text_of(manager, path)
        assert "files.herald.example" in text
        assert ">a password" not in text
        assert "\"a password" not in text
    assert "Files" in text_of(manager, f"clients/inspect/{herald.pk}/")


def test_a_password_that_is_left_empty_stays(manager, herald):
    manager.post(f"/desk/wire/destinations/new/{herald.pk}/sftp/", SFTP)
    destination = Destination.objects.using(WIRE).get()
    changed = SFTP | {"secret-password": "", "option-folder": "new"}
    manager.post(f"/desk/wire/destinations/{destination.pk}/edit/", changed)

    destination.refresh_from_db()
    assert destination.options["folder"] == "new"
    assert sealing.unseal(destination.secrets) == {"password": "a password"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("option-host", "sftp://files.example/", "name alone"),
        ("option-port", "ninety", "from 1 to 65535"),
        ("option-names", "{colour}.xml", "no fact of a release"),
        ("option-names", "../{number}", "has no /"),
        ("option-names", "{number", "not closed"),
        ("format", "rtf", "do not come in this format"),
    ],
)
def test_what_could_never_be_sent_to_is_refused_in_words(manager, herald, field, value, said):
    page = manager.post(f"/desk/wire/destinations/new/{herald.pk}/sftp/", SFTP | {field: value})

    assert said in page.content.decode()
    assert not Destination.objects.using(WIRE).exists()


def test_the_secret_of_a_webhook_is_shown_once_and_changed(manager, herald):
    address = f"/desk/wire/destinations/new/{herald.pk}/http/"
    asked = {"name": "Web", "format": "ninjs", "option-url": "https://herald.example/wire"}
    page = manager.post(address, asked)
    (key,) = set(re.findall(r"whsec_[\w+/=]+", page.content.decode()))
    assert "no-store" in page["Cache-Control"]

    destination = Destination.objects.using(WIRE).get()
    assert "whsec_" not in text_of(manager, f"destinations/{destination.pk}/")
    page = manager.post(f"/desk/wire/destinations/{destination.pk}/do/", {"what": "secret"})
    assert set(re.findall(r"whsec_[\w+/=]+", page.content.decode())) - {key}


def test_the_very_bytes_that_were_sent_are_shown_and_downloaded(
    manager, folder, release, follow_wire, settings
):
    sent(release, follow_wire)
    delivery = Delivery.objects.using(WIRE).get()
    (file,) = (settings.DELIVERIES_ROOT / "herald" / "wire").iterdir()

    assert "Headline 1" in text_of(manager, f"deliveries/{delivery.pk}/")
    assert "Headline 1" in text_of(manager, f"destinations/{folder.pk}/")
    bytes_sent = manager.get(f"/desk/wire/deliveries/{delivery.pk}/?bytes")
    assert bytes_sent.content == file.read_bytes()
    assert "attachment" in bytes_sent["Content-Disposition"]


def test_the_list_tells_what_waits_and_what_fails(manager, folder, release, follow_wire):
    Destination.objects.using(WIRE).update(tries=3, last_answer="503 Service Unavailable")
    release(an_item(1))
    follow_wire()

    text = text_of(manager, "destinations/")
    assert "fails: 3 tries in a row" in text
    Destination.objects.using(WIRE).update(stopped_why="It has failed for 5 days.")
    assert "stopped: It has failed for 5 days." in text_of(manager, "destinations/")


def test_what_needs_somebody_stands_on_the_managers_first_page(manager, folder):
    assert "need somebody" not in manager.get("/desk/").content.decode()
    Destination.objects.using(WIRE).update(stopped_why="It has failed for 5 days.")

    page = manager.get("/desk/").content.decode()
    assert "Herald: Folder</a>: stopped: It has failed for 5 days." in page


def test_a_destination_is_paused_resumed_and_sent_a_span_again(
    manager, folder, release, follow_wire
):
    address = f"/desk/wire/destinations/{folder.pk}/do/"
    manager.post(address, {"what": "pause"})
    folder.refresh_from_db()
    assert folder.paused_at
    manager.post(address, {"what": "resume"})
    folder.refresh_from_db()
    assert folder.is_open

    sent(release, follow_wire)
    page = manager.post(address, {"what": "again", "first": "1", "last": "1"}, follow=True)
    assert "1 release is sent again" in page.content.decode()
    assert Delivery.objects.using(WIRE).get().state == State.WAITING
    page = manager.post(address, {"what": "again", "first": "x", "last": ""}, follow=True)
    assert "first and the last number" in page.content.decode()


def test_a_held_delivery_is_passed_over_or_looked_at_again(manager, folder, release, follow_wire):
    release(an_item(1))
    follow_wire()
    delivery = Delivery.objects.using(WIRE).get()
    Delivery.objects.using(WIRE).update(state=State.HELD, answer="Not by its standard: a fault.")
    address = f"/desk/wire/deliveries/{delivery.pk}/"
    assert "Not by its standard" in text_of(manager, f"deliveries/{delivery.pk}/")

    manager.post(f"{address}do/", {"what": "look"})
    assert Delivery.objects.using(WIRE).get().state == State.WAITING
    manager.post(f"{address}do/", {"what": "pass"})
    assert "velmar" in Delivery.objects.using(WIRE).get().answer
    deliveries.look_again(delivery, now=timezone.now())
    assert Delivery.objects.using(WIRE).get().state == State.PASSED


def test_nobody_else_gets_in(client, folder, release, follow_wire):
    sent(release, follow_wire)
    reporter = signed_in(client, roles.REPORTER)
    delivery = Delivery.objects.using(WIRE).get()
    for path in ("destinations/", f"destinations/{folder.pk}/", f"deliveries/{delivery.pk}/",
                 f"destinations/new/{folder.client_id}/http/", f"destinations/{folder.pk}/edit/",
                 f"deliveries/{delivery.pk}/?bytes"):  # fmt: skip
        assert reporter.get(f"/desk/wire/{path}").status_code == 302, path
    for path in (f"destinations/{folder.pk}/do/", f"deliveries/{delivery.pk}/do/"):
        assert reporter.post(f"/desk/wire/{path}", {"what": "pause"}).status_code == 302
    folder.refresh_from_db()
    assert folder.paused_at is None
