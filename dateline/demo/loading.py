"""Putting the demo's stories into the newsroom and the log.

Stories go in by the hundred through `newsroom.incoming`, as an archive that is moved in would;
kills go one by one through the same path as an editor's. Guids come from the seed and stories go
in by their keys, so that a load that was cut short goes on where it stopped.
"""

import io
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from dateline import items
from dateline.demo import agency, pictures, topics
from dateline.demo.captions import SCENES, VARIANTS, picture
from dateline.demo.lexicon import EN
from dateline.demo.model import DemoKill, DemoStory, PictureSpec
from dateline.demo.opening import said
from dateline.demo.progress import Progress
from dateline.items import Correction, Item, Kind, Place, Ref
from dateline.newsroom import pictures as newsroom_pictures
from dateline.newsroom.incoming import Incoming, Shelves, raw_of, release_many
from dateline.newsroom.models import Edition, PickList, Story
from dateline.newsroom.release import kill, release

BATCH = 500
"""Stories in one transaction: large enough that its commit costs nothing, small enough that an
editor's release waits behind it for a fraction of a second."""

_SECTIONS = {section.slug: section.name for section in agency.SECTIONS}
_TOPICS = {topic.slug: topic.name for topic in topics.TOPICS}


def staff_by_name() -> dict[str, AbstractBaseUser]:
    """The agency's users, by user name and by their name in each language."""
    users = {user.get_username(): user for user in get_user_model().objects.all()}
    return {
        name: users[person.username]
        for person in agency.STAFF
        for name in (person.username, person.name.en, person.name.uk)
    }


@dataclass(slots=True)
class Loader:
    """Loads stories of one seed. `pictured` keeps the pictures drawn so far."""

    seed: int
    shelves: Shelves = field(default_factory=Shelves)
    pictured: dict[str, tuple[AbstractImage, tuple[items.Rendition, ...]]] = field(
        default_factory=dict
    )
    staff: dict[str, AbstractBaseUser] = field(default_factory=staff_by_name)

    def draw(self, progress: Progress) -> None:
        """Draw every picture that a story may have, so that loading need not wait for one."""
        for scene in SCENES:
            for seed in range(VARIANTS):
                self._picture(picture(scene, seed=seed, language=EN))
                progress.add(1)

    def loaded(self, count: int) -> int:
        """How many of the first `count` stories are there: all up to a key, and none after it.

        They go in by their keys, so some twenty looks are enough for a million.
        """
        return bisect_left(range(1, count + 1), True, key=self._is_missing)

    def load(self, stories: Iterator[DemoStory], progress: Progress) -> None:
        """Release these, with their corrections and kills. A batch is loaded whole or not at all,
        so that it can be stopped anywhere; `loaded()` then says after which key to go on."""
        while batch := list(islice(stories, BATCH)):
            incoming = [self._incoming(each) for each in batch]
            with transaction.atomic():
                release_many(incoming, shelves=self.shelves)
                for each in batch:
                    if each.kill:
                        self._kill(each, each.kill)
            progress.add(len(batch))

    def release(self, demo: DemoStory) -> Story:
        """Release one story now, as an editor would: a draft, its topics, its release."""
        incoming = self._incoming(demo)
        item = incoming.item
        story = Story(
            guid=item.guid,
            locale=self.shelves.locale(item.edition),
            section=self.shelves.section(item.edition, item.section.slug),
            headline=item.headline,
            summary=item.summary,
            slugline=item.slugline,
            place=demo.place,
            bylines=", ".join(byline.name for byline in item.bylines),
            body=raw_of(item.body),
            urgency=item.urgency,
            genre=item.genre,
            created_by=incoming.writer,
            picture=incoming.image,
            picture_alt=demo.picture.alt if demo.picture else "",
            picture_caption=demo.picture.caption if demo.picture else "",
            picture_credit=demo.picture.credit if demo.picture else "",
        )
        story.save()
        story.set_topics([topic.name for topic in item.topics])
        return release(story)

    def _guid(self, key: int) -> str:
        return f"urn:uuid:{_uuid(key, _GUID, seed=self.seed)}"

    def _incoming(self, demo: DemoStory) -> Incoming:
        image, renditions = self._picture(demo.picture) if demo.picture else (None, ())
        own = demo.translation_of or demo.key
        item = Item(
            guid=self._guid(demo.key),
            number=0,
            version=1,
            edition=demo.edition,
            translation_key=_uuid(own, _TRANSLATIONS, seed=self.seed),
            section=Ref(slug=demo.section, name=said(_SECTIONS[demo.section], demo.edition)),
            slugline=demo.slugline,
            headline=demo.headline,
            summary=demo.summary,
            dateline=Place(
                place=demo.place,
                date=demo.released_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
            ),
            bylines=demo.bylines,
            body=demo.body,
            topics=tuple(
                Ref(slug=slug, name=said(_TOPICS[slug], demo.edition)) for slug in demo.topics
            ),
            urgency=demo.urgency,
            genre=demo.genre,
            ednote=demo.ednote,
            picture=_worded(demo.picture, renditions) if demo.picture else None,
            first_released_at=demo.released_at,
            released_at=demo.released_at,
        )
        return Incoming(item, _corrected(item, demo), image, self._writer(demo))

    def _writer(self, demo: DemoStory) -> AbstractBaseUser:
        """Who of the staff wrote it: by the byline, else the reporters in turn."""
        for byline in demo.bylines:
            if byline.name in self.staff:
                return self.staff[byline.name]
        reporters = [p.username for p in agency.STAFF if p.role is agency.Role.REPORTER]
        return self.staff[reporters[demo.key % len(reporters)]]

    def _picture(self, spec: PictureSpec) -> tuple[AbstractImage, tuple[items.Rendition, ...]]:
        """The newsroom's image of a drawing and its published files, drawn once."""
        if spec.name not in self.pictured:
            title = f"Drawing {spec.name}"
            images = get_image_model().objects
            image = images.filter(title=title).first() or images.create(
                title=title, file=ImageFile(io.BytesIO(pictures.draw(spec)), f"{spec.name}.jpg")
            )
            # Without crops, which would take as long again, and whoever starts it waits for this.
            files = newsroom_pictures.published(image, cropped=False)
            self.pictured[spec.name] = (image, files)
        return self.pictured[spec.name]

    def _kill(self, demo: DemoStory, end: DemoKill) -> None:
        story = Story.objects.get(guid=self._guid(demo.key))
        at = demo.released_at + timedelta(minutes=end.minutes_after)
        _as_changed(kill(story, reason=end.reason, at=at), at)

    def _is_missing(self, key: int) -> bool:
        return not Story.objects.filter(guid=self._guid(key)).exists()


