"""Corrections, withheld stories and rewrites, as readers meet them."""

from datetime import timedelta

import pytest
from django.db import connections
from lxml import etree

from dateline.addresses import item_path
from dateline.archive import changes, queries
from dateline.archive.models import PUBLIC
from dateline.items import Correction, Former, Paragraph, Status
from tests.documents import NOON, a_killed, an_item
from tests.site.conftest import hrefs, in_ukrainian, text_of, texts, tree_of


def corrected(number: int, *notes: str, version: int = 2, **fields):
    """A story whose corrections came 1, 2, … hours after noon and its number of minutes."""
    return an_item(
        number,
        version=version,
        corrections=tuple(
            Correction(at=NOON + timedelta(hours=hour, minutes=number), note=note)
            for hour, note in enumerate(notes, start=1)
        ),
        **fields,
    )


def rewritten(number: int, *, of, **fields):
    former = Former(guid=of.guid, number=of.number, headline=of.headline)
    return an_item(number, evolved_from=former, **fields)


def test_the_list_of_corrections_tells_note_time_and_story_the_newest_first(publish, open_page):
    publish(corrected(1, "It is 4%.", "It is 5%."), corrected(2, "It was Lviv."), an_item(3))

    page = open_page("/en/corrections/")

    assert texts(page, "h1") == ["Corrections"]
    assert texts(page, ".corrections__note") == ["It is 5%.", "It was Lviv.", "It is 4%."]
    assert texts(page, ".corrections time") == [
        "17:01 03.09.2025", "16:02 03.09.2025", "16:01 03.09.2025",
    ]  # fmt: skip
    assert hrefs(page, ".corrections a") == [
        item_path(corrected(n, version=2)) for n in (1, 2, 1)
    ]


def test_each_edition_has_its_own_corrections_and_every_page_leads_to_them(publish, open_page):
    publish(corrected(1, "It is 4%."), in_ukrainian(corrected(2, "Це 4%.")))

    assert texts(open_page("/uk/corrections/"), ".corrections__note") == ["Це 4%."]
    for path in ("/uk/", "/uk/latest/", item_path(in_ukrainian(corrected(2)))):
        assert "/uk/corrections/" in hrefs(open_page(path), ".footer a")


def test_an_edition_that_was_never_wrong_says_so(open_page):
    assert texts(open_page("/en/corrections/"), ".empty") == ["Nothing was corrected so far."]


def test_corrections_are_turned_page_by_page_without_a_gap(publish, open_page):
    publish(*(corrected(n, f"note {n}") for n in range(1, 66)))

    path, read = "/en/corrections/", []
    while path:
        page = open_page(path)
        read += texts(page, ".corrections__note")
        (path,) = hrefs(page, ".pager__older") or [""]

    assert read == [f"note {n}" for n in range(65, 0, -1)]
    assert len(texts(open_page(hrefs(page, ".pager__newer")[0]), ".corrections__note")) == 30


@pytest.mark.parametrize("status", [Status.CANCELED, Status.WITHHELD])
def test_the_corrections_of_a_story_that_is_gone_are_gone_with_it(publish, open_page, status):
    publish(corrected(1, "It is 4%."))
    publish(an_item(1, version=3, status=status, body=()))

    assert texts(open_page("/en/corrections/"), ".corrections__note") == []


def test_a_restored_story_has_its_corrections_again(publish, open_page):
    publish(corrected(1, "It is 4%."))
    publish(an_item(1, version=3, status=Status.WITHHELD, body=()))
    publish(corrected(1, "It is 4%.", version=4))

    assert texts(open_page("/en/corrections/"), ".corrections__note") == ["It is 4%."]


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_the_feed_of_corrections_has_an_entry_for_each(client, publish, agency, ending):
    publish(corrected(1, "It is 4% & more.", "It is <5%."))

    response = client.get(f"/en/corrections/feed.{ending}")

    root = etree.fromstring(response.content)
    entries = [*root.iter("item"), *root.iter("{http://www.w3.org/2005/Atom}entry")]
    names = {e.findtext("guid") or e.findtext("{http://www.w3.org/2005/Atom}id") for e in entries}
    assert (len(entries), len(names)) == (2, 2)
    assert "It is 4% &amp;amp; more." in response.content.decode()


