"""Two saves against each other: what only one changed is joined, what both changed is chosen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.newsroom import claims, roles, saving
from dateline.newsroom.saving import Choice, join
from dateline.newsroom.story import Story
from tests.newsroom.desk import body_of, desk_of, form_of, person, url

FIELDS = ("headline", "summary", "body")


def content(headline="H", summary="S", **blocks: str) -> dict:
    body = [{"type": "subhead", "value": text, "id": key} for key, text in blocks.items()]
    return {"headline": headline, "summary": summary, "body": json.dumps(body), "pk": 1}


def texts(joined) -> list[str]:
    return [block["value"] for block in json.loads(joined.content["body"])]


# --- the join, pure ---


def test_what_only_one_side_changed_is_taken_from_it():
    base, theirs, mine = content(), content(headline="Theirs"), content(summary="Mine")
    joined = join(base, theirs, mine, fields=FIELDS)
    assert joined.conflicts == ()
    assert (joined.content["headline"], joined.content["summary"]) == ("Theirs", "Mine")


def test_what_both_changed_alike_is_no_conflict():
    base, both = content(), content(headline="Same")
    assert join(base, both, both, fields=FIELDS).conflicts == ()


def test_a_field_that_both_changed_is_to_be_chosen():
    base, theirs, mine = content(), content(headline="Theirs"), content(headline="Mine")
    (conflict,) = join(base, theirs, mine, fields=FIELDS).conflicts
    assert (conflict.key, conflict.theirs, conflict.mine) == ("headline", "Theirs", "Mine")
    for choice, chosen in ((Choice.MINE, "Mine"), (Choice.THEIRS, "Theirs")):
        joined = join(base, theirs, mine, fields=FIELDS, choices={"headline": choice})
        assert (joined.conflicts, joined.content["headline"]) == ((), chosen)


def test_paragraphs_changed_by_each_are_joined():
    base = content(a="one", b="two", c="three")
    theirs = content(a="ONE", b="two", c="three")
    mine = content(a="one", b="two", c="THREE")
    joined = join(base, theirs, mine, fields=FIELDS)
    assert (joined.conflicts, texts(joined)) == ((), ["ONE", "two", "THREE"])


def test_paragraphs_added_by_each_are_both_there_where_they_were_put():
    base = content(a="one", b="two")
    theirs = content(a="one", t="from them", b="two")
    mine = content(a="one", b="two", m="from me")
    joined = join(base, theirs, mine, fields=FIELDS)
    assert texts(joined) == ["one", "from them", "two", "from me"]


def test_a_paragraph_taken_out_by_one_goes_and_one_also_changed_is_to_be_chosen():
    base = content(a="one", b="two")
    assert texts(join(base, content(a="one"), content(a="one", b="two"), fields=FIELDS)) == ["one"]
    joined = join(base, content(a="one"), content(a="one", b="TWO"), fields=FIELDS)
    assert [conflict.key for conflict in joined.conflicts] == ["body:b"]


def test_both_versions_of_a_paragraph_can_stand_under_each_other():
    base, theirs, mine = content(a="one"), content(a="theirs"), content(a="mine")
    joined = join(base, theirs, mine, fields=FIELDS, choices={"body:a": Choice.BOTH})
    assert texts(joined) == ["theirs", "mine"]


def test_one_order_changed_is_kept_with_the_others_words():
    base = content(a="one", b="two", c="three")
    joined = join(
        base, content(a="one", b="TWO", c="three"), content(c="three", a="one", b="two"),
        fields=FIELDS,
    )
    assert (joined.conflicts, texts(joined)) == ((), ["three", "one", "TWO"])


def test_two_orders_are_to_be_chosen():
    base = content(a="1", b="2", c="3")
    theirs, mine = content(b="2", a="1", c="3"), content(a="1", c="3", b="2")
    assert [c.key for c in join(base, theirs, mine, fields=FIELDS).conflicts] == ["body"]
    joined = join(base, theirs, mine, fields=FIELDS, choices={"body": Choice.MINE})
    assert texts(joined) == ["1", "3", "2"]


def test_without_a_base_every_difference_is_to_be_chosen():
    joined = join(None, content(headline="A", a="x"), content(headline="B", a="y"), fields=FIELDS)
    assert {conflict.key for conflict in joined.conflicts} == {"headline", "body:a"}


def test_the_rich_text_editors_own_keys_are_no_change():
    base = content(a='<p data-block-key="k1">one</p>')
    theirs, mine = content(a="<p>changed</p>"), content(a='<p data-block-key="k2">one</p>')
    joined = join(base, theirs, mine, fields=FIELDS)
    assert (joined.conflicts, texts(joined)) == ((), ["<p>changed</p>"])


_bodies = st.dictionaries(
    st.sampled_from("abcdef"), st.sampled_from(["1", "2", "3"]), max_size=6
).map(lambda found: {key: key + text for key, text in found.items()})


@given(base=_bodies, theirs=_bodies, mine=_bodies)
def test_whatever_two_people_do_no_text_of_either_is_gone_unless_both_say_so(base, theirs, mine):
    joined = join(content(**base), content(**theirs), content(**mine), fields=FIELDS)
    undecided = {conflict.key.removeprefix("body:") for conflict in joined.conflicts}
    for side in (theirs, mine):
        for key, text in side.items():
            if text != base.get(key) and key not in undecided:
                assert text in texts(joined)


@given(base=_bodies, mine=_bodies)
def test_joining_with_an_unchanged_side_is_the_other_side(base, mine):
    joined = join(content(**base), content(**base), content(**mine), fields=FIELDS)
    assert joined.conflicts == ()
    assert texts(joined) == list(mine.values())


# --- through the form ---


@pytest.fixture
def their_desk(newsroom):
    return desk_of(person("other", roles.EDITOR))


@pytest.fixture
def draft(desk, draft):
    """As the form of these tests has it, so that a form changes only what its test says."""
    desk.post(url("edit", draft.pk), form_of(draft))
    desk.post(f"/desk/claims/{draft.pk}/let-go/")
    return draft


def basis(story) -> dict[str, str]:
    newest = Story.objects.get(pk=story.pk).get_latest_revision()
    return {
        "loaded_revision_id": str(newest.pk),
        "loaded_revision_created_at": newest.created_at.isoformat(),
    }


def newest(story):
    return Story.objects.get(pk=story.pk).get_latest_revision()


def saved_meanwhile(their_desk, story, **changes):
    """Somebody else takes the story, saves it and leaves."""
    their_desk.post(f"/desk/claims/{story.pk}/take-over/")
    response = their_desk.post(url("edit", story.pk), form_of(story, **basis(story), **changes))
    assert response.status_code == 302
    their_desk.post(f"/desk/claims/{story.pk}/let-go/")


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_stale_save_is_joined_and_nobodys_change_is_undone(desk, their_desk, draft):
    """wagtail#2565: the second save silently undid the first."""
    mine = form_of(draft, **basis(draft), summary="My summary")
    saved_meanwhile(their_desk, draft, headline="Their headline")
    response = desk.post(url("edit", draft.pk), mine, follow=True)
    assert "Saved together with what other saved" in said(response)
    assert newest(draft).content["headline"] == "Their headline"
    assert newest(draft).content["summary"] == "My summary"


