"""From a Story to its Item: what leaves the newsroom, cleaned and complete.

Preview and release both go through here, so what an editor sees is what readers get.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from dateline.items import Correction, Former, Item, Picture, Place, Ref
from dateline.newsroom import pictures
from dateline.newsroom.bodies import blocks_of, one_line
from dateline.newsroom.embargo import is_public
from dateline.newsroom.pictures import Pictured
from dateline.newsroom.subjects import subject_refs
from dateline.newsroom.translations import source_of

if TYPE_CHECKING:
    from dateline.newsroom.story import Story


def itemise(
    story: Story,
    *,
    version: int,
    first_released_at: datetime,
    released_at: datetime,
    embargoed_until: datetime | None = None,
    pictured: Pictured = pictures.published,
) -> Item:
    """The Item of a story as it stands, as released at these times under this version."""
    return Item(
        guid=story.guid,
        number=story.pk or 0,
        version=version,
        edition=story.locale.language_code,
        translation_key=str(story.translation_key),
        source=source_of(story),
        section=_section(story),
        slugline=story.slugline,
        headline=one_line(story.headline),
        summary=one_line(story.summary),
        dateline=_dateline(story, first_released_at),
        bylines=story.byline_names(),
        body=blocks_of(story.body, pictured=pictured),
        topics=story.topic_refs(),
        urgency=story.urgency,
        genre=story.genre,
        ednote=story.ednote,
        picture=_lead_picture(story, pictured),
        corrections=tuple(
            Correction(at=datetime.fromisoformat(each["at"]), note=each["note"])
            for each in story.corrections
        ),
        first_released_at=first_released_at,
        released_at=released_at,
        evolved_from=_former(story.evolved_from),
        subjects=subject_refs(story.subjects, edition=story.locale.language_code),
        entities=story.entity_refs(),
        embargoed_until=embargoed_until,
    )


def _section(story: Story) -> Ref:
    section = story.section
    return Ref(slug=section.slug, name=section.name) if section else Ref(slug="", name="")


def _former(story: Story | None) -> Former | None:
    """The older story. What readers do not have is still named, but not by its headline."""
    if story is None:
        return None
    headline = one_line(story.headline) if is_public(story) else ""
    return Former(guid=story.guid, number=story.pk, headline=headline)


def _dateline(story: Story, released_at: datetime) -> Place | None:
    if not story.place:
        return None
    day = story.dateline_date or released_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return Place(place=one_line(story.place), date=day)


def _lead_picture(story: Story, pictured: Pictured) -> Picture | None:
    if story.picture is None:
        return None
    return pictures.picture_of(
        story.picture,
        alt=one_line(story.picture_alt),
        caption=one_line(story.picture_caption),
        credit=one_line(story.picture_credit),
        pictured=pictured,
    )
