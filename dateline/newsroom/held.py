"""Files of pictures that clients have and readers do not yet.

They have the addresses that readers' files will have, and lie in a folder that the site does not
serve, until the release that shows them to readers moves them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from dateline.items import Item, Picture, Rendition

logger = logging.getLogger(__name__)


def show(item: Item) -> None:
    """Move the files of an item's pictures to where the site serves them.

    Before the commit that shows the item: a file without a story harms nobody, a story whose
    picture is missing does. A file that is lost is told to the operator and keeps nothing back.
    """
    for rendition in _renditions(item):
        path = rendition.href.removeprefix(settings.PICTURES_URL)
        public = Path(settings.PICTURES_ROOT) / path
        if public.exists():
            continue
        public.parent.mkdir(parents=True, exist_ok=True)
        try:
            (Path(settings.HELD_PICTURES_ROOT) / path).replace(public)
        except FileNotFoundError:
            # Another lift of a story with this very picture may have moved it a moment ago.
            if not public.exists():
                logger.error("The file %s of a picture of %s is lost", path, item.guid)


def _renditions(item: Item) -> Iterator[Rendition]:
    for picture in pictures_of(item):
        yield from picture.renditions


def pictures_of(item: Item) -> Iterator[Picture]:
    """Every picture of an item, the lead one first."""
    if item.picture is not None:
        yield item.picture
    for block in item.body:
        if (picture := getattr(block, "picture", None)) is not None:
            yield picture
        yield from getattr(block, "pictures", ())
