"""Which products take an item, without trying them all.

From each rule one group of required terms is its *key*: the group that fewest items have. A rule
stands in the index under each term of its key, so an item meets only the rules whose key it has;
those are then tried in full. The same keys find a product's past in the feed's table of terms.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from dateline.wire.facts import ItemFacts, tokens_in
from dateline.wire.query import WORD, Query, Rule

P = TypeVar("P")

_RARITY = {
    "entity": 1, "topic": 2, "place": 3, WORD: 3, "subject": 4, "section": 10, "genre": 20,
    "urgency": 20, "edition": 30,
}  # fmt: skip
"""How many items of a hundred have one such term, roughly: an agency has thousands of people and
topics, some ten sections, and two or three editions."""


def key_of(rule: Rule, *, words: bool) -> tuple[str, ...] | None:
    """The group of required terms that fewest items have; None if the rule needs none.

    With `words`, words of the text count as terms; the beginning of a word never does.
    """
    groups = [group for group in rule.required if all(_can_be_key(term, words) for term in group)]
    return min(groups, key=lambda group: sum(map(_rarity, group)), default=None)


@lru_cache(maxsize=100_000)
def hashed(term: str) -> int:
    """A term as the number it has in the feed. Two terms with one number cost a look in vain."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), signed=True)


def past_keys(query: Query) -> frozenset[int] | None:
    """The terms, hashed, under which all that a query takes is found; None: look at everything."""
    keys = [key_of(rule, words=False) for rule in query.rules]
    if None in keys:
        return None
    return frozenset(hashed(term) for key in keys for term in key or ())


class Matcher(dict[P, Query]):
    """Products' queries with their index. Build it anew when a query changes."""

    def __init__(self, queries: Mapping[P, Query]) -> None:
        super().__init__(queries)
        self._always: list[tuple[P, Rule]] = []
        self._by_term: dict[str, list[tuple[P, Rule]]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[P, Rule]]] = defaultdict(list)
        for product, query in queries.items():
            for rule in query.rules:
                self._put(product, rule)

    def takers(self, facts: ItemFacts) -> set[P]:
        """The products that take an item with these facts."""
        found: set[P] = set()
        _try(self._always, facts, found)
        _try_at(self._by_term, facts.terms, facts, found)
        if self._by_word:
            _try_at(self._by_word, facts.words, facts, found)
        return found

    def _put(self, product: P, rule: Rule) -> None:
        key = key_of(rule, words=True)
        if key is None:
            self._always.append((product, rule))
            return
        for term in key:
            field, _, value = term.partition(":")
            if field == WORD:
                # Of a phrase all words are there, so any will do: the one that fewest rules have.
                word = min(tokens_in(value), key=lambda each: len(self._by_word[each]))
                self._by_word[word].append((product, rule))
            else:
                self._by_term[term].append((product, rule))


def _try_at(
    index: Mapping[str, list[tuple[P, Rule]]],
    terms: Iterable[str],
    facts: ItemFacts,
    found: set[P],
) -> None:
    for term in terms:
        if rules := index.get(term):
            _try(rules, facts, found)


def _try(rules: Iterable[tuple[P, Rule]], facts: ItemFacts, found: set[P]) -> None:
    for product, rule in rules:
        if product not in found and rule.takes(facts):
            found.add(product)


def _can_be_key(term: str, words: bool) -> bool:
    field, _, value = term.partition(":")
    return field != WORD or (words and not value.endswith("*") and bool(tokens_in(value)))


def _rarity(term: str) -> int:
    return _RARITY[term.partition(":")[0]]
