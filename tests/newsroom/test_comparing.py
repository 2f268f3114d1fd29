"""Two versions of a story word by word, with who, when and why; an earlier one restored."""

import re
from datetime import UTC, datetime

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from dateline.newsroom import roles, saving
from dateline.newsroom.comparing import Change, compare, words_of
from dateline.newsroom.documents import Topic
from dateline.newsroom.release import release
from dateline.newsroom.screens import versions
from dateline.newsroom.screens.typed import joined_fields
from dateline.newsroom.screens.versions import compared
from dateline.newsroom.story import Story
from tests.newsroom.desk import body_of, desk_of, form_of, person, url


@pytest.fixture
def their_desk(newsroom):
    return desk_of(person("other", roles.EDITOR))


def saved(desk, story, **changes):
    """A further version of the story, by whoever sits at this desk."""
    response = desk.post(url("edit", story.pk), form_of(story, **changes))
    assert response.status_code == 302, response.context["form"].errors
    return newest(story)


def newest(story):
    return Story.objects.get(pk=story.pk).get_latest_revision()


def shown(desk, story, before="earliest", after="latest", **kwargs) -> str:
    response = desk.get(url("revisions_compare", story.pk, before, after), **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def restore(desk, story, revision, **kwargs):
    return desk.post(f"/desk/stories/{story.pk}/versions/{revision.pk}/restore/", **kwargs)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


TEXTS = st.lists(st.sampled_from(["Bank", "holds", "the", "rate", ",", " ", "\n", "ставку"])).map(
    "".join
)


@given(TEXTS, TEXTS)
def test_whatever_changed_both_texts_stand_whole_in_what_is_shown(before, after):
    runs = compare(words_of(before), words_of(after))
    assert "".join(run.text for run in runs if run.change != Change.NEW) == before
    assert "".join(run.text for run in runs if run.change != Change.GONE) == after


def test_a_word_that_changed_is_marked_and_the_others_are_not(desk, draft):
    saved(desk, draft, headline="Bank lowers the rate")
    page = shown(desk, draft)
    assert "Bank <del>holds</del><ins>lowers</ins> the rate" in page


def test_words_made_bold_or_linked_elsewhere_are_a_change(desk, draft):
    saved(desk, draft, **body_of(("paragraph", "<p>The <b>rate</b> stays.</p>")))
    assert "<ins><b>rate</b></ins>" in shown(desk, draft)


def test_fields_beside_the_text_are_compared_by_their_names(desk, draft):
    saved(desk, draft, urgency="2", topics="Rates, Harvest", ednote="Hold until noon")
    page = shown(desk, draft)
    changed = re.findall(r'<section class="compared__passage" aria-label="([^"]+)"', page)
    assert {"Urgency", "Topics", "Note to editors"} <= set(changed)
    assert "Section" not in changed
    assert "<ins>bulletin</ins>" in page


def test_what_did_not_change_can_be_read_too(desk, draft):
    saved(desk, draft, headline="Bank lowers the rate")
    page = shown(desk, draft)
    assert "Economy en" in page
    assert "unchanged" in page


def test_two_versions_in_which_nothing_differs_say_so(desk, draft):
    number = draft.latest_revision_id
    assert "Nothing differs" in shown(desk, draft, number, number)


def test_each_version_says_who_made_it_when_and_why(desk, draft, editor):
    release(draft, by=editor)
    saved(desk, draft, headline="Bank lowers the rate")
    desk.post(
        url("edit", draft.pk),
        form_of(
            draft,
            headline="Bank lowers the rate",
            correction_note="It was lowered.",
            **{"action-publish": "1"},
        ),
    )
    page = strip_tags(shown(desk, draft))
    assert "released as version 1" in page
    assert "released as version 2: It was lowered." in page
    assert "reporter" in page
    assert "editor" in page
    assert "readers have it" in page


def test_any_two_versions_can_be_chosen_on_the_screen(desk, draft):
    first = newest(draft)
    second = saved(desk, draft, headline="Second")
    saved(desk, draft, headline="Third")
    address = url("revisions_compare", draft.pk, "earliest", "latest")
    response = desk.get(address, {"before": second.pk, "after": first.pk}, follow=True)
    assert "<del>Second</del>" in response.content.decode()


def test_what_is_no_version_is_refused_in_words_or_not_found(desk, draft, en):
    address = url("revisions_compare", draft.pk, "earliest", "latest")
    response = desk.get(address, {"before": "x", "after": "latest"}, follow=True)
    assert "Only versions of this story" in said(response)
    another = Story.objects.create(locale=en.locale, headline="Another")
    others = another.save_revision(clean=False)
    answer = desk.get(url("revisions_compare", draft.pk, others.pk, "latest"))
    assert answer.status_code == 404
    assert restore(desk, draft, others).status_code in (404, 405)
    assert draft.revisions.count() == 1


def test_markup_in_a_version_is_text_where_it_is_compared(desk, draft):
    saved(desk, draft, headline="<script>alert(1)</script>")
    page = shown(desk, draft)
    assert "<script>alert(1)" not in page
    assert "alert" in page


def test_a_version_that_readers_have_is_compared_with_the_draft(desk, released):
    saved(desk, released, headline="Bank lowers the rate")
    assert "<ins>lowers</ins>" in shown(desk, released, "live", "latest")
    assert "Compare versions" in desk.get(url("edit", released.pk)).content.decode()


def test_an_earlier_version_is_restored_as_a_new_one_and_none_is_lost(desk, draft, editor):
    first = newest(draft)
    saved(desk, draft, headline="A bad idea", topics="Harvest")
    response = restore(desk, draft, first, follow=True)
    assert "Restored as a new version" in said(response)
    made = newest(draft)
    assert made.pk > first.pk
    assert (made.content["headline"], made.user) == ("Bank holds the rate", editor)
    assert [ref.name for ref in made.as_object().topic_refs()] == ["Central bank", "Rates"]
    assert draft.revisions.filter(content__headline="A bad idea").exists()
    assert "again" in shown(desk, draft)


def test_restoring_a_version_of_a_released_story_changes_nothing_for_readers(
    desk, released, rows
):
    first = newest(released)
    saved(desk, released, headline="A bad idea")
    restore(desk, released, first)
    released.refresh_from_db()
    assert rows() == []
    assert (released.live, released.version) == (True, 1)
    assert released.has_unpublished_changes


def test_no_version_is_restored_over_the_text_of_who_has_the_story(desk, their_desk, draft):
    first = newest(draft)
    saved(desk, draft, headline="Second")
    desk.post(f"/desk/claims/{draft.pk}/let-go/")
    their_desk.get(url("edit", draft.pk))
    response = restore(desk, draft, first, follow=True)
    assert "other has this story now" in said(response)
    assert newest(draft).content["headline"] == "Second"


def test_a_form_left_open_while_a_version_was_restored_is_joined_with_it(desk, draft):
    first = newest(draft)
    second = saved(desk, draft, headline="Second")
    open_form = form_of(
        draft,
        headline="Second",
        ednote="Typed before",
        loaded_revision_id=str(second.pk),
        loaded_revision_created_at=second.created_at.isoformat(),
    )
    restore(desk, draft, first)
    desk.post(url("edit", draft.pk), open_form)
    made = newest(draft).content
    assert (made["headline"], made["ednote"]) == ("Bank holds the rate", "Typed before")


def test_whoever_may_not_change_the_story_compares_and_restores_nothing(newsroom, draft):
    client = desk_of(person("clients", roles.CLIENT_MANAGER))
    address = url("revisions_compare", draft.pk, "earliest", "latest")
    assert client.get(address).status_code in (302, 403)
    assert restore(client, draft, newest(draft)).status_code in (302, 403)


def test_a_story_in_review_stays_as_it_was_sent(desk, placed, reporter):
    writer = desk_of(reporter)
    first = newest(placed)
    saved(writer, placed, headline="Second")
    form = form_of(placed, headline="Second", **{"action-submit": "1"})
    writer.post(url("edit", placed.pk), form)
    restore(writer, placed, first)
    assert newest(placed).content["headline"] == "Second"


def test_a_version_is_read_when_what_it_points_at_was_deleted_since(desk, released):
    saved(desk, released, topics="Central bank, Passing fancy")
    Topic.objects.filter(name="Passing fancy").delete()
    assert "Nothing differs" not in shown(desk, released, "live", "latest")
    assert desk.get(url("edit", released.pk)).status_code == 200


def test_the_screen_takes_few_queries_however_many_versions(
    desk, draft, django_assert_max_num_queries
):
    for number in range(12):
        saved(desk, draft, headline=f"Version {number}")
    with django_assert_max_num_queries(25):
        shown(desk, draft)


def test_the_screen_is_in_the_persons_language(desk, draft):
    saved(desk, draft, headline="Друга")
    page = shown(desk, draft, headers={"accept-language": "uk"})
    assert "Повернути цю версію" in page
    assert "без змін" in page


def test_whatever_two_saves_are_joined_by_is_shown_when_it_is_to_be_chosen():
    """Else a person would be asked to choose between two empty boxes."""
    asked = set(joined_fields()) - saving.NOT_JOINED - {"body"}
    shown = {*versions._SHOWN, "story_topics", "story_entities"}
    # Which version of its source a translation follows goes with the text that follows it.
    assert asked - shown == {"follows_version", "follows_at"}


def test_an_embargo_that_changed_is_shown(draft):
    before = draft.with_content_json(draft.draft_content())
    draft.embargo_until = datetime(2031, 6, 1, 9, tzinfo=UTC)
    changed = [str(each.html) for each in compared(before, draft) if each.changed]
    assert len(changed) == 1
    assert "12:00" in changed[0]
