"""schema.org NewsArticle: only properties that its types have, and safe in a script element."""

import json

import msgspec
import pytest
from hypothesis import given

from dateline.formats import jsonld
from dateline.items import Byline, Picture, Status
from tests.formats.samples import FOLDER, sample
from tests.strategies import PUBLICATION, wild_items


@pytest.fixture(scope="session")
def types(shared):
    data = json.loads((shared / "standards" / "schemaorg" / "news-types-30.0.json").read_text())
    return data["types"]


def faults(thing, types):
    """Properties that a thing's type does not have, in it and all it holds."""
    allowed = types[thing["@type"]]["properties"]
    for name, value in thing.items():
        if name in ("@type", "@context"):
            continue
        if name not in allowed:
            yield f"{thing['@type']}.{name}"
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                fits = {part["@type"], *types[part["@type"]].get("ancestors", ())}
                if name in allowed and not fits & set(allowed[name]["range"]):
                    yield f"{name}: {part['@type']}"
                yield from faults(part, types)


def test_the_check_of_properties_does_check(types):
    assert list(faults({"@type": "NewsArticle", "slugline": "x"}, types))


@given(wild_items())
def test_every_property_is_one_its_type_has(types, item):
    data = jsonld.encode(item, PUBLICATION, translations=(("uk", "/uk/x/1-y/"),))
    assert list(faults(json.loads(data), types)) == []


@given(wild_items())
def test_no_text_can_end_the_script_element(item):
    assert b"<" not in jsonld.encode(item, PUBLICATION)


def test_json_ld_is_as_the_sample_file_says():
    expected = json.loads((FOLDER / "item.jsonld").read_text())
    data = jsonld.encode(
        sample(),
        PUBLICATION,
        translations=(("uk", "/uk/economy/8-pryklad/"),),
        earlier="/en/economy/3-harbour-to-open-soon/",
    )
    assert json.loads(data) == expected


def test_a_story_without_bylines_is_by_the_agency():
    article = json.loads(jsonld.encode(sample(bylines=()), PUBLICATION))
    assert article["author"][0]["@type"] == "NewsMediaOrganization"


def test_a_photographer_contributes_and_is_no_author():
    bylines = (Byline(name="Ada Brook"), Byline(name="Ben Ash", role="photo"))
    article = json.loads(jsonld.encode(sample(bylines=bylines), PUBLICATION))
    assert [each["name"] for each in article["author"]] == ["Ada Brook"]
    assert [each["name"] for each in article["contributor"]] == ["Ben Ash"]


def test_a_killed_story_says_so():
    article = json.loads(jsonld.encode(sample(status=Status.CANCELED), PUBLICATION))
    assert article["creativeWorkStatus"] == "canceled"


def test_a_file_that_few_programs_read_is_left_out():
    [webp, *_] = sample().picture.renditions
    avif = msgspec.structs.replace(webp, href="/media/quay.avif", content_type="image/avif")
    picture = Picture(alt="A quay", renditions=(avif, webp))
    article = json.loads(jsonld.encode(sample(picture=picture), PUBLICATION))
    assert [image["encodingFormat"] for image in article["image"]] == [webp.content_type]
