"""Links that show a draft to somebody outside."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.utils import timezone

from dateline.newsroom import preview_links
from dateline.newsroom.preview_links import NoSuchLink, PreviewLink
from dateline.newsroom.trail import Act, TrailEntry


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
