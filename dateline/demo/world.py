"""Talvenia, the invented country that the demo agency reports from: places, people, companies.

Every name here is made up. A holder of an office stays the same in all stories, so that the
demo's news reads as the news of one country.
"""

from random import Random

from dateline.demo.lexicon import Both, Facts, declined, speaker

CAPITAL = Both("Merenta", declined("Мерента Меренти Меренту Мерентою Меренті"))
CITIES = (
    CAPITAL,
    Both("Port Salva", declined("Порт-Салва Порт-Салви Порт-Салву Порт-Салвою Порт-Салві")),
    Both("Kostrel", declined("Кострел Кострела Кострел Кострелом Кострелі")),
    Both("Dravin", declined("Дравін Дравіна Дравін Дравіном Дравіні")),
    Both("Lunmark", declined("Лунмарк Лунмарка Лунмарк Лунмарком Лунмарку")),
    Both("Belgrin", declined("Бельгрін Бельгріна Бельгрін Бельгріном Бельгріні")),
    Both("Tessara", declined("Тессара Тессари Тессару Тессарою Тессарі")),
    Both("Hallebro", declined("Галлебро")),
    Both("Sivera", declined("Сівера Сівери Сіверу Сіверою Сівері")),
    Both("Orlenz", declined("Орленц Орленца Орленц Орленцом Орленці")),
    Both("Maretta", declined("Маретта Маретти Маретту Мареттою Маретті")),
    Both("Zelbor", declined("Зельбор Зельбора Зельбор Зельбором Зельборі")),
)
CITY_TOPICS = {"Merenta": "merenta", "Port Salva": "port-salva"}
"""Cities with a timeline of their own."""

NEIGHBOURS = (
    Both("Karsovia", declined("Карсовія Карсовії Карсовію Карсовією Карсовії")),
    Both("Dunrovia", declined("Дунровія Дунровії Дунровію Дунровією Дунровії")),
    Both("Lisgard", declined("Лісгард Лісгарду Лісгард Лісгардом Лісгарді")),
    Both("Nordmere", declined("Нордмір Нордміру Нордмір Нордміром Нордмірі")),
    Both("Pelagia", declined("Пелагія Пелагії Пелагію Пелагією Пелагії")),
)
NEIGHBOUR_CAPITALS = {
    "Karsovia": Both("Karsova", declined("Карсова Карсови Карсову Карсовою Карсові")),
    "Dunrovia": Both("Dunholm", declined("Дунгольм Дунгольма Дунгольм Дунгольмом Дунгольмі")),
    "Lisgard": Both("Lisen", declined("Лісен Лісена Лісен Лісеном Лісені")),
    "Nordmere": Both("Vikstad", declined("Вікстад Вікстада Вікстад Вікстадом Вікстаді")),
    "Pelagia": Both("Ionara", declined("Іонара Іонари Іонару Іонарою Іонарі")),
}
RIVERS = (
    Both("Irna", declined("Ірна Ірни Ірну Ірною Ірні")),
    Both("Sellava", declined("Селлава Селлави Селлаву Селлавою Селлаві")),
    Both("Torga", declined("Торга Торги Торгу Торгою Торзі")),
)
PARTIES = (
    Both("Civic Accord", "Громадянська злагода"),
    Both("Progress Union", "Союз поступу"),
    Both("Green Shore", "Зелений берег"),
    Both("Farmers' League", "Ліга хліборобів"),
    Both("New Assembly", "Нова асамблея"),
)
COMPANIES = {
    "bank": (Both("Salva Bank", "Салва-банк"), Both("Irna Credit", "Ірна Кредит")),
    "food": (Both("Zelmilk", "Зельмілк"), Both("Sivagro", "Сівагро")),
    "steel": (Both("Kostrel Steel", "Кострельсталь"),),
    "energy": (Both("Irna Energo", "Ірна Енерго"), Both("Talgas", "Талгаз")),
    "software": (Both("Lumidata", "Люмідата"), Both("Corvexa", "Корвекса")),
    "telecom": (Both("Telvia", "Телвія"),),
    "retail": (Both("Kornamart", "Корнамарт"), Both("Dobrila", "Добріла")),
    "drugs": (Both("Medorin", "Медорін"),),
    "ships": (Both("Lantica Lines", "Лантіка Лайнз"),),
    "cars": (Both("Orlenz Motor", "Орленц Мотор"),),
    "air": (Both("Merair", "Мерейр"),),
    "build": (Both("Vantis", "Вантіс"), Both("Domarix", "Домарікс")),
}
ALL_COMPANIES = tuple(company for kind in COMPANIES.values() for company in kind)

