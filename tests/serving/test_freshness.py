"""A page sent after a release became visible never shows an older rail: releases and readers
together, two web workers, every answer checked against the log."""

import http.client
import re
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import pytest

from dateline.addresses import item_path
from tests.documents import an_item
from tests.serving.conftest import ROOT, Installation, eventually

pytestmark = pytest.mark.stress

FIRST, LAST = 31, 90
"""Stories released while readers read; those before them are there from the beginning."""

OPEN = """
import django
django.setup()
from django.db import transaction
from dateline.items import Kind
from dateline.releases import log
from tests.site.conftest import an_edition, a_section
from tests.documents import an_item
shaping = [an_edition("en", "English", "Dateline", order=0), a_section("economy", "Economy")]
with transaction.atomic():
    log.append_many([log.Addition(each, Kind.NEW) for each in shaping])
    log.append_many([log.Addition(an_item(n), Kind.NEW) for n in range(1, 31)])
"""

RELEASE_AND_KILL = f"""
import time, django
django.setup()
from django.db import transaction
from dateline.items import Kind
from dateline.releases import log
from tests.documents import a_killed, an_item
for n in range({FIRST}, {LAST} + 1):
    with transaction.atomic():
        log.append(an_item(n), kind=Kind.NEW)
    if n % 5 == 0:
        with transaction.atomic():
            log.append(a_killed(an_item(n - 2)), kind=Kind.KILL)
    time.sleep(0.03)
"""

STORY = re.compile(r"/en/economy/(\d+)-headline")


@dataclass(eq=False)
class Seen:
    """An answer: what the archive had shown before it was asked for and after it came."""

    path: str
    before: int
    after: int
    status: int
    numbers: list[int]


@dataclass(eq=False)
class Reader(threading.Thread):
    """Reads pages one after the other on one connection, so that it stays with one worker."""

    installation: Installation
    paths: list[str]
    stop: threading.Event
    seen: list[Seen] = field(default_factory=list)
    fault: str = ""

    def __post_init__(self):
        super().__init__(daemon=True)

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=20)
        archive = sqlite3.connect(f"file:{self.installation.archive}?mode=ro", uri=True, timeout=20)
        try:
            while not self.stop.is_set():
                for path in self.paths:
                    before = _serial(archive)
                    connection.request("GET", path)
                    response = connection.getresponse()
                    text = response.read().decode()
                    after = _serial(archive)
                    numbers = _newest(path, text)
                    self.seen.append(Seen(path, before, after, response.status, numbers))
        except Exception as error:  # noqa: BLE001 - told by the test, in the test's own thread
            self.fault = repr(error)
        finally:
            connection.close()
            archive.close()


def _serial(archive):
    (found,) = archive.execute("SELECT serial FROM releases_cursor").fetchone()
    return found


def _newest(path, text):
    """The ten newest stories that a page or feed shows, by their links, in its order."""
    if path.endswith(".atom"):
        part = text.split("<entry", 1)[-1]
    elif "rail--latest" in text:
        part = text.split("rail--latest", 1)[1].split("</ol>")[0]
    else:
        part = text.split("wire--wide", 1)[-1].split("</ol>")[0]
    return [int(n) for n in dict.fromkeys(STORY.findall(part))][:10]


def _truth(installation):
    """The ten newest stories after each serial, by the log."""
    log = sqlite3.connect(installation.var / "newsroom.sqlite3")
    rows = log.execute("SELECT serial, kind, guid FROM releases_release ORDER BY serial").fetchall()
    log.close()
    live, newest = set(), {}
    for serial, kind, guid in rows:
        if guid.startswith("urn:example:story:"):
            number = int(guid.rpartition(":")[2])
            live.discard(number) if kind == "kill" else live.add(number)
        newest[serial] = sorted(live, reverse=True)[:10]
    return newest


def test_no_answer_of_any_worker_is_older_than_the_archive_was_when_it_was_asked_for(installation):
    installation.settings["DATELINE_WORKERS"] = "2"
    run = {"env": installation.environ | {"DATELINE_ROLE": "follower"}, "cwd": ROOT, "check": True}
    subprocess.run([sys.executable, "-c", OPEN], timeout=60, **run)
    installation.start("serve")
    eventually(installation.is_well, "the site answers after its start")
    eventually(lambda: installation.has_archived(30), "the first stories are archived")
    paths = [*(item_path(an_item(n)) for n in (3, 9, 20)), "/en/", "/en/latest/", "/en/feed.atom"]
    stop = threading.Event()
    readers = [Reader(installation, paths[n:] + paths[:n], stop) for n in range(4)]
    for reader in readers:
        reader.start()
    subprocess.run([sys.executable, "-c", RELEASE_AND_KILL], timeout=120, **run)
    time.sleep(1)
    stop.set()
    for reader in readers:
        reader.join(30)

    newest = _truth(installation)
    seen = [each for reader in readers for each in reader.seen]
    assert [reader.fault for reader in readers] == [""] * 4
    assert {each.status for each in seen} == {200}
    assert len({each.before for each in seen}) > 10, "readers read while stories were released"
    stale = [
        each
        for each in seen
        if each.numbers not in [newest[s] for s in range(each.before, each.after + 1)]
    ]
    assert stale == []
    assert newest[max(newest)] == seen[-1].numbers
