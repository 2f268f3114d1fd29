"""Two texts word by word: what is new, what is gone, what stayed. Pure.

A word carries its form with it: the same word made bold, or linked elsewhere, is a change.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from html.parser import HTMLParser

_PARTS = re.compile(r"\s+|\w+(?:['’ʼ-]\w+)*|[^\w\s]")
_MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i", "sub": "sub", "sup": "sup"}


_PLAIN: tuple[str, ...] = ()


class Change(StrEnum):
    SAME = ""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a mark of punctuation, or the space between, and the form it stands in."""

    text: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Words next to each other that changed in the same way and look the same."""

    change: Change
    text: str
    marks: tuple[str, ...] = ()


def words_of(text: str, *, html: bool = False) -> tuple[Word, ...]:
    """The words of a plain text, or of inline HTML."""
    if not html:
        return tuple(Word(part) for part in _PARTS.findall(text))
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(reader.words)


def compare(before: Sequence[Word], after: Sequence[Word]) -> list[Run]:
    """What became of the words: all of both texts are in it, so nothing is hidden."""
    runs: list[Run] = []
    matched = SequenceMatcher(None, before, after, autojunk=False)
    for how, a, b, c, d in matched.get_opcodes():
        if how == "equal":
            runs += _runs(Change.SAME, after[c:d])
            continue
        runs += _runs(Change.GONE, before[a:b])
        runs += _runs(Change.NEW, after[c:d])
    return runs


def _runs(change: Change, words: Sequence[Word]) -> Iterator[Run]:
    text, marks = "", _PLAIN
    for word in words:
        if text and word.marks != marks:
            yield Run(change, text, marks)
            text = ""
        text, marks = text + word.text, word.marks
    if text:
        yield Run(change, text, marks)


@dataclass
class _Reader(HTMLParser):
    words: list[Word] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open.append(f"→ {dict(attrs).get('href') or ''}")
        elif tag in _MARKS:
            self._open.append(_MARKS[tag])
        elif tag == "br":
            self.words.append(Word("\n"))

    def handle_endtag(self, tag: str) -> None:
        if (tag == "a" or tag in _MARKS) and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        marks = tuple(self._open)
        self.words += [Word(part, marks) for part in _PARTS.findall(data)]
