"""From a pattern to a story: a draft holds the facts, `written` tells them in one language.

A draft knows nothing of language, so that a translation has the same facts and figures, and the
same paragraphs, as its original.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from random import Random
from typing import Any

from dateline.demo import world
from dateline.demo.agency import REPORTERS, TRANSLATION, TRANSLATORS
from dateline.demo.captions import picture
from dateline.demo.clock import ZONE
from dateline.demo.lexicon import (
    EN,
    UK,
    Both,
    Facts,
    Number,
    NumberUk,
    Slots,
    calendar_words,
    fill,
    view,
)
from dateline.demo.model import DemoCorrection, DemoKill, DemoStory
from dateline.demo.pattern import Draw, Pattern
from dateline.demo.texts import BACKGROUND, Text, blocks_of, read
from dateline.items import FLASH, Block, Byline, Subhead

_PICTURED_SHARE = 0.25
_FLASH_SHARE = 0.03
_NOTED_SHARE = 0.04
_BACKGROUND_TITLE = Both("Background", "Передісторія")
_EDNOTES = (
    Both("Pictures to follow.", "Світлини буде надано."),
    Both("A further report will be filed by 18:00.", "Наступне повідомлення — до 18:00."),
    Both("Repeats to all clients.", "Повторно для всіх клієнтів."),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A story apart from words: its pattern, its facts, and what chance chose of the text."""

    pattern: Pattern
    section: str
    facts: Facts
    choices: int
    reporter: Both
    pictured: bool
    urgency: int
    ednote: Both | None


def draft(
    chance: Random,
    pattern: Pattern,
    *,
    moment: datetime,
    section: str = "",
    before: Draft | None = None,
) -> Draft:
    """A draft of a new story, or of one that follows `before` and shares its facts."""
    inherited = before.facts if before else {}
    random = chance.random
    urgency = pattern.urgency
    if urgency <= 3 and random() < _FLASH_SHARE:
        urgency = FLASH
    return Draft(
        pattern=pattern,
        section=before.section if before else section,
        facts={**inherited, **pattern.facts(Draw(chance, inherited, moment))},
        choices=chance.getrandbits(24),
        reporter=before.reporter if before else REPORTERS[int(random() * len(REPORTERS))],
        pictured=bool(pattern.scene) and random() < _PICTURED_SHARE,
        urgency=urgency,
        ednote=_EDNOTES[int(random() * len(_EDNOTES))] if random() < _NOTED_SHARE else None,
    )


def headline_of(story: Draft, language: str, *, moment: datetime) -> str:
    """The headline alone: cheap enough to look for a repetition before the rest is written."""
    return _headline(_text(story, language), story, _slots(story, language, moment))


def body_of(story: Draft, language: str, *, moment: datetime) -> tuple[Block, ...]:
    return _body(_text(story, language), story, _slots(story, language, moment), language)


def written(
    story: Draft,
    edition: str,
    *,
    key: int,
    moment: datetime,
    translation_of: int | None,
    body: tuple[Block, ...] | None,
    correction: DemoCorrection | None,
    kill: DemoKill | None,
) -> DemoStory:
    """The story in the edition's language; `body` replaces the one that follows from the draft."""
    text, slots = _text(story, edition), _slots(story, edition, moment)
    pattern = story.pattern
    return DemoStory(
        key=key,
        edition=edition,
        translation_of=translation_of,
        section=story.section,
        topics=_topics(story),
        slugline=f"TALVENIA-{pattern.name.upper()}",
        headline=_headline(text, story, slots),
        summary=fill(text.summary, slots),
        place=_place(story, edition),
        released_at=moment,
        bylines=_bylines(story, edition, key=key, translated=translation_of is not None),
        body=body or _body(text, story, slots, edition),
        urgency=story.urgency,
        genre=pattern.genre,
        ednote=_side(story.ednote, edition) if story.ednote else "",
        picture=picture(pattern.scene, seed=story.choices, language=edition)
        if story.pictured
        else None,
        correction=correction,
        kill=kill,
    )


