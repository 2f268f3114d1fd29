"""Items of Wikidata: how formats name a person, place or organisation for everyone."""

import re

WIKIDATA = "http://www.wikidata.org/entity/"
"""Where the URIs of items begin. Wikidata's own form of them is http, not https."""

_ITEM = re.compile("Q[1-9][0-9]{0,11}")


def wikidata_uri(item: str) -> str:
    """The URI of an item such as `Q212`; empty if it is none."""
    return f"{WIKIDATA}{item}" if _ITEM.fullmatch(item) else ""
