"""How long a story is: words, and minutes to read it. No standard; what sites print."""

import re
from functools import lru_cache

from dateline.formats.body import block_words
from dateline.items import Item

WORDS_A_MINUTE = 200
CYRILLIC_WORDS_A_MINUTE = 180
"""Words in Slavic languages are longer, so fewer of them are read in a minute."""

_CYRILLIC = frozenset({"uk", "ru", "be", "bg", "sr", "mk", "kk"})
# An apostrophe or hyphen inside a word does not part it; a number with its point is one word.
_WORD = re.compile(r"\w+(?:['’ʼ.,-]\w+)*")


@lru_cache(maxsize=8)  # a page says it, its minutes, and its JSON-LD both
def word_count(item: Item) -> int:
    """Words of the body: not of the headline, nor of picture captions (as ninjs `wordCount`)."""
    return sum(len(_WORD.findall(text)) for block in item.body for text in block_words(block))


def read_minutes(item: Item) -> int:
    """Whole minutes to read the story, at least one."""
    language = item.edition.partition("-")[0].lower()
    pace = CYRILLIC_WORDS_A_MINUTE if language in _CYRILLIC else WORDS_A_MINUTE
    return max(1, int(word_count(item) / pace + 0.5))
