"""Whoever follows by cursors has everything, once and in order, whenever they look."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.items import Audience, Kind
from dateline.releases import log
from dateline.releases.following import apply_next, catch_up
from dateline.wire import cursors, pages
from dateline.wire.feed import WireFeed
from dateline.wire.models import WIRE, FeedRow
from dateline.wire.query import read
from dateline.wire.sight import COLUMNS, Right, Row, sees
from tests.documents import a_ref, an_item

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def a_right(slug: str, rules: str, **fields) -> Right:
    from dateline.wire.sight import _compiled

    query, keys = _compiled(rules)
    given = {
        "pk": hash(slug), "slug": slug, "name": slug, "query": query, "keys": keys, "formats": (),
        "pictures": True, "embargoed": False, "depth": None, "delay": timedelta(), "ai_use": False,
    }  # fmt: skip
    return Right(**(given | fields))


RULES = ["*", "topic:grain", "section:sport -topic:grain", "urgency:1-3", "headline"]
RIGHTS = st.lists(
    st.tuples(st.sampled_from(RULES), st.booleans()), min_size=1, max_size=3, unique=True
).map(
    lambda chosen: [
        a_right(f"{rules}-{early}", rules, embargoed=early) for rules, early in chosen
    ]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("release"),
            st.integers(1, 4),
            st.sampled_from(["economy", "sport"]),
            st.sampled_from(["grain", "coal"]),
            st.sampled_from([None, "first", "embargo"]),
        ),
        st.tuples(st.just("lift"), st.integers(1, 4)),
        st.tuples(st.just("follow"), st.integers(1, 3)),
        st.tuples(st.just("read"), st.integers(1, 3)),
    ),
    max_size=25,
)


class Agency:
    """Releases versions of a few stories, to the public or to clients before."""

    def __init__(self) -> None:
        self.newest: dict[int, int] = {}
        self.held: set[int] = set()

    def release(self, number: int, section: str, topic: str, hold: str | None) -> None:
        version = self.newest.get(number, 0) + 1
        until = NOW + timedelta(days=1) if hold == "embargo" else None
        item = an_item(
            number, version=version, section=a_ref(section), topics=(topic,), embargoed_until=until,
            urgency=2 if number == 1 else 5,
        )  # fmt: skip
        self.newest[number] = version
        self.append(item, Audience.CLIENTS if hold else Audience.PUBLIC)
        (self.held.add if hold else self.held.discard)(number)

    def lift(self, number: int) -> None:
        if number in self.held:
            self.held.discard(number)
            self.append(an_item(number, version=self.newest[number]), Audience.PUBLIC)

    @staticmethod
    def append(item, audience) -> None:
        kind = Kind.NEW if item.version == 1 else Kind.UPDATE
        with transaction.atomic():
            log.append(item, kind=kind, audience=audience)


def expected(rights: list[Right]) -> list[int]:
    """What is theirs by looking at every row."""
    held = FeedRow.objects.using(WIRE).order_by("serial").values_list(*COLUMNS)
    rows = [Row.of(*values) for values in held]
    return [
        row.serial
        for at, row in enumerate(rows)
        if sees(rights, row, [e for e in rows[:at] if e.guid == row.guid], now=NOW)
    ]


@given(STEPS, RIGHTS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_pages_read_at_any_moment_make_the_whole_feed_once_and_in_order(db, steps, rights):
    agency, feed, got, after = Agency(), WireFeed(), [], {}

    def look(limit: int) -> bool:
        nonlocal after
        page = pages.page(rights, after or None, limit=limit, now=NOW)
        got.extend(sent.row.serial for sent, _ in page.items)
        after = cursors.read(page.next)
        return page.even

    with _taken_back():
        for what, *how in steps:
            if what == "follow":
                apply_next(feed, *how)
            elif what == "read":
                look(*how)
            else:
                getattr(agency, what)(*how)
        catch_up(feed)
        while not look(2):
            pass

        assert got == expected(rights)


class _taken_back:
    """Whatever an example does to the databases is undone."""

    def __enter__(self) -> None:
        self._blocks = [transaction.atomic(using=alias) for alias in ("default", WIRE)]
        for block in self._blocks:
            block.__enter__()

    def __exit__(self, *exception: object) -> None:
        for block in reversed(self._blocks):
            transaction.set_rollback(True, using=block.using)
            block.__exit__(*exception)


def test_each_item_has_the_cursor_that_goes_on_behind_it(release, follow_wire):
    for number in range(1, 5):
        release(an_item(number))
    follow_wire()
    rights = [a_right("all", "*")]
    whole = pages.page(rights, None, limit=10, now=NOW)

    for at, (_, cursor) in enumerate(whole.items):
        rest = pages.page(rights, cursors.read(cursor), limit=10, now=NOW)
        assert [s.row.serial for s, _ in rest.items] == [
            s.row.serial for s, _ in whole.items[at + 1 :]
        ]


def test_a_page_looks_at_a_bounded_number_of_rows_and_goes_on_from_there(
    release, follow_wire, monkeypatch
):
    monkeypatch.setattr(pages, "MOST_LOOKED", 3)
    for number in range(1, 10):
        release(an_item(number, headline="Steel" if number == 9 else "Grain"))
    follow_wire()
    rights = [a_right("steel", "steel")]

    first = pages.page(rights, None, limit=1, now=NOW)
    assert (first.items, first.even) == ((), False)
    seen, after = [], first.next
    for _ in range(9):
        page = pages.page(rights, cursors.read(after), limit=1, now=NOW)
        seen += [sent.row.serial for sent, _ in page.items]
        after = page.next
    assert seen == [9]


def test_a_feed_that_is_made_again_keeps_a_cursor_where_it_is(release, follow_wire):
    ahead = {0: 50}
    release(an_item(1))
    follow_wire()

    page = pages.page([a_right("all", "*")], ahead, limit=10, now=NOW)

    assert (page.items, cursors.read(page.next)) == ((), ahead)


@given(st.dictionaries(st.integers(0, 10**6), st.integers(0, 2**53), min_size=1, max_size=5))
def test_a_cursor_reads_back_as_it_was_written(position):
    assert cursors.read(cursors.write(position)) == position


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(cursors.BadCursor):
        cursors.read(text)


def test_a_cursor_that_was_changed_is_refused():
    good = cursors.write({0: 7})
    for at in range(len(good) - 1):
        other = "A" if good[at] != "A" else "B"
        with pytest.raises(cursors.BadCursor):
            cursors.read(good[:at] + other + good[at + 1 :])


def test_a_query_reads_as_the_same_query():
    assert read("section:a\n\nsection:b") == read(" section:a \nsection:b")
