"""ninjs: what it says of kills and corrections, and what of other hands it reads or refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats import checking, ninjs
from dateline.formats.dispatch import Dispatch, kind_of
from dateline.formats.ninjs import older
from dateline.items import BadDocument, Item, Status
from tests.formats.samples import sample
from tests.strategies import PUBLICATION


def encoded(item: Item) -> bytes:
    return ninjs.encode(Dispatch(item, kind_of(item)), PUBLICATION)


def test_a_kill_is_canceled_and_tells_desks_why():
    killed = sample(body=(), status=Status.CANCELED, kill_reason="Names confused", ednote="")
    news = json.loads(encoded(killed))
    assert news["pubStatus"] == "canceled"
    assert "KILL: Names confused" in news["edNote"]
    assert "bodies" not in news
    assert "renditions" not in news


def test_a_correction_is_told_in_the_note_for_desks():
    news = json.loads(encoded(sample()))
    assert news["edNote"].splitlines() == [
        "Photo follows.",
        "CORRECTION 2031-05-04T13:30:00Z: The pier is 90 metres long, not 900.",
    ]


def test_the_standards_own_examples_of_text_can_be_read(shared):
    folder = shared / "standards" / "ninjs" / "examples"
    for name in ("004_simple_text_article.json", "005_complex_text_article.json"):
        item = ninjs.decode((folder / name).read_bytes()).item
        assert isinstance(item, Item)
        assert item.headline
        assert item.body


@pytest.mark.parametrize("decode", [ninjs.decode, older.decode_2, older.decode_1])
@given(data=st.binary(max_size=40))
def test_bytes_that_are_no_ninjs_are_refused(decode, data):
    with pytest.raises(BadDocument):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"uri":"urn:x:y","associations":[' * 3000,
        b'{"uri":"urn:x:y","version":"1","versionCreated":"2031-05-04T12:00:00Z","urgency":11}',
        b'{"uri":"urn:x:y","version":"next","versionCreated":"2031-05-04T12:00:00Z"}',
        b'{"uri":"urn:x:y","profile":"dateline-99","versionCreated":"2031-05-04T12:00:00Z"}',
    ],
    ids=["nested without end", "urgency 11", "version in words", "later schema"],
)
def test_hostile_or_foreign_ninjs_is_refused_in_words(data):
    with pytest.raises(BadDocument, match="not a ninjs"):
        ninjs.decode(data)


@pytest.mark.parametrize("guid", ["", "7", "tag with space", "##", "ще один", "https://x:y/"])
def test_a_guid_that_is_no_uri_is_kept_beside_a_uri_made_of_it(guid):
    data = encoded(sample(guid=guid))
    assert checking.ninjs(data) == []
    assert ninjs.decode(data).item.guid == guid


def test_a_version_names_the_one_before_it():
    news = json.loads(encoded(sample(version=3)))
    (before,) = (each for each in news["associations"] if each["rel"] == "previousVersion")
    assert (before["uri"], before["version"]) == (news["uri"], "2")
    assert not any(
        each["rel"] == "previousVersion"
        for each in json.loads(encoded(sample(version=1)))["associations"]
    )


@pytest.mark.parametrize("news", [{}, {"uri": "urn:x:y"}, {"uri": 3}, []])
def test_ninjs_without_what_a_story_needs_is_refused(news):
    with pytest.raises(BadDocument):
        ninjs.decode(json.dumps(news).encode())


@pytest.mark.parametrize("value", [3, "x", [], {}, [3], ["x"], [[]], None, True])
@pytest.mark.parametrize("decode", [ninjs.decode, older.decode_2, older.decode_1])
@pytest.mark.parametrize(
    "name",
    ["associations", "altids", "altIds", "renditions", "subject", "subjects", "person", "bodies",
     "headline", "version", "infosource", "genre", "description_summary", "urgency"],
)
def test_a_property_of_another_shape_is_refused_or_left_out_and_breaks_nothing(decode, name, value):
    news = {"uri": "urn:x:y", "versionCreated": "2031-05-04T12:00:00Z", name: value}
    news["versioncreated"] = news["versionCreated"]
    try:
        guid = decode(json.dumps(news).encode()).item.guid
    except BadDocument:
        return
    assert guid == "urn:x:y"
