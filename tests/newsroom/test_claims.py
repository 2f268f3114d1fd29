"""Claims: one person writes a story at a time, and nothing that anybody typed is lost by it."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from dateline.newsroom import claims, roles
from dateline.newsroom.claims import AnothersClaim, Claim, NotYourClaim
from dateline.newsroom.release import release
from dateline.newsroom.screens.typed import keep_unsaved
from dateline.newsroom.story import Story
from dateline.newsroom.trail import TrailEntry
from tests.newsroom.desk import body_of, desk_of, form_of, person, url


@pytest.fixture
def other(newsroom):
    return person("other", roles.EDITOR)


@pytest.fixture
def their_desk(other):
    return desk_of(other)


def opened(client, story, **kwargs):
    return client.get(url("edit", story.pk), **kwargs)


def act(client, story, name, **data):
    return client.post(f"/desk/claims/{story.pk}/{name}/", data)


def typed_in(story, **changes) -> str:
    """What a window sends of its form."""
    basis = {"loaded_revision_id": str(Story.objects.get(pk=story.pk).latest_revision_id)}
    return urlencode(form_of(story, **basis, **changes))


def silent(story):
    """Its holder's window was not heard of for too long."""
    long_ago = timezone.now() - claims.HOLD - timedelta(seconds=1)
    Claim.objects.filter(story=story.pk).update(seen_at=long_ago)


def headlines(story) -> list[str]:
    return [str(r.content["headline"]) for r in story.revisions.order_by("pk")]


def newest_headline(story) -> str:
    return str(Story.objects.get(pk=story.pk).get_latest_revision().content["headline"])


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_opening_a_story_claims_it(desk, draft, editor):
    opened(desk, draft)
    assert claims.of(draft).holder() == editor


def test_another_reads_along_and_gets_no_form(desk, their_desk, draft):
    opened(desk, draft)
    page = opened(their_desk, draft).content.decode()
    assert "editor has this story" in page
    assert 'name="headline"' not in page
    assert "The rate stays." in page


def test_another_reads_what_is_typed_and_not_saved_yet(desk, their_desk, draft):
    opened(desk, draft)
    act(desk, draft, "renew", unsaved=typed_in(draft, headline="Bank raises the rate 🏦"))
    assert "raises the rate 🏦" in opened(their_desk, draft).content.decode()
    live = their_desk.get(f"/desk/claims/{draft.pk}/live/").json()
    assert "raises the rate 🏦" in live["html"]
    again = their_desk.get(f"/desk/claims/{draft.pk}/live/", {"since": live["mark"]}).json()
    assert "html" not in again
    assert newest_headline(draft) == "Bank holds the rate"


def test_reading_along_makes_no_topic_of_what_is_being_typed(desk, their_desk, draft):
    from dateline.newsroom.documents import Topic

    opened(desk, draft)
    before = Topic.objects.count()
    act(desk, draft, "renew", unsaved=typed_in(draft, topics="Half a na"))
    opened(their_desk, draft)
    assert Topic.objects.count() == before


def test_unsaved_text_is_escaped_where_it_is_read(desk, their_desk, draft):
    opened(desk, draft)
    act(desk, draft, "renew", unsaved=typed_in(draft, headline="<script>alert(1)</script>"))
    page = opened(their_desk, draft).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert" in page.replace("</del>", "").replace("<ins>", "")


def test_taking_over_makes_the_others_unsaved_text_a_version_of_theirs(
    desk, their_desk, draft, editor, other
):
    """superdesk-core#874, superdesk-client#802: work was lost when a lock was taken."""
    opened(desk, draft)
    act(desk, draft, "renew", unsaved=typed_in(draft, headline="Typed and not saved"))
    answer = act(their_desk, draft, "take-over").json()
    assert answer["mine"]
    story = Story.objects.get(pk=draft.pk)
    newest = story.get_latest_revision()
    assert newest.content["headline"] == "Typed and not saved"
    assert newest.user == editor
    assert claims.of(draft).holder() == other
    assert "Typed and not saved" in opened(their_desk, draft).content.decode()
    assert str(newest.pk) in answer["kept"]
    assert their_desk.get(answer["kept"]).status_code == 200


def test_a_take_over_stands_in_the_trail(desk, their_desk, draft):
    opened(desk, draft)
    act(their_desk, draft, "take-over")
    entry = TrailEntry.objects.get(act="take-over")
    assert (entry.person, entry.story, entry.note) == ("other", draft.pk, "from editor")


