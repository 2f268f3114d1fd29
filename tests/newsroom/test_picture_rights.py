"""Rights: no release shows a picture without alt text or past its rights; and when they end, the
stories that show it are released without it, once, by themselves."""

import gc
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.images.models import Image

from dateline.items import GalleryBlock, Kind, PictureBlock
from dateline.newsroom import rights, scheduler
from dateline.newsroom.documents import StandingPage
from dateline.newsroom.picture_facts import PictureFacts
from dateline.newsroom.release import NotReleasable, release
from dateline.newsroom.rights import LOOKED_FOR, leave_pages
from dateline.newsroom.story import Story
from dateline.newsroom.trail import TrailEntry
from dateline.releases import log
from tests.newsroom.shots import drawing, jpeg, upload

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def pier(db):
    yield Image.objects.create(title="Pier", file=upload(jpeg(drawing(seed=1)), "pier.jpg"))
    gc.collect()


@pytest.fixture
def crane(db):
    return Image.objects.create(title="Crane", file=upload(jpeg(drawing(seed=2)), "crane.jpg"))


def end_rights(image, *, ago=timedelta(seconds=1)):
    PictureFacts.objects.filter(image=image).update(expires_at=timezone.now() - ago)


def pictured(story, *, lead=None, body=(), gallery=()):
    """The story with these pictures, each with its alt text."""
    story.picture, story.picture_alt = lead, f"{lead} at noon" if lead else ""
    blocks = [("paragraph", "<p>The rate stays.</p>")]
    blocks += [("picture", {"image": each, "alt": f"{each} at dawn"}) for each in body]
    if gallery:
        entries = [{"image": each, "alt": f"{each} at night"} for each in gallery]
        blocks.append(("gallery", {"title": "The harbour", "pictures": entries}))
    story.body = blocks
    return story


@pytest.mark.parametrize("place", ["lead", "picture", "gallery"])
def test_a_picture_without_alt_text_is_refused_by_its_place(draft, pier, place):
    if place == "lead":
        draft.picture, draft.picture_alt = pier, " "
    elif place == "picture":
        draft.body = [("picture", {"image": pier, "alt": ""})]
    else:
        draft.body = [("gallery", {"title": "", "pictures": [{"image": pier, "alt": " "}]})]
    with pytest.raises(NotReleasable, match="alt text") as refused:
        release(draft)
    assert ("lead" in refused.value.message) == (place == "lead")
    assert ("Pier" in refused.value.message) == (place != "lead")


@pytest.mark.parametrize("place", ["lead", "body", "gallery"])
def test_a_picture_past_its_rights_is_refused_by_its_name(draft, pier, place):
    end_rights(pier)
    pictured(draft, **{place: pier if place == "lead" else [pier]})
    with pytest.raises(NotReleasable, match="“Pier” are over since"):
        release(draft)


def test_a_schedule_past_the_end_of_the_rights_is_refused_at_once(draft, pier):
    PictureFacts.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    pictured(draft, lead=pier)
    release(draft)
    draft = Story.objects.get(pk=draft.pk)
    draft.go_live_at = timezone.now() + timedelta(hours=2)
    revision = draft.save_revision()
    with pytest.raises(NotReleasable, match="Pier"):
        revision.publish()


def test_a_story_is_released_without_a_picture_whose_rights_are_over(draft, pier, crane, rows):
    release(pictured(draft, lead=pier, body=[crane, pier], gallery=[pier, crane]))
    end_rights(pier)
    assert leave_pages(timezone.now()) == 1

    first, second = (entry.document for entry in rows())
    assert (second.version, second.picture) == (2, None)
    shown = [each for each in second.body if isinstance(each, PictureBlock | GalleryBlock)]
    assert [type(each) for each in shown] == [PictureBlock, GalleryBlock]
    assert shown[0].picture.alt == "Crane at dawn"
    assert [each.alt for each in shown[1].pictures] == ["Crane at night"]
    assert second.first_released_at == first.first_released_at
    assert [entry.kind for entry in rows()] == [Kind.NEW, Kind.UPDATE]
    assert "“Pier” are over" in TrailEntry.objects.filter(story=draft.pk).first().note


def test_a_gallery_of_nothing_else_leaves_with_it(draft, pier, rows):
    release(pictured(draft, gallery=[pier]))
    end_rights(pier)
    leave_pages(timezone.now())
    assert not [e for e in rows()[-1].document.body if isinstance(e, GalleryBlock)]


