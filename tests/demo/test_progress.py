"""The line that says how far a long job has come."""

import io
from types import SimpleNamespace

from dateline.demo import progress
from dateline.demo.progress import Progress


def test_what_was_done_before_counts_as_done_but_not_for_the_rate(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: clock.now))
    out = io.StringIO()
    going_on = Progress(1_000, noun="stories", begun=600, out=out)
    clock.now += 4
    going_on.add(400)

    assert going_on.finish() == 100
    assert out.getvalue() == "1,000 stories, 100 a second\n"
