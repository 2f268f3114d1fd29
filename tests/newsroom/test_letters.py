"""Letters leave in order, at least once, and survive a mail server that does not."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from dateline.newsroom import letters, notes
from dateline.newsroom.letters import RETRIES, Letter, ServerAway
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, form_of, url


class Server(BaseEmailBackend):
    """A mail server with whims: `away` refuses all, `refused` are addresses it does not take."""

    away = False
    refused: set[str] = set()
    taken: list[mail.EmailMessage] = []

    def send_messages(self, messages):
        if self.away:
            raise ConnectionRefusedError("nobody listens")
        for message in messages:
            if message.to[0] in self.refused:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"No such user")})
            self.taken.append(message)
        return len(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{Server.__module__}.Server"
    for name, value in (("away", False), ("refused", set()), ("taken", [])):
        monkeypatch.setattr(Server, name, value)
    return Server


def write(key: str, to: str = "a@news.example") -> Letter:
    return letters.write(to=to, subject=f"About {key}", text="Text.", key=key)


def arrived(server) -> list[str]:
    return [message.subject.removeprefix("About ") for message in server.taken]


def test_letters_leave_once_in_the_order_in_which_they_were_written(db, server):
    for key in ("one", "two", "three"):
        write(key)
    while letters.send_due(timezone.now()):
        pass
    assert arrived(server) == ["one", "two", "three"]
    assert letters.send_due(timezone.now()) == 0


def test_the_same_key_is_the_same_letter(db, server):
    assert write("one") == write("one")
    assert Letter.objects.count() == 1


def test_a_letter_that_is_taken_back_with_its_transaction_never_leaves(transactional_db, server):
    with pytest.raises(RuntimeError), transaction.atomic():
        write("one")
        raise RuntimeError("the note was not saved")
    assert letters.send_due(timezone.now()) == 0
    assert server.taken == []


def test_a_server_that_is_away_loses_nothing_and_costs_no_try(db, server):
    write("one")
    server.away = True
    for _again in range(20):
        with pytest.raises(ServerAway):
            letters.send_due(timezone.now())
    server.away = False
    letters.send_due(timezone.now())
    assert arrived(server) == ["one"]
    assert Letter.objects.get().tries == 0


def test_an_address_that_refuses_holds_up_only_its_own_letters_and_keeps_their_order(db, server):
    server.refused = {"b@news.example"}
    write("b1", "b@news.example")
    write("b2", "b@news.example")
    write("a1")
    now = timezone.now()
    letters.send_due(now)
    assert arrived(server) == ["a1"]
    server.refused = set()
    letters.send_due(now)
    assert arrived(server) == ["a1"]
    letters.send_due(now + RETRIES[0])
    letters.send_due(now + RETRIES[0])
    assert arrived(server) == ["a1", "b1", "b2"]


def test_a_letter_that_is_always_refused_is_given_up_with_the_reason(db, server, caplog):
    server.refused = {"a@news.example"}
    write("one")
    now = timezone.now()
    for wait in (*RETRIES, timedelta(0)):
        letters.send_due(now)
        now += wait
    letter = Letter.objects.get()
    assert letter.given_up_at
    assert "No such user" in letter.fault
    assert "given up" in caplog.text
    assert letters.send_due(now + timedelta(days=9)) == 0


def test_of_two_processes_one_sends_a_letter(db, server):
    letter = write("one")
    seen_by_the_other = Letter.objects.get(pk=letter.pk)
    now = timezone.now()
    letters.send_due(now)
    assert not letters._claim(seen_by_the_other, now)
    assert arrived(server) == ["one"]


def test_whoever_died_while_sending_leaves_the_letter_to_be_sent_again(db, server):
    letter = write("one")
    now = timezone.now()
    assert letters._claim(letter, now)
    assert letters.send_due(now) == 0
    letters.send_due(now + letters.CLAIM)
    assert arrived(server) == ["one"]


def test_sent_twice_a_letter_is_known_for_one_by_its_id(db, server, settings):
    settings.BASE_URL = "https://news.example"
    letter = write("notice-7")
    ids = [letters._message(letter).message()["Message-ID"] for _ in range(2)]
    assert ids == ["<notice-7@news.example>"] * 2


def test_a_headline_with_a_line_break_is_one_line_of_a_subject(db, server):
    letters.write(to="a@news.example", subject="One\nBcc: b@news.example", text="T", key="k")
    letters.send_due(timezone.now())
    assert server.taken[0].message()["Subject"] == "One Bcc: b@news.example"
    assert server.taken[0].recipients() == ["a@news.example"]


def test_a_note_stands_when_its_letter_cannot_leave(db, server, draft, reporter, editor):
    server.away = True
    notes.add(draft, "@reporter look", by=editor)
    with pytest.raises(ServerAway):
        letters.send_due(timezone.now())
    assert draft.notes.count() == 1
    assert letters.waiting().count == 1


def test_wagtails_own_mails_do_not_leave_beside_ours(placed, reporter, editor):
    address = url("edit", placed.pk)
    desk_of(reporter).post(address, form_of(placed, **{"action-submit": "1"}))
    answer = {"action-workflow-action": "true", "workflow-action-name": "reject"}
    desk_of(editor).post(address, form_of(placed, **answer))
    assert not Story.objects.get().workflow_in_progress
    assert Letter.objects.count() == 1
    assert mail.outbox == []
