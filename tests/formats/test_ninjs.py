"""ninjs 3.1: valid for every Item, and back to the Item."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats import ninjs
from dateline.items import BadDocument, Item, Status
from tests.formats.samples import FOLDER, sample
from tests.strategies import PUBLICATION, items, wild_items


@pytest.fixture(scope="session")
def schema(shared):
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    folder = shared / "standards" / "ninjs"
    geo = json.loads((folder / "GeoJSON-schema.json").read_text())
    registry = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json",
        Resource.from_contents(geo, default_specification=DRAFT202012),
    )
    return Draft202012Validator(
        json.loads((folder / "ninjs-schema_3.1.json").read_text()),
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def test_the_schema_check_does_check(schema):
    assert not schema.is_valid({"uri": "urn:x:y", "unheard": 1})
    assert not schema.is_valid({"uri": "no uri at all"})
    assert not schema.is_valid({"uri": "urn:x:y", "versionCreated": "yesterday"})


@given(items())
def test_a_story_is_valid_ninjs(schema, item):
    schema.validate(json.loads(ninjs.encode(item, PUBLICATION)))


@given(wild_items())
def test_a_story_of_any_text_is_valid_ninjs(schema, item):
    faults = schema.iter_errors(json.loads(ninjs.encode(item, PUBLICATION)))
    assert [f"{fault.json_path}: {fault.message}"[:200] for fault in faults] == []


@given(items())
def test_a_story_comes_back_from_ninjs(item):
    assert ninjs.decode(ninjs.encode(item, PUBLICATION), PUBLICATION) == item


@given(wild_items())
def test_a_story_of_any_text_comes_back_the_same_from_the_second_time_on(item):
    once = ninjs.decode(ninjs.encode(item, PUBLICATION), PUBLICATION)
    assert once.guid == item.guid
    assert once.headline == item.headline
    again = ninjs.decode(ninjs.encode(once, PUBLICATION), PUBLICATION)
    assert ninjs.encode(again, PUBLICATION) == ninjs.encode(once, PUBLICATION)


def test_a_kill_is_canceled_and_tells_desks_why():
    killed = sample(body=(), status=Status.CANCELED, kill_reason="Names confused", ednote="")
    news = json.loads(ninjs.encode(killed, PUBLICATION))
    assert news["pubStatus"] == "canceled"
    assert "KILL: Names confused" in news["edNote"]
    assert "bodies" not in news
    assert "renditions" not in news


def test_a_correction_is_told_in_the_note_for_desks():
    news = json.loads(ninjs.encode(sample(), PUBLICATION))
    assert news["edNote"].splitlines() == [
        "Photo follows.",
        "CORRECTION 2031-05-04T13:30:00Z: The pier is 90 metres long, not 900.",
    ]


def test_ninjs_is_as_the_sample_file_says():
    expected = json.loads((FOLDER / "item.ninjs.json").read_text())
    assert json.loads(ninjs.encode(sample(), PUBLICATION)) == expected
    assert ninjs.decode(json.dumps(expected).encode(), PUBLICATION) == sample()


def test_the_standards_own_examples_of_text_can_be_read(shared):
    folder = shared / "standards" / "ninjs" / "examples"
    for name in ("004_simple_text_article.json", "005_complex_text_article.json"):
        item = ninjs.decode((folder / name).read_bytes())
        assert isinstance(item, Item)
        assert item.headline
        assert item.body


@given(st.binary(max_size=40))
def test_bytes_that_are_no_ninjs_are_refused(data):
    with pytest.raises(BadDocument):
        ninjs.decode(data)


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
def test_a_guid_that_is_no_uri_is_kept_beside_a_uri_made_of_it(schema, guid):
    data = ninjs.encode(sample(guid=guid), PUBLICATION)
    schema.validate(json.loads(data))
    assert ninjs.decode(data).guid == guid


@pytest.mark.parametrize("news", [{}, {"uri": "urn:x:y"}, {"uri": 3}, []])
def test_ninjs_without_what_a_story_needs_is_refused(news):
    with pytest.raises(BadDocument):
        ninjs.decode(json.dumps(news).encode())
