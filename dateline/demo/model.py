"""What the demo hands to whoever loads it: stories, their pictures, corrections and kills.

A DemoStory names nothing of the newsroom's database; the loader turns it into stories there or
into items, whichever it makes. They are structs because those go from process to process quickly.
"""

from datetime import datetime

from msgspec import Struct

from dateline.items import Block, Byline


class PictureSpec(Struct, frozen=True):
    """A picture to draw, with its words in the edition's language.

    The drawing depends on `scene` and `seed` alone: specs that share both share one file.
    """

    scene: str
    seed: int
    alt: str
    caption: str
    credit: str

    @property
    def name(self) -> str:
        return f"{self.scene}-{self.seed}"


class DemoCorrection(Struct, frozen=True):
    """A correction to release some minutes after the story: what to tell, and the mended body."""

    minutes_after: int
    note: str
    body: tuple[Block, ...]


class DemoKill(Struct, frozen=True):
    """A story to be withdrawn some minutes after its release, and why."""

    minutes_after: int
    reason: str


class DemoStory(Struct, frozen=True):
    """A story of the demo agency at its first release. `key` counts from 1 in release order."""

    key: int
    edition: str
    translation_of: int | None
    section: str
    topics: tuple[str, ...]
    slugline: str
    headline: str
    summary: str
    place: str
    released_at: datetime
    bylines: tuple[Byline, ...]
    body: tuple[Block, ...]
    urgency: int
    genre: str
    ednote: str
    picture: PictureSpec | None
    correction: DemoCorrection | None
    kill: DemoKill | None
