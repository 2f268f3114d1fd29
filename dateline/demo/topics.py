"""The sixty topics of the demo agency, read from `topics.txt`.

A line there is: slug, English name and description, Ukrainian name and description. The slug is
the same in both editions.
"""

from dataclasses import dataclass
from importlib.resources import files

from dateline.demo.lexicon import Both


@dataclass(frozen=True, slots=True)
class DemoTopic:
    """A tag of both editions, with a line on what it is about."""

    slug: str
    name: Both
    description: Both


def _topic(row: str) -> DemoTopic:
    slug, en, about_en, uk, about_uk = row.split(" | ")
    return DemoTopic(slug, Both(en, uk), Both(f"{about_en}.", f"{about_uk}."))


_TABLE = files("dateline.demo") / "topics.txt"

TOPICS = tuple(_topic(row) for row in _TABLE.read_text(encoding="utf-8").splitlines())
