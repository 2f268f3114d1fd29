"""Lines of the archive as rows of a page: what a template shows, and nothing it must work out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dateline.addresses import day_path, story_path
from dateline.archive.queries import Corrected, Line, Shape
from dateline.items import FLASH
from dateline.site.times import When, day_name, local


@dataclass(frozen=True, slots=True)
class Row:
    """A story in a list. `opens` is true where a new hour of today, or an older day, begins."""

    path: str
    headline: str
    when: When
    section: str = ""
    flash: bool = False
    corrected: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A line of the list of corrections: when something was put right, what, and where."""

    when: When
    note: str
    path: str
    headline: str


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day of a timeline."""

    name: str
    path: str
    rows: tuple[Row, ...]


def line_path(line: Line) -> str:
    return story_path(line.edition, line.section, line.number, line.slug)


def section_names(shape: Shape, edition: str) -> dict[str, str]:
    """The names of an edition's sections by slug."""
    return {section.slug: section.name for section in shape.sections.get(edition, ())}


def wire(lines: Sequence[Line], *, today: date, names: dict[str, str] | None = None) -> list[Row]:
    """Rows of a list that runs through time. With `names` each row says its section."""
    rows, last = [], None
    for line in lines:
        here = local(line.at)
        part = (here.date(), here.hour if here.date() == today else None)
        rows.append(
            _row(
                line,
                When.short(line.at, today=today),
                section=(names or {}).get(line.section, ""),
                opens=last is not None and part != last,
            )
        )
        last = part
    return rows


def plain(lines: Sequence[Line], *, today: date) -> list[Row]:
    """Rows of a short or hand-picked list, where a rule at each new day would only be noise."""
    return [_row(line, When.short(line.at, today=today)) for line in lines]


def hours(lines: Sequence[Line], *, names: dict[str, str]) -> list[Row]:
    """Rows of one day, ruled off by the hour; the date stands over them and is not repeated."""
    rows, last = [], None
    for line in lines:
        full = When.full(line.at)
        part = full.hour[:2]
        rows.append(
            _row(
                line,
                When(full.iso, full.hour),
                section=names.get(line.section, ""),
                opens=last is not None and part != last,
            )
        )
        last = part
    return rows


def corrected(lines: Iterable[Corrected]) -> list[CorrectionRow]:
    """Rows of the list of corrections, each with hour and date."""
    return [
        CorrectionRow(When.full(each.at), each.note, line_path(each.line), each.line.headline)
        for each in lines
    ]


def timeline(lines: Iterable[Line]) -> list[Day]:
    """Rows grouped by day, each with hour and date."""
    return [
        Day(day_name(day), day_path(group[0].edition, day), _full_rows(group))
        for day, group in (
            (day, list(found)) for day, found in groupby(lines, lambda line: local(line.at).date())
        )
    ]


def _full_rows(lines: list[Line]) -> tuple[Row, ...]:
    return tuple(_row(line, When.full(line.at)) for line in lines)


def _row(line: Line, when: When, *, section: str = "", opens: bool = False) -> Row:
    return Row(
        path=line_path(line),
        headline=line.headline,
        when=when,
        section=section,
        flash=line.urgency == FLASH,
        corrected=line.corrected,
        opens=opens,
    )
