"""The hot list: picked, ordered and timed by editors; released when saved; nothing lost."""

from datetime import UTC, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dateline.archive import queries
from dateline.items import Picks
from dateline.newsroom import picks, scheduler, withholding
from dateline.newsroom.documents import Pick, PickList, Section
from dateline.newsroom.picks import Choice, NotPickable, PicksChanged
from dateline.newsroom.release import kill, release
from dateline.newsroom.screens.hot_list import Row, _arranged
from dateline.newsroom.story import Story
from dateline.releases import log
from tests.newsroom.desk import desk_of


def a_story(edition, headline: str) -> Story:
    story = Story(
        locale=edition.locale,
        section=Section.objects.get(edition=edition, slug="economy"),
        headline=headline,
        body=[("paragraph", "<p>Text.</p>")],
    )
    story.save()
    return release(story)


@pytest.fixture
def stories(en) -> list[Story]:
    return [a_story(en, headline) for headline in ("Harvest", "Ports", "Grain")]


@pytest.fixture
def address(en) -> str:
    return reverse("newsroom_hot_list", args=["en", "hot"])


def put(edition, *stories: Story, **until) -> None:
    choices = [Choice(story.pk, until.get(story.headline)) for story in stories]
    seen = picks.state_of(picks.picks_of(edition, "hot"))
    picks.save(edition, "hot", choices, seen=seen)


def listed(edition) -> list[int]:
    return [choice.number for choice in picks.picks_of(edition, "hot")]


def newest_picks() -> Picks:
    documents = [entry.document for entry in log.read(0, 500)]
    return [document for document in documents if isinstance(document, Picks)][-1]


def sent(page, *stories: Story, do: str = "save", **more: str) -> dict[str, object]:
    return {"seen": page.context["seen"], "story": [s.pk for s in stories], "do": do, **more}


# --- rules ---


def test_a_saved_list_is_released_in_its_order(en, stories):
    one, two, three = stories
    put(en, three, one, two)
    assert newest_picks().numbers == (three.pk, one.pk, two.pk)
    put(en, one)
    assert newest_picks().numbers == (one.pk,)


def test_each_edition_and_place_has_its_own(en, uk, stories):
    put(en, *stories)
    assert picks.picks_of(uk, "hot") == picks.picks_of(en, "front") == ()


def test_a_pick_whose_time_is_over_is_taken_off_and_readers_lists_move_up(
    en, stories, follow_public
):
    one, two, _ = stories
    end = timezone.now() + timedelta(hours=1)
    put(en, one, two, Harvest=end)
    assert scheduler.run_due(end - timedelta(seconds=1)) == 0
    assert scheduler.run_due(end) == 1
    assert newest_picks().numbers == (two.pk,)
    follow_public()
    assert queries.shape().picks["en", "hot"].numbers == (two.pk,)
    assert scheduler.run_due(end) == 0


def test_a_killed_story_falls_off_by_itself(en, stories):
    one, two, _ = stories
    put(en, one, two)
    kill(one, reason="Wrong")
    scheduler.run_due(timezone.now())
    assert newest_picks().numbers == (two.pk,)


def test_a_withheld_story_falls_off_by_itself(en, stories, editor):
    one, two, _ = stories
    put(en, one, two)
    withholding.withhold(Story.objects.get(pk=one.pk), reason="A court asked", by=editor)
    scheduler.run_due(timezone.now())
    assert newest_picks().numbers == (two.pk,)


def test_of_two_who_save_the_second_is_told_and_nothing_is_changed(en, stories, editor):
    one, two, three = stories
    seen = picks.state_of(picks.picks_of(en, "hot"))
    picks.save(en, "hot", [Choice(one.pk)], seen=seen, by=editor)
    head = log.head()
    with pytest.raises(PicksChanged, match="editor changed this list"):
        picks.save(en, "hot", [Choice(two.pk), Choice(three.pk)], seen=seen)
    assert (listed(en), log.head()) == ([one.pk], head)


def test_two_who_save_the_same_list_agree(en, stories):
    seen = picks.state_of(())
    picks.save(en, "hot", [Choice(stories[0].pk)], seen=seen)
    picks.save(en, "hot", [Choice(stories[0].pk)], seen=seen)


def test_a_time_alone_is_a_change_too(en, stories):
    seen = picks.state_of(picks.picks_of(en, "hot"))
    later = timezone.now() + timedelta(hours=2)
    picks.save(en, "hot", [Choice(stories[0].pk)], seen=seen)
    opened = picks.state_of(picks.picks_of(en, "hot"))
    picks.save(en, "hot", [Choice(stories[0].pk, later)], seen=opened)
    with pytest.raises(PicksChanged):
        picks.save(en, "hot", [], seen=opened)


def test_what_cannot_be_picked_is_refused_in_words(en, uk, stories, draft):
    now = timezone.now()
    foreign = a_story(uk, "Чуже")
    for choices, said in [
        ([Choice(draft.pk)], f"story {draft.pk}"),
        ([Choice(foreign.pk)], f"story {foreign.pk}"),
        ([Choice(stories[0].pk), Choice(stories[0].pk)], "twice"),
        ([Choice(stories[0].pk, now - timedelta(minutes=1))], "over already"),
        ([Choice(number) for number in range(1, 12)], "At most 10"),
    ]:
        with pytest.raises(NotPickable, match=said):
            picks.save(en, "hot", choices, seen=picks.state_of(()))
    assert listed(en) == []


