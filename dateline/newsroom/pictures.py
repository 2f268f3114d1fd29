"""The files of a picture: published ones for readers, private ones for preview.

A published file is named by its content and stands in its own folder, which the site serves. The
newsroom's own uploads stay behind the newsroom's sign-in, so a picture that was not released has
no public address to guess.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from wagtail.images.models import AbstractImage, AbstractRendition

from dateline.items import Rendition

SIZES = {
    "small": "width-480|format-webp|webpquality-75",
    "medium": "width-960|format-webp|webpquality-78",
    "large": "width-1600|format-webp|webpquality-80",
    "card": "width-1200|format-jpeg|jpegquality-80",
}
"""Renditions of every released picture. `card` is for feeds and shared links, where WebP is not
yet read everywhere; pages use the others."""

_TYPES = {".webp": "image/webp", ".jpg": "image/jpeg"}


def published(image: AbstractImage) -> tuple[Rendition, ...]:
    """The picture's renditions, their files written where the site serves them.

    A file that is there already is left alone; one whose release is rolled back after all is
    harmless, because nothing links to it.
    """
    return tuple(_publish(name, rendition) for name, rendition in _renditions(image))


def private(image: AbstractImage) -> tuple[Rendition, ...]:
    """The same renditions under the newsroom's addresses, for preview."""
    return tuple(
        Rendition(
            name=name,
            href=rendition.url,
            content_type=_TYPES[Path(rendition.file.name).suffix],
            width=rendition.width,
            height=rendition.height,
            size_bytes=rendition.file.size,
            sha256="",
        )
        for name, rendition in _renditions(image)
    )


def _renditions(image: AbstractImage) -> list[tuple[str, AbstractRendition]]:
    made = image.get_renditions(*SIZES.values())
    return [(name, made[spec]) for name, spec in SIZES.items()]


def _publish(name: str, rendition: AbstractRendition) -> Rendition:
    with rendition.file.open("rb") as file:
        data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = Path(rendition.file.name).suffix
    path = f"{sha256[:2]}/{sha256[2:34]}{suffix}"
    _write_once(Path(settings.PICTURES_ROOT) / path, data)
    return Rendition(
        name=name,
        href=settings.PICTURES_URL + path,
        content_type=_TYPES[suffix],
        width=rendition.width,
        height=rendition.height,
        size_bytes=len(data),
        sha256=sha256,
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
