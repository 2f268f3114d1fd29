"""A story pattern: its topics, the figures it draws, and what follows it days later.

`Draw` deals places, people, companies and numbers from one seeded source of chance; the texts of
a pattern stand in `patterns/<section>.<language>.txt`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypeVar

from dateline.demo import world
from dateline.demo.lexicon import Both, Facts, speaker

T = TypeVar("T")

_SERIES = {
    "inflation": (6.4, 1.3),
    "food": (8.2, 1.6),
    "energy": (5.3, 2.0),
    "core": (5.4, 0.7),
    "jobless": (6.6, 0.6),
    "wages": (7.2, 1.1),
}
"""Figures of the statistics office in percent: the middle of each, and how far it swings."""


class Draw:
    """Facts from chance. `before` holds the facts of the story that this one follows."""

    __slots__ = ("_random", "before", "chance", "moment")

    def __init__(self, chance: Random, before: Facts, moment: datetime) -> None:
        self.chance = chance
        self.before = before
        self.moment = moment
        self._random = chance.random

    def whole(self, low: int, high: int, step: int = 1) -> int:
        """A whole number. None ends in 1: such a one takes a singular verb in Ukrainian."""
        number = low + int(self._random() * ((high - low) // step + 1)) * step
        return number + 1 if number % 10 == 1 else number

    def tenth(self, low: int, high: int) -> float:
        """A number with one decimal, never .0: Ukrainian counts such with the genitive."""
        return int(low + self._random() * (high - low)) + self.whole(2, 9) / 10

    def slow(self, name: str, *, months_ago: int = 0) -> float:
        """A figure that all stories of a month share and that changes little in the next."""
        middle, swing = _SERIES[name]
        month = self.moment.year * 12 + self.moment.month - months_ago
        value = round(middle + swing * math.sin(month * 0.7 + len(name)), 1)
        return value + 0.1 if value == int(value) else value

    def key_rate(self) -> float:
        """The National Bank's: moves by quarters, seldom."""
        month = self.moment.year * 12 + self.moment.month
        return round((7.25 + 1.2 * math.sin(month / 9)) * 4) / 4

    def ordinal(self, low: int, high: int) -> int:
        """A number whose English ordinal ends in -th: 12th, 24th, not 22nd."""
        number = self.whole(low, high)
        return number + 3 if number % 10 in (2, 3) and number not in (12, 13) else number

    def pick(self, choices: tuple[T, ...]) -> T:
        return choices[int(self._random() * len(choices))]

    def city(self) -> Both:
        return self.pick(world.CITIES)

    def coast(self) -> Both:
        return self.pick(COAST)

    def inland(self) -> Both:
        return self.pick(INLAND)

    def at(self) -> Facts:
        """A city and its mayor."""
        city = self.city()
        return {"city": city, "mayor": world.MAYORS[city.en]}

    def river(self) -> Both:
        return self.pick(world.RIVERS)

    def neighbour(self) -> Both:
        return self.pick(world.NEIGHBOURS)

    def abroad(self) -> Facts:
        """A neighbour and its capital."""
        land = self.neighbour()
        return {"land": land, "there": world.NEIGHBOUR_CAPITALS[land.en]}

    def party(self, besides: Both | None = None) -> Both:
        party = self.pick(world.PARTIES)
        return self.party(besides) if party is besides else party

    def firm(self, *kinds: str) -> Facts:
        """A company, of one of the kinds if any are named, and its chief executive."""
        firm = self.pick(world.COMPANIES[self.pick(kinds)] if kinds else world.ALL_COMPANIES)
        return {"firm": firm, "chief": world.CHIEFS[firm.en]}

    def other_firm(self) -> Both:
        """A company to be bought: of kinds that do the buying in no pattern."""
        return self.pick(TARGETS)

    def someone(self, *, woman: bool) -> Both:
        return world.someone(self.chance, woman=woman)

    def volunteer(self) -> Both:
        return world.someone(self.chance, en_office="Volunteer", uk_office="волонтерка", woman=True)


