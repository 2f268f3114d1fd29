"""What each format costs: documents a second written, read back and checked by its schema.

One story of ordinary length (about 400 words, a lead picture, a correction), in one process, by the
processor's time: others at work on the machine change little. The ratio says how much longer a
document takes to write than ninjs 3.1. Run: `python -m bench.formats`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bench.record import record
from dateline.formats import FORMATS
from dateline.formats.dispatch import Dispatch
from dateline.formats.publication import Publication
from dateline.formats.reading import word_count
from dateline.items import (
    Byline,
    Correction,
    Item,
    Kind,
    Paragraph,
    Picture,
    Place,
    Quotation,
    Ref,
    Rendition,
    Subhead,
    Subject,
)

SECONDS = 1.5
"""How long each is measured, after as many documents as warm it up."""

PUBLICATION = Publication(base_url="https://news.example", name="Meridian")
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def main() -> None:
    dispatch = Dispatch(story(), Kind.CORRECTION, serial=41)
    base = rate(lambda: FORMATS["ninjs"].encode(dispatch, PUBLICATION))
    rows = [_row(name, dispatch, base) for name in FORMATS]
    facts = {"words of the story": word_count(story()), "seconds each": SECONDS}
    record("formats", rows=rows, facts=facts)


def _row(name: str, dispatch: Dispatch, base: float) -> dict[str, Any]:
    each = FORMATS[name]
    data = each.encode(dispatch, PUBLICATION)
    if found := each.faults(data):
        raise SystemExit(f"{name} has faults: {found}")
    written = rate(lambda: each.encode(dispatch, PUBLICATION))
    checked = rate(lambda: each.faults(data))
    decode = each.decode
    read = rate(lambda: decode(data, PUBLICATION)) if decode else None
    return {
        "format": each.title,
        "bytes": len(data),
        "written a second": round(written),
        "times ninjs 3.1": round(base / written, 2),
        "read a second": "" if read is None else round(read),
        "checked a second": round(checked),
        "check, ms": round(1000 / checked, 3),
    }


def rate(work: Callable[[], object]) -> float:
    """How often a second it can be done."""
    for _ in range(20):
        work()
    done, started = 0, time.process_time()
    while (took := time.process_time() - started) < SECONDS:
        for _ in range(10):
            work()
        done += 10
    return done / took


def story() -> Item:
    sentence = (
        "The harbour opened <b>on Sunday</b>, as <a href=\"/en/economy/3-pier/\">planned</a>, "
        "and the first of the ferries &amp; freighters left before noon. "
    )
    body = [Paragraph(html=sentence * 2) for _ in range(9)]
    picture = Picture(
        alt="A pier at dawn",
        caption="The new pier",
        credit="Ben Ash / Meridian",
        renditions=tuple(
            Rendition(
                name=f"{width}",
                href=f"/media/pier-{width}.jpg",
                content_type="image/jpeg",
                width=width,
                height=width * 2 // 3,
                size_bytes=width * 90,
                sha256="9" * 64,
            )
            for width in (480, 960, 1600)
        ),
    )
    return Item(
        guid="urn:uuid:0f0e0d0c-0000-4000-8000-000000000007",
        number=7,
        version=3,
        edition="en",
        section=Ref(slug="economy", name="Economy"),
        headline="Harbour opens after storm & flood",
        first_released_at=NOON,
        released_at=NOON + timedelta(minutes=90),
        slugline="HARBOUR-OPEN",
        summary="Ships of less than 90 metres may enter again.",
        dateline=Place(place="Port Alder", date=NOON.date()),
        bylines=(Byline(name="Ada Brook"), Byline(name="Ben Ash", role="photo")),
        body=(
            *body,
            Subhead(text="What comes next"),
            Quotation(text="We are open & glad", speaker="Cora Finch", office="harbour master"),
            Paragraph(html="Гавань відкрито після бурі та повені. " * 12),
        ),
        topics=(Ref(slug="ports", name="Ports"),),
        subjects=(Subject(code="medtop:20000337", name="transport"),),
        picture=picture,
        corrections=(
            Correction(
                at=NOON + timedelta(minutes=90), note="The pier is 90 metres long, not 900."
            ),
        ),
        translation_key=msgspec.json.encode(7).decode(),
    )


if __name__ == "__main__":
    main()
