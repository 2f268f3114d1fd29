"""From Enter to readers: the machine's share of a flash, as the desk's own form sends it.

Starts `dateline demo --serve` in an empty folder, signs an editor in, and posts flashes over HTTP
as the dialog does. The time runs from the POST: until its answer, until the reader's page shows it,
until the front page does. Beside it, in the same run: how long the same server takes to answer for
a page that nothing happened to. Run: `python -m bench.flash`.
"""

import os
import re
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from bench.record import percentile, record
from bench.visible import answer_ms, seen, served_demo

FLASHES = 60
PAUSE_S = 0.15
PORT = 8878

FORM = "/desk/flash/"
DIALOG = {"X-Requested-With": "XMLHttpRequest"}


def main() -> None:
    with served_demo(PORT) as client:
        import django

        django.setup()
        client.cookies.update(_signed_in())
        section = _section()
        spent: dict[str, list[float]] = {}
        with ThreadPoolExecutor(2) as pool:
            for number in range(FLASHES):
                for name, ms in _flash(client, pool, number, section=section):
                    spent.setdefault(name, []).append(ms)
                time.sleep(PAUSE_S)
        _report(spent, answer_ms(client))


def _signed_in() -> dict[str, str]:
    """The session of one of the demo's editors."""
    from django.contrib.auth.models import User
    from django.test import Client

    from dateline.newsroom.roles import EDITOR

    browser = Client()
    browser.force_login(User.objects.filter(groups__name=EDITOR, is_active=True).first())
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def _section() -> str:
    from dateline.newsroom.models import Section

    found = Section.objects.get(edition__locale__language_code="en", slug="economy")
    return str(found.pk)


def _flash(
    client: httpx.Client, pool: ThreadPoolExecutor, number: int, *, section: str
) -> list[tuple[str, float]]:
    """Send one; return what was reached after how many milliseconds."""
    form = client.get(FORM, headers=DIALOG).text
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|token)" value="([^"]+)"', form))
    headline = f"Measured flash {number} of {os.getpid()}"
    typed = {**hidden, "headline": headline, "section": section, "topics": "energy"}
    start = time.perf_counter()
    front = pool.submit(seen, client, "/en/", headline, start)
    answer = client.post(FORM, data=typed, headers=DIALOG).raise_for_status().text
    answered_ms = (time.perf_counter() - start) * 1000
    (path,) = re.findall(r'href="(/en/economy/[^"]+)"', answer)
    page = pool.submit(seen, client, path, headline, start)
    return [
        ("the desk's answer", answered_ms),
        ("the reader's page", page.result()),
        ("the front page", front.result()),
    ]


def _report(spent: dict[str, list[float]], one_answer_ms: float) -> None:
    rows: list[dict[str, Any]] = [
        {
            "from Enter to": name,
            "median ms": statistics.median(values),
            "95 of 100 under ms": percentile(values, 0.95),
            "slowest ms": max(values),
            "median ÷ one answer": statistics.median(values) / one_answer_ms,
        }
        for name, values in spent.items()
    ]
    record(
        "flash",
        rows=rows,
        facts={"flashes": FLASHES, "median ms of one answer of Latest": round(one_answer_ms, 2)},
    )


if __name__ == "__main__":
    sys.exit(main())