def test_a_stale_save_of_the_same_field_comes_side_by_side_with_both_kept(
    desk, their_desk, draft, editor
):
    """Ghost#30514: the only way out of the conflict threw the unsaved text away."""
    mine = form_of(draft, **basis(draft), headline="My headline")
    saved_meanwhile(their_desk, draft, headline="Their headline")
    response = desk.post(url("edit", draft.pk), mine, follow=True)
    page = response.content.decode()
    assert "two-saves__conflict" in page
    assert newest(draft).content["headline"] == "Their headline"
    assert draft.revisions.get(content__headline="My headline").user == editor
    address = response.request["PATH_INFO"]
    theirs = str(newest(draft).pk)
    unanswered = desk.post(address, {"theirs": theirs})
    assert "Choose for each" in said(unanswered)
    desk.post(address, {"theirs": theirs, "choice:headline": "mine"})
    assert newest(draft).content["headline"] == "My headline"
    assert draft.revisions.filter(content__headline="Their headline").exists()


def test_a_choice_made_while_somebody_saved_again_is_asked_again(desk, their_desk, draft):
    mine = form_of(draft, **basis(draft), headline="My headline")
    saved_meanwhile(their_desk, draft, headline="Their headline")
    address = desk.post(url("edit", draft.pk), mine)["Location"]
    theirs = str(newest(draft).pk)
    saved_meanwhile(their_desk, draft, headline="Their other headline")
    response = desk.post(address, {"theirs": theirs, "choice:headline": "mine"})
    assert "once more meanwhile" in said(response)
    assert newest(draft).content["headline"] == "Their other headline"


def test_a_release_from_a_stale_form_saves_and_releases_nothing_unread(
    desk, their_desk, draft, rows
):
    mine = form_of(draft, **basis(draft), summary="Mine", **{"action-publish": "1"})
    saved_meanwhile(their_desk, draft, headline="Their headline")
    response = desk.post(url("edit", draft.pk), mine, follow=True)
    assert "Not released" in said(response)
    assert rows() == []
    assert newest(draft).content["summary"] == "Mine"


def test_a_form_that_came_back_with_a_fault_still_knows_what_it_was_opened_on(
    desk, their_desk, draft
):
    mine = form_of(draft, **basis(draft), headline="w" * 201, summary="Mine")
    saved_meanwhile(their_desk, draft, headline="Their headline")
    page = desk.post(url("edit", draft.pk), mine)
    assert page.status_code == 200
    back = page.content.decode()
    assert f'name="base_revision_id" value="{mine["loaded_revision_id"]}"' in back
    again = form_of(
        draft,
        **basis(draft),
        base_revision_id=mine["loaded_revision_id"],
        base_revision_created_at=mine["loaded_revision_created_at"],
        summary="Mine",
    )
    desk.post(url("edit", draft.pk), again)
    assert newest(draft).content["headline"] == "Their headline"
    assert newest(draft).content["summary"] == "Mine"


