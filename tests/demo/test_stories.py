"""The demo's days of news: what a reader of two months of them could check."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import msgspec
import pytest

from dateline.demo.agency import SECTIONS
from dateline.demo.clock import ZONE
from dateline.demo.lexicon import EN, UK
from dateline.demo.model import DemoStory
from dateline.demo.stories import VOLUME, live, stories
from dateline.demo.topics import TOPICS
from dateline.items import Block, Embed, List, Paragraph, Quotation, Subhead, Table

UNTIL = datetime(2026, 3, 18, 15, tzinfo=UTC)
ALLOWED = {"a", "b", "strong", "i", "em", "br", "sub", "sup"}


@pytest.fixture(scope="module")
def default() -> list[DemoStory]:
    return list(stories(seed=1, count=480, until=UNTIL))


def words(story: DemoStory) -> list[str]:
    """Everything of a story that a reader sees."""
    parts = [story.headline, story.summary, story.place, story.slugline, story.ednote]
    parts += [part for byline in story.bylines for part in (byline.name, byline.role)]
    if story.picture:
        parts += [story.picture.alt, story.picture.caption, story.picture.credit]
    if story.correction:
        parts += [story.correction.note, *body_words(story.correction.body)]
    return [*parts, *body_words(story.body)]


def body_words(body: tuple[Block, ...]) -> list[str]:
    parts: list[str] = []
    for block in body:
        match block:
            case Paragraph(html=text) | Subhead(text=text):
                parts.append(text)
            case Quotation():
                parts += [block.text, block.speaker, block.office]
            case List():
                parts += block.entries
            case Table():
                parts += [block.caption, *(cell for row in block.rows for cell in row)]
            case Embed():
                parts.append(block.title)  # its provider is a host, in Latin letters everywhere
    return parts


def figures(story: DemoStory) -> Counter[str]:
    """The numbers of two digits and more in a body; small ones may be spelt out in English."""
    text = " ".join(body_words(story.body)).replace("\N{NO-BREAK SPACE}", "")
    text = re.sub(r"(\d),(\d{3})(?!\d)", r"\1\2", text)
    text = re.sub(r"(\d+)(?: thousand| ?тисяч\w?)", r"\g<1>000", text)
    numbers = (number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", text))
    return Counter(number for number in numbers if float(number) >= 10)


def test_the_same_seed_gives_the_same_stories():
    first, again = (list(stories(seed=5, count=60, until=UNTIL)) for _ in range(2))
    other = list(stories(seed=6, count=60, until=UNTIL))

    assert first == again
    assert first != other


@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 100, 480])
def test_as_many_stories_come_as_were_asked_for_with_keys_from_one(count):
    made = list(stories(seed=1, count=count, until=UNTIL))

    assert [story.key for story in made] == list(range(1, count + 1))


def test_stories_come_in_release_order_within_the_days_asked_for(default):
    times = [story.released_at for story in default]

    assert times == sorted(times)
    assert times[0] >= UNTIL - timedelta(days=60)
    assert times[-1] <= UNTIL
    assert {moment.tzinfo for moment in times} == {UTC}


def test_the_newsroom_is_busier_by_day_than_by_night(default):
    hours = Counter(story.released_at.astimezone(ZONE).hour for story in default)

    assert sum(hours[hour] for hour in range(9, 18)) > len(default) / 2
    assert sum(hours[hour] for hour in range(5)) < len(default) / 20


def test_both_editions_every_section_and_all_sixty_topics_are_used(default):
    used = {topic for story in default for topic in story.topics}

    assert {story.edition for story in default} == {EN, UK}
    assert {story.section for story in default} == {section.slug for section in SECTIONS}
    assert used == {topic.slug for topic in TOPICS}
    assert all(1 <= len(set(story.topics)) == len(story.topics) <= 4 for story in default)


def test_a_third_of_the_stories_are_translations_released_minutes_after_the_original(default):
    by_key = {story.key: story for story in default}
    translated = [story for story in default if story.translation_of]

    assert len(translated) == len(default) // 3
    for story in translated:
        original = by_key[story.translation_of]
        late = story.released_at - original.released_at
        assert (original.edition, story.edition) == (EN, UK)
        assert timedelta(0) < late < timedelta(minutes=30)


def test_a_translation_has_the_facts_and_figures_of_its_original(default):
    by_key = {story.key: story for story in default}
    for story in default:
        if story.translation_of is None:
            continue
        original = by_key[story.translation_of]
        assert (story.section, story.topics, story.slugline, story.urgency, story.genre) == (
            original.section, original.topics, original.slugline, original.urgency, original.genre
        )  # fmt: skip
        assert list(map(type, story.body)) == list(map(type, original.body))
        own, same = figures(story), figures(original)
        shared = sum((own & same).values())
        assert shared >= 0.7 * max(sum(own.values()), sum(same.values())), story.headline


def test_no_headline_comes_twice_in_the_default_demo(default):
    counts = Counter(story.headline for story in default)

    assert [headline for headline, count in counts.items() if count > 1] == []


def test_no_placeholder_is_left_in_any_text(default):
    for story in default:
        for text in words(story):
            assert not re.search(r"[{}|]|\bNone\b(?! of)|\bobject at\b|  ", text), text


def test_texts_are_in_the_language_of_the_edition(default):
    for story in default:
        latin = story.edition == EN
        for text in (story.headline, story.summary, *body_words(story.body)):
            assert not re.search(
                r"[а-яіїєґ]" if latin else r"[a-z]{3}", re.sub("<[^>]+>", "", text)
            )


def test_every_block_is_a_valid_block_with_only_the_inline_html_allowed(default):
    for story in default:
        encoded = msgspec.json.encode(story.body)
        assert msgspec.json.decode(encoded, type=tuple[Block, ...]) == story.body
        for text in body_words(story.body):
            tags = set(re.findall(r"</?([a-zA-Z0-9]+)", text))
            assert tags <= ALLOWED
            assert text.count("<b>") == text.count("</b>")


def test_tables_are_rectangular(default):
    tables = [block for story in default for block in story.body if isinstance(block, Table)]

    assert tables
    assert all(len({len(row) for row in table.rows}) == 1 for table in tables)


def test_stories_have_a_lead_a_quotation_or_list_and_three_to_eleven_blocks(default):
    for story in default:
        assert isinstance(story.body[0], Paragraph)
        assert 3 <= len(story.body) <= 11
        assert any(isinstance(block, Quotation | List | Table) for block in story.body)
        assert 1 <= story.urgency <= 9
    assert sum(story.urgency == 1 for story in default) < len(default) / 50


def test_a_correction_changes_one_block_and_names_both_figures(default):
    corrected = [story for story in default if story.correction]

    assert corrected
    for story in corrected:
        pairs = zip(story.body, story.correction.body, strict=True)
        changed = [number for number, (wrong, right) in enumerate(pairs, 1) if wrong != right]
        assert len(changed) == 1
        assert str(changed[0]) in story.correction.note
        assert story.correction.minutes_after > 0


def test_a_handful_of_stories_is_killed_and_none_of_them_has_a_translation(default):
    killed = [story for story in default if story.kill]
    translated = {story.translation_of for story in default}

    assert 1 <= len(killed) <= 5
    for story in killed:
        assert story.key not in translated
        assert story.translation_of is None
        assert story.correction is None
        assert story.kill.reason


def test_about_one_story_in_four_has_a_picture_of_at_most_forty(default):
    pictured = [story.picture for story in default if story.picture]

    assert 0.15 < len(pictured) / len(default) < 0.35
    assert len({spec.name for spec in pictured}) <= 40
    assert all(spec.alt and spec.caption and spec.credit for spec in pictured)


def test_a_storyline_goes_on_for_days_under_one_topic(default):
    storm = [s for s in default if s.slugline == "TALVENIA-STORM-HITS" and not s.translation_of]
    warnings = [s for s in default if s.slugline == "TALVENIA-STORM-WARNING"]

    assert storm
    for story in storm:
        before = [w for w in warnings if w.edition == story.edition and w.place == story.place]
        assert any(w.released_at < story.released_at for w in before)
        assert "weather" in story.topics


@pytest.fixture
def many_volumes(monkeypatch) -> list[DemoStory]:
    monkeypatch.setattr("dateline.demo.stories.VOLUME", 60)
    return list(stories(seed=1, count=250, until=UNTIL))


@pytest.mark.parametrize("after", [0, 1, 59, 60, 61, 133, 250])
def test_stories_after_a_key_are_the_rest_of_them_all(many_volumes, after):
    assert list(stories(seed=1, count=250, until=UNTIL, after=after)) == many_volumes[after:]


def test_volumes_join_without_a_seam(many_volumes):
    times = [story.released_at for story in many_volumes]

    assert [story.key for story in many_volumes] == list(range(1, 251))
    assert times == sorted(times)
    assert sum(bool(story.translation_of) for story in many_volumes) == 250 // 6 * 2
    assert sum(bool(story.kill) for story in many_volumes) == 3


def test_stories_far_on_are_told_without_those_before():
    after = 166 * VOLUME
    late = list(islice(stories(seed=1, count=1_000_000, until=UNTIL, after=after), 10))

    assert [story.key for story in late] == list(range(after + 1, after + 11))
    assert UNTIL - late[0].released_at < timedelta(days=1)


def test_live_stories_alternate_editions_and_count_on_from_the_key_given():
    now = datetime(2026, 3, 18, 9, tzinfo=UTC)
    made = list(islice(live(seed=3, start_key=501, clock=lambda: now), 40))

    assert [story.key for story in made] == list(range(501, 541))
    assert [story.edition for story in made[:4]] == [EN, UK, EN, UK]
    assert {story.released_at for story in made} == {now}
    assert all(story.kill is None and story.correction is None for story in made)
    assert len({story.headline for story in made}) == len(made)


def test_a_million_stories_can_be_begun_without_making_them_all():
    first = list(islice(stories(seed=1, count=1_000_000, until=UNTIL), 50))

    assert [story.key for story in first] == list(range(1, 51))


@pytest.mark.parametrize("seed", Random(0).sample(range(1000), 4))
def test_any_seed_makes_a_sound_demo(seed):
    made = list(stories(seed=seed, count=480, until=UNTIL))

    assert len({story.headline for story in made}) == 480
    assert {topic for story in made for topic in story.topics} == {t.slug for t in TOPICS}
    assert any(story.kill for story in made)
    assert any(story.correction for story in made)
