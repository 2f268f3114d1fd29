"""Addresses of the site, as the design lists them: one place that makes them, for every room.

Paths begin with `/`; `slug_of` gives the readable part of an address in ASCII, whatever the
language. This module knows neither Django nor a database.
"""

import re
import unicodedata
from datetime import date
from urllib.parse import urlencode

from anyascii import anyascii

from dateline.items import EntityKind, Item

SLUG_LENGTH = 80
"""Longest slug of a story in characters: past it, addresses wrap in mail and chat."""

ENTITY_FOLDERS = {
    EntityKind.PERSON: "people",
    EntityKind.PLACE: "places",
    EntityKind.ORGANISATION: "organisations",
}
"""Where the pages of entities stand in an edition, by what they are."""

RESERVED = frozenset(
    {"latest", "topic", "search", "feed", "corrections", "live", "log", "static"}
).union(ENTITY_FOLDERS.values())
"""First path parts under an edition that are no section's and no standing page's."""

# Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010: the official romanisation.
# Letters that sound different at the start of a word are in _UK_START.
_UK = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "'": "", "’": "", "ʼ": "",
})  # fmt: skip
_UK_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def slug_of(text: str, *, edition: str = "en", longest: int = SLUG_LENGTH) -> str:
    """A text as lower-case ASCII words joined by hyphens; `untitled` if nothing is left."""
    text = unicodedata.normalize("NFC", text).casefold()
    if edition.startswith("uk"):
        text = _romanised(text)
    words = re.findall(r"[a-z0-9]+", anyascii(text).lower().replace("'", ""))
    slug = ""
    for word in words:
        if slug and len(slug) + 1 + len(word) > longest:
            break
        slug = f"{slug}-{word}" if slug else word[:longest]
    return slug or "untitled"


def _romanised(text: str) -> str:
    text = text.replace("зг", "zgh")
    # An apostrophe inside a word starts no new one: Знам'янка is Znamianka.
    text = re.sub(r"(?<!\w)(?<!\w['’])[єїйюя]", lambda found: _UK_START[found[0]], text)
    return text.translate(_UK)


def edition_path(edition: str) -> str:
    return f"/{edition}/"


def latest_path(edition: str) -> str:
    return f"/{edition}/latest/"


def day_path(edition: str, day: date) -> str:
    return f"/{edition}/{day:%Y/%m/%d}/"


def section_path(edition: str, section: str) -> str:
    return f"/{edition}/{section}/"


def topic_path(edition: str, topic: str) -> str:
    return f"/{edition}/topic/{topic}/"


def corrections_path(edition: str) -> str:
    return f"/{edition}/corrections/"


def entity_heading(kind: EntityKind, slug: str) -> str:
    """What stories stand under that name an entity: `people/ada-brook`. No topic's slug has a
    slash, so lists, feeds and tags of an entity are those of a topic of this name."""
    return f"{ENTITY_FOLDERS[kind]}/{slug}"


def entity_path(edition: str, kind: EntityKind, slug: str) -> str:
    return f"/{edition}/{entity_heading(kind, slug)}/"


def page_path(edition: str, slug: str) -> str:
    return f"/{edition}/{slug}/"


def story_path(edition: str, section: str, number: int, slug: str) -> str:
    return f"/{edition}/{section}/{number}-{slug}/"


def live_path(edition: str, *, section: str = "", topic: str = "") -> str:
    """The stream of events of an edition, or of one section or topic of it."""
    asked = {"edition": edition, "section": section, "topic": topic}
    return "/live?" + urlencode({name: value for name, value in asked.items() if value})


def item_path(item: Item) -> str:
    """The path of a story's page. The number decides; the rest is for people."""
    slug = slug_of(item.headline, edition=item.edition)
    return story_path(item.edition, item.section.slug, item.number, slug)
