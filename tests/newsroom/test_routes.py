"""Every route that publishes or unpublishes a story: exactly one row, or no change at all.

The routes are those found in Wagtail 8.0.1's source by looking for `publish(`, `unpublish(` and
the actions of its registry: the form's buttons, a workflow's approval from the form and from its
own view, a revision brought back, the schedule (ours and Wagtail's command), and code. Wagtail has
no bulk publishing of snippets; `test_no_other_bulk_action_exists` says when that changes.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.actions import action_registry
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Revision, WorkflowState
from wagtail.signals import published, unpublished

from dateline.archive.follower import PublicArchive
from dateline.items import Kind
from dateline.newsroom import scheduler
from dateline.newsroom.release import ReleaseAction, kill, release
from dateline.newsroom.story import ReleaseBypassed, StillReleased, Story
from dateline.releases import log
from dateline.releases.following import catch_up
from tests.newsroom.desk import desk_of, failing, form_of, url

NEW_HEADLINE = "Bank raises the rate"


@dataclass
class Room:
    """The newsroom of one test: an editor's desk, and the story at hand."""

    desk: Client
    editor: Any
    story: Story

    def fresh(self) -> Story:
        return Story.objects.get(pk=self.story.pk)


@pytest.fixture
def room(desk, editor, draft) -> Room:
    return Room(desk, editor, draft)


# --- what is left behind -------------------------------------------------------------------------

STATE = (
    "live", "version", "live_revision_id", "first_published_at", "last_published_at",
    "killed_at", "kill_reason", "corrections", "expired",
)  # fmt: skip


def state_of(story: Story) -> dict[str, Any]:
    """What readers' pages hang on, and the state of the story's review."""
    row = Story.objects.filter(pk=story.pk).values(*STATE).get()
    reviews = WorkflowState.objects.filter(object_id=str(story.pk)).values_list("status", flat=True)
    return {**row, "reviews": sorted(reviews)}


# --- routes that release -------------------------------------------------------------------------


def nothing_first(room: Room) -> None:
    pass


def released_first(room: Room) -> None:
    room.story = release(room.story, by=room.editor)


def in_review(room: Room) -> None:
    room.story.get_workflow().start(room.story, room.story.created_by)


def due(room: Room) -> None:
    """Scheduled through the form for a time to come, which then came."""
    later = timezone.now() + timedelta(days=1)
    room.desk.post(
        url("edit", room.story.pk),
        form_of(room.story, go_live_at=f"{later:%Y-%m-%d %H:%M}", **{"action-publish": "1"}),
    )
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1
    past = timezone.now() - timedelta(minutes=1)
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    Story.objects.filter(pk=room.story.pk).update(go_live_at=past)


def edit_and_publish(room: Room) -> Any:
    form = form_of(room.story, headline=NEW_HEADLINE, **{"action-publish": "1"})
    return room.desk.post(url("edit", room.story.pk), form, follow=True)


def approve_in_form(room: Room) -> Any:
    form = form_of(
        room.story,
        **{"action-workflow-action": "true", "workflow-action-name": "approve"},
    )
    return room.desk.post(url("edit", room.story.pk), form, follow=True)


def approve_in_form_with_comment(room: Room) -> Any:
    form = form_of(
        room.story,
        **{
            "action-workflow-action": "true",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": '{"comment": "Good."}',
        },
    )
    return room.desk.post(url("edit", room.story.pk), form, follow=True)


def approve_in_its_view(room: Room) -> Any:
    task_state = room.story.current_workflow_task_state
    address = url("workflow_action", room.story.pk, "approve", task_state.pk)
    return room.desk.post(address, {"comment": ""}, follow=True)


def approve_in_its_dialogue(room: Room) -> Any:
    task_state = room.story.current_workflow_task_state
    address = url("workflow_action", room.story.pk, "approve", task_state.pk)
    headers = {"x-requested-with": "XMLHttpRequest"}
    return room.desk.post(address, {"comment": "Good."}, headers=headers)


def revert_and_publish(room: Room) -> Any:
    first = room.story.revisions.order_by("created_at").first()
    form = form_of(room.story, **{"action-publish": "1"})
    return room.desk.post(url("revisions_revert", room.story.pk, first.pk), form, follow=True)


def our_scheduler(room: Room) -> Any:
    scheduler.run_due(timezone.now())


def wagtails_command(room: Room) -> Any:
    call_command("publish_scheduled")


def by_release(room: Room) -> Any:
    release(room.fresh(), by=room.editor)


