"""Every change is named: what the form and the screens offer, ask, foretell and refuse."""

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from dateline.items import Kind
from dateline.newsroom import reach
from dateline.newsroom.release import kill, release
from dateline.newsroom.rewriting import begin_rewrite
from dateline.newsroom.story import Story
from dateline.newsroom.withholding import withhold
from tests.newsroom.desk import desk_of, form_of, url

CHANGES = ("withhold", "restore", "unpublish", "rewrite")


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def menu_of(client, story) -> list[str]:
    """What the form of a story offers, in its words."""
    page = BeautifulSoup(client.get(url("edit", story.pk)).content, "lxml")
    found = page.select("nav.footer button, nav.footer a, .footer__container button, footer a")
    return [" ".join(each.get_text().split()) for each in found if each.get_text().strip()]


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# --- what is offered -----------------------------------------------------------------------------


def test_a_draft_is_released_and_nothing_else(desk, draft):
    menu = menu_of(desk, draft)
    assert "Release" in menu
    assert not {"Release update", "Release correction", "Withhold", "Kill", "Rewrite"} & {*menu}


def test_a_released_story_offers_each_change_by_its_name(desk, released):
    menu = menu_of(desk, released)
    assert {"Release update", "Release correction", "Withhold", "Kill", "Rewrite"} <= {*menu}
    assert "Restore" not in menu


def test_a_withheld_story_is_restored_in_one_of_three_ways_or_killed(desk, released):
    withhold(released, reason="Disputed.")
    menu = menu_of(desk, released)
    assert {"Restore", "Restore with these changes", "Restore with a correction", "Kill"} <= {*menu}
    assert not {"Withhold", "Rewrite", "Release update"} & {*menu}


def test_a_killed_story_offers_no_change(desk, released):
    kill(released, reason="Wrong bank.")
    menu = menu_of(desk, released)
    assert [each for each in menu if each.startswith(("Re", "Kill", "Withhold"))] == []


def test_in_review_there_is_one_way_to_release(desk, draft, reporter):
    draft.get_workflow().start(draft, reporter)
    menu = menu_of(desk, draft)
    assert "Approve and release" in menu
    assert "Release" not in menu


def test_a_reporter_is_offered_no_change_of_what_readers_have(reporter, released):
    menu = menu_of(desk_of(reporter), released)
    assert not {"Release update", "Release correction", "Withhold", "Kill", "Rewrite"} & {*menu}


# --- what the form asks --------------------------------------------------------------------------


def test_a_correction_asks_for_its_note_and_keeps_what_was_typed(desk, released, rows):
    form = form_of(released, headline="Bank raises it", **{"action-publish": "correction"})
    response = desk.post(url("edit", released.pk), form)
    assert list(response.context["form"].errors) == ["correction_note"]
    assert "Bank raises it" in response.content.decode()
    assert rows() == []


def test_a_correction_with_its_note_is_released_as_one(desk, released, rows):
    note = "The rate is 4%, not 5%."
    form = form_of(released, correction_note=note, **{"action-publish": "correction"})
    desk.post(url("edit", released.pk), form)
    (row,) = rows()
    assert row.kind is Kind.CORRECTION
    assert [each.note for each in row.document.corrections] == [note]


def test_an_update_with_a_note_is_asked_what_it_is(desk, released, rows):
    form = form_of(released, correction_note="It is 4%.", **{"action-publish": "update"})
    response = desk.post(url("edit", released.pk), form)
    assert list(response.context["form"].errors) == ["correction_note"]
    assert rows() == []


def test_a_note_that_readers_have_is_no_correction(desk, released, rows):
    released.correction_note = "It is 4%."
    release(released)
    form = form_of(released, correction_note=" It  is 4%. ", **{"action-publish": "correction"})
    response = desk.post(url("edit", released.pk), form)
    assert "very note already" in str(response.context["form"].errors)
    assert len(rows()) == 1


# --- a stale tab ---------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["update", "correction"])
def test_a_stale_tab_releases_over_nothing_and_its_draft_is_kept(desk, released, rows, change):
    note = "It is 4%." if change == "correction" else ""
    stale = form_of(
        released, headline="From the stale tab", correction_note=note, version_seen="1",
        **{"action-publish": change},
    )  # fmt: skip
    released.headline = "Theirs"
    release(released)
    response = desk.post(url("edit", released.pk), stale, follow=True)
    assert [row.version for row in rows()] == [2]
    assert "version 2" in said(response)
    assert "Your draft is kept" in said(response)
    story = fresh(released)
    assert story.headline == "Theirs"
    assert story.get_latest_revision_as_object().headline == "From the stale tab"
    # The form now shows the version that is out, so the next release is over what was seen.
    assert 'name="version_seen" value="2"' in response.content.decode()


def test_a_stale_tab_does_not_bring_a_withheld_story_back(desk, released, rows):
    stale = form_of(released, version_seen="1", **{"action-publish": "update"})
    withhold(released, reason="Disputed.")
    desk.post(url("edit", released.pk), stale)
    assert [row.kind for row in rows()] == [Kind.WITHHOLD]
    assert not fresh(released).live


