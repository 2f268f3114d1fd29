"""The docs cannot rot: what can be set, typed or met has its place, and links lead somewhere."""

import argparse
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import dateline
from dateline import cli
from dateline.env import SETTINGS
from dateline.errors import DatelineError
from dateline.items import Audience, Kind

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def headings_and_rows(folder: Path) -> str:
    """The headings, and the first cells of table rows, of every page in a folder."""
    lines = (line for page in folder.rglob("*.md") for line in page.read_text().splitlines())
    kept = (line if line.startswith("#") else line.split("|")[1] for line in lines
            if line.startswith(("#", "|")))
    return "\n".join(kept)


REFERENCE = headings_and_rows(DOCS / "reference")


def commands() -> list[str]:
    (subparsers,) = (
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return sorted(subparsers.choices)


def error_codes() -> list[str]:
    for module in pkgutil.walk_packages(dateline.__path__, "dateline."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sorted({error.code for error in descendants(DatelineError)})


def descendants(kind: type[DatelineError]) -> list[type[DatelineError]]:
    """Dateline's own errors; those that tests define are not shown to anybody."""
    children = kind.__subclasses__()
    return [
        each
        for child in children
        for each in (child, *descendants(child))
        if each.__module__.startswith("dateline.")
    ]


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_every_setting_is_in_the_reference(name):
    assert f"`{name}`" in REFERENCE


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_reference(name):
    assert f"`dateline {name}" in REFERENCE


def test_every_error_code_is_in_the_reference():
    assert [code for code in error_codes() if f"`{code}`" not in REFERENCE] == []


@pytest.mark.parametrize("value", [*Kind, *Audience])
def test_every_kind_and_audience_of_a_release_is_in_the_reference(value):
    assert f"`{value}`" in REFERENCE


def test_every_error_has_a_code_of_its_own():
    error_codes()
    codes = [error.code for error in descendants(DatelineError)]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)[^)]*\)", text):
        path, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors that forges give to a page's headings."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_a_page_names_is_there(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", page.read_text()))
    assert named <= targets


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_holds_hashes_and_names_no_index_and_no_folder(lock):
    text = lock.read_text()
    assert re.findall(r"\w+://|--(?:extra-)?index-url|--find-links|(?<![\w.])/\w+/", text) == []
    packages = re.findall(r"^[a-z0-9][\w.-]*==[^\n]*(?:\n    --hash=sha256:[0-9a-f]{64}[^\n]*)*",
                          text, flags=re.MULTILINE)
    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_the_tests_run_on_the_same_versions_as_the_demo():
    run, test = ({*re.findall(r"^([\w.-]+==[^\s;]+)", lock.read_text(), flags=re.MULTILINE)}
                 for lock in (ROOT / "requirements/run.txt", ROOT / "requirements/test.txt"))
    assert run - test == set()
