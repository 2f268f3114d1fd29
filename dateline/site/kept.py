"""What a worker keeps of the archive, and how it knows that it is still right.

Everything kept names the *tags* it stands on (`archive/changes.py`). Whatever changes the archive,
or the day, moves `Freshness` one turn on and marks its tags; a thing made before its tags were last
marked is made again when it is next asked for. So a release costs nothing until somebody reads.

Without a keeper (in tests, in the newsroom's preview) everything is made at each asking.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

TODAY = "today"
"""The tag of whatever says the day, or leaves today's date out."""

TAGS_REMEMBERED = 50_000
"""Tags whose last change is known: some 6,000 releases. Beyond it the older half is forgotten,
and what was made before that is made again."""

PARTS = 4_096
"""Parts kept beside pages: rails, the newest of topics, frames. Some kilobytes each."""


def reads_tag(edition: str) -> str:
    """Stands for the order in which an edition's stories are read."""
    return f"reads-{edition}"


class Freshness:
    """How far this worker has followed the archive, and when each tag last changed.

    `turn` grows with every change that the worker hears of, `serial` is the archive's. Changed on
    the event loop's thread alone; may be read from any.
    """

    def __init__(self) -> None:
        self.turn = 0
        self.serial = 0
        self._changed: dict[str, int] = {}
        self._forgotten = 0

    def change(self, tags: Collection[str], *, serial: int | None = None) -> None:
        """Mark what changed.

        The serial moves last: whoever reads it first and finds the new one finds its marks too.
        """
        turn = self.turn + 1
        for tag in tags:
            self._changed.pop(tag, None)
            self._changed[tag] = turn
        while len(self._changed) > TAGS_REMEMBERED:
            self._forget_half()
        self.turn = turn
        if serial is not None:
            self.serial = serial

    def change_everything(self, *, serial: int) -> None:
        """Nothing made so far is right: the worker was too far behind to know what changed."""
        self._forgotten = self.turn + 1
        self._changed.clear()
        self.turn += 1
        self.serial = serial

    def holds(self, made: int, tags: Collection[str]) -> bool:
        """Is a thing that was made at this turn, and stands on these tags, still right?"""
        if made == self.turn:
            return True
        changed = self._changed.get
        return made >= self._forgotten and all(changed(tag, 0) <= made for tag in tags)

    def _forget_half(self) -> None:
        # Tags stand in the order of their last change.
        for tag in list(self._changed)[: TAGS_REMEMBERED // 2]:
            self._forgotten = max(self._forgotten, self._changed.pop(tag))


class Keeper:
    """Parts kept by key, the least lately asked for dropped first. For one thread."""

    def __init__(self, freshness: Freshness, *, limit: int = PARTS) -> None:
        self.freshness = freshness
        self._limit = limit
        self._parts: OrderedDict[Hashable, tuple[int, Collection[str], Any]] = OrderedDict()

    def get(self, key: Hashable, tags: Collection[str], make: Callable[[], T]) -> T:
        found = self._parts.get(key)
        if found is not None and self.freshness.holds(found[0], found[1]):
            self._parts.move_to_end(key)
            return found[2]
        # Before making it: a change that comes meanwhile must count as later.
        turn = self.freshness.turn
        value = make()
        self._parts[key] = turn, tags, value
        self._parts.move_to_end(key)
        if len(self._parts) > self._limit:
            self._parts.popitem(last=False)
        return value


_keeper: Keeper | None = None


def keep_in(keeper: Keeper | None) -> None:
    """From now on, keep parts here: a web worker says so as it starts."""
    global _keeper
    _keeper = keeper


def kept(key: Hashable, tags: Collection[str], make: Callable[[], T]) -> T:
    """The part of this key: as it was made, if nothing it stands on has changed since."""
    return make() if _keeper is None else _keeper.get(key, tags, make)
