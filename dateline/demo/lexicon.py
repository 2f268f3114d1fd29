"""Words of the demo in two languages: nouns with their cases, people, numbers.

A fact of a story is kept once, free of language, and `view` shows it in one. Templates name a
case as an attribute (`{city.loc}`) and the forms of a counted noun as a format
(`{hurt:person|people}`, `{hurt:особа|особи|осіб}`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Facts = dict[str, Any]

EN, UK = "en", "uk"
LANGUAGES = (EN, UK)


@dataclass(frozen=True, slots=True)
class Noun:
    """A name in Ukrainian: nominative, genitive, accusative, instrumental, locative."""

    nom: str
    gen: str
    acc: str
    ins: str
    loc: str

    def __str__(self) -> str:
        return self.nom


def declined(forms: str) -> Noun:
    """A noun from its five forms parted by spaces, or one form that never changes."""
    words = [word.replace("_", " ") for word in forms.split(" ")]
    return Noun(*words) if len(words) == 5 else Noun(*[words[0]] * 5)


@dataclass(frozen=True, slots=True)
class Both:
    """The same thing in each language. The English side is plain text."""

    en: Any
    uk: Any


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in one language, with the verbs that agree with them."""

    name: str
    office: str = ""
    said: str = "said"
    told: str = "reported"
    added: str = "added"

    def __str__(self) -> str:
        return f"{self.office} {self.name}" if self.office else self.name

    @property
    def cap(self) -> str:
        """The same for the start of a sentence."""
        text = str(self)
        return text[0].upper() + text[1:]


def speaker(en: str, uk: str, *, en_office: str = "", uk_office: str = "", woman: bool) -> Both:
    """A person as both languages speak of them."""
    verbs = ("сказала", "повідомила", "додала") if woman else ("сказав", "повідомив", "додав")
    return Both(Person(en, en_office), Person(uk, uk_office, *verbs))


def plural_uk(number: int, one: str, few: str, many: str) -> str:
    """The form of a Ukrainian noun after a whole number: 1 тонна, 2 тонни, 5 тонн, 21 тонна."""
    tens, units = number % 100, number % 10
    if units == 1 and tens != 11:
        return one
    return few if 2 <= units <= 4 and not 12 <= tens <= 14 else many


_SMALL = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Number:
    """A number in English: 12,500; with a format `ton|tons`, the number and its noun.

    Before a noun the numbers below ten are spelt out, as wires do.
    """

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value

    def __str__(self) -> str:
        value = self.value
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        one, many = spec.split("|")
        value = self.value
        if isinstance(value, int) and 1 < value < 10:
            return f"{_SMALL[value]} {many}"
        return f"{self} {one if value == 1 else many}"


class NumberUk(Number):
    """A number in Ukrainian: 12 500 with a no-break space, 1250 without, 7,25 with a comma."""

    __slots__ = ()

    def __str__(self) -> str:
        text = super().__str__()
        if self.value < 10_000:
            text = text.replace(",", "")
        return text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        one, few, many = spec.split("|")
        return f"{self}\N{NO-BREAK SPACE}{plural_uk(int(self.value), one, few, many)}"


class Slots(Facts):
    """Facts of a story in one language; what it lacks is looked up in the world's `common`."""

    __slots__ = ("common", "language")

    def __init__(self, common: Facts, language: str) -> None:
        super().__init__()
        self.common = common
        self.language = language

    def __missing__(self, name: str) -> Any:
        return self.common[name]


def view(facts: Facts, *, language: str, common: Facts) -> Slots:
    """The facts as the templates of a language read them."""
    slots = Slots(common, language)
    number = NumberUk if language == UK else Number
    for name, value in facts.items():
        kind = type(value)
        if kind is Both:
            slots[name] = value.uk if language == UK else value.en
        elif kind is int or kind is float:
            slots[name] = number(value)
        else:
            slots[name] = value
    return slots


