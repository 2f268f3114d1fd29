from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from dateline.newsroom.clock import AgencyTimeField, readings

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture(autouse=True)
def _in_kyiv(settings):
    settings.TIME_ZONE = "Europe/Kyiv"


def test_a_time_is_of_the_agencys_zone_whatever_the_persons_is():
    found = AgencyTimeField().clean("2026-11-24 14:00")
    assert found == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_hour_that_the_clock_skips_is_refused_with_the_time_that_it_is_then():
    with pytest.raises(ValidationError) as refused:
        AgencyTimeField().clean("2026-03-29 03:30")
    assert "2026-03-29 03:30 does not exist" in refused.value.messages[0]
    assert "04:30" in refused.value.messages[0]


def test_the_hour_that_the_clock_repeats_is_asked_about_and_both_answers_are_taken():
    field = AgencyTimeField()
    with pytest.raises(ValidationError) as refused:
        field.clean("2026-10-25 03:30")
    message = refused.value.messages[0]
    first, second = "2026-10-25 03:30 +03:00", "2026-10-25 03:30 +02:00"
    assert first in message
    assert second in message
    assert field.clean(second) - field.clean(first) == timedelta(hours=1)


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01 10:00", "2026-10-25 03:30 +99:00", "25"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValidationError):
        AgencyTimeField().clean(text)


def test_an_empty_field_is_no_time():
    assert AgencyTimeField(required=False).clean("") is None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sampled_from(
    ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
))
def test_every_moment_is_a_reading_of_what_the_clock_shows_at_it(moment, name):
    zone = ZoneInfo(name)
    moment = moment.replace(tzinfo=UTC)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    assert moment in [each.astimezone(UTC) for each in readings(shown, zone)]
    assert len(readings(shown, zone)) in (1, 2)
