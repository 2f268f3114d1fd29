"""Notes from colleague to colleague, the people they name, and what those find."""

import pytest
from django.test import Client
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from wagtail.users.models import UserProfile

from dateline.newsroom import notes, notices, roles
from dateline.newsroom.letters import Letter
from dateline.newsroom.notices import Notice, NoticeKind
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from dateline.releases import log
from tests.newsroom.desk import desk_of, form_of, person, url


def add(desk, story, text, **headers):
    return desk.post(f"/desk/notes/{story.pk}/", {"text": text}, headers=headers)


def by_script(desk, story, text):
    return add(desk, story, text, accept="application/json")


def test_a_note_is_added_without_saving_the_story(desk, draft, editor):
    before = (draft.latest_revision_id, Story.objects.get().updated_at)
    assert add(desk, draft, "Who says so?")["Location"] == url("edit", draft.pk)
    (note,) = draft.notes.all()
    assert (note.text, note.by) == ("Who says so?", editor)
    after = Story.objects.get()
    assert (after.latest_revision_id, after.updated_at) == before


def test_a_script_gets_the_thread_as_the_panel_shows_it(desk, draft):
    add(desk, draft, "First")
    answer = by_script(desk, draft, "Second").json()
    assert answer["count"] == 2
    assert answer["html"].index("First") < answer["html"].index("Second")
    assert "Second" in desk.get(url("edit", draft.pk)).content.decode()


def test_whoever_is_named_finds_a_notice_and_a_letter(desk, draft, reporter, editor):
    add(desk, draft, "@reporter, who says so? Not @Reporter again, and not @nobody.")
    notice = Notice.objects.get()
    assert (notice.user, notice.by, notice.kind) == (reporter, editor, NoticeKind.MENTION)
    letter = Letter.objects.get()
    assert letter.to == reporter.email
    assert draft.headline in letter.subject
    assert url("edit", draft.pk) in letter.text


def test_nobody_is_told_of_their_own_note(desk, draft):
    add(desk, draft, "@editor to do")
    assert not Notice.objects.exists()


def test_those_who_left_are_not_told(desk, draft):
    person("gone", roles.REPORTER, is_active=False)
    add(desk, draft, "@gone")
    assert not Notice.objects.exists()


def test_who_has_no_right_to_stories_is_neither_told_nor_offered(desk, draft):
    person("clients", roles.CLIENT_MANAGER)
    answer = by_script(desk, draft, "@clients, who bought it?").json()
    assert not Notice.objects.exists()
    assert "note__name" not in answer["html"]
    assert desk.get("/desk/people/", {"q": "cli"}).json()["people"] == []


def test_a_name_with_capitals_is_marked_however_it_is_written(desk, draft):
    person("Olha", roles.REPORTER)
    assert "note__name" in by_script(desk, draft, "@olha or @Olha?").json()["html"]


def test_a_person_without_an_address_still_finds_the_notice(desk, draft, reporter):
    type(reporter).objects.update(email="")
    add(desk, draft, "@reporter")
    assert Notice.objects.filter(user=reporter).exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (notes.LONGEST + 1)])
def test_a_note_that_cannot_be_added_is_given_back_with_the_reason(desk, draft, text):
    page = add(desk, draft, text)
    assert page.status_code == 400
    assert text in page.content.decode()
    answer = by_script(desk, draft, text)
    assert answer.status_code == 400
    assert answer.json()["error_message"]
    assert not draft.notes.exists()


