"""What several scenes share: clouds, stars, and light broken on water."""

from random import Random

from dateline.demo.canvas import HEIGHT, WIDTH, Canvas, Colour, Shapes, mix
from dateline.demo.palette import Palette


def clouds(canvas: Canvas, palette: Palette, chance: Random, *, top: int, low: int) -> None:
    """A few flat-bottomed clouds, lighter below where the sun reaches them."""
    heights = [(chance.randrange(WIDTH), chance.randrange(top, low)) for _ in range(5)]

    def paint(shapes: Shapes) -> None:
        for x, y in heights:
            wide = chance.randrange(120, 260)
            for _ in range(5):
                puff = x + chance.randrange(-wide // 2, wide // 2)
                shapes.ellipse(puff, y, wide * 0.34, 15 + chance.randrange(14), fill=120)
            shapes.box(0, y + 14, WIDTH, y + 50, fill=0)

    tone: Colour = mix(palette.low, palette.light, 0.5)
    canvas.layer(paint, mix(tone, palette.top, 0.35), tone, start=top - 50, end=low + 70)


def stars(canvas: Canvas, palette: Palette, chance: Random) -> None:
    def paint(shapes: Shapes) -> None:
        for _ in range(110):
            size = 0.7 + chance.random() * 1.1
            shapes.ellipse(chance.randrange(WIDTH), chance.randrange(420), size, size, fill=150)

    canvas.layer(paint, palette.light, palette.light, end=430)


def glitter(canvas: Canvas, light: Colour, chance: Random, *, x: float, top: int) -> None:
    """The broken reflection of a light on water: short strokes that widen towards the viewer."""

    def paint(shapes: Shapes) -> None:
        for _ in range(150):
            depth = chance.random() ** 1.4
            y = top + 6 + depth * (HEIGHT - top - 20)
            centre = x + chance.gauss(0, 26 + depth * 120)
            long = 10 + depth * 56 * chance.random() + 8
            shapes.ellipse(centre, y, long, 1.6 + depth * 2.2, fill=round(210 - depth * 120))

    canvas.layer(paint, light, light, start=top)


def ripples(shapes: Shapes, chance: Random, top: float) -> None:
    for _ in range(46):
        y = top + chance.random() * (HEIGHT - top)
        long = 60 + chance.random() * 240
        shapes.ellipse(chance.randrange(WIDTH), y, long, 2 + (y - top) / 60, fill=90)
