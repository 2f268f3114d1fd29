"""The sender brings each release to each destination at least once and in order, whatever fails."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from email import message_from_bytes
from ipaddress import ip_network
from pathlib import Path

import pytest
import zstandard
from django.core import mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dateline.items import Kind
from dateline.wire import deliveries, destinations, retrying, sealing
from dateline.wire.deliveries import Delivery, SentBytes, State
from dateline.wire.destinations import Destination
from dateline.wire.models import WIRE
from dateline.wire.sending import LEASE, Sender
from tests.documents import a_killed, an_item
from tests.wire import servers
from tests.wire.agency import a_client, a_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    settings.PRIVATE_DESTINATIONS = (ip_network("127.0.0.0/8"),)
    settings.DELIVERIES_ROOT = tmp_path / "deliveries"
    return settings


@pytest.fixture
def webhooks():
    with servers.webhooks() as server:
        yield server


@pytest.fixture
def sftp(tmp_path):
    folder = tmp_path / "sftp"
    folder.mkdir()
    with servers.sftp(folder) as server:
        yield server


class Clock:
    """Time that passes when it is told to."""

    def __init__(self):
        self.now = timezone.now() + timedelta(seconds=5)

    def __call__(self):
        return self.now

    def passes(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sender(clock):
    made = Sender(now=clock, chance=lambda: 0.5, timeout_s=2)
    yield made
    made.end()


def a_webhook(server, slug="herald", **product):
    client = a_client(slug, a_product(f"{slug}-product", "*", **product))
    return destinations.make(client, name="Web", road="http", options={"url": server.url})


def a_folder(slug="herald", format_name="ninjs", names="{number}-{version}.{suffix}"):
    client = a_client(slug, a_product(f"{slug}-product", formats=[format_name]))
    return destinations.make(
        client, name="Folder", road="folder", format_name=format_name,
        options={"folder": "wire", "names": names},
    )  # fmt: skip


def told(server):
    """What a webhook server took: guid's number and version, in order."""
    data = [json.loads(body)["data"] for _headers, body in server.taken]
    return [(each["guid"].rpartition(":")[2], each["version"]) for each in data]


def again(destination):
    destination.refresh_from_db()
    return destination


def states(destination):
    rows = Delivery.objects.using(WIRE).filter(destination=destination).order_by("serial")
    return [row.state for row in rows]


# --- HTTP ----------------------------------------------------------------------------------------


def test_a_story_its_correction_and_its_kill_arrive_in_order(
    release, follow_wire, webhooks, sender
):
    destination = a_webhook(webhooks)
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.CORRECTION)
    release(a_killed(an_item(1, version=2)), kind=Kind.KILL)
    follow_wire()
    sender.settle()

    assert told(webhooks) == [("1", 1), ("1", 2), ("1", 3)]
    assert [json.loads(body)["type"] for _, body in webhooks.taken] == [
        "item.new", "item.correction", "item.kill",
    ]  # fmt: skip
    assert states(destination) == [State.SENT] * 3


def test_what_is_posted_is_signed_by_standard_webhooks(release, follow_wire, webhooks, sender):
    destination = a_webhook(webhooks)
    key = sealing.unseal(destination.secrets)["key"]
    release(an_item(1))
    follow_wire()
    sender.settle()

    ((headers, body),) = webhooks.taken
    raw = base64.b64decode(str(key).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_a_former_secret_signs_beside_the_new_one_for_a_week(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    destinations.rotate_secret(destination, now=clock())
    release(an_item(1))
    follow_wire()
    sender.settle()
    clock.passes(days=8)
    release(an_item(2))
    follow_wire()
    sender.settle()

    assert [len(headers["webhook-signature"].split()) for headers, _ in webhooks.taken] == [2, 1]


def test_the_exact_bytes_that_were_sent_are_kept(release, follow_wire, webhooks, sender):
    a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    sender.settle()

    kept = SentBytes.objects.using(WIRE).get()
    ((_, body),) = webhooks.taken
    assert zstandard.decompress(bytes(kept.packed)) == body
    assert kept.delivery.sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (500, "500"), ((301, {"Location": "http://127.0.0.1:1/"}), "it leads to"),
        ("hang up", "no answer"), ("hang", "in time"), ("drip", "in time"),
        (400, "400"),
    ],
)  # fmt: skip
def test_what_a_server_did_not_take_is_sent_again_under_the_same_id_before_the_rest(
    release, follow_wire, webhooks, clock, fault, said
):
    destination = a_webhook(webhooks)
    sender = Sender(now=clock, chance=lambda: 0.5, timeout_s=0.5)
    webhooks.script = [fault]
    for number in (1, 2):
        release(an_item(number))
    follow_wire()
    sender.settle()

    assert told(webhooks) == []
    assert said in again(destination).last_answer
    assert destination.tries == 1
    clock.passes(seconds=10)
    sender.settle()
    sender.end()
    assert told(webhooks) == [("1", 1), ("2", 1)]
    assert webhooks.refused[0]["webhook-id"] == webhooks.taken[0][0]["webhook-id"]
    assert again(destination).tries == 0


