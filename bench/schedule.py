"""How late the clock's releases are: a busy minute, one second for all, and after a pause.

Starts `dateline demo --serve` in an empty folder and schedules stories in this process, as a desk
does: their text is saved as a revision that is approved for a time. Then the server's scheduler is
left alone with them, and what it wrote down of each (`punctuality.Departure`) is read. Half of the
busy minute's stories are held for clients and shown to readers at their time, half leave then.
Beside it, in the same run: how long one release takes in a process that does nothing else.
Run: `python -m bench.schedule`.
"""

import os
import signal
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.record import percentile, record
from bench.visible import served_demo

STORIES = 1_000
ALONE = 50
PORT = 8879
GIVE_UP_S = 180.0


def main() -> None:
    with served_demo(PORT):
        import django

        django.setup()
        alone_ms = [_release_alone(number) for number in range(ALONE)]
        rows = [
            _row("1,000 due in a minute", _in_a_minute(), alone_ms),
            _row("1,000 due in one second", _in_a_second(), alone_ms),
            _row("1,000 due while it was stopped for a minute", _after_a_pause(), alone_ms),
        ]
    facts = {"stories": STORIES, "median ms of one release alone": statistics.median(alone_ms)}
    record("schedule", rows=rows, facts={k: round(v, 1) for k, v in facts.items()})


def _in_a_minute() -> list[Any]:
    start = _soon()
    step = timedelta(seconds=60 / STORIES)

    def plan(number: int) -> None:
        story = _draft(f"Busy minute {number}")
        if number % 2:
            _held(story, until=start + number * step)
        else:
            _scheduled(story, at=start + number * step)

    return _left(plan, until=start + timedelta(minutes=1))


def _in_a_second() -> list[Any]:
    at = _soon()
    return _left(lambda n: _scheduled(_draft(f"One second {n}"), at=at), until=at)


def _after_a_pause() -> list[Any]:
    """The scheduler is stopped while its times pass, as when the machine was off."""
    start = _soon()
    step = timedelta(seconds=60 / STORIES)
    scheduler = _scheduler()
    os.kill(scheduler, signal.SIGSTOP)
    try:
        for number in range(STORIES):
            _scheduled(_draft(f"After a pause {number}"), at=start + number * step)
        _sleep_until(start + timedelta(minutes=1))
        woken = _now()
    finally:
        os.kill(scheduler, signal.SIGCONT)
    found = _left(lambda n: None, until=woken)
    order = [each.due_at for each in found]
    assert order == sorted(order), "It did not catch up in the order of the times."
    # Late is what they are since the scheduler could do anything.
    for each in found:
        each.due_at = max(each.due_at, woken)
    return found


def _left(plan: Callable[[int], None], *, until: datetime) -> list[Any]:
    """Plan all of them, wait until they have left; return what was written down of them."""
    from dateline.newsroom.punctuality import Departure

    newest = Departure.objects.values_list("pk", flat=True).first() or 0
    for number in range(STORIES):
        plan(number)
    if _now() > until and until > _now() - timedelta(seconds=1):
        raise SystemExit("Planning took longer than the time left: give it more in _soon().")
    _sleep_until(until)
    since = Departure.objects.filter(pk__gt=newest).order_by("pk")
    end = time.monotonic() + GIVE_UP_S
    while since.count() < STORIES:
        if time.monotonic() > end:
            raise SystemExit(f"Only {since.count()} of {STORIES} left.")
        time.sleep(0.5)
    return list(since)


def _row(name: str, left: list[Any], alone_ms: list[float]) -> dict[str, Any]:
    late = [(each.done_at - each.due_at).total_seconds() * 1000 for each in left]
    spent_s = (left[-1].done_at - min(each.due_at for each in left)).total_seconds()
    return {
        "": name,
        "median ms late": statistics.median(late),
        "99 of 100 within ms": percentile(late, 0.99),
        "latest ms": max(late),
        "a second": len(left) / spent_s,
        "median ÷ one release alone": statistics.median(late) / statistics.median(alone_ms),
    }


def _release_alone(number: int) -> float:
    from dateline.newsroom.release import release

    story = _draft(f"Alone {number}")
    start = time.perf_counter()
    release(story)
    return (time.perf_counter() - start) * 1000


def _draft(headline: str) -> Any:
    from dateline.newsroom.models import Section
    from dateline.newsroom.story import Story

    section = Section.objects.select_related("edition__locale").get(
        edition__locale__language_code="en", slug="economy"
    )
    story = Story(locale=section.edition.locale, section=section, headline=headline)
    story.body = [("paragraph", "<p>A text of some length. " * 8 + "</p>")]
    story.save()
    return story


def _scheduled(story: Any, *, at: datetime) -> None:
    story.go_live_at = at
    story.save_revision().publish()


def _held(story: Any, *, until: datetime) -> None:
    from dateline.newsroom.release import release

    story.embargo_until = until
    release(story)


def _scheduler() -> int:
    """The scheduler's process, of the server that this one started."""
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            env = (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"schedule" in words and os.environ["DATELINE_VAR"].encode() in env:
            return int(folder.name)
    raise SystemExit("The server's scheduler was not found.")


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _soon() -> datetime:
    """Far enough away to plan all of them before."""
    return _now() + timedelta(seconds=90)


def _sleep_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - _now()).total_seconds()))


if __name__ == "__main__":
    sys.exit(main())
