"""A product's query: typed as lines, kept as text, read into rules.

    section:economy,business -topic:football urgency:1-3
    subject:20000344 "grain export"

A line is a rule. In a rule every term must be there; of several values with commas between, one is
enough; a minus in front says that none may be there. Words without a name are looked for in the
text, whole words in any case; `grain*` is the beginning of one, and quotation marks hold several
together. The query takes an item if any of its rules does. `*` alone takes everything.

Pure: knows no database and no framework.
"""

import re
from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from dateline.errors import DatelineError
from dateline.vocabulary import media_topics

WORD = "word"
"""The field of words in the text, which have no name in front when they are typed."""

FIELDS = ("edition", "section", "topic", "subject", "entity", "place", "genre", "urgency")
"""What can stand in front of the colon."""

EVERYTHING = "*"

MOST_RULES, MOST_TERMS = 500, 200
"""More rules in a query, or values in a rule, are a mistake of whoever pasted them."""


class BadQuery(DatelineError):
    """A line of a query cannot be read; `line` is its number."""

    code = "bad-query"


class Facts(Protocol):
    """What a rule may ask of an item."""

    def has(self, term: str) -> bool: ...


class Rule(Struct, frozen=True):
    """One line: of each group in `required` one term must be there, and none of `excluded`.

    A term is its field, a colon, and the folded value: `section:economy`, `word:grain export`.
    """

    required: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()

    def takes(self, facts: Facts) -> bool:
        return all(any(map(facts.has, group)) for group in self.required) and not any(
            map(facts.has, self.excluded)
        )


class Query(Struct, frozen=True):
    """What a product takes: whatever any of its rules takes."""

    rules: tuple[Rule, ...] = ()

    def takes(self, facts: Facts) -> bool:
        return any(rule.takes(facts) for rule in self.rules)


def read(text: str) -> Query:
    """The query in lines of text. Empty lines and those that begin with # say nothing.

    Raises BadQuery, which names the line and what is wrong with it.
    """
    rules = tuple(
        _rule(line.strip(), number)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )
    if not rules:
        raise BadQuery("Write at least one rule. A line with * alone takes everything.", line=1)
    if len(rules) > MOST_RULES:
        raise BadQuery(f"A query has at most {MOST_RULES} rules; this one has {len(rules)}.")
    return Query(rules)


def fold(text: str) -> str:
    """Small letters, single spaces, one form of the apostrophe: values are compared so."""
    return " ".join(alike(text).split())


def alike(text: str) -> str:
    """Text with small letters and one form of the apostrophe."""
    return text.replace("'", "’").replace("ʼ", "’").casefold()


_TERM = re.compile(
    r'(?P<no>-)?(?:(?P<field>[^\W\d_]+):)?'
    r'(?P<values>(?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)(?=\s|$)'
)
_VALUE = re.compile(r'"([^"]*)"|([^\s",]+)')
_SPAN = re.compile(r"(?:([1-9])-|<=?)?([1-9])")


def _rule(line: str, number: int) -> Rule:
    if line == EVERYTHING:
        return Rule()
    required: list[tuple[str, ...]] = []
    excluded: list[str] = []
    for no, terms in _terms(line, number):
        if no:
            excluded += terms
        else:
            required.append(terms)
    if len(excluded) + sum(map(len, required)) > MOST_TERMS:
        raise BadQuery(f"Line {number} has more than {MOST_TERMS} values.", line=number)
    return Rule(tuple(required), tuple(excluded))


def _terms(line: str, number: int) -> Iterator[tuple[bool, tuple[str, ...]]]:
    at = 0
    while at < len(line):
        found = _TERM.match(line, at)
        if found is None:
            raise BadQuery(
                f"Line {number} cannot be read from “{line[at : at + 20]}” on. Write "
                "field:value, words, or words in quotation marks.",
                line=number,
            )
        field = (found["field"] or WORD).lower()
        if field != WORD and field not in FIELDS:
            raise BadQuery(
                f"Line {number}: nothing is called “{field}”. There are {', '.join(FIELDS)}.",
                line=number,
            )
        values = [quoted or bare for quoted, bare in _VALUE.findall(found["values"])]
        terms = [term for value in values for term in _expanded(field, value, number)]
        yield bool(found["no"]), tuple(dict.fromkeys(terms))
        at = found.end()
        at += len(line[at:]) - len(line[at:].lstrip())


def _expanded(field: str, value: str, line: int) -> Iterator[str]:
    if field == "urgency":
        span = _SPAN.fullmatch(value)
        if span is None:
            raise BadQuery(
                f"Line {line}: “{value}” is no urgency. Write 1 to 9, or from–to as 1-3.", line=line
            )
        last = int(span[2])
        first = int(span[1]) if span[1] else 1 if value.startswith("<") else last
        yield from (f"urgency:{each}" for each in range(first, last + 1))
    elif field == "subject":
        yield f"subject:{_subject(value, line)}"
    elif folded := fold(value):
        yield f"{field}:{folded}"
    else:
        raise BadQuery(f"Line {line}: the value after “{field}” is empty.", line=line)


def _subject(value: str, line: int) -> str:
    vocabulary = media_topics()
    try:
        coded = value[-8:].isdigit()
        return (vocabulary.get(value) if coded else vocabulary.named(value)).code
    except DatelineError as error:
        raise BadQuery(f"Line {line}: {error.message}", line=line) from error