def test_the_form_opens_without_it_and_the_story_has_no_unsaved_changes(draft, pier):
    release(pictured(draft, lead=pier))
    end_rights(pier)
    leave_pages(timezone.now())
    story = Story.objects.get(pk=draft.pk)
    assert story.live
    assert not story.has_unpublished_changes
    assert story.latest_revision_id == story.live_revision_id
    assert story.latest_revision.as_object().picture is None
    release(story)


def test_a_draft_that_was_begun_stays_as_it_is_and_newer(draft, pier):
    story = release(pictured(draft, lead=pier))
    story.headline = "Half a thought"
    begun = story.save_revision()
    end_rights(pier)
    leave_pages(timezone.now())
    story = Story.objects.get(pk=draft.pk)
    assert story.headline == "Bank holds the rate"
    assert story.latest_revision_id == begun.pk
    assert story.has_unpublished_changes
    opened = story.get_latest_revision_as_object()
    assert (opened.headline, opened.picture, opened.version) == ("Half a thought", pier, 2)
    with pytest.raises(NotReleasable, match="Pier"):
        release(opened)


def test_what_is_not_released_is_left_to_its_editor(draft, pier, rows):
    pictured(draft, lead=pier)
    draft.save()
    end_rights(pier)
    assert leave_pages(timezone.now()) == 0
    assert rows() == []


def test_it_leaves_once(draft, pier):
    release(pictured(draft, lead=pier))
    end_rights(pier)
    assert leave_pages(timezone.now()) == 1
    assert leave_pages(timezone.now()) == 0


def test_a_picture_is_looked_for_a_while_and_then_no_more(draft, pier, django_assert_num_queries):
    end_rights(pier)
    leave_pages(timezone.now())
    assert PictureFacts.objects.get().left_at is None
    leave_pages(timezone.now() + LOOKED_FOR)
    assert PictureFacts.objects.get().left_at is not None
    with django_assert_num_queries(1):
        leave_pages(timezone.now() + LOOKED_FOR)


def test_the_scheduler_does_it(draft, pier, rows):
    release(pictured(draft, lead=pier))
    end_rights(pier)
    scheduler.run_due(timezone.now())
    assert rows()[-1].document.picture is None


def test_what_could_not_be_done_is_said_and_tried_again(draft, pier, caplog, monkeypatch):
    release(pictured(draft, lead=pier))
    end_rights(pier)
    monkeypatch.setattr(rights, "without", lambda *_: 1 / 0)
    assert leave_pages(timezone.now()) == 0
    assert "keeps picture" in caplog.text
    monkeypatch.undo()
    assert leave_pages(timezone.now()) == 1


def test_a_picture_says_whose_it_is_though_the_story_does_not(draft, pier, rows):
    PictureFacts.objects.update(
        credit="Ivan Sad", copyright_notice="© Ivan Sad", source_type="trainedAlgorithmicMedia"
    )
    release(pictured(draft, lead=pier))
    picture = rows()[-1].document.picture
    assert (picture.credit, picture.copyright_notice) == ("Ivan Sad", "© Ivan Sad")
    assert picture.source_type.endswith("/trainedAlgorithmicMedia")


def test_a_standing_page_loses_it_too_and_cannot_take_it_again(en, pier, crane):
    words = {"caption": "", "credit": ""}
    body = [("picture", {"image": each, "alt": str(each), **words}) for each in (pier, crane)]
    page = StandingPage.objects.create(edition=en, slug="about", title="About", body=body)
    end_rights(pier)
    assert leave_pages(timezone.now()) == 1

    (*_, entry) = log.read(0, 100)
    assert entry.kind is Kind.UPDATE
    assert [each.picture.alt for each in entry.document.body] == ["Crane"]
    assert leave_pages(timezone.now()) == 0
    page.body = body
    with pytest.raises(ValidationError, match="Pier"):
        page.clean()


def test_a_page_that_cannot_be_released_without_it_keeps_no_story_and_no_scheduler(
    en, draft, pier, monkeypatch
):
    """The scheduler's loop goes on: what it was to do next is not to wait for a lost file."""
    body = [("picture", {"image": pier, "alt": "Pier", "caption": "", "credit": ""})]
    StandingPage.objects.create(edition=en, slug="about", title="About", body=body)
    second = StandingPage.objects.create(edition=en, slug="contacts", title="Contacts", body=body)
    end_rights(pier)
    save = StandingPage.save

    def refuse(page, *args, **kwargs):
        if page.slug == "about":
            raise FileNotFoundError("a lost file")
        save(page, *args, **kwargs)

    monkeypatch.setattr(StandingPage, "save", refuse)
    assert scheduler.run_due(timezone.now()) == 1
    second.refresh_from_db()
    assert not second.body
