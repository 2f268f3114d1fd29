"""Every format in the table: valid for any story, back to the story, and as its files say."""

import json
import re

import msgspec
import pytest
from hypothesis import given

from dateline.formats import FEEDS, FORMATS, faults
from dateline.formats.dispatch import Dispatch
from dateline.items import (
    BadDocument,
    GalleryBlock,
    Kind,
    List,
    Picture,
    PictureBlock,
    Table,
)
from tests.formats.samples import cases, path_of, sample, shown
from tests.strategies import PUBLICATION, dispatches, items, wild_items

BOTH_WAYS = [name for name, each in FORMATS.items() if each.decode]
EXACT = ["ninjs", "ninjs-2.2", "ninjs-1.6", "newsml-g2", "nitf", "rss", "atom"]
"""Formats that hold a whole release, or all but what `HELD` says."""


def one_line(value):
    """What it holds, with a space for each tab and end of line in its text."""
    return json.loads(re.sub(r"\\[tnr]", " ", msgspec.json.encode(value).decode()))


def without_nothing(item):
    """The story without lists and tables of nothing, and rows of no cells."""
    return msgspec.structs.replace(item, body=tuple(filter(None, map(filled, item.body))))


def filled(block):
    match block:
        case List(entries=()):
            return None
        case Table() if not any(block.rows):
            return None
        case Table():
            rows = tuple(filter(None, block.rows))
            header = block.header and bool(block.rows[0])
            return msgspec.structs.replace(block, rows=rows, header=header)
    return block


def as_in_html(item):
    """The story with of each picture its words, as HTML has them, and no files."""
    lead = item.picture and shown_in_html(item.picture)
    return msgspec.structs.replace(item, picture=lead, body=tuple(map(bare, item.body)))


def bare(block):
    match block:
        case PictureBlock(picture=picture):
            return PictureBlock(picture=shown_in_html(picture))
        case GalleryBlock(pictures=pictures, title=title):
            return GalleryBlock(pictures=tuple(map(shown_in_html, pictures)), title=title)
    return block


def shown_in_html(picture):
    return Picture(
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        source_type=picture.source_type,
    )


HELD = {
    "newsml-g2": lambda item, kind, serial: (one_line(item), kind, serial),
    "rss": lambda item, kind, serial: (as_in_html(item), kind, serial),
    "atom": lambda item, kind, serial: (as_in_html(item), kind, serial),
    "nitf": lambda item, kind, serial: (without_nothing(item), kind, serial),
}
"""For a format that holds not all of a release: what it holds, in a form to compare."""


def written(name: str, dispatch: Dispatch) -> bytes:
    return FORMATS[name].encode(dispatch, PUBLICATION)


def read(name: str, data: bytes) -> Dispatch:
    decode = FORMATS[name].decode
    assert decode
    return decode(data, PUBLICATION)


def test_the_table_says_what_each_format_is():
    for each in [*FORMATS.values(), *FEEDS.values()]:
        assert each.title
        assert "/" in each.content_type
        assert each.suffix.isalnum()


@pytest.mark.parametrize("name", FORMATS)
@given(dispatch=dispatches(items()))
def test_a_release_is_valid_in_each_format(name, dispatch):
    assert faults(name, written(name, dispatch)) == []


@pytest.mark.parametrize("name", FORMATS)
@given(dispatch=dispatches(wild_items()))
def test_a_release_of_any_text_is_valid_in_each_format(name, dispatch):
    assert faults(name, written(name, dispatch)) == []


@pytest.mark.parametrize("name", EXACT)
@given(dispatch=dispatches(items()))
def test_a_release_comes_back_whole(name, dispatch):
    held = HELD.get(name, Dispatch)
    found = read(name, written(name, dispatch))
    assert held(found.item, found.kind, found.serial) == held(
        dispatch.item, dispatch.kind, dispatch.serial
    )


@pytest.mark.parametrize("name", BOTH_WAYS)
@given(dispatch=dispatches(wild_items()))
def test_a_release_of_any_text_comes_back_the_same_from_the_second_time_on(name, dispatch):
    once = read(name, written(name, dispatch))
    again = read(name, written(name, once))
    assert written(name, again) == written(name, once)


@pytest.mark.parametrize("name", BOTH_WAYS)
@given(dispatch=dispatches(wild_items()))
def test_guid_version_kind_and_status_come_back_from_every_format(name, dispatch):
    once = read(name, written(name, dispatch))
    assert once.kind is dispatch.kind
    for field in ("guid", "version", "status"):
        assert getattr(once.item, field) == getattr(dispatch.item, field)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("case", ["new", "correction", "kill"])
def test_each_format_is_as_its_files_say(name, case):
    expected = path_of(case, name).read_bytes()
    assert shown(name, written(name, cases()[case])) == expected
    assert faults(name, expected) == []


@pytest.mark.parametrize("name", BOTH_WAYS)
@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"<x/>", b"\xff\xfe", b"{" * 5000, b"\x00"])
def test_bytes_of_another_kind_are_refused_in_words(name, data):
    with pytest.raises(BadDocument, match=r"This is not an?"):
        read(name, data)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{}", b"<x/>", b"hello\x00"])
def test_the_check_does_find_faults(name, data):
    assert faults(name, data)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", Kind)
def test_a_release_of_each_kind_says_which_it_is(name, kind):
    data = written(name, Dispatch(sample(), kind))
    assert kind.value in data.decode().lower()
