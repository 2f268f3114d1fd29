"""`dateline demo`: the demo agency, loaded once and kept from then on."""

import gc
import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils import timezone

from dateline.archive.follower import PublicArchive
from dateline.demo import clients, loading, stories
from dateline.demo.beside import beside
from dateline.demo.captions import SCENES, VARIANTS
from dateline.demo.desks import open_desks
from dateline.demo.model import DemoStory
from dateline.demo.opening import open_agency, sign_ins
from dateline.demo.progress import Progress
from dateline.releases import log
from dateline.releases.following import catch_up, position
from dateline.wire.feed import WireFeed

STORIES = 480
DAYS = 60
FOLLOWED = ("public", "wire")
LIVE_EVERY_S = 4.0
MANY = 5_000
"""From this many stories on, they are made and the archive is filled in processes of their own, on
other cores."""


class Command(BaseCommand):
    help = "Fill the newsroom with the demo agency: fictional, seeded, the same each time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stories", type=int, default=STORIES, help=f"how many ({STORIES})")
        parser.add_argument("--seed", type=int, default=42, help="another seed, other news")
        parser.add_argument("--live", action="store_true", help="release a story every few seconds")

    def handle(self, *args: Any, stories: int, seed: int, live: bool, **options: Any) -> None:
        if live:
            return self._live(seed)
        plan = Plan.kept(seed=seed, count=stories)
        if plan.done and stories not in (plan.count, STORIES):
            self.stderr.write(
                f"This folder holds the demo with {plan.count:,} stories; choose another VAR "
                f"for {stories:,}."
            )
        if not plan.done:
            self._load(plan)
        clients.open_wire(plan.until.date())
        self._welcome()
        return None

    def _load(self, plan: "Plan") -> None:
        open_agency()
        sign_ins()
        loader = loading.Loader(plan.seed)
        drawn = Progress(len(SCENES) * VARIANTS, noun="pictures")
        loader.draw(drawn)
        drawn.finish()
        loaded = loader.loaded(plan.count)
        many = plan.count - loaded >= MANY
        _make_room()
        progress = Progress(plan.count, noun="stories", begun=loaded)
        with Following(apart=many):
            try:
                loader.load(plan.told(after=loaded, apart=many), progress)
            except KeyboardInterrupt:
                self.stderr.write("\nStopped. The same command goes on from here.")
                raise
            loading.pick()
            open_desks()
        progress.finish()
        plan.finish()

    def _live(self, seed: int) -> None:
        """Release one story after the other until stopped."""
        loader = loading.Loader(seed)
        for story in stories.live(seed=seed, start_key=int(time.time())):
            released = loader.release(story)
            self.stderr.write(f"Released: {released.headline}")
            time.sleep(LIVE_EVERY_S)

    def _welcome(self) -> None:
        out = self.stdout.write
        out(f"\nSite      {settings.BASE_URL}/")
        out(f"Newsroom  {settings.BASE_URL}/desk/")
        out("\nSign in to the newsroom as")
        for username, role, password in sign_ins():
            out(f"  {username:<8} {password:<14} {role}")
        out("\nThe wire, as a client's machine receives it")
        out(f"  {clients.CURL.format(token=clients.first_token(), base=settings.BASE_URL)}")
        out("")


class Plan:
    """What was asked for at the first start, kept so that the next one goes on or leaves it."""

    def __init__(self, path: Path, *, seed: int, count: int, until: datetime, done: bool) -> None:
        self._path = path
        self.seed, self.count, self.until, self.done = seed, count, until, done

    @classmethod
    def kept(cls, *, seed: int, count: int) -> "Plan":
        """The plan of this data folder; a new one if it is empty."""
        path = Path(settings.VAR) / "demo.json"
        if path.exists():
            said = json.loads(path.read_text())
            until = datetime.fromisoformat(said["until"])
            return cls(path, seed=said["seed"], count=said["count"], until=until, done=said["done"])
        plan = cls(path, seed=seed, count=count, until=_this_minute(), done=False)
        plan._write()
        return plan

    def told(self, *, after: int, apart: bool) -> Iterator[DemoStory]:
        """Its stories after a key; with `apart`, made in a process of their own."""
        make = partial(beside, stories.stories) if apart else stories.stories
        return make(seed=self.seed, count=self.count, until=self.until, days=DAYS, after=after)

    def finish(self) -> None:
        self.done = True
        self._write()

    def _write(self) -> None:
        said = {
            "seed": self.seed,
            "count": self.count,
            "until": self.until.isoformat(),
            "done": self.done,
        }
        whole = self._path.with_suffix(".new")
        whole.write_text(json.dumps(said))
        whole.replace(self._path)


class Following:
    """While stories are loaded the archive and the wire follow: in processes of their own, or at
    the end."""

    def __init__(self, *, apart: bool) -> None:
        self._apart = apart
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> None:
        if not self._apart:
            return
        # It ends with us, however we end: the pipe's other end is in this process alone.
        reading, self._lifeline = os.pipe()
        lifeline = f"--lifeline={reading}:{os.getpid()}"
        self._processes = [
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "dateline.cli", "follow", name, lifeline],
                pass_fds=[reading],
            )
            for name in FOLLOWED
        ]
        os.close(reading)

    def __exit__(self, *exception: object) -> None:
        finished = exception == (None, None, None)
        if self._processes:
            while finished and all(p.poll() is None for p in self._processes) and not _is_even():
                time.sleep(0.1)
            for process in self._processes:
                process.terminate()
                process.wait()
            os.close(self._lifeline)
        if finished:
            catch_up(PublicArchive())
            catch_up(WireFeed())


def _is_even() -> bool:
    return min(position(PublicArchive()), position(WireFeed())) >= log.head()


def _make_room() -> None:
    """Let this process do nothing but load. Each of the two is a tenth of a load of a million."""
    # What stands in memory now stays: Python need not look through all of it again and again.
    gc.freeze()
    connection = connections[log.LOG]
    if connection.vendor == "sqlite":
        # A batch and the pages of indexes that it touches, so that none is written and read twice.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -32000")


def _this_minute() -> datetime:
    return timezone.now().astimezone(UTC).replace(second=0, microsecond=0)