CLUBS = (
    Both("Irna Merenta", declined("«Ірна» «Ірни» «Ірну» «Ірною» «Ірні»")),
    Both("Forge Kostrel", declined("«Коваль» «Коваля» «Коваль» «Ковалем» «Ковалі»")),
    Both("Mariner Port Salva", declined("«Моряк» «Моряка» «Моряк» «Моряком» «Моряку»")),
    Both("Miner Dravin", declined("«Гірник» «Гірника» «Гірник» «Гірником» «Гірнику»")),
    Both("Harvest Sivera", declined("«Колос» «Колоса» «Колос» «Колосом» «Колосі»")),
    Both("Lunmark Rovers", declined("«Лунмарк» «Лунмарка» «Лунмарк» «Лунмарком» «Лунмарку»")),
    Both("Falcon Tessara", declined("«Сокіл» «Сокола» «Сокіл» «Соколом» «Соколі»")),
    Both("Mainline Belgrin", declined("«Вагар» «Вагаря» «Вагар» «Вагарем» «Вагарі»")),
    Both("Beacon Maretta", declined("«Маяк» «Маяка» «Маяк» «Маяком» «Маяку»")),
    Both("Spark Orlenz", declined("«Іскра» «Іскри» «Іскру» «Іскрою» «Іскрі»")),
)

_MEN = (
    "Aldren/Алдрен Torvik/Торвік Miran/Міран Jorun/Йорун Daven/Давен Emric/Емрік Lovro/Ловро "
    "Bastan/Бастан Silvan/Сілван Oswin/Освін Tibran/Тібран Kelmar/Кельмар Arvel/Арвел Nolan/Нолан"
)
_WOMEN = (
    "Ilva/Ільва Selma/Сельма Orlena/Орлена Maritha/Маріта Brenna/Бренна Tavia/Тавія Liora/Ліора "
    "Edda/Едда Vesta/Веста Yelda/Єльда Noemira/Ноеміра Sarila/Саріла Alvira/Альвіра Kessa/Кесса"
)
_LAST = (
    "Torsen/Торсен Marsk/Марск Velden/Вельден Brandor/Брандор Korvat/Корват Lindarek/Ліндарек "
    "Ostrem/Острем Selvik/Сельвік Dorane/Доране Rausk/Рауск Pellan/Пеллан Mordau/Мордау "
    "Krennig/Кренніг Holvar/Гольвар Zelan/Зелан Tervo/Терво Laskar/Ласкар Uldren/Ульдрен "
    "Wessan/Вессан Grathe/Грате Jarvel/Ярвель Emberly/Емберлі Stavrin/Ставрін Quillan/Квіллан "
    "Havrel/Гаврель Brunek/Брунек Sorvino/Сорвіно Adlam/Адлам Vikander/Вікандер Perrin/Перрін"
)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((en, uk) for en, uk in (word.split("/") for word in text.split()))


MEN, WOMEN, LAST = _pairs(_MEN), _pairs(_WOMEN), _pairs(_LAST)

