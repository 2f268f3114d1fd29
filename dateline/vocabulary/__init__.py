"""IPTC Media Topics: what a story is about, in codes that every client knows.

The concepts are data beside this module, read once, when they are first asked for; nothing here
needs a database. A story keeps codes (`20000344`) and an Item adds the name in its edition's
language; a retired concept is refused by name, with what stands in its place.

The English names are IPTC's (CC BY 4.0). The Ukrainian ones are Dateline's own: IPTC publishes
none. Deeper than the third level there are none yet, and a concept has its English name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from dateline.errors import DatelineError

SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
"""The scheme of Media Topics: with a code after it, the URI of a concept."""

ALIAS = "medtop"
"""IPTC's short name for the scheme, in front of a code: `medtop:20000344`."""

MOST_FOUND = 10

_CODE = re.compile(rf"(?:{ALIAS}:|{re.escape(SCHEME)})?([0-9]{{8}})(?![0-9])")


class UnknownSubject(DatelineError):
    """No Media Topic has this code or name."""

    code = "unknown-subject"


class RetiredSubject(DatelineError):
    """IPTC has retired this concept; `instead` are the codes of what stands in its place."""

    code = "retired-subject"


@dataclass(frozen=True, slots=True)
class Concept:
    """One Media Topic. `broader` is empty at the top; `names` are by language, English always."""

    code: str
    broader: str
    names: dict[str, str]

    @property
    def qcode(self) -> str:
        return f"{ALIAS}:{self.code}"

    @property
    def uri(self) -> str:
        return f"{SCHEME}{self.code}"

    def name(self, language: str) -> str:
        """Its name in a language (`uk`, `uk-UA`), else in English."""
        return self.names.get(language.split("-")[0].lower()) or self.names["en"]


@dataclass(frozen=True, slots=True)
class Retired:
    """A concept that IPTC no longer wants used, and what it names in its place."""

    code: str
    name: str
    on: date
    instead: tuple[str, ...]


class Vocabulary:
    """All concepts of one release of Media Topics."""

    def __init__(
        self, release: date, concepts: Iterable[Concept], retired: Iterable[Retired]
    ) -> None:
        self.release = release
        self.concepts = {concept.code: concept for concept in concepts}
        self.retired = {concept.code: concept for concept in retired}
        self._words = {
            code: [_folded(name) for name in concept.names.values()]
            for code, concept in self.concepts.items()
        }

    def get(self, code: str) -> Concept:
        """The concept of a code in any of its forms. Raises UnknownSubject or RetiredSubject."""
        written = _CODE.fullmatch(code.strip())
        bare = written[1] if written else ""
        if concept := self.concepts.get(bare):
            return concept
        if gone := self.retired.get(bare):
            raise RetiredSubject(
                f"IPTC retired “{gone.name}” on {gone.on:%Y-%m-%d}. Use "
                + " or ".join(f"“{self.concepts[each].name('en')}”" for each in gone.instead)
                + " in its place.",
                name=gone.name,
                instead=gone.instead,
            )
        raise UnknownSubject(f"No Media Topic has the code “{code}”. Choose one from the list.")

    def path(self, code: str) -> tuple[Concept, ...]:
        """A concept with all above it, the broadest first: economy › trade › tariffs."""
        return tuple(reversed(list(self._up(code))))

    def level(self, code: str) -> int:
        """1 for the broadest."""
        return len(self.path(code))

    def search(self, written: str, *, language: str, most: int = MOST_FOUND) -> list[Concept]:
        """Concepts by the beginnings of their words, in any language or by code; the best first.

        A name that begins with what was written comes before one that has it inside; a broad
        concept before a narrow one.
        """
        if concept := self._coded(written):
            return [concept]
        wanted = _folded(written)
        if not wanted.strip():
            return []
        found = []
        for code, names in self._words.items():
            rank = min((_rank(name, wanted) for name in names), default=_NOT_FOUND)
            if rank < _NOT_FOUND:
                name = self.concepts[code].name(language)
                found.append((rank, self.level(code), len(name), name, code))
        return [self.concepts[code] for *_, code in sorted(found)[:most]]

    def named(self, written: str) -> Concept:
        """The one concept of a name, in any language, or of a path of names with `›` between.

        Raises UnknownSubject where none has it, or several have and the path does not tell which,
        and RetiredSubject.
        """
        *above, name = [_folded(part) for part in written.split("›")]
        found = [code for code, names in self._words.items() if name in names]
        found = [code for code in found if self._stands_under(code, above)]
        if len(found) == 1:
            return self.concepts[found[0]]
        if not found:
            for gone in self.retired.values():
                if _folded(gone.name) == name:
                    return self.get(gone.code)
        raise UnknownSubject(
            f"No one Media Topic is named “{written.strip()}”. Choose one from the list."
        )

    def _coded(self, written: str) -> Concept | None:
        code = _CODE.fullmatch(written.strip())
        return self.concepts.get(code[1]) if code else None

    def _stands_under(self, code: str, above: list[str]) -> bool:
        names = [self._words[each.code] for each in self.path(code)[:-1]]
        return all(any(part in each for each in names) for part in above)

    def _up(self, code: str) -> Iterator[Concept]:
        concept: Concept | None = self.concepts[code]
        while concept is not None:
            yield concept
            concept = self.concepts.get(concept.broader)


class _Names(Struct, frozen=True):
    """The file of names in another language. `by` and `note` are for people who open it."""

    language: str
    by: str
    note: str
    names: dict[str, str]


class _Release(Struct, frozen=True):
    """The file that `making.py` writes: concepts as code, broader code and English name; retired
    ones as code, name, day and codes to use instead."""

    scheme: str
    release: date
    licence: str
    attribution: str
    concepts: list[tuple[str, str, str]]
    retired: list[tuple[str, str, date, list[str]]]


@cache
def media_topics() -> Vocabulary:
    """IPTC Media Topics as shipped. Some 10 ms the first time; the same object ever after."""
    folder = files(__name__)
    release = msgspec.json.decode((folder / "mediatopics.json").read_bytes(), type=_Release)
    ours = msgspec.json.decode((folder / "mediatopics.uk.json").read_bytes(), type=_Names)
    concepts = (
        Concept(code, broader, _known({"en": name, ours.language: ours.names.get(code, "")}))
        for code, broader, name in release.concepts
    )
    retired = (Retired(code, name, on, tuple(to)) for code, name, on, to in release.retired)
    return Vocabulary(release.release, concepts, retired)


def _known(names: dict[str, str]) -> dict[str, str]:
    return {language: name for language, name in names.items() if name}


_NOT_FOUND = 3


def _rank(name: str, wanted: str) -> int:
    """0 where the name begins with it, 1 where words of it begin with each of its words."""
    if name.startswith(wanted):
        return 0
    words = name.replace("(", " ").replace("-", " ").split()
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 1
    return 2 if len(wanted) > 3 and wanted in name else _NOT_FOUND


def _folded(text: str) -> str:
    """Small letters, single spaces, one form of the apostrophe: how a name is looked for."""
    return " ".join(text.replace("'", "’").replace("ʼ", "’").casefold().split())
