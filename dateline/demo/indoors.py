"""Scenes of light: stadium, concert, and a chart. The farthest layer comes first."""

import math
from functools import partial
from random import Random

from dateline.demo.canvas import HEIGHT, WIDTH, Canvas, Point, Shapes, mix, outline
from dateline.demo.palette import Palette
from dateline.demo.sky import stars


def stadium(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A pitch under floodlights, stands full of lights, masts at the corners."""
    field = 640
    canvas.sky(palette.top, palette.low, down_to=field)
    stars(canvas, palette, chance)
    stand = mix(palette.far, palette.near, 0.4)
    canvas.layer(
        lambda s: _roof(s), mix(stand, palette.low, 0.35), stand, start=250, end=field + 40
    )
    canvas.layer(
        lambda s: _crowd(s, chance, field), palette.light, palette.accent, start=400, end=field
    )
    for x in (150, 520, 1080, 1450):
        canvas.glow(x, 210 if x in (150, 1450) else 250, 330, palette.light, 0.7)
    canvas.layer(lambda s: _floodlights(s), palette.near, stand, start=130, end=field)
    canvas.layer(lambda s: _bulbs(s), (255, 255, 255), palette.light, start=130, end=300)
    grass, deep = (92, 170, 88), (22, 82, 62)
    canvas.sky(grass, deep, start=field)
    canvas.layer(
        lambda s: _mown(s, field),
        mix(grass, palette.light, 0.2),
        mix(deep, grass, 0.35),
        start=field,
    )
    canvas.layer(lambda s: _marks(s, field), (244, 250, 240), (226, 240, 226), start=field)
    canvas.layer(
        lambda s: s.box(0, field - 30, WIDTH, field),
        palette.accent,
        mix(palette.accent, palette.near, 0.5),
        start=field - 40,
        end=field + 10,
    )
    team = [
        (chance.randrange(160, WIDTH - 160), chance.randrange(field + 60, 960)) for _ in range(11)
    ]
    for half, tone in ((0, palette.accent), (1, (240, 244, 250))):
        canvas.layer(
            partial(_players, places=team[half::2]),
            tone,
            mix(tone, palette.near, 0.3),
            start=field,
        )
    ball = chance.choice(team)
    canvas.layer(
        lambda s: s.ellipse(ball[0] + 46, ball[1] - 6, 8, 8),
        (255, 255, 255),
        (230, 230, 230),
        start=field,
    )


def _roof(shapes: Shapes) -> None:
    shapes.polygon(
        [(0, 330), (WIDTH * 0.22, 392), (WIDTH * 0.78, 392), (WIDTH, 330), (WIDTH, 690), (0, 690)]
    )
    shapes.polygon(
        [
            (0, 286),
            (WIDTH * 0.24, 372),
            (WIDTH * 0.76, 372),
            (WIDTH, 286),
            (WIDTH, 312),
            (WIDTH * 0.76, 392),
            (WIDTH * 0.24, 392),
            (0, 312),
        ]
    )
    for x in range(80, WIDTH, 120):
        shapes.line([(x, 392), (x, 350)], 3)


def _crowd(shapes: Shapes, chance: Random, low: float) -> None:
    for row in range(15):
        y = 424 + row * 13.4
        for x in range(6 + (row % 2) * 8, WIDTH, 16):
            if chance.random() < 0.8:
                shapes.ellipse(
                    x + chance.randrange(-2, 3), y, 3.4, 3.8, fill=chance.choice((40, 64, 96, 150))
                )


def _floodlights(shapes: Shapes) -> None:
    for x, top in ((150, 190), (1450, 190)):
        shapes.polygon([(x - 8, 640), (x - 3, top), (x + 3, top), (x + 8, 640)])
        shapes.box(x - 74, top - 46, x + 74, top + 30)
    for x in (520, 1080):
        shapes.box(x - 90, 240, x + 90, 264)
        shapes.line([(x - 50, 262), (x - 50, 380)], 4)
        shapes.line([(x + 50, 262), (x + 50, 380)], 4)


def _bulbs(shapes: Shapes) -> None:
    for x in (150, 1450):
        for row in range(3):
            for column in range(7):
                shapes.ellipse(x - 60 + column * 20, 156 + row * 24, 7.5, 7.5)
    for x in (520, 1080):
        for column in range(9):
            shapes.ellipse(x - 80 + column * 20, 252, 7, 7)


def _mown(shapes: Shapes, top: float) -> None:
    rows = [top + (HEIGHT - top) * (step / 9) ** 1.35 for step in range(11)]
    for above, below in zip(rows[::2], rows[1::2], strict=False):
        shapes.box(0, above, WIDTH, below, fill=150)


def _marks(shapes: Shapes, top: float) -> None:
    shapes.line([(0, top + 26), (WIDTH, top + 26)], 4)
    shapes.ellipse(WIDTH / 2, 860, 250, 84)
    shapes.ellipse(WIDTH / 2, 860, 245, 80, fill=0)
    shapes.line([(WIDTH / 2, top + 26), (WIDTH / 2, HEIGHT)], 5)
    shapes.ellipse(WIDTH / 2, 860, 9, 5)
    for side in (-1, 1):
        x = WIDTH / 2 + side * 800
        shapes.line(
            [(x, top + 100), (x - side * 190, top + 100), (x - side * 260, 1000), (x, 1000)], 4
        )


def _players(shapes: Shapes, places: list[tuple[int, int]]) -> None:
    for x, y in places:
        size = 0.5 + (y - 640) / 420
        shapes.ellipse(x, y - 78 * size, 9 * size, 10 * size)
        shapes.polygon(
            [
                (x - 17 * size, y - 66 * size),
                (x + 17 * size, y - 66 * size),
                (x + 12 * size, y - 30 * size),
                (x - 12 * size, y - 30 * size),
            ]
        )
        shapes.line([(x - 6 * size, y - 32 * size), (x - 14 * size, y)], 9 * size)
        shapes.line([(x + 6 * size, y - 32 * size), (x + 16 * size, y - 4)], 9 * size)


def concert(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A stage with a grand piano in beams of light, the heads of the audience in front."""
    stage = 720
    canvas.sky(mix(palette.top, (0, 0, 0), 0.3), palette.far, down_to=stage)
    canvas.glow(800, 560, 760, palette.accent, 0.5)
    canvas.glow(800, 600, 460, palette.light, 0.55)
    for number in range(7):
        x = 140 + number * 220
        aim = 800 + (x - 800) * 0.35 + chance.randrange(-90, 90)
        tone = palette.light if number % 2 else mix(palette.accent, palette.light, 0.35)
        canvas.layer(
            outline(
                [(x - 7, 70), (x + 7, 70), (aim + 120, stage + 40), (aim - 120, stage + 40)],
                fill=46,
            ),
            tone,
            tone,
            start=60,
            end=stage,
        )
    dark = mix(palette.near, (0, 0, 0), 0.2)
    canvas.layer(lambda s: _rig(s), dark, palette.near, end=130)
    canvas.sky(
        mix(palette.accent, palette.light, 0.3),
        mix(palette.accent, palette.near, 0.75),
        start=stage,
        down_to=880,
    )
    canvas.layer(
        lambda s: _planks(s, stage),
        mix(palette.accent, palette.near, 0.4),
        palette.near,
        start=stage,
        end=880,
    )
    canvas.layer(
        lambda s: _piano(s, 800, stage + 60),
        dark,
        mix(dark, palette.accent, 0.18),
        start=400,
        end=880,
    )
    canvas.layer(
        lambda s: _orchestra(s, chance, stage),
        mix(dark, palette.far, 0.25),
        dark,
        start=480,
        end=840,
    )
    canvas.layer(
        lambda s: _curtains(s),
        mix(palette.accent, palette.near, 0.72),
        mix(palette.accent, palette.near, 0.86),
    )
    for row in range(3):
        tone = mix(mix(palette.near, palette.accent, 0.16), (0, 0, 0), 0.1 + row * 0.3)
        canvas.layer(
            partial(_heads, chance=chance, y=890 + row * 72, size=34 + row * 8),
            mix(tone, palette.accent, 0.18),
            tone,
            start=820 + row * 60,
        )


def _rig(shapes: Shapes) -> None:
    shapes.box(0, 0, WIDTH, 46)
    for number in range(7):
        x = 140 + number * 220
        shapes.box(x - 4, 40, x + 4, 62)
        shapes.polygon([(x - 14, 58), (x + 14, 58), (x + 22, 92), (x - 22, 92)])


def _planks(shapes: Shapes, top: float) -> None:
    for number in range(-18, 19):
        head, foot = 800 + number * 60, 800 + number * 96
        shapes.polygon([(head, top), (head + 2, top), (foot + 4, 880), (foot, 880)], fill=150)
    shapes.box(0, 862, WIDTH, 880)


def _piano(shapes: Shapes, x: float, foot: float) -> None:
    shapes.polygon(
        [
            (x - 150, foot - 120),
            (x + 120, foot - 120),
            (x + 156, foot - 104),
            (x + 156, foot - 84),
            (x - 150, foot - 84),
        ]
    )
    shapes.polygon(
        [(x - 118, foot - 120), (x + 96, foot - 268), (x + 148, foot - 236), (x + 136, foot - 118)]
    )
    for leg in (-132, 6, 138):
        shapes.box(x + leg - 6, foot - 88, x + leg + 6, foot)
    shapes.box(x - 236, foot - 52, x - 168, foot - 40)
    shapes.box(x - 226, foot - 42, x - 220, foot)
    shapes.box(x - 186, foot - 42, x - 180, foot)
    shapes.ellipse(x - 202, foot - 178, 20, 23)
    shapes.polygon(
        [(x - 226, foot - 150), (x - 184, foot - 152), (x - 176, foot - 54), (x - 232, foot - 50)]
    )
    shapes.line([(x - 192, foot - 138), (x - 160, foot - 112), (x - 128, foot - 116)], 13)
    shapes.line([(x - 196, foot - 54), (x - 150, foot - 50), (x - 152, foot)], 15)


def _orchestra(shapes: Shapes, chance: Random, stage: float) -> None:
    for side in (-1, 1):
        for number in range(6):
            x, foot = 800 + side * (262 + number * 62), stage + 24 + (number % 2) * 44
            shapes.ellipse(x, foot - 118, 14, 16)
            shapes.polygon(
                [(x - 24, foot - 98), (x + 24, foot - 98), (x + 28, foot - 20), (x - 28, foot - 20)]
            )
            shapes.line([(x - 4, foot - 84), (x - side * 34, foot - 96)], 8)
            bow = chance.randrange(-14, 15)
            shapes.line([(x - side * 46, foot - 128 - bow), (x - side * 8, foot - 82 + bow)], 3)
            shapes.box(x - 3 - side * 40, foot - 60, x + 3 - side * 40, foot + 10)
            shapes.polygon(
                [
                    (x - side * 40 - 17, foot - 66),
                    (x - side * 40 + 17, foot - 66),
                    (x - side * 40 + 13, foot - 44),
                    (x - side * 40 - 13, foot - 44),
                ]
            )


def _curtains(shapes: Shapes) -> None:
    for side, base in ((1, 0), (-1, WIDTH)):
        for fold in range(5):
            wide = 130 - fold * 22
            edge = [
                (base + side * (wide + math.sin(y / 180 + fold) * 12), y) for y in range(0, 900, 30)
            ]
            shapes.polygon([(base, 0), *edge, (base, 900)], fill=255 if fold % 2 == 0 else 205)


def _heads(shapes: Shapes, chance: Random, y: float, size: float) -> None:
    x = -20.0
    while x < WIDTH + 40:
        lift = chance.randrange(-14, 15)
        shapes.ellipse(x, y + lift, size * 0.82, size)
        shapes.ellipse(x, y + lift + size * 2.25, size * 1.75, size * 1.5)
        x += size * 2.5 + chance.randrange(30)
    shapes.box(0, y + size * 2.4, WIDTH, HEIGHT)


def chart(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Columns and a rising line over a grid, the last point lit."""
    canvas.sky(palette.top, palette.low)
    canvas.glow(1300, 260, 700, mix(palette.low, palette.accent, 0.5), 0.5)
    canvas.layer(
        lambda s: _grid(s),
        mix(palette.low, palette.light, 0.3),
        mix(palette.low, palette.light, 0.3),
    )
    count, foot = 12, 900
    level, values = 0.28, []
    for _ in range(count):
        level += 0.05 + chance.gauss(0, 0.045)
        values.append(min(max(level, 0.14), 1.0))
    tops = [(200 + at * 106.0, foot - value * 560) for at, value in enumerate(values)]
    canvas.layer(
        lambda s: _bars(s, tops, foot),
        mix(palette.low, palette.light, 0.24),
        mix(palette.far, palette.low, 0.5),
        start=300,
        end=foot,
    )
    curve = _smooth([(x, y - 70) for x, y in tops])
    canvas.layer(
        lambda s: s.polygon([*curve, (curve[-1][0], foot), (curve[0][0], foot)], fill=70),
        palette.accent,
        palette.top,
        start=180,
        end=foot,
    )
    canvas.layer(
        lambda s: s.line(curve, 9),
        palette.accent,
        mix(palette.accent, palette.light, 0.4),
        start=180,
        end=foot,
    )
    canvas.layer(
        lambda s: _dots(s, [(x, y - 70) for x, y in tops]),
        palette.light,
        palette.light,
        start=180,
        end=foot,
    )
    last = (tops[-1][0], tops[-1][1] - 70)
    canvas.glow(*last, 150, palette.light, 0.85)
    canvas.layer(
        lambda s: s.ellipse(*last, 17, 17), (255, 255, 255), palette.light, start=150, end=foot
    )
    canvas.layer(
        lambda s: s.box(140, foot, 1460, foot + 5),
        palette.light,
        palette.light,
        start=foot - 4,
        end=foot + 10,
    )


def _grid(shapes: Shapes) -> None:
    for y in range(220, 900, 113):
        shapes.box(140, y, 1460, y + 2, fill=70)
    for number in range(12):
        x = 200 + number * 106
        shapes.box(x - 22, 926, x + 22, 936, fill=90)
    for y in range(216, 880, 113):
        shapes.box(72, y, 116, y + 10, fill=90)


def _bars(shapes: Shapes, tops: list[Point], foot: float) -> None:
    for x, y in tops:
        shapes.ellipse(x, y + 10, 30, 10)
        shapes.box(x - 30, y + 10, x + 30, foot)


def _dots(shapes: Shapes, points: list[Point]) -> None:
    for x, y in points:
        shapes.ellipse(x, y, 9, 9)


def _smooth(points: list[Point]) -> list[Point]:
    """A curve through the points without corners (Catmull and Rom's)."""
    ends = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(8):
            t = step / 8
            x, y = (
                0.5
                * (
                    2 * q
                    + (r - p) * t
                    + (2 * p - 5 * q + 4 * r - s) * t**2
                    + (3 * q - p - 3 * r + s) * t**3
                )
                for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            curve.append((x, y))
    return [*curve, points[-1]]
