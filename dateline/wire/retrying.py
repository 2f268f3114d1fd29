"""When a destination that failed is tried again. Pure: no clock, no chance, no network of its own.

The pause begins with seconds and doubles up to an hour, each a little longer or shorter, so that
destinations which failed together do not come back together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 3600.0

MOST_ASKED_S = 24 * 3600.0
"""What a client may ask us to wait with Retry-After; more is taken for this."""

GIVEN_UP_AFTER = timedelta(days=5)
"""How long a destination may fail before the sender stops it and tells people. A long weekend with
the client's one engineer on leave is less."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a failure."""

    next_try_at: datetime
    stopped_why: str = ""


def pause_s(tries: int, *, chance: float) -> float:
    """Seconds to wait after the failure number `tries` in a row; `chance` is from 0 to 1."""
    pause = min(FIRST_PAUSE_S * 2.0 ** min(tries - 1, 20), LONGEST_PAUSE_S)
    return float(pause * (0.75 + chance / 2))


def after_failure(
    *,
    tries: int,
    failing_since: datetime,
    now: datetime,
    chance: float,
    retry_after_s: float | None = None,
    over: bool = False,
) -> Verdict:
    """When to try again, or that it is over. `tries` counts this failure."""
    seconds = pause_s(tries, chance=chance)
    if retry_after_s is not None:
        seconds = max(seconds, min(retry_after_s, MOST_ASKED_S))
    next_try_at = now + timedelta(seconds=seconds)
    if over:
        return Verdict(next_try_at, "The client's server wants no more of it (410).")
    if now - failing_since > GIVEN_UP_AFTER:
        return Verdict(next_try_at, f"It has failed for {GIVEN_UP_AFTER.days} days.")
    return Verdict(next_try_at)
