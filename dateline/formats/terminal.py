"""A release as plain text for terminals: lines of at most 72 columns, in UTF-8.

Above the story stands what a sub-editor must see first: slugline, what the release did
(CORRECTION, KILL, …), version, urgency and time, embargo, notes to desks. Below it stands what
names it: guid, links, subjects, pictures. A wide letter (East Asian) fills two columns, a mark that
combines none. A word longer than a line is broken, so that no terminal does it.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from dateline.formats.body import blocks_text
from dateline.formats.dispatch import HEADS, Dispatch, desk_note, previous_version
from dateline.formats.publication import Publication
from dateline.items import (
    Block,
    Item,
    Kind,
    List,
    Picture,
    PictureBlock,
    Status,
    Table,
    pictures_in,
)
from dateline.vocabulary import source_types

CONTENT_TYPE = "text/plain"
SUFFIX = "txt"

WIDTH = 72
"""Columns: what a mail program leaves whole, quoted twice, on a terminal of 80 (RFC 3676, 4.2)."""

_RULE = "-" * WIDTH
_SPACES = re.compile(r"[\t \r]+")
# Letters of Latin, Greek, Cyrillic and Armenian, and what stands between them: a column each.
_NARROW = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2116]*"
)
_NO_COLUMN = frozenset({"Mn", "Me", "Cf"})


def encode(dispatch: Dispatch, publication: Publication) -> bytes:
    """The release as text, UTF-8, each line ended by a line feed."""
    return ("\n".join(_lines(dispatch, publication)) + "\n").encode()


def columns(text: str) -> int:
    """How many columns of a terminal the text fills (Unicode Standard Annex 11)."""
    # Measured: asked letter by letter, a text cost ten times as much as ninjs.
    return len(text) if _NARROW.fullmatch(text) else sum(map(_columns_of, text))


def wrapped(text: str, width: int = WIDTH, indent: str = "") -> list[str]:
    """The text in lines of at most `width` columns; ends of lines in it stay, lines after the
    first of each begin with `indent`."""
    lines: list[str] = []
    for line in text.splitlines() or [""]:
        lines += _wrapped_line(_SPACES.sub(" ", line).strip(" "), width, indent)
    return lines


def _wrapped_line(line: str, width: int, indent: str) -> Iterator[str]:
    now, filled, empty = "", 0, True
    for word in line.split(" "):
        size = columns(word)
        gap = "" if empty else " "
        if filled + len(gap) + size <= width:
            now, filled, empty = f"{now}{gap}{word}", filled + len(gap) + size, False
            continue
        if not empty:
            yield now.rstrip()
            now = indent
        *whole, rest = _broken(word, width - len(indent))
        for part in whole:
            yield now + part
            now = indent
        now += rest
        filled, empty = len(indent) + columns(rest), False
    yield now


def _broken(word: str, width: int) -> list[str]:
    """The word in parts of at most `width` columns; as it is, if it is no longer."""
    parts, filled = [""], 0
    for char in word:
        size = _columns_of(char)
        if filled + size > width:
            parts.append("")
            filled = 0
        parts[-1] += char
        filled += size
    return parts


@lru_cache(maxsize=4096)
def _columns_of(char: str) -> int:
    if unicodedata.category(char) in _NO_COLUMN:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# What stands where


def _lines(dispatch: Dispatch, publication: Publication) -> Iterator[str]:
    item = dispatch.item
    yield from _head(dispatch)
    yield _RULE
    if note := desk_note(item):
        yield from wrapped(note)
        yield ""
    yield from wrapped(item.headline)
    if item.bylines:
        names = (f"{each.name} ({each.role})" if each.role else each.name for each in item.bylines)
        yield from wrapped(", ".join(names))
    yield ""
    if item.dateline:
        yield from wrapped(f"{item.dateline.place.upper()}, {item.dateline.date.isoformat()}")
    if item.summary:
        yield from wrapped(item.summary)
        yield ""
    for block in item.body:
        yield from _block(block)
    yield _RULE
    yield from foot(dispatch, publication)


def _head(dispatch: Dispatch) -> Iterator[str]:
    item, head = dispatch.item, HEADS[dispatch.kind]
    gap = WIDTH - len(head)
    first, *more = wrapped(item.slugline or "(no slugline)", gap - 2)
    yield f"{first}{' ' * (gap - columns(first))}{head}".rstrip()
    yield from more
    yield from wrapped(
        f"version {item.version}  urgency {item.urgency}  {_minute(item.released_at)}  "
        f"{item.edition}  {item.section.name}"
    )
    if item.embargoed_until:
        yield from wrapped(f"EMBARGO: not to be published before {_minute(item.embargoed_until)}")
    if item.status is Status.CANCELED or dispatch.kind is Kind.KILL:
        yield from wrapped("KILL: do not use this story. If you published it, take it down.")
    elif item.status is Status.WITHHELD:
        yield from wrapped("WITHHELD: do not use this story until it is restored.")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(block)
        case List():
            for line in blocks_text((block,)).splitlines():
                yield from wrapped(line, indent="   ")
        case PictureBlock():
            return
        case _:
            yield from wrapped(blocks_text((block,)))
    yield ""


def _table(table: Table) -> Iterator[str]:
    """In columns if they fit, else a row a line with bars."""
    yield from wrapped(table.caption) if table.caption else ()
    rows = [tuple(" ".join(cell.split()) for cell in row) for row in table.rows]
    count = max(map(len, rows), default=0)
    widths = [max(columns(row[n]) for row in rows if n < len(row)) for n in range(count)]
    if sum(widths) + 2 * (count - 1) > WIDTH:
        for row in rows:
            yield from wrapped(" | ".join(row), indent="   ")
        return
    for row in rows:
        cells = (
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=False)
        )
        yield "  ".join(cells).rstrip()


def foot(dispatch: Dispatch, publication: Publication) -> Iterator[str]:
    """Lines that name the release: guid, links, Media Topics, pictures' files and hashes."""
    item = dispatch.item
    yield from wrapped(f"guid {item.guid}", indent="  ")
    if dispatch.serial:
        yield f"serial {dispatch.serial}"
    for name, value in _links(item):
        yield from wrapped(f"{name} {value}", indent="  ")
    if item.subjects:
        names = (f"{each.code} {each.name}" for each in item.subjects)
        yield from wrapped("subjects " + "; ".join(names), indent="  ")
    for picture in _pictures(item):
        yield from _picture(picture, publication)
    yield from wrapped(publication.name)


