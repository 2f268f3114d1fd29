"""What the demo's pictures are drawn with: gradients, glows, and layers of silhouettes.

Shapes are drawn twice as large and reduced, which smooths their edges; colours fade from top to
bottom inside a layer, which gives the haze of distance.
"""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1067

Colour = tuple[int, int, int]
Point = tuple[float, float]

_FINE = 2
"""Masks are drawn this many times larger than the picture: enough for smooth slanting edges."""


def colour(text: str) -> Colour:
    """A colour from six hexadecimal digits."""
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Between two colours: the first at 0, the other at 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def gradient(top: Colour, low: Colour, size: tuple[int, int]) -> Image.Image:
    """A vertical gradient."""
    strip = Image.new("RGB", (1, 2))
    strip.putdata([top, low])
    # Two pixels grown from their centres: the ends would be flat without the crop.
    return strip.resize(size, Image.Resampling.BILINEAR, box=(0, 0.5, 1, 1.5))


@lru_cache(maxsize=1)
def _halo() -> Image.Image:
    """A soft round light, white in the middle; squared so that it fades without an edge."""
    return Image.radial_gradient("L").point(
        [round(255 * max(0.0, 1 - value / 180) ** 2) for value in range(256)]
    )


class Shapes:
    """Silhouettes of one layer, in the picture's own pixels; the mask begins at `left`, `top`."""

    def __init__(self, mask: Image.Image, *, left: float, top: float) -> None:
        self._draw = ImageDraw.Draw(mask)
        self._left = left
        self._top = top

    def _fine(self, points: Iterable[Point]) -> list[Point]:
        left, top = self._left, self._top
        return [((x - left) * _FINE, (y - top) * _FINE) for x, y in points]

    def polygon(self, points: Iterable[Point], fill: int = 255) -> None:
        self._draw.polygon(self._fine(points), fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: int = 255) -> None:
        if right > left and bottom > top:
            (x0, y0), (x1, y1) = self._fine([(left, top), (right, bottom)])
            # Pillow's rectangle includes its last row and column.
            self._draw.rectangle((x0, y0, max(x0, x1 - 1), max(y0, y1 - 1)), fill=fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: int = 255) -> None:
        corners = self._fine([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse([*corners[0], *corners[1]], fill=fill)

    def line(self, points: Iterable[Point], width: float, fill: int = 255) -> None:
        wide = max(1, round(width * _FINE))
        self._draw.line(self._fine(points), fill=fill, width=wide, joint="curve")


class Canvas:
    """A picture under way. Layers are painted from the farthest to the nearest."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT))

    def sky(self, top: Colour, low: Colour, *, down_to: int = HEIGHT, start: int = 0) -> None:
        self.image.paste(gradient(top, low, (WIDTH, down_to - start)), (0, start))

    def glow(self, x: float, y: float, radius: float, light: Colour, strength: float = 1) -> None:
        """Light around a point, added softly to what is there."""
        size = round(radius * 2)
        halo = _halo().resize((size, size))
        if strength < 1:
            halo = halo.point([round(value * strength) for value in range(256)])
        self.image.paste(light, (round(x - radius), round(y - radius)), halo)

    def layer(
        self, paint: Callable[[Shapes], None], top: Colour, low: Colour, *,
        start: int = 0, end: int = HEIGHT,
    ) -> None:  # fmt: skip
        """Silhouettes filled with a gradient between the heights `start` and `end`."""
        mask = Image.new("L", (WIDTH * _FINE, (end - start) * _FINE))
        paint(Shapes(mask, left=0, top=start))
        mask = mask.reduce(_FINE)
        self.image.paste(gradient(top, low, (WIDTH, end - start)), (0, start), mask)

    def patch(
        self, paint: Callable[[Shapes], None], tone: Colour, *, area: tuple[int, int, int, int]
    ) -> None:
        """Small shapes of one colour inside an area: cheaper than a layer of the full width."""
        left, top, right, low = area
        mask = Image.new("L", ((right - left) * _FINE, (low - top) * _FINE))
        paint(Shapes(mask, left=left, top=top))
        self.image.paste(tone, (left, top), mask.reduce(_FINE))


def ridge(
    chance: Random, base: float, height: float, *, rough: float = 0.5, waves: float = 2
) -> list[Point]:
    """The outline of hills across the picture, closed at its foot."""
    parts = [
        (height * rough**octave, waves * 2.1**octave, chance.random() * math.tau)
        for octave in range(6)
    ]
    points = [
        (x, base - sum(h * math.sin(x / WIDTH * math.tau * f / 2 + shift) for h, f, shift in parts))
        for x in range(-8, WIDTH + 9, 8)
    ]
    return [*points, (WIDTH + 8.0, HEIGHT + 1.0), (-8.0, HEIGHT + 1.0)]


def outline(points: Iterable[Point], *, fill: int = 255) -> Callable[[Shapes], None]:
    """A painter of one polygon, for a layer."""
    return lambda shapes: shapes.polygon(points, fill)