def by_story_publish(room: Room) -> Any:
    story = room.fresh()
    story.publish(story.save_revision(user=room.editor), user=room.editor)


def by_revision_publish(room: Room) -> Any:
    room.fresh().get_latest_revision().publish(user=room.editor)


def by_registered_publish(room: Room) -> Any:
    action = action_registry.get_action_class(Story, "publish")
    action(room.fresh().get_latest_revision(), user=room.editor).execute()


def by_registered_edit(room: Room) -> Any:
    action = action_registry.get_action_class(Story, "edit")
    action(room.fresh(), user=room.editor, publish=True).execute()


RELEASING: dict[str, tuple[Callable[[Room], None], Callable[[Room], Any], Kind]] = {
    "a draft's Release button": (nothing_first, edit_and_publish, Kind.NEW),
    "a released story's Release button": (released_first, edit_and_publish, Kind.UPDATE),
    "approval from the form": (in_review, approve_in_form, Kind.NEW),
    "approval from the form with a comment": (in_review, approve_in_form_with_comment, Kind.NEW),
    "approval from its view": (in_review, approve_in_its_view, Kind.NEW),
    "approval from its dialogue": (in_review, approve_in_its_dialogue, Kind.NEW),
    "a revision brought back": (nothing_first, revert_and_publish, Kind.NEW),
    "a revision of a released story brought back": (
        released_first,
        revert_and_publish,
        Kind.UPDATE,
    ),
    "our scheduler": (due, our_scheduler, Kind.NEW),
    "Wagtail's publish_scheduled": (due, wagtails_command, Kind.NEW),
    "release()": (nothing_first, by_release, Kind.NEW),
    "Story.publish()": (nothing_first, by_story_publish, Kind.NEW),
    "Revision.publish()": (nothing_first, by_revision_publish, Kind.NEW),
    "the registered publish action": (nothing_first, by_registered_publish, Kind.NEW),
    "the registered edit action": (nothing_first, by_registered_edit, Kind.NEW),
}

releasing = pytest.mark.parametrize(("before", "act", "kind"), RELEASING.values(), ids=RELEASING)


@releasing
def test_a_route_that_releases_adds_exactly_one_row(room, rows, before, act, kind):
    before(room)
    so_far = len(rows())
    act(room)
    story, added = room.fresh(), rows()[so_far:]
    assert [(row.guid, row.kind, row.version) for row in added] == [
        (story.guid, kind, story.version)
    ]
    assert added[0].document.headline == story.headline
    assert story.live
    assert story.live_revision_id is not None


@releasing
@pytest.mark.parametrize("fault", ["receiver", "append"])
def test_a_release_that_fails_changes_nothing(room, rows, monkeypatch, before, act, kind, fault):
    before(room)
    so_far, state = rows(), state_of(room.story)
    _run_failing(room, act, fault, published, monkeypatch)
    assert rows() == so_far
    assert state_of(room.story) == state


# --- routes that kill ----------------------------------------------------------------------------


def expired(room: Room) -> None:
    released_first(room)
    past = timezone.now() - timedelta(minutes=1)
    Story.objects.filter(pk=room.story.pk).update(expire_at=past)


def kill_on_its_screen(room: Room) -> Any:
    return room.desk.post(url("unpublish", room.story.pk), {"reason": "Wrong bank."}, follow=True)


def by_kill(room: Room) -> Any:
    kill(room.fresh(), reason="Wrong bank.", by=room.editor)


def by_story_unpublish(room: Room) -> Any:
    room.fresh().unpublish(user=room.editor)


def by_registered_unpublish(room: Room) -> Any:
    action = action_registry.get_action_class(Story, "unpublish")
    action(room.fresh(), user=room.editor).execute()


KILLING: dict[str, tuple[Callable[[Room], None], Callable[[Room], Any]]] = {
    "the kill screen": (released_first, kill_on_its_screen),
    "kill()": (released_first, by_kill),
    "Story.unpublish()": (released_first, by_story_unpublish),
    "the registered unpublish action": (released_first, by_registered_unpublish),
    "our scheduler": (expired, our_scheduler),
    "Wagtail's publish_scheduled": (expired, wagtails_command),
}

killing = pytest.mark.parametrize(("before", "act"), KILLING.values(), ids=KILLING)


@killing
def test_a_route_that_unpublishes_adds_exactly_one_kill(room, rows, before, act):
    before(room)
    so_far = len(rows())
    act(room)
    story, added = room.fresh(), rows()[so_far:]
    assert [(row.guid, row.kind, row.version) for row in added] == [(story.guid, Kind.KILL, 2)]
    assert not story.live
    assert story.killed_at is not None


