"""What every format must say of a release, whoever reads it."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from dateline.formats import FORMATS
from dateline.formats.dispatch import Dispatch
from dateline.items import Kind, Source
from tests.formats.samples import sample
from tests.strategies import PUBLICATION

SOURCE = Source(
    guid="urn:uuid:0f0e0d0c-0000-4000-8000-0000000000bb",
    number=5,
    version=2,
    released_at=datetime(2031, 5, 4, 11, tzinfo=UTC),
)
STORY = sample(embargoed_until=datetime(2031, 5, 5, 7, 30, tzinfo=UTC), source=SOURCE)
FORMER, PICTURE = STORY.evolved_from, STORY.picture
assert FORMER is not None
assert PICTURE is not None
EMBARGO = re.compile("2031-?05-?05[T ]07:?30")


def said(name):
    """All that a document says, in letters."""
    data = FORMATS[name].encode(Dispatch(STORY, Kind.CORRECTION, 41), PUBLICATION)
    if name == "email":
        message = message_from_bytes(data, policy=SMTP)
        parts = [part.get_content() for part in message.iter_parts()]
        return "\n".join([*map(str, message.values()), *parts])
    return data.decode()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("guid", STORY.guid),
        ("version", "3"),
        ("serial", "41"),
        ("correction note", "The pier is 90 metres long, not 900."),
        ("Media Topics code", "20000337"),
        ("place of the dateline", "port alder"),
        ("byline", "Ada Brook"),
        ("slugline", "HARBOUR-OPEN"),
        ("note to desks", "Photo follows."),
        ("what it was translated from", SOURCE.guid),
        ("what it was written anew from", FORMER.guid),
        ("what its translations share", STORY.translation_key),
        ("hash of the lead picture", PICTURE.renditions[-1].sha256),
        ("address of the lead picture", PICTURE.renditions[-1].href),
        ("words of the text", "What comes next"),
    ],
    ids=lambda value: value if " " in value else None,
)
def test_every_format_says(name, what, words):
    assert words.lower() in said(name).lower(), what


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_until_when_a_story_is_under_embargo(name):
    assert EMBARGO.search(said(name))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_that_this_is_a_correction(name):
    assert "correction" in said(name).lower()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("urgency", [1, 4, 9])
def test_every_format_tells_one_urgency_from_another(name, urgency):
    def written(number):
        item = sample(urgency=number)
        return FORMATS[name].encode(Dispatch(item, Kind.NEW), PUBLICATION)

    assert written(urgency) != written(5)
