"""IPTC Media Topics as shipped: found by name in either language, with their paths; what IPTC
retired is refused with what to use in its place."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.vocabulary import RetiredSubject, UnknownSubject, making, media_topics

TRADE = "20000373"


def names(concepts, language="en"):
    return [concept.name(language) for concept in concepts]


def codes():
    return sorted(media_topics().concepts)


def test_the_file_is_what_the_script_makes_of_iptcs_own(shared):
    export = shared / "standards" / "mediatopics" / "mediatopic-en-GB-2025-10-09.json"
    made = json.loads(making.compact(export.read_bytes()))
    vocabulary = media_topics()
    assert made["release"] == vocabulary.release.isoformat() == "2025-10-09"
    assert made["concepts"] == [
        [code, each.broader, each.names["en"]] for code, each in sorted(vocabulary.concepts.items())
    ]
    assert (len(made["concepts"]), len(made["retired"])) == (1084, 308)


def test_the_first_three_levels_have_ukrainian_names_and_each_is_another():
    vocabulary = media_topics()
    ours = {c: each for c, each in vocabulary.concepts.items() if "uk" in each.names}
    assert set(ours) == {code for code in vocabulary.concepts if vocabulary.level(code) <= 3}
    assert len({each.name("uk") for each in ours.values()}) == len(ours)


def test_a_concept_has_its_path_from_the_broadest():
    path = media_topics().path(TRADE)
    assert names(path) == ["economy, business and finance", "economy", "international trade"]
    assert names(path, "uk-UA") == [
        "економіка, бізнес і фінанси", "економіка", "міжнародна торгівля",
    ]


def test_deeper_than_our_translation_the_name_is_iptcs():
    (tariff,) = media_topics().search("tariff", language="uk")
    assert tariff.name("uk") == "tariff"
    assert media_topics().level(tariff.code) == 4


@given(st.sampled_from(codes()))
def test_every_path_begins_at_the_top_and_ends_at_the_concept(code):
    path = media_topics().path(code)
    assert path[0].broader == ""
    assert path[-1].code == code
    assert all(below.broader == above.code for above, below in pairwise(path))


@given(st.sampled_from(codes()), st.sampled_from(["en", "uk"]))
def test_every_concept_is_found_by_its_name_its_path_and_its_code(code, language):
    vocabulary = media_topics()
    concept = vocabulary.concepts[code]
    name = concept.name(language)
    assert concept in vocabulary.search(name, language=language)
    path = " › ".join(each.name(language) for each in vocabulary.path(code))
    assert vocabulary.named(path) is vocabulary.named(name.upper()) is concept
    assert vocabulary.get(concept.qcode) is vocabulary.get(concept.uri) is concept


@given(st.text(max_size=40))
def test_whatever_is_typed_a_search_answers(written):
    found = media_topics().search(written, language="uk")
    assert len(found) <= 10
    assert len(set(names(found))) == len(found)


def test_a_name_that_begins_with_what_was_typed_comes_first():
    assert names(media_topics().search("econom", language="en"))[:2] == [
        "economy, business and finance", "economy",
    ]


def test_what_is_typed_may_be_the_beginnings_of_words():
    assert "international trade" in names(media_topics().search("inter tra", language="en"))


@pytest.mark.parametrize("written", ["", "nothing of the kind", "medtop:99999999", "2000034"])
def test_what_is_in_no_list_is_refused(written):
    with pytest.raises(UnknownSubject):
        media_topics().get(written)
    with pytest.raises(UnknownSubject):
        media_topics().named(written)


def test_a_retired_concept_is_refused_with_what_iptc_names_in_its_place():
    with pytest.raises(RetiredSubject, match="accountancy and auditing") as refused:
        media_topics().get("medtop:20000172")
    assert refused.value.facts["instead"] == ("20001365", "20000272")


def test_every_retired_concept_has_something_in_its_place_that_is_in_use():
    vocabulary = media_topics()
    assert all(
        gone.instead and set(gone.instead) <= set(vocabulary.concepts)
        for gone in vocabulary.retired.values()
    )


def test_a_retired_concept_without_a_note_leads_to_what_is_above_it():
    with pytest.raises(RetiredSubject, match="“court”"):
        media_topics().named("court administration")


def test_what_is_no_export_of_media_topics_is_not_made_into_one():
    with pytest.raises(ValueError, match="no export"):
        making.compact(b'{"uri": "http://example.org/", "conceptSet": []}')
