"""Kill: a reason is asked for, the consequences are said, and what fails is told."""

from wagtail.signals import unpublished

from dateline.newsroom.release import kill
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, failing, url


def test_the_screen_says_what_will_happen(desk, released):
    page = desk.get(url("unpublish", released.pk)).content.decode()
    assert "Readers get a notice" in page
    assert "Clients get a kill" in page
    assert f"/en/economy/{released.pk}-bank-holds-the-rate/" in page


def test_a_kill_needs_a_reason(desk, released, rows):
    for reason in ("", "   "):
        response = desk.post(url("unpublish", released.pk), {"reason": reason})
        assert response.status_code == 200
        assert "readers and clients are told" in response.content.decode()
    assert rows() == []


def test_a_reason_too_long_is_kept_on_the_screen(desk, released, rows):
    typed = "w" * 501
    response = desk.post(url("unpublish", released.pk), {"reason": typed})
    assert typed in response.content.decode()
    assert rows() == []


def test_the_reason_goes_to_readers_and_clients(desk, released, rows):
    desk.post(url("unpublish", released.pk), {"reason": "The source withdrew it."})
    assert rows()[0].document.kill_reason == "The source withdrew it."
    assert Story.objects.get(pk=released.pk).kill_reason == "The source withdrew it."


def test_a_kill_that_fails_keeps_the_reason_on_the_screen_and_says_so(desk, released, rows):
    with failing(unpublished):
        response = desk.post(url("unpublish", released.pk), {"reason": "The source withdrew it."})
    page = response.content.decode()
    assert "The source withdrew it." in page
    assert "nothing was changed" in page
    assert rows() == []


def test_what_is_not_released_cannot_be_killed(desk, draft, rows):
    response = desk.post(url("unpublish", draft.pk), {"reason": "No."}, follow=True)
    assert response.request["PATH_INFO"] == url("edit", draft.pk)
    assert rows() == []


def test_a_story_is_killed_once(desk, released, rows):
    kill(released, reason="First.")
    desk.post(url("unpublish", released.pk), {"reason": "Second."})
    assert [row.document.kill_reason for row in rows()] == ["First."]


def test_a_kill_ends_the_review_of_the_storys_draft(desk, released, reporter):
    released.save_revision()
    released.get_workflow().start(released, reporter)
    desk.post(url("unpublish", released.pk), {"reason": "No."})
    assert not Story.objects.get(pk=released.pk).workflow_in_progress


def test_a_reporter_cannot_open_the_screen(reporter, released):
    response = desk_of(reporter).get(url("unpublish", released.pk))
    assert response.status_code == 302
    assert response["Location"] == "/desk/"
