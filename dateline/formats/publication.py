"""What a format needs to know beside the Item: who publishes, and where."""

from dataclasses import dataclass, field
from datetime import datetime

from dateline.addresses import item_path
from dateline.formats.dispatch import Dispatch
from dateline.items import Item


@dataclass(frozen=True, slots=True)
class Publication:
    """The agency as machines see it. `base_url` has no slash at its end."""

    base_url: str
    name: str
    logo_path: str = ""

    def url(self, path: str) -> str:
        """An absolute address from a path of the site; an absolute one stays as it is."""
        if path.startswith(("http://", "https://")):
            return path
        # A path of no form that we make must not become a part of the host.
        return self.base_url + (f"/{path}" if path and not path.startswith("/") else path)

    def path(self, address: str) -> str:
        """A path of the site from its absolute address; another address stays as it is."""
        on_the_site = address.startswith(self.base_url + "/")
        return address.removeprefix(self.base_url) if on_the_site else address

    def item_url(self, item: Item) -> str:
        return self.url(item_path(item))


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of items as a feed: its title, the page it belongs to, and its own address (paths).

    `gone` are stories that were in this list and were killed: guid and time. With `releases`, one
    for each item, the feed is a client's: every entry says what its release did, and a story that
    was taken down is an entry without a text.
    """

    title: str
    description: str
    language: str
    page_path: str
    feed_path: str
    items: tuple[Item, ...]
    updated_at: datetime
    gone: tuple[tuple[str, datetime], ...] = field(default=())
    releases: tuple[Dispatch, ...] = field(default=())
