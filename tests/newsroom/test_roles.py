"""What each role may do on the screens. Releasing and killing are walked in `test_routes.py`."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Workflow

from dateline.newsroom import roles
from dateline.newsroom.documents import Section, Topic
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, form_of, person, url


def test_setting_up_again_changes_nothing_and_takes_away_what_is_too_much(newsroom):
    group = Group.objects.get(name=roles.REPORTER)
    rights = set(group.permissions.values_list("codename", flat=True))
    group.permissions.add(Permission.objects.get(codename="publish_story"))
    roles.set_up()
    assert set(group.permissions.values_list("codename", flat=True)) == rights
    assert Workflow.objects.filter(name=roles.WORKFLOW).count() == 1


def test_a_reporter_writes_and_sends_to_the_desk(reporter, en):
    desk = desk_of(reporter)
    desk.post(url("add") + "?locale=en", form_of(**{"action-submit": "1"}))
    story = Story.objects.get()
    assert story.workflow_in_progress
    assert story.created_by == reporter


def test_a_reporter_makes_topics_while_writing_but_has_no_screen_of_them(reporter, en):
    desk = desk_of(reporter)
    desk.post(url("add") + "?locale=en", form_of(topics="Grain"))
    assert Topic.objects.get().name == "Grain"
    assert desk.get("/desk/snippets/newsroom/topic/").status_code == 302


def test_a_reporter_cannot_delete(reporter, draft):
    desk_of(reporter).post(url("delete", draft.pk))
    assert Story.objects.filter(pk=draft.pk).exists()


def test_a_picture_editor_works_on_stories_but_begins_none(picture_editor, draft):
    desk = desk_of(picture_editor)
    assert desk.get(url("edit", draft.pk)).status_code == 200
    assert desk.get(url("add") + "?locale=en").status_code == 302
    assert "New story" not in desk.get(url("list")).content.decode()
    desk.post(url("delete", draft.pk))
    assert Story.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    ("role", "may"), [(roles.EDITOR, False), (roles.CHIEF_EDITOR, True), (roles.REPORTER, False)]
)
def test_sections_are_the_chief_editors(en, role, may):
    desk = desk_of(person("someone", role))
    section = Section.objects.get(edition=en, slug="facts")
    form = {
        "edition": en.pk, "slug": "facts", "name": "Renamed", "description": "", "order": 1,
        "clients_first_minutes": 0,
    }  # fmt: skip
    desk.post(f"/desk/snippets/newsroom/section/edit/{section.pk}/", form)
    section.refresh_from_db()
    assert (section.name == "Renamed") is may


def test_whoever_has_no_role_is_kept_out(newsroom, draft):
    stranger = desk_of(person("stranger"))
    for path in ("/desk/", url("list"), url("edit", draft.pk), "/desk/topics/?edition=en&q=a"):
        response = stranger.get(path)
        assert response.status_code == 302
        assert "/login/" in response["Location"]
