"""The table of formats."""

from dateline.formats import FORMATS, FeedFormat, ItemFormat
from tests.formats.samples import sample
from tests.strategies import PUBLICATION


def test_every_format_in_the_table_writes_what_it_can_read():
    assert set(FORMATS) == {"ninjs", "jsonld", "rss", "atom"}
    for each in FORMATS.values():
        assert "/" in each.content_type
        assert isinstance(each, ItemFormat | FeedFormat)
        if isinstance(each, ItemFormat) and each.decode:
            assert each.decode(each.encode(sample(), PUBLICATION), PUBLICATION) == sample()
