"""The story page: what stands on it, in which order, and what an address leads to."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import escape

from dateline.addresses import item_path
from dateline.archive import queries
from dateline.items import Byline, Correction, Embed, Paragraph, Quotation, Ref, Table
from dateline.site.pages import story_page
from tests.documents import NOON, an_item
from tests.site.conftest import (
    a_full_item,
    a_picture,
    hrefs,
    in_ukrainian,
    picks,
    text_of,
    texts,
    tree_of,
)


def test_a_story_page_has_its_parts_in_the_design_s_order(publish, open_story):
    story = a_full_item(
        50, version=3, corrections=(Correction(at=NOON + timedelta(hours=2), note="Not 12: 21."),)
    )
    others = [an_item(n, topics=("grain",)) for n in range(1, 4)]
    publish(story, *others, picks("hot", 2))

    page = text_of(open_story(story).select("main")[0])

    landmarks = [
        "Economy",
        "15:50 03.09.2025",
        "Headline 50, version 3",
        "1 min read",
        "LYSYCHKA, 3 September",
        "Correction 17:00 03.09.2025 Not 12: 21.",
        "The quay on Tuesday",
        "Photo: Ira Hnatko",
        "The first paragraph.",
        "What changes",
        "It will be cheaper",
        "One toll",
        "#Grain",
        "More about",
        "Headline 3, version 1",
        "Hot news",
        "Headline 2, version 1",
        "Latest",
        "Headline 50, version 3",
        "Advertising",
        "Advertising",
    ]
    place = 0
    for words in landmarks:
        place = page.find(words, place)
        assert place >= 0, f"{words!r} is missing or out of its place"
        place += len(words)


def test_more_about_says_time_and_date_of_each_story_under_its_day(publish, open_story):
    story = an_item(500, topics=("grain",))
    old = an_item(1, topics=("grain",), first_released_at=datetime(2025, 8, 29, 12, tzinfo=UTC))
    publish(story, an_item(2, topics=("grain",)), old)

    days = open_story(story).select(".more .timeline__day")

    assert [text_of(day.select(".timeline__name")[0]) for day in days] == [
        "Wednesday, 3 September 2025",
        "Friday, 29 August 2025",
    ]
    assert [texts(day, "time") for day in days] == [["15:02 03.09.2025"], ["15:00 29.08.2025"]]


def test_rails_leave_out_today_s_date_and_show_older_ones(publish, open_story):
    story = an_item(1)
    publish(story, an_item(2, first_released_at=datetime(2025, 9, 2, 17, 44, tzinfo=UTC)))

    assert texts(open_story(story), ".rail--latest time") == ["15:01", "20:44 02.09.2025"]


def test_times_tell_machines_the_agency_s_zone(publish, open_story):
    story = an_item(1)
    publish(story)

    head = open_story(story).select(".story-head time")[0]

    assert head.get("datetime") == "2025-09-03T15:01:00+03:00"


def test_a_first_version_says_nothing_of_updates_and_a_later_one_does(publish, open_story):
    first = an_item(1)
    third = an_item(2, version=3, released_at=datetime(2025, 9, 3, 17, 20, tzinfo=UTC))
    next_day = an_item(3, version=2, released_at=datetime(2025, 9, 4, 5, 0, tzinfo=UTC))
    publish(first, third, next_day)

    assert texts(open_story(first), ".story-head__version") == []
    assert texts(open_story(third), ".story-head__version") == ["updated 20:20, version 3"]
    assert texts(open_story(next_day), ".story-head__version") == [
        "updated 08:00 04.09.2025, version 2"
    ]


def test_the_newest_correction_stands_first_and_all_stand_above_the_text(publish, open_story):
    story = an_item(
        1,
        version=3,
        corrections=(
            Correction(at=NOON, note="The first."),
            Correction(at=NOON + timedelta(hours=1), note="The second."),
        ),
    )
    publish(story)

    article = open_story(story).select("article")[0]

    assert texts(article, ".correction p") == [
        "Correction 16:00 03.09.2025 The second.",
        "Correction 15:00 03.09.2025 The first.",
    ]
    order = [name for element in article.find_all(True, class_=True) for name in element["class"]]
    assert order.index("correction") < order.index("text")


def test_a_lead_picture_has_its_sizes_so_that_text_does_not_move(publish, open_story):
    story = a_full_item(1)
    publish(story)

    image = open_story(story).select(".article > .picture img")[0]

    assert (image.get("width"), image.get("height")) == ("1600", "900")
    assert image.get("srcset").split(", ") == [
        "/pictures/quay-400.jpg 400w",
        "/pictures/quay-800.jpg 800w",
        "/pictures/quay-1600.jpg 1600w",
    ]
    assert image.get("alt") == "A quay at dawn"
    assert image.get("sizes")


def test_bylines_say_who_and_in_which_role(publish, open_story):
    story = an_item(1, bylines=(Byline(name="Danylo Krutko"), Byline(name="Ira H", role="photo")))
    publish(story)

    assert texts(open_story(story), ".byline") == ["Danylo Krutko, Ira H (photo)"]


@pytest.mark.parametrize(
    "wrong",
    [
        "/en/economy/7-another-headline/",
        "/en/economy/7/",
        "/en/economy/7",
        "/en/world/7-headline-7-version-1/",
        "/uk/economy/7-headline-7-version-1/",
        "/en/economy/7-headline-7-version-1",
        "/en/economy/0007-headline-7-version-1/",
        "/en/economy/7-%D0%B7/",
    ],
)
def test_an_address_with_the_right_number_leads_to_its_right_form(client, publish, agency, wrong):
    story = an_item(7)
    publish(story)

    response = client.get(wrong)

    assert (response.status_code, response["Location"]) == (301, item_path(story))


def test_what_follows_the_question_mark_is_no_part_of_a_story_s_address(client, publish, agency):
    story = an_item(7)
    publish(story)

    assert client.get(item_path(story), {"from": "mail"}).status_code == 200


def test_a_story_that_changed_its_section_answers_at_the_new_one(client, publish, agency):
    before = an_item(7)
    after = an_item(7, version=2, section=Ref(slug="world", name="World"))
    publish(before, after)

    response = client.get(item_path(before))

    assert (response.status_code, response["Location"]) == (301, item_path(after))


def test_translations_name_each_other_and_a_default(publish, open_story):
    english = an_item(1, translation_key="tides")
    ukrainian = in_ukrainian(an_item(2, translation_key="tides"), headline="Припливи")
    publish(english, ukrainian)
    expected = {
        "en": f"http://127.0.0.1:8000{item_path(english)}",
        "uk": f"http://127.0.0.1:8000{item_path(ukrainian)}",
        "x-default": f"http://127.0.0.1:8000{item_path(english)}",
    }

    for story in (english, ukrainian):
        links = open_story(story).select("head link[hreflang]")
        assert {link.get("hreflang"): link.get("href") for link in links} == expected


def test_a_translation_is_offered_in_its_own_language(publish, open_story):
    english = an_item(1, translation_key="tides")
    ukrainian = in_ukrainian(an_item(2, translation_key="tides"), headline="Припливи")
    publish(english, ukrainian)

    (there,) = open_story(english).select(".translations a")
    (back,) = open_story(ukrainian).select(".translations a")

    assert (text_of(there), there.get("lang"), there.get("href")) == (
        "Українською",
        "uk",
        item_path(ukrainian),
    )
    assert (text_of(back), back.get("lang")) == ("In English", "en")


def test_a_story_without_translations_names_no_language_versions(publish, open_story):
    story = an_item(1)
    publish(story)

    assert open_story(story).select("head link[hreflang]") == []


def test_a_story_page_asks_the_archive_for_the_story_alone_once_its_rails_are_known(
    client, publish, agency, keeping, django_assert_num_queries
):
    story = a_full_item(1, translation_key="tides")
    publish(
        story,
        in_ukrainian(an_item(2, translation_key="tides")),
        *(an_item(n, topics=("grain", "river-ports")) for n in range(3, 40)),
        picks("hot", 3, 4, 5),
    )
    client.get(item_path(an_item(3)))
    client.get(item_path(an_item(4, topics=("grain", "river-ports"))))

    # The archive's serial, the story, its translations, and what was written anew from it.
    with django_assert_num_queries(4, using="public"):
        assert client.get(item_path(story)).status_code == 200


def test_a_story_page_never_asks_the_newsroom_s_database(
    client, publish, agency, django_assert_num_queries
):
    story = a_full_item(1)
    publish(story)

    with django_assert_num_queries(0, using="default"):
        client.get(item_path(story))


def test_hot_news_is_the_desk_s_picks_in_the_desk_s_order(publish, open_story):
    publish(*(an_item(n) for n in range(1, 9)), picks("hot", 3, 7, 1, 5, 2))

    found = texts(open_story(an_item(8)), ".rail--hot .row__headline")

    assert found == [f"Headline {n}, version 1" for n in (3, 7, 1, 5, 2)]


def test_the_urgent_fill_up_hot_news_when_the_desk_picked_few(publish, open_story):
    publish(an_item(1), an_item(2, urgency=2), an_item(3, urgency=2), picks("hot", 2))

    found = texts(open_story(an_item(1)), ".rail--hot .row__headline")

    assert found == ["Headline 2, version 1", "Headline 3, version 1"]


ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def test_no_text_of_a_story_becomes_markup(publish, open_story):
    ref = Ref(slug="economy", name=ATTACK)
    story = an_item(
        1,
        headline=ATTACK,
        section=ref,
        summary=ATTACK,
        slugline=ATTACK,
        genre=ATTACK,
        ednote=ATTACK,
        bylines=(Byline(name=ATTACK, role=ATTACK),),
        picture=a_picture(alt=ATTACK, caption=ATTACK, credit=ATTACK),
        corrections=(Correction(at=NOON, note=ATTACK),),
        body=(
            Paragraph(html=ATTACK + '<b onclick="x()">bold</b><a href="javascript:x()">link</a>'),
            Quotation(text=ATTACK, speaker=ATTACK, office=ATTACK),
            Table(rows=((ATTACK,),), caption=ATTACK),
            Embed(url="javascript:alert(3)", title=ATTACK, provider=ATTACK),
            Embed(url="https://charts.example/?a=<b>", title=ATTACK),
        ),
    )
    msg_topics = an_item(2, headline=ATTACK, topics=("grain",))
    publish(story, msg_topics)

    page = open_story(story)

    scripts = page.select("script:not([src])")
    assert [script.get("type") for script in scripts] == ["application/ld+json"]
    assert json.loads(scripts[0].string)["headline"] == ATTACK
    assert text_of(page.select("h1")[0]) == " ".join(ATTACK.split())
    attributes = [pair for element in page.find_all(True) for pair in element.attrs.items()]
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not [value for name, value in attributes if name in ("href", "src") and "javas" in value]
    assert all(image.get("src").startswith("/pictures/") for image in page.select("img"))


def test_an_attack_is_shown_as_the_text_it_is(client, publish, agency):
    story = an_item(1, headline=ATTACK)
    publish(story)

    assert escape(ATTACK) in client.get(item_path(story)).content.decode()


def test_an_embed_is_a_link_and_loads_nothing(publish, open_story):
    story = an_item(1, body=(Embed(url="https://www.charts.example/cpi", title="Prices"),))
    publish(story)

    (link,) = open_story(story).select(".embed a")

    assert link.get("href") == "https://www.charts.example/cpi"
    assert text_of(link) == "Prices Opens at charts.example"


def test_a_shared_link_carries_headline_section_time_and_picture(publish, open_story):
    story = a_full_item(1)
    publish(story)

    found = open_story(story).select("meta[property]")
    card = {meta.get("property"): meta.get("content") for meta in found}

    assert card["og:title"] == story.headline
    assert card["og:description"] == "Economy · 15:01 03.09.2025 · Tolls go down from October."
    assert card["og:url"] == f"http://127.0.0.1:8000{item_path(story)}"
    assert card["og:image"] == "http://127.0.0.1:8000/pictures/quay-1600.jpg"


def test_a_story_names_itself_to_machines_by_its_one_right_address(publish, open_story):
    story = a_full_item(1)
    publish(story)

    page = open_story(story)

    url = f"http://127.0.0.1:8000{item_path(story)}"
    assert hrefs(page, "link[rel=canonical]") == [url]
    assert json.loads(page.select("script")[0].string)["url"] == url


def test_a_topic_of_a_story_is_a_link_to_its_timeline(publish, open_page, open_story):
    story = an_item(1, topics=("river-ports",))
    publish(story)

    (path,) = hrefs(open_story(story), ".topics a")

    assert path == "/en/topic/river-ports/"
    assert texts(open_page(path), ".row__headline") == [story.headline]


def test_a_story_s_section_that_is_no_more_is_named_and_not_linked(publish, open_story):
    story = an_item(1, section=Ref(slug="shipping", name="Shipping"))
    publish(story)

    head = open_story(story).select(".story-head__over")[0]

    assert text_of(head).startswith("Shipping")
    assert head.select("a") == []


def test_a_preview_is_the_page_with_a_banner_and_for_no_search_engine(publish, agency):
    draft = a_full_item(1)

    preview = tree_of(_Page(story_page(draft, shape=queries.shape(), preview=True)))
    page = tree_of(_Page(story_page(draft, shape=queries.shape())))

    assert texts(preview, ".preview") == ["Preview: this is a draft. Readers do not see it."]
    assert preview.select("meta[name=robots]")[0].get("content") == "noindex"
    assert texts(preview, "main") == texts(page, "main")


def test_a_printed_story_ends_with_address_time_and_version(publish, open_story):
    story = an_item(1, version=2)
    publish(story)

    (printed,) = texts(open_story(story), ".printed")

    assert "15:01 03.09.2025" in printed
    assert "version 2" in printed
    assert printed.endswith(f"http://127.0.0.1:8000{item_path(story)}")


class _Page:
    def __init__(self, html):
        self.content = html.encode()
