"""A picture as it leaves the newsroom: its words and its files, published or for preview.

A published file is named by its content and stands in its own folder, which the site serves. The
newsroom's own uploads stay behind the newsroom's sign-in, so a picture that was not released has
no public address to guess.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import AbstractImage, AbstractRendition

from dateline.items import Picture, Rendition
from dateline.newsroom import crops
from dateline.newsroom.picture_facts import known_facts
from dateline.vocabulary import source_types

SIZES = (
    ("small", "width-480|format-avif|avifquality-50|avifspeed-7"),
    ("medium", "width-960|format-avif|avifquality-50|avifspeed-7"),
    ("large", "width-1600|format-avif|avifquality-50|avifspeed-7"),
    ("small", "width-480|format-webp|webpquality-75"),
    ("medium", "width-960|format-webp|webpquality-78"),
    ("large", "width-1600|format-webp|webpquality-80"),
    ("card", "width-1200|format-jpeg|jpegquality-80"),
)
"""Renditions of the whole of every released picture, by name and Wagtail's filter: the format that
fewest read first. `card` is for feeds, shared links and old browsers, and the last, which all of
them take.

AVIF at 50 looks as WebP at these qualities does and is a third smaller (PSNR 36.9, 39.9, 42.1 dB
against 36.6, 39.8, 42.8; 5.6, 12.7, 24.4 kB against 7.4, 18.8, 39.1, means of twelve drawings of
the demo). Speed 7 takes 0.8 s of one core for all three; 6 takes 1.4 s for 6 % fewer bytes, 8 takes
0.5 s for 14 % more.
"""

CROP_SIZES = (
    ("small", "width-480|format-avif|avifquality-50|avifspeed-8"),
    ("medium", "width-960|format-avif|avifquality-50|avifspeed-8"),
    ("small", "width-480|format-webp|webpquality-75"),
    ("medium", "width-960|format-webp|webpquality-78"),
)
"""Renditions of each crop. One that would be all of the picture is not made."""

_TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg"}


Pictured = Callable[[AbstractImage], tuple[Rendition, ...]]
"""How the files of a picture are found: published ones for a release, private ones for preview."""


def picture_of(
    image: AbstractImage, *, alt: str, caption: str, credit: str, pictured: Pictured
) -> Picture:
    """The picture as readers and clients get it, with the words that a story gives it.

    Without a credit of the story's it has the picture's own: whose it is must be said.
    """
    facts = known_facts(image)
    return Picture(
        alt=alt,
        caption=caption,
        credit=credit or facts.credit,
        renditions=pictured(image),
        copyright_notice=facts.copyright_notice,
        usage_terms=facts.usage_terms,
        created_at=facts.created_at,
        place=facts.place,
        source_type=source_types.uri_of(facts.source_type),
    )


def make(image: AbstractImage) -> None:
    """Make the renditions that a release needs, if they are not there yet. Publishes nothing."""
    _renditions(image)


def published(image: AbstractImage, *, cropped: bool = True) -> tuple[Rendition, ...]:
    """The picture's renditions, with its crops or without, their files where the site serves them.

    A file that is there already is left alone; one whose release is rolled back after all is
    harmless, because nothing links to it.
    """
    return tuple(_publish(*each) for each in _renditions(image, cropped=cropped))


def held(image: AbstractImage) -> tuple[Rendition, ...]:
    """The same renditions, for clients alone: a file that the site does not serve yet is written
    where only the wire finds it (`held.py`)."""
    return tuple(_publish(*each, hold=True) for each in _renditions(image))


def private(
    image: AbstractImage, *, address: Callable[[AbstractRendition], str] = lambda made: made.url
) -> tuple[Rendition, ...]:
    """The same renditions under addresses that only some may open: the newsroom's own, or those
    that `address` gives; for preview."""
    return tuple(
        Rendition(
            name=name,
            href=address(rendition),
            content_type=_TYPES[Path(rendition.file.name).suffix],
            width=rendition.width,
            height=rendition.height,
            size_bytes=rendition.file.size,
            sha256="",
            use=use,
        )
        for use, name, rendition in _renditions(image)
    )


class AvifSpeed(FilterOperation):
    """`avifspeed-8` in a filter: how quickly to make an AVIF, from 0 (smallest) to 10 (quickest).

    Wagtail and Willow leave it at Pillow's 6.
    """

    def construct(self, speed: str) -> None:
        self.speed = int(speed)
        if not 0 <= self.speed <= 10:
            raise ValueError("AVIF speed is a number from 0 to 10")

    def run(self, willow: Any, image: AbstractImage, env: dict[str, Any]) -> Any:
        # What Pillow's writer is told beside what Willow tells it (Pillow: `Image.save`). By now
        # the image is Pillow's: Wagtail has turned and resized it.
        willow.image.encoderinfo = {"speed": self.speed}
        return willow


def _renditions(
    image: AbstractImage, *, cropped: bool = True
) -> list[tuple[str, str, AbstractRendition]]:
    """Each file with the use and the name it has: crops, then all of the picture."""
    parts = _crops(image) if cropped else ()
    wanted = [*parts, *(("", name, spec) for name, spec in SIZES)]
    made = image.get_renditions(*(spec for _use, _name, spec in wanted))
    return [(use, name, made[spec]) for use, name, spec in wanted]


def _crops(image: AbstractImage) -> Iterator[tuple[str, str, str]]:
    facts = known_facts(image)
    frame = crops.frame_of(image, turned=facts.turned)
    for use in crops.USES:
        part = crops.part_of(frame, use, facts.crops)
        if crops.is_whole(frame, use, part):
            continue
        first = crops.filter_of(frame, use, part)
        yield from ((use, name, f"{first}|{spec}") for name, spec in CROP_SIZES)


def _publish(
    use: str, name: str, rendition: AbstractRendition, *, hold: bool = False
) -> Rendition:
    with rendition.file.open("rb") as file:
        data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = Path(rendition.file.name).suffix
    path = f"{sha256[:2]}/{sha256[2:34]}{suffix}"
    public = Path(settings.PICTURES_ROOT) / path
    if not public.exists():
        _write_once(Path(settings.HELD_PICTURES_ROOT) / path if hold else public, data)
    return Rendition(
        name=name,
        href=settings.PICTURES_URL + path,
        content_type=_TYPES[suffix],
        width=rendition.width,
        height=rendition.height,
        size_bytes=len(data),
        sha256=sha256,
        use=use,
    )


def _write_once(path: Path, data: bytes) -> None:
    """Write aside, then rename: a reader never gets half a picture."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(aside).chmod(0o644)
    Path(aside).replace(path)
