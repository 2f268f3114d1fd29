"""What shapes the site: every change of it, and its end, is a row of the log."""

import pytest
from django.core.exceptions import ValidationError

from dateline.items import Kind
from dateline.newsroom.documents import Section, StandingPage, Topic
from dateline.releases import log


@pytest.fixture
def contacts(en) -> StandingPage:
    return StandingPage.objects.create(
        edition=en, slug="contacts", title="Contacts", body=[("paragraph", "<p>Ring us.</p>")]
    )


def rows_after(serial: int) -> list[tuple[Kind, str]]:
    return [(entry.kind, entry.guid) for entry in log.read(serial, 100)]


def test_deleting_one_page_adds_the_row_of_its_end(contacts) -> None:
    before = log.head()
    contacts.delete()
    assert rows_after(before) == [(Kind.KILL, contacts.guid)]


def test_deleting_many_at_once_adds_a_row_for_each(en, contacts) -> None:
    about = StandingPage.objects.create(edition=en, slug="about", title="About", body=[])
    before = log.head()
    StandingPage.objects.filter(pk__in=[about.pk, contacts.pk]).delete()
    assert sorted(rows_after(before)) == sorted(
        [(Kind.KILL, about.guid), (Kind.KILL, contacts.guid)]
    )


def test_saving_without_a_change_adds_no_row(contacts) -> None:
    before = log.head()
    contacts.save()
    assert rows_after(before) == []


def test_a_topic_that_was_only_named_has_no_row_at_its_end_either(en) -> None:
    before = log.head()
    Topic.named("Harvest", edition=en).delete()
    assert rows_after(before) == []


def test_the_address_of_a_section_stays_as_stories_and_readers_keep_it(en) -> None:
    section = Section.objects.get(edition=en, slug="economy")
    section.slug = "money"
    with pytest.raises(ValidationError, match="stays as it is"):
        section.full_clean()
    section.slug, section.name = "economy", "Money"
    section.full_clean()


def test_an_edition_stays_in_its_language(en, uk) -> None:
    en.locale = uk.locale
    with pytest.raises(ValidationError, match="stays as it is"):
        en.clean()
