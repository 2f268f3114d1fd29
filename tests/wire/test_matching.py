"""The index finds what trying every product finds, now and in the past."""

from hypothesis import given
from hypothesis import strategies as st

from dateline.items import Paragraph
from dateline.wire.facts import ItemFacts, tokens_in
from dateline.wire.matching import Matcher, hashed, key_of, past_keys
from dateline.wire.query import Query, Rule, fold, read
from tests.documents import a_ref, an_item

VALUES = {
    "edition": ["en", "uk"],
    "section": ["economy", "sport"],
    "topic": ["grain", "coal", "steel"],
    "urgency": ["1", "5"],
    "word": ["ship", "grain export", "har*", "…"],
}
TERMS = st.sampled_from([f"{field}:{each}" for field, values in VALUES.items() for each in values])
GROUPS = st.lists(TERMS, min_size=1, max_size=3).map(tuple)
RULES = st.builds(
    Rule,
    required=st.lists(GROUPS, max_size=3).map(tuple),
    excluded=st.lists(TERMS, max_size=2).map(tuple),
)
QUERIES = st.builds(Query, rules=st.lists(RULES, min_size=1, max_size=4).map(tuple))
ITEMS = st.builds(
    lambda edition, section, topics, urgency, words: an_item(
        1,
        edition=edition,
        section=a_ref(section),
        topics=tuple(topics),
        urgency=urgency,
        body=(Paragraph(html=" ".join(words)),),
    ),
    st.sampled_from(["en", "uk"]),
    st.sampled_from(["economy", "sport"]),
    st.lists(st.sampled_from(["grain", "coal", "steel"]), max_size=2, unique=True),
    st.sampled_from([1, 5]),
    st.lists(st.sampled_from(["ship", "grain", "export", "harbour"]), max_size=4),
)


@given(st.dictionaries(st.integers(1, 9), QUERIES, max_size=6), ITEMS)
def test_the_index_finds_exactly_those_that_trying_all_of_them_finds(queries, item):
    facts = ItemFacts(item)

    found = Matcher(queries).takers(facts)

    assert found == {product for product, query in queries.items() if query.takes(facts)}


@given(QUERIES, ITEMS)
def test_whatever_a_query_takes_has_one_of_its_keys(query, item):
    facts = ItemFacts(item)
    keys = past_keys(query)

    if query.takes(facts) and keys is not None:
        assert keys & {hashed(term) for term in facts.terms}


WORDY = st.text(alphabet="аб’' -,.*", max_size=12)


@given(WORDY, WORDY)
def test_a_word_is_found_where_the_words_of_the_text_hold_it_and_nowhere_else(asked, text):
    facts = ItemFacts(an_item(1, headline="", body=(Paragraph(html=text),)))
    words = tokens_in(fold(asked))
    ending = "" if asked.endswith("*") else " "

    found = facts.has(f"word:{fold(asked)}") if not fold(asked).endswith(" ") else False

    held = f" {' '.join(tokens_in(fold(text)))} "
    assert found == (bool(words) and f" {' '.join(words)}{ending}" in held)


def test_a_release_meets_only_the_rules_whose_key_it_has(monkeypatch):
    tried = []
    takes = Rule.takes
    monkeypatch.setattr(Rule, "takes", lambda self, facts: tried.append(self) or takes(self, facts))
    queries = {n: read(f"edition:en topic:topic-{n}") for n in range(20_000)}

    found = Matcher(queries).takers(ItemFacts(an_item(1, topics=("topic-7",))))

    assert found == {7}
    assert len(tried) == 1


def test_the_key_of_a_rule_is_what_fewest_items_have():
    (rule,) = read("edition:en section:economy entity:people/ada-brook ship").rules

    assert key_of(rule, words=True) == ("entity:people/ada-brook",)
    assert key_of(read("edition:en ship").rules[0], words=False) == ("edition:en",)
    assert key_of(read("ship").rules[0], words=False) is None
