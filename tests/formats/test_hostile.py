"""Documents that somebody spoiled: read as far as they go, or refused in words; nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dateline.formats import FORMATS
from dateline.items import BadDocument
from tests.formats.samples import cases
from tests.strategies import PUBLICATION

XML = ["newsml-g2", "nitf", "rss", "atom"]
WHOLE = {name: FORMATS[name].encode(cases()["correction"], PUBLICATION) for name in FORMATS}
ODD = ["", " ", "x", "-1", "0", "99999999999999999999", "2031-99-99", "NaN", "1e9", "ї", "]]>"]


def read_or_refused(name, data):
    refused = None
    try:
        FORMATS[name].decode(data, PUBLICATION)
    except BadDocument as error:
        refused = str(error)
    assert refused is None or refused.startswith("This is not")


def spoiled(name, draw):
    """The sample with one part of it taken out, doubled or filled with nonsense."""
    root = etree.fromstring(WHOLE[name])
    places = [each for each in root.iter() if isinstance(each.tag, str)]
    place = places[draw(st.integers(0, len(places) - 1))]
    match draw(st.sampled_from(["text", "attribute", "without", "renamed", "inside", "twice"])):
        case "text":
            place.text = draw(st.sampled_from(ODD))
        case "attribute" if place.attrib:
            place.set(draw(st.sampled_from(sorted(place.attrib))), draw(st.sampled_from(ODD)))
        case "without" if place.getparent() is not None:
            place.getparent().remove(place)
        case "renamed":
            place.tag = draw(st.sampled_from(["p", "table", "media", "{urn:other}x", "body"]))
        case "inside":
            place.append(draw(st.sampled_from(places[-1:])).__copy__())
        case "twice" if place.getparent() is not None:
            place.addnext(place.__copy__())
    return etree.tostring(root)


@pytest.mark.parametrize("name", XML)
@given(data=st.data())
def test_a_document_that_is_spoiled_in_one_place_breaks_nothing(name, data):
    read_or_refused(name, spoiled(name, data.draw))


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].decode])
@given(data=st.data())
def test_a_document_with_other_bytes_in_it_breaks_nothing(name, data):
    whole = WHOLE[name]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 200)))
    between = data.draw(st.sampled_from([b"", b"null", b"[]", b"<x>", b"&a;", b'"', b"\xff", b"0"]))
    read_or_refused(name, whole[:start] + between + whole[end:])


@pytest.mark.parametrize("name", XML)
def test_entities_of_a_document_are_not_replaced(name):
    root = WHOLE[name].split(b"?>", 1)[1]
    hostile = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bomb">]>'
        + root.replace(b"Harbour opens", b"Harbour &a;&b; opens", 1)
    )
    try:
        item = FORMATS[name].decode(hostile, PUBLICATION).item
    except BadDocument:
        return
    assert "root:" not in repr(item)
    assert "bomb" not in repr(item)