@killing
@pytest.mark.parametrize("fault", ["receiver", "append"])
def test_a_kill_that_fails_changes_nothing(room, rows, monkeypatch, before, act, fault):
    before(room)
    so_far, state = rows(), state_of(room.story)
    _run_failing(room, act, fault, unpublished, monkeypatch)
    assert rows() == so_far
    assert state_of(room.story) == state
    assert room.fresh().live


def _run_failing(room: Room, act: Any, fault: str, signal: Any, monkeypatch: Any) -> None:
    """Run a route that cannot end well: screens say so, code raises."""
    if fault == "receiver":
        with failing(signal), suppress(RuntimeError):
            _answered(act(room))
        return

    def refuse(*_args: Any, **_kwargs: Any) -> int:
        raise RuntimeError("the database refused the row")

    with monkeypatch.context() as patch, suppress(RuntimeError):
        patch.setattr(log, "append", refuse)
        _answered(act(room))


def _answered(response: Any) -> None:
    if response is not None:
        assert response.status_code == 200


# --- a new story, released at once ---------------------------------------------------------------


def create_and_publish(desk: Client, **changes: Any) -> Any:
    form = form_of(**{"action-publish": "1", **changes})
    return desk.post(url("add") + "?locale=en", form, follow=True)


def test_a_new_story_released_at_once_adds_one_row(desk, editor, rows):
    create_and_publish(desk)
    story = Story.objects.get()
    assert story.live
    assert story.created_by == editor
    assert [(row.guid, row.kind) for row in rows()] == [(story.guid, Kind.NEW)]


def test_a_new_story_whose_release_fails_is_kept_as_a_draft(desk, rows):
    with failing(published):
        response = create_and_publish(desk, topics="Harvest, Grain")
    story = Story.objects.get()
    assert not story.live
    assert story.version == 0
    assert rows() == []
    assert response.request["PATH_INFO"] == url("edit", story.pk)
    assert "Your draft is kept." in _said(response)
    assert story.headline == "Harvest is in"
    assert [ref.name for ref in story.topic_refs()] == ["Harvest", "Grain"]


def test_the_registered_create_action_adds_one_row(en, editor, draft, rows):
    action = action_registry.get_action_class(Story, "create")
    story = Story(
        locale=en.locale, section=draft.section, headline="New", body=[("paragraph", "<p>Yes.</p>")]
    )
    action(story, user=editor, publish=True).execute()
    assert [(row.guid, row.kind) for row in rows()] == [(story.guid, Kind.NEW)]


def test_what_was_typed_is_kept_when_the_release_of_a_released_story_fails(room, rows):
    released_first(room)
    with failing(published):
        response = edit_and_publish(room)
    story = room.fresh()
    assert story.headline == "Bank holds the rate"
    assert story.get_latest_revision_as_object().headline == NEW_HEADLINE
    assert len(rows()) == 1
    assert "Your draft is kept." in _said(response)


def test_an_approval_that_fails_leaves_the_story_in_review_and_says_so(room):
    in_review(room)
    with failing(published):
        response = approve_in_its_view(room)
    assert room.fresh().workflow_in_progress
    assert "nothing was changed" in _said(response)


# --- at the same moment --------------------------------------------------------------------------


def test_of_two_releases_at_the_same_moment_one_is_told(room, rows):
    released_first(room)
    with hooks.register_temporarily("before_edit_snippet", someone_else_is_quicker):
        response = edit_and_publish(room)
    assert "a moment ago by someone else" in _said(response)
    assert [row.version for row in rows()] == [1, 2]
    story = room.fresh()
    assert (story.version, story.headline) == (2, "Bank holds the rate")
    assert NEW_HEADLINE in story.revisions.values_list("object_str", flat=True)


def test_a_draft_released_by_someone_else_while_it_is_saved_comes_back_with_what_was_typed(
    room, rows
):
    with hooks.register_temporarily("before_edit_snippet", someone_else_is_quicker):
        response = edit_and_publish(room)
    assert "a moment ago" in _said(response)
    assert response.context["form"]["headline"].value() == NEW_HEADLINE
    assert [row.version for row in rows()] == [1]
    assert room.fresh().headline == "Bank holds the rate"
    edit_and_publish(room)
    assert [row.version for row in rows()] == [1, 2]
    assert room.fresh().headline == NEW_HEADLINE


