"""Lighthouse's scores of every kind of page in the demo, as on a middling phone.

Starts the demo in an empty folder, and has Lighthouse (from npm, in a cache folder of the user's;
Node 20 or newer) open each page in the system's Chromium three times: mobile, simulated throttling.
A score is the median of the three. Beside the scores, what the first view loads, without pictures
and of pictures. Pages that are errors are scored where their status is no fault.
Run: `python -m bench.lighthouse`; with words, only pages of such names: `... uk story`.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bs4 import BeautifulSoup

from bench.record import record
from tests.journeys.agency import STORIES, Agency

RUNS = 3
TRIES = 5
"""How often to ask for one run: on two cores, the trace of a page is lost now and then
(NO_NAVSTART, NO_FCP), and Lighthouse says to run it again."""

NODE_MODULES = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "dateline-bench"

CHROMIUM_FLAGS = (
    "--headless=new --no-sandbox --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)

SCORES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}

NOT_FOR_NOTICES = {"best-practices", "seo"}
"""Chromium logs the status of a page that is missing or withdrawn as an error, and search engines
are to leave it alone: both cost points that such a page must not have."""


@dataclass(frozen=True)
class Subject:
    """A page to be scored."""

    name: str
    path: str
    notice: bool = False


def main() -> None:
    wanted = set(sys.argv[1:])
    lighthouse = _installed()
    with (
        tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder,
        Agency(Path(folder)) as agency,
        httpx.Client(base_url=agency.url) as client,
    ):
        subjects = [each for each in _subjects(client) if wanted <= set(each.name.split())]
        reports = {
            each: [_report(lighthouse, agency.url, each, folder) for _ in range(RUNS)]
            for each in subjects
        }
    any_report = next(iter(reports.values()))[0]
    record(
        "lighthouse",
        rows=[_row(subject, found) for subject, found in reports.items()],
        facts={
            "lighthouse": any_report["lighthouseVersion"],
            "browser": re.search(r"Chrome/[\d.]+", any_report["userAgent"])[0],
            "form factor": any_report["configSettings"]["formFactor"],
            "throttling": any_report["configSettings"]["throttlingMethod"],
            "runs of each page": RUNS,
            "what cost points in a run": _faults(reports),
            "https and HTTP/2": "the demo speaks plain HTTP/1.1 on loopback, which Lighthouse "
            "takes for secure and does not mark down; a proxy in front speaks both",
        },
    )


def _installed() -> Path:
    """Lighthouse's command, installed if it was not there."""
    command = NODE_MODULES / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not command.exists():
        NODE_MODULES.mkdir(parents=True, exist_ok=True)
        print(f"Installing Lighthouse in {NODE_MODULES}", file=sys.stderr)
        words = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "lighthouse"]
        skipped = {"PUPPETEER_SKIP_DOWNLOAD": "1"}
        subprocess.run(words, cwd=NODE_MODULES, env=os.environ | skipped, check=True)
    return command


def _subjects(client: httpx.Client) -> Iterator[Subject]:
    """A page of each kind, found as a reader finds them; of the Ukrainian edition the main ones."""
    for edition in ("en", "uk"):
        root = f"/{edition}/"
        front = _tree(client, root)
        pictured = front.select_one(".lead--pictured a")["href"]
        rows = [link["href"] for link in _tree(client, f"{root}latest/").select(".wire .row a")]
        plain = next(path for path in rows if not _tree(client, path).select(".picture"))
        yield Subject(f"{edition} front", root)
        yield Subject(f"{edition} story with a picture", pictured)
        yield Subject(f"{edition} story without", plain)
        if edition == "uk":
            return
        topic = _tree(client, pictured).select_one(".topics a")["href"]
        day = _tree(client, topic).select_one(".timeline__name a")["href"]
        yield Subject(f"{edition} latest", f"{root}latest/")
        yield Subject(f"{edition} section", f"{root}economy/")
        yield Subject(f"{edition} topic", topic)
        yield Subject(f"{edition} day", day)
        yield Subject(f"{edition} standing page", f"{root}about/")
        yield Subject(f"{edition} missing page, 404", f"{root}no-such-page/", notice=True)
        yield Subject(f"{edition} withdrawn story, 410", _withdrawn(client, root), notice=True)


def _tree(client: httpx.Client, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).raise_for_status().content, "lxml")


def _withdrawn(client: httpx.Client, root: str) -> str:
    for number in range(1, STORIES + 1):
        if client.get(path := f"{root}facts/{number}/").status_code == 410:
            return path
    raise LookupError("The demo killed no story")


def _report(lighthouse: Path, url: str, subject: Subject, folder: str) -> dict[str, Any]:
    for _ in range(TRIES):
        report = _run(lighthouse, url + subject.path, Path(folder) / "report.json")
        if report and all(each["score"] is not None for each in report["categories"].values()):
            scores = [round(100 * report["categories"][name]["score"]) for name in SCORES]
            print(subject.name, *scores, file=sys.stderr)
            return report
    raise SystemExit(f"Lighthouse gave no whole report of {subject.path} in {TRIES} tries.")


def _run(lighthouse: Path, url: str, kept_in: Path) -> dict[str, Any]:
    kept_in.unlink(missing_ok=True)
    words = ["node", lighthouse, url, "--quiet", "--output=json", f"--output-path={kept_in}"]
    words += [f"--chrome-flags={CHROMIUM_FLAGS}", "--ignore-status-code"]
    words += ["--throttling-method=simulate", "--no-enable-error-reporting"]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    environment = os.environ | {"CHROME_PATH": chromium}
    subprocess.run(words, env=environment, stderr=subprocess.DEVNULL, timeout=180, check=False)
    return json.loads(kept_in.read_text()) if kept_in.exists() else {}


def _row(subject: Subject, reports: list[dict[str, Any]]) -> dict[str, Any]:
    def median(audit: str) -> float:
        return statistics.median(each["audits"][audit]["numericValue"] for each in reports)

    scores = {
        word: "–" if subject.notice and name in NOT_FOR_NOTICES else _score(name, reports)
        for name, word in SCORES.items()
    }
    return {
        "page": subject.name,
        **scores,
        "largest paint ms": round(median("largest-contentful-paint")),
        "blocked ms": round(median("total-blocking-time")),
        "layout shift": round(median("cumulative-layout-shift"), 4),
        "kB without pictures": round(_loaded(reports[0], pictures=False) / 1000, 1),
        "kB of pictures": round(_loaded(reports[0], pictures=True) / 1000, 1),
    }


def _score(category: str, reports: list[dict[str, Any]]) -> int:
    return round(100 * statistics.median(each["categories"][category]["score"] for each in reports))


def _loaded(report: dict[str, Any], *, pictures: bool) -> int:
    """Bytes over the wire, headers with them."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(
        each["transferSize"] for each in requests if ("/pictures/" in each["url"]) == pictures
    )


def _faults(reports: dict[Subject, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """What cost more than a tenth of its points in any run, by page."""
    faults = {
        subject.name: sorted({fault for report in found for fault in _cost(report, subject)})
        for subject, found in reports.items()
    }
    return {name: told for name, told in faults.items() if told}


def _cost(report: dict[str, Any], subject: Subject) -> Iterator[str]:
    for name, category in report["categories"].items():
        if subject.notice and name in NOT_FOR_NOTICES:
            continue
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{audit['title']}: {audit.get('displayValue', '')}".strip(": ")


if __name__ == "__main__":
    main()
