"""Links that show a draft to somebody outside."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import Image

from dateline.newsroom import preview_links
from dateline.newsroom.preview_links import NoSuchLink, PreviewLink
from dateline.newsroom.release import kill, release
from dateline.newsroom.screens.preview_links import open_path
from dateline.newsroom.trail import Act, TrailEntry
from tests.newsroom.desk import picture_file


@pytest.fixture
def link(draft, editor) -> PreviewLink:
    return preview_links.make(draft, whom="The ministry's press office", hours=1, by=editor)


def test_a_link_is_found_by_its_token_until_its_time(link):
    assert preview_links.find(link.token) == link
    PreviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NoSuchLink):
        preview_links.find(link.token)


def test_a_link_that_was_taken_back_shows_nothing_and_both_are_in_the_trail(link, editor):
    preview_links.revoke(link, by=editor)
    with pytest.raises(NoSuchLink):
        preview_links.find(link.token)
    revoked, made = TrailEntry.objects.filter(act=Act.PREVIEW_LINK)
    assert made.note.startswith("The ministry's press office")
    assert revoked.note.startswith("taken back")
    assert made.story == link.story_id


def test_a_link_to_a_story_that_was_killed_shows_nothing(link, editor):
    kill(release(link.story, by=editor), reason="It was wrong.", by=editor)
    with pytest.raises(NoSuchLink):
        preview_links.find(link.token)


@pytest.mark.parametrize(
    "forge",
    [
        lambda link: str(link.pk),
        lambda link: f"{link.pk}:abc",
        lambda link: link.token[:-1],
        lambda link: Signer(salt="another").sign(str(link.pk)),
        lambda link: Signer(salt="newsroom.preview").sign("9999"),
        lambda link: "",
        lambda link: "\x00" + link.token,
    ],
)
def test_no_token_but_the_right_one_opens_it(link, forge):
    with pytest.raises(NoSuchLink):
        preview_links.find(forge(link))


def test_each_opening_is_written_down(link):
    for address in ("192.0.2.1", "192.0.2.2"):
        preview_links.opened(link, address=address, agent="A browser")
    [found] = preview_links.links_of(link.story)
    assert found.opened == 2
    assert [each.address for each in found.openings.all()] == ["192.0.2.2", "192.0.2.1"]


@pytest.mark.parametrize("hours", [0, -1, 169])
def test_no_link_lasts_longer_than_a_week(draft, editor, hours):
    with pytest.raises(ValueError, match="1 to 168 hours"):
        preview_links.make(draft, whom="x", hours=hours, by=editor)


# --- the screens ---------------------------------------------------------------------------------


def test_the_screen_makes_a_link_and_takes_it_back(desk, draft):
    screen = reverse("newsroom_preview_links", args=[draft.pk])
    page = desk.post(screen, {"whom": "The ministry", "hours": "8"}, follow=True).content.decode()
    link = PreviewLink.objects.get()
    assert open_path(link) in page
    assert link.expires_at - link.made_at == pytest.approx(timedelta(hours=8), abs=timedelta(1e-4))
    page = desk.post(screen, {"revoke": link.pk}, follow=True).content.decode()
    assert "Taken back" in page
    assert Client().get(open_path(link)).status_code == 404


@pytest.mark.parametrize("fields", [{}, {"whom": " ", "hours": "8"}, {"whom": "x", "hours": "9"}])
def test_a_link_that_is_for_nobody_or_for_ever_is_not_made(desk, draft, fields):
    desk.post(reverse("newsroom_preview_links", args=[draft.pk]), fields)
    assert not PreviewLink.objects.exists()


@pytest.mark.django_db(databases=["default", "public"])
def test_whoever_has_a_link_sees_the_newest_draft_and_is_written_down(draft, editor, link):
    draft.headline = "Changed since"
    draft.save_revision(user=editor)
    answer = Client().get(open_path(link), headers={"user-agent": "Browser 1"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies
    assert preview_links.links_of(draft)[0].openings.get().agent == "Browser 1"


def test_an_address_that_is_no_link_says_the_same_as_one_that_is_over(link):
    PreviewLink.objects.update(expires_at=timezone.now())
    over = Client().get(open_path(link))
    none = Client().get("/preview/12:forged/")
    assert (over.status_code, none.status_code) == (404, 404)
    assert over.content == none.content


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("place", ["lead", "picture", "gallery"])
def test_a_link_opens_the_pictures_of_its_story_and_no_others(draft, image, editor, link, place):
    if place == "lead":
        draft.picture, draft.picture_alt = image, "A field"
    elif place == "picture":
        draft.body = [("picture", {"image": image, "alt": "A field"})]
    else:
        draft.body = [("gallery", {"title": "", "pictures": [{"image": image, "alt": "A field"}]})]
    draft.save_revision(user=editor)
    other = Image.objects.create(title="Another", file=picture_file())
    own, foreign = (each.get_rendition("width-480") for each in (image, other))
    at = f"/preview/{link.token}"
    answer = Client().get(f"{at}/{own.pk}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    assert Client().get(f"{at}/{foreign.pk}").status_code == 404
    assert Client().get(f"/preview/1:forged/{own.pk}").status_code == 404
