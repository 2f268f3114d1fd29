"""The demo's pictures, drawn here with Pillow: flat landscapes in layers of light and haze.

`draw` depends on the scene and the seed alone, so the same story has the same picture on every
machine, and stories that share both share one file.
"""

from collections.abc import Callable
from io import BytesIO
from random import Random

from dateline.demo.canvas import HEIGHT, WIDTH, Canvas
from dateline.demo.capital import city, court, parliament
from dateline.demo.coast import bridge, harbour, storm
from dateline.demo.country import fields, mountains, railway
from dateline.demo.indoors import chart, concert, stadium
from dateline.demo.model import PictureSpec
from dateline.demo.palette import PALETTES, Palette

__all__ = ["HEIGHT", "SCENES", "WIDTH", "draw"]

_QUALITY = 86

SCENES: dict[str, Callable[[Canvas, Palette, Random], None]] = {
    "harbour": harbour,
    "parliament": parliament,
    "mountains": mountains,
    "stadium": stadium,
    "fields": fields,
    "city": city,
    "chart": chart,
    "concert": concert,
    "bridge": bridge,
    "storm": storm,
    "railway": railway,
    "court": court,
}


def draw(spec: PictureSpec) -> bytes:
    """The picture as a JPEG of 1600 by 1067 pixels."""
    palettes = PALETTES[spec.scene]
    canvas = Canvas()
    SCENES[spec.scene](canvas, palettes[spec.seed % len(palettes)], Random(spec.name))
    file = BytesIO()
    canvas.image.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