def test_no_list_of_corrections_scans_its_table(publish):
    publish(corrected(1, "It is 4%."))
    found = queries.corrections("en", limit=31)
    with connections[PUBLIC].cursor() as cursor:
        assert [each.note for each in found] == ["It is 4%."]
        if connections[PUBLIC].vendor != "sqlite":
            pytest.skip("Its planner scans a small table, whatever the index.")
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT note FROM archive_archivedcorrection"
            " WHERE edition = 'en' ORDER BY at DESC, number DESC LIMIT 31"
        )
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "archive_corrections" in plan
    assert "TEMP B-TREE" not in plan


def test_a_correction_changes_the_list_also_when_its_story_goes(publish):
    publish(corrected(1, "It is 4%."))
    publish(a_killed(corrected(1)))

    tags = [change.tags for change in changes.newest(2)]
    assert all("corrections-en" in each for each in tags)


# --- withheld ------------------------------------------------------------------------------------


def test_a_withheld_story_is_not_found_for_now_and_says_why(client, publish, agency):
    story = an_item(1, headline="Mayor fined over the quay")
    publish(story, an_item(
        1, version=2, status=Status.WITHHELD, withhold_reason="The fine is disputed.", body=()
    ))  # fmt: skip

    response = client.get(item_path(story))

    page = response.content.decode()
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-cache"
    assert texts(tree_of(response), "h1") == ["This story is withheld"]
    assert "The fine is disputed." in page
    assert "Mayor" not in page
    assert "Text of 1" not in page


def test_a_withheld_story_stands_in_no_list_and_no_feed(client, publish, agency, open_page):
    publish(an_item(1, topics=("grain",)), an_item(2, topics=("grain",)))
    publish(an_item(1, version=2, status=Status.WITHHELD, topics=("grain",), body=()))

    for path in ("/en/", "/en/latest/", "/en/economy/", "/en/topic/grain/", "/en/2025/09/03/"):
        assert not any("/1-" in href for href in hrefs(open_page(path), "main a")), path
    for ending in ("rss", "atom"):
        assert "Headline 1" not in client.get(f"/en/feed.{ending}").content.decode()


# --- rewrites ------------------------------------------------------------------------------------


def test_an_old_story_leads_to_the_newer_one_and_back(publish, open_story):
    old = an_item(1)
    new = rewritten(2, of=old)
    publish(old, new)

    (newer,) = open_story(old).select(".newer")
    (earlier,) = open_story(new).select(".earlier")

    assert text_of(newer).startswith("There is a newer story Headline 2, version 1")
    assert [a["href"] for a in newer.select("a")] == [item_path(new)]
    assert [a["href"] for a in earlier.select("a")] == [item_path(old)]


@pytest.mark.parametrize("status", [Status.CANCELED, Status.WITHHELD])
def test_no_link_leads_to_a_rewrite_that_is_gone_and_no_headline_of_the_old_one_stays(
    publish, open_story, status
):
    old = an_item(1, headline="Mayor fined over the quay")
    new = rewritten(2, of=old)
    publish(old, new)
    publish(an_item(1, version=2, status=status, body=()))

    page = open_story(new)

    assert page.select(".earlier") == []
    assert "Mayor" not in str(page)


def test_the_old_page_changes_when_the_rewrite_is_released_changed_and_killed(publish):
    old = an_item(1)
    publish(old)
    for version in (rewritten(2, of=old), rewritten(2, of=old, version=2),
                    a_killed(an_item(2, version=2))):  # fmt: skip
        publish(version)
        (change,) = changes.newest(1)
        assert "rewrites-1" in change.tags


# --- flash ---------------------------------------------------------------------------------------


def test_a_flash_that_is_its_headline_says_that_more_follows(publish, open_story):
    body = (Paragraph(html="Rates &amp; bonds fall"),)
    flash = an_item(1, headline="Rates & bonds fall", urgency=1, body=body)
    publish(flash)

    assert texts(open_story(flash), ".text") == ["More follows."]


def test_a_flash_that_grew_shows_its_text(publish, open_story):
    flash = an_item(1, version=2, urgency=1)
    publish(flash)

    assert texts(open_story(flash), ".text") == ["Text of 1, version 2"]
