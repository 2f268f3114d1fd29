"""Each pattern in both languages: that its words fit its facts."""

import re
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from dateline.demo import world
from dateline.demo.captions import SCENES
from dateline.demo.lexicon import EN, LANGUAGES, UK
from dateline.demo.pattern import Pattern
from dateline.demo.patterns import PATTERNS, followers_of, starters_of
from dateline.demo.texts import BACKGROUND, read
from dateline.demo.topics import TOPICS
from dateline.demo.writing import Draft, body_of, draft, headline_of

MOMENT = datetime(2026, 2, 10, 9, tzinfo=UTC)
ALL = [(section, pattern) for section in PATTERNS for pattern in PATTERNS[section]]
NAMES = [f"{section}-{pattern.name}" for section, pattern in ALL]


def drafts(section: str, wanted: Pattern, chance: Random) -> Draft:
    """A draft of the pattern, after those it follows."""
    before = {later.name: name for name, (later, _) in followers_of(section).items()}
    by_name = {pattern.name: pattern for pattern in PATTERNS[section]}
    if wanted.name not in before:
        return draft(chance, wanted, moment=MOMENT, section=section)
    earlier = drafts(section, by_name[before[wanted.name]], chance)
    return draft(chance, wanted, moment=MOMENT, before=earlier)


@pytest.mark.parametrize(("section", "pattern"), ALL, ids=NAMES)
def test_a_pattern_can_be_told_in_both_languages_whatever_chance_brings(section, pattern):
    for seed in range(25):
        story = drafts(section, pattern, Random(seed))
        for language in LANGUAGES:
            assert headline_of(story, language, moment=MOMENT)
            assert len(body_of(story, language, moment=MOMENT)) >= 3


@pytest.mark.parametrize(("section", "pattern"), ALL, ids=NAMES)
def test_the_two_languages_of_a_pattern_have_the_same_blocks(section, pattern):
    shapes = [
        [(line.kind, line.optional, line.speaker) for line in read(section, language)[name].lines]
        for language in LANGUAGES
        for name in [pattern.name]
    ]

    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("section", "pattern"), ALL, ids=NAMES)
def test_no_fact_hides_the_holder_of_an_office(section, pattern):
    facts = drafts(section, pattern, Random(1)).facts

    assert not set(facts) & set(world.CAST)


@pytest.mark.parametrize("section", PATTERNS)
def test_a_section_has_ten_patterns_and_background_in_both_languages(section):
    english, ukrainian = (read(section, language) for language in (EN, UK))

    assert len(PATTERNS[section]) >= 10
    assert starters_of(section)
    assert set(english) == set(ukrainian) == {p.name for p in PATTERNS[section]} | {BACKGROUND}
    assert len(english[BACKGROUND].lines) == len(ukrainian[BACKGROUND].lines)


def test_ukrainian_counts_always_give_three_forms_and_english_ones_two():
    for section in PATTERNS:
        for language, forms in ((EN, 2), (UK, 3)):
            for name, text in read(section, language).items():
                for template in (*text.headlines, text.summary, *(li.text for li in text.lines)):
                    for spec in re.findall(r"\{\w+:([^}]+)\}", template):
                        assert len(spec.split("|")) == forms, f"{language} {name}: {spec}"


def test_patterns_use_only_topics_and_scenes_that_exist():
    topics = {topic.slug for topic in TOPICS}
    for _, pattern in ALL:
        assert set(pattern.topics) <= topics
        assert not pattern.scene or pattern.scene in SCENES


def test_no_two_people_in_office_share_a_name():
    people = [*world.CAST.values(), *world.MAYORS.values(), *world.CHIEFS.values()]
    counts = Counter(person.en.name for person in people)

    assert [name for name, count in counts.items() if count > 1] == []
