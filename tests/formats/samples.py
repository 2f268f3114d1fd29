"""The sample story, `tests/data/formats/item.json`, which every format's files beside it show.

After a change of a format that is meant, `python -m tests.formats.samples` writes the files anew:
read what it changed before you commit it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from dateline.formats import FORMATS
from dateline.formats.dispatch import Dispatch
from dateline.items import Item, Kind, Status, decode
from tests.strategies import PUBLICATION

FOLDER = Path(__file__).parent.parent / "data" / "formats"


def sample(**changes: Any) -> Item:
    """The sample story, with some fields changed."""
    item = decode((FOLDER / "item.json").read_bytes())
    assert isinstance(item, Item)
    return msgspec.structs.replace(item, **changes)


def killed() -> Item:
    """The sample story as a kill leaves it."""
    return sample(
        version=4,
        status=Status.CANCELED,
        kill_reason="The storm was in another port.",
        body=(),
        summary="",
        picture=None,
        released_at=datetime(2031, 5, 4, 14, 5, tzinfo=UTC),
        corrections=(),
    )


def cases() -> dict[str, Dispatch]:
    """The releases that each format has a file of, by the first part of its name."""
    first = sample(version=1, corrections=(), released_at=sample().first_released_at)
    return {
        "new": Dispatch(first, Kind.NEW, 40),
        "correction": Dispatch(sample(), Kind.CORRECTION, 41),
        "kill": Dispatch(killed(), Kind.KILL, 42),
    }


def path_of(case: str, name: str) -> Path:
    return FOLDER / f"{case}.{name}.{FORMATS[name].suffix}"


def shown(name: str, data: bytes) -> bytes:
    """A document as its file shows it: JSON and XML with a line for each part."""
    if FORMATS[name].suffix == "json":
        return json.dumps(json.loads(data), indent=2, ensure_ascii=False).encode() + b"\n"
    if FORMATS[name].suffix in ("xml", "rss", "atom"):
        root = etree.fromstring(data)
        etree.indent(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
    return data


def write_all() -> None:
    for case, dispatch in cases().items():
        for name, each in FORMATS.items():
            path_of(case, name).write_bytes(shown(name, each.encode(dispatch, PUBLICATION)))


if __name__ == "__main__":
    write_all()