numbers = st.lists(st.integers(1, 9), unique=True, max_size=6)
moments = st.none() | st.datetimes(timezones=st.just(UTC))


@given(numbers, numbers)
def test_lists_that_differ_have_states_that_differ(one, other):
    same = picks.state_of(map(Choice, one)) == picks.state_of(map(Choice, other))
    assert same == (one == other)


@given(
    numbers,
    st.lists(st.tuples(st.sampled_from(["up", "down", "add", "off", "?"]), st.integers(1, 9))),
)
def test_whatever_is_pressed_no_story_is_lost_or_doubled(listed, pressed):
    rows = [Row(number, str(number)) for number in listed]
    expected = set(listed)
    for what, number in pressed:
        rows = _arranged(rows, what, Row(number, str(number)))
        expected |= {number} if what == "add" else set()
        expected -= {number} if what == "off" else set()
        assert sorted(row.number for row in rows) == sorted(expected)


# --- the screen ---


def test_the_menu_leads_to_the_first_editions_list(desk, address):
    menu = reverse("newsroom_hot_lists")
    assert f'"{menu}"' in desk.get("/desk/").content.decode()
    assert desk.get(menu).url == address


def test_an_editor_saves_an_order_and_a_time(desk, en, stories, address):
    one, two, _ = stories
    page = desk.get(address)
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    response = desk.post(address, sent(page, two, one, **{f"until-{one.pk}": later}), follow=True)
    assert "readers have this list now" in response.content.decode()
    assert listed(en) == [two.pk, one.pk]
    assert Pick.objects.get(story=one).expires_at is not None
    assert later in desk.get(address).content.decode()


def test_without_scripts_buttons_add_move_and_take_off_and_only_save_changes(
    desk, en, stories, address
):
    one, two, three = stories
    page = desk.get(address, {"q": "harv"})
    assert [row.headline for row in page.context["found"]] == ["Harvest"]
    page = desk.post(address, sent(page, two, do=f"add {one.pk}"))
    page = desk.post(address, sent(page, two, one, do=f"add {three.pk}"))
    page = desk.post(address, sent(page, two, one, three, do=f"up {three.pk}"))
    page = desk.post(address, sent(page, two, three, one, do=f"off {two.pk}"))
    assert [row.number for row in page.context["rows"]] == [three.pk, one.pk]
    assert listed(en) == []
    desk.post(address, sent(page, three, one))
    assert listed(en) == [three.pk, one.pk]


def test_the_second_editor_sees_both_lists_and_may_choose(desk, en, stories, address):
    one, two, three = stories
    page = desk.get(address)
    put(en, one, two)
    response = desk.post(address, sent(page, three))
    assert response.status_code == 409
    assert [row.headline for row in response.context["rows"]] == ["Grain"]
    assert [row.headline for row in response.context["theirs"]] == ["Harvest", "Ports"]
    assert listed(en) == [one.pk, two.pk]
    kept = desk.post(address, sent(response, three, do="theirs"))
    assert kept.status_code == 302
    desk.post(address, sent(response, three))
    assert listed(en) == [three.pk]


def test_a_mistake_loses_nothing_that_was_arranged(desk, en, stories, address, draft):
    one, two, _ = stories
    page = desk.get(address)
    response = desk.post(address, sent(page, two, draft, one))
    assert [row.number for row in response.context["rows"]] == [two.pk, draft.pk, one.pk]
    assert "take it off" in response.content.decode()
    response = desk.post(address, sent(page, two, **{f"until-{two.pk}": "tomorrow-ish"}))
    assert "“tomorrow-ish” is no time" in response.content.decode()
    assert listed(en) == []


def test_the_search_finds_released_stories_by_words_and_any_by_number(desk, stories, draft):
    url = reverse("newsroom_hot_list_search", args=["en"])

    def found(query):
        return [each["headline"] for each in desk.get(url, {"q": query}).json()["stories"]]

    assert found("GRA") == ["Grain"]
    assert found("bank") == []
    assert found(str(stories[0].pk)) == ["Harvest"]
    assert found("9" * 30) == []
    assert found("") == ["Grain", "Ports", "Harvest"]


def test_nobody_without_the_right_sees_or_changes_it(reporter, en, stories, address):
    client = desk_of(reporter)
    client.post(address, {"seen": picks.state_of(()), "story": [stories[0].pk], "do": "save"})
    assert listed(en) == []
    for path in (address, reverse("newsroom_hot_list_search", args=["en"])):
        assert client.get(path).status_code in (302, 403)


def test_the_screen_takes_few_queries_however_long_the_list(
    desk, en, address, django_assert_max_num_queries
):
    put(en, *[a_story(en, f"Story {number}") for number in range(10)])
    desk.get(address)
    with django_assert_max_num_queries(25):
        desk.get(address)


def test_a_list_of_another_place_is_not_found(desk, en):
    assert desk.get("/desk/hot-list/en/attic/").status_code == 404
    assert desk.get("/desk/hot-list/xx/hot/").status_code == 404


def test_lists_of_picks_have_no_second_screen(desk, en):
    PickList.objects.create(edition=en, place="hot")
    assert desk.get("/desk/snippets/newsroom/picklist/").status_code == 404


@pytest.mark.parametrize("text", ["²", "٣", "9" * 30])
def test_digits_of_all_sorts_are_looked_for_and_break_nothing(desk, en, address, text):
    assert desk.get(address, {"q": text}).status_code == 200
    assert desk.post(address, {"story": [text], "do": f"add {text}"}).status_code == 200
