"""Every story pattern of the demo, by section: what can happen in Talvenia."""

from functools import cache

from dateline.demo.pattern import Pattern
from dateline.demo.patterns import (
    business,
    culture,
    economy,
    facts,
    politics,
    society,
    sport,
    world,
)

PATTERNS: dict[str, tuple[Pattern, ...]] = {
    "facts": facts.PATTERNS,
    "economy": economy.PATTERNS,
    "politics": politics.PATTERNS,
    "business": business.PATTERNS,
    "world": world.PATTERNS,
    "society": society.PATTERNS,
    "culture": culture.PATTERNS,
    "sport": sport.PATTERNS,
}
SECTION_NAMES = tuple(PATTERNS)


@cache
def followers_of(section: str) -> dict[str, tuple[Pattern, int]]:
    """For a pattern's name, the pattern that follows it, and after how many hours."""
    by_name = {pattern.name: pattern for pattern in PATTERNS[section]}
    return {
        pattern.name: (by_name[pattern.then[0]], pattern.then[1])
        for pattern in PATTERNS[section]
        if pattern.then
    }


@cache
def starters_of(section: str) -> tuple[Pattern, ...]:
    """The patterns that follow no other: where a story begins."""
    later = {pattern.name for pattern, _ in followers_of(section).values()}
    return tuple(pattern for pattern in PATTERNS[section] if pattern.name not in later)
