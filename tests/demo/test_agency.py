"""The demo agency: complete in both languages."""

import re

from dateline.demo.agency import EDITIONS, NAME, PAGES, SECTIONS, STAFF, Role
from dateline.demo.topics import TOPICS
from dateline.items import Paragraph


def test_there_are_two_editions_eight_sections_and_sixty_topics():
    assert [edition.code for edition in EDITIONS] == ["en", "uk"]
    assert len({section.slug for section in SECTIONS}) == 8
    assert len({topic.slug for topic in TOPICS}) == len(TOPICS) == 60


def test_every_name_stands_in_its_own_script():
    for both in (NAME, *(t.name for t in TOPICS), *(s.name for s in SECTIONS)):
        assert re.fullmatch(r"[A-Za-z ',-]+", both.en)
        assert re.fullmatch(r"[А-Яа-яІіЇїЄєҐґ’ -]+", both.uk)


def test_six_people_work_in_five_roles():
    assert len({user.username for user in STAFF}) == 7
    assert {user.role for user in STAFF} == set(Role)


def test_about_and_contacts_stand_in_both_editions():
    assert {(page.edition, page.slug) for page in PAGES} == {
        ("en", "about"), ("uk", "about"), ("en", "contacts"), ("uk", "contacts"),
    }  # fmt: skip
    for page in PAGES:
        assert sum(isinstance(block, Paragraph) for block in page.body) >= 3
