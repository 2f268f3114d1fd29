"""What may stand in a URI, in XML and in a time."""

from datetime import datetime

import pytest
from hypothesis import given
from lxml import etree

from dateline.formats.lexical import is_uri, language_tag, rfc3339, uri, xml_text
from tests.strategies import raw_text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://a.example/ї?q=a b#x#y", "https://a.example/%D1%97?q=a%20b#x%23y"),
        ("/100%/%20", "/100%25/%20"),
        ("/a[1]", "/a%5B1%5D"),
    ],
)
def test_a_uri_is_encoded_once(text, written):
    assert uri(text) == written
    assert uri(written) == written


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("urn:uuid:1", True),
        ("https://a.example:80/x", True),
        ("https://a.example:port/", False),
        ("/en/", False),
        ("a b:c", False),
        ("", False),
    ],
)
def test_a_whole_uri_is_told_from_other_text(text, whole):
    assert is_uri(text) is whole


@given(raw_text)
def test_any_text_can_be_made_fit_for_xml(raw):
    element = etree.Element("x")
    element.text = xml_text(raw)
    etree.tostring(element)


def test_what_is_no_language_tag_is_dropped():
    assert language_tag("pt-BR") == "pt-BR"
    assert language_tag("english, please") is None


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        rfc3339(datetime(2031, 5, 4))
