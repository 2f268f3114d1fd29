"""NITF: what it says of kills, corrections and embargoes, and what of other hands it reads."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats import checking, nitf
from dateline.formats.dispatch import Dispatch
from dateline.formats.xml import parse
from dateline.items import (
    BadDocument,
    Byline,
    Kind,
    Paragraph,
    Place,
    Quotation,
    Status,
    Subhead,
    Table,
)
from tests.formats.samples import cases, sample
from tests.strategies import PUBLICATION

N = {"n": "http://iptc.org/std/NITF/2006-10-18/"}

FOREIGN = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE nitf SYSTEM "nitf-3-2.dtd">
<nitf><head><title>Short title</title>
<docdata management-status="%s"><date.issue norm="20310504T133000+0200"/>
<date.release norm="20310505T050000Z"/><doc-id id-string="ab-17"/><ed-msg info="Hold the map"/>
<urgency ed-urg="2"/><key-list><keyword key="harbour"/></key-list></docdata></head>
<body><body.head><hedline><hl1>Harbour <em>open</em></hl1></hedline>
<byline>Ada Brook, <byttl>staff</byttl></byline><dateline>PORT ALDER</dateline></body.head>
<body.content><block><p>One <person>Cora Finch</person> and H<num><sub>2</sub></num>O</p>
<hl2>More</hl2><bq><block><p>We are open</p></block><credit>Cora Finch</credit></bq>
<table><tbody><tr><td>North</td><td>3</td></tr></tbody></table></block>
<media media-type="image"><media-reference source="http://pictures.example/1.jpg"
 source-credit="Ben Ash" alternate-text="A pier"/><media-caption>The pier</media-caption></media>
</body.content></body></nitf>"""


def written(item=None, kind=Kind.NEW):
    return parse(nitf.encode(Dispatch(item or sample(), kind), PUBLICATION))


def foreign(status="usable"):
    return nitf.decode((FOREIGN % status).encode("latin-1")).item


def test_a_kill_is_canceled_names_what_it_changes_and_why():
    root = parse(nitf.encode(cases()["kill"], PUBLICATION))
    docdata = root.find("n:head/n:docdata", N)
    assert docdata.get("management-status") == "canceled"
    assert docdata.get("management-doc-idref") == sample().guid
    assert docdata.get("management-idref-status") == "canceled"
    (message,) = docdata.iterfind("n:ed-msg[@msg-type='kill']", N)
    assert message.get("info") == "KILL: The storm was in another port."
    assert len(root.find("n:body/n:body.content", N)) == 0


def test_a_correction_is_told_to_desks_and_to_readers():
    root = parse(nitf.encode(cases()["correction"], PUBLICATION))
    note = "The pier is 90 metres long, not 900."
    assert root.find("n:head/n:docdata/n:correction", N).get("info") == note
    assert root.findtext("n:body/n:body.head/n:note/n:body.content/n:p", namespaces=N) == note
    assert root.find("n:head/n:docdata/n:du-key", N).get("version") == "3"


def test_an_embargoed_story_says_when_it_may_be_released():
    root = written(sample(embargoed_until=datetime(2031, 5, 5, 7, tzinfo=UTC)))
    assert root.find("n:head/n:docdata", N).get("management-status") == "embargoed"
    assert root.find("n:head/n:docdata/n:date.release", N).get("norm") == "20310505T070000Z"


def test_urgency_nine_is_eight_for_others_and_comes_back_as_nine():
    item = sample(urgency=9)
    assert written(item).find("n:head/n:docdata/n:urgency", N).get("ed-urg") == "8"
    again = nitf.decode(nitf.encode(Dispatch(item, Kind.NEW), PUBLICATION), PUBLICATION)
    assert again.item.urgency == 9


def test_another_producers_document_without_a_namespace_is_read():
    item = foreign()
    assert (item.guid, item.headline, item.urgency) == ("ab-17", "Harbour open", 2)
    assert item.released_at == datetime(2031, 5, 4, 11, 30, tzinfo=UTC)
    assert item.bylines == (Byline(name="Ada Brook", role="staff"),)
    assert item.dateline == Place(place="PORT ALDER", date=date(2031, 5, 4))
    assert (item.ednote, item.slugline) == ("Hold the map", "harbour")
    assert item.body[:4] == (
        Paragraph(html="One Cora Finch and H<sub>2</sub>O"),
        Subhead(text="More"),
        Quotation(text="We are open", speaker="Cora Finch"),
        Table(rows=(("North", "3"),)),
    )
    picture = item.body[4].picture
    assert (picture.alt, picture.caption, picture.credit) == ("A pier", "The pier", "Ben Ash")
    assert picture.renditions[0].href == "http://pictures.example/1.jpg"


def test_a_document_that_was_laid_out_for_eyes_reads_as_one_that_was_not():
    spread = (
        (FOREIGN % "usable")
        .replace("<p>One", "<p>\n      One")
        .replace("<hl1>", "<hl1>\n  ")
        .replace("</hl1>", "\n  </hl1>")
        .replace("<td>North</td>", "<td>\n   North\n  </td>\n  ")
        .replace(" and H", "\n      and H")
    )
    assert nitf.decode(spread.encode("latin-1")).item == foreign()


@pytest.mark.parametrize(
    ("word", "status", "embargoed"),
    [
        ("usable", Status.USABLE, False),
        ("embargoed", Status.USABLE, True),
        ("withheld", Status.WITHHELD, False),
        ("canceled", Status.CANCELED, False),
        ("Killed", Status.CANCELED, False),
    ],
)
def test_another_producers_status_is_understood(word, status, embargoed):
    item = foreign(word)
    assert item.status is status
    assert (item.embargoed_until is not None) is embargoed


def test_the_smallest_valid_document_is_read(shared):
    data = (shared / "standards" / "nitf" / "minimal-story.xml").read_bytes()
    assert checking.nitf(data) == []
    assert nitf.decode(data).item.headline == "h"


@given(st.text(max_size=40).map(str.encode) | st.binary(max_size=40))
def test_bytes_that_are_no_nitf_are_refused(data):
    with pytest.raises(BadDocument, match="not an NITF"):
        nitf.decode(data)


@pytest.mark.parametrize(
    "inside",
    [
        "<head/>",
        '<head><docdata><date.issue norm="soon"/></docdata></head>',
        '<head><docdata><date.issue norm="20310504"/><urgency ed-urg="high"/></docdata></head>',
        '<head><docdata><date.issue norm="20310504"/><urgency ed-urg="11"/></docdata></head>',
    ],
)
def test_a_document_without_what_a_story_needs_is_refused_in_words(inside):
    with pytest.raises(BadDocument, match="not an NITF"):
        nitf.decode(f"<nitf>{inside}</nitf>".encode())
