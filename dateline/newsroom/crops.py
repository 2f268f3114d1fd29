"""Crops: the part of a picture that each use shows, 16:9, 3:2 and 1:1.

A part is the editor's, or else the largest of its shape around the focal point. It is kept as its
left and upper edge and its width, as shares of the picture's, so that it stands whatever size the
file has; its height follows from the shape, which no one can then get wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from wagtail.images.image_operations import ImageTransform, TransformOperation
from wagtail.images.models import AbstractImage
from wagtail.images.rect import Rect

USES: dict[str, float] = {"16:9": 16 / 9, "3:2": 3 / 2, "1:1": 1.0}
"""Each use, by the name of its shape, and its width in heights."""

SMALLEST_SHARE = 0.1
"""A part is at least this share of the picture's width: less is no picture any more."""

SAME_SHAPE = 0.02
"""How far proportions may differ and still be one shape: rounding, not a crop."""

_STEPS = 10_000
"""Edges are written in filters as whole ten-thousandths."""


class Frame(Struct, frozen=True):
    """A picture as it is seen, in pixels, and the point that matters, as shares of both."""

    width: int
    height: int
    focus: tuple[float, float] = (0.5, 0.5)


class Part(Struct, frozen=True):
    """A part of a picture: left and upper edge and width, as shares of its width and height."""

    x: float
    y: float
    width: float


def frame_of(image: AbstractImage, *, turned: bool) -> Frame:
    """A picture's frame. Wagtail keeps a file's own sides: of one that was `turned` they change."""
    focus = (0.5, 0.5)
    if image.has_focal_point():
        # On the screen where it is chosen each side is measured along what is seen.
        focus = (image.focal_point_x / image.width, image.focal_point_y / image.height)
    if turned:
        return Frame(image.height, image.width, focus)
    return Frame(image.width, image.height, focus)


def part_of(frame: Frame, use: str, chosen: Mapping[str, Any]) -> Part:
    """What this use shows of a picture: as chosen, if that still fits it, else by itself."""
    shape = USES[use] * frame.height / frame.width
    if use in chosen and (part := _fitting(chosen[use], shape)):
        return part
    return _around(frame.focus, shape)


def height_of(frame: Frame, use: str, part: Part) -> float:
    """The part's height as a share of the picture's."""
    return part.width * frame.width / (USES[use] * frame.height)


def is_whole(frame: Frame, use: str, part: Part) -> bool:
    """Is the part all of the picture? Then no file is made of it."""
    return part.width >= 1 - SAME_SHAPE and height_of(frame, use, part) >= 1 - SAME_SHAPE


def chosen_in(values: Any) -> dict[str, list[float]]:
    """Choices as they are kept, from what a form sent: `{"16:9": [x, y, width]}`.

    Raises ValueError if it is nothing of the kind.
    """
    if not isinstance(values, dict):
        raise ValueError("crops are a table of parts by use")
    found = {}
    for use, edges in values.items():
        if use not in USES or not isinstance(edges, list) or len(edges) != 3:
            raise ValueError("a crop is a use and three numbers")
        x, y, width = (float(each) for each in edges)
        if not (0 <= x <= 1 and 0 <= y <= 1 and SMALLEST_SHARE <= width <= 1):
            raise ValueError("a crop lies within its picture")
        found[use] = [round(x, 4), round(y, 4), round(width, 4)]
    return found


class PartOperation(TransformOperation):
    """`part-1250-0-7500-7500` in a filter: left, top, width, height in ten-thousandths."""

    def construct(self, *edges: str) -> None:
        left, top, width, height = (int(each) for each in edges)
        if min(left, top) < 0 or min(width, height) < 1:
            raise ValueError("a part has edges within the picture")
        self.edges = (left, top, width, height)

    def run(self, transform: ImageTransform, image: AbstractImage) -> ImageTransform:
        across, down = transform.size
        left, top, width, height = (each / _STEPS for each in self.edges)
        x, y = min(round(left * across), across - 1), min(round(top * down), down - 1)
        right = min(max(round((left + width) * across), x + 1), across)
        lower = min(max(round((top + height) * down), y + 1), down)
        return transform.crop(Rect(x, y, right, lower))


def filter_of(frame: Frame, use: str, part: Part) -> str:
    """The part as the first operation of a filter."""
    shares = (part.x, part.y, part.width, height_of(frame, use, part))
    return "part-" + "-".join(str(max(0, round(share * _STEPS))) for share in shares)


def _around(focus: tuple[float, float], shape: float) -> Part:
    """The largest part of this shape (width in heights, both as shares), near the focal point."""
    width = min(1.0, shape)
    height = width / shape
    x = min(max(focus[0] - width / 2, 0.0), 1.0 - width)
    y = min(max(focus[1] - height / 2, 0.0), 1.0 - height)
    return Part(x, y, width)


def _fitting(edges: Any, shape: float) -> Part | None:
    """A chosen part, moved to lie within the picture; None if it is too large or no part."""
    try:
        x, y, width = (float(each) for each in edges)
    except (TypeError, ValueError):
        return None
    height = width / shape
    if not SMALLEST_SHARE <= width <= 1.0001 or height > 1.0001:
        return None
    left, top = max(1 - width, 0.0), max(1 - height, 0.0)
    return Part(min(max(x, 0.0), left), min(max(y, 0.0), top), width)
