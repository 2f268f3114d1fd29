"""The public archive follows the log: whole documents, the newest wins, what is gone is gone."""

from contextlib import suppress

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.archive import queries
from dateline.archive.follower import PublicArchive
from dateline.archive.models import PUBLIC, ArchivedDocument, ArchivedStory, ArchivedTopic
from dateline.items import (
    Audience,
    Correction,
    Edition,
    Kind,
    Page,
    Picks,
    Section,
    Status,
    Topic,
    canonical,
    digest,
)
from dateline.releases import log
from dateline.releases.following import catch_up
from dateline.releases.log import Addition
from tests.documents import NOON, a_killed, a_ref, an_item


def contents() -> tuple[list, list, list]:
    """Everything the archive holds, except what names the rows."""

    def rows(model, *order, without=()):
        names = [f.attname for f in model._meta.concrete_fields if f.name not in ("id", *without)]
        found = model.objects.using(PUBLIC).order_by(*order).values_list(*names)
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in found]

    return (
        rows(ArchivedStory, "number"),
        rows(ArchivedTopic, "story_id", "topic"),
        rows(ArchivedDocument, "guid"),
    )


def numbers(lines) -> list[int]:
    return [line.number for line in lines]


def test_a_released_story_is_in_the_archive_whole(publish):
    item = an_item(1, topics=("budget",))
    publish(item)
    held = queries.story(1)
    assert held.item == item
    assert (held.serial, held.gone_at) == (1, None)
    assert queries.serial() == 1


def test_a_story_nobody_released_is_not_there(db):
    assert queries.story(1) is None
    assert queries.story(2**70) is None


def test_an_update_replaces_the_story_and_keeps_its_place(publish):
    publish(an_item(1), an_item(2))
    publish(an_item(1, version=2, headline="Better words"))
    assert queries.story(1).item.headline == "Better words"
    assert numbers(queries.latest("en")) == [2, 1]


def test_an_update_may_move_a_story_to_other_topics(publish):
    publish(an_item(1, topics=("budget", "taxes")))
    publish(an_item(1, version=2, topics=("taxes", "courts")))
    found = {slug: numbers(queries.under_topic("en", slug, limit=5))
             for slug in ("budget", "taxes", "courts")}
    assert found == {"budget": [], "taxes": [1], "courts": [1]}


def test_an_update_may_move_a_story_to_another_section(publish):
    publish(an_item(1))
    publish(an_item(1, version=2, section=a_ref("facts")))
    assert numbers(queries.in_section("en", "economy", limit=5)) == []
    assert numbers(queries.in_section("en", "facts", limit=5)) == [1]


def test_a_correction_marks_the_story_in_lists(publish):
    publish(an_item(1))
    publish(an_item(1, version=2, corrections=(Correction(at=NOON, note="The sum was 3 bn."),)))
    assert [line.corrected for line in queries.latest("en")] == [True]


def test_a_kill_takes_the_story_out_of_every_list_and_topic(publish):
    item = an_item(1, topics=("budget",), translation_key="key")
    twin = an_item(2, edition="uk", topics=("budget",), translation_key="key")
    other = an_item(3, topics=("budget",))
    picks = Picks(guid="hot", version=1, edition="en", place="hot", numbers=(1, 3))
    publish(item, twin, other, picks)
    publish(a_killed(item))
    day = (item.first_released_at.replace(hour=0), item.first_released_at.replace(hour=23))
    assert numbers(queries.latest("en")) == [3]
    assert numbers(queries.in_section("en", "economy", limit=5)) == [3]
    assert numbers(queries.between("en", *day, limit=9)) == [3]
    assert numbers(queries.under_topic("en", "budget", limit=5)) == [3]
    assert numbers(queries.newest_under("en", "budget")) == [3]
    assert numbers(queries.lines(queries.shape().picks["en", "hot"].numbers)) == [3]
    assert numbers(queries.translations(twin)) == []
    assert numbers(queries.newest_by_section("en", ["economy"], limit=5)["economy"]) == [3]
    assert queries.stories([1, 3]) == [other]


