"""Scenes by the water: harbour, bridge, storm. The farthest layer comes first."""

import math
from functools import partial
from random import Random

from dateline.demo.canvas import HEIGHT, WIDTH, Canvas, Point, Shapes, mix, outline, ridge
from dateline.demo.palette import Palette
from dateline.demo.sky import clouds, glitter, ripples


def harbour(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Cranes and a ship against a low sun, and the light of both on the water."""
    sea = 700
    sun = chance.randrange(380, 1200)
    canvas.sky(palette.top, palette.low, down_to=sea)
    canvas.glow(sun, sea - 60, 640, palette.light, 0.75)
    clouds(canvas, palette, chance, top=90, low=380)
    canvas.layer(lambda s: s.ellipse(sun, sea - 70, 74, 74), palette.light, palette.light, end=sea)
    hills = ridge(chance, sea - 40, 36, waves=3)
    canvas.layer(
        outline(hills),
        palette.far,
        mix(palette.far, palette.low, 0.55),
        start=500,
        end=sea,
    )
    canvas.sky(mix(palette.low, palette.top, 0.25), mix(palette.top, palette.near, 0.55), start=sea)
    glitter(canvas, palette.light, chance, x=sun, top=sea)
    quay = mix(palette.near, palette.far, 0.25)
    left = chance.random() < 0.5
    canvas.layer(
        lambda s: _cranes(s, chance, sea, left), quay, palette.near, start=240, end=sea + 30
    )
    ship = chance.randrange(560, 760) if left else chance.randrange(180, 330)
    canvas.layer(lambda s: _hull(s, ship, sea + 46), palette.near, palette.near, start=520, end=840)
    canvas.layer(
        lambda s: _stripe(s, ship, sea + 46),
        palette.accent,
        mix(palette.accent, palette.near, 0.5),
        start=690,
        end=840,
    )
    containers(canvas, palette, chance, x=ship, deck=sea - 8)
    canvas.layer(
        lambda s: ripples(s, chance, 820),
        mix(palette.top, palette.near, 0.8),
        palette.near,
        start=790,
    )


def _cranes(shapes: Shapes, chance: Random, sea: float, left: bool) -> None:
    shapes.box(0 if left else 980, sea - 16, 620 if left else WIDTH, sea + 26)
    for number in range(3):
        x = (60 if left else 1060) + number * 175 + chance.randrange(20)
        top = sea - 250 - chance.randrange(50)
        tip = x + (230 if left else -130)
        for leg in (x, x + 70):
            shapes.polygon([(leg, sea), (leg + 11, sea), (leg + 9, top), (leg + 2, top)])
        shapes.box(x - 4, sea - 120, x + 84, sea - 110)
        shapes.line([(x, sea - 115), (x + 76, top + 8)], 4)
        shapes.box(min(x - 60, tip), top - 8, max(x + 140, tip), top + 6)
        peak = (x + 40, top - 92)
        shapes.polygon([(x + 30, top), peak, (x + 50, top)])
        shapes.line([peak, (tip, top)], 3)
        shapes.line([peak, (x + 140 if not left else x - 60, top)], 3)
        shapes.line(
            [(tip + (-40 if left else 40), top), (tip + (-40 if left else 40), top + 90)], 2
        )
        shapes.box(x + 18, top + 6, x + 56, top + 34)


def _hull(shapes: Shapes, x: float, water: float) -> None:
    shapes.polygon(
        [
            (x - 14, water - 62),
            (x + 720, water - 62),
            (x + 768, water - 92),
            (x + 728, water + 14),
            (x + 10, water + 14),
        ]
    )
    shapes.box(x + 24, water - 190, x + 118, water - 60)
    shapes.box(x + 10, water - 172, x + 132, water - 156)
    shapes.box(x + 58, water - 232, x + 92, water - 188)
    shapes.line([(x + 700, water - 66), (x + 700, water - 150)], 5)


def _stripe(shapes: Shapes, x: float, water: float) -> None:
    shapes.polygon(
        [(x + 4, water - 8), (x + 735, water - 8), (x + 728, water + 14), (x + 10, water + 14)]
    )


def containers(canvas: Canvas, palette: Palette, chance: Random, *, x: float, deck: float) -> None:
    """Stacked boxes on a deck in three muted colours."""
    colours = (palette.accent, palette.far, mix(palette.light, palette.near, 0.35))
    stacks = [[chance.randrange(3) for _ in range(chance.randrange(1, 4))] for _ in range(9)]

    def paint(kind: int) -> None:
        def boxes(shapes: Shapes) -> None:
            for column, stack in enumerate(stacks):
                for level, box in enumerate(stack):
                    left, low = x + 150 + column * 58, deck - level * 34
                    if box == kind:
                        shapes.box(left, low - 31, left + 54, low)

        tone = mix(colours[kind], palette.near, 0.22)
        canvas.layer(boxes, tone, mix(tone, palette.near, 0.4), start=560, end=720)

    for kind in range(3):
        paint(kind)


def bridge(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A cable-stayed bridge over a wide river, its pylons catching the first light."""
    water = 740
    sun = chance.randrange(500, 1100)
    canvas.sky(palette.top, palette.low, down_to=water)
    canvas.glow(sun, water - 80, 700, palette.light, 0.85)
    canvas.layer(
        lambda s: s.ellipse(sun, water - 110, 80, 80), palette.light, palette.light, end=water
    )
    clouds(canvas, palette, chance, top=100, low=420)
    for step, base in enumerate((water - 50, water - 14)):
        line = ridge(chance, base, 40 - step * 14, waves=2 + step * 2)
        tone = mix(palette.far, palette.near, step * 0.3)
        canvas.layer(
            outline(line),
            tone,
            mix(tone, palette.low, 0.45 - step * 0.2),
            start=560,
            end=water,
        )
    canvas.sky(mix(palette.low, palette.top, 0.3), mix(palette.top, palette.near, 0.6), start=water)
    glitter(canvas, palette.light, chance, x=sun, top=water)
    pylons = (430 + chance.randrange(60), 1090 + chance.randrange(60))
    canvas.layer(
        lambda s: _cables(s, pylons, 620),
        mix(palette.near, palette.far, 0.4),
        palette.near,
        start=180,
        end=660,
    )
    canvas.layer(
        lambda s: _pylons(s, pylons, 620),
        mix(palette.near, palette.far, 0.25),
        palette.near,
        start=180,
        end=860,
    )
    canvas.layer(lambda s: _lamps(s, 612), palette.light, palette.light, start=580, end=630)
    canvas.layer(
        lambda s: ripples(s, chance, 860),
        mix(palette.top, palette.near, 0.75),
        palette.near,
        start=820,
    )


def _cables(shapes: Shapes, pylons: tuple[int, int], deck: float) -> None:
    for x in pylons:
        for number in range(1, 13):
            reach, top = number * 27, deck - 400 + (13 - number) * 16
            shapes.line([(x - reach, deck), (x, top), (x + reach, deck)], 2)


def _pylons(shapes: Shapes, pylons: tuple[int, int], deck: float) -> None:
    shapes.polygon(
        [
            (-10, deck + 6),
            (WIDTH / 2, deck - 12),
            (WIDTH + 10, deck + 6),
            (WIDTH + 10, deck + 30),
            (WIDTH / 2, deck + 12),
            (-10, deck + 30),
        ]
    )
    for x in pylons:
        shapes.polygon(
            [(x - 34, deck + 200), (x - 18, deck + 200), (x - 1, deck - 420), (x - 9, deck - 420)]
        )
        shapes.polygon(
            [(x + 34, deck + 200), (x + 18, deck + 200), (x + 1, deck - 420), (x + 9, deck - 420)]
        )
        shapes.box(x - 9, deck - 430, x + 9, deck - 230)
        shapes.box(x - 60, deck + 180, x + 60, deck + 212)
    for x in (60, 210, WIDTH - 210, WIDTH - 60):
        shapes.box(x - 12, deck + 10, x + 12, deck + 190)


def _lamps(shapes: Shapes, deck: float) -> None:
    for x in range(20, WIDTH, 60):
        lift = 18 * (1 - abs(x - WIDTH / 2) / (WIDTH / 2))
        shapes.ellipse(x, deck - lift - 4, 3.4, 3.4)


def storm(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Lightning between heavy clouds and a rough sea, a lighthouse on its rock."""
    sea = 760
    canvas.sky(palette.top, palette.low, down_to=sea)
    left = chance.random() < 0.5
    strike = chance.randrange(760, 1220) if left else chance.randrange(380, 840)
    canvas.glow(strike, 420, 620, palette.light, 0.55)
    bolt = _bolt(chance, strike, 230, sea)
    canvas.layer(
        lambda s: _lightning(s, bolt, chance), palette.light, palette.light, start=200, end=sea
    )
    for step in range(3):
        tone = mix(palette.top, palette.far, 0.75 - step * 0.3)
        canvas.layer(
            partial(_bank, chance=chance, low=250 - step * 80),
            mix(tone, (0, 0, 0), 0.2),
            tone,
            end=480,
        )
    canvas.layer(
        lambda s: _rain(s, chance),
        mix(palette.low, palette.far, 0.2),
        palette.far,
        start=280,
        end=sea,
    )
    tower = 240 if left else 1330
    canvas.sky(mix(palette.far, palette.low, 0.5), palette.far, start=sea)
    canvas.layer(
        lambda s: _beam(s, tower, left),
        palette.accent,
        mix(palette.accent, palette.low, 0.55),
        start=300,
        end=720,
    )
    canvas.glow(tower, 465, 190, palette.accent, 0.9)
    canvas.layer(lambda s: _lighthouse(s, tower), palette.near, palette.near, start=400)
    canvas.layer(
        lambda s: s.box(tower - 15, 452, tower + 15, 480),
        palette.light,
        palette.accent,
        start=440,
        end=490,
    )
    for step in range(4):
        tone = mix(palette.far, palette.near, 0.3 + step * 0.23)
        line = _waves(chance, sea + 30 + step * 78, 12 + step * 9, 9 - step * 1.4)
        canvas.layer(
            outline(line),
            mix(tone, palette.low, 0.35),
            tone,
            start=sea - 30 + step * 60,
        )


def _bolt(chance: Random, x: float, top: float, low: float) -> list[Point]:
    points = [(x, top)]
    while points[-1][1] < low:
        points.append(
            (points[-1][0] + chance.randrange(-46, 47), points[-1][1] + chance.randrange(26, 60))
        )
    return points


def _lightning(shapes: Shapes, bolt: list[Point], chance: Random) -> None:
    shapes.line(bolt, 6)
    for start in chance.sample(bolt[1:-3], 3):
        side = chance.choice((-1, 1))
        branch = [start]
        for _ in range(4):
            branch.append(
                (
                    branch[-1][0] + side * chance.randrange(14, 54),
                    branch[-1][1] + chance.randrange(18, 50),
                )
            )
        shapes.line(branch, 2.5)


def _bank(shapes: Shapes, chance: Random, low: float) -> None:
    shapes.box(0, 0, WIDTH, low)
    for x in range(-60, WIDTH + 120, 70):
        size = 60 + chance.randrange(80)
        shapes.ellipse(
            x + chance.randrange(40), low + chance.randrange(-20, 30), size * 1.4, size * 0.8
        )


def _rain(shapes: Shapes, chance: Random) -> None:
    for _ in range(240):
        x, y = chance.randrange(-40, WIDTH + 60), chance.randrange(280, 720)
        long = chance.randrange(30, 80)
        shapes.line([(x, y), (x - long * 0.32, y + long)], 1, fill=110)


def _beam(shapes: Shapes, x: float, left: bool) -> None:
    far = WIDTH + 20 if left else -20
    shapes.polygon([(x, 462), (far, 330), (far, 560), (x, 474)], fill=72)


def _lighthouse(shapes: Shapes, x: float) -> None:
    shapes.polygon([(x - 30, 790), (x - 18, 492), (x + 18, 492), (x + 30, 790)])
    shapes.box(x - 27, 480, x + 27, 494)
    shapes.polygon([(x - 20, 454), (x, 424), (x + 20, 454)])
    shapes.line([(x - 15, 452), (x - 15, 484)], 3)
    shapes.line([(x + 15, 452), (x + 15, 484)], 3)
    shapes.polygon(
        [
            (x - 300, 900),
            (x - 190, 806),
            (x - 96, 778),
            (x + 80, 772),
            (x + 170, 812),
            (x + 300, 900),
        ]
    )


def _waves(chance: Random, base: float, height: float, count: float) -> list[Point]:
    shift = chance.random() * math.tau
    points: list[Point] = []
    for x in range(-8, WIDTH + 9, 6):
        turn = x / WIDTH * math.tau * count + shift
        points.append(
            (x, base - height * (abs(math.sin(turn / 2)) ** 0.7 * 2 - 1) + math.sin(turn * 2.7) * 3)
        )
    return [*points, (WIDTH + 8, HEIGHT + 1), (-8, HEIGHT + 1)]
