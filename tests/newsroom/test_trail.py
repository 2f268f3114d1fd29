"""The trail: every release, sign-in and change of rights is a row that nothing can change."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from dateline.newsroom import roles, trail
from dateline.newsroom.documents import Section
from dateline.newsroom.release import kill, release
from dateline.newsroom.trail import Act, TrailEntry
from tests.newsroom.desk import desk_of, failing, form_of, person, url


def rows(*acts):
    found = TrailEntry.objects.order_by("pk")
    return list(found.filter(act__in=acts) if acts else found)


@pytest.fixture
def chief(newsroom) -> User:
    return person("chief", roles.CHIEF_EDITOR)


def test_a_release_a_correction_and_a_kill_are_rows_with_who_and_why(draft, editor):
    story = release(draft, by=editor)
    story.correction_note = "Three, not four."
    story = release(story, by=editor)
    kill(story, reason="It was not so.", by=editor)

    done = rows(Act.RELEASE, Act.CORRECTION, Act.KILL)
    assert [(row.act, row.person, row.story) for row in done] == [
        (Act.RELEASE, "editor", draft.pk),
        (Act.CORRECTION, "editor", draft.pk),
        (Act.KILL, "editor", draft.pk),
    ]
    assert done[0].about == "Bank holds the rate"
    assert done[2].note == "It was not so."


def test_a_release_that_fails_leaves_no_row(desk, en):
    from wagtail.signals import published

    with failing(published):
        desk.post(
            url("add") + "?locale=en", {**form_of(), "action-publish": "1"}, follow=True
        )

    assert rows(Act.RELEASE) == []


@pytest.mark.parametrize("change", ["update", "delete", "replace"])
def test_a_row_cannot_be_changed_by_anybody(db, change):
    row = trail.record(Act.SHAPE, by="somebody", about="a section")
    table = TrailEntry._meta.db_table
    statement = {
        "update": f"UPDATE {table} SET person = 'nobody' WHERE id = %s",
        "delete": f"DELETE FROM {table} WHERE id = %s",
        "replace": f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = %s",
    }[change]
    if change == "replace" and connection.vendor == "postgresql":
        statement = f"TRUNCATE {table}; SELECT %s"

    refused = pytest.raises(DatabaseError, match="never edited")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [row.pk])

    assert TrailEntry.objects.get(pk=row.pk).person == "somebody"


def test_signing_in_out_and_failing_to_are_rows(newsroom):
    person("olena", roles.EDITOR)
    client = Client(REMOTE_ADDR="192.0.2.9")
    address = reverse("wagtailadmin_login")

    client.post(address, {"username": "olena", "password": "wrong"})
    client.post(address, {"username": "olena", "password": "a long password"})
    client.post(reverse("wagtailadmin_logout"))

    acts = (Act.SIGN_IN_FAILED, Act.SIGN_IN, Act.SIGN_OUT)
    assert [(row.act, row.person, row.about) for row in rows(*acts)] == [
        (Act.SIGN_IN_FAILED, "", "olena"),
        (Act.SIGN_IN, "olena", ""),
        (Act.SIGN_OUT, "olena", ""),
    ]
    assert {row.address for row in rows(*acts)} == {"192.0.2.9"}


def test_a_believed_proxy_tells_the_address_signed_in_from(newsroom, settings):
    settings.PROXIES = 1
    person("olena", roles.EDITOR)
    client = Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "spoofed, 192.0.2.9"})
    client.post(
        reverse("wagtailadmin_login"), {"username": "olena", "password": "a long password"}
    )

    assert rows(Act.SIGN_IN)[0].address == "192.0.2.9"


def test_rights_given_and_taken_are_rows_with_who_gave_them(newsroom):
    User.objects.create_superuser("root", "root@news.example", "a long password")
    desk = desk_of(User.objects.get(username="root"))
    reporter = person("reporter", roles.REPORTER)
    editors = Group.objects.get(name=roles.EDITOR)
    fields = {
        "username": "reporter", "email": "reporter@news.example", "first_name": "R",
        "last_name": "R", "is_active": "on", "groups": [str(editors.pk)], "password1": "",
        "password2": "",
    }  # fmt: skip
    answer = desk.post(reverse("wagtailusers_users:edit", args=[reporter.pk]), fields)

    assert answer.status_code == 302
    assert [(row.person, row.about, row.note) for row in rows(Act.RIGHTS)[-2:]] == [
        ("root", "reporter", f"taken: {roles.REPORTER}"),
        ("root", "reporter", f"given: {roles.EDITOR}"),
    ]


def test_a_group_s_rights_and_a_person_made_superuser_are_rows(reporter):
    group = Group.objects.get(name=roles.REPORTER)
    group.permissions.add(Permission.objects.get(codename="publish_story"))
    reporter.is_superuser = True
    reporter.set_password("another long password")
    reporter.save()

    right, change = rows(Act.RIGHTS, Act.PERSON)[-2:]
    assert (right.about, right.note) == (roles.REPORTER, "given: newsroom.publish_story")
    assert change.about == "reporter"
    assert change.note == "is_superuser: False → True; password changed"
    assert "another long password" not in change.note


def test_setting_up_the_roles_again_changes_nothing(newsroom):
    before = TrailEntry.objects.count()
    roles.set_up()
    assert TrailEntry.objects.count() == before


def test_a_changed_section_is_a_row(desk, en):
    section = Section.objects.get(edition=en, slug="economy")
    fields = {
        "edition": en.pk, "slug": "economy", "name": "Money", "description": "", "order": "0",
        "clients_first_minutes": "0",
    }  # fmt: skip
    desk_of(User.objects.create_superuser("root")).post(
        reverse("wagtailsnippets_newsroom_section:edit", args=[section.pk]), fields
    )

    row = rows(Act.SHAPE)[-1]
    assert (row.person, row.about) == ("root", "section: Money (en)")


def test_the_trail_is_searched_by_who_what_when_and_words(chief, draft, editor):
    kill(release(draft, by=editor), reason="It was not so.", by=editor)
    trail.record(Act.TAKE_OVER, by="other", about="Another story")
    address, screen = reverse("newsroom_trail"), desk_of(chief)

    def shown(**asked):
        return screen.get(address, asked).content.decode()

    assert "It was not so." in shown()
    assert "Another story" not in shown(person="editor")
    assert "It was not so." in shown(q="NOT so")
    assert "Another story" not in shown(q="NOT so")
    assert "It was not so." not in shown(act=Act.RELEASE)
    assert "Another story" not in shown(story=draft.pk)
    assert "It was not so." not in shown(at_to="2001-01-01")


def test_the_trail_can_be_taken_away_as_a_table(chief):
    answer = desk_of(chief).get(reverse("newsroom_trail"), {"export": "csv"})
    assert b"rights" in b"".join(answer.streaming_content)


def test_an_editor_does_not_see_the_trail(desk):
    assert desk.get(reverse("newsroom_trail")).status_code == 302
    assert "Trail" not in desk.get(reverse("wagtailadmin_home")).content.decode()


def test_what_was_done_stays_readable_when_its_doer_is_gone(chief, draft, editor):
    release(draft, by=editor)
    Group.objects.get(name=roles.EDITOR).user_set.clear()
    User.objects.filter(username="editor").delete()

    page = desk_of(chief).get(reverse("newsroom_trail"), {"person": "editor"})
    assert "Bank holds the rate" in page.content.decode()


def test_a_screen_of_the_trail_costs_the_same_for_any_number_of_rows(
    chief, django_assert_max_num_queries
):
    for number in range(60):
        trail.record(Act.SHAPE, by=f"person{number}", about=f"thing {number}")
    screen = desk_of(chief)
    with django_assert_max_num_queries(25):
        screen.get(reverse("newsroom_trail"))
