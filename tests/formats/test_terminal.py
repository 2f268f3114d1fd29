"""Text for terminals: columns, and what must be seen first."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats import checking, terminal
from dateline.formats.dispatch import Dispatch
from dateline.formats.terminal import WIDTH, columns, wrapped
from dateline.items import Kind, Status, Table
from tests.formats.samples import cases, sample
from tests.strategies import PUBLICATION


def lines(item, kind=Kind.NEW):
    return terminal.encode(Dispatch(item, kind), PUBLICATION).decode().split("\n")


@pytest.mark.parametrize(
    ("text", "count"), [("harbour", 7), ("гавань", 6), ("港口", 4), ("e\u0301", 1), ("", 0)]
)
def test_columns_are_counted_as_a_terminal_shows_them(text, count):
    assert columns(text) == count


@given(st.text(max_size=300), st.integers(5, 80))
def test_no_line_is_longer_than_asked(text, width):
    assert all(columns(line) <= width for line in wrapped(text, width))


@given(st.text(alphabet="abc їґ 港 ", max_size=300), st.integers(5, 80))
def test_no_letter_is_lost_in_wrapping(text, width):
    assert "".join(wrapped(text, width)).replace(" ", "") == text.replace(" ", "")


def test_a_correction_is_told_above_the_story():
    text = terminal.encode(cases()["correction"], PUBLICATION).decode()
    first = text.split("\n")[0]
    assert first.startswith("HARBOUR-OPEN ")
    assert first.endswith(" CORRECTION")
    assert len(first) == WIDTH
    assert text.index("The pier is 90 metres long") < text.index("Harbour opens after")


def test_a_kill_says_what_to_do_and_why():
    text = terminal.encode(cases()["kill"], PUBLICATION).decode()
    assert text.split("\n")[0].endswith(" KILL")
    assert "KILL: do not use this story. If you published it, take it down." in text
    assert "KILL: The storm was in another port." in text


def test_a_withheld_story_says_not_to_use_it():
    held = sample(status=Status.WITHHELD, body=(), withhold_reason="Names are being checked")
    text = "\n".join(lines(held, Kind.WITHHOLD))
    assert "WITHHELD: do not use this story" in text
    assert "Names are being checked" in text


def test_an_embargo_stands_in_the_head():
    head = lines(sample(embargoed_until=datetime(2031, 5, 5, 7, tzinfo=UTC)))[:4]
    assert "EMBARGO: not to be published before 2031-05-05 07:00 UTC" in head


def test_a_table_that_fits_stands_in_columns_and_another_in_rows_with_bars():
    narrow = lines(sample(body=(Table(rows=(("Port", "Ships"), ("North", "3"))),)))
    assert "Port   Ships" in narrow
    assert "North  3" in narrow
    wide = lines(sample(body=(Table(rows=(("a" * 50, "b" * 50),)),)))
    assert f"{'a' * 50} |" in wide


def test_a_picture_is_named_with_its_file_and_hash():
    text = "\n".join(lines(sample()))
    assert "file https://news.example/media/pier-1200.jpg" in text
    assert f"sha256 {sample().picture.renditions[-1].sha256}" in text


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\nguid x\n" + b"a" * 73, "line 3: 73 columns, more than 72"),
        (b"\nguid x\n" + "港".encode() * 37, "line 3: 74 columns, more than 72"),
        (b"\nguid x\n\x1b[2J", "It holds control characters."),
        (b"hello", "No line of it names the guid."),
    ],
)
def test_the_check_names_what_is_wrong(data, fault):
    assert checking.terminal(data) == [fault]
