"""Blocks as HTML and text, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats.body import blocks_html, blocks_of, blocks_text, inline_html
from dateline.formats.publication import Publication
from dateline.items import (
    Embed,
    GalleryBlock,
    List,
    Paragraph,
    Picture,
    PictureBlock,
    Quotation,
    Subhead,
    Table,
)
from tests.strategies import PUBLICATION, blocks, text


def shown(picture):
    """HTML holds a picture's words and how it was made; the formats around it hold the rest."""
    return Picture(
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        source_type=picture.source_type,
    )


def without_files(body):
    """HTML holds one file of a picture; the formats around it hold the rest."""
    return tuple(map(_without_files, body))


def _without_files(block):
    match block:
        case PictureBlock(picture=picture):
            return PictureBlock(picture=shown(picture))
        case GalleryBlock(pictures=pictures, title=title):
            return GalleryBlock(pictures=tuple(map(shown, pictures)), title=title)
    return block


@given(st.lists(blocks(), max_size=5).map(tuple))
def test_blocks_come_back_from_their_html(body):
    markup = blocks_html(body, PUBLICATION)
    assert without_files(blocks_of(markup, PUBLICATION)) == without_files(body)


@given(text)
def test_cleaning_inline_html_twice_changes_nothing_more(markup):
    once = inline_html(Paragraph(html=markup).html)
    assert inline_html(once) == once


@given(text)
def test_any_text_at_all_can_be_read_as_html(markup):
    body = blocks_of(markup)
    again = blocks_of(blocks_html(body, PUBLICATION))
    assert blocks_of(blocks_html(again, PUBLICATION)) == again


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<b style="position:fixed">x</b>',
        "</p></div><iframe src=//else.example>",
    ],
)
def test_nothing_active_gets_out_through_a_paragraph(attack):
    markup = blocks_html((Paragraph(html=attack), List(entries=(attack,))), PUBLICATION)
    for active in ("script", "onerror", "javascript", "style", "iframe"):
        assert active not in markup


def test_an_embed_of_another_scheme_is_no_link():
    assert "href" not in blocks_html((Embed(url="javascript:alert(1)"),), PUBLICATION)


def test_addresses_on_the_site_are_made_absolute_and_others_left():
    paragraph = Paragraph(html='<a href="/en/1-a/">a</a> <a href="https://else.example/">b</a>')
    markup = blocks_html((paragraph,), PUBLICATION)
    assert '<a href="https://news.example/en/1-a/">a</a>' in markup
    assert '<a href="https://else.example/">b</a>' in markup


def test_one_publications_addresses_do_not_get_into_anothers():
    paragraph = Paragraph(html='<a href="/x">a</a>')
    blocks_html((paragraph,), PUBLICATION)
    other = blocks_html((paragraph,), Publication(base_url="https://other.example", name="Other"))
    assert other == '<p><a href="https://other.example/x">a</a></p>'


def test_html_of_another_hand_is_read_as_far_as_it_goes():
    markup = (
        "Loose <b>text</b><div><h3>Head</h3><p>One</p></div>"
        "<blockquote>Said it</blockquote><script>bad()</script><ul><li>x</ul>tail"
    )
    assert blocks_of(markup) == (
        Paragraph(html="Loose <b>text</b>"),
        Subhead(text="Head"),
        Paragraph(html="One"),
        Quotation(text="Said it"),
        List(entries=("x",)),
        Paragraph(html="tail"),
    )


def test_plain_text_reads_like_the_story():
    body = (
        Paragraph(html="Tea &amp; <b>toast</b><br>daily"),
        Quotation(text="We open", speaker="Ada Brook", office="harbour master"),
        List(entries=("one", "<i>two</i>"), ordered=True),
        Table(rows=(("Port", "Ships"), ("North", "3")), header=True, caption="Arrivals"),
        Embed(url="https://v.example/1", title="Video"),
    )
    assert blocks_text(body) == (
        "Tea & toast\ndaily\n\nWe open\n— Ada Brook, harbour master\n\n1. one\n2. two\n\n"
        "Arrivals\nPort\tShips\nNorth\t3\n\nVideo: https://v.example/1"
    )