def test_a_take_over_of_a_saved_story_makes_no_version(desk, their_desk, draft):
    desk.post(url("edit", draft.pk), form_of(draft))
    opened(desk, draft)
    before = draft.revisions.count()
    act(desk, draft, "renew", unsaved=typed_in(draft))
    assert act(their_desk, draft, "take-over").json()["kept"] == ""
    assert draft.revisions.count() == before


def test_unsaved_text_that_no_form_would_take_is_kept_as_it_was_typed(desk, their_desk, draft):
    opened(desk, draft)
    too_long = "Слово " * 60
    act(desk, draft, "renew", unsaved=typed_in(draft, headline=too_long))
    act(their_desk, draft, "take-over")
    assert newest_headline(draft).strip() == too_long.strip()


def test_a_save_after_a_take_over_is_kept_beside_and_never_over(desk, their_desk, draft, editor):
    """superdesk-planning#2572: a force unlock raced with the other's autosave."""
    opened(desk, draft)
    act(their_desk, draft, "take-over")
    their_desk.post(url("edit", draft.pk), form_of(draft, headline="The taker's"))
    response = desk.post(
        url("edit", draft.pk), form_of(draft, headline="The first one's"), follow=True
    )
    assert "other has this story now" in said(response)
    assert newest_headline(draft) == "The taker's"
    kept = draft.revisions.get(content__headline="The first one's")
    assert kept.user == editor
    assert str(kept.pk) in response.request["PATH_INFO"]


def test_an_autosave_after_a_take_over_is_refused_in_words(desk, their_desk, draft):
    opened(desk, draft)
    act(their_desk, draft, "take-over")
    response = desk.post(
        url("edit", draft.pk),
        form_of(draft, headline="Too late"),
        headers={"accept": "application/json"},
    )
    assert response.status_code == 400
    assert "other has this story now" in response.json()["error_message"]
    assert newest_headline(draft) == "Bank holds the rate"


def test_a_window_that_lost_the_story_sends_what_it_has_as_a_further_version(
    desk, their_desk, draft
):
    opened(desk, draft)
    act(their_desk, draft, "take-over")
    text = typed_in(draft, headline="More that was typed")
    answer = act(desk, draft, "keep-beside", unsaved=text).json()
    assert not answer["mine"]
    assert "More that was typed" in headlines(draft)
    assert newest_headline(draft) == "Bank holds the rate"
    before = draft.revisions.count()
    act(desk, draft, "keep-beside", unsaved=text)
    assert draft.revisions.count() == before


def test_a_version_kept_beside_does_not_stand_for_the_draft_when_released(
    desk, their_desk, draft, other
):
    opened(desk, draft)
    act(their_desk, draft, "take-over")
    act(desk, draft, "keep-beside", unsaved=typed_in(draft, headline="Beside"))
    story = Story.objects.get(pk=draft.pk)
    story.get_latest_revision().publish(user=other)
    story.refresh_from_db()
    assert story.headline == "Bank holds the rate"
    assert not story.has_unpublished_changes


def test_nobody_is_kept_out_by_a_window_that_is_gone(desk, their_desk, draft, other):
    """Ghost#8969, #9841: "someone else is editing", with nobody there."""
    opened(desk, draft)
    act(desk, draft, "renew", unsaved=typed_in(draft, headline="Left behind"))
    silent(draft)
    page = their_desk.get(url("edit", draft.pk), follow=True).content.decode()
    assert 'name="headline"' in page
    assert claims.of(draft).holder() == other
    assert newest_headline(draft) == "Left behind"


def test_a_window_that_was_silent_has_its_claim_again_if_nobody_took_it(desk, draft, editor):
    opened(desk, draft)
    silent(draft)
    assert claims.of(draft).holder() is None
    assert act(desk, draft, "renew").json()["mine"]
    assert claims.of(draft).holder() == editor


def test_leaving_lets_go_and_the_next_one_gets_the_form(desk, their_desk, draft):
    opened(desk, draft)
    act(desk, draft, "let-go")
    assert claims.of(draft).holder() is None
    assert 'name="headline"' in opened(their_desk, draft).content.decode()