def someone_else_is_quicker(request: Any, story: Story) -> None:
    """Between the reading of the story and the saving of the form."""
    if request.method == "POST":
        release(Story.objects.get(pk=story.pk))


def test_of_a_release_and_a_kill_at_the_same_moment_one_is_told(room, rows):
    released_first(room)
    stale = room.fresh()
    kill(room.fresh(), reason="No.")
    with pytest.raises(log.AlreadyReleased), transaction.atomic():
        stale.publish(stale.save_revision())
    with pytest.raises(log.AlreadyReleased), transaction.atomic():
        stale.unpublish(reason="Again.")
    assert [row.kind for row in rows()] == [Kind.NEW, Kind.KILL]
    assert room.fresh().killed_at is not None


# --- routes that must do nothing to what was released --------------------------------------------


def test_wagtails_own_publish_action_is_refused(room, rows):
    later = timezone.now() + timedelta(days=1)
    revision = room.story.get_latest_revision()
    revision.approved_go_live_at = later
    revision.save()
    state = state_of(room.story)
    with pytest.raises(ReleaseBypassed):
        PublishRevisionAction(revision, user=room.editor).execute()
    assert state_of(room.story) == state
    assert rows() == []


def test_wagtails_own_unpublish_action_is_refused(room, rows):
    released_first(room)
    state, so_far = state_of(room.story), rows()
    with pytest.raises(ReleaseBypassed):
        UnpublishAction(room.fresh(), user=room.editor).execute()
    assert state_of(room.story) == state
    assert rows() == so_far


@pytest.mark.parametrize(
    "changes", [{"live": False}, {"version": 7}, {"killed_at": None, "live": False}]
)
def test_saving_a_changed_release_state_is_refused(room, rows, changes):
    released_first(room)
    state, so_far = state_of(room.story), rows()
    story = room.fresh()
    for name, value in changes.items():
        setattr(story, name, value)
    for way in (
        story.save,
        lambda: story.save(update_fields=list(changes)),
        lambda: Story.objects.filter(pk=story.pk).update(**changes),
        lambda: Story.objects.bulk_update([story], list(changes)),
    ):
        with pytest.raises(ReleaseBypassed), transaction.atomic():
            way()
    assert state_of(room.story) == state
    assert rows() == so_far


def test_a_story_cannot_be_created_as_released(en, draft, rows):
    story = Story(locale=en.locale, section=draft.section, headline="New", live=True)
    with pytest.raises(ReleaseBypassed):
        story.save()
    with pytest.raises(ReleaseBypassed):
        Story.objects.bulk_create([story])
    assert rows() == []


def unscheduled(room: Room) -> None:
    later = timezone.now() + timedelta(days=1)
    form = form_of(room.story, go_live_at=f"{later:%Y-%m-%d %H:%M}", **{"action-publish": "1"})
    room.desk.post(url("edit", room.story.pk), form)
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    response = room.desk.post(url("revisions_unschedule", room.story.pk, revision.pk))
    assert response.status_code == 302
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    scheduler.run_due(later + timedelta(days=1))


def saved_as_draft(room: Room) -> None:
    room.desk.post(url("edit", room.story.pk), form_of(room.story, headline=NEW_HEADLINE))


def saved_by_itself(room: Room) -> None:
    form = form_of(room.story, headline=NEW_HEADLINE)
    response = room.desk.post(
        url("edit", room.story.pk), form, headers={"accept": "application/json"}
    )
    assert response.json()["success"]


def sent_to_the_desk(room: Room) -> None:
    form = form_of(room.story, **{"action-submit": "1"})
    room.desk.post(url("edit", room.story.pk), form)
    assert room.fresh().workflow_in_progress


def sent_back(room: Room) -> None:
    sent_to_the_desk(room)
    task_state = room.fresh().current_workflow_task_state
    room.desk.post(
        url("workflow_action", room.story.pk, "reject", task_state.pk), {"comment": "No."}
    )


def brought_back_as_a_draft(room: Room) -> None:
    first = room.story.revisions.order_by("created_at").first()
    room.desk.post(url("revisions_revert", room.story.pk, first.pk), form_of(room.story))


def previewed(room: Room) -> None:
    catch_up(PublicArchive())
    room.desk.post(url("preview_on_edit", room.story.pk), form_of(room.story, headline="Else"))
    assert room.desk.get(url("preview_on_edit", room.story.pk)).status_code == 200


def locked(room: Room) -> None:
    room.desk.post(url("lock", room.story.pk))
    room.desk.post(url("unlock", room.story.pk))


