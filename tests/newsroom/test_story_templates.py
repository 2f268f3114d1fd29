"""Story templates: what a new story on a desk begins with."""

import pytest

from dateline.newsroom import roles
from dateline.newsroom.desks import Desk
from dateline.newsroom.documents import Section
from dateline.newsroom.story import Story
from dateline.newsroom.templates import StoryTemplate, for_desk
from tests.newsroom.desk import body_of, desk_of, form_of, person, url

NEW = url("add") + "?locale=en"


@pytest.fixture
def template(economy, en) -> StoryTemplate:
    return StoryTemplate.objects.create(
        name="Markets at close",
        desk=economy,
        edition=en,
        section=Section.objects.get(edition=en, slug="economy"),
        slugline="markets",
        headline="Shares close",
        body=[("paragraph", "<p>Shares closed.</p>")],
        topics="Markets, Shares",
        urgency=4,
    )


def test_a_story_begun_with_a_template_has_what_it_says(desk, template):
    form = desk.get(f"{NEW}&template={template.pk}").context["form"]
    assert form.initial["headline"] == "Shares close"
    assert form.initial["urgency"] == 4
    assert form.initial["topics"] == ["Markets", "Shares"]
    assert form.initial["desk"] == template.desk_id
    assert not Story.objects.exists()


def test_a_desks_own_template_needs_no_choosing(desk, template, economy):
    assert desk.get(NEW).context["form"].initial["headline"] == ""
    Desk.objects.filter(pk=economy.pk).update(template=template)
    assert desk.get(NEW).context["form"].initial["headline"] == "Shares close"


def test_a_new_storys_form_offers_templates_of_its_desk_and_of_all_desks(desk, template, en, uk):
    elsewhere = Desk.objects.create(name="Culture", slug="culture")
    StoryTemplate.objects.create(name="For all", edition=en)
    StoryTemplate.objects.create(name="For Culture", desk=elsewhere, edition=en)
    StoryTemplate.objects.create(name="Українською", edition=uk)
    page = desk.get(NEW).content.decode()
    assert "Markets at close" in page
    assert "For all" in page
    assert "For Culture" not in page
    assert "Українською" not in page


def test_a_template_of_another_edition_is_not_taken(desk, template, uk):
    form = desk.get(f"{url('add')}?locale=uk&template={template.pk}").context["form"]
    assert form.initial["headline"] == ""


def test_changing_a_template_changes_no_story(desk, template):
    desk.post(f"{NEW}&template={template.pk}", form_of(headline="Shares close higher"))
    template.headline = "Changed"
    template.save()
    assert Story.objects.get().headline == "Shares close higher"


def test_the_board_offers_its_desks_templates(desk, template):
    assert "Markets at close" in desk.get("/desk/board/economy/").content.decode()
    assert [each.name for each in for_desk(template.desk)] == ["Markets at close"]


def test_a_template_is_made_on_its_screen_and_its_section_must_fit(newsroom, en, uk):
    chief = desk_of(person("chief", roles.CHIEF_EDITOR))
    form = {
        "name": "Weather", "desk": "", "edition": str(en.pk), "headline": "", "summary": "",
        "section": str(Section.objects.get(edition=uk, slug="facts").pk), "slugline": "",
        "urgency": "5", "genre": "Current", "place": "", "topics": "", "ednote": "",
        **body_of(),
    }  # fmt: skip
    address = "/desk/snippets/newsroom/storytemplate/add/"
    page = chief.post(address, form)
    assert "another edition" in page.content.decode()
    form["section"] = str(Section.objects.get(edition=en, slug="facts").pk)
    chief.post(address, form)
    assert StoryTemplate.objects.get().name == "Weather"