def test_a_killed_story_leaves_a_notice_and_none_of_its_words(publish):
    item = an_item(1, headline="What was wrong", summary="Also wrong", topics=("budget",))
    publish(item)
    kill = msgspec.structs.replace(a_killed(item), headline="What was wrong", body=item.body)
    publish(kill)
    held = queries.story(1)
    assert held.gone_at == kill.released_at
    assert held.item.kill_reason == kill.kill_reason
    assert (held.item.headline, held.item.body, held.item.topics) == ("", (), ())
    row = ArchivedStory.objects.using(PUBLIC).get()
    assert "wrong" not in row.headline + row.slug + bytes(row.data).decode()


def test_a_withheld_story_comes_back_when_it_is_restored(publish):
    item = an_item(1, topics=("budget",))
    publish(item)
    publish(msgspec.structs.replace(item, version=2, status=Status.WITHHELD))
    assert numbers(queries.latest("en")) == []
    publish(msgspec.structs.replace(item, version=3))
    assert numbers(queries.latest("en")) == [1]
    assert numbers(queries.under_topic("en", "budget", limit=5)) == [1]


def test_what_is_for_clients_only_never_enters_the_public_archive(publish):
    publish(an_item(1, topics=("budget",)), audience=Audience.CLIENTS)
    publish(
        Section(guid="s", version=1, edition="en", slug="facts", name="Facts"),
        audience=Audience.CLIENTS,
    )
    assert contents() == ([], [], [])
    assert queries.serial() == 2


def test_clients_first_reaches_the_public_when_its_own_release_comes(publish):
    publish(an_item(1), audience=Audience.CLIENTS)
    publish(an_item(1, version=2), audience=Audience.CLIENTS)
    publish(an_item(1))
    assert queries.story(1).item.version == 1


def test_an_older_version_that_comes_late_changes_nothing(publish):
    publish(an_item(1, version=3, headline="The newest", topics=("courts",)))
    before = contents()
    publish(an_item(1, version=2, headline="Older", topics=("budget",)))
    assert contents() == before


def test_an_older_version_later_in_one_batch_changes_nothing(publish):
    publish(
        an_item(1, version=3, headline="The newest"), an_item(1, version=2, headline="Older")
    )
    assert queries.story(1).item.headline == "The newest"


def test_an_update_that_comes_after_the_kill_does_not_bring_the_story_back(publish):
    item = an_item(1)
    publish(msgspec.structs.replace(a_killed(item), version=3))
    publish(an_item(1, version=2))
    assert numbers(queries.latest("en")) == []


def test_applying_the_whole_log_again_changes_nothing(publish):
    publish(an_item(1, topics=("budget",)), an_item(2), an_item(1, version=2, topics=("taxes",)))
    publish(a_killed(an_item(2)), Topic(guid="t", version=1, edition="en", slug="x", name="X"))
    before = contents()
    with transaction.atomic(using=PUBLIC):
        PublicArchive().apply(log.read(after=0, limit=100))
    assert contents() == before


def test_a_struck_body_is_passed_over(release, follow_public):
    release(an_item(1))
    release(an_item(2))
    log.strike(digest(canonical(an_item(1))), reason="Order of the court")
    assert follow_public() == 2
    assert numbers(queries.latest("en")) == [2]


def test_documents_that_shape_the_site_replace_their_older_versions(publish):
    first = Section(guid="s1", version=1, edition="en", slug="facts", name="Facts", order=2)
    publish(
        Edition(guid="e1", version=1, code="en", name="English", title="The Agency"),
        first,
        Section(guid="s2", version=1, edition="en", slug="economy", name="Economy", order=1),
        Page(guid="p1", version=1, edition="en", slug="about", title="About us"),
        Picks(guid="h1", version=1, edition="en", place="hot", numbers=(3, 1)),
    )
    publish(msgspec.structs.replace(first, version=2, name="Checked facts", order=0))
    shape = queries.shape()
    assert [edition.code for edition in shape.editions] == ["en"]
    assert [section.name for section in shape.sections["en"]] == ["Checked facts", "Economy"]
    assert [page.title for page in shape.pages["en"]] == ["About us"]
    assert shape.picks["en", "hot"].numbers == (3, 1)


