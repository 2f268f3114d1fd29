"""The front page of an edition: the desk's choice, the wire beside it, a band for each section."""

from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils import timezone

from dateline.addresses import edition_path, item_path, section_path
from dateline.archive import queries
from dateline.archive.changes import edition_tag, picks_tag
from dateline.archive.queries import Line, Shape
from dateline.items import FLASH, Edition, Item, Picture
from dateline.site.frame import Alternate, frame_of, publication_of, render
from dateline.site.kept import TODAY
from dateline.site.pages import summary_of
from dateline.site.parts import Sheet
from dateline.site.rows import Row, plain, section_names, wire
from dateline.site.times import When, local

LEADS = 5
"""Stories over the fold: the lead and four beside it."""

LEAD_URGENCY = 4
"""Urgency up to which a story may lead when the desk picked none (5 is ordinary)."""

WIRE = 18
"""Lines of Latest as tall as the lead stories beside them on a wide screen."""

WIRE_BESIDE_BANDS = 7
"""Further lines of Latest for each row of bands beside them."""

BANDS_IN_A_ROW = 3
"""Bands side by side on a wide screen, as the style sheet sets them."""

BAND = 5
"""Lines of a section on a front page."""


@dataclass(frozen=True, slots=True)
class Card:
    """A story as the front page shows it over the fold."""

    path: str
    headline: str
    summary: str
    when: When
    section: str
    picture: Picture | None
    flash: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A section with its newest lines."""

    name: str
    path: str
    rows: list[Row]


def front_page(shape: Shape, edition: Edition) -> Sheet:
    """The front page. Three queries beside the shape and Hot news, whatever the archive's size."""
    code = edition.code
    today = local(timezone.now()).date()
    names = section_names(shape, code)
    wire_length = _wire_length(len(names))
    latest = queries.latest(code, limit=wire_length)
    bands = queries.newest_by_section(code, names, limit=BAND)
    leads = _leads(shape, code, latest)
    return render(
        "front",
        frame_of(shape, edition, edition_path(code), alternates=_alternates(shape, edition)),
        tags={edition_tag(code), picks_tag(code), TODAY},
        cards=[_card(item, names, today) for item in leads],
        latest=wire(latest, today=today),
        wire_length=wire_length,
        bands=[
            Band(name, section_path(code, slug), plain(bands[slug], today=today))
            for slug, name in names.items()
            if slug in bands
        ],
    )


def _wire_length(bands: int) -> int:
    """Lines of Latest that fill the column beside the leads and so many bands."""
    return WIRE + WIRE_BESIDE_BANDS * ceil(bands / BANDS_IN_A_ROW)


def _leads(shape: Shape, edition: str, latest: list[Line]) -> list[Item]:
    """What stands over the fold: the desk's picks, then the urgent, then the newest."""
    picks = shape.picks.get((edition, "front"))
    urgent = [line.number for line in latest if line.urgency <= LEAD_URGENCY]
    newest = [line.number for line in latest]
    wanted = dict.fromkeys([*(picks.numbers if picks else ()), *urgent, *newest])
    # A pick may have been killed since: ask for more than are shown.
    return queries.stories([*wanted][: LEADS * 2])[:LEADS]


def _card(item: Item, names: dict[str, str], today: date) -> Card:
    return Card(
        path=item_path(item),
        headline=item.headline,
        summary=summary_of(item),
        when=When.short(item.first_released_at, today=today),
        section=names.get(item.section.slug, item.section.name),
        picture=item.picture if item.picture and item.picture.renditions else None,
        flash=item.urgency == FLASH,
        corrected=bool(item.corrections),
    )


def _alternates(shape: Shape, edition: Edition) -> tuple[Alternate, ...]:
    """The other editions' front pages; the default is the address that asks the browser."""
    publication = publication_of(edition)
    if len(shape.editions) < 2:
        return ()
    found = [Alternate(e.code, publication.url(edition_path(e.code))) for e in shape.editions]
    return (*found, Alternate("x-default", publication.url("/")))
