"""A desk's board: what stands in which column, what is mine, and how it moves by itself."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from dateline.newsroom import desks, notes
from dateline.newsroom.desks import Desk, Placing
from dateline.newsroom.documents import Section
from dateline.newsroom.release import kill, release
from dateline.newsroom.story import Story
from tests.newsroom.desk import desk_of, form_of, url

BOARD = "/desk/board/economy/"


class Shown(HTMLParser):
    """What a board shows: the headlines of each column, and the marks of each card."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.columns: dict[str, list[str]] = {}
        self.marks: dict[str, set[str]] = {}
        self._headline = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if "data-column" in facts:
            self._column = facts["data-column"]
            self.columns[self._column] = []
        elif "data-card" in facts:
            self._facts = set(facts)
        elif facts.get("class") == "card__headline":
            self._headline = True

    def handle_data(self, data):
        if self._headline and data.strip():
            self.columns[self._column].append(data)
            self.marks[data] = self._facts
            self._headline = False

    @property
    def full(self) -> dict[str, list[str]]:
        return {state: headlines for state, headlines in self.columns.items() if headlines}


def shown(client, path: str = BOARD) -> Shown:
    response = client.get(path)
    assert response.status_code == 200
    return Shown(response.content.decode())


def write(desk: Desk, headline: str, **facts) -> Story:
    section = Section.objects.get(edition=desk.edition, slug="economy")
    body = [("paragraph", "<p>Text.</p>")]
    story = Story(
        locale=section.edition.locale,
        section=section,
        headline=headline,
        body=body,
        desk=desk,
        **facts,
    )
    story.save()
    story.save_revision(user=facts.get("created_by"))
    return story


def in_review(desk: Desk, headline: str, by) -> Story:
    story = write(desk, headline, created_by=by)
    story.get_workflow().start(story, by)
    return story


def ready(desk: Desk, headline: str, by) -> Story:
    story = in_review(desk, headline, by)
    story.current_workflow_task_state.approve(user=by)
    return story


def test_every_state_has_its_column(desk, economy, reporter):
    write(economy, "A draft")
    in_review(economy, "A review", reporter)
    ready(economy, "Ready", reporter)
    later = write(economy, "Later", go_live_at=timezone.now() + timedelta(days=1))
    later.publish(later.get_latest_revision())
    release(write(economy, "Out"))
    changed = release(write(economy, "Out, being changed"))
    changed.save_revision()
    kill(release(write(economy, "Gone")), reason="No.")
    assert shown(desk).full == {
        "draft": ["Out, being changed", "A draft"],
        "in-review": ["A review"],
        "ready": ["Ready"],
        "scheduled": ["Later"],
        "released": ["Out"],
        "killed": ["Gone"],
    }


def test_only_stories_of_the_desk_stand_on_it(desk, economy, en, draft):
    write(Desk.objects.create(name="Culture", slug="culture", edition=en), "Elsewhere")
    write(economy, "Here")
    assert shown(desk).full == {"draft": ["Here"]}


def test_the_newest_change_is_on_top(desk, economy):
    first, _second = write(economy, "First"), write(economy, "Second")
    assert shown(desk).columns["draft"] == ["Second", "First"]
    desk.post(url("edit", first.pk), form_of(first, headline="First again"))
    Desk.objects.filter(pk=economy.pk).update(board_version=99)  # as the commit does
    assert shown(desk).columns["draft"] == ["First again", "Second"]


def test_what_is_mine_is_marked_for_me_alone(desk, economy, reporter, editor):
    write(economy, "Of the reporter", created_by=reporter)
    write(economy, "Given to the editor", created_by=reporter, assignee=editor)
    write(economy, "Of nobody")
    mine = {headline for headline, marks in shown(desk).marks.items() if "data-mine" in marks}
    assert mine == {"Given to the editor"}
    theirs = shown(desk_of(reporter)).marks
    assert {headline for headline, marks in theirs.items() if "data-mine" in marks} == {
        "Of the reporter",
        "Given to the editor",
    }


def test_a_person_whose_number_begins_anothers_is_not_taken_for_them(economy, reporter, editor):
    html = "".join(f"data-of-{number} " for number in (reporter.pk * 10, editor.pk * 10 + 1))
    assert "data-mine" not in html.replace(f"data-of-{reporter.pk} ", "data-mine ")


def test_urgent_is_marked_and_flash_more_so(desk, economy):
    write(economy, "A flash", urgency=1)
    write(economy, "An urgent one", urgency=3)
    write(economy, "An ordinary one")
    marks = shown(desk).marks
    assert {headline for headline in marks if "data-urgent" in marks[headline]} == {
        "A flash",
        "An urgent one",
    }
    assert desk.get(BOARD).content.decode().count("card--flash") == 1


def test_due_overdue_notes_and_changes_asked_for_stand_on_the_card(desk, economy, reporter, editor):
    past = timezone.now() - timedelta(hours=1)
    write(economy, "Late", due_at=past)
    story = in_review(economy, "Sent back", reporter)
    story.current_workflow_task_state.reject(user=editor)
    notes.add(story, "Who says so?", by=editor)
    page = desk.get(BOARD).content.decode()
    assert "overdue since" in page
    assert "changes asked for" in page
    assert "1 note" in page