def test_a_document_taken_out_of_use_is_out_of_the_shape(publish):
    page = Page(guid="p1", version=1, edition="en", slug="about", title="About us")
    publish(page)
    publish(msgspec.structs.replace(page, version=2, status=Status.CANCELED))
    assert queries.shape().pages == {}


def test_a_topic_that_an_editor_described_is_found_by_its_slug(publish):
    described = Topic(guid="t", version=1, edition="en", slug="budget", name="The budget")
    publish(described)
    assert queries.topic("en", "budget") == described
    assert queries.topic("uk", "budget") is None
    assert queries.topic("en", "taxes") is None


class Regret(Exception):
    """Makes a transaction roll back."""


class Crash(Exception):
    """Stands for the end of a process, in the middle of what it did."""


class Crashing(PublicArchive):
    """Does all its work and ends before the commit."""

    def apply(self, batch):
        super().apply(batch)
        raise Crash


versions = st.tuples(
    st.integers(1, 4),  # story
    st.integers(1, 4),  # version, in any order
    st.lists(st.sampled_from(["budget", "taxes", "courts"]), unique=True, max_size=3),
    st.booleans(),  # killed
    st.sampled_from(Audience),
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    released=st.lists(versions, unique_by=lambda row: (row[0], row[1], row[4]), max_size=20),
    batches=st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=6),
)
def test_however_the_log_is_cut_into_batches_the_newest_public_version_stands(
    db, released, batches
):
    with pytest.raises(Regret), transaction.atomic(), transaction.atomic(using=PUBLIC):
        log.append_many(
            [Addition(version_of(*row[:4]), Kind.UPDATE, row[4]) for row in released]
        )
        for size, crash in batches:
            with suppress(Crash):
                catch_up(Crashing() if crash else PublicArchive(), batch=size)
        catch_up(PublicArchive())
        expected = {}
        for number, version, topics, killed, audience in released:
            if audience is Audience.PUBLIC and version > expected.get(number, (0,))[0]:
                expected[number] = (version, topics, killed)
        live = sorted((n for n, (_, _, killed) in expected.items() if not killed), reverse=True)
        assert numbers(queries.latest("en")) == live
        for slug in ("budget", "taxes", "courts"):
            under = [n for n in live if slug in expected[n][1]]
            assert numbers(queries.under_topic("en", slug, limit=10)) == under
        assert {n: queries.story(n).item.version for n in expected} == {
            n: version for n, (version, _, _) in expected.items()
        }
        raise Regret  # the next example starts from an empty archive


def version_of(number, version, topics, killed):
    item = an_item(number, version=version, topics=tuple(topics))
    return msgspec.structs.replace(a_killed(item), version=version) if killed else item


def test_a_kill_whose_body_was_struck_stays_a_kill_when_the_archive_is_made_again(
    release, follow_public
) -> None:
    release(an_item(1))
    killed = msgspec.structs.replace(an_item(1), version=2, status=Status.CANCELED, body=())
    release(killed, kind=Kind.KILL)
    log.strike(digest(canonical(killed)), reason="Order of the court")
    follow_public()
    held = queries.story(1)
    assert held is not None
    assert held.gone_at is not None
    assert held.item.headline == ""
    assert queries.latest("en") == []


def test_a_struck_correction_does_not_bring_the_older_text_back(release, follow_public) -> None:
    release(an_item(1))
    follow_public()
    corrected = msgspec.structs.replace(an_item(1), version=2)
    release(corrected, kind=Kind.CORRECTION)
    log.strike(digest(canonical(corrected)), reason="Order of the court")
    follow_public()
    assert queries.latest("en") == []
    release(msgspec.structs.replace(an_item(1), version=3), kind=Kind.CORRECTION)
    follow_public()
    assert [line.number for line in queries.latest("en")] == [1]