COAST = tuple(city for city in world.CITIES if city.en in ("Port Salva", "Maretta", "Hallebro"))
INLAND = tuple(city for city in world.CITIES if city not in COAST)
TARGETS = tuple(
    firm for kind in ("food", "telecom", "drugs", "ships") for firm in world.COMPANIES[kind]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What happens, apart from words.

    `then` names the pattern that follows, and after how many hours; `at_home` datelines the story
    from the capital although its facts name another place.
    """

    name: str
    topics: tuple[str, ...]
    facts: Callable[[Draw], Facts]
    scene: str = ""
    urgency: int = 5
    genre: str = "Current"
    then: tuple[str, int] | None = None
    at_home: bool = False


_BILLS = (
    (
        "the tenancy bill",
        "закон про оренду житла",
        "cap yearly rent rises at five percent",
        "обмежити щорічне підвищення орендної плати п’ятьма відсотками",
    ),
    (
        "the rivers bill",
        "закон про охорону річок",
        "ban building within 100 metres of a river",
        "заборонити забудову ближче ніж за сто метрів від річок",
    ),
    (
        "the state enterprises bill",
        "закон про державні підприємства",
        "put independent boards over state enterprises",
        "запровадити незалежні наглядові ради державних підприємств",
    ),
    (
        "the public data bill",
        "закон про публічні дані",
        "oblige offices to open their registers",
        "зобов’язати установи відкрити свої реєстри",
    ),
    (
        "the school meals bill",
        "закон про шкільне харчування",
        "pay for a warm lunch in every school",
        "забезпечити гарячий обід у кожній школі",
    ),
    (
        "the procurement bill",
        "закон про державні закупівлі",
        "move all public tenders online",
        "перевести всі державні тендери в електронну форму",
    ),
    (
        "the apprentices bill",
        "закон про професійне навчання",
        "pay firms that train young people",
        "підтримати компанії, які навчають молодь",
    ),
    (
        "the forest bill",
        "закон про ліси",
        "forbid felling in old forests",
        "заборонити рубки у старих лісах",
    ),
    (
        "the heating bill",
        "закон про теплопостачання",
        "let towns run their own boiler houses",
        "дозволити містам самим керувати котельнями",
    ),
    (
        "the judges bill",
        "закон про добір суддів",
        "fill courts by open competition",
        "запровадити відкриті конкурси до судів",
    ),
)


def bills(draw: Draw) -> Facts:
    """A bill and what it would do."""
    en, uk, effect_en, effect_uk = draw.pick(_BILLS)
    return {
        "bill": Both(en, uk),
        "bill_cap": Both(en[0].upper() + en[1:], uk[0].upper() + uk[1:]),
        "effect": Both(effect_en, effect_uk),
    }


_FIRST_WORDS = (
    ("The Last", "Останній"),
    ("The Quiet", "Тихий"),
    ("A Paper", "Паперовий"),
    ("The Northern", "Північний"),
    ("The Blue", "Синій"),
    ("A Borrowed", "Позичений"),
    ("The Long", "Довгий"),
    ("The Other", "Інший"),
)
_SECOND_WORDS = (
    ("Ferry", "пором"),
    ("Orchard", "сад"),
    ("Lighthouse", "маяк"),
    ("Winter Coat", "кожух"),
    ("Bridge", "міст"),
    ("Waltz", "вальс"),
    ("Garden", "город"),
    ("Train", "поїзд"),
    ("Harbour", "причал"),
    ("Summer Day", "літній день"),
)
_PLOTS = (
    ("a ferryman who refuses to leave his river", "поромника, який відмовляється покинути річку"),
    ("two sisters who inherit a brickworks", "двох сестер, які успадкували цегельню"),
    ("a teacher in a village without children", "учительку в селі, де немає дітей"),
    ("a switchboard operator who hears too much", "телефоністку, яка чує забагато"),
    ("a clockmaker in a town that lost its time", "годинникаря в місті, яке загубило час"),
    ("three brothers and one winter coat", "трьох братів і один кожух"),
    ("a pilot who is afraid of spring", "льотчика, який боїться весни"),
)
_SHOWS = (
    ("Salt and Amber", "Сіль і бурштин"),
    ("The Age of Steam", "Доба пари"),
    ("Painters of the Coast", "Живописці узбережжя"),
    ("A City in Letters", "Місто в листах"),
    ("Maps of the Irna", "Карти Ірни"),
    ("Glass from Lunmark", "Скло з Лунмарка"),
    ("Women with Cameras", "Жінки з камерами"),
    ("The Weavers' Year", "Рік ткачів"),
)


def films(draw: Draw) -> Facts:
    """A title of a film, play or novel, and its story."""
    first, second = draw.pick(_FIRST_WORDS), draw.pick(_SECOND_WORDS)
    return {
        "work": Both(f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"),
        "plot": Both(*draw.pick(_PLOTS)),
    }


def works(draw: Draw) -> Facts:
    """The name of an exhibition."""
    return {"show": Both(*draw.pick(_SHOWS))}


def runners(draw: Draw) -> Facts:
    """Three different women on a podium."""
    first = world.someone(
        draw.chance, en_office="Winner", uk_office="переможниця змагань", woman=True
    )
    second = draw.someone(woman=True)
    third = draw.someone(woman=True)
    if len({first.en.name, second.en.name, third.en.name}) < 3:
        return runners(draw)
    return {"winner": first, "second": second, "third": third}


def match(draw: Draw, *, draw_game: bool) -> Facts:
    """A football match that the home side wins or draws, with scorers and minutes in order."""
    home, away = draw.chance.sample(world.CLUBS, 2)
    goals_away = int(draw.chance.random() * 3)
    goals_home = goals_away if draw_game else goals_away + 1 + int(draw.chance.random() * 2.4)
    if draw_game:
        goals_home = goals_away = max(goals_away, 1)
    # The hosts score first, and in a win the guests only when they can no longer draw level.
    sides = [home, away] * goals_home if draw_game else [home] * goals_home + [away] * goals_away
    minutes = sorted(draw.chance.sample(_MINUTES, len(sides)))
    scorers = [draw.someone(woman=False) for _ in sides]
    goals = list(zip(minutes, scorers, sides, strict=True))
    return {
        "city": world.CITIES[_GROUNDS[world.CLUBS.index(home)]],
        "home": home,
        "away": away,
        "hg": goals_home,
        "ag": goals_away,
        "scorer": scorers[0],
        "m1": minutes[0],
        "trainer": _trainer(home),
        "goals": Both(
            "".join(f" | {minute} ; {who.en.name} ; {side.en}" for minute, who, side in goals),
            "".join(f" | {minute} ; {who.uk.name} ; {side.uk}" for minute, who, side in goals),
        ),
    }


# Where each club plays, by its place in the list of cities.
_GROUNDS = (0, 2, 1, 3, 8, 4, 6, 5, 10, 9)
_MINUTES = tuple(minute for minute in range(4, 90) if minute % 10 not in (1, 2, 3))


def _trainer(club: Both) -> Both:
    index = world.CLUBS.index(club)
    return speaker(
        *(
            f"{first} {last}"
            for first, last in zip(world.MEN[index], world.LAST[index * 2], strict=True)
        ),
        en_office=f"{club.en} coach",
        uk_office=f"тренер {club.uk.gen}",
        woman=False,
    )
