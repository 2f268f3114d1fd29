"""The colours of the demo's pictures: a palette for each kind of light."""

from dataclasses import dataclass

from dateline.demo.canvas import Colour, colour


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a scene: sky from top to horizon, far and near layers, light, a warm accent."""

    top: Colour
    low: Colour
    far: Colour
    near: Colour
    light: Colour
    accent: Colour


def _palettes(text: str) -> tuple[Palette, ...]:
    return tuple(Palette(*map(colour, row.split())) for row in text.strip().split("\n"))


_DUSK = _palettes("""
2b3a67 f2a65a 6d6a9c 141d3a ffe0a3 e4572e
16425b f4b393 5b7c99 0b2233 fff0d0 f25f5c
3d2c5a ff9e7a 85638f 1c1430 ffe3b8 ff6f59
""")
_DAY = _palettes("""
3f88c5 e8f1f2 8fb5cf 1f4e5f fffbe6 e2725b
5aa9c9 fbf0dc a3c3c7 2c5a57 fff6d8 d95d39
4a7fb0 fde8d0 a9b8cf 2d3f5e fff1d6 c8553d
""")
_NIGHT = _palettes("""
0b132b 3a506b 25344f 070b18 ffd166 ef476f
10142c 5b4b8a 332f5c 090a1a ffe29a f78c6b
071e26 2f6f73 1d4650 04121a ffdf8e e76f51
""")
_STORM = _palettes("""
1c2331 5c6b7a 39485a 0d131c f5f7ff ffd166
20242f 6f6a78 45434f 101218 fdf6ff ffc857
14262e 587b7f 335056 081216 f2fffd ffe08a
""")
_FIELD = _palettes("""
4f9fc8 fdeec4 9dbb8a 7a5c1e fff7d6 e0a526
6f8fbf ffd9a0 b59a6a 6b4a1a fff0c4 f2b134
f08a5d ffe3a6 a98467 5e3c1b fff3cf e9a23b
""")

PALETTES: dict[str, tuple[Palette, ...]] = {
    "harbour": _DUSK,
    "parliament": _DAY,
    "mountains": _DAY,
    "stadium": _NIGHT,
    "fields": _FIELD,
    "city": _NIGHT,
    "chart": _NIGHT,
    "concert": _NIGHT,
    "bridge": _DUSK,
    "storm": _STORM,
    "railway": _DAY,
    "court": _DUSK,
}
