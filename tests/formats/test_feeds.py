"""RSS and Atom: valid for any text, escaped once, complete, and honest about kills."""

import dataclasses
from datetime import UTC, datetime
from html import unescape

import pytest
from hypothesis import given
from lxml import etree

from dateline.formats import atom, rss
from dateline.formats.publication import Feed
from dateline.items import BadDocument, Status
from tests.formats.samples import FOLDER, cases, sample
from tests.strategies import PUBLICATION, dispatches, feeds, items, wild_items

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "c": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def feed(*stories, gone=()):
    return Feed(
        title="Ports <& piers>",
        description="All about ports & <piers>",
        language="en",
        page_path="/en/topic/ports/",
        feed_path="/en/topic/ports/feed.x",
        items=stories,
        updated_at=NOON,
        gone=gone,
    )


def parsed(data: bytes):
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.fixture(scope="session")
def rss_schema(shared):
    return etree.XMLSchema(etree.parse(shared / "standards" / "rss" / "rss-2_0.xsd"))


@pytest.fixture(scope="session")
def atom_schema(shared):
    return etree.RelaxNG(etree.parse(shared / "standards" / "atom" / "atom.rng"))


@given(feeds())
def test_rss_of_any_text_is_valid(rss_schema, whole):
    document = parsed(rss.encode(whole, PUBLICATION))
    if document.find("channel/item") is not None:
        # The schema asks for an item, which the specification does not.
        rss_schema.assertValid(document)


@given(feeds())
def test_atom_of_any_text_is_valid(atom_schema, whole):
    atom_schema.assertValid(parsed(atom.encode(whole, PUBLICATION)))


@given(items())
def test_a_headline_and_summary_are_read_back_as_they_were(item):
    whole = feed(item)
    entry = parsed(atom.encode(whole, PUBLICATION)).find("a:entry", NAMES)
    line = parsed(rss.encode(whole, PUBLICATION)).find("channel/item")
    if item.status is not Status.USABLE:
        assert entry is None
        assert line is None
        return
    assert (entry.findtext("a:title", namespaces=NAMES) or "") == item.headline
    assert (entry.findtext("a:summary", namespaces=NAMES) or "") == item.summary
    assert (line.findtext("title") or "") == item.headline
    assert unescape(line.findtext("description") or "") == unescape(
        item.summary.replace("&", "&amp;")
    )
    assert line.findtext("guid") == entry.findtext("a:id", namespaces=NAMES) == item.guid


def test_an_empty_feed_is_well_formed_and_atom_valid(atom_schema):
    assert parsed(rss.encode(feed(), PUBLICATION)).findtext("channel/title") == "Ports <& piers>"
    atom_schema.assertValid(parsed(atom.encode(feed(), PUBLICATION)))


def test_markup_like_characters_are_escaped_once_for_each_layer():
    item = sample(headline="R&D <now> &amp; then", summary="1 < 2 & 3")
    data = rss.encode(feed(item), PUBLICATION).decode()
    assert "<title>R&amp;D &lt;now&gt; &amp;amp; then</title>" in data
    assert "<description>1 &amp;lt; 2 &amp;amp; 3</description>" in data
    data = atom.encode(feed(item), PUBLICATION).decode()
    assert "<summary>1 &lt; 2 &amp; 3</summary>" in data


def test_addresses_inside_the_content_are_absolute():
    line = parsed(rss.encode(feed(sample()), PUBLICATION)).find("channel/item")
    content = line.findtext("c:encoded", namespaces=NAMES)
    assert 'href="https://news.example/en/economy/3-pier/"' in content
    assert 'src="https://news.example/media/pier-1200.jpg"' in content
    assert 'href="/' not in content
    assert 'src="/' not in content


def test_a_correction_stands_in_the_content():
    entry = parsed(atom.encode(feed(sample()), PUBLICATION)).find("a:entry", NAMES)
    content = entry.findtext("a:content", namespaces=NAMES)
    assert "The pier is 90 metres long, not 900." in content
    assert content.index("90 metres") < content.index("The harbour opened")


def test_a_killed_story_is_a_deleted_entry_and_no_entry():
    killed = sample(status=Status.CANCELED)
    root = parsed(atom.encode(feed(killed, gone=((killed.guid, NOON),)), PUBLICATION))
    assert root.find("a:entry", NAMES) is None
    gone = root.find("at:deleted-entry", NAMES)
    assert dict(gone.attrib) == {"ref": killed.guid, "when": "2031-05-04T12:00:00Z"}
    assert parsed(rss.encode(feed(killed), PUBLICATION)).find("channel/item") is None


@pytest.mark.parametrize("encode", [rss.encode, atom.encode])
def test_a_feed_names_its_own_address(encode):
    root = parsed(encode(feed(sample()), PUBLICATION))
    (link,) = root.iterfind(".//a:link[@rel='self']", NAMES)
    assert link.get("href") == "https://news.example/en/topic/ports/feed.x"


@pytest.mark.parametrize(("encode", "name"), [(rss.encode, "feed.rss"), (atom.encode, "feed.atom")])
def test_a_feed_is_as_the_sample_file_says(encode, name):
    gone = (("urn:uuid:0f0e0d0c-0000-4000-8000-000000000009", NOON),)
    root = parsed(encode(feed(sample(), gone=gone), PUBLICATION))
    etree.indent(root)
    written = etree.tostring(root, encoding="unicode").strip()
    assert written == (FOLDER / name).read_text().strip()


def clients_feed(*dispatches):
    whole = feed(*(each.item for each in dispatches))
    return dataclasses.replace(whole, releases=dispatches)


@given(dispatches(wild_items()))
def test_a_clients_feed_is_valid_by_the_standards_own_schemas(rss_schema, atom_schema, dispatch):
    atom_schema.assertValid(parsed(atom.encode_one(dispatch, PUBLICATION)))
    document = parsed(rss.encode_one(dispatch, PUBLICATION))
    # The schema takes elements of other namespaces in an item, as RSS does, by their names alone.
    rss_schema.assertValid(document)


@pytest.mark.parametrize("form", [rss, atom])
def test_a_clients_feed_tells_every_release_in_its_order(form):
    sent = tuple(cases().values())
    found = form.decode(form.encode(clients_feed(*sent), PUBLICATION), PUBLICATION)
    assert [(each.item.guid, each.item.version, each.kind, each.serial) for each in found] == [
        (each.item.guid, each.item.version, each.kind, each.serial) for each in sent
    ]


@pytest.mark.parametrize("form", [rss, atom])
def test_a_client_is_told_of_a_kill_and_why(form):
    data = form.encode_one(cases()["kill"], PUBLICATION).decode()
    assert ">KILL: Harbour opens after storm" in data
    assert "KILL: The storm was in another port." in data


@pytest.mark.parametrize("form", [rss, atom])
def test_a_clients_feed_has_the_hash_of_each_file(form):
    data = form.encode_one(cases()["new"], PUBLICATION).decode()
    for file in sample().picture.renditions:
        assert f'sha256="{file.sha256}"' in data


@pytest.mark.parametrize("form", [rss, atom])
def test_a_readers_feed_says_nothing_of_releases_and_is_no_clients(form):
    data = form.encode(feed(sample()), PUBLICATION)
    assert b"x-dateline" not in data
    with pytest.raises(BadDocument, match="says nothing of its release"):
        form.decode(data, PUBLICATION)
    with pytest.raises(BadDocument, match="has no entry"):
        form.decode_one(form.encode(feed(), PUBLICATION), PUBLICATION)
