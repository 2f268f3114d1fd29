"""Scenes of the country: mountains, fields, railway. The farthest layer comes first."""

from random import Random

from dateline.demo.canvas import HEIGHT, WIDTH, Canvas, Point, Shapes, mix, outline, ridge
from dateline.demo.palette import Palette
from dateline.demo.sky import clouds


def mountains(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Ridge behind ridge in haze, snow on the highest, firs in front."""
    canvas.sky(palette.top, palette.low, down_to=800)
    sun = chance.randrange(300, 1300)
    canvas.glow(sun, 330, 560, palette.light, 0.9)
    canvas.layer(lambda s: s.ellipse(sun, 300, 58, 58), palette.light, palette.light, end=400)
    clouds(canvas, palette, chance, top=120, low=340)
    peaks = _peaks(chance)
    canvas.layer(
        outline(peaks),
        mix(palette.far, palette.near, 0.3),
        mix(palette.far, palette.low, 0.6),
        start=240,
        end=860,
    )
    canvas.layer(
        lambda s: _snow(s, peaks, chance),
        palette.light,
        mix(palette.light, palette.low, 0.5),
        start=240,
        end=620,
    )
    for step in range(4):
        share = 0.28 + step * 0.2
        tone = mix(palette.far, palette.near, share)
        line = ridge(chance, 640 + step * 92, 70 - step * 7, rough=0.46, waves=1.6 + step * 0.5)
        canvas.layer(
            outline(line),
            tone,
            mix(tone, palette.low, 0.5 - step * 0.1),
            start=480 + step * 70,
        )
    dark = mix(palette.near, (0, 0, 0), 0.35)
    canvas.layer(lambda s: _firs(s, chance), palette.near, dark, start=760)


def _peaks(chance: Random) -> list[Point]:
    points: list[Point] = [(-10, HEIGHT), (-10, 600)]
    x, high = -10.0, False
    while x < WIDTH:
        x += chance.randrange(70, 170)
        high = not high
        points.append((x, chance.randrange(300, 450) if high else chance.randrange(500, 600)))
    return [*points, (WIDTH + 10, 600), (WIDTH + 10, HEIGHT)]


def _snow(shapes: Shapes, peaks: list[Point], chance: Random) -> None:
    for before, peak, after in zip(peaks, peaks[1:], peaks[2:], strict=False):
        if not (peak[1] < before[1] and peak[1] < after[1]):
            continue
        left, right = _between(peak, before, 0.42), _between(peak, after, 0.5)
        steps = 6
        edge = [_between(left, right, part / steps) for part in range(1, steps)]
        jagged = [
            (x, y + (26 if at % 2 else -22) + chance.randrange(10))
            for at, (x, y) in enumerate(edge)
        ]
        shapes.polygon([peak, left, *jagged, right])


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _firs(shapes: Shapes, chance: Random) -> None:
    x = -20.0
    while x < WIDTH + 20:
        edge = abs(x - WIDTH / 2) / (WIDTH / 2)
        tall = 60 + edge * 130 + chance.randrange(70)
        foot = 1010 - edge * 20 + chance.randrange(30)
        for part in range(4):
            wide, top = tall * (0.13 + part * 0.055), foot - tall + part * tall * 0.2
            shapes.polygon([(x, top), (x - wide, top + tall * 0.36), (x + wide, top + tall * 0.36)])
        shapes.box(x - 4, foot - 20, x + 4, HEIGHT)
        x += chance.randrange(22, 58)
    shapes.box(0, 978, WIDTH, HEIGHT)


def fields(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """Rows of stubble running to the horizon, a silo and a low sun."""
    far = 560
    sun = chance.randrange(260, 1340)
    canvas.sky(palette.top, palette.low, down_to=far + 40)
    canvas.glow(sun, far - 90, 620, palette.light, 0.9)
    canvas.layer(lambda s: s.ellipse(sun, far - 120, 64, 64), palette.light, palette.light, end=far)
    clouds(canvas, palette, chance, top=80, low=330)
    hills = ridge(chance, far - 10, 34, waves=2.2)
    canvas.layer(
        outline(hills),
        palette.far,
        mix(palette.far, palette.low, 0.4),
        start=440,
        end=700,
    )
    silo = 1080 if sun < 800 else 260
    tone = mix(palette.far, palette.near, 0.6)
    canvas.layer(
        lambda s: _silos(s, silo, far + 26),
        mix(palette.light, palette.far, 0.55),
        tone,
        start=300,
        end=700,
    )
    gold = palette.accent
    canvas.sky(mix(gold, palette.light, 0.45), mix(gold, palette.near, 0.55), start=far + 20)
    point = (chance.randrange(560, 1040), far - 60)
    furrow = mix(gold, palette.near, 0.42)
    canvas.layer(
        lambda s: _rows(s, point, far + 20), mix(gold, palette.light, 0.2), furrow, start=far + 20
    )
    canvas.layer(
        lambda s: _bales(s, chance, far),
        mix(gold, palette.light, 0.2),
        mix(palette.near, gold, 0.25),
        start=far,
    )
    canvas.layer(
        lambda s: _ears(s, chance),
        mix(palette.near, gold, 0.35),
        mix(palette.near, (0, 0, 0), 0.3),
        start=800,
    )


def _silos(shapes: Shapes, x: float, foot: float) -> None:
    for number in range(4):
        left = x + number * 62
        shapes.box(left, foot - 150, left + 54, foot)
        shapes.polygon([(left - 3, foot - 150), (left + 27, foot - 182), (left + 57, foot - 150)])
    shapes.box(x + 256, foot - 225, x + 296, foot)
    shapes.line([(x + 20, foot - 196), (x + 276, foot - 214)], 6)
    shapes.box(x - 120, foot - 46, x - 10, foot)
    shapes.polygon([(x - 128, foot - 46), (x - 65, foot - 84), (x - 2, foot - 46)])


def _rows(shapes: Shapes, point: Point, top: float) -> None:
    for number in range(-26, 27):
        foot = WIDTH / 2 + number * 150
        share = (top - point[1]) / (HEIGHT - point[1])
        head = point[0] + (foot - point[0]) * share
        shapes.polygon([(head - 3, top), (head + 3, top), (foot + 44, HEIGHT), (foot - 22, HEIGHT)])


def _bales(shapes: Shapes, chance: Random, far: float) -> None:
    for _ in range(7):
        depth = chance.random()
        size = 16 + depth * 44
        x, y = chance.randrange(60, WIDTH - 60), far + 60 + depth * 230
        shapes.ellipse(x + size * 0.3, y + size * 0.8, size * 1.5, size * 0.22, fill=130)
        shapes.ellipse(x, y, size * 0.92, size * 0.88)
        shapes.ellipse(x - size * 0.1, y - size * 0.04, size * 0.7, size * 0.66, fill=170)
        shapes.ellipse(x - size * 0.1, y - size * 0.04, size * 0.42, size * 0.4, fill=230)


def _ears(shapes: Shapes, chance: Random) -> None:
    for _ in range(120):
        x = chance.randrange(-10, WIDTH + 10)
        edge = abs(x - WIDTH / 2) / (WIDTH / 2)
        tall = 60 + edge * 110 + chance.randrange(50)
        tip = x + chance.randrange(-26, 40)
        shapes.line(
            [(x, HEIGHT + 4), ((x + tip) / 2, HEIGHT - tall * 0.6), (tip, HEIGHT - tall)], 3
        )
        for grain in range(6):
            y = HEIGHT - tall + grain * 8
            shapes.ellipse(tip - 4 + grain * (x - tip) * 0.03, y, 4, 6)
            shapes.ellipse(tip + 5 + grain * (x - tip) * 0.03, y + 4, 4, 6)


def railway(canvas: Canvas, palette: Palette, chance: Random) -> None:
    """A train crossing a stone viaduct over a green valley."""
    canvas.sky(palette.top, palette.low, down_to=760)
    sun = chance.randrange(250, 1350)
    canvas.glow(sun, 260, 480, palette.light, 0.9)
    clouds(canvas, palette, chance, top=90, low=330)
    for step in range(3):
        tone = mix(palette.far, palette.near, step * 0.22)
        line = ridge(chance, 540 + step * 84, 82 - step * 16, rough=0.42, waves=1.4 + step)
        canvas.layer(
            outline(line),
            tone,
            mix(tone, palette.low, 0.5 - step * 0.12),
            start=380 + step * 80,
        )
    stone = mix(palette.accent, palette.light, 0.5)
    canvas.layer(
        _viaduct, mix(stone, palette.light, 0.25), mix(stone, palette.near, 0.5), start=590
    )
    start = chance.randrange(120, 420)
    canvas.layer(
        lambda s: _train(s, start),
        palette.accent,
        mix(palette.accent, palette.near, 0.45),
        start=500,
        end=610,
    )
    canvas.layer(
        lambda s: _train_windows(s, start),
        palette.light,
        mix(palette.light, palette.top, 0.3),
        start=500,
        end=610,
    )
    canvas.layer(_masts, mix(palette.near, palette.far, 0.3), palette.near, start=430, end=610)
    valley = ridge(chance, 950, 38, waves=2)
    canvas.layer(outline(valley), palette.near, mix(palette.near, (0, 0, 0), 0.35), start=830)


def _viaduct(shapes: Shapes) -> None:
    shapes.box(0, 600, WIDTH, 650)
    shapes.box(0, 650, WIDTH, HEIGHT)
    for x in range(-40, WIDTH, 200):
        shapes.ellipse(x + 100, 770, 82, 100, fill=0)
        shapes.box(x + 18, 770, x + 182, HEIGHT, fill=0)
    shapes.box(0, 592, WIDTH, 603)


def _train(shapes: Shapes, start: float) -> None:
    for number in range(5):
        left = start + number * 196
        shapes.box(left, 520, left + 188, 584)
    shapes.polygon(
        [
            (start + 4 * 196 + 180, 520),
            (start + 4 * 196 + 236, 556),
            (start + 4 * 196 + 244, 584),
            (start + 4 * 196 + 180, 584),
        ]
    )
    for x in range(int(start) + 26, int(start) + 980, 49):
        shapes.ellipse(x, 585, 8, 8)


def _train_windows(shapes: Shapes, start: float) -> None:
    for number in range(5):
        for pane in range(6):
            left = start + number * 196 + 14 + pane * 28
            shapes.box(left, 532, left + 20, 554)


def _masts(shapes: Shapes) -> None:
    for x in range(70, WIDTH, 260):
        shapes.box(x - 3, 450, x + 3, 600)
        shapes.box(x - 3, 462, x + 50, 467)
    shapes.line([(0, 474), (WIDTH, 474)], 1.5)
