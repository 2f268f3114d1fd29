"""The subjects of a story: chosen by name, kept as codes, released with names."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dateline.newsroom.release import release
from dateline.newsroom.story import Story
from dateline.vocabulary import media_topics
from tests.newsroom.desk import desk_of, form_of, person, url

ECONOMY, TRADE, RETIRED = "20000344", "20000373", "20000172"
PUBLISH = {"action-publish": "action-publish"}


@pytest.fixture(autouse=True)
def _content_types(db):
    # Read once and kept: whichever test is first must not count it.
    ContentType.objects.get_for_model(Story)


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_a_story_is_released_with_the_codes_and_names_of_its_subjects(desk, draft, rows):
    form = form_of(draft, subjects=f"{TRADE}\n{ECONOMY} economy", **PUBLISH)
    desk.post(url("edit", draft.pk), form)
    subjects = rows()[0].document.subjects
    assert [(each.code, each.name) for each in subjects] == [
        (f"medtop:{TRADE}", "international trade"), (f"medtop:{ECONOMY}", "economy"),
    ]


def test_the_name_is_in_the_editions_language(uk, draft, rows):
    draft.subjects = TRADE
    draft.save_revision()
    release(draft.copy_for_translation(uk.locale))
    assert [each.name for each in rows()[0].document.subjects] == ["міжнародна торгівля"]


@pytest.mark.parametrize(
    "written", ["international trade", "МІЖНАРОДНА ТОРГІВЛЯ", f"medtop:{TRADE}",
                "economy, business and finance › economy › international trade"],
)
def test_a_subject_may_be_typed_by_name_in_any_language_or_as_a_code(desk, draft, written):
    desk.post(url("edit", draft.pk), form_of(draft, subjects=written))
    draft.refresh_from_db()
    assert draft.subjects == TRADE


def test_what_is_no_subject_is_refused_and_not_lost(desk, draft):
    written = f"{TRADE}\nCheese rolling, uphill"
    response = desk.post(url("edit", draft.pk), form_of(draft, subjects=written))
    (message,) = errors_of(response)["subjects"]
    assert "Cheese rolling, uphill" in message
    page = response.content.decode()
    assert page.count("Cheese rolling, uphill") >= 2
    assert response.context["form"]["subjects"].value() == written


def test_a_retired_subject_is_refused_with_its_replacement(desk, draft):
    response = desk.post(url("edit", draft.pk), form_of(draft, subjects=RETIRED))
    (message,) = errors_of(response)["subjects"]
    assert "accounting and audit" in message
    assert "accountancy and auditing" in message


def test_the_replacement_is_named_in_the_editors_language(desk, draft):
    with translation.override("uk"):
        headers = {"Accept-Language": "uk"}
        response = desk.post(
            url("edit", draft.pk), form_of(draft, subjects=RETIRED), headers=headers
        )
    (message,) = errors_of(response)["subjects"]
    assert "звітність і результати компаній" in message


def test_a_subject_retired_since_it_was_chosen_does_not_hold_up_a_release(draft, rows):
    draft.subjects = f"{RETIRED} {ECONOMY}"
    release(draft)
    names = [each.name for each in rows()[0].document.subjects]
    assert names == ["accounting and audit", "economy"]


def test_more_subjects_than_a_story_is_about_are_refused(desk, draft):
    nine = "\n".join(sorted(media_topics().concepts)[:9])
    response = desk.post(url("edit", draft.pk), form_of(draft, subjects=nine))
    assert "At most 8" in errors_of(response)["subjects"][0]


def test_subjects_of_the_form_are_shown_with_their_paths(desk, draft):
    draft.subjects = TRADE
    draft.save()
    draft.save_revision()
    field = desk.get(url("edit", draft.pk)).context["form"]["subjects"]
    assert "economy › international trade" in str(field)
    assert f"{TRADE}" in field.as_widget()


def test_suggestions_have_the_path_and_the_screens_language(desk, en):
    headers = {"accept-language": "uk"}
    answer = desk.get("/desk/subjects/", {"q": "міжнародна торг"}, headers=headers)
    assert answer.json()["options"] == [
        {
            "value": TRADE,
            "label": "міжнародна торгівля",
            "hint": "економіка, бізнес і фінанси › економіка",
        }
    ]


def test_suggestions_ask_the_database_only_who_is_asking(desk, en, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked:
        desk.get("/desk/subjects/?q=")
    with django_assert_num_queries(len(asked)):
        desk.get("/desk/subjects/?q=trade")


def test_suggestions_are_for_those_who_write(newsroom, client):
    assert client.get("/desk/subjects/?q=t").status_code == 302
    stranger = desk_of(person("stranger"))
    assert stranger.get("/desk/subjects/?q=t").status_code == 302


def test_the_genres_are_names_of_iptcs_genre_list():
    # As cv.iptc.org/newscodes/genre/ lists them; a wire needs these of its sixty.
    assert set(Story.Genre.values) == {
        "Current", "Analysis", "Background", "Feature", "Forecast", "Interview", "Opinion",
        "Press Release", "Profile", "Summary",
    }
