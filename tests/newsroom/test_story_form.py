"""Writing a story: nothing typed is lost, drafts may be unfinished, a release asks for all."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale

from dateline.newsroom.documents import Section, Topic
from dateline.newsroom.release import kill, release
from dateline.newsroom.story import Story
from tests.newsroom.desk import body_of, desk_of, form_of, url

ADD = "?locale=en"
PUBLISH = {"action-publish": "1"}


def errors_of(response) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_draft_may_be_saved_with_nothing_but_a_headline(desk, en):
    form = form_of(headline="Only this", section="", **{"body-count": "0", "body-0-deleted": "1"})
    response = desk.post(url("add") + ADD, form, follow=True)
    story = Story.objects.get()
    assert story.headline == "Only this"
    assert response.request["PATH_INFO"] == url("edit", story.pk)
    assert "Draft saved" in said(response)


def test_a_draft_may_be_saved_without_a_headline(desk, en):
    desk.post(url("add") + ADD, form_of(headline="", slugline="grain"))
    assert str(Story.objects.get()) == "grain"


def test_a_release_names_each_missing_field_at_the_field(desk, en):
    form = form_of(headline="", section="", **{"body-count": "0"}, **PUBLISH)
    form = {name: value for name, value in form.items() if not name.startswith("body-0")}
    response = desk.post(url("add") + ADD, form)
    assert response.status_code == 200
    assert {"headline", "section", "body"} <= set(errors_of(response))
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    ("field", "length"),
    [("headline", 201), ("summary", 501), ("slugline", 61), ("ednote", 501), ("bylines", 251)],
)
@pytest.mark.parametrize("action", [{}, PUBLISH])
def test_an_over_long_field_gets_a_message_and_is_kept(desk, en, field, length, action):
    typed = "w" * length
    response = desk.post(url("add") + ADD, form_of(**{field: typed}, **action))
    assert list(errors_of(response)) == [field]
    assert typed in response.content.decode()


def test_nothing_typed_is_lost_on_a_form_with_errors(desk, en):
    form = form_of(
        headline="",
        summary="Зерна на десяту більше",
        topics="Grain, Ports, Нова тема",
        bylines="Ivan Sad, Olha Lis (photo)",
        ednote="Clients: graphics follow",
        **body_of(("paragraph", "<p>First words</p>"), ("subhead", "Then this")),
        **PUBLISH,
    )
    response = desk.post(url("add") + ADD, form)
    page = response.content.decode()
    assert list(errors_of(response)) == ["headline"]
    for typed in ("Зерна на десяту більше", "Ivan Sad, Olha Lis (photo)", "graphics follow"):
        assert typed in page
    assert response.context["form"]["topics"].value() == "Grain, Ports, Нова тема"
    assert "Нова тема" in page
    body = response.context["form"]["body"].value()
    assert [block.block_type for block in body] == ["paragraph", "subhead"]
    assert "First words" in body[0].value.source
    assert not Topic.objects.exists()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Wagtail leaves a temporary file to the GC
def test_a_lead_picture_asks_for_its_description_only_when_released(desk, en, image):
    form = form_of(picture=str(image.pk))
    desk.post(url("add") + ADD, form)
    assert Story.objects.get().picture == image
    response = desk.post(url("add") + ADD, {**form, **PUBLISH})
    assert list(errors_of(response)) == ["picture_alt"]
    response = desk.post(url("add") + ADD, {**form, **PUBLISH, "picture_alt": "A field"})
    assert Story.objects.filter(live=True).count() == 1


def test_a_new_story_is_by_whoever_is_signed_in(desk, editor, en):
    desk.post(url("add") + ADD, form_of())
    assert Story.objects.get().created_by == editor


def test_the_sections_offered_are_those_of_the_edition(desk, uk):
    response = desk.get(url("add") + "?locale=uk")
    offered = response.context["form"].fields["section"].queryset
    assert {section.edition for section in offered} == {uk}
    english = Section.objects.get(edition__locale__language_code="en", slug="economy")
    response = desk.post(url("add") + "?locale=uk", form_of(section=str(english.pk)))
    assert list(errors_of(response)) == ["section"]


def test_a_language_without_an_edition_says_so(desk, newsroom):
    Locale.objects.create(language_code="fr")
    response = desk.get(url("add") + "?locale=fr")
    assert response.status_code == 409
    assert "no edition" in response.content.decode()


def test_a_correction_is_offered_only_once_readers_have_the_story(desk, draft):
    assert "What was wrong" not in desk.get(url("edit", draft.pk)).content.decode()
    release(draft)
    page = desk.get(url("edit", draft.pk)).content.decode()
    assert "What was wrong" in page
    assert "the next release of this story is a correction" in page


def test_a_correction_note_makes_the_next_release_a_correction(desk, released, rows):
    form = form_of(released, correction_note="The rate is 7.", **PUBLISH)
    desk.post(url("edit", released.pk), form)
    assert [row.kind for row in rows()] == ["correction"]
    assert rows()[0].document.corrections[0].note == "The rate is 7."


def test_a_release_says_its_version_and_links_to_the_readers_page(desk, released):
    response = desk.post(url("edit", released.pk), form_of(released, **PUBLISH), follow=True)
    assert "Released as version 2" in said(response)
    assert f"/en/economy/{released.pk}-bank-holds-the-rate/" in said(response)


def test_scheduling_says_when_the_story_leaves(desk, draft, rows):
    later = timezone.now() + timedelta(days=1)
    form = form_of(draft, go_live_at=f"{later:%Y-%m-%d %H:%M}", **PUBLISH)
    response = desk.post(url("edit", draft.pk), form, follow=True)
    assert "Scheduled" in said(response)
    assert rows() == []


def test_a_killed_story_offers_no_release_and_says_why(desk, released):
    kill(released, reason="The source withdrew it.")
    page = desk.get(url("edit", released.pk)).content.decode()
    assert "This story was killed." in page
    assert "The source withdrew it." in page
    assert 'name="action-publish"' not in page
    assert 'name="action-submit"' not in page


def test_a_killed_story_is_not_released_by_a_form_left_open(desk, released, rows):
    kill(released, reason="The source withdrew it.")
    before = rows()
    form = form_of(released, headline="Once more", **PUBLISH)
    response = desk.post(url("edit", released.pk), form, follow=True)
    assert rows() == before
    assert "was killed" in said(response)
    assert Story.objects.get(pk=released.pk).get_latest_revision().object_str == "Once more"


def test_a_story_killed_by_someone_else_is_not_scheduled(desk, released):
    kill(released, reason="The source withdrew it.")
    later = timezone.now() + timedelta(days=1)
    form = form_of(released, go_live_at=f"{later:%Y-%m-%d %H:%M}", **PUBLISH)
    desk.post(url("edit", released.pk), form)
    assert Story.objects.get(pk=released.pk).scheduled_revision is None


def test_the_buttons_are_in_the_desks_words(desk, draft, reporter):
    page = desk.get(url("edit", draft.pk)).content.decode()
    assert "Release" in page
    assert "Send to the desk" in page
    assert ">Publish<" not in page
    assert "Unpublish" not in page
    assert "Release</em>" not in desk_of(reporter).get(url("edit", draft.pk)).content.decode()


# --- topics ---


def test_topics_are_kept_in_the_order_typed_and_made_as_needed(desk, en):
    Topic.named("Ports", edition=en)
    desk.post(url("add") + ADD, form_of(topics="Grain, ports ,  #Rail  , grain"))
    story = Story.objects.get()
    assert [ref.name for ref in story.topic_refs()] == ["Grain", "Ports", "Rail"]
    assert Topic.objects.count() == 3


def test_a_topic_with_a_comma_in_its_name_survives_an_edit(desk, draft):
    draft.set_topics(["Odesa, the port", "Grain"])
    draft.save()
    draft.save_revision()
    shown = desk.get(url("edit", draft.pk)).context["form"]["topics"]
    sent = shown.field.widget.format_value(shown.value())
    desk.post(url("edit", draft.pk), form_of(draft, topics=sent))
    names = [ref.name for ref in Story.objects.get(pk=draft.pk).topic_refs()]
    assert names == ["Odesa, the port", "Grain"]


def test_topics_of_a_released_storys_draft_wait_in_the_revision(desk, released, rows):
    desk.post(url("edit", released.pk), form_of(released, topics="Rates, New topic"))
    story = Story.objects.get(pk=released.pk)
    assert [ref.name for ref in story.topic_refs()] == ["Central bank", "Rates"]
    draft = story.get_latest_revision_as_object()
    assert [ref.name for ref in draft.topic_refs()] == ["Rates", "New topic"]
    assert rows() == []
    release(draft)
    story = Story.objects.get(pk=released.pk)
    assert [ref.name for ref in story.topic_refs()] == ["Rates", "New topic"]
    assert [ref.name for ref in rows()[0].document.topics] == ["Rates", "New topic"]


def test_a_preview_makes_no_topics(desk, released, follow_public):
    follow_public()
    before = Topic.objects.count()
    form = form_of(released, topics="Rates, Half-written", headline="Seen only here")
    answer = desk.post(url("preview_on_edit", released.pk), form)
    assert answer.json() == {"is_valid": True, "is_available": True}
    page = desk.get(url("preview_on_edit", released.pk)).content.decode()
    assert "Seen only here" in page
    assert "Half-written" in page
    assert Topic.objects.count() == before


def test_a_preview_that_the_site_cannot_make_says_so(desk, draft):
    """The public archive has not heard of this edition yet."""
    desk.post(url("preview_on_edit", draft.pk), form_of(draft))
    response = desk.get(url("preview_on_edit", draft.pk))
    assert response.status_code == 200
    assert "No preview yet" in response.content.decode()


def test_a_story_is_previewed_before_it_is_first_saved(desk, uk, follow_public):
    follow_public()
    section = str(Section.objects.get(edition=uk, slug="facts").pk)
    address = url("preview_on_add") + "?locale=uk"
    assert address in desk.get(url("add") + "?locale=uk").content.decode()
    form = form_of(section=section, headline="Урожай зібрано", topics="Зерно")
    assert desk.post(address, form).json()["is_valid"]
    page = desk.get(address).content.decode()
    assert "Урожай зібрано" in page
    assert 'lang="uk"' in page


def test_autosave_overwrites_its_own_revision_and_repeats_no_topic(desk, en):
    headers = {"accept": "application/json"}
    created = desk.post(url("add") + ADD, form_of(topics="Grain"), headers=headers).json()
    assert created["success"]
    for topics in ("Grain, Ports", "Grain, Ports", "Ports, Grain"):
        form = form_of(topics=topics, overwrite_revision_id=created["revision_id"])
        saved = desk.post(url("edit", created["pk"]), form, headers=headers).json()
        assert saved["success"], saved
        assert saved["revision_id"] == created["revision_id"]
    story = Story.objects.get()
    assert [ref.name for ref in story.topic_refs()] == ["Ports", "Grain"]
    assert story.story_topics.count() == 2
    assert Topic.objects.count() == 2


@pytest.mark.parametrize("topic", ["t" * 81])
def test_a_topic_too_long_gets_a_message_at_the_field(desk, en, topic):
    response = desk.post(url("add") + ADD, form_of(topics=f"Grain, {topic}"))
    assert list(errors_of(response)) == ["topics"]
    assert topic in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("gr", ["Grain", "Green deal"]), ("GRAIN", ["Grain"]), ("x", []), ("", []), ("%", [])],
)
def test_suggestions_begin_with_what_was_typed(desk, en, uk, query, found):
    for name in ("Green deal", "Grain", "Ports"):
        Topic.named(name, edition=en)
    Topic.named("Grain elsewhere", edition=uk)
    answer = desk.get("/desk/topics/", {"edition": "en", "q": query})
    assert [option["value"] for option in answer.json()["options"]] == found


def test_suggestions_in_ukrainian_do_not_mind_case(desk, uk):
    Topic.named("Київ", edition=uk)
    (option,) = desk.get("/desk/topics/", {"edition": "uk", "q": "киї"}).json()["options"]
    assert option["label"] == "Київ"


def test_suggestions_are_few(desk, en):
    for number in range(15):
        Topic.named(f"Grain {number}", edition=en)
    assert len(desk.get("/desk/topics/?edition=en&q=grain").json()["options"]) == 10


def test_suggestions_are_for_those_who_write(client, desk, en, django_user_model):
    assert client.get("/desk/topics/?edition=en&q=g").status_code == 302
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.get("/desk/topics/?edition=en&q=g").status_code == 302
    assert desk.get("/desk/topics/?edition=xx&q=g").status_code == 404


# --- what was pasted ---


def pasted(html: str) -> dict[str, str]:
    """A body as an editor's browser posts it after a paste that its own cleaning let through."""
    block = {"key": "a", "text": html, "type": "unstyled", "depth": 0,
             "inlineStyleRanges": [], "entityRanges": []}  # fmt: skip
    content = json.dumps({"blocks": [block], "entityMap": {}})
    return {**body_of(("paragraph", "")), "body-0-value": content}


