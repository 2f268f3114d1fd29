"""The keys: one table, from which the list under `?` is made in the person's language."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.urls import reverse
from lxml import html
from wagtail.users.models import UserProfile

from dateline.newsroom import roles
from dateline.newsroom.screens.keys import KEYS, Where, keys_for
from tests.newsroom.desk import desk_of, person, url


@pytest.fixture
def asked(rf):
    """A request by somebody, at a keyboard of this kind."""

    def _asked(user, system="X11; Linux"):
        request = rf.get("/desk/", headers={"user-agent": system})
        request.user = user
        return request

    return _asked


def keys_of(request) -> dict[str, SimpleNamespace]:
    return {each.key: each for _title, keys in keys_for(request) for each in keys}


def test_no_two_keys_of_one_place_are_the_same():
    for where in (Where.LIST, Where.STORY):
        keys = [each.key for each in KEYS if each.where in (Where.ANYWHERE, where)]
        assert len(keys) == len(set(keys))


def test_an_editor_has_a_key_for_what_they_do_all_day(editor, asked):
    keys = keys_of(asked(editor))
    assert {"f", "n", "l", "b", "/", "j", "k", "mod+s", "mod+p", "mod+Enter", "e", "x"} <= set(keys)
    assert keys["l"].url == url("list")


def test_nobody_has_a_key_for_what_they_may_not_do(reporter, editor, newsroom, asked):
    assert not {"f", "x", "w", "mod+Enter"} & set(keys_of(asked(reporter)))
    assert "d" in keys_of(asked(reporter))
    clients = person("clients", roles.CLIENT_MANAGER)
    assert set(keys_of(asked(clients))) == {"/", "[", "?", "Esc"}


def test_a_key_is_named_as_on_the_persons_keyboard(editor, asked):
    assert keys_of(asked(editor))["mod+s"].label == "Ctrl + S"
    assert keys_of(asked(editor, "Macintosh; Mac OS X"))["mod+s"].label == "⌘ + S"


def test_the_list_is_on_every_screen_in_the_persons_language(desk, released):
    for path in ("/desk/", url("list"), url("edit", released.pk), reverse("newsroom_board")):
        page = desk.get(path, headers={"accept-language": "uk"}).content.decode()
        [dialog] = html.fromstring(page).xpath("//dialog[@id='desk-keys']")
        assert "Нова новина" in dialog.text_content()
        assert len(dialog.xpath(".//tr[@data-key]")) >= 20


def test_the_key_of_a_new_story_takes_the_edition_that_one_wrote_in_last(
    desk, editor, draft, uk, newsroom
):
    assert desk.get(reverse("newsroom_new"))["Location"].endswith("?locale=en")
    draft.created_by = editor
    draft.locale = uk.locale
    type(draft).objects.filter(pk=draft.pk).update(created_by=editor, locale=uk.locale)
    assert desk.get(reverse("newsroom_new"))["Location"].endswith("?locale=uk")


def test_whoever_switched_keys_off_reads_so_and_has_none(desk, editor):
    profile = UserProfile.get_for_user(editor)
    profile.keyboard_shortcuts = False
    profile.save()
    page = unescape(desk.get("/desk/").content.decode())
    assert re.search(r'<dialog class="desk-keys"[^>]* data-off', page)
    assert "They are switched off" in page


def test_a_reporter_reaches_the_list_by_the_menu(reporter):
    assert "data-keys-opens" in desk_of(reporter).get("/desk/").content.decode()
