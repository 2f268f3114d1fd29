"""The keys of the newsroom: one table, from which the list under `?` is made and by which
`static/newsroom/keys.js` acts. A key that is not in it does nothing.

A key leads to an address, presses what a selector finds on the page, or moves along a list. Who may
not do what it does has no such key. Some are Wagtail's own or the browser's and stand here to be
found; a test says that no two do different things.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_keyboard_key_labels_from_request, set_query_params

from dateline.newsroom.documents import Edition
from dateline.newsroom.screens.hot_list import MAY_PICK
from dateline.newsroom.story import Story

ADD = "newsroom.add_story"
CHANGE = "newsroom.change_story"
RELEASE = "newsroom.publish_story"

_FOOTER = ".actions--primary"
"""The buttons and links under the form of a story."""


class Where(StrEnum):
    """Where a key works; the order is that of the list."""

    ANYWHERE = "anywhere"
    LIST = "list"
    STORY = "story"


TITLES: dict[Where, Promise] = {
    Where.ANYWHERE: _("Anywhere"),
    Where.LIST: _("In a list or on a board"),
    Where.STORY: _("On a story"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """`key` is as on a Latin keyboard, with `mod+` for Ctrl or ⌘ before it; those work in a field
    too. `url` is the name of an address, `press` a selector, `move` a step along a list; with none
    of them somebody else's script answers the key, or the browser."""

    key: str
    says: Promise
    where: Where = Where.ANYWHERE
    may: str = ""
    url: str = ""
    press: str = ""
    move: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A key as the list shows it and the script reads it."""

    key: str
    label: str
    says: str
    url: str
    press: str
    move: int


_STORIES = "wagtailsnippets_newsroom_story"

KEYS = (
    Key("f", _("Flash"), may=RELEASE, press="a[data-flash-opens]"),
    Key("n", _("New story"), may=ADD, url="newsroom_new"),
    Key("l", _("Stories"), may=CHANGE, url=f"{_STORIES}:list"),
    Key("b", _("Board"), may=CHANGE, url="newsroom_board"),
    Key("c", _("Coming up"), may=CHANGE, url="newsroom_coming_up"),
    Key("h", _("Hot list"), may=MAY_PICK, url="newsroom_hot_lists"),
    Key("i", _("Notices"), may=CHANGE, url="newsroom_notices"),
    Key("/", _("Search")),
    Key("[", _("Fold or unfold the menu")),
    Key("?", _("This list"), press="[data-keys-opens]"),
    Key("Esc", _("Close what is open")),
    Key("j", _("Next"), Where.LIST, may=CHANGE, move=1),
    Key("k", _("Previous"), Where.LIST, may=CHANGE, move=-1),
    Key("Enter", _("Open"), Where.LIST, may=CHANGE),
    Key("mod+s", _("Save the draft"), Where.STORY, may=CHANGE),
    Key("mod+p", _("Preview"), Where.STORY, may=CHANGE),
    Key(
        "d",
        _("Send to the desk"),
        Where.STORY,
        may=CHANGE,
        press=f"{_FOOTER} button[name=action-submit]",
    ),
    Key(
        "mod+Enter",
        _("Release, or release an update"),
        Where.STORY,
        may=RELEASE,
        press=f"{_FOOTER} button[name=action-publish]:not([value=correction])",
    ),
    Key(
        "e",
        _("Correct: to the note for readers"),
        Where.STORY,
        may=RELEASE,
        press="[name=correction_note]",
    ),
    Key(
        "mod+Shift+Enter",
        _("Release the correction"),
        Where.STORY,
        may=RELEASE,
        press=f"{_FOOTER} button[name=action-publish][value=correction]",
    ),
    Key(
        "w",
        _("Withhold"),
        Where.STORY,
        may=RELEASE,
        press=f"{_FOOTER} a[href*='/story/withhold/']",
    ),
    Key("x", _("Kill"), Where.STORY, may=RELEASE, press=f"{_FOOTER} a[href*='/story/unpublish/']"),
    Key(
        "v",
        _("Compare versions"),
        Where.STORY,
        may=CHANGE,
        press="a[data-compares]",
    ),
    Key(
        "m",
        _("Notes to colleagues"),
        Where.STORY,
        may=CHANGE,
        press="[data-side-panel-toggle=notes]",
    ),
)


def keys_for(request: HttpRequest) -> list[tuple[str, list[Shown]]]:
    """The keys of this person, by where they work, under titles in their language."""
    names = get_keyboard_key_labels_from_request(request)
    shown = [(key.where, _shown(key, names)) for key in KEYS if _may(key, request.user)]
    return [
        (str(title), [each for at, each in shown if each and at is where])
        for where, title in TITLES.items()
        if any(each and at is where for at, each in shown)
    ]


def are_on(user: Any) -> bool:
    """False if the person switched keys off in their account, for a voice or a shaking hand
    (WCAG 2.1.4); the list can still be read."""
    profile = getattr(user, "wagtail_userprofile", None)
    return bool(getattr(profile, "keyboard_shortcuts", True))


def new(request: HttpRequest) -> Any:
    """A new story, in the edition of the person's newest one."""
    mine = Story.objects.filter(created_by=request.user.pk).order_by("-pk")
    code = mine.values_list("locale__language_code", flat=True).first()
    editions = list(Edition.objects.values_list("locale__language_code", flat=True))
    url = reverse(f"{_STORIES}:add")
    found = code if code in editions else next(iter(editions), "")
    return redirect(set_query_params(url, {"locale": found}) if found else url)


class KeysMenuItem(MenuItem):
    """The list by a click, for whoever does not know of `?` or has no keyboard at hand."""

    def __init__(self) -> None:
        super().__init__(
            _("Keys"),
            "#desk-keys",
            name="keys",
            icon_name="keyboard",
            order=10_000,
            attrs={"data-keys-opens": ""},
        )


def _may(key: Key, user: Any) -> bool:
    return not key.may or bool(user.has_perm(key.may))


def _shown(key: Key, names: SimpleNamespace) -> Shown | None:
    url = ""
    if key.url:
        try:
            url = reverse(key.url)
        except NoReverseMatch:
            return None  # A screen that this newsroom has not.
    label = " + ".join(_labels(key.key, names))
    return Shown(key.key, label, str(key.says), url, key.press, key.move)


def _labels(key: str, names: SimpleNamespace) -> Iterator[str]:
    """The parts of a key, as they are printed on the person's keyboard."""
    for part in key.split("+"):
        match part:
            case "mod":
                yield names.MOD
            case "Shift":
                yield names.SHIFT
            case "Enter":
                yield names.ENTER
            case _:
                # A capital, as on a keyboard: a small l is hard to tell from other signs.
                yield part.upper() if len(part) == 1 else part
