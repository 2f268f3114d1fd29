"""Two saves of one story against each other: what each changed is joined, and what both changed
differently is put side by side. No save wins by being the last.

`join()` is pure: three versions of a story's content in, one out, with what people must decide.
The rest makes revisions of drafts. Content is what Wagtail keeps in a revision: a dict by field,
with the body as JSON text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from dateline.errors import DatelineError

if TYPE_CHECKING:
    from dateline.newsroom.story import Story

Content = dict[str, Any]

KEPT_ACTION = "newsroom.kept_beside"
"""In Wagtail's history of a story: a version that was kept and did not become the draft."""

NOT_JOINED = frozenset({"desk", "assignee", "due_at", "search_text", "updated_at"})
"""What a form may send and a draft does not hold: `desks.place()` writes it past the draft."""


class StaleSave(DatelineError):
    """Somebody saved the story since this form was opened."""

    code = "stale-save"


class Choice(StrEnum):
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field, or a block of the body, that two people changed differently.

    The values are as content has them; a block is a dict with type, value and id. None: it was not
    there, or was taken out.
    """

    key: str
    field: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def may_keep_both(self) -> bool:
        """Two versions of a block can stand under each other; two headlines cannot."""
        return isinstance(self.theirs, dict) and isinstance(self.mine, dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """Content in which what only one side changed is in; where a person must choose, theirs stands
    until they do."""

    content: Content
    conflicts: tuple[Conflict, ...]


def join(
    base: Content | None,
    theirs: Content,
    mine: Content,
    *,
    fields: Iterable[str],
    choices: Mapping[str, Choice] | None = None,
) -> Joined:
    """What both made of `base`. Without a base, whatever differs is for people to choose."""
    choices = choices or {}
    content, conflicts = dict(theirs), []
    for name in fields:
        if name in NOT_JOINED:
            continue
        before = base.get(name) if base is not None else None
        if name == "body":
            body, found = _join_bodies(
                blocks_in(before), blocks_in(theirs.get(name)), blocks_in(mine.get(name)), choices
            )
            content[name] = json.dumps(body)
            conflicts += found
            continue
        here, there = plain(mine.get(name)), plain(theirs.get(name))
        if here == there or (base is not None and here == plain(before)):
            continue
        if (base is not None and there == plain(before)) or choices.get(name) == Choice.MINE:
            content[name] = mine.get(name)
        elif name not in choices:
            conflicts.append(Conflict(name, name, before, theirs.get(name), mine.get(name)))
    return Joined(content, tuple(conflicts))


def differ(one: Content, other: Content, *, fields: Iterable[str]) -> bool:
    """Would a reader of the draft see a difference?"""
    return any(
        _comparable(name, one) != _comparable(name, other)
        for name in fields
        if name not in NOT_JOINED
    )


def blocks_in(body: Any) -> list[dict[str, Any]]:
    """The blocks of a body as content has it."""
    return list(json.loads(body)) if body else []


_EDITORS_KEY = re.compile(r' data-block-key=(?:"[^"]*"|\\"[^"\\]*\\")')


def plain(value: Any) -> Any:
    """A value in the one form in which equal text is equal: without what the rich-text editor adds
    for itself, and without the keys of rows beside the story, which every form makes anew."""
    if isinstance(value, str):
        return _EDITORS_KEY.sub("", value).replace("\r\n", "\n")
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {
            key: plain(each)
            for key, each in value.items()
            if key not in ("pk", "id", "story", "sort_order")
        }
    return "" if value is None else value


def _comparable(name: str, content: Content) -> Any:
    if name == "body":
        return [plain(block) for block in blocks_in(content.get(name))]
    return plain(content.get(name))


# --- bodies --------------------------------------------------------------------------------------

Block = dict[str, Any]


def _join_bodies(
    base: list[Block], theirs: list[Block], mine: list[Block], choices: Mapping[str, Choice]
) -> tuple[list[Block], list[Conflict]]:
    before = {block["id"]: block for block in base}
    there = {block["id"]: block for block in _as_known(theirs, base)}
    here = {block["id"]: block for block in _as_known(mine, [*base, *theirs])}
    joined: dict[str, list[Block]] = {}
    conflicts: list[Conflict] = []
    for key in {**there, **here}:
        sides = before.get(key), there.get(key), here.get(key)
        blocks, conflict = _join_blocks(f"body:{key}", *sides, choices)
        joined[key] = blocks
        conflicts += conflict
    order, conflict = _join_orders(list(before), list(there), list(here), choices)
    conflicts += conflict
    return [block for key in order for block in joined[key]], conflicts


def _as_known(blocks: list[Block], known: list[Block]) -> list[Block]:
    """The same blocks, and one that came without its id has that of the same text it once was."""
    ids = {block["id"] for block in known}
    taken = {block.get("id") for block in blocks}
    found = []
    for block in blocks:
        if block.get("id") not in ids:
            same = next(
                (k for k in known if k["id"] not in taken and plain(k) == plain(block)), None
            )
            if same:
                block = {**block, "id": same["id"]}
                taken.add(same["id"])
        found.append(block)
    return found


def _join_blocks(
    key: str,
    base: Block | None,
    theirs: Block | None,
    mine: Block | None,
    choices: Mapping[str, Choice],
) -> tuple[list[Block], list[Conflict]]:
    """The block as it is to stand: usually one, none if it was taken out, two if both are kept."""
    before, there, here = (plain(each) if each else None for each in (base, theirs, mine))
    if here in (there, before):
        return [theirs] if theirs else [], []
    if there == before:
        return [mine] if mine else [], []
    kept = {
        Choice.MINE: [mine],
        Choice.THEIRS: [theirs],
        # The second is a block of its own, so its id is made anew when it is saved.
        Choice.BOTH: [theirs, {**mine, "id": None} if mine and theirs else mine],
    }
    choice = choices.get(key)
    blocks = [block for block in kept[choice or Choice.THEIRS] if block]
    return blocks, [] if choice else [Conflict(key, "body", base, theirs, mine)]


def _join_orders(
    base: list[str], theirs: list[str], mine: list[str], choices: Mapping[str, Choice]
) -> tuple[list[str], list[Conflict]]:
    """The order of all blocks of both sides. Only if both moved the same must somebody choose."""
    common = set(theirs) & set(mine)
    there, here = ([key for key in side if key in common] for side in (theirs, mine))
    was = [key for key in base if key in common]
    conflicts = []
    if here in (was, there):
        first, second = theirs, mine
    elif there == was:
        first, second = mine, theirs
    else:
        choice = choices.get("body")
        first, second = (mine, theirs) if choice == Choice.MINE else (theirs, mine)
        if not choice:
            conflicts = [Conflict("body", "body", base, theirs, mine)]
    order = list(first)
    before = None
    for key in second:
        if key not in order:
            order.insert(order.index(before) + 1 if before else 0, key)
        before = key
    return order, conflicts


# --- revisions -----------------------------------------------------------------------------------


def keep_beside(story: Story, content: Content, *, by: Any, fields: Iterable[str]) -> Revision:
    """A revision that does not become the draft: somebody's text that lost the race to be it.

    The same text is not kept twice.
    """
    fields = tuple(fields)
    for theirs in story.revisions.filter(user=by).order_by("-pk")[:5]:
        if not differ(theirs.content, content, fields=fields):
            return theirs
    newest = story.get_latest_revision()
    revision = Revision.objects.create(
        content_object=story,
        base_content_type=story.get_base_content_type(),
        user=by,
        content=content,
        object_str=str(content.get("headline") or content.get("slugline") or story),
    )
    if newest:
        # Wagtail takes the newest by this time for the draft. When it was kept is in the history.
        Revision.objects.filter(pk=revision.pk).update(
            created_at=newest.created_at - timedelta(microseconds=1)
        )
    log(instance=story, action=KEPT_ACTION, user=by, revision=revision, content_changed=True)
    return revision


def save_draft(
    story: Story, content: Content, *, by: Any, again: Revision | None = None
) -> Revision:
    """The content as the new draft of the story, which is the live one's row.

    `again` is the earlier version that it is, if it is one: the history then says so.
    """
    with transaction.atomic():
        draft = story.with_content_json(content)
        if not story.live and _fits(draft):
            draft.save()
        revision: Revision = draft.save_revision(
            user=by, log_action=True, previous_revision=again, clean=False
        )
    return revision


def restore(story: Story, earlier: Revision, *, by: Any) -> Revision:
    """An earlier version as a new one, which is the draft from now on. No version is lost by it,
    and readers keep what they have until it is released."""
    return save_draft(story, earlier.content, by=by, again=earlier)


def _fits(draft: Story) -> bool:
    """Can the story's row hold it? What was typed and never checked may be too long for it."""
    return all(
        len(str(getattr(draft, field.attname) or "")) <= field.max_length
        for field in draft._meta.concrete_fields
        if field.max_length and field.get_internal_type() in ("CharField", "SlugField")
    )