def test_a_note_cannot_break_out_of_its_thread(desk, draft):
    html = by_script(desk, draft, "<script>alert(1)</script> @<b>").json()["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_name_in_a_note_is_marked_with_who_it_is(desk, draft):
    person("olha", roles.REPORTER, first_name="Olha", last_name="Lis")
    html = by_script(desk, draft, "Ask @olha.").json()["html"]
    assert '<b class="note__name" title="Olha Lis">@olha</b>.' in html


def test_notes_do_not_leave_the_newsroom(desk, draft, editor):
    add(desk, draft, "A secret between us")
    release(draft, by=editor)
    entry = log.read(0, 100)[-1]
    assert "secret" not in str(entry.document)


def test_whoever_has_no_right_to_stories_adds_no_note(draft):
    stranger = desk_of(person("stranger"))
    add(stranger, draft, "Hello")
    assert not draft.notes.exists()


def test_the_box_beside_the_form_sends_its_token(draft, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    page = client.get(url("edit", draft.pk)).content.decode()
    form = page.partition("data-notes-form")[2].partition("</form>")[0]
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    data = {"text": "Hello", "csrfmiddlewaretoken": token}
    assert client.post(f"/desk/notes/{draft.pk}/", data).status_code == 302
    assert notes.StoryNote.objects.get().text == "Hello"


def test_a_form_from_before_signing_in_is_refused_in_words(draft, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    answer = client.post(f"/desk/notes/{draft.pk}/", {"text": "Hello"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    by_script = client.post(
        f"/desk/notes/{draft.pk}/", {"text": "Hello"}, headers={"accept": "application/json"}
    )
    assert by_script.json()["error_code"] == "stale-form"
    stranger = Client(enforce_csrf_checks=True).post("/desk/login/", {"username": "editor"})
    assert (stranger.status_code, stranger["Location"]) == (302, "/desk/login/")


def test_a_note_needs_the_forms_token(draft, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(f"/desk/notes/{draft.pk}/", {"text": "Hello"}).status_code == 403


NAMES = st.from_regex(r"[a-z0-9][a-z0-9.@+_-]{0,10}[a-z0-9]", fullmatch=True)


@given(name=NAMES, before=st.sampled_from(["", "See ", "(", "—", "\n"]),
       after=st.sampled_from(["", " said", ", ask", ".", "!", ")", ":\n"]))
def test_a_name_is_found_wherever_it_stands(name, before, after):
    assert notes.MENTION.findall(f"{before}@{name}{after}") == [name]


@given(text=st.text(max_size=200))
def test_any_text_is_shown_whole_and_escaped(text):
    assert notes.html_of(text, {}) == escape(text)


def test_an_address_of_mail_names_nobody():
    assert notes.MENTION.findall("write to desk@news.example") == []


# --- names that are completed --------------------------------------------------------------------


def names(client, query, **more):
    found = client.get("/desk/people/", {"q": query, **more}).json()["people"]
    return [each["user"] for each in found]


def test_names_are_completed_by_user_name_and_by_either_name(desk, reporter):
    person("ivan", roles.REPORTER, first_name="Oleh", last_name="Sad")
    for query in ("iv", "OL", "sa"):
        assert names(desk, query) == ["ivan"]


def test_those_of_the_storys_desk_come_first(desk, economy):
    person("aaron", roles.REPORTER, first_name="", last_name="")
    assert names(desk, "")[0] == "aaron"
    assert set(names(desk, "", desk=economy.pk)[:2]) == {"reporter", "editor"}


# --- notices -------------------------------------------------------------------------------------


def bell(desk) -> int:
    return desk.get("/desk/notices/unread/").json()["unread"]


def test_the_bell_counts_until_the_story_is_opened(desk, draft, reporter):
    theirs = desk_of(reporter)
    add(desk, draft, "@reporter first")
    add(desk, draft, "@reporter second")
    assert bell(theirs) == 2
    assert bell(desk) == 0
    theirs.get(url("edit", draft.pk))
    assert bell(theirs) == 0


def test_the_list_shows_what_was_said_and_marks_read_one_or_all(desk, draft, reporter):
    theirs = desk_of(reporter)
    for text in ("@reporter one", "@reporter two", "@reporter three"):
        add(desk, draft, text)
    page = theirs.get("/desk/notices/").content.decode()
    assert page.index("@reporter three") < page.index("@reporter two") < page.index("@reporter one")
    assert draft.headline in page
    newest = Notice.objects.first()
    theirs.post("/desk/notices/", {"notice": newest.pk})
    assert bell(theirs) == 2
    theirs.post("/desk/notices/")
    assert bell(theirs) == 0


def test_a_notice_is_read_by_its_person_alone(desk, draft, reporter):
    add(desk, draft, "@reporter")
    desk.post("/desk/notices/", {"notice": Notice.objects.get().pk})
    desk.post("/desk/notices/")
    assert notices.unread(reporter) == 1
    assert "@reporter" not in desk.get("/desk/notices/").content.decode()


def test_every_screen_tells_how_many_are_new(desk, draft, reporter):
    add(desk, draft, "@reporter")
    page = desk_of(reporter).get(url("list")).content.decode()
    assert "data-notices" in page
    assert '"data-notices": "1"' in page or "&quot;data-notices&quot;: &quot;1&quot;" in page


def test_a_letter_is_in_its_readers_language(desk, draft, reporter):
    profile = UserProfile.get_for_user(reporter)
    profile.preferred_language = "uk"
    profile.save()
    add(desk, draft, "@reporter глянь")
    letter = Letter.objects.get()
    assert "згадує вас у нотатці" in letter.subject


def test_autosave_does_not_mark_what_nobody_saw_as_read(desk, draft, reporter):
    theirs = desk_of(reporter)
    theirs.get(url("edit", draft.pk))
    add(desk, draft, "@reporter")
    theirs.post(
        url("edit", draft.pk), form_of(draft), headers={"accept": "application/json"}
    )
    assert bell(theirs) == 1
