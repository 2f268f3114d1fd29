"""From release to what readers see: page, front page, section, topic, Latest and feed.

Starts `dateline demo --serve` in an empty folder, releases stories through the newsroom's release
path in this process, and asks the server for six addresses until each shows the story. The time
runs from the call of `release()`, so it holds the transaction too. Beside it, in the same run: how
long the same server takes to answer for a page that nothing happened to.
Run: `python -m bench.visible`.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx

RELEASES = 100
PAUSE_S = 0.15
GIVE_UP_S = 10.0
PORT = 8877


def main() -> None:
    with served_demo(PORT) as client:
        _measure(client)


@contextmanager
def served_demo(port: int) -> Iterator[httpx.Client]:
    """A demo agency in an empty folder, with its settings in this process too."""
    os.environ["DATELINE_VAR"] = tempfile.mkdtemp(prefix="dateline-bench-")
    os.environ["DATELINE_PORT"] = str(port)
    os.environ["DATELINE_BASE_URL"] = f"http://127.0.0.1:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dateline.settings")
    server = subprocess.Popen([sys.executable, "-m", "dateline.cli", "demo", "--serve"])
    try:
        with httpx.Client(base_url=os.environ["DATELINE_BASE_URL"], timeout=10) as client:
            _wait_until_up(client)
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait_until_up(client: httpx.Client) -> None:
    for _ in range(1200):
        try:
            if client.get("/healthz").json()["status"] == "ok":
                return
        except (httpx.HTTPError, ValueError, KeyError):
            pass
        time.sleep(0.1)
    raise SystemExit("The server did not come up within two minutes.")


def _measure(client: httpx.Client) -> None:
    import django

    django.setup()
    spent: dict[str, list[float]] = {}
    with ThreadPoolExecutor(6) as pool:
        for number in range(RELEASES):
            start, seen_at = _release_one(number)
            jobs = {
                name: pool.submit(seen, client, path, text, start)
                for name, (path, text) in seen_at.items()
            }
            for name, job in jobs.items():
                spent.setdefault(name, []).append(job.result())
            time.sleep(PAUSE_S)
    _report(spent, answer_ms(client))


def _release_one(number: int) -> tuple[float, dict[str, tuple[str, str]]]:
    """Release a new story; return when that began, and where it must show itself."""
    from dateline.addresses import latest_path, section_path, story_path, topic_path
    from dateline.newsroom.models import Edition, Section, Story
    from dateline.newsroom.release import release

    edition = Edition.objects.get(locale__language_code="en")
    section = Section.objects.get(edition=edition, slug="economy")
    headline = f"Measured release {number} of {os.getpid()}"
    story = Story(
        locale=edition.locale,
        section=section,
        headline=headline,
        body=[("paragraph", "<p>Text of the measured release.</p>")],
    )
    story.save()
    story.set_topics(["energy"])
    start = time.perf_counter()
    release(story)
    page = story_path("en", "economy", story.pk, f"measured-release-{number}-of-{os.getpid()}")
    topic = topic_path("en", "energy")
    return start, {
        "page": (page, headline),
        "front page": ("/en/", headline),
        "section": (section_path("en", "economy"), headline),
        "topic": (topic, headline),
        "Latest": (latest_path("en"), headline),
        "feed": ("/en/feed.atom", headline),
    }


def seen(client: httpx.Client, path: str, text: str, start: float) -> float:
    """Milliseconds from the start until the address shows the text."""
    while (spent := time.perf_counter() - start) < GIVE_UP_S:
        if text in client.get(path).text:
            return (time.perf_counter() - start) * 1000
        time.sleep(0.005)
    return spent * 1000


def answer_ms(client: httpx.Client) -> float:
    spent = []
    for _ in range(100):
        start = time.perf_counter()
        client.get("/en/latest/").raise_for_status()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def _report(spent: dict[str, list[float]], one_answer_ms: float) -> None:
    from bench.record import percentile, record

    rows: list[dict[str, Any]] = [
        {
            "seen on": name,
            "median ms": statistics.median(values),
            "95 of 100 under ms": percentile(values, 0.95),
            "slowest ms": max(values),
            "median ÷ one answer": statistics.median(values) / one_answer_ms,
        }
        for name, values in spent.items()
    ]
    record(
        "visible",
        rows=rows,
        facts={"releases": RELEASES, "median ms of one answer of Latest": round(one_answer_ms, 2)},
    )


if __name__ == "__main__":
    sys.exit(main())
