"""NewsML-G2: what it says of kills, corrections and embargoes, and what of other hands it reads."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.formats import checking, newsml
from dateline.formats.dispatch import Dispatch
from dateline.formats.xml import parse
from dateline.items import BadDocument, Byline, Kind, Status
from tests.formats.samples import cases, sample
from tests.strategies import PUBLICATION

N = {"n": "http://iptc.org/std/nar/2006-10-01/", "h": "http://www.w3.org/1999/xhtml"}


def written(item=None, kind=Kind.NEW):
    return parse(newsml.encode(Dispatch(item or sample(), kind), PUBLICATION))


def codes(root, path):
    return [each.get("qcode") for each in root.iterfind(path, N)]


def test_a_kill_is_canceled_has_its_reason_and_no_content():
    root = parse(newsml.encode(cases()["kill"], PUBLICATION))
    assert codes(root, "n:itemMeta/n:pubStatus") == ["stat:canceled"]
    assert "KILL: The storm was in another port." in [
        note.text for note in root.iterfind("n:itemMeta/n:edNote", N)
    ]
    assert root.find("n:contentSet", N) is None


def test_a_kill_without_a_reason_says_that_it_is_one():
    root = written(sample(status=Status.CANCELED, body=(), ednote="", corrections=()), Kind.KILL)
    (note,) = root.iterfind("n:itemMeta/n:edNote", N)
    assert note.text == "KILL: "


def test_a_correction_is_signalled_and_noted_with_its_time():
    root = parse(newsml.encode(cases()["correction"], PUBLICATION))
    assert codes(root, "n:itemMeta/n:signal") == ["sig:correction"]
    note = root.findall("n:itemMeta/n:edNote", N)[-1]
    assert note.text == "CORRECTION: The pier is 90 metres long, not 900."
    assert note.get("modified") == "2031-05-04T13:30:00Z"
    (before,) = root.iterfind("n:itemMeta/n:link[@rel='irel:previousVersion']", N)
    assert (before.get("residref"), before.get("version")) == (root.get("guid"), "2")


def test_an_embargoed_story_is_usable_and_says_until_when():
    root = written(sample(embargoed_until=datetime(2031, 5, 5, 7, tzinfo=UTC)))
    assert root.findtext("n:itemMeta/n:embargoed", namespaces=N) == "2031-05-05T07:00:00Z"
    assert codes(root, "n:itemMeta/n:pubStatus") == ["stat:usable"]


def test_subjects_are_media_topics_and_people_are_named():
    root = written()
    assert codes(root, "n:contentMeta/n:subject")[:2] == ["medtop:20000337", "medtop:20000151"]
    assert root.find("n:contentMeta/n:subject[@type='cpnat:person']/n:name", N).text == "Cora Finch"


def test_each_file_of_a_picture_has_its_size_and_hash():
    root = written()
    picture = root.find("n:itemMeta/n:link[@id='lead']", N)
    files = picture.findall("n:remoteContent", N)
    assert [each.findtext("n:hash", namespaces=N) for each in files] == [
        each.sha256 for each in sample().picture.renditions
    ]
    assert picture.get("href") == files[-1].get("href")
    assert files[-1].get("href").startswith("https://news.example/media/")


def test_the_text_is_xhtml_in_its_namespace():
    root = written()
    inline = root.find("n:contentSet/n:inlineXML", N)
    assert inline.get("contenttype") == "application/xhtml+xml"
    assert inline.find("h:html/h:body/h:p/h:b", N).text == "on Sunday"


def test_the_standards_own_listings_of_text_are_read(shared):
    folder = shared / "standards" / "newsml-g2" / "examples"
    item = newsml.decode((folder / "LISTING_2_NewsML-G2_Text_Document.xml").read_bytes()).item
    assert item.headline == 'Fed to halt QE to avert "bubble"'
    assert (item.guid, item.version) == ("urn:newsml:acmenews.com:20161121:US-FINANCE-FED", 11)
    assert [subject.code for subject in item.subjects][:1] == ["medtop:04000000"]
    assert item.bylines == (Byline(name="Meredith Jameson"),)
    assert item.slugline == "US-Finance-Fed"
    first, _ = (block.html for block in item.body)
    assert first.startswith("(New York, NY - October 21) Et, sent luptat luptat, commy Nim ")
    assert "  " not in first


@pytest.mark.parametrize(
    ("name", "kind"), [("correction", Kind.CORRECTION), ("kill", Kind.KILL)]
)
def test_other_producers_corrections_and_kills_are_known_for_what_they_are(shared, name, kind):
    folder = shared / "standards" / "newsml-g2" / "examples"
    data = (folder / f"minimal-{name}.xml").read_bytes()
    assert checking.newsml(data) == []
    assert newsml.decode(data).kind is kind


def test_a_story_within_a_message_is_found():
    story = newsml.encode(cases()["new"], PUBLICATION).split(b"?>", 1)[1]
    message = (
        b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>'
        + story
        + b"</itemSet></newsMessage>"
    )
    assert newsml.decode(message, PUBLICATION) == cases()["new"]


def test_plain_text_and_a_time_without_a_zone_are_taken_as_they_are():
    item = newsml.decode(
        b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x" version="1"><itemMeta>'
        b"<versionCreated>2031-05-04T12:00:00</versionCreated><title>T</title></itemMeta>"
        b"<contentSet><inlineData>One &lt; two\n\nThree</inlineData></contentSet></newsItem>"
    ).item
    assert item.released_at == datetime(2031, 5, 4, 12, tzinfo=UTC)
    assert [block.html for block in item.body] == ["One &lt; two", "Three"]
    assert item.headline == "T"


@given(st.text(max_size=40).map(str.encode) | st.binary(max_size=40))
def test_bytes_that_are_no_newsml_are_refused(data):
    with pytest.raises(BadDocument, match="not a NewsML"):
        newsml.decode(data)


@pytest.mark.parametrize(
    "inside",
    [
        "<itemMeta/>",
        "<itemMeta><versionCreated>now</versionCreated></itemMeta>",
        "<itemMeta><versionCreated>2031-05-04T12:00:00Z</versionCreated>"
        '<pubStatus qcode="stat:lost"/></itemMeta>',
        "<itemMeta><versionCreated>2031-05-04T12:00:00Z</versionCreated>"
        "<profile>dateline-99</profile></itemMeta>",
    ],
)
def test_a_news_item_without_what_a_story_needs_is_refused_in_words(inside):
    with pytest.raises(BadDocument, match="not a NewsML"):
        newsml.decode(
            b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x">'
            + inside.encode()
            + b"</newsItem>"
        )