def _links(item: Item) -> Iterator[tuple[str, str]]:
    if version := previous_version(item):
        yield "follows", f"version {version}"
    if item.source:
        yield "translated from", f"{item.source.guid} version {item.source.version}"
    if item.translation_key:
        yield "translations", item.translation_key
    if item.evolved_from:
        yield "evolved from", item.evolved_from.guid


def _pictures(item: Item) -> Iterator[Picture]:
    if item.picture:
        yield item.picture
    yield from pictures_in(item.body)


def _picture(picture: Picture, publication: Publication) -> Iterator[str]:
    words = " / ".join(filter(None, (picture.caption or picture.alt, picture.credit)))
    yield from wrapped(f"picture {words}", indent="  ")
    for name, value in _rights(picture):
        yield from wrapped(f"{name} {value}", indent="  ")
    if picture.renditions:
        largest = picture.renditions[-1]
        yield from wrapped(f"file {publication.url(largest.href)}", indent="  ")
        if largest.sha256:
            yield from wrapped(f"sha256 {largest.sha256}", indent="  ")


def _rights(picture: Picture) -> Iterator[tuple[str, str]]:
    if picture.copyright_notice:
        yield "copyright", picture.copyright_notice
    if picture.usage_terms:
        yield "terms", picture.usage_terms
    if picture.source_type:
        yield "source type", source_types.code_in(picture.source_type) or picture.source_type


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
