"""Fixtures of the log's tests."""

import pytest

from tests.releases import seen


@pytest.fixture
def seen_rows(db):
    """The table of the follower that writes down what it saw; calling it gives the rows."""
    seen.create()
    yield seen.seen
    seen.drop()