_VOWELS = "аеєиіїоуюя"
# The rules of euphony (Ukrainian orthography of 2019, sections 23 and 24) as far as templates need
# them: `в` before a vowel, and after one unless a cluster with `в` or `ф` follows; `у` amid
# consonants; `із` before a hissing consonant.
_BEFORE_VOWEL = re.compile(r"\b([уУ]) (?=[аеиіоуАЕИІОУ])")
_AFTER_VOWEL = re.compile(rf"(?<=[{_VOWELS}] )у (?=[^\W\d_])(?![вВфФ]|\w[вВфФ])")
_AMID_CONSONANTS = re.compile(r"(?<=[бвгґджзйклмнпрстфхцчшщь] )в (?=[^\W\d_аеиіоуАЕИІОУ])")
_BEFORE_HISS = re.compile(r"\bз (?=[зсцчшщжЗСЦЧШЩЖ])")


def euphonic(text: str) -> str:
    """Ukrainian text with `у` and `в`, `з` and `із` chosen by the sounds around them."""
    # Most texts hold few of the four; to look for two letters costs a tenth of a pattern.
    if "у " in text or "У " in text:
        text = _BEFORE_VOWEL.sub(lambda found: "в " if found[1] == "у" else "В ", text)
        text = _AFTER_VOWEL.sub("в ", text)
    if " в " in text:
        text = _AMID_CONSONANTS.sub("у ", text)
    return _BEFORE_HISS.sub("із ", text) if "з " in text or "З " in text else text


def fill(template: str, slots: Slots) -> str:
    """A template with its facts, as a sentence: with a capital, and euphonic in Ukrainian."""
    text = template.format_map(slots)
    if slots.language == UK:
        text = euphonic(text)
    return text if text[0].isupper() else text[0].upper() + text[1:]


_DAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS_UK = [
    "у понеділок",
    "у вівторок",
    "у середу",
    "у четвер",
    "у п’ятницю",
    "у суботу",
    "у неділю",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTHS_UK = [
    declined(f"{nom} {gen} {nom} {ins} {loc}")
    for nom, gen, ins, loc in (
        ("січень", "січня", "січнем", "січні"),
        ("лютий", "лютого", "лютим", "лютому"),
        ("березень", "березня", "березнем", "березні"),
        ("квітень", "квітня", "квітнем", "квітні"),
        ("травень", "травня", "травнем", "травні"),
        ("червень", "червня", "червнем", "червні"),
        ("липень", "липня", "липнем", "липні"),
        ("серпень", "серпня", "серпнем", "серпні"),
        ("вересень", "вересня", "вереснем", "вересні"),
        ("жовтень", "жовтня", "жовтнем", "жовтні"),
        ("листопад", "листопада", "листопадом", "листопаді"),
        ("грудень", "грудня", "груднем", "грудні"),
    )
]


def calendar_words(moment: datetime, *, language: str) -> Facts:
    """Words for the day of a story: `day` (on Tuesday), `date`, `month`, `last_month`, `year`."""
    day, month = moment.date(), moment.month - 1
    if language == UK:
        return {
            "day": _DAYS_UK[day.weekday()],
            "date": f"{day.day} {_MONTHS_UK[month].gen}",
            "month": _MONTHS_UK[month],
            "last_month": _MONTHS_UK[month - 1],
            "next_month": _MONTHS_UK[(month + 1) % 12],
            **_years(day),
        }
    return {
        "day": f"on {_DAYS_EN[day.weekday()]}",
        "date": f"{day.day} {_MONTHS_EN[month]}",
        "month": _MONTHS_EN[month],
        "last_month": _MONTHS_EN[month - 1],
        "next_month": _MONTHS_EN[(month + 1) % 12],
        **_years(day),
    }


def _years(day: date) -> Facts:
    return {"year": day.year, "last_year": day.year - 1, "next_year": day.year + 1}
