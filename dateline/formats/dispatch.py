"""An Item as one release sends it: what every format of the wire is made from.

The Item says what the story is now. What the release did (a correction, a kill), and its place in
the log, are facts of the release's row; a client needs them in the document itself.
"""

from dataclasses import dataclass

from dateline.formats.lexical import rfc3339
from dateline.items import FLASH, ORDINARY, Item, Kind, Status

LEAST_URGENT = 9


@dataclass(frozen=True, slots=True)
class Dispatch:
    """An Item, the kind of release that sent it, and that release's serial (0: not known)."""

    item: Item
    kind: Kind
    serial: int = 0


_KINDS = frozenset(Kind)

HEADS = {
    Kind.NEW: "",
    Kind.UPDATE: "UPDATE",
    Kind.CORRECTION: "CORRECTION",
    Kind.KILL: "KILL",
    Kind.WITHHOLD: "WITHHOLD",
    Kind.RESTORE: "RESTORE",
}
"""What stands over a text, for people. In English in every edition, as desks know it."""


def kind_of(item: Item) -> Kind:
    """The kind of release as far as the Item alone tells it, for documents that name none."""
    if item.status is Status.CANCELED:
        return Kind.KILL
    if item.status is Status.WITHHELD:
        return Kind.WITHHOLD
    if any(correction.at == item.released_at for correction in item.corrections):
        return Kind.CORRECTION
    return Kind.UPDATE if item.version > 1 else Kind.NEW


def read_kind(name: str, item: Item) -> Kind:
    """The kind by its name in a document; if that is none of ours, as the Item tells it."""
    return Kind(name) if name in _KINDS else kind_of(item)


def previous_version(item: Item) -> int:
    """The version before this one, or 0: versions grow by one at each release."""
    return item.version - 1


def read_urgency(text: str) -> int:
    """The urgency in a document; none named is ordinary. Raises ValueError if it is none."""
    urgency = int(text or ORDINARY)
    if not FLASH <= urgency <= LEAST_URGENT:
        raise ValueError(f"its urgency is {urgency}, and not from {FLASH} to {LEAST_URGENT}")
    return urgency


def desk_note(item: Item) -> str:
    """The note for desks at the clients: first why it was taken down, then the item's own, then
    what was wrong."""
    lines = []
    if item.status is Status.CANCELED:
        lines.append(f"KILL: {item.kill_reason}".rstrip())
    if item.status is Status.WITHHELD:
        lines.append(f"WITHHOLD: {item.withhold_reason}".rstrip())
    if item.ednote:
        lines.append(item.ednote)
    lines += [
        f"CORRECTION {rfc3339(correction.at)}: {correction.note}" for correction in item.corrections
    ]
    return "\n".join(lines)
