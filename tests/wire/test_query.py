"""A query is read as it is typed, and refused in words that name the line."""

from datetime import date

import pytest

from dateline.items import EntityKind, EntityRef, Paragraph, Place, Subject
from dateline.wire.facts import ItemFacts
from dateline.wire.query import BadQuery, read
from tests.documents import an_item


def takes(text: str, **fields) -> bool:
    return read(text).takes(ItemFacts(an_item(1, **fields)))


def test_every_term_of_a_rule_must_be_there():
    assert takes("edition:en section:economy")
    assert not takes("edition:uk section:economy")


def test_of_values_with_commas_one_is_enough():
    assert takes("section:politics,economy")


def test_any_rule_of_several_is_enough():
    assert takes("section:sport\n\n# and\nsection:economy")


def test_a_minus_says_what_may_not_be_there():
    assert not takes("edition:en -topic:grain,steel", topics=("grain",))
    assert takes("edition:en -topic:grain,steel", topics=("coal",))


def test_words_are_looked_for_in_the_text_whole_and_in_any_case():
    story = {"body": (Paragraph(html="The <b>Grain</b> export rose."),)}
    assert takes("grain", **story)
    assert takes('"grain export"', **story)
    assert not takes('"export grain"', **story)
    assert not takes("expo", **story)
    assert takes("expo*", **story)
    assert not takes("-grain", **story)


def test_an_apostrophe_is_one_whichever_key_it_was_typed_with():
    assert takes("п'ять", headline="П’ять кораблів")


def test_a_subject_brings_those_under_it():
    tariffs = Subject(code="medtop:20000379", name="Money and monetary policy")
    assert takes("subject:20000379", subjects=(tariffs,))
    assert takes("subject:04000000", subjects=(tariffs,))
    assert not takes("subject:15000000", subjects=(tariffs,))


def test_a_subject_may_be_named():
    sport = Subject(code="medtop:15000000", name="sport")
    assert takes("subject:sport", subjects=(sport,))


def test_people_places_genre_and_urgency():
    person = EntityRef(kind=EntityKind.PERSON, slug="ada-brook", name="Ada Brook")
    assert takes("entity:people/ada-brook", entities=(person,))
    assert takes('place:"new harbor"', dateline=Place(place="New Harbor", date=date(2025, 9, 3)))
    assert takes("genre:Analysis", genre="Analysis")
    assert takes("urgency:1-3", urgency=2)
    assert takes("urgency:<=3", urgency=1)
    assert not takes("urgency:3", urgency=4)


def test_a_star_takes_everything():
    assert takes("*")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one rule"),
        ("# nothing", "at least one rule"),
        ("section:economy\ncolour:red", "Line 2: nothing is called “colour”"),
        ('"grain', "Line 1 cannot be read from “\"grain” on"),
        ("section:economy,", "cannot be read"),
        ("urgency:high", "no urgency"),
        ("subject:99999999", "No Media Topic"),
        ('topic:""', "is empty"),
        ("\n".join(["*"] * 501), "at most 500"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text, said):
    with pytest.raises(BadQuery, match=said):
        read(text)
