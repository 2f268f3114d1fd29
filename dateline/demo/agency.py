"""The demo agency itself: editions, sections, staff, standing pages; topics are in topics.py.

All of it is invented: the Talvenian Telegraph Agency, TTA, reports from Merenta, the capital of
Talvenia, in English and in Ukrainian.
"""

from dataclasses import dataclass
from enum import StrEnum

from dateline.demo.lexicon import Both
from dateline.items import Block, List, Paragraph, Subhead

NAME = Both("Talvenian Telegraph Agency", "Талвенське телеграфне агентство")
SHORT_NAME = Both("TTA", "ТТА")
CREDIT = Both("TTA / Graphics desk", "ТТА / відділ графіки")


@dataclass(frozen=True, slots=True)
class DemoEdition:
    """One language of the agency's site."""

    code: str
    name: str
    title: str
    strapline: str


EDITIONS = (
    DemoEdition(
        "en", "English", "Talvenian Telegraph", "News of Talvenia, as it happens, since 1921"
    ),
    DemoEdition(
        "uk",
        "Українська",
        "Талвенський телеграф",
        "Новини Талвенії, щойно вони стаються, від 1921 року",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoSection:
    """A rubric; its slug is the same in both editions."""

    slug: str
    name: Both
    description: Both


SECTIONS = (
    DemoSection(
        "facts",
        Both("Facts", "Події"),
        Both(
            "What happened: accidents, courts, police and weather.",
            "Що сталося: пригоди, суди, поліція і погода.",
        ),
    ),
    DemoSection(
        "economy",
        Both("Economy", "Економіка"),
        Both(
            "Prices, budget, trade and the central bank.",
            "Ціни, бюджет, торгівля і центральний банк.",
        ),
    ),
    DemoSection(
        "politics",
        Both("Politics", "Політика"),
        Both("The Assembly, the government and the elections.", "Асамблея, уряд і вибори."),
    ),
    DemoSection(
        "business",
        Both("Business", "Бізнес"),
        Both(
            "Companies, banks, ports and the people who work there.",
            "Компанії, банки, порти й люди, які там працюють.",
        ),
    ),
    DemoSection(
        "world",
        Both("World", "Світ"),
        Both(
            "Neighbours, summits and everything beyond the border.",
            "Сусіди, саміти й усе, що за кордоном.",
        ),
    ),
    DemoSection(
        "society",
        Both("Society", "Суспільство"),
        Both(
            "Schools, health, housing and life in the cities.",
            "Школи, здоров’я, житло і життя міст.",
        ),
    ),
    DemoSection(
        "culture",
        Both("Culture", "Культура"),
        Both(
            "Film, books, music, theatre and heritage.", "Кіно, книжки, музика, театр і спадщина."
        ),
    ),
    DemoSection(
        "sport",
        Both("Sport", "Спорт"),
        Both(
            "Results, records and those who set them.",
            "Результати, рекорди й ті, хто їх встановлює.",
        ),
    ),
)


class Role(StrEnum):
    """What a member of the staff may do in the newsroom."""

    REPORTER = "reporter"
    EDITOR = "editor"
    CHIEF_EDITOR = "chief editor"
    PICTURE_EDITOR = "picture editor"
    CLIENT_MANAGER = "client manager"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Someone who signs in to the newsroom."""

    username: str
    name: Both
    role: Role


STAFF = (
    DemoUser("tavia", Both("Tavia Ostrem", "Тавія Острем"), Role.REPORTER),
    DemoUser("lovro", Both("Lovro Grathe", "Ловро Грате"), Role.REPORTER),
    DemoUser("selma", Both("Selma Velden", "Сельма Вельден"), Role.EDITOR),
    DemoUser("aldren", Both("Aldren Quillan", "Алдрен Квіллан"), Role.CHIEF_EDITOR),
    DemoUser("brenna", Both("Brenna Zelan", "Бренна Зелан"), Role.PICTURE_EDITOR),
    DemoUser("velmar", Both("Velmar Dostin", "Вельмар Достін"), Role.CLIENT_MANAGER),
    DemoUser("oswin", Both("Oswin Tervo", "Освін Терво"), Role.ADMINISTRATOR),
)
REPORTERS = (
    STAFF[0].name,
    STAFF[1].name,
    Both("Yelda Perrin", "Єльда Перрін"),
    Both("Miran Laskar", "Міран Ласкар"),
    Both("Noemira Uldren", "Ноеміра Ульдрен"),
    Both("Silvan Havrel", "Сілван Гаврель"),
    Both("Orlena Adlam", "Орлена Адлам"),
    Both("Bastan Emberly", "Бастан Емберлі"),
)
TRANSLATORS = (Both("Edda Stavrin", "Едда Ставрін"), Both("Kelmar Brunek", "Кельмар Брунек"))
TRANSLATION = Both("translation", "переклад")


@dataclass(frozen=True, slots=True)
class DemoPage:
    """A standing page of one edition."""

    edition: str
    slug: str
    title: str
    body: tuple[Block, ...]


PAGES = (
    DemoPage(
        "en",
        "about",
        "About",
        (
            Paragraph(
                html="The <b>Talvenian Telegraph Agency</b> (TTA) has reported from Talvenia since "
                "1921. It began with two reporters and one telegraph key in the harbour office of "
                "Port Salva; today it serves newspapers, broadcasters, banks and ministries, and "
                "every reader who opens this page."
            ),
            Paragraph(
                html="We say what happened, who says so and how they know. A report names its "
                "source "
                "in the first sentences. What we do not know, we do not guess."
            ),
            Subhead(text="Corrections"),
            Paragraph(
                html="A mistake is corrected in the story itself, with the time and a note "
                "that says "
                "what was wrong. A story that should not have been published is withdrawn, and its "
                "address goes on saying why."
            ),
            Subhead(text="Independence"),
            Paragraph(
                html="The agency belongs to a foundation. No ministry, party or company holds a "
                "share in it, and no advertiser sees a story before its readers do."
            ),
            Paragraph(
                html="Talvenia, its people and this agency are invented. They show what Dateline, "
                "the software behind this site, can do."
            ),
        ),
    ),
    DemoPage(
        "uk",
        "about",
        "Про агентство",
        (
            Paragraph(
                html="<b>Талвенське телеграфне агентство</b> (ТТА) розповідає про Талвенію "
                "від 1921 "
                "року. Починали двоє репортерів з одним телеграфним ключем у портовій конторі "
                "Порт-Салви; сьогодні новини агентства отримують газети, телеканали, банки, "
                "міністерства — і кожен, хто відкриває цю сторінку."
            ),
            Paragraph(
                html="Ми повідомляємо, що сталося, хто про це каже і звідки він це знає. Джерело "
                "названо в перших реченнях. Чого ми не знаємо, того не вигадуємо."
            ),
            Subhead(text="Виправлення"),
            Paragraph(
                html="Помилку виправляють у самому повідомленні, зазначаючи час і те, що було "
                "неправильно. Повідомлення, якого не слід було публікувати, відкликають, а за його "
                "адресою залишається пояснення причини."
            ),
            Subhead(text="Незалежність"),
            Paragraph(
                html="Агентство належить фондові. Жодне міністерство, партія чи компанія не має в "
                "ньому частки, і жоден рекламодавець не бачить новин раніше за читачів."
            ),
            Paragraph(
                html="Талвенію, її мешканців і саме агентство вигадано. Вони показують, що вміє "
                "Dateline — програма, на якій працює цей сайт."
            ),
        ),
    ),
    DemoPage(
        "en",
        "contacts",
        "Contacts",
        (
            Paragraph(
                html="<b>Talvenian Telegraph Agency</b><br>4 Telegraph Square, 10001 Merenta, "
                "Talvenia"
            ),
            List(
                entries=(
                    "News desk, day and night: <a "
                    'href="mailto:desk@tta.example">desk@tta.example</a>',
                    "Corrections: <a "
                    'href="mailto:corrections@tta.example">corrections@tta.example</a>',
                    'Subscriptions: <a href="mailto:clients@tta.example">clients@tta.example</a>',
                    'Pictures: <a href="mailto:pictures@tta.example">pictures@tta.example</a>',
                )
            ),
            Paragraph(
                html="If you have found a mistake, please send us the address of the story and the "
                "sentence that is wrong. An editor answers on the same day."
            ),
            Paragraph(html="Bureaux: Port Salva, Kostrel, Ionara and Dunholm."),
        ),
    ),
    DemoPage(
        "uk",
        "contacts",
        "Контакти",
        (
            Paragraph(
                html="<b>Талвенське телеграфне агентство</b><br>Телеграфна площа, 4, 10001 "
                "Мерента, Талвенія"
            ),
            List(
                entries=(
                    "Стрічка новин, цілодобово: <a "
                    'href="mailto:desk@tta.example">desk@tta.example</a>',
                    "Виправлення: <a "
                    'href="mailto:corrections@tta.example">corrections@tta.example</a>',
                    'Передплата: <a href="mailto:clients@tta.example">clients@tta.example</a>',
                    'Світлини: <a href="mailto:pictures@tta.example">pictures@tta.example</a>',
                )
            ),
            Paragraph(
                html="Якщо ви помітили помилку, надішліть нам, будь ласка, адресу повідомлення й "
                "речення, у якому вона є. Редактор відповість того самого дня."
            ),
            Paragraph(html="Кореспондентські пункти: Порт-Салва, Кострел, Іонара і Дунгольм."),
        ),
    ),
)
