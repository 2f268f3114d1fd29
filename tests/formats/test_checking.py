"""The schemas that are shipped: the standards' own, and they do find what is wrong."""

import json

import pytest

from dateline.formats import checking
from dateline.formats.xml import parse

SCHEMAS = checking._SCHEMAS
FOLDERS = {
    "ninjs-schema_3.1.json": "ninjs",
    "ninjs-schema_2.2.json": "ninjs",
    "ninjs-schema_1.6.json": "ninjs",
    "GeoJSON-schema.json": "ninjs",
    "NewsML-G2_2.35-spec-All-Power.xsd": "newsml-g2",
    "xml.xsd": "newsml-g2",
    "nitf-3-6.xsd": "nitf",
    "nitf-3-6-ruby-include.xsd": "nitf",
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_shipped_schema_is_the_standards_own_unchanged(shared, name):
    official = shared / "standards" / FOLDERS[name] / name
    assert (SCHEMAS / name).read_bytes() == official.read_bytes()


def test_every_shipped_schema_is_named_with_its_licence():
    licences = (SCHEMAS / "LICENCE.md").read_text()
    for file in SCHEMAS.iterdir():
        assert file.name == "LICENCE.md" or f"`{file.name}`" in licences


@pytest.mark.parametrize("version", ["3.1", "2.2", "1.6"])
def test_a_fault_of_ninjs_is_told_with_its_place(version):
    assert checking.ninjs(b'{"uri":"urn:x:y"}', version) == []
    assert checking.ninjs(b'{"uri":"no uri at all"}', version) == [
        'uri: "no uri at all" is not a "uri"'
    ]
    assert len(checking.ninjs(b'{"uri":"urn:x:y","unheard":1}', version)) == 1


def test_a_time_that_is_none_is_a_fault():
    news = {"uri": "urn:x:y", "versionCreated": "yesterday"}
    assert checking.ninjs(json.dumps(news).encode()) == [
        'versionCreated: "yesterday" is not a "date-time"'
    ]


def test_a_document_with_a_hundred_faults_tells_the_first_ones():
    news = {"uri": "urn:x:y", "headlines": [{}] * 100}
    assert len(checking.ninjs(json.dumps(news).encode())) == 20


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE x [<!ENTITY a "' + b"lol" * 10 + b'">]><x>&a;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    ],
)
def test_entities_and_addresses_in_xml_are_left_alone(data):
    root = parse(data)
    assert "".join(str(text) for text in root.itertext()) in ("", "&a;")
    assert root.text is None


@pytest.mark.parametrize("depth", [201, 300, 100_000])
def test_xml_that_is_nested_without_end_is_refused(depth):
    with pytest.raises(ValueError, match=r"deep|no XML"):
        parse(b"<a>" * depth + b"</a>" * depth)
