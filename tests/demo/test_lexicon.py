"""Ukrainian plurals, numbers and euphony."""

import pytest

from dateline.demo.lexicon import UK, Number, NumberUk, euphonic, plural_uk, view


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (1, "тонна"), (2, "тонни"), (4, "тонни"), (5, "тонн"), (11, "тонн"), (12, "тонн"),
        (14, "тонн"), (21, "тонна"), (22, "тонни"), (25, "тонн"), (111, "тонн"), (1003, "тонни"),
    ],
)  # fmt: skip
def test_a_ukrainian_noun_takes_the_form_its_number_asks_for(number, form):
    assert plural_uk(number, "тонна", "тонни", "тонн") == form


def test_numbers_are_written_in_the_habit_of_the_language():
    assert [str(Number(n)) for n in (7.25, 7.5, 7.0, 9400, 12500)] == [
        "7.25", "7.5", "7", "9,400", "12,500",
    ]  # fmt: skip
    assert [str(NumberUk(n)) for n in (7.25, 7.5, 9400, 12500)] == [
        "7,25", "7,5", "9400", "12\N{NO-BREAK SPACE}500",
    ]  # fmt: skip


def test_english_spells_a_small_number_out_before_its_noun():
    assert f"{Number(3):ton|tons}" == "three tons"
    assert f"{Number(1):ton|tons}" == "1 ton"
    assert f"{Number(12):ton|tons}" == "12 tons"


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("у Орленці", "в Орленці"),
        ("У Іонарі", "В Іонарі"),
        ("повідомила у четвер", "повідомила в четвер"),
        ("повідомила у вівторок", "повідомила у вівторок"),
        ("повідомив у четвер", "повідомив у четвер"),
        ("у четвер в Меренті", "у четвер у Меренті"),
        ("матч, у якому", "матч, у якому"),
        ("з Зельбора", "із Зельбора"),
        ("з Меренти", "з Меренти"),
    ],
)
def test_prepositions_follow_the_sounds_around_them(text, better):
    assert euphonic(text) == better


def test_a_fact_not_in_the_story_is_looked_up_in_what_is_common():
    slots = view({"hurt": 5}, language=UK, common={"governor": "Рауск"})

    assert "{hurt:особа|особи|осіб}, {governor}".format_map(slots) == (
        "5\N{NO-BREAK SPACE}осіб, Рауск"
    )