_OFFICES = """
president|President|президентка
pm|Prime Minister|прем’єр-міністр
chair|Assembly Speaker|голова Асамблеї
finance|Finance Minister|міністерка фінансів
economy|Economy Minister|міністр економіки
foreign|Foreign Minister|міністерка закордонних справ
interior|Interior Minister|міністр внутрішніх справ
energy|Energy Minister|міністерка енергетики
farm|Agriculture Minister|міністр аграрної політики
transport|Transport Minister|міністр транспорту
health|Health Minister|міністерка охорони здоров’я
schools|Education Minister|міністерка освіти
arts|Culture Minister|міністр культури
labour|Social Affairs Minister|міністерка соціальної політики
nature|Environment Minister|міністр довкілля
governor|National Bank Governor|голова Національного банку
deputy_governor|Deputy Governor|заступниця голови Національного банку
statistician|Chief Statistician|головний статистик
mission|ISF Mission Chief|керівниця місії МФС
opposition|Opposition Leader|лідер опозиції
budget_chair|Budget Committee Chair|голова бюджетного комітету
prosecutor|Prosecutor General|генеральна прокурорка
judge|Judge|суддя
police|Police Chief|начальник поліції
rescue|Rescue Service Chief|керівник Служби порятунку
forecaster|Chief Forecaster|головна синоптикиня
port|Port Director|директор порту
railway|Railway Director|директорка залізниці
union|Union Leader|голова профспілки
analyst|Senior Analyst|старша аналітикиня
grain|Grain Union President|президент Зернової спілки
ombudsman|Ombudsman|омбудсмен
elections|Election Commission Chair|голова виборчої комісії
museum|Museum Director|директорка музею
festival|Festival Director|директор фестивалю
conductor|Conductor|диригентка
stage|Theatre Director|режисер
coach|National Coach|головний тренер збірної
rector|University Rector|ректорка університету
doctor|Chief Physician|головний лікар
scientist|Project Leader|керівниця проєкту
regulator|Antitrust Chief|голова Антимонопольної служби
diplomat|Union Commissioner|комісар Союзу
pollster|Polling Director|директорка соціологічної служби
league|League President|президент ліги
librarian|Chief Librarian|головна бібліотекарка
"""
# Offices whose Ukrainian name does not show that a woman holds them.
_WOMEN_BESIDES = {"judge", "union", "elections"}


_given: set[str] = set()


def _holder(
    first: tuple[str, str], last_at: int, *, en_office: str, uk_office: str, woman: bool
) -> Both:
    """Who holds an office, with the first surname from `last_at` on that makes a new name."""
    last = LAST[last_at % len(LAST)]
    name = f"{first[0]} {last[0]}"
    if name in _given:
        return _holder(first, last_at + 1, en_office=en_office, uk_office=uk_office, woman=woman)
    _given.add(name)
    return speaker(
        name, f"{first[1]} {last[1]}", en_office=en_office, uk_office=uk_office, woman=woman
    )


def _cast() -> dict[str, Both]:
    people: dict[str, Both] = {}
    for index, line in enumerate(_OFFICES.split("\n")[1:-1]):
        key, en_office, uk_office = line.split("|")
        titles = uk_office.split()[:2]
        woman = key in _WOMEN_BESIDES or any(t.endswith(("ка", "иня", "иця")) for t in titles)
        firsts = WOMEN if woman else MEN
        people[key] = _holder(
            firsts[index * 5 % len(firsts)],
            index * 7,
            en_office=en_office,
            uk_office=uk_office,
            woman=woman,
        )
    return people


CAST = _cast()
COMMON: dict[str, Facts] = {
    "en": {key: both.en for key, both in CAST.items()},
    "uk": {key: both.uk for key, both in CAST.items()},
}


def someone(
    chance: Random, *, en_office: str = "", uk_office: str = "", woman: bool | None = None
) -> Both:
    """An invented person whose name no office-holder has; without `woman`, of either sex."""
    if woman is None:
        woman = chance.random() < 0.5
    first, last = chance.choice(WOMEN if woman else MEN), chance.choice(LAST)
    if f"{first[0]} {last[0]}" in TAKEN:
        return someone(chance, en_office=en_office, uk_office=uk_office, woman=woman)
    return speaker(
        f"{first[0]} {last[0]}",
        f"{first[1]} {last[1]}",
        en_office=en_office,
        uk_office=uk_office,
        woman=woman,
    )


def _mayor(index: int, city: Both) -> Both:
    woman = index % 2 == 0
    return _holder(
        (WOMEN if woman else MEN)[index + 1],
        len(LAST) - 1 - index,
        en_office=f"{city.en} Mayor",
        uk_office=f"{'мерка' if woman else 'мер'} {city.uk.gen}",
        woman=woman,
    )


def _chief(index: int, company: Both) -> Both:
    woman = index % 3 == 0
    firsts = WOMEN if woman else MEN
    title = "генеральна директорка" if woman else "генеральний директор"
    return _holder(
        firsts[(index * 3 + 2) % len(firsts)],
        index * 11 + 4,
        en_office=f"{company.en} Chief Executive",
        uk_office=f"{title} компанії «{company.uk}»",
        woman=woman,
    )


MAYORS = {city.en: _mayor(index, city) for index, city in enumerate(CITIES)}
CHIEFS = {company.en: _chief(index, company) for index, company in enumerate(ALL_COMPANIES)}

TAKEN = frozenset(_given)
"""Names of people who hold an office: nobody else in Talvenia is called so."""
