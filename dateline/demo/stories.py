"""Days of news: `stories` for a past of any length, `live` for what is released from now on.

Both are generators that hold a bounded number of stories at a time: those waiting to be
translated or followed up. All chance comes from the seed.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from dateline.demo.clock import ZONE, Hours
from dateline.demo.lexicon import EN, UK
from dateline.demo.model import DemoCorrection, DemoKill, DemoStory
from dateline.demo.pattern import Pattern
from dateline.demo.patterns import SECTION_NAMES, followers_of, starters_of
from dateline.demo.writing import (
    Draft,
    Misprint,
    body_of,
    draft,
    headline_of,
    misprint,
    written,
)

_WAITING_MOST = 2000
"""Follow-ups that wait at one time: bounds memory when a million stories are asked for."""

_REMEMBERED = 1024
"""Headlines that a new one is compared with: twice the default demo, with room."""

VOLUME = 6_000
"""Stories that are made from chance of their own: each volume is the same with or without those
before it, so that a load that was cut short goes on without making them again. Follow-ups stay
within one. A multiple of six: see _BLOCK_STORIES."""

_KILLS = 3
_CORRECTED_SHARE = 0.03
# Four originals, of which two get a translation, make six stories: a third are translations.
_BLOCK = ((EN, True), (EN, True), (EN, False), (UK, False))
_BLOCK_STORIES = 6
_TRANSLATED_WITHIN = timedelta(minutes=26)

_OFFICES = frozenset({"economy", "politics", "business"})
_WEEKEND = ("facts", "sport", "sport", "culture", "society", "world")
"""At weekends offices are closed: these sections are reported instead."""

_KILL_REASONS = {
    EN: (
        "The report rested on a statement that its alleged author did not make.",
        "The document quoted in the report turned out to be a draft that was never adopted.",
        "The report was released by mistake before its facts had been confirmed.",
    ),
    UK: (
        "Повідомлення ґрунтувалося на заяві, якої названа в ньому особа не робила.",
        "Документ, наведений у повідомленні, виявився проєктом, якого не ухвалили.",
        "Повідомлення вийшло помилково, до підтвердження викладених у ньому фактів.",
    ),
}


def stories(
    *, seed: int, count: int, until: datetime, days: int = 60, after: int = 0
) -> Iterator[DemoStory]:
    """`count` stories of the `days` before `until`, oldest first; the same for the same arguments.

    A third of them are Ukrainian translations of an English story released minutes before. Those
    with keys up to `after` are left out, and of these no more than a volume is made in vain.
    """
    until = until.astimezone(UTC).replace(microsecond=0)
    hours = Hours(since=until - timedelta(days=days), until=until - _TRANSLATED_WITHIN)
    for first in range(after - after % VOLUME, count, VOLUME):
        for story in _volume(seed, first, count=count, hours=hours):
            if story.key > after:
                yield story


def _volume(seed: int, first: int, *, count: int, hours: Hours) -> Iterator[DemoStory]:
    """The volume of `count` stories that begins after the key `first`."""
    chance = Random(f"{seed} {first}" if first else seed)
    last = min(first + VOLUME, count)
    originals = _originals(count)
    killed = {originals * part // (_KILLS + 1) for part in range(1, _KILLS + 1)}
    desk = _Desk(chance)
    waiting: list[tuple[datetime, int, _Ready, int]] = []
    key = first
    numbers = range(_originals(first), _originals(last))
    for number, (edition, translated) in zip(numbers, _plan(chance, last - first), strict=True):
        moment = hours.moment(number + chance.random(), of=originals)
        while waiting and waiting[0][0] <= moment:
            key += 1
            yield _translation(heapq.heappop(waiting), key=key)
        ready = desk.next(edition, moment=moment, translated=translated)
        # A killed story has no translation here, or that would have to be killed beside it.
        kill = None
        if number in killed and not translated:
            kill = _kill(chance, edition)
        elif number in killed:
            killed.add(number + 1)
        key += 1
        yield ready.told(edition, key=key, moment=moment, kill=kill)
        if translated:
            later = moment + timedelta(seconds=chance.randrange(240, 1500))
            heapq.heappush(waiting, (later, number, ready, key))
    # The next volume is later than all of this one.
    end = hours.moment(numbers.stop, of=originals) if last < count else None
    while waiting:
        key += 1
        yield _translation(heapq.heappop(waiting), key=key, latest=end)


def _originals(stories: int) -> int:
    """How many of the first so many stories are no translation; of whole volumes, and of all."""
    return stories // _BLOCK_STORIES * len(_BLOCK) + stories % _BLOCK_STORIES


def live(
    *, seed: int, start_key: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[DemoStory]:
    """Stories without end, alternately English and Ukrainian, each released as it is asked for."""
    chance = Random(seed)
    desk = _Desk(chance)
    key = start_key
    while True:
        moment = clock().astimezone(UTC)
        edition = (EN, UK)[(key - start_key) % 2]
        # No mistakes on purpose here: nobody would be there to correct them.
        ready = replace(desk.next(edition, moment=moment, translated=False), misprint=None)
        yield ready.told(edition, key=key, moment=moment, kill=None)
        key += 1


def _plan(chance: Random, stories: int) -> Iterator[tuple[str, bool]]:
    """Edition of each original story, and whether it is translated."""
    for _ in range(stories // _BLOCK_STORIES):
        yield from chance.sample(_BLOCK, len(_BLOCK))
    for _ in range(stories % _BLOCK_STORIES):
        yield chance.choice((EN, UK)), False


@dataclass(frozen=True, slots=True)
class _Ready:
    """A story decided on, to be told in one or both languages."""

    draft: Draft
    misprint: Misprint | None
    correction_minutes: int

    def told(
        self,
        edition: str,
        *,
        key: int,
        moment: datetime,
        kill: DemoKill | None,
        translation_of: int | None = None,
    ) -> DemoStory:
        correction, body = None, None
        if self.misprint and not kill:
            right = body_of(self.draft, edition, moment=moment)
            body = body_of(self.misprint.draft, edition, moment=moment)
            note = self.misprint.note(edition)
            correction = DemoCorrection(self.correction_minutes, note, right)
        return written(
            self.draft,
            edition,
            key=key,
            moment=moment,
            translation_of=translation_of,
            body=body,
            correction=correction,
            kill=kill,
        )


class _Desk:
    """Decides what is reported next: what follows an earlier story, else something new.

    Patterns of a section are dealt like cards, so that each is used before one comes again.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._sections: list[str] = []
        self._decks: dict[str, list[Pattern]] = {name: [] for name in SECTION_NAMES}
        self._due: dict[str, list[tuple[datetime, int, Pattern, Draft]]] = {EN: [], UK: []}
        self._serial = 0
        self._order: deque[str] = deque()
        self._known: set[str] = set()

    def next(self, edition: str, *, moment: datetime, translated: bool) -> _Ready:
        languages = (EN, UK) if translated else (edition,)
        story = self._fresh_headline(edition, languages, moment=moment)
        wrong = None
        if self._chance.random() < _CORRECTED_SHARE:
            wrong = misprint(self._chance, story, languages=languages, moment=moment)
        return _Ready(story, wrong, 12 + int(self._chance.random() * 150))

    def _fresh_headline(
        self, edition: str, languages: tuple[str, ...], *, moment: datetime
    ) -> Draft:
        for attempt in range(12):
            story = self._decide(edition, moment=moment)
            marks = {headline_of(story, language, moment=moment) for language in languages}
            if not marks & self._known or attempt == 11:
                break
        self._remember(marks)
        self._plan_follow_up(edition, story, moment=moment)
        return story

    def _decide(self, edition: str, *, moment: datetime) -> Draft:
        closed = moment.astimezone(ZONE).weekday() >= 5
        due = self._due[edition]
        if due and due[0][0] <= moment and not (closed and due[0][3].section in _OFFICES):
            _, _, pattern, before = heapq.heappop(due)
            return draft(self._chance, pattern, moment=moment, before=before)
        section = self._dealt_section()
        if closed and section in _OFFICES:
            section = self._chance.choice(_WEEKEND)
        deck = self._decks[section]
        if not deck:
            deck.extend(starters_of(section))
            self._chance.shuffle(deck)
        return draft(self._chance, deck.pop(), moment=moment, section=section)

    def _dealt_section(self) -> str:
        if not self._sections:
            self._sections = list(SECTION_NAMES)
            self._chance.shuffle(self._sections)
        return self._sections.pop()

    def _plan_follow_up(self, edition: str, story: Draft, *, moment: datetime) -> None:
        then = followers_of(story.section).get(story.pattern.name)
        due = self._due[edition]
        if then is None or len(due) >= _WAITING_MOST:
            return
        pattern, hours = then
        self._serial += 1
        later = moment + timedelta(hours=hours)
        heapq.heappush(due, (later, self._serial, pattern, story))

    def _remember(self, marks: set[str]) -> None:
        for mark in sorted(marks - self._known):
            self._known.add(mark)
            self._order.append(mark)
        while len(self._order) > _REMEMBERED:
            self._known.discard(self._order.popleft())


def _translation(
    entry: tuple[datetime, int, _Ready, int], *, key: int, latest: datetime | None = None
) -> DemoStory:
    moment, _, ready, original = entry
    moment = min(moment, latest or moment)
    return ready.told(UK, key=key, moment=moment, kill=None, translation_of=original)


def _kill(chance: Random, edition: str) -> DemoKill:
    return DemoKill(chance.randrange(15, 80), chance.choice(_KILL_REASONS[edition]))