def test_a_headline_cannot_break_out_of_its_card(desk, economy):
    write(economy, "<script>alert(1)</script>")
    page = desk.get(BOARD).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_more_link_leads_to_the_same_stories_in_the_list(desk, economy, reporter):
    in_review(economy, "A review", reporter)
    write(economy, "A draft")
    page = desk.get(BOARD).content.decode()
    links = re.findall(r'class="board__more"><a href="([^"]+)"', page)
    link = next(each for each in links if "in-review" in each).replace("&amp;", "&")
    assert parse_qs(urlsplit(link).query) == {"desk": [str(economy.pk)], "state": ["in-review"]}
    stories = desk.get(link).context["object_list"]
    assert [story.headline for story in stories] == ["A review"]


def test_without_a_name_the_board_is_the_persons_own(desk, economy):
    assert desk.get("/desk/board/")["Location"] == BOARD


def test_a_newsroom_without_desks_is_told_how_to_make_one(desk):
    assert "There is no desk yet" in desk.get("/desk/board/").content.decode()


# --- moving by itself ----------------------------------------------------------------------------


def test_nothing_changed_costs_the_board_one_query_of_its_own(desk, economy):
    version = economy.board_version
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(f"{BOARD}moves/?version={version}").status_code == 204
    asked = [query["sql"] for query in queries if "newsroom_" in query["sql"]]
    assert len(asked) == 1
    assert "newsroom_desk" in asked[0]
    assert "newsroom_story" not in asked[0]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what waits for the commit, which a test's own transaction never has."""

    def capture():
        # What was arranged before is as good as committed.
        connection.run_on_commit = []
        return django_capture_on_commit_callbacks(execute=True)

    return capture


CHANGES = {
    "a draft saved": lambda story, reporter, editor: story.save_revision(user=editor),
    "sent to the desk": lambda story, reporter, editor: story.get_workflow().start(story, reporter),
    "released": lambda story, reporter, editor: release(story, by=editor),
    "given to somebody": lambda story, reporter, editor: desks.place(
        story, Placing(story.desk, reporter, None), by=editor
    ),
    "a note": lambda story, reporter, editor: notes.add(story, "Look", by=editor),
    "deleted": lambda story, reporter, editor: story.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_moves_the_board_by_one_step(placed, economy, reporter, editor, committed, change):
    before = Desk.objects.get().board_version
    with committed():
        change(placed, reporter, editor)
    assert Desk.objects.get().board_version == before + 1


def test_each_step_of_a_review_moves_the_board(placed, economy, reporter, editor, committed):
    placed.get_workflow().start(placed, reporter)
    for step in ("approve", "reject"):
        before = Desk.objects.get().board_version
        with committed():
            getattr(placed.current_workflow_task_state, step)(user=editor)
        assert Desk.objects.get().board_version > before


def test_taken_off_the_schedule_moves_the_board(desk, economy, committed):
    story = write(economy, "Later", go_live_at=timezone.now() + timedelta(days=1))
    story.publish(story.get_latest_revision())
    before = Desk.objects.get().board_version
    with committed():
        revision = Revision.objects.get(approved_go_live_at__isnull=False)
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
    assert Desk.objects.get().board_version > before


def test_a_story_that_leaves_a_desk_moves_both_boards(placed, economy, en, committed):
    other = Desk.objects.create(name="Culture", slug="culture", edition=en)
    before = {desk.pk: desk.board_version for desk in Desk.objects.all()}
    with committed():
        desks.place(placed, Placing(other, None, None))
    after = {desk.pk: desk.board_version for desk in Desk.objects.all()}
    assert after == {pk: version + 1 for pk, version in before.items()}


def test_a_story_on_no_desk_moves_no_board(draft, economy, editor, committed):
    with committed():
        release(draft, by=editor)
    assert Desk.objects.get().board_version == economy.board_version


def test_what_moved_is_the_board_as_a_fresh_page_shows_it(desk, placed, economy, committed):
    version = Desk.objects.get().board_version
    with committed():
        release(placed)
    answer = desk.get(f"{BOARD}moves/?version={version}").json()
    assert answer["version"] == version + 1
    assert Shown(answer["html"]).columns == shown(desk).columns
    assert Shown(answer["html"]).full == {"released": [placed.headline]}


# --- what it costs -------------------------------------------------------------------------------


def test_the_boards_queries_are_few_and_do_not_grow(desk, economy, reporter, editor):
    def fill(count: int) -> None:
        for number in range(count):
            in_review(economy, f"Review {number}", reporter)
            release(write(economy, f"Out {number}", created_by=reporter))
            notes.add(write(economy, f"Draft {number}", created_by=editor), "Hm", by=editor)
        Desk.objects.filter(pk=economy.pk).update(board_version=count)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(BOARD).status_code == 200
        assert not any('"body"' in query["sql"] for query in queries)
        return len(queries)

    fill(2)
    cost()
    fill(3)
    few = cost()
    fill(9)
    assert cost() == few
    assert few <= 25


def test_a_board_is_made_once_for_all_who_look_at_it(desk, economy, reporter):
    write(economy, "A draft")
    shown(desk)
    with CaptureQueriesContext(connection) as queries:
        assert shown(desk_of(reporter)).full == {"draft": ["A draft"]}
    assert not any('FROM "newsroom_story"' in query["sql"] for query in queries)