@dataclass(frozen=True, slots=True)
class Misprint:
    """A draft with one figure wrong, the two values, and the paragraph they stand in."""

    draft: Draft
    wrong: float
    right: float
    paragraph: int

    def note(self, language: str) -> str:
        number = NumberUk if language == UK else Number
        right, wrong = number(self.right), number(self.wrong)
        if language == UK:
            return (
                f"Виправлено цифру в {self.paragraph}-му абзаці: правильно {right}, а не {wrong}."
            )
        return f"Corrects a figure in paragraph {self.paragraph}: {right}, not {wrong}."


def misprint(
    chance: Random, story: Draft, *, languages: tuple[str, ...], moment: datetime
) -> Misprint | None:
    """A misprint that touches one paragraph and neither headline nor summary, if there is one."""
    names = [name for name, value in story.facts.items() if type(value) in (int, float)]
    chance.shuffle(names)
    for name in names:
        right = story.facts[name]
        wrong = right + max(2, right // 10) if isinstance(right, int) else round(right + 0.3, 2)
        wrong += isinstance(wrong, int) and wrong % 10 == 1
        mistaken = replace(story, facts={**story.facts, name: wrong})
        places = {_only_change(story, mistaken, language, moment) for language in languages}
        place = places.pop()
        if place is not None and not places:
            return Misprint(mistaken, wrong, right, place)
    return None


def _only_change(right: Draft, wrong: Draft, language: str, moment: datetime) -> int | None:
    """Which block differs, counted from 1, if it is the only difference between the two."""
    text = _text(right, language)
    slots = [_slots(story, language, moment) for story in (right, wrong)]
    fixed = [(_headline(text, right, s), fill(text.summary, s)) for s in slots]
    if fixed[0] != fixed[1]:
        return None
    bodies = [_body(text, right, s, language) for s in slots]
    changed = [at for at, (a, b) in enumerate(zip(*bodies, strict=True), 1) if a != b]
    return changed[0] if len(changed) == 1 else None


def _headline(text: Text, story: Draft, slots: Slots) -> str:
    return fill(text.headlines[story.choices % len(text.headlines)], slots)


def _body(text: Text, story: Draft, slots: Slots, language: str) -> tuple[Block, ...]:
    choices = story.choices >> 2
    blocks: list[Block] = []
    for index, line in enumerate(text.lines):
        if not line.optional or choices >> index & 1:
            blocks.extend(blocks_of(line, slots))
    background = read(story.section, language)[BACKGROUND].lines
    # None, one or two paragraphs of background, beginning anywhere in the list.
    wanted = (choices >> 12) % 3
    if wanted and len(blocks) + wanted > 6:
        blocks.append(Subhead(text=_side(_BACKGROUND_TITLE, language)))
    for index in range(wanted):
        blocks.extend(blocks_of(background[(story.choices + index) % len(background)], slots))
    return tuple(blocks)


def _text(story: Draft, language: str) -> Text:
    return read(story.section, language)[story.pattern.name]


def _slots(story: Draft, language: str, moment: datetime) -> Slots:
    day = moment.astimezone(ZONE).date()
    return view(story.facts, language=language, common=_common(day, language))


@lru_cache(maxsize=512)
def _common(day: date, language: str) -> Facts:
    """What every story of a day can name: the offices' holders and the words of the calendar."""
    mayor = _side(world.MAYORS[world.CAPITAL.en], language)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
    return {
        **world.COMMON[language],
        "mayor_of_capital": mayor,
        **calendar_words(noon, language=language),
    }


def _topics(story: Draft) -> tuple[str, ...]:
    place = story.facts.get("city", world.CAPITAL)
    topic = world.CITY_TOPICS.get(place.en) if "city" in story.facts else None
    own = story.pattern.topics
    return (*own, topic) if topic and topic not in own else own


def _place(story: Draft, language: str) -> str:
    facts = story.facts
    if story.pattern.at_home:
        return str(_side(world.CAPITAL, language))
    place = facts.get("city") or facts.get("there") or world.CAPITAL
    return str(_side(place, language))


def _bylines(story: Draft, edition: str, *, key: int, translated: bool) -> tuple[Byline, ...]:
    writer = Byline(name=_side(story.reporter, edition))
    if not translated:
        return (writer,)
    translator = TRANSLATORS[key % len(TRANSLATORS)]
    role = _side(TRANSLATION, edition)
    return (writer, Byline(name=_side(translator, edition), role=role))


def _side(both: Both, language: str) -> Any:
    return both.en if language == EN else both.uk