@pytest.mark.parametrize("oddity", ["megabytes", "half"])
def test_an_answer_of_200_is_a_delivery_whatever_comes_after_it(
    release, follow_wire, webhooks, sender, oddity
):
    destination = a_webhook(webhooks)
    webhooks.script = [oddity]
    release(an_item(1))
    release(an_item(2))
    follow_wire()
    sender.settle()

    assert told(webhooks) == [("1", 1), ("2", 1)]
    assert states(destination) == [State.SENT] * 2
    assert len(again(destination).last_answer) < 500


def test_retry_after_is_honoured(release, follow_wire, webhooks, sender, clock):
    destination = a_webhook(webhooks)
    webhooks.script = [(429, {"Retry-After": "600"})]
    release(an_item(1))
    follow_wire()
    sender.settle()

    assert again(destination).next_try_at - clock() == timedelta(seconds=600)
    clock.passes(seconds=599)
    sender.settle()
    assert told(webhooks) == []
    clock.passes(seconds=2)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_a_server_that_answers_410_is_stopped_and_resumed_by_people_alone(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    webhooks.script = [410]
    release(an_item(1))
    follow_wire()
    sender.settle()
    clock.passes(days=3)
    sender.settle()
    assert told(webhooks) == []
    assert "410" in again(destination).stopped_why

    destinations.resume(destination)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_a_destination_that_fails_for_days_is_stopped_and_loses_nothing(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    webhooks.script = [500] * 1000
    release(an_item(1))
    follow_wire()
    for _day in range(7):
        sender.settle()
        clock.passes(days=1)
    assert again(destination).stopped_why
    assert destination.tries == 7

    webhooks.script = []
    destinations.resume(destination)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_a_dead_client_slows_nobody(release, follow_wire, webhooks, clock):
    with servers.webhooks() as dead:
        dead.script = ["hang"] * 100
        stuck = a_webhook(dead, "dead")
        a_webhook(webhooks, "alive")
        for number in range(3):
            release(an_item(number))
        follow_wire()
        sender = Sender(now=clock, timeout_s=20)
        sender.begin_what_is_due()
        while len(webhooks.taken) < 3:
            sender.write_down(wait_s=0.05)
        assert states(stuck) == [State.WAITING] * 3
        dead.stop.set()
        sender.end()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    release, follow_wire, sender, tmp_path
):
    with servers.webhooks() as server:
        servers.with_own_certificate(server, tmp_path)
        client = a_client("herald", a_product())
        url = server.url.replace("http:", "https:")
        destination = destinations.make(client, name="Web", road="http", options={"url": url})
        release(an_item(1))
        follow_wire()
        sender.settle()

        assert server.taken == []
        assert "certificate" in again(destination).last_answer


def test_private_addresses_are_refused_unless_the_operator_allows_them(
    release, follow_wire, webhooks, sender, settings
):
    settings.PRIVATE_DESTINATIONS = ()
    destination = a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    sender.settle()

    assert webhooks.taken == []
    assert "private network" in again(destination).last_answer


# --- who, when, and who not ----------------------------------------------------------------------


def test_a_paused_destination_is_sent_nothing_and_then_all(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    destinations.pause(destination, now=clock())
    release(an_item(1))
    follow_wire()
    sender.settle()
    assert told(webhooks) == []

    destinations.resume(destination)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_a_client_that_is_not_served_is_sent_nothing(release, follow_wire, webhooks, sender):
    destination = a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    destination.client.stopped = True
    destination.client.save(using=WIRE)
    sender.settle()
    assert told(webhooks) == []

    destination.client.stopped = False
    destination.client.save(using=WIRE)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_what_is_no_longer_a_clients_is_not_sent(release, follow_wire, webhooks, sender):
    destination = a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    destination.client.products.clear()
    sender.settle()

    assert told(webhooks) == []
    assert states(destination) == [State.PASSED]


def test_a_delayed_product_is_sent_when_it_is_due(release, follow_wire, webhooks, sender, clock):
    a_webhook(webhooks, delay_minutes=15)
    release(an_item(1))
    follow_wire()
    sender.settle()
    assert told(webhooks) == []

    clock.passes(minutes=16)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_a_span_that_is_sent_again_ends_with_the_newest_of_each_story(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    for item in (an_item(1), an_item(2), an_item(1, version=2)):
        release(item)
    follow_wire()
    sender.settle()
    deliveries.send_again(destination, first=1, last=1, now=clock())
    sender.settle()

    assert told(webhooks)[3:] == [("1", 1), ("1", 2)]
    ids = [headers["webhook-id"] for headers, _ in webhooks.taken]
    assert ids[0] == ids[3]


def test_a_destination_is_not_begun_while_another_sender_has_it(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    mine = Destination.objects.using(WIRE).filter(pk=destination.pk)
    mine.update(leased_by="another", leased_until=clock() + LEASE)
    sender.settle()
    assert told(webhooks) == []

    clock.passes(seconds=LEASE.total_seconds() + 1)
    sender.settle()
    assert told(webhooks) == [("1", 1)]


def test_a_clock_that_was_put_back_locks_nobody_out(
    release, follow_wire, webhooks, sender, clock
):
    destination = a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    mine = Destination.objects.using(WIRE).filter(pk=destination.pk)
    far = clock() + timedelta(days=400)
    mine.update(leased_by="gone", leased_until=far, next_try_at=far, tries=1)
    sender.settle()

    assert told(webhooks) == [("1", 1)]


# --- held ----------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch):
    """Release 1 breaks its standard, in whatever format."""
    from dateline.wire import writing

    real = writing.document_of

    def document_of(data, kind, serial, *rest):
        document, faults = real(data, kind, serial, *rest)
        return document, ("A fault.",) if serial == 1 and broken.now else faults

    broken = type("Broken", (), {"now": True})
    monkeypatch.setattr(writing, "document_of", document_of)
    return broken


def test_a_document_with_faults_is_held_and_the_rest_goes_on(
    release, follow_wire, webhooks, sender, broken, clock
):
    destination = a_webhook(webhooks)
    release(an_item(1))
    release(an_item(2))
    follow_wire()
    sender.settle()
    assert told(webhooks) == [("2", 1)]
    assert states(destination) == [State.HELD, State.SENT]

    broken.now = False
    held = Delivery.objects.using(WIRE).get(state=State.HELD)
    deliveries.look_again(held, now=clock())
    sender.settle()
    assert told(webhooks) == [("2", 1), ("1", 1)]


def test_a_kill_does_not_wait_for_a_held_version_which_is_then_never_sent(
    release, follow_wire, webhooks, sender, broken, clock
):
    destination = a_webhook(webhooks)
    release(an_item(1))
    release(a_killed(an_item(1)), kind=Kind.KILL)
    follow_wire()
    sender.settle()

    assert told(webhooks) == [("1", 2)]
    assert states(destination) == [State.PASSED, State.SENT]


# --- SFTP, folder, mail --------------------------------------------------------------------------


def an_sftp(server, password="a password", **options):
    client = a_client("herald", a_product(formats=["newsml-g2"]))
    given = {"host": "127.0.0.1", "port": str(server.port), "user": "herald",
             "names": "{number}-{version}.{suffix}"}  # fmt: skip
    return destinations.make(
        client, name="Files", road="sftp", format_name="newsml-g2", options=given | options,
        secrets={"password": password},
    )  # fmt: skip


def test_files_are_renamed_on_the_clients_server_in_order(release, follow_wire, sftp, sender):
    destination = an_sftp(sftp)
    release(an_item(1))
    release(an_item(1, version=2), kind=Kind.CORRECTION)
    follow_wire()
    sender.settle()

    assert sftp.names == ["1-1.xml", "1-2.xml"]
    assert sorted(path.name for path in sftp.folder.iterdir()) == sftp.names
    assert b"newsItem" in (sftp.folder / "1-1.xml").read_bytes()
    assert again(destination).options["host_key"].startswith("SHA256:")


def test_a_server_that_shows_another_key_gets_nothing(release, follow_wire, sftp, sender):
    destination = an_sftp(sftp, host_key="SHA256:somebody-elses")
    release(an_item(1))
    follow_wire()
    sender.settle()

    assert sftp.names == []
    assert "not the one that is known" in again(destination).last_answer


def test_a_wrong_password_is_said_in_words(release, follow_wire, sftp, sender):
    destination = an_sftp(sftp, password="another")
    release(an_item(1))
    follow_wire()
    sender.settle()

    assert "does not take this user" in again(destination).last_answer


def test_a_full_disk_at_the_client_is_tried_again(release, follow_wire, sftp, sender, clock):
    an_sftp(sftp)
    sftp.full = True
    release(an_item(1))
    follow_wire()
    sender.settle()
    assert sftp.names == []

    sftp.full = False
    clock.passes(minutes=1)
    sender.settle()
    assert sftp.names == ["1-1.xml"]


@pytest.mark.parametrize("road", ["ftp", "ftps"])
def test_files_are_renamed_on_an_ftp_server(
    release, follow_wire, sender, tmp_path, monkeypatch, road
):
    folder = tmp_path / "ftp"
    folder.mkdir()
    certificate = servers.own_certificate(tmp_path) if road == "ftps" else None
    if certificate:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    client = a_client("herald", a_product(formats=["nitf"]))
    with servers.ftp(folder, certificate) as port:
        destination = destinations.make(
            client, name="Files", road=road, format_name="nitf", secrets={"password": "a password"},
            options={"host": "127.0.0.1", "port": str(port), "user": "herald",
                     "names": "{number}.xml"},
        )  # fmt: skip
        release(an_item(1))
        release(an_item(1, version=2), kind=Kind.CORRECTION)
        follow_wire()
        sender.settle()

        assert again(destination).last_answer == "1.xml"
    assert [path.name for path in folder.iterdir()] == ["1.xml"]
    assert b"version 2" in (folder / "1.xml").read_bytes()


def test_an_ftp_server_that_nobody_vouches_for_gets_no_password(
    release, follow_wire, sender, tmp_path
):
    client = a_client("herald", a_product(formats=["nitf"]))
    with servers.ftp(tmp_path, servers.own_certificate(tmp_path)) as port:
        destination = destinations.make(
            client, name="Files", road="ftps", format_name="nitf", secrets={"password": "wrong"},
            options={"host": "127.0.0.1", "port": str(port), "user": "herald"},
        )  # fmt: skip
        release(an_item(1))
        follow_wire()
        sender.settle()

        assert "certificate" in again(destination).last_answer.lower()


def test_a_folder_has_whole_files_and_nothing_half_written(release, follow_wire, sender, ground):
    a_folder(format_name="nitf")
    release(an_item(1))
    follow_wire()
    sender.settle()

    folder = Path(ground.DELIVERIES_ROOT) / "herald" / "wire"
    assert [path.name for path in folder.iterdir()] == ["1-1.xml"]


@pytest.mark.parametrize(("format_name", "attached"), [("email", False), ("ninjs", True)])
def test_a_release_is_sent_by_mail_to_each_address(
    release, follow_wire, sender, format_name, attached
):
    client = a_client("herald", a_product(formats=[format_name]))
    destinations.make(
        client, name="Mail", road="mail", format_name=format_name,
        options={"to": "desk@herald.example\nnight@herald.example"},
    )  # fmt: skip
    release(an_item(1))
    follow_wire()
    sender.settle()

    assert [each.to for each in mail.outbox] == [["desk@herald.example"], ["night@herald.example"]]
    made = message_from_bytes(mail.outbox[0].message().as_bytes())
    assert made["To"] == "desk@herald.example, night@herald.example"
    assert "Headline 1" in made["Subject"]
    assert any(part.get_filename() for part in made.walk()) == attached


def test_an_address_that_a_mail_server_refuses_is_tried_again_and_named(
    release, follow_wire, sender, settings, clock
):
    with servers.letters() as (held, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        client = a_client("herald", a_product(formats=["email"]))
        destination = destinations.make(
            client, name="Mail", road="mail", format_name="email",
            options={"to": "desk@herald.example\nnobody@herald.example"},
        )  # fmt: skip
        release(an_item(1))
        follow_wire()
        sender.settle()
        assert [address for address, _ in held.taken] == ["desk@herald.example"]
        assert "550 No such desk" in again(destination).last_answer

        destination.options = {"to": "desk@herald.example\nnight@herald.example"}
        destination.save(using=WIRE)
        clock.passes(minutes=1)
        sender.settle()

    addresses = [address for address, _ in held.taken]
    assert addresses == ["desk@herald.example", "desk@herald.example", "night@herald.example"]
    ids = {message_from_bytes(data)["Message-ID"] for _, data in held.taken}
    assert len(ids) == 1


def test_secrets_are_sealed_and_outlive_a_change_of_the_secret_key(webhooks, settings):
    destination = a_webhook(webhooks)
    key = sealing.unseal(destination.secrets)["key"]
    assert str(key) not in destination.secrets
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key " * 5, [settings.SECRET_KEY]

    assert destinations.seal_anew() == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(again(destination).secrets)["key"] == key


def test_secrets_under_a_lost_key_stop_the_destination_in_words(
    release, follow_wire, webhooks, sender, settings
):
    destination = a_webhook(webhooks)
    release(an_item(1))
    follow_wire()
    settings.SECRET_KEY = "another key " * 5
    sender.settle()

    assert "DATELINE_OLD_SECRET_KEYS" in again(destination).stopped_why


# --- whatever fails ------------------------------------------------------------------------------


@given(tries=st.integers(1, 100), chance=st.floats(0, 1))
def test_pauses_grow_up_to_an_hour_and_a_quarter(tries, chance):
    pause = retrying.pause_s(tries, chance=chance)
    assert 1.5 <= pause <= 4500
    assert retrying.pause_s(tries + 1, chance=chance) >= pause
