"""Desks: who may approve, the two steps from draft to release, where a story lies."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.users.models import UserProfile

from dateline.items import Kind
from dateline.newsroom import desks, roles
from dateline.newsroom.desks import Desk, DeskMember, DeskRole, Placing
from dateline.newsroom.notices import Notice, NoticeKind
from dateline.newsroom.release import release
from dateline.newsroom.screens.states import State, in_state, with_states
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, form_of, person, seat, url


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def state_of(story: Story) -> State:
    (found,) = with_states([fresh(story)])
    return found.state


def send(story: Story, by: User) -> None:
    desk_of(by).post(url("edit", story.pk), form_of(story, **{"action-submit": "1"}))


def act(story: Story, name: str, by: User, **more: str) -> None:
    """Press a button of the review, as its form does."""
    form = form_of(
        fresh(story), **{"action-workflow-action": "true", "workflow-action-name": name, **more}
    )
    desk_of(by).post(url("edit", story.pk), form)


def buttons(story: Story, by: User) -> list[str]:
    task = fresh(story).current_workflow_task
    return [str(label) for _name, label, _modal in task.get_actions(fresh(story), by)]


# --- from draft to release -----------------------------------------------------------------------


def test_a_story_goes_from_draft_to_review_to_ready_to_released(placed, reporter, editor, rows):
    assert state_of(placed) == State.DRAFT
    send(placed, reporter)
    assert state_of(placed) == State.IN_REVIEW
    act(placed, "approve", editor)
    assert state_of(placed) == State.READY
    assert rows() == []
    act(placed, "approve", editor)
    assert state_of(placed) == State.RELEASED
    assert [row.kind for row in rows()] == [Kind.NEW]


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.READY])
def test_the_list_finds_a_story_by_how_far_its_desk_is(placed, reporter, editor, state):
    send(placed, reporter)
    if state == State.READY:
        act(placed, "approve", editor)
    for each in (State.DRAFT, State.IN_REVIEW, State.READY):
        assert in_state(Story.objects.all(), each).exists() is (each == state)


def test_a_ready_story_with_a_time_is_scheduled_by_its_release(placed, reporter, editor, rows):
    later = timezone.now() + timedelta(days=1)
    send(placed, reporter)
    act(placed, "approve", editor)
    act(placed, "approve", editor, go_live_at=f"{later:%Y-%m-%d %H:%M}")
    assert state_of(placed) == State.SCHEDULED
    assert rows() == []


def test_a_reporter_can_neither_approve_nor_release(placed, reporter, rows):
    send(placed, reporter)
    assert buttons(placed, reporter) == []
    act(placed, "approve", reporter)
    form = form_of(placed, **{"action-publish": "1"})
    desk_of(reporter).post(url("edit", placed.pk), form)
    assert state_of(placed) == State.IN_REVIEW
    assert rows() == []


def test_nobody_approves_what_they_sent_themselves(placed, editor):
    send(placed, editor)
    assert buttons(placed, editor) == ["Ask for changes"]
    act(placed, "approve", editor)
    assert state_of(placed) == State.IN_REVIEW


def test_an_editor_of_another_desk_does_not_approve_here_but_a_chief_editor_does(placed, reporter):
    other = person("other", roles.EDITOR)
    seat(other, Desk.objects.create(name="Culture", slug="culture"), DeskRole.EDITOR)
    chief = person("chief", roles.CHIEF_EDITOR)
    send(placed, reporter)
    assert buttons(placed, other) == []
    act(placed, "approve", other)
    assert state_of(placed) == State.IN_REVIEW
    act(placed, "approve", chief)
    assert state_of(placed) == State.READY


def test_a_seat_as_editor_gives_no_right_that_the_persons_group_has_not(economy, reporter):
    DeskMember.objects.filter(user=reporter).update(role=DeskRole.EDITOR)
    assert not desks.may_approve(User.objects.get(pk=reporter.pk), economy)


def test_a_story_that_moves_is_reviewed_by_its_new_desk(placed, reporter, editor):
    culture = Desk.objects.create(name="Culture", slug="culture")
    other = person("other", roles.EDITOR)
    seat(other, culture, DeskRole.EDITOR)
    send(placed, reporter)
    desks.place(fresh(placed), Placing(culture, None, None))
    assert buttons(placed, editor) == []
    assert "Approve" in buttons(placed, other)


def test_the_text_stays_as_sent_while_the_desk_reads_it(placed, reporter, editor):
    send(placed, reporter)
    desk_of(reporter).post(url("edit", placed.pk), form_of(placed, headline="Changed after"))
    assert fresh(placed).get_latest_revision().object_str == placed.headline
    desk_of(editor).post(url("edit", placed.pk), form_of(placed, headline="Changed by the desk"))
    assert fresh(placed).get_latest_revision().object_str == "Changed by the desk"


def test_a_picture_editor_of_the_desk_works_on_a_story_in_review(placed, economy, reporter):
    pictures = person("pictures", roles.PICTURE_EDITOR)
    task = economy.workflow.tasks[0].specific
    assert task.locked_for_user(placed, pictures)
    seat(pictures, economy, DeskRole.PICTURE_EDITOR)
    assert not task.locked_for_user(placed, pictures)


def test_changes_asked_for_lead_back_to_the_writer_who_is_told(placed, reporter, editor):
    send(placed, reporter)
    comment = '{"comment": "Who says so?"}'
    act(placed, "reject", editor, **{"workflow-action-extra-data": comment})
    assert state_of(placed) == State.DRAFT
    notice = Notice.objects.get(user=reporter)
    assert (notice.kind, notice.text, notice.by) == (NoticeKind.CHANGES, "Who says so?", editor)


def test_changed_after_it_was_ready_a_story_is_read_again(placed, reporter, editor):
    send(placed, reporter)
    act(placed, "approve", editor)
    act(placed, "reject", editor)
    assert state_of(placed) == State.DRAFT
    send(placed, reporter)
    assert state_of(placed) == State.IN_REVIEW


def test_the_form_offers_approval_first_and_release_only_then(placed, reporter, editor):
    send(placed, reporter)
    page = desk_of(editor).get(url("edit", placed.pk)).content.decode()
    assert "Approve and release" not in page
    assert page.count('data-workflow-action-name="approve"') == 2
    act(placed, "approve", editor)
    page = desk_of(editor).get(url("edit", placed.pk)).content.decode()
    assert page.count('data-workflow-action-name="approve"') == 1
    assert 'name="action-publish"' not in page


def test_a_story_on_no_desk_is_released_by_one_approval(draft, reporter, editor):
    send(draft, reporter)
    act(draft, "approve", editor)
    assert state_of(draft) == State.RELEASED


# --- where a story lies --------------------------------------------------------------------------


def test_a_writers_new_story_begins_on_their_own_desk(economy, reporter, en):
    desk = desk_of(reporter)
    page = desk.get(url("add") + "?locale=en")
    assert page.context["form"].initial["desk"] == economy.pk
    desk.post(url("add") + "?locale=en", form_of(desk=economy.pk))
    assert Story.objects.get().desk == economy


def test_the_form_lays_gives_and_sets_a_time(placed, reporter, editor):
    """The agency's time, whatever zone the person chose."""
    UserProfile.objects.create(user=editor, current_time_zone="America/New_York")
    form = form_of(placed, assignee=reporter.pk, due_at="2026-03-05 14:00")
    desk_of(editor).post(url("edit", placed.pk), form)
    story = fresh(placed)
    assert story.assignee == reporter
    assert story.due_at == datetime(2026, 3, 5, 12, tzinfo=UTC)
    notice = Notice.objects.get(user=reporter)
    assert (notice.kind, notice.by) == (NoticeKind.ASSIGNED, editor)


