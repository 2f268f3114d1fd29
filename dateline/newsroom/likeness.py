"""Pictures that are the same, or look the same: found before one is used twice, or bought twice.

The same file has the same SHA-256. The same picture in another size, format or quality has nearly
the same difference hash: 64 bits, each saying whether a picture that is made 9 by 8 grows lighter
from one place to the next. A copy made smaller and saved again differs in none to three bits, as
four quarters of 16 bits cannot all differ in so few, one quarter is equal: that is how likely ones
are found by an index among a million.
"""

import hashlib
from itertools import pairwise
from typing import IO

from PIL import Image as Pillow
from PIL import ImageOps

MOST_BITS = 6
"""Hashes that differ in more bits are of different pictures. Two of the demo's scenes differ in at
least fifteen; crops and pictures that were turned are not found."""

_WIDTH, _HEIGHT = 9, 8
_SMALL = 512
_READ_BYTES = 1024 * 1024


def sha256_of(file: IO[bytes]) -> str:
    """The hash of a file from where it stands, in hex; it is then put back to its start."""
    found = hashlib.sha256()
    while data := file.read(_READ_BYTES):
        found.update(data)
    file.seek(0)
    return found.hexdigest()


def likeness(opened: Pillow.Image) -> str:
    """The difference hash of a picture as it is to be looked at, as 16 hex digits.

    Reads the picture to its end, so it raises as Pillow does if that is cut short. A JPEG is read
    at an eighth of its size, which takes a fraction of the time and memory.
    """
    opened.draft("L", (_WIDTH * 16, _HEIGHT * 16))
    opened.load()
    upright = ImageOps.exif_transpose(_grey(_smaller(opened)))
    small = upright.resize((_WIDTH, _HEIGHT), Pillow.Resampling.BOX)
    lights = small.tobytes()
    rows = [lights[start : start + _WIDTH] for start in range(0, len(lights), _WIDTH)]
    bits = [right > left for row in rows for left, right in pairwise(row)]
    return f"{sum(bit << place for place, bit in enumerate(reversed(bits))):016x}"


def quarters(likeness: str) -> tuple[int, int, int, int]:
    """A hash as four numbers of 16 bits, for an index each."""
    first, second, third, fourth = (int(likeness[at : at + 4] or "0", 16) for at in (0, 4, 8, 12))
    return first, second, third, fourth


def differing_bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _grey(opened: Pillow.Image) -> Pillow.Image:
    if opened.mode in ("P", "LA", "PA", "RGBA"):
        # What can be seen through stands on white, as on a page.
        whole = opened.convert("RGBA")
        page = Pillow.new("RGBA", whole.size, "white")
        page.alpha_composite(whole)
        opened = page
    return opened.convert("L")


def _smaller(opened: Pillow.Image) -> Pillow.Image:
    # First of all: mixing and turning a picture of 80 million pixels takes seconds.
    if max(opened.size) <= _SMALL:
        return opened
    share = _SMALL / max(opened.size)
    size = (max(1, round(opened.width * share)), max(1, round(opened.height * share)))
    # Of a palette's numbers Pillow takes the nearest one, whatever is asked.
    return opened.resize(size, Pillow.Resampling.BOX, reducing_gap=2.0)
