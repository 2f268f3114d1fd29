"""A version of a story as passages to read: each field by its name, each block of the text.

What comparing, joining and live reading show is made here, so that they show the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dateline import items
from dateline.newsroom.bodies import blocks_of
from dateline.newsroom.clock import agency_time
from dateline.newsroom.comparing import Change, Run, Word, compare, words_of
from dateline.newsroom.story import Story


@dataclass(frozen=True, slots=True)
class Passage:
    """A field or a block: `key` is the same for the same one of two versions."""

    key: str
    label: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A passage in two versions."""

    label: str
    html: SafeString
    changed: bool


def passages(story: Story) -> list[Passage]:
    """All of a version, the empty left out."""
    return [each for each in (*_fields(story), *_blocks(story)) if each.words]


def compared(before: Story, after: Story) -> list[Compared]:
    """Both versions as one text, passage by passage; those that went stand where they stood."""
    old = {each.key: each for each in passages(before)}
    new = {each.key: each for each in passages(after)}
    found = []
    for key in _in_order(list(old), list(new)):
        a, b = old.get(key), new.get(key)
        runs = compare(a.words if a else (), b.words if b else ())
        label = next(each.label for each in (b, a) if each)
        changed = any(run.change is not Change.SAME for run in runs)
        found.append(Compared(label, html_of(runs), changed))
    return found


def html_of(runs: list[Run]) -> SafeString:
    """Runs as reading matter: what is new in <ins>, what is gone in <del>."""
    return format_html_join("", "{}", ((_run(run),) for run in runs))


def as_read(passage: Passage) -> SafeString:
    return html_of(compare(passage.words, passage.words))


def label_of(field: str) -> str:
    """A field by its name on the form."""
    match field:
        case "body":
            return _("Text")
        case "story_topics":
            return _("Topics")
        case "story_entities":
            return _("People, places and organisations")
    name = str(Story._meta.get_field(field).verbose_name)
    return name[:1].upper() + name[1:]


_SHOWN = (
    "headline", "summary", "section", "slugline", "urgency", "genre", "place", "dateline_date",
    "bylines", "subjects", "ednote", "picture", "picture_alt", "picture_caption",
    "picture_credit", "correction_note", "embargo_until", "clients_first_minutes", "go_live_at",
    "expire_at",
)  # fmt: skip


def _fields(story: Story) -> Iterator[Passage]:
    for name in _SHOWN:
        yield Passage(name, label_of(name), words_of(value_of(story, name)))
    topics = ", ".join(ref.name for ref in story.topic_refs())
    yield Passage("story_topics", label_of("story_topics"), words_of(topics))
    entities = ", ".join(ref.name for ref in story.entity_refs())
    yield Passage("story_entities", label_of("story_entities"), words_of(entities))


def value_of(story: Story, name: str) -> str:
    """A field's value in words."""
    value = getattr(story, name)
    if value in (None, ""):
        return ""
    if hasattr(story, f"get_{name}_display"):
        return str(getattr(story, f"get_{name}_display")())
    if hasattr(value, "strftime"):
        return agency_time(value) if hasattr(value, "hour") else str(date_format(value))
    return str(value)


def _blocks(story: Story) -> Iterator[Passage]:
    for place, child in enumerate(story.body):
        # Not pictured: the files of a picture are not looked for, only its words are read.
        parts = blocks_of([child], pictured=lambda _image: ())
        words = tuple(word for part in parts for word in (*block_words(part), Word("\n")))
        yield Passage(f"body:{child.id or place}", str(child.block.label), words[:-1])


def block_words(block: items.Block) -> tuple[Word, ...]:
    match block:
        case items.Paragraph(html=html):
            return words_of(html, html=True)
        case items.List(entries=entries):
            return words_of("<br>".join(f"• {entry}" for entry in entries), html=True)
        case items.Subhead(text=text):
            return words_of(text)
        case items.Quotation(text=text, speaker=speaker, office=office):
            return words_of(" — ".join(filter(None, (f"“{text}”", speaker, office))))
        case items.Table(rows=rows, caption=caption):
            return words_of("\n".join(filter(None, (caption, *(" · ".join(r) for r in rows)))))
        case items.GalleryBlock(pictures=pictures, title=title):
            said = [title, *(text for p in pictures for text in (p.alt, p.caption, p.credit))]
            return words_of("\n".join(filter(None, said)))
        case items.PictureBlock(picture=picture):
            parts = (picture.alt, picture.caption, picture.credit)
            return words_of("\n".join(filter(None, parts)))
        case items.Embed(url=url, title=title):
            return words_of(" ".join(filter(None, (title, url))))
    assert_never(block)


def _in_order(old: list[str], new: list[str]) -> list[str]:
    order, before = list(new), None
    for key in old:
        if key not in order:
            order.insert(order.index(before) + 1 if before else 0, key)
        before = key
    return order


def _run(run: Run) -> SafeString:
    text = conditional_escape(run.text)
    for mark in reversed(run.marks):
        if mark.startswith("→ "):
            text = format_html('<span class="compared__link" title="{}">{}</span>', mark, text)
        else:
            text = format_html("<{0}>{1}</{0}>", mark_safe(mark), text)  # noqa: S308 - b, i, sub, sup
    match run.change:
        case Change.NEW:
            return format_html("<ins>{}</ins>", text)
        case Change.GONE:
            return format_html("<del>{}</del>", text)
    return SafeString(text)


def draft_of(story: Story, content: dict[str, Any]) -> Story:
    """A version's content as a story in memory."""
    draft: Story = story.with_content_json(content)
    return draft
