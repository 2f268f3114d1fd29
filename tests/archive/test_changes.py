"""The archive remembers what each release changed: kept pages and live readers follow that."""

from dateline.archive import changes
from dateline.items import Edition, Kind, Picks, Topic
from tests.documents import a_killed, a_ref, an_item


def tags(serial: int) -> list[set[str]]:
    return [set(change.tags) for change in changes.since(serial) or ()]


def test_a_new_story_changes_its_page_its_section_its_topics_and_its_edition(publish):
    publish(an_item(1, topics=("budget", "taxes"), translation_key="k1"))

    assert tags(0) == [
        {
            "story-1",
            "edition-en",
            "section-en-economy",
            "topic-en-budget",
            "topic-en-taxes",
            "translations-k1",
        }
    ]


def test_a_story_that_moves_changes_where_it_was_as_well(publish):
    publish(an_item(1, topics=("budget",)))
    publish(an_item(1, version=2, section=a_ref("world"), topics=("courts",)))

    assert tags(1) == [
        {
            "story-1",
            "edition-en",
            "section-en-economy",
            "section-en-world",
            "topic-en-budget",
            "topic-en-courts",
        }
    ]


def test_a_killed_story_changes_every_list_it_stood_in(publish):
    item = an_item(1, topics=("budget",))
    publish(item)
    publish(a_killed(item))

    assert {"story-1", "section-en-economy", "topic-en-budget"} <= tags(1)[0]


def test_what_shapes_the_site_changes_every_page_and_picks_their_edition(publish):
    publish(
        Edition(guid="e", version=1, code="en", name="English", title="Dateline"),
        Picks(guid="p", version=1, edition="en", place="hot", numbers=(1,)),
        Topic(guid="t", version=1, edition="en", slug="budget", name="Budget"),
    )

    assert tags(0) == [{"shape"}, {"picks", "picks-en"}, {"topic-en-budget", "names-en"}]


def test_what_is_not_newer_changes_nothing(publish):
    publish(an_item(1, version=2))
    publish(an_item(1, version=1))

    assert changes.since(1) == []


def test_only_the_newest_changes_are_remembered_and_older_askers_are_told_so(publish, monkeypatch):
    monkeypatch.setattr(changes, "KEPT", 3)
    for number in range(1, 6):
        publish(an_item(number))

    assert changes.since(0) is None
    assert changes.since(1) is None
    assert [change.number for change in changes.since(2)] == [3, 4, 5]
    assert [change.serial for change in changes.since(4)] == [5]
    assert changes.since(5) == []


def test_of_a_story_s_changes_in_one_batch_the_newest_stands(release, follow_public):
    item = an_item(1)
    release(item)
    release(a_killed(item), kind=Kind.KILL)
    follow_public()

    assert [change.kind for change in changes.since(0)] == [Kind.KILL]
