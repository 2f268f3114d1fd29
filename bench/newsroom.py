"""The newsroom's screens with a million stories and fifty editors at work.

Serves a folder with a demo, puts its stories on desks, and asks for the list in several of its
forms, the board, what moved on it, the form of a story, and saves drafts: first one editor alone,
then one editor while fifty others work. Each of those watches a board, which asks what moved every
two seconds, and every ten or so opens a screen or saves a draft. Measured is from the request to
the last byte, on loopback. Beside it, in the same run: `/robots.txt`, which does next to nothing.
Run: `python -m bench.newsroom --var FOLDER`.
"""

import os
import random
import re
import sqlite3
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from bench import archives
from bench.archives import Archive, environment
from bench.record import percentile, record
from bench.servers import HOST, Server, free_port, started

EDITORS = 50
ROUNDS = 25
POLL_S = 2.0
WORK_EVERY_S = 10.0
DESKS = 5

Ask = Callable[[], None]


def main() -> None:
    asked = archives.asked_for(__doc__)
    with archives.opened(asked.parse_args().var) as archive:
        cookies = _people(archive)
        with _newsroom(archive) as server:
            rows = list(_measured(server, archive, cookies))
    record("newsroom", rows=rows, facts={**archive.facts(), "editors": EDITORS})


@contextmanager
def _newsroom(archive: Archive) -> Iterator[Server]:
    """The web server alone: a follower that has a million releases to catch up with is no part of
    what an editor waits for."""
    port = free_port()
    words = [sys.executable, "-m", "dateline.cli", "web"]
    with started(words, port, environment(archive.var, port=port), up="/desk/login/") as server:
        yield server