@pytest.mark.parametrize("before", [nothing_first, released_first])
@pytest.mark.parametrize(
    "act",
    [
        unscheduled, saved_as_draft, saved_by_itself, sent_to_the_desk, sent_back,
        brought_back_as_a_draft, previewed, locked,
    ],
)  # fmt: skip
def test_a_route_that_releases_nothing_adds_no_row(room, rows, before, act):
    before(room)
    so_far, live = rows(), room.fresh().live
    headline = room.fresh().headline
    act(room)
    assert rows() == so_far
    assert room.fresh().live is live
    if live:
        assert room.fresh().headline == headline


# --- deleting ------------------------------------------------------------------------------------


def bulk_delete(desk: Client, *stories: Story) -> Any:
    address = reverse("wagtail_bulk_action", args=["newsroom", "story", "delete"])
    query = "&".join(f"id={story.pk}" for story in stories)
    return desk.post(f"{address}?{query}&next={url('list')}", follow=True)


def test_a_draft_can_be_deleted_and_adds_no_row(desk, draft, rows):
    desk.post(url("delete", draft.pk))
    assert not Story.objects.exists()
    assert rows() == []


def test_drafts_can_be_deleted_together_and_add_no_row(desk, draft, rows):
    bulk_delete(desk, draft)
    assert not Story.objects.exists()
    assert rows() == []


def test_a_released_story_cannot_be_deleted_on_its_screen(desk, released, rows):
    response = desk.post(url("delete", released.pk), follow=True)
    assert Story.objects.filter(pk=released.pk, live=True).exists()
    assert rows() == []
    assert "cannot be deleted" in _said(response)


def test_a_bulk_deletion_with_a_released_story_deletes_nothing(room, rows, en):
    released_first(room)
    other = Story.objects.create(locale=en.locale, headline="Only a draft")
    response = bulk_delete(room.desk, other, room.story)
    assert Story.objects.count() == 2
    assert len(rows()) == 1
    assert "cannot be deleted" in _said(response)


def test_code_cannot_delete_a_released_story(released):
    for way in (released.delete, Story.objects.all().delete):
        with pytest.raises(StillReleased), transaction.atomic():
            way()
    assert Story.objects.filter(pk=released.pk, live=True).exists()


# --- that the walk is complete -------------------------------------------------------------------


def test_no_other_bulk_action_exists():
    actions = bulk_action_registry.get_bulk_actions_for_model("newsroom", "story")
    assert [action.action_type for action in actions] == ["delete"]


def test_no_other_registered_action_publishes():
    assert set(action_registry.get_actions_for_model(Story)) == {
        "create", "edit", "delete", "publish", "unpublish", "revert",
        "copy_for_translation",
    }  # fmt: skip
    assert action_registry.get_action_class(Story, "publish") is ReleaseAction


def test_wagtails_writing_api_is_not_reachable(desk, released):
    for path in (
        "/desk/api/main/snippets/",
        "/desk/api/v3/",
        "/api/v3/",
        "/desk/api/main/stories/",
    ):
        assert desk.get(path).status_code == 404


def test_a_story_is_not_copied_over(desk, released):
    """Wagtail's copying of a snippet saves into the one it copies, so it has no address."""
    assert desk.get(f"/desk/snippets/newsroom/story/copy/{released.pk}/").status_code == 404


# --- who may -------------------------------------------------------------------------------------

FOR_EDITORS = {name: (before, act) for name, (before, act, _kind) in RELEASING.items()} | KILLING
SCREENS = {
    edit_and_publish, approve_in_form, approve_in_form_with_comment, approve_in_its_view,
    approve_in_its_dialogue, revert_and_publish, kill_on_its_screen,
    by_story_publish, by_registered_publish, by_registered_edit, by_registered_unpublish,
}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "act"),
    [
        pytest.param(before, act, id=name)
        for name, (before, act) in FOR_EDITORS.items()
        if act in SCREENS
    ],
)
@pytest.mark.parametrize("who", ["reporter", "picture_editor"])
def test_only_editors_release_and_kill(room, rows, request, before, act, who):
    before(room)
    so_far, state = rows(), state_of(room.story)
    room.editor = request.getfixturevalue(who)
    room.desk = desk_of(room.editor)
    with suppress(PermissionDenied):
        act(room)
    assert rows() == so_far
    assert state_of(room.story)["live"] == state["live"]
    assert state_of(room.story)["version"] == state["version"]


def _said(response: Any) -> str:
    """What the screen tells the person."""
    return " ".join(str(message) for message in response.context["messages"])