def test_the_holder_sees_who_asks_and_hands_over_with_what_they_typed(
    desk, their_desk, draft, other
):
    opened(desk, draft)
    assert act(their_desk, draft, "ask").json()["asked"]
    answer = act(desk, draft, "renew", unsaved=typed_in(draft, headline="Nearly done")).json()
    assert answer["asks"] == "other"
    act(desk, draft, "hand-over")
    assert claims.of(draft).holder() == other
    assert newest_headline(draft) == "Nearly done"


def test_the_holder_may_keep_it(desk, their_desk, draft, editor):
    opened(desk, draft)
    act(their_desk, draft, "ask")
    act(desk, draft, "keep-it")
    assert claims.of(draft).holder() == editor
    assert not their_desk.get(f"/desk/claims/{draft.pk}/live/").json()["asked"]


def test_only_the_holder_hands_over(desk, their_desk, draft, other):
    opened(desk, draft)
    act(their_desk, draft, "ask")
    with pytest.raises(NotYourClaim):
        claims.hand_over(draft, by=other, keep=keep_unsaved)


def test_asking_works_without_scripts(desk, their_desk, draft, other):
    opened(desk, draft)
    response = their_desk.post(f"/desk/claims/{draft.pk}/ask/then/", follow=True)
    assert "Asked." in response.content.decode()
    response = their_desk.post(f"/desk/claims/{draft.pk}/take-over/then/", follow=True)
    assert 'name="headline"' in response.content.decode()
    assert claims.of(draft).holder() == other


def test_who_may_not_change_stories_may_not_touch_a_claim(draft, desk, newsroom):
    opened(desk, draft)
    guest = person("guest")
    guest.user_permissions.set(roles._permissions(["wagtailadmin.access_admin"]))
    for name in ("renew", "ask", "take-over", "let-go", "keep-beside"):
        assert act(desk_of(guest), draft, name).status_code in (302, 403)
    response = desk_of(guest).get(f"/desk/claims/{draft.pk}/live/")
    assert response.status_code in (302, 403)


def test_an_act_that_does_not_exist_does_nothing(desk, their_desk, draft, editor):
    opened(desk, draft)
    assert act(their_desk, draft, "steal").status_code in (404, 405)
    assert claims.of(draft).holder() == editor


def test_a_claim_never_stops_a_release_by_code_or_the_clock(desk, draft, rows, other):
    opened(desk, draft)
    release(Story.objects.get(pk=draft.pk), by=other)
    assert [row.kind for row in rows()] == ["new"]


def test_the_guard_of_a_save_names_who_has_the_story(desk, draft, other):
    from django.db import transaction

    opened(desk, draft)
    with transaction.atomic(), pytest.raises(AnothersClaim) as raised:
        claims.guard(draft, by=other)
    assert raised.value.facts["holder"] == "editor"


def test_opening_and_reading_along_take_few_queries(
    desk, their_desk, draft, django_assert_max_num_queries
):
    opened(desk, draft)
    text = typed_in(draft)
    # What opening the form itself takes before it knows that another has it is Wagtail's.
    with django_assert_max_num_queries(40):
        opened(their_desk, draft)
    with django_assert_max_num_queries(25):
        their_desk.get(f"/desk/claims/{draft.pk}/live/")
    with django_assert_max_num_queries(15):
        act(desk, draft, "renew", unsaved=text)


def test_text_in_any_script_is_kept(desk, their_desk, draft):
    opened(desk, draft)
    text = "مرحبا بالعالم שלום 世界 👩‍👩‍👧 ß İ"
    body = body_of(("paragraph", f"<p>{text}</p>"))
    act(desk, draft, "renew", unsaved=typed_in(draft, headline=text, **body))
    act(their_desk, draft, "take-over")
    newest = Story.objects.get(pk=draft.pk).get_latest_revision()
    assert newest.content["headline"] == text
    assert text in newest.as_object().body[0].value.source


@pytest.mark.parametrize("action", ["action-submit", "action-publish"])
def test_a_story_that_was_sent_on_or_released_is_free_for_the_next(desk, draft, action):
    opened(desk, draft)
    desk.post(url("edit", draft.pk), form_of(draft, **{action: "1"}))
    assert claims.of(draft).user is None


def test_a_saved_draft_stays_with_who_writes_it(desk, editor, draft):
    opened(desk, draft)
    desk.post(url("edit", draft.pk), form_of(draft))
    assert claims.of(draft).user == editor
