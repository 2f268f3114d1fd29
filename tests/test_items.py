"""The documents: one byte form, clean text, times in UTC, and refusals in words."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.items import (
    SCHEMA,
    BadDocument,
    Edition,
    Item,
    List,
    Paragraph,
    Ref,
    Subhead,
    canonical,
    decode,
    digest,
    document_type,
)
from tests.strategies import documents, raw_text, times

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def story(**fields: object) -> Item:
    return Item(
        **{
            "guid": "urn:uuid:0f0e0d0c-0000-4000-8000-000000000001",
            "number": 7,
            "version": 1,
            "edition": "en",
            "section": Ref(slug="economy", name="Economy"),
            "headline": "Harbour opens",
            "first_released_at": NOON,
            "released_at": NOON,
            **fields,
        }
    )


@given(documents())
def test_a_document_comes_back_equal_from_its_bytes(document):
    data = canonical(document)
    assert decode(data) == document
    assert canonical(decode(data)) == data


@given(documents(), documents())
def test_equal_documents_and_only_they_have_equal_bytes(one, other):
    again = msgspec.structs.replace(one)
    assert canonical(again) == canonical(one)
    assert (canonical(one) == canonical(other)) == (one == other)


@given(documents())
def test_bytes_name_the_type_of_their_document(document):
    assert msgspec.json.decode(canonical(document))["type"] == document_type(document)


@given(documents(), st.data())
def test_bytes_cut_short_are_refused(document, data):
    whole = canonical(document)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(BadDocument):
        decode(whole[:cut])


@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused_as_a_bad_document(data):
    with pytest.raises(BadDocument):
        decode(data)


@given(raw_text)
def test_text_is_normal_and_holds_only_what_xml_can(raw):
    kept = Subhead(text=raw).text
    assert unicodedata.is_normalized("NFC", kept)
    for char in kept:
        assert char in "\t\n\r" or unicodedata.category(char) not in ("Cc", "Cs")
        assert char not in "\ufffe\uffff"
    kept.encode()


def test_two_spellings_of_one_letter_are_one_document():
    composed, in_two_parts = "\u0457жак", "\u0456\u0308жак"
    assert canonical(story(headline=in_two_parts)) == canonical(story(headline=composed))


def test_text_within_lists_is_normal_too():
    assert List(entries=("a\x00b", "\ud800c")).entries == ("ab", "c")


@given(times)
def test_a_time_of_any_zone_is_kept_in_utc(moment):
    kept = story(released_at=moment).released_at
    assert kept == moment
    assert kept.utcoffset() == timedelta(0)


def test_the_zone_a_time_was_given_in_does_not_show_in_the_bytes():
    elsewhere = NOON.astimezone(timezone(timedelta(hours=3)))
    assert canonical(story(released_at=elsewhere)) == canonical(story())


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs its zone"):
        story(released_at=datetime(2031, 5, 4, 12))


def test_a_document_of_a_later_schema_is_refused_and_says_what_to_do():
    later = canonical(msgspec.structs.replace(story(), schema=SCHEMA + 1))
    with pytest.raises(BadDocument, match="Update Dateline") as refusal:
        decode(later)
    assert refusal.value.facts == {"schema": SCHEMA + 1}
    assert refusal.value.code == "bad-document"


def test_an_unknown_field_is_refused():
    strange = canonical(story()).replace(b'"number"', b'"nummer"')
    with pytest.raises(BadDocument):
        decode(strange)


@pytest.mark.parametrize("urgency", [0, 10])
def test_an_urgency_outside_one_to_nine_is_refused(urgency):
    data = canonical(story()).replace(b'"urgency":5', b'"urgency":%d' % urgency)
    with pytest.raises(BadDocument):
        decode(data)


def test_the_bytes_are_sorted_compact_utf8():
    edition = Edition(guid="g", version=1, code="uk", name="Українська", title="Меридіан")
    assert canonical(edition).decode() == (
        '{"code":"uk","guid":"g","name":"Українська","order":0,"schema":2,"status":"usable",'
        '"strapline":"","title":"Меридіан","type":"edition","version":1}'
    )


def test_a_digest_is_sha256_in_hex():
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_document_cannot_be_changed():
    with pytest.raises(AttributeError):
        Paragraph(html="x").html = "y"  # type: ignore[misc]