def test_whoever_takes_a_story_themselves_is_told_nothing(placed, editor):
    desk_of(editor).post(url("edit", placed.pk), form_of(placed, assignee=editor.pk))
    assert fresh(placed).assignee == editor
    assert not Notice.objects.exists()


def test_a_released_story_moves_at_once_and_is_not_released_again(
    placed, economy, reporter, editor, rows
):
    story = release(placed, by=editor)
    count = len(rows())
    form = form_of(fresh(story), assignee=reporter.pk, headline="A new headline")
    desk_of(editor).post(url("edit", story.pk), form)
    assert fresh(story).assignee == reporter
    assert fresh(story).headline == placed.headline
    assert len(rows()) == count


def test_bringing_back_an_old_draft_does_not_move_the_story(placed, economy, editor):
    culture = Desk.objects.create(name="Culture", slug="culture")
    first = placed.get_latest_revision()
    desks.place(placed, Placing(culture, editor, None))
    assert first.as_object().desk == culture
    form = form_of(fresh(placed), **{"action-publish": "1"})
    desk_of(editor).post(url("revisions_revert", placed.pk, first.pk), form)
    assert fresh(placed).desk == culture


def test_a_form_without_the_desks_fields_leaves_the_story_where_it_lies(placed, economy, editor):
    form = form_of(placed, headline="Another headline")
    for name in ("desk", "assignee", "due_at"):
        del form[name]
    desk_of(editor).post(url("edit", placed.pk), form)
    assert fresh(placed).desk == economy


