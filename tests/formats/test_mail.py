"""E-mail: two forms of one story, versions in one thread, headers that machines sort by."""

from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given

from dateline.formats import checking, mail
from dateline.formats.dispatch import Dispatch
from dateline.formats.publication import Publication
from dateline.items import Kind
from tests.formats.samples import cases, sample
from tests.strategies import PUBLICATION, dispatches, wild_items


def sent(item, kind=Kind.NEW, publication=PUBLICATION):
    return message_from_bytes(mail.encode(Dispatch(item, kind), publication), policy=SMTP)


def test_versions_of_a_story_are_one_thread():
    first, second, third = (sent(sample(version=number)) for number in (1, 2, 3))
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    assert third["References"] == second["Message-ID"]
    other = sent(sample(guid="urn:uuid:0f0e0d0c-0000-4000-8000-000000000099", version=2))
    assert other["In-Reply-To"] != first["Message-ID"]


def test_the_same_release_is_the_same_bytes():
    dispatch = cases()["correction"]
    assert mail.encode(dispatch, PUBLICATION) == mail.encode(dispatch, PUBLICATION)


def test_text_and_html_hold_the_same_story():
    message = sent(sample())
    text = message.get_body(("plain",)).get_content()
    markup = message.get_body(("html",)).get_content()
    for words in ("Harbour opens after storm", "What comes next", "The pier is 90 metres"):
        assert words in text
        assert words in markup
    assert "<h1>Harbour opens after storm &amp; flood</h1>" in markup
    assert 'lang="en"' in markup


def test_a_kill_is_in_the_subject_and_in_a_header():
    message = message_from_bytes(mail.encode(cases()["kill"], PUBLICATION), policy=SMTP)
    assert message["Subject"].startswith("KILL: ")
    assert message["Dateline-Kind"] == "kill"
    assert message["Dateline-Status"] == "canceled"
    assert "The storm was in another port." in message.get_body(("plain",)).get_content()


def test_a_flash_is_important_and_a_feature_is_not():
    assert sent(sample(urgency=1))["Importance"] == "high"
    assert sent(sample(urgency=5))["Importance"] is None


def test_subjects_guid_and_version_are_headers():
    message = sent(sample())
    assert message["Dateline-Guid"] == sample().guid
    assert message["Dateline-Version"] == "3"
    assert message.get_all("Dateline-Subject") == ["medtop:20000337", "medtop:20000151"]


def test_a_headline_in_any_alphabet_comes_back():
    item = sample(headline="Гавань відкрито після бурі " * 6 + "港口")
    assert sent(item)["Subject"] == item.headline


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\r\nBcc: a@b.example\r\n\r\n"])
def test_no_text_can_begin_a_header_of_its_own(break_):
    item = sample(headline=f"One{break_}two", slugline=f"A{break_}B", guid=f"x{break_}y")
    message = sent(item)
    assert message["Bcc"] is None
    assert message["Subject"].startswith("One")
    assert message.get_body(("html",)) is not None


def test_the_sender_is_at_the_publications_host_even_if_it_is_not_ascii():
    message = sent(sample(), publication=Publication(base_url="https://новини.example", name="М"))
    assert message["From"].addresses[0].domain == "xn--b1amarcd.example"


@given(dispatches(wild_items()))
def test_what_is_sent_holds_every_header_and_part_whole(dispatch):
    data = mail.encode(dispatch, PUBLICATION)
    message = message_from_bytes(data, policy=SMTP)
    assert message["Dateline-Version"] == str(dispatch.item.version)
    assert len(list(message.iter_parts())) == 2


def test_the_check_names_what_is_missing():
    faults = checking.mail(b"Subject: x\r\n\r\nhello")
    assert "There is no From." in faults
    assert "There is no part of text/html." in faults
