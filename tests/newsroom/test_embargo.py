"""What clients have and readers do not yet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dateline.archive.follower import PublicArchive
from dateline.archive.models import ArchivedStory
from dateline.items import Audience, Kind, Status
from dateline.newsroom import embargo, picks, scheduler, translations
from dateline.newsroom.documents import Section
from dateline.newsroom.embargo import NotEmbargoed, Why
from dateline.newsroom.release import NotReleasable, kill, release
from dateline.newsroom.rewriting import NotRewritable, begin_rewrite
from dateline.newsroom.story import ReleaseBypassed, Story
from dateline.newsroom.trail import Act, TrailEntry
from dateline.newsroom.withholding import restore, withhold
from dateline.releases import log

HOUR = timedelta(hours=1)


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def held(story: Story, **facts) -> Story:
    """The story, released under an embargo of an hour."""
    story.embargo_until = timezone.now() + HOUR
    for name, value in facts.items():
        setattr(story, name, value)
    return release(story)


def heard(rows) -> list[tuple]:
    return [(row.kind, row.audience, row.version) for row in rows()]


CLIENTS, PUBLIC = Audience.CLIENTS, Audience.PUBLIC


def test_under_embargo_clients_get_it_with_the_time_and_readers_nothing(draft, rows):
    story = held(draft)
    assert heard(rows) == [(Kind.NEW, CLIENTS, 1)]
    [row] = rows()
    assert row.document.embargoed_until == story.embargo_until
    assert not embargo.is_public(story)
    assert (story.held_until, story.held_why) == (story.embargo_until, Why.EMBARGO)


def test_at_its_time_readers_get_the_very_document_with_their_own_times(draft, rows):
    story = held(draft)
    later = story.embargo_until + timedelta(seconds=1)
    [job] = scheduler.due(later)
    assert job.at == story.held_until
    embargo.lift(story)
    clients, public = rows()
    assert (public.kind, public.audience, public.version) == (Kind.NEW, PUBLIC, 1)
    assert public.document.embargoed_until is None
    assert public.document.first_released_at == public.document.released_at
    assert public.document.released_at > clients.document.released_at
    for name in ("headline", "body", "guid", "topics", "summary", "number"):
        assert getattr(public.document, name) == getattr(clients.document, name)
    assert embargo.is_public(fresh(story))


def test_a_story_is_lifted_once(draft, editor, rows):
    story = embargo.lift(held(draft), by=editor)
    with pytest.raises(NotEmbargoed):
        embargo.lift(story)
    assert len(rows()) == 2
    [entry] = TrailEntry.objects.filter(act=Act.LIFT)
    assert entry.person == "editor"


def test_what_came_before_the_lift_is_one_story_to_readers(draft, rows):
    story = held(draft)
    story.headline, story.correction_note = "Bank cuts the rate", "It cuts; it does not hold."
    story = release(story)
    assert heard(rows)[1:] == [(Kind.CORRECTION, CLIENTS, 2)]
    embargo.lift(story)
    public = rows()[-1].document
    assert (public.version, public.headline, public.corrections) == (2, "Bank cuts the rate", ())
    assert fresh(story).corrections == []


def test_an_update_under_embargo_leaves_readers_what_they_have(released, rows):
    released.headline = "Bank to cut the rate"
    story = held(released)
    assert heard(rows) == [(Kind.UPDATE, CLIENTS, 2)]
    assert embargo.is_public(story)
    first = story.first_published_at
    embargo.lift(story)
    public = rows()[-1].document
    assert (public.version, public.first_released_at) == (2, first)


def test_a_kill_of_what_readers_never_had_is_told_to_clients_alone(draft, rows):
    kill(held(draft), reason="Wrong bank.")
    assert heard(rows)[-1] == (Kind.KILL, CLIENTS, 2)
    assert scheduler.due(timezone.now() + 2 * HOUR) == []


def test_a_kill_of_an_update_under_embargo_reaches_readers_of_the_older_version(released, rows):
    kill(held(released), reason="Wrong bank.")
    assert heard(rows)[-1] == (Kind.KILL, PUBLIC, 3)


@pytest.mark.parametrize("end", [kill, withhold])
def test_a_take_down_tells_nothing_of_an_update_that_is_under_embargo(released, end, rows):
    """It goes to readers, and to clients who may not see what is under embargo."""
    held(released, headline="The minister resigns", ednote="Not before noon")
    end(fresh(released), reason="A mistake")
    told = rows()[-1].document
    assert (told.headline, told.ednote, told.version) == ("Bank holds the rate", "", 3)
    assert told.embargoed_until is None
    if end is withhold:
        kill(fresh(released), reason="A mistake")
        assert rows()[-1].document.headline == "Bank holds the rate"


@pytest.mark.parametrize("end", [kill, withhold])
def test_a_take_down_at_the_time_of_the_lift_reaches_those_who_were_just_shown_it(draft, end, rows):
    read_before = fresh(held(draft))
    embargo.lift(read_before)
    assert end(read_before, reason="A mistake").public_version is None
    assert rows()[-1].audience == PUBLIC


def test_an_update_at_the_time_of_a_lift_reaches_readers_too(draft, rows):
    read_before = fresh(held(draft))
    embargo.lift(fresh(draft))
    story = release(read_before)
    assert heard(rows)[-1] == (Kind.UPDATE, PUBLIC, 2)
    assert story.first_published_at == rows()[1].document.first_released_at


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_lift_shows_the_pictures_of_the_version_that_it_shows(draft, image, settings):
    """The one who lifts may have read the story before its newest version was released."""
    story = held(draft)
    release(pictured_by(fresh(story), image))
    embargo.lift(story)
    document = log.find(story.guid, 2).document
    paths = [each.href.removeprefix(settings.PICTURES_URL) for each in document.picture.renditions]
    assert paths
    assert all((settings.PICTURES_ROOT / path).exists() for path in paths)


def pictured_by(story: Story, image) -> Story:
    story.picture, story.picture_alt = image, "A field"
    return story


def test_what_is_withheld_under_embargo_comes_back_under_it(draft, rows):
    story = withhold(held(draft), reason="Being checked.")
    assert scheduler.due(timezone.now() + 2 * HOUR) == []
    story = restore(story)
    assert heard(rows)[1:] == [(Kind.WITHHOLD, CLIENTS, 2), (Kind.RESTORE, CLIENTS, 3)]
    embargo.lift(story)
    assert rows()[-1].document.version == 3


def test_restored_after_its_time_readers_get_it_as_new(draft, rows):
    story = withhold(held(draft), reason="Being checked.")
    Story.objects.filter(pk=story.pk).update(embargo_until=timezone.now() - HOUR)
    revision = story.withheld_revision
    revision.content["embargo_until"] = (timezone.now() - HOUR).isoformat()
    revision.save()
    story = restore(fresh(story))
    row = rows()[-1]
    assert (row.audience, row.document.first_released_at) == (PUBLIC, row.document.released_at)
    assert embargo.is_public(story)


def test_the_embargo_of_a_story_that_clients_hold_is_not_dropped_by_a_form(draft, rows):
    story = held(draft)
    story.embargo_until = None
    with pytest.raises(NotReleasable, match="lift the embargo"):
        release(story)
    assert len(rows()) == 1


def test_an_embargo_may_be_moved(draft, rows):
    story = held(draft)
    story.embargo_until += HOUR
    story = release(story)
    assert story.held_until == story.embargo_until
    assert rows()[-1].document.embargoed_until == story.embargo_until


def test_a_draft_that_carries_a_lifted_embargo_does_not_bring_it_back(draft, rows):
    story = held(draft)
    opened = story.latest_revision.as_object()
    embargo.lift(story)
    opened = Story.objects.get(pk=story.pk).latest_revision.as_object()
    opened.headline = "Bank holds the rate again"
    release(opened)
    assert heard(rows)[-1] == (Kind.UPDATE, PUBLIC, 2)


def test_sections_let_clients_be_first_with_new_stories_and_updates(released, rows):
    Section.objects.filter(pk=released.section_id).update(clients_first_minutes=15)
    story = fresh(released)
    story.headline = "Bank still holds"
    story = release(story)
    [row] = rows()
    assert (row.audience, row.document.embargoed_until) == (CLIENTS, None)
    assert story.held_why == Why.CLIENTS_FIRST
    assert story.held_until == story.last_published_at + timedelta(minutes=15)


def test_a_correction_does_not_wait_for_clients_to_be_first(released, rows):
    Section.objects.filter(pk=released.section_id).update(clients_first_minutes=15)
    story = fresh(released)
    story.headline = "Bank still holds"
    story = release(story)
    story.correction_note = "It held."
    story = release(story)
    assert heard(rows)[-1] == (Kind.CORRECTION, PUBLIC, 3)
    assert story.held_until is None


def test_updates_of_a_delayed_story_do_not_delay_it_longer(draft, rows):
    draft.clients_first_minutes = 30
    story = release(draft)
    until = story.held_until
    story.headline = "Bank holds, a second time"
    story = release(story)
    assert story.held_until == until
    assert heard(rows) == [(Kind.NEW, CLIENTS, 1), (Kind.UPDATE, CLIENTS, 2)]


def test_flashes_are_delayed_only_where_the_section_says_so(en, draft):
    section = Section.objects.get(pk=draft.section_id)
    section.clients_first_minutes = 5
    section.save()
    draft.urgency = 1
    draft.section = section
    assert embargo.delay_min(draft) == 0
    section.clients_first_flashes = True
    assert embargo.delay_min(draft) == 5
    draft.clients_first_minutes = 0
    assert embargo.delay_min(draft) == 0


def test_a_translation_waits_with_its_source(draft, uk, editor):
    source = held(draft)
    story = fresh(translations.begin(source, locale=uk.locale, by=editor))
    story.headline = "Банк лишив ставку"
    assert story.embargo_until == source.embargo_until
    story.embargo_until = None
    with pytest.raises(NotReleasable, match="put it under an embargo"):
        release(story)
    story = fresh(story)
    assert story.embargo_until == source.embargo_until
    assert not embargo.is_public(release(story))


def test_a_translation_of_an_update_under_embargo_waits_with_it(released, uk, editor):
    translation = release(fresh(translations.begin(released, locale=uk.locale, by=editor)))
    source = held(fresh(released), headline="Bank raises the rate")
    # What follows the version that readers have may go on.
    translation = release(fresh(translation))
    translations.follow(translation, source.version)
    with pytest.raises(NotReleasable, match="put it under an embargo"):
        release(translation)
    translation = fresh(translation)
    translations.follow(translation, source.version)
    translation.embargo_until = source.held_until
    assert release(translation).held_until == source.held_until


def test_nothing_public_is_made_of_a_held_story(draft, en):
    story = held(draft)
    with pytest.raises(NotRewritable):
        begin_rewrite(story)
    assert not picks.pickable(en).filter(pk=story.pk).exists()


def test_an_update_under_embargo_is_not_copied_into_a_rewrite(released, editor):
    story = held(released, headline="The minister resigns")
    with pytest.raises(NotRewritable, match="under embargo until"):
        begin_rewrite(fresh(story), by=editor)
    embargo.lift(story)
    assert begin_rewrite(fresh(story), by=editor).headline == "The minister resigns"


def test_no_code_shows_a_held_story_past_the_log(draft):
    story = held(draft)
    with pytest.raises(ReleaseBypassed):
        Story.objects.filter(pk=story.pk).update(public_version=None)
    story.held_until = None
    with pytest.raises(ReleaseBypassed):
        story.save()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_files_of_a_held_picture_lie_where_the_site_does_not_serve_them(draft, image, settings):
    draft.picture, draft.picture_alt = image, "A field"
    story = held(draft)
    item = log.find(story.guid, 1).document
    paths = [r.href.removeprefix(settings.PICTURES_URL) for r in item.picture.renditions]
    assert paths
    assert all((settings.HELD_PICTURES_ROOT / path).exists() for path in paths)
    assert not settings.PICTURES_ROOT.exists()
    embargo.lift(story)
    assert all((settings.PICTURES_ROOT / path).exists() for path in paths)


@pytest.mark.django_db(databases=["default", "public"])
def test_the_public_archive_learns_of_it_at_the_lift(draft):
    start = log.head()
    story = held(draft)
    archive = PublicArchive()
    archive.apply(log.read(start, 100))
    assert not ArchivedStory.objects.using("public").filter(guid=story.guid).exists()
    embargo.lift(story)
    archive.apply(log.read(start, 100))
    assert ArchivedStory.objects.using("public").filter(guid=story.guid).exists()
    assert log.find(story.guid, 1).document.status is Status.USABLE
