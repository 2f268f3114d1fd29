"""RTF: seven bits, closed groups, and every letter."""

import re

import pytest
from hypothesis import given

from dateline.formats import checking, rtf
from dateline.formats.dispatch import Dispatch
from dateline.items import Kind, List, Paragraph, Table
from tests.formats.samples import cases, sample
from tests.strategies import PUBLICATION, raw_text


def written(item, kind=Kind.NEW):
    return rtf.encode(Dispatch(item, kind), PUBLICATION).decode("ascii")


def letters(text):
    """The text that a word processor shows of one that has no groups of its own."""
    text = re.sub(r"\\u(-?\d+)\?", lambda unit: chr(int(unit[1]) % 65536), text)
    text = re.sub(r"\\line |\\tab ", lambda word: {"l": "\n", "t": "\t"}[word[0][1]], text)
    text = re.sub(r"\\([\\{}])", r"\1", text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


@given(raw_text)
def test_every_letter_comes_back(text):
    item = sample(headline=text)
    shown = item.headline.replace("\r", " ")
    assert letters(rtf._plain(item.headline)) == shown


def test_bold_links_and_raised_text_keep_their_form():
    body = (Paragraph(html='<b>A</b> <a href="/en/3/">x</a> m<sup>2</sup><br>y'),)
    data = written(sample(body=body))
    assert r"{\b A}" in data
    assert 'HYPERLINK "https://news.example/en/3/"' in data
    assert r"m{\super 2}\line y" in data


def test_a_table_and_a_list_stand_as_such():
    body = (
        Table(rows=(("Port", "Ships"), ("North", "3")), header=True),
        List(entries=("one", "two"), ordered=True),
    )
    data = written(sample(body=body))
    assert data.count(r"\row}") == 2
    assert r"\cellx4500\cellx9000" in data
    assert r"2.\tab two" in data


def test_a_kill_and_its_reason_stand_at_the_top():
    data = rtf.encode(cases()["kill"], PUBLICATION).decode()
    assert data.index(r"{\b KILL}") < data.index(r"{\b Harbour")
    assert "kind kill status canceled" in data


@pytest.mark.parametrize("text", ["}{\\*\\object", "\\bin99999 ", "{{{{", '"} {\\field'])
def test_no_text_can_begin_a_group_or_a_word_of_rtf(text):
    body = (Paragraph(html=text), Paragraph(html=f'<a href="https://x.example/{text}">x</a>'))
    data = written(sample(headline=text, body=body))
    assert checking.rtf(data.encode()) == []
    assert "\\*\\object" not in data.replace("\\\\*", "")
    assert not re.search(r"(?<!\\)(\\\\)*\\bin", data)


@pytest.mark.parametrize("data", [b"{\\rtf1 {", b"{\\rtf1 }}", b"rtf", "{\\rtf1 ї}".encode()])
def test_the_check_finds_open_groups_and_bytes_beyond_ascii(data):
    assert checking.rtf(data)
