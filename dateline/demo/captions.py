"""The words of the demo's pictures: what each scene shows, in both languages."""

from dateline.demo.agency import CREDIT
from dateline.demo.lexicon import UK, Both
from dateline.demo.model import PictureSpec

VARIANTS = 3
"""Drawings of each scene. Times the scenes, it keeps the demo's picture files under forty."""

_WORDS = {
    "harbour": (
        Both("Cranes and a ship in a harbour at dusk", "Крани й судно в порту в сутінках"),
        Both("A cargo ship at its berth in Port Salva.", "Вантажне судно біля причалу Порт-Салви."),
    ),
    "parliament": (
        Both(
            "A domed building with columns above a square",
            "Будівля з куполом і колонами над площею",
        ),
        Both("The Assembly building in Merenta.", "Будівля Асамблеї в Меренті."),
    ),
    "mountains": (
        Both(
            "Mountain ridges in haze above a fir forest", "Гірські хребти в імлі над ялиновим лісом"
        ),
        Both("The Kergal range seen from the north.", "Кергальський хребет із півночі."),
    ),
    "stadium": (
        Both(
            "A floodlit stadium with a green pitch", "Стадіон із зеленим полем у світлі прожекторів"
        ),
        Both(
            "The National Stadium under floodlights.", "Національний стадіон у світлі прожекторів."
        ),
    ),
    "fields": (
        Both(
            "Grain fields with a silo under a low sun", "Поля збіжжя й елеватор під низьким сонцем"
        ),
        Both("Fields near Sivera after the harvest.", "Поля біля Сівери після жнив."),
    ),
    "city": (
        Both(
            "A city skyline with lit windows at night", "Силует нічного міста з освітленими вікнами"
        ),
        Both("Merenta in the evening.", "Вечірня Мерента."),
    ),
    "chart": (
        Both("A rising line above columns of a chart", "Висхідна лінія над стовпцями діаграми"),
        Both("A graphic of the agency.", "Графіка агентства."),
    ),
    "concert": (
        Both(
            "A stage in beams of light before an audience",
            "Сцена у променях світла перед глядачами",
        ),
        Both("An evening in the Merenta concert hall.", "Вечір у мерентській концертній залі."),
    ),
    "bridge": (
        Both("A cable-stayed bridge over a wide river", "Вантовий міст через широку річку"),
        Both("A bridge over the Irna at daybreak.", "Міст через Ірну на світанку."),
    ),
    "storm": (
        Both("Lightning over a dark sea and a lighthouse", "Блискавка над темним морем і маяком"),
        Both(
            "A thunderstorm off the coast of the Sarn Sea.", "Гроза біля узбережжя Сарнського моря."
        ),
    ),
    "railway": (
        Both("A train on a viaduct in front of hills", "Поїзд на віадуку на тлі пагорбів"),
        Both(
            "A regional train on the Torga viaduct.", "Регіональний поїзд на віадуку через Торгу."
        ),
    ),
    "court": (
        Both("A colonnade with steps in slanting light", "Колонада зі сходами в косому світлі"),
        Both("A colonnade in the centre of Merenta.", "Колонада в центрі Меренти."),
    ),
}

SCENES = tuple(_WORDS)


def picture(scene: str, *, seed: int, language: str) -> PictureSpec:
    """The picture of a scene, with its words in the language."""
    words = (*_WORDS[scene], CREDIT)
    alt, caption, credit = (both.uk if language == UK else both.en for both in words)
    return PictureSpec(scene, seed % VARIANTS, alt, caption, credit)