def test_a_stale_autosave_is_refused(desk, their_desk, draft):
    mine = form_of(draft, **basis(draft), summary="Mine")
    saved_meanwhile(their_desk, draft, headline="Their headline")
    response = desk.post(url("edit", draft.pk), mine, headers={"accept": "application/json"})
    assert (response.status_code, response.json()["error_code"]) == (400, "invalid_revision")
    assert newest(draft).content["headline"] == "Their headline"


def test_an_autosave_writes_over_its_own_version_but_not_over_one_that_others_began_with(
    desk, their_desk, draft
):
    desk.get(url("edit", draft.pk))

    def autosave(headline, own=""):
        form = form_of(draft, **basis(draft), headline=headline, window="w1")
        form |= {"overwrite_revision_id": own} if own else {}
        response = desk.post(url("edit", draft.pk), form, headers={"accept": "application/json"})
        return str(response.json()["revision_id"])

    first = autosave("One")
    assert autosave("Two", first) == first
    their_desk.get(url("edit", draft.pk))
    second = autosave("Three", first)
    assert second != first
    assert draft.revisions.get(pk=first).content["headline"] == "Two"
    assert autosave("Four", second) == second


def test_a_window_does_not_conflict_with_an_answer_of_its_own_that_was_lost(desk, draft):
    desk.get(url("edit", draft.pk))
    mine = form_of(draft, **basis(draft), headline="Typed", window="w1")
    desk.post(url("edit", draft.pk), mine, headers={"accept": "application/json"})
    desk.post(url("edit", draft.pk), {**mine, "headline": "Typed further"})
    assert newest(draft).content["headline"] == "Typed further"


def test_two_windows_of_one_person_are_joined_too(desk, draft):
    one = form_of(draft, **basis(draft), headline="From one", window="w1")
    two = form_of(draft, **basis(draft), summary="From two", window="w2")
    desk.post(url("edit", draft.pk), one)
    desk.post(url("edit", draft.pk), two)
    assert newest(draft).content["headline"] == "From one"
    assert newest(draft).content["summary"] == "From two"


def test_bodies_are_joined_block_by_block_through_the_form(desk, their_desk, draft):
    desk.post(
        url("edit", draft.pk), form_of(draft, **body_of(("subhead", "One"), ("subhead", "Two")))
    )
    ids = [block["id"] for block in saving.blocks_in(newest(draft).content["body"])]

    def body(*values):
        fields = body_of(*(("subhead", value) for value in values))
        return fields | {f"body-{place}-id": key for place, key in enumerate(ids)}

    mine = form_of(draft, **basis(draft), **body("One", "Two, by me"))
    saved_meanwhile(their_desk, draft, **body("One, by them", "Two"))
    desk.post(url("edit", draft.pk), mine)
    values = [block["value"] for block in saving.blocks_in(newest(draft).content["body"])]
    assert values == ["One, by them", "Two, by me"]


def test_topics_changed_by_one_side_are_kept(desk, their_desk, draft):
    mine = form_of(draft, **basis(draft), summary="Mine")
    saved_meanwhile(their_desk, draft, topics="Harvest, Rates")
    desk.post(url("edit", draft.pk), mine)
    names = [ref.name for ref in newest(draft).as_object().topic_refs()]
    assert names == ["Harvest", "Rates"]
    assert newest(draft).content["summary"] == "Mine"


def test_a_stale_save_of_a_released_story_leaves_what_readers_have(desk, their_desk, released):
    desk.post(url("edit", released.pk), form_of(released))
    desk.post(f"/desk/claims/{released.pk}/let-go/")
    mine = form_of(released, **basis(released), summary="Mine")
    saved_meanwhile(their_desk, released, headline="Their headline")
    desk.post(url("edit", released.pk), mine)
    released.refresh_from_db()
    assert released.headline == "Bank holds the rate"
    assert newest(released).content["summary"] == "Mine"


def test_a_story_brought_in_by_others_is_not_chosen_for_by_who_does_not_hold_it(
    desk, their_desk, draft
):
    mine = form_of(draft, **basis(draft), headline="My headline")
    saved_meanwhile(their_desk, draft, headline="Their headline")
    address = desk.post(url("edit", draft.pk), mine)["Location"]
    their_desk.post(f"/desk/claims/{draft.pk}/take-over/")
    theirs = str(newest(draft).pk)
    desk.post(address, {"theirs": theirs, "choice:headline": "mine"})
    assert newest(draft).content["headline"] == "Their headline"


def test_a_new_story_is_claimed_by_who_begins_it(desk, en, editor):
    desk.post(url("add") + "?locale=en", form_of(window="w1"))
    claim = claims.of(Story.objects.get())
    assert (claim.holder(), claim.window) == (editor, "w1")