_GUID, _TRANSLATIONS = 0, 1


def _uuid(key: int, use: int, *, seed: int) -> str:
    """A UUID of version 8 (RFC 9562, section 5.8), which anyone may fill in their way.

    They grow with the key: each goes to the end of its index. From chance, every story of a
    million would change a page of five indexes somewhere in their middle.
    """
    return f"{key:08x}-0000-{0x8000 + use:04x}-8000-{seed:012x}"


def _corrected(item: Item, demo: DemoStory) -> tuple[tuple[Item, Kind], ...]:
    """The second version of a story that was put right."""
    if demo.correction is None:
        return ()
    at = demo.released_at + timedelta(minutes=demo.correction.minutes_after)
    correction = Correction(at=at, note=demo.correction.note)
    changes = {"body": demo.correction.body, "corrections": (correction,), "released_at": at}
    return ((msgspec.structs.replace(item, version=2, **changes), Kind.CORRECTION),)


def _as_changed(story: Story, at: datetime) -> None:
    """The newsroom's list shows it where it stood on the day."""
    Story.objects.filter(pk=story.pk).update(updated_at=at)


HOT, FRONT = 5, 4
_CHOSEN_FROM = 60


def pick() -> None:
    """Choose Hot news and the front page of each edition, as a desk would: pictures, urgency."""
    for edition in Edition.objects.all():
        newest = list(
            # In the order of an index: by their first release, a million would be sorted for this.
            Story.objects.filter(live=True, locale=edition.locale).order_by("-updated_at")[
                :_CHOSEN_FROM
            ]
        )
        newest.sort(key=lambda story: story.urgency)
        pictured = [story for story in newest if story.picture_id]
        front = (pictured + newest)[:1] + [story for story in newest if story not in pictured[:1]]
        _choose(edition, PickList.Place.FRONT, front[:FRONT])
        _choose(edition, PickList.Place.HOT, [s for s in newest if s not in front[:FRONT]][:HOT])


def _choose(edition: Edition, place: str, stories: list[Story]) -> None:
    PickList.objects.get(edition=edition, place=place).choose(stories)


def _worded(spec: PictureSpec, renditions: tuple[items.Rendition, ...]) -> items.Picture:
    return items.Picture(
        alt=spec.alt, caption=spec.caption, credit=spec.credit, renditions=renditions
    )
