"""A small newsroom: two editions, their sections, and a person of each role."""

import gc
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from wagtail.images.models import Image
from wagtail.models import Locale

from dateline.newsroom import roles
from dateline.newsroom.desks import Desk, DeskRole, Placing, place
from dateline.newsroom.documents import Edition, Section
from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from dateline.releases import log
from dateline.releases.log import Entry
from tests.newsroom.desk import desk_of, person, picture_file, seat


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    """Files of this test alone, and passwords that cost nothing."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PICTURES_ROOT = tmp_path / "pictures"
    settings.HELD_PICTURES_ROOT = tmp_path / "held-pictures"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Wagtail remembers renditions by the image's id, which the next test gives to another image.
    cache.clear()


@pytest.fixture
def newsroom(db):
    """Editions en and uk, each with the sections Economy and Facts; groups and workflow."""
    roles.set_up()
    for order, (code, name) in enumerate([("en", "English"), ("uk", "Українська")]):
        locale, _created = Locale.objects.get_or_create(language_code=code)
        edition = Edition.objects.create(
            locale=locale, name=name, title=f"Agency {code}", order=order
        )
        Section.objects.create(edition=edition, slug="economy", name=f"Economy {code}")
        Section.objects.create(edition=edition, slug="facts", name=f"Facts {code}", order=1)


@pytest.fixture
def en(newsroom) -> Edition:
    return Edition.objects.get(locale__language_code="en")


@pytest.fixture
def uk(newsroom) -> Edition:
    return Edition.objects.get(locale__language_code="uk")


@pytest.fixture
def reporter(newsroom) -> User:
    return person("reporter", roles.REPORTER)


@pytest.fixture
def editor(newsroom) -> User:
    return person("editor", roles.EDITOR)


@pytest.fixture
def picture_editor(newsroom) -> User:
    return person("pictures", roles.PICTURE_EDITOR)


@pytest.fixture
def desk(editor) -> Client:
    """The newsroom's screens, with an editor signed in."""
    return desk_of(editor)


@pytest.fixture
def draft(en, reporter) -> Story:
    """A complete story that was never released."""
    story = Story(
        locale=en.locale,
        section=Section.objects.get(edition=en, slug="economy"),
        headline="Bank holds the rate",
        slugline="bank-rate",
        summary="The rate stays where it was.",
        body=[("paragraph", "<p>The rate stays.</p>")],
        bylines="Ivan Sad",
        created_by=reporter,
    )
    story.save()
    story.set_topics(["Central bank", "Rates"])
    story.save()
    story.save_revision(user=reporter)
    return story


@pytest.fixture
def economy(en, reporter, editor) -> Desk:
    """A desk with a reporter and an editor."""
    desk = Desk.objects.create(name="Economy", slug="economy", edition=en)
    seat(reporter, desk, DeskRole.REPORTER)
    seat(editor, desk, DeskRole.EDITOR)
    return desk


@pytest.fixture
def placed(draft, economy) -> Story:
    """The draft, on the Economy desk."""
    place(draft, Placing(economy, None, None))
    return Story.objects.get(pk=draft.pk)


@pytest.fixture
def released(draft, editor) -> Story:
    return release(draft, by=editor)


@pytest.fixture
def rows() -> Callable[[], list[Entry]]:
    """The rows of stories added to the log since the test asked for it."""
    start = log.head()

    def since() -> list[Entry]:
        return [entry for entry in log.read(start, 100) if entry.document_type == "item"]

    return since


@pytest.fixture
def image(db) -> Iterator[Image]:
    """An uploaded picture. Its test ignores ResourceWarning: see the collection below."""
    yield Image.objects.create(title="A field", file=picture_file())
    # Wagtail 8.0 leaves the temporary file of a new rendition to the collector, which would
    # otherwise find it in the middle of some other test.
    gc.collect()
