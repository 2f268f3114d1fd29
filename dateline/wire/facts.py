"""What can be asked of an item, taken from it once: its terms, and its text for words.

Pure. A subject brings the broader ones above it, so a product of "economy" has its tariffs too.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dateline.addresses import entity_heading
from dateline.formats.body import block_words
from dateline.items import EntityKind, Item
from dateline.vocabulary import media_topics
from dateline.wire.query import WORD, alike, fold

_TOKEN = re.compile(r"\w+(?:’\w+)*")
_WORD = f"{WORD}:"


class ItemFacts:
    """The facts of one version of a story. The text is read when it is first asked for."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.terms = terms_of(item)

    def has(self, term: str) -> bool:
        if not term.startswith(_WORD):
            return term in self.terms
        phrase = _phrase(term)
        # Most texts have not even the letters; to part one into words costs ten times this look.
        if not phrase.words or not all(word in self._letters for word in phrase.words):
            return False
        if len(phrase.words) == 1:
            return phrase.whole.search(self._letters) is not None
        return phrase.inside(self._text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The single words of headline, slugline, summary and text, folded."""
        return frozenset(self._text.split())

    @cached_property
    def _letters(self) -> str:
        """The text in small letters, marks and all."""
        item = self.item
        parts = [item.headline, item.slugline, item.summary]
        parts += [text for block in item.body for text in block_words(block)]
        return alike(" ".join(parts))

    @cached_property
    def _text(self) -> str:
        """The words of the text with one space around each."""
        return f" {' '.join(tokens_in(self._letters))} "


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that are looked for together; of the last one maybe its beginning alone."""

    words: tuple[str, ...]
    whole: re.Pattern[str]
    begins: bool

    def inside(self, text: str) -> bool:
        return f" {' '.join(self.words)}{'' if self.begins else ' '}" in text


@lru_cache(maxsize=50_000)
def _phrase(term: str) -> _Phrase:
    words = tuple(tokens_in(term.removeprefix(_WORD)))
    begins = term.endswith("*")
    # The ends of a word as _TOKEN sees them: an apostrophe between letters is inside it.
    end = "" if begins else r"(?!\w|’\w)"
    whole = re.compile(rf"(?<!\w)(?<!\w’){re.escape(words[0] if words else '')}{end}")
    return _Phrase(words, whole, begins)


def tokens_in(folded: str) -> list[str]:
    """The words in folded text, without marks between them."""
    return _TOKEN.findall(folded)


def terms_of(item: Item) -> frozenset[str]:
    """`edition:en`, `section:economy`, `subject:20000344` and all above it, …"""
    places = [item.dateline.place] if item.dateline else []
    entities = []
    for entity in item.entities:
        entities.append(entity_heading(entity.kind, entity.slug))
        if entity.kind is EntityKind.PLACE:
            places += [entity.slug, entity.name]
    found = {
        "edition": [item.edition],
        "section": [item.section.slug] if item.section.slug else [],
        "topic": [topic.slug for topic in item.topics],
        "subject": [code for subject in item.subjects for code in _with_broader(subject.code)],
        "entity": entities,
        "place": places,
        "genre": [item.genre] if item.genre else [],
        "urgency": [str(item.urgency)],
    }
    return frozenset(
        f"{field}:{fold(value)}" for field, values in found.items() for value in values
    )


def _with_broader(code: str) -> list[str]:
    bare = code.rpartition(":")[2]
    vocabulary = media_topics()
    if bare not in vocabulary.concepts:
        return [bare]  # retired since: what it stood under is not known any more
    return [concept.code for concept in vocabulary.path(bare)]
