"""The demo's desks as they are in the middle of a day: who works where, and what is in hand.

Two desks, one to each edition, with a story in each state between a note and a release, so that
the board, Coming up and the bell show what they are for. Made once; people go on from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from dateline.demo.lexicon import EN, UK
from dateline.newsroom import desks, notes, release
from dateline.newsroom.desks import Desk, DeskMember, DeskRole, Placing
from dateline.newsroom.models import Edition, Section, StoryTemplate
from dateline.newsroom.story import Story


class Stands(StrEnum):
    """How far a story in hand is."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    READY = "ready"
    SCHEDULED = "scheduled"
    EMBARGO = "under embargo"


@dataclass(frozen=True, slots=True)
class InHand:
    """A story that is being written. `due` and `leaves` are hours from now."""

    edition: str
    section: str
    headline: str
    text: str
    topics: tuple[str, ...]
    stands: Stands
    who: str
    due: float | None = None
    leaves: float | None = None
    urgency: int = 5
    note: str = ""


DESKS = (("news", "News desk", EN), ("strichka", "Стрічка", UK))

SEATS = (
    ("tavia", DeskRole.REPORTER),
    ("lovro", DeskRole.REPORTER),
    ("selma", DeskRole.EDITOR),
    ("aldren", DeskRole.CHIEF_EDITOR),
    ("brenna", DeskRole.PICTURE_EDITOR),
)

IN_HAND = (
    InHand(
        EN, "economy", "Harbour toll to be halved from March, ministry says",
        "The ministry of transport will halve the toll for grain ships from 1 March. The decree is "
        "to be signed this week.",
        ("Port Salva",), Stands.DRAFT, "lovro", due=2,
        note="@lovro: which grain ships, all of them or only the coastal ones?",
    ),
    InHand(
        EN, "facts", "Two trams collide in the old town, nobody hurt",
        "Two trams collided at the Fish Gate at noon. Line 4 is to run again in the evening.",
        ("Trams",), Stands.DRAFT, "tavia", urgency=3, due=-0.25,
    ),
    InHand(
        EN, "politics", "Assembly to vote on school meals on Thursday",
        "The Assembly votes on Thursday on free meals in primary schools. Two parties of the "
        "coalition want them only for the first four years.",
        ("Schools",), Stands.IN_REVIEW, "tavia", due=1,
        note="@selma ready for your eyes. The figure in the second sentence is from the committee.",
    ),
    InHand(
        EN, "culture", "Harbour festival names its opening film",
        "The harbour festival opens in May with a film that was made on a lightship.",
        ("Harbour festival",), Stands.READY, "lovro",
    ),
    InHand(
        EN, "sport", "Line-up for Sunday’s rowing final",
        "Eight crews row for the cup on Sunday. The start is at ten.",
        ("Rowing",), Stands.SCHEDULED, "tavia", leaves=3,
    ),
    InHand(
        EN, "economy", "Central bank’s report: growth slows, prices calm",
        "Growth slows to 1.8 % and prices grow by 2.1 %, says the spring report of the central "
        "bank, which is published in the evening.",
        ("Central bank",), Stands.EMBARGO, "lovro", leaves=8,
    ),
    InHand(
        UK, "economy", "Портовий збір із березня зменшать удвічі",
        "Міністерство транспорту з 1 березня вдвічі зменшить збір для суден із зерном. Постанову "
        "мають підписати цього тижня.",
        ("Порт Сальва",), Stands.DRAFT, "tavia", due=3,
    ),
    InHand(
        UK, "politics", "У четвер Асамблея голосує за шкільне харчування",
        "У четвер Асамблея голосує за безплатні обіди в початковій школі.",
        ("Школи",), Stands.IN_REVIEW, "lovro", due=1,
    ),
    InHand(
        UK, "sport", "Склад учасників недільного фіналу з веслування",
        "У неділю за кубок змагаються вісім екіпажів. Старт о десятій.",
        ("Веслування",), Stands.SCHEDULED, "lovro", leaves=3.25,
    ),
)  # fmt: skip


@transaction.atomic
def open_desks() -> None:
    """Make the desks with people, templates and stories in hand, unless there are desks."""
    if Desk.objects.exists():
        return
    now = timezone.now()
    for order, (slug, name, code) in enumerate(DESKS):
        edition = Edition.objects.get(locale__language_code=code)
        desk = Desk.objects.create(name=name, slug=slug, edition=edition, order=order)
        for user, role in _seats():
            DeskMember.objects.create(desk=desk, user=user, role=role)
        _template(desk, edition)
        for each in IN_HAND:
            if each.edition == code:
                _begin(each, desk, edition, now=now)


def _seats() -> Iterator[tuple[Any, DeskRole]]:
    users = get_user_model().objects
    for username, role in SEATS:
        yield users.get(username=username), role


def _template(desk: Desk, edition: Edition) -> None:
    weather = edition.code == EN
    StoryTemplate.objects.create(
        name="Weather" if weather else "Погода",
        desk=desk,
        edition=edition,
        section=Section.objects.get(edition=edition, slug="facts"),
        slugline="weather" if weather else "погода",
        headline="Weather: " if weather else "Погода: ",
    )


def _begin(each: InHand, desk: Desk, edition: Edition, *, now: datetime) -> None:
    users = get_user_model().objects
    writer, editor = users.get(username=each.who), users.get(username="selma")
    story = Story(
        locale=edition.locale,
        section=Section.objects.get(edition=edition, slug=each.section),
        headline=each.headline,
        body=[("paragraph", f"<p>{each.text}</p>")],
        urgency=each.urgency,
        created_by=writer,
    )
    story.save()
    story.set_topics(list(each.topics))
    story.save()
    due = now + timedelta(hours=each.due) if each.due is not None else None
    desks.place(story, Placing(desk, writer, due))
    leaves = now + timedelta(hours=each.leaves) if each.leaves else None
    _bring(story, each.stands, leaves=leaves, writer=writer, editor=editor)
    if each.note:
        notes.add(story, each.note, by=writer if "@selma" in each.note else editor)


def _bring(
    story: Story, stands: Stands, *, leaves: datetime | None, writer: Any, editor: Any
) -> None:
    """Bring a draft as far as it stands, by the ways in which people do."""
    if stands is Stands.EMBARGO:
        story.embargo_until = leaves
        release.release(story, by=editor)
        return
    if stands is Stands.SCHEDULED:
        story.go_live_at = leaves
    revision = story.save_revision(user=writer)
    match stands:
        case Stands.SCHEDULED:
            revision.publish(user=editor)
        case Stands.IN_REVIEW | Stands.READY:
            story = Story.objects.get(pk=story.pk)
            workflow = story.get_workflow().start(story, writer)
            if stands is Stands.READY:
                workflow.current_task_state.approve(user=editor)