def test_a_deleted_desk_leaves_its_stories(placed, economy):
    economy.delete()
    assert fresh(placed).desk is None


# --- roles ---------------------------------------------------------------------------------------


def test_a_client_manager_sees_no_stories(placed, economy):
    someone = desk_of(person("clients", roles.CLIENT_MANAGER))
    home = someone.get("/desk/")
    assert home.status_code == 200
    assert placed.headline not in home.content.decode()
    for path in (
        url("list"),
        url("edit", placed.pk),
        "/desk/board/economy/",
        "/desk/board/economy/moves/",
        "/desk/people/?q=e",
    ):
        assert someone.get(path).status_code == 302, path
    someone.post(f"/desk/notes/{placed.pk}/", {"text": "Hello"})
    assert not placed.notes.exists()


@pytest.mark.parametrize(
    ("role", "may"), [(roles.CHIEF_EDITOR, True), (roles.EDITOR, False), (roles.REPORTER, False)]
)
def test_desks_and_their_members_are_the_chief_editors(economy, role, may):
    someone = desk_of(person("someone", role))
    address = f"/desk/snippets/newsroom/desk/edit/{economy.pk}/"
    assert (someone.get(address).status_code == 200) is may


def test_a_desk_is_made_with_its_members_on_its_screen(newsroom, reporter):
    chief = desk_of(person("chief", roles.CHIEF_EDITOR))
    form = {
        "name": "Night", "slug": "night", "edition": "", "order": "0", "template": "",
        "workflow": "",
        "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-MIN_NUM_FORMS": "0", "members-MAX_NUM_FORMS": "1000",
        "members-0-user": str(reporter.pk), "members-0-role": "reporter",
        "members-0-ORDER": "1", "members-0-id": "", "members-0-DELETE": "",
    }  # fmt: skip
    chief.post("/desk/snippets/newsroom/desk/add/", form)
    desk = Desk.objects.get()
    assert [(m.user, m.role) for m in desk.members.all()] == [(reporter, DeskRole.REPORTER)]
    assert [task.name for task in desk.workflow.tasks] == ["Review", "Ready to release"]


def test_the_last_step_is_called_release_and_nothing_more(placed, reporter, editor):
    send(placed, reporter)
    act(placed, "approve", editor)
    page = desk_of(editor).get(url("edit", placed.pk)).content.decode()
    assert "and Publish" not in page
