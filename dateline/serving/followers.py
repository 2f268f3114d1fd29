"""The table of followers: what `dateline follow` and `dateline rebuild` know by name."""

from collections.abc import Callable

from dateline.archive.follower import PublicArchive
from dateline.releases.following import Follower
from dateline.wire.feed import WireFeed

FOLLOWERS: dict[str, Callable[[], Follower]] = {"public": PublicArchive, "wire": WireFeed}
"""By name, which is also the alias of each one's database."""
