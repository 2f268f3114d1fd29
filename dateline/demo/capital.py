"""Scenes of the capital: skyline, parliament, court. The farthest layer comes first."""

from functools import partial
from random import Random

from dateline.demo.canvas import HEIGHT, WIDTH, Canvas, Point, Shapes, mix, outline, ridge
from dateline.demo.palette import Palette
from dateline.demo.sky import clouds, stars

House = tuple[float, float, float, int]


def city(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A skyline at night over a river, in three depths, with lit windows."""
    water = 860
    canvas.sky(palette.top, palette.low, down_to=water)
    stars(canvas, palette, chance)
    moon = chance.randrange(250, 1350)
    canvas.glow(moon, 210, 300, palette.light, 0.5)
    canvas.layer(lambda s: s.ellipse(moon, 210, 46, 46), palette.light, palette.light, end=300)
    canvas.glow(WIDTH / 2, water, 900, mix(palette.low, palette.light, 0.4), 0.5)
    for step in range(3):
        houses = _houses(chance, step)
        tone = mix(palette.far, palette.near, step * 0.42)
        canvas.layer(
            partial(_blocks, houses=houses, foot=water),
            mix(tone, palette.top, 0.25),
            mix(tone, palette.low, 0.35 - step * 0.15),
            start=220,
            end=water,
        )
        if step:
            canvas.layer(
                partial(_windows, houses=houses, chance=chance, foot=water),
                palette.light,
                mix(palette.light, palette.accent, 0.45),
                start=220,
                end=water,
            )
    canvas.sky(mix(palette.low, palette.near, 0.45), palette.near, start=water)
    for _ in range(16):
        glitter_column(canvas, palette, chance, top=water)
    canvas.layer(
        lambda s: s.box(0, water - 6, WIDTH, water + 8),
        palette.near,
        palette.near,
        start=water - 10,
        end=water + 12,
    )


def _houses(chance: Random, step: int) -> list[House]:
    """Left, width, height and kind of roof of each house of a row."""
    houses: list[House] = []
    x = -20.0
    while x < WIDTH:
        wide = chance.randrange(52, 120)
        middle = 1 - abs(x - WIDTH / 2) / WIDTH
        tall = (430 - step * 110) * middle * (0.55 + chance.random() * 0.75)
        houses.append((x, wide, tall, chance.randrange(5)))
        x += wide + (chance.randrange(4, 26) if step else -4)
    return houses


def _blocks(shapes: Shapes, houses: list[House], foot: float) -> None:
    for left, wide, tall, roof in houses:
        top = foot - tall
        shapes.box(left, top, left + wide, foot)
        if roof == 0:
            shapes.polygon([(left, top), (left + wide / 2, top - wide * 0.55), (left + wide, top)])
        elif roof == 1:
            shapes.box(left + wide * 0.2, top - 22, left + wide * 0.8, top)
            shapes.line([(left + wide / 2, top - 22), (left + wide / 2, top - 84)], 3)
        elif roof == 2:
            shapes.polygon([(left, top), (left, top - wide * 0.4), (left + wide, top)])


def _windows(shapes: Shapes, houses: list[House], chance: Random, foot: float) -> None:
    for left, wide, tall, _ in houses:
        columns = int((wide - 14) // 16)
        for row in range(int((tall - 24) // 22)):
            for column in range(columns):
                if chance.random() < 0.36:
                    x, y = left + 9 + column * 16, foot - tall + 16 + row * 22
                    shapes.box(x, y, x + 8, y + 11, fill=chance.choice((120, 190, 255)))


def glitter_column(canvas: Canvas, palette: Palette, chance: Random, *, top: int) -> None:
    """The reflection of one lamp in a river."""
    x, tone = (
        chance.randrange(40, WIDTH - 40),
        mix(palette.light, palette.accent, chance.random() * 0.6),
    )
    long = chance.randrange(60, 170)
    area = (round(x - 14), top + 8, round(x + 14), top + 8 + long)

    def paint(shapes: Shapes) -> None:
        for y in range(area[1], area[3], 9):
            fade = 1 - (y - area[1]) / long
            shapes.ellipse(
                x + chance.randrange(-5, 6), y, 5 + chance.random() * 9, 2, fill=round(190 * fade)
            )

    canvas.patch(paint, tone, area=(area[0] - 14, area[1] - 4, area[2] + 14, area[3] + 4))


def parliament(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A domed building behind a square with trees and flags."""
    ground = 860
    canvas.sky(palette.top, palette.low, down_to=ground)
    canvas.glow(chance.choice((300, 1300)), 260, 620, palette.light, 0.8)
    clouds(canvas, palette, chance, top=100, low=400)
    town = ridge(chance, 760, 26, rough=0.7, waves=6)
    canvas.layer(
        outline(town),
        palette.far,
        mix(palette.far, palette.low, 0.5),
        start=660,
        end=ground,
    )
    x = WIDTH / 2 + chance.randrange(-90, 90)
    wall = mix(palette.light, palette.far, 0.2)
    canvas.layer(
        lambda s: _dome(s, x),
        mix(palette.near, palette.far, 0.35),
        mix(palette.far, palette.near, 0.6),
        start=170,
        end=560,
    )
    canvas.layer(
        lambda s: _dome_light(s, x),
        mix(palette.far, palette.light, 0.45),
        mix(palette.far, palette.near, 0.3),
        start=170,
        end=560,
    )
    canvas.layer(lambda s: _drum(s, x), wall, mix(wall, palette.far, 0.4), start=440, end=600)
    canvas.layer(
        lambda s: _wings(s, x, ground), wall, mix(wall, palette.far, 0.55), start=540, end=ground
    )
    shade = mix(palette.far, palette.near, 0.55)
    canvas.layer(
        lambda s: _openings(s, x, ground),
        shade,
        mix(shade, palette.near, 0.5),
        start=440,
        end=ground,
    )
    canvas.layer(
        lambda s: _columns(s, x, ground),
        palette.light,
        mix(palette.light, palette.far, 0.35),
        start=560,
        end=ground,
    )
    canvas.layer(lambda s: _flag(s, x), palette.accent, palette.accent, start=100, end=240)
    canvas.sky(
        mix(palette.far, palette.light, 0.45), mix(palette.far, palette.near, 0.5), start=ground
    )
    canvas.layer(
        lambda s: _steps(s, x, ground),
        mix(palette.light, palette.far, 0.3),
        mix(palette.far, palette.near, 0.3),
        start=ground - 40,
        end=970,
    )
    canvas.layer(
        lambda s: _trees(s, chance, ground),
        palette.near,
        mix(palette.near, (0, 0, 0), 0.35),
        start=600,
    )
    canvas.layer(
        lambda s: _people(s, chance, 960, 14),
        mix(palette.near, (0, 0, 0), 0.4),
        palette.near,
        start=880,
    )


def _dome(shapes: Shapes, x: float) -> None:
    shapes.ellipse(x, 480, 172, 210)
    shapes.box(x - 200, 470, x + 200, 700, fill=0)
    shapes.box(x - 26, 236, x + 26, 290)
    shapes.polygon([(x - 30, 238), (x, 196), (x + 30, 238)])


def _dome_light(shapes: Shapes, x: float) -> None:
    shapes.ellipse(x - 46, 480, 118, 200)
    shapes.ellipse(x - 8, 490, 132, 216, fill=0)
    shapes.box(x - 200, 470, x + 200, 720, fill=0)


def _drum(shapes: Shapes, x: float) -> None:
    shapes.box(x - 196, 468, x + 196, 486)
    shapes.box(x - 178, 486, x + 178, 590)


def _wings(shapes: Shapes, x: float, ground: float) -> None:
    shapes.box(x - 560, 640, x + 560, ground)
    shapes.box(x - 576, 628, x + 576, 644)
    shapes.box(x - 250, 590, x + 250, ground)
    shapes.polygon([(x - 270, 640), (x, 556), (x + 270, 640)])
    for side in (-1, 1):
        shapes.box(x + side * 520 - 60, 606, x + side * 520 + 60, ground)


def _openings(shapes: Shapes, x: float, ground: float) -> None:
    for number in range(-6, 7):
        shapes.box(x + number * 26 - 7, 502, x + number * 26 + 7, 574)
    shapes.box(x - 226, 664, x + 226, ground)
    for side in (-1, 1):
        for column in range(7):
            left = x + side * (286 + column * 42) - 11
            shapes.box(left, 672, left + 22, 728)
            shapes.box(left, 760, left + 22, 824)


def _columns(shapes: Shapes, x: float, ground: float) -> None:
    for number in range(8):
        left = x - 218 + number * 58.5
        shapes.box(left, 668, left + 26, ground)
        shapes.box(left - 5, 660, left + 31, 672)
        shapes.box(left - 5, ground - 12, left + 31, ground)


def _flag(shapes: Shapes, x: float) -> None:
    shapes.line([(x, 206), (x, 118)], 4)
    shapes.polygon(
        [(x + 2, 120), (x + 40, 128), (x + 78, 118), (x + 78, 156), (x + 40, 166), (x + 2, 158)]
    )


def _steps(shapes: Shapes, x: float, ground: float) -> None:
    for number in range(6):
        fill = 255 - (number % 2) * 60
        top = ground - 24 + number * 16
        shapes.box(x - 260 - number * 26, top, x + 260 + number * 26, top + 16, fill)


def _trees(shapes: Shapes, chance: Random, ground: float) -> None:
    for x in (50, 170, 290, WIDTH - 290, WIDTH - 170, WIDTH - 50):
        tall = 150 + chance.randrange(60)
        foot = ground + 76 + chance.randrange(26)
        shapes.box(x - 6, foot - tall, x + 6, foot)
        for _ in range(7):
            shapes.ellipse(
                x + chance.randrange(-42, 43), foot - tall + chance.randrange(-60, 44), 44, 40
            )
    shapes.polygon([(0, 1010), (WIDTH / 3, 1034), (WIDTH, 1004), (WIDTH, HEIGHT), (0, HEIGHT)])


def _people(shapes: Shapes, chance: Random, foot: float, count: int) -> None:
    for _ in range(count):
        x, y = chance.randrange(220, WIDTH - 220), foot + chance.randrange(-24, 40)
        tall = 40 + (y - foot) * 0.4
        shapes.ellipse(x, y - tall, tall * 0.13, tall * 0.14)
        shapes.polygon(
            [
                (x - tall * 0.2, y - tall * 0.8),
                (x + tall * 0.2, y - tall * 0.8),
                (x + tall * 0.14, y - tall * 0.36),
                (x + tall * 0.16, y),
                (x - tall * 0.16, y),
                (x - tall * 0.14, y - tall * 0.36),
            ]
        )


def court(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A colonnade seen from below its steps, light falling between the columns."""
    floor = 830
    canvas.sky(palette.top, palette.low, down_to=floor)
    canvas.glow(800, floor - 40, 720, palette.light, 0.9)
    far = ridge(chance, 760, 30, rough=0.6, waves=4)
    canvas.layer(
        outline(far),
        palette.far,
        mix(palette.far, palette.low, 0.5),
        start=650,
        end=floor,
    )
    stone, dark = mix(palette.far, palette.near, 0.45), palette.near
    canvas.sky(
        mix(palette.low, palette.light, 0.3), mix(palette.far, palette.near, 0.55), start=floor
    )
    count = chance.choice((5, 6, 7))
    gap = (WIDTH + 160) / count
    canvas.layer(lambda s: _shafts(s, count, gap, floor), stone, dark, start=120, end=floor + 30)
    canvas.layer(
        lambda s: _lit_edges(s, count, gap, floor),
        mix(palette.low, palette.light, 0.4),
        palette.accent,
        start=220,
        end=floor,
    )
    canvas.layer(lambda s: _entablature(s), dark, mix(dark, palette.far, 0.35), end=240)
    canvas.layer(
        lambda s: _shadows(s, count, gap, floor),
        mix(palette.far, palette.near, 0.6),
        dark,
        start=floor,
    )
    canvas.layer(lambda s: _treads(s), palette.near, mix(palette.near, (0, 0, 0), 0.4), start=900)
    walker = chance.randrange(500, 1100)
    canvas.layer(
        lambda s: _walker(s, walker, 872), mix(dark, (0, 0, 0), 0.4), dark, start=700, end=900
    )


def _shafts(shapes: Shapes, count: int, gap: float, floor: float) -> None:
    for number in range(count + 1):
        x = -80 + number * gap
        shapes.polygon([(x - 50, floor), (x - 42, 240), (x + 42, 240), (x + 50, floor)])
        shapes.box(x - 66, 214, x + 66, 244)
        shapes.box(x - 68, floor - 6, x + 68, floor + 24)


def _lit_edges(shapes: Shapes, count: int, gap: float, floor: float) -> None:
    for number in range(count + 1):
        x = -80 + number * gap
        side = 1 if x < WIDTH / 2 else -1
        edge: list[Point] = [
            (x + side * 30, 246),
            (x + side * 42, 246),
            (x + side * 50, floor - 8),
            (x + side * 36, floor - 8),
        ]
        shapes.polygon(edge, fill=210)
        for flute in (-14, 8):
            shapes.box(x + flute, 256, x + flute + 5, floor - 14, fill=46)


def _entablature(shapes: Shapes) -> None:
    shapes.box(0, 0, WIDTH, 190)
    shapes.box(0, 196, WIDTH, 220)
    for x in range(-10, WIDTH, 34):
        shapes.box(x, 176, x + 18, 198, fill=0)


def _shadows(shapes: Shapes, count: int, gap: float, floor: float) -> None:
    for number in range(count + 1):
        x = -80 + number * gap
        spread = (x - WIDTH / 2) * 0.55
        shapes.polygon(
            [
                (x - 60, floor),
                (x + 60, floor),
                (x + 110 + spread, HEIGHT),
                (x - 90 + spread, HEIGHT),
            ],
            fill=190,
        )


def _treads(shapes: Shapes) -> None:
    for number in range(4):
        top = 930 + number * 38
        shapes.box(0, top, WIDTH, top + 38, fill=255 - (3 - number) * 60)


def _walker(shapes: Shapes, x: float, foot: float) -> None:
    shapes.ellipse(x, foot - 128, 13, 15)
    shapes.polygon(
        [(x - 22, foot - 108), (x + 20, foot - 108), (x + 26, foot - 44), (x - 28, foot - 44)]
    )
    shapes.polygon([(x - 18, foot - 46), (x + 4, foot - 46), (x - 18, foot), (x - 32, foot)])
    shapes.polygon([(x - 2, foot - 46), (x + 18, foot - 46), (x + 34, foot), (x + 20, foot)])
    shapes.box(x + 24, foot - 64, x + 52, foot - 42)