def _people(archive: Archive) -> list[dict[str, str]]:
    """Fifty editors with sessions, on desks that hold every story; one more who is measured."""
    os.environ["DATELINE_VAR"] = str(archive.var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dateline.settings")
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from dateline.newsroom.desks import Desk, DeskMember, DeskRole
    from dateline.newsroom.models import Edition
    from dateline.newsroom.roles import EDITOR

    edition = Edition.objects.get(locale__language_code="en")
    for number in range(DESKS):
        Desk.objects.get_or_create(
            slug=f"bench-{number}", defaults={"name": f"Bench {number}", "edition": edition}
        )
    desks = list(Desk.objects.filter(slug__startswith="bench-").order_by("slug"))
    cookies = []
    for number in range(EDITORS + 1):
        user, _new = User.objects.get_or_create(username=f"bench-{number}")
        user.groups.set(Group.objects.filter(name=EDITOR))
        desk = desks[number % DESKS]
        DeskMember.objects.get_or_create(desk=desk, user=user, defaults={"role": DeskRole.EDITOR})
        browser = Client()
        browser.force_login(user)
        cookies.append({name: morsel.value for name, morsel in browser.cookies.items()})
    _put_on_desks([desk.pk for desk in desks])
    return cookies


def _put_on_desks(desks: list[int]) -> None:
    """Straight into the table: a million placings one by one would take longer than the rest."""
    from django.db import connection

    with connection.cursor() as cursor:
        for number, desk in enumerate(desks):
            cursor.execute(
                "UPDATE newsroom_story SET desk_id = %s WHERE desk_id IS NULL AND id %% %s = %s",
                [desk, len(desks), number],
            )


def _measured(
    server: Server, archive: Archive, cookies: list[dict[str, str]]
) -> Iterator[dict[str, Any]]:
    mine = _Editor(server, cookies[0], archive, seed=0)
    nothing = _times(lambda: mine.get("/robots.txt"))
    alone = {name: _times(ask) for name, ask in mine.asks().items()}
    stop = threading.Event()
    others = [
        threading.Thread(target=_work, args=(_Editor(server, each, archive, seed=n), stop))
        for n, each in enumerate(cookies[1:], 1)
    ]
    for other in others:
        other.start()
    time.sleep(5)
    try:
        among = {name: _times(ask) for name, ask in mine.asks().items()}
    finally:
        stop.set()
        for other in others:
            other.join(30)
    for name, times in alone.items():
        yield {
            "": name,
            "alone, median ms": statistics.median(times),
            "alone, 95 of 100 ms": percentile(times, 0.95),
            "among 50, median ms": statistics.median(among[name]),
            "among 50, 95 of 100 ms": percentile(among[name], 0.95),
            "alone ÷ /robots.txt": statistics.median(times) / statistics.median(nothing),
        }


def _times(ask: Ask) -> list[float]:
    ask()
    found = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        ask()
        found.append((time.perf_counter() - start) * 1000)
    return found


def _work(editor: "_Editor", stop: threading.Event) -> None:
    """One of the fifty: a board on screen, and something done now and then."""
    chance = random.Random(editor.seed)
    asks = list(editor.asks().values())
    work_at = time.monotonic() + chance.uniform(0, WORK_EVERY_S)
    stop.wait(chance.uniform(0, POLL_S))
    while not stop.is_set():
        try:
            editor.moves()
            if time.monotonic() > work_at:
                chance.choice(asks)()
                work_at = time.monotonic() + chance.uniform(0.5, 1.5) * WORK_EVERY_S
        except httpx.HTTPError as error:
            print(f"{editor.seed}: {error!r}", file=sys.stderr)
        stop.wait(POLL_S)


class _Editor:
    """An editor's browser, without the browser."""

    def __init__(
        self, server: Server, cookies: dict[str, str], archive: Archive, *, seed: int
    ) -> None:
        self.seed = seed
        base = f"http://{HOST}:{server.port}"
        self._client = httpx.Client(base_url=base, cookies=cookies, timeout=60)
        self._desk = f"bench-{seed % DESKS}"
        self._numbers = _some_numbers(archive, seed)
        self._version = ""
        self._forms: dict[int, dict[str, str]] = defaultdict(dict)

    def asks(self) -> dict[str, Ask]:
        stories = "/desk/snippets/newsroom/story/"
        return {
            "list": lambda: self.get(stories),
            "list, page 100": lambda: self.get(f"{stories}?p=100"),
            "list, drafts": lambda: self.get(f"{stories}?state=draft"),
            "list, released": lambda: self.get(f"{stories}?state=released"),
            "list, a section": lambda: self.get(f"{stories}?section=2"),
            "list, a common word": lambda: self.get(f"{stories}?q=the"),
            "list, two words": lambda: self.get(f"{stories}?q=harbour+toll"),
            "list, no such word": lambda: self.get(f"{stories}?q=zzzznothing"),
            "board": lambda: self.get(f"/desk/board/{self._desk}/"),
            "board, what moved": self.moves,
            "home": lambda: self.get("/desk/"),
            "coming up": lambda: self.get("/desk/coming-up/"),
            "form of a story": self.form,
            "saving a draft": self.save,
        }

    def get(self, path: str) -> str:
        return self._client.get(path).raise_for_status().text

    def moves(self) -> None:
        path = f"/desk/board/{self._desk}/moves/"
        answer = self._client.get(path, params={"version": self._version}).raise_for_status()
        if answer.status_code == 200:
            self._version = str(answer.json()["version"])

    def form(self) -> None:
        number = self._numbers[0]
        self.get(f"/desk/snippets/newsroom/story/edit/{number}/")

    def save(self) -> None:
        """As the browser saves a draft by itself, a second after the last key."""
        number = self._numbers[0]
        path = f"/desk/snippets/newsroom/story/edit/{number}/"
        fields = self._forms[number]
        if not fields:
            fields.update(_fields(self.get(path)))
        fields["headline"] = f"Typed at {time.time_ns()}"
        answer = self._client.post(path, data=fields, headers={"Accept": "application/json"})
        answer.raise_for_status()
        told = answer.json()
        assert told.get("success"), told
        fields.update(told.get("field_updates", {}))
        for name, value in (("overwrite_revision_id", "revision_id"),):
            if value in told:
                fields[name] = str(told[value])
        if "revision_created_at" in told:
            fields["loaded_revision_created_at"] = told["revision_created_at"]
        if "revision_id" in told:
            fields["loaded_revision_id"] = str(told["revision_id"])


def _fields(html: str) -> dict[str, str]:
    """What the form would post as it was opened."""
    from bs4 import BeautifulSoup

    form = BeautifulSoup(html, "lxml").select_one("form#w-editor-form, form[data-edit-form]")
    assert form is not None, "The form of the story was not found."
    fields = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        kind = field.get("type", "")
        if kind in ("submit", "file") or (kind == "checkbox" and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            fields[str(field["name"])] = str(chosen["value"]) if chosen else ""
        else:
            fields[str(field["name"])] = str(field.get("value") or field.text or "")
    return {**fields, **_body(html)}


def _body(html: str) -> dict[str, str]:
    """A paragraph, as the browser's editor would send it."""
    assert re.search(r'name="body-count"|body-count|"body"', html)
    text = (
        '{"blocks": [{"key": "a", "text": "Typed text.", "type": "unstyled", "depth": 0,'
        ' "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
    )
    return {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "paragraph",
        "body-0-id": "",
        "body-0-value": text,
    }


def _some_numbers(archive: Archive, seed: int) -> list[int]:
    """Stories of this editor alone, so that no claim of another stands in the way."""
    with sqlite3.connect(f"file:{archive.var / 'newsroom.sqlite3'}?mode=ro", uri=True) as newsroom:
        rows = newsroom.execute(
            "SELECT id FROM newsroom_story WHERE live AND locale_id = 1 ORDER BY id LIMIT 1000"
        ).fetchall()
    return [number for (number,) in rows][seed :: EDITORS + 1]


if __name__ == "__main__":
    sys.exit(main())
