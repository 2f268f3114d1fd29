"""The sample story, `tests/data/formats/item.json`, which every format's file beside it shows."""

from pathlib import Path
from typing import Any

import msgspec

from dateline.items import Item, decode

FOLDER = Path(__file__).parent.parent / "data" / "formats"


def sample(**changes: Any) -> Item:
    """The sample story, with some fields changed."""
    item = decode((FOLDER / "item.json").read_bytes())
    assert isinstance(item, Item)
    return msgspec.structs.replace(item, **changes)