def test_the_form_still_tells_what_was_seen_when_it_comes_back_with_faults(desk, released):
    stale = form_of(released, headline="", version_seen="1", **{"action-publish": "update"})
    release(released)
    page = desk.post(url("edit", released.pk), stale).content.decode()
    assert 'name="version_seen" value="1"' in page


# --- the screens ---------------------------------------------------------------------------------


def test_withholding_asks_for_a_reason_and_takes_the_story_down(desk, released, rows):
    refused = desk.post(url("withhold", released.pk), {"reason": " "})
    assert "readers and clients are told" in refused.content.decode()
    response = desk.post(url("withhold", released.pk), {"reason": "Disputed."}, follow=True)
    (row,) = rows()
    assert (row.kind, row.document.withhold_reason) == (Kind.WITHHOLD, "Disputed.")
    assert "Withheld" in said(response)


def test_restoring_asks_nothing_and_names_the_readers_page(desk, released, rows):
    withhold(released, reason="Disputed.")
    response = desk.post(url("restore", released.pk), follow=True)
    assert rows()[-1].kind is Kind.RESTORE
    assert f"/en/economy/{released.pk}-" in said(response)


def test_a_rewrite_opens_the_new_draft(desk, editor, released):
    response = desk.post(url("rewrite", released.pk), follow=True)
    draft = Story.objects.exclude(pk=released.pk).get()
    assert response.request["PATH_INFO"] == url("edit", draft.pk)
    assert (draft.evolved_from, draft.created_by) == (released, editor)
    assert "Written anew from:" in response.content.decode()
    again = desk.get(url("rewrite", released.pk)).content.decode()
    assert "Written anew already:" in again


REFUSED = {
    "a draft": (None, {"withhold", "restore", "unpublish", "rewrite"}),
    "a released story": (release, {"restore"}),
    "a withheld story": (lambda s: withhold(release(s), reason="No."), {"withhold", "rewrite"}),
    "a killed story": (lambda s: kill(release(s), reason="No."), {*CHANGES}),
}


@pytest.mark.parametrize(("before", "refused"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("change", CHANGES)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    desk, draft, rows, before, refused, change
):
    if before is not None:
        before(draft)
    so_far = len(rows())
    shown = desk.get(url(change, draft.pk))
    assert (shown.status_code == 302) == (change in refused)
    if change in refused:
        response = desk.post(url(change, draft.pk), {"reason": "Why not."}, follow=True)
        assert response.request["PATH_INFO"] == url("edit", draft.pk)
        assert said(response)
        assert len(rows()) == so_far
        assert Story.objects.count() == 1


@pytest.mark.parametrize("change", CHANGES)
def test_no_screen_of_a_change_is_for_those_who_may_not_release(reporter, released, rows, change):
    client = desk_of(reporter)
    assert client.get(url(change, released.pk)).status_code == 302
    assert client.post(url(change, released.pk), {"reason": "Mine."}).status_code == 302
    assert rows() == []
    assert Story.objects.count() == 1


@pytest.mark.parametrize("change", ["withhold", "unpublish", "rewrite"])
def test_a_screen_foretells_which_pages_it_reaches(desk, released, follow_public, change):
    release(begin_rewrite(released))
    follow_public()
    page = " ".join(desk.get(url(change, released.pk)).content.decode().split())
    # Its own, Latest, section, day, two topics, the rewrite; which is the one of its topics too.
    assert "8 pages show it now" in page
    assert "#Central bank, #Rates" in page
    assert "1 story before or after it" in page
    assert "up to 1 story of the same topics" in page
    assert "among the ten newest" in page


def test_clients_are_counted_by_whoever_knows_them(desk, released, monkeypatch):
    page = desk.get(url("withhold", released.pk)).content.decode()
    assert "Whoever takes this story over the wire." in page
    monkeypatch.setattr(reach, "_count_clients", reach._count_clients)
    reach.count_clients_by(lambda guid: 7 if guid == released.guid else 0)
    assert "7 clients have it" in desk.get(url("withhold", released.pk)).content.decode()


def test_a_screen_of_a_change_works_while_the_archive_is_in_repair(desk, released, monkeypatch):
    def broken(_number):
        raise DatabaseError("no such table")

    monkeypatch.setattr("dateline.archive.places.places_of", broken)
    assert "in repair" in desk.get(url("withhold", released.pk)).content.decode()


@pytest.mark.parametrize("change", ["withhold", "unpublish", "rewrite"])
def test_a_screen_of_a_change_costs_few_queries(desk, released, follow_public, change):
    follow_public()
    desk.get(url(change, released.pk))
    with CaptureQueriesContext(connection) as asked:
        desk.get(url(change, released.pk))
    assert len(asked) <= 25


def test_the_list_finds_the_withheld_and_only_them(desk, released, draft):
    withhold(released, reason="Disputed.")
    page = desk.get(url("list"), {"state": "withheld"}).content.decode()
    assert "Bank holds the rate" in page
    assert "desk-state--withheld" in page
    for state in ("draft", "released", "killed", "changed"):
        listed = desk.get(url("list"), {"state": state}).content.decode()
        assert "Bank holds the rate" not in listed, state