def test_tags_typed_or_pasted_as_text_are_text_for_readers(desk, en, rows):
    desk.post(url("add") + ADD, form_of(**pasted("5 < 6 <script>alert(1)</script>"), **PUBLISH))
    html = rows()[0].document.body[0].html
    assert html == "5 &lt; 6 &lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("stored", "released_as"),
    [
        ("<p>Hi<script>alert(1)</script></p>", ["Hi"]),
        ("<style>p{color:red}</style><p>Hi</p>", ["Hi"]),
        ('<p onclick="x()">Hi <b onmouseover="x()">you</b></p>', ["Hi <b>you</b>"]),
        ('<p><a href="javascript:alert(1)">Hi</a></p>', ["Hi"]),
        ('<p><a href="https://example.org/" target="_blank">Hi</a></p>',
         ['<a href="https://example.org/">Hi</a>']),
        ('<p class="MsoNormal" style="mso-margin:0"><span lang="UK">Зерно<o:p></o:p></span></p>',
         ["Зерно"]),
        ("<!--[if gte mso 9]><xml><w:x/></xml><![endif]--><p>Hi</p>", ["Hi"]),
        ('<p>Before<iframe src="https://example.org/"></iframe> after</p>', ["Before after"]),
        ("<p>One</p><p> </p><p>&nbsp;</p><p>Two</p>", ["One", "Two"]),
        ('<p><img src="x" onerror="x()">Hi</p>', ["Hi"]),
    ],
)  # fmt: skip
def test_whatever_was_pasted_leaves_clean(draft, rows, stored, released_as):
    draft.body = [("paragraph", stored)]
    release(draft)
    assert [block.html for block in rows()[0].document.body] == released_as
