"""Three clients of the demo agency, with different products. Invented, as all of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from dateline.formats import FORMATS
from dateline.wire import tokens
from dateline.wire.models import WIRE, Client, Product


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product: its rules as they are typed, and its rights."""

    slug: str
    name: str
    rules: str
    embargoed: bool = False
    pictures: bool = True
    delay_minutes: int = 0
    ai_use: bool = False


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client. `days` is how long its contract runs from today on; 0: open-ended."""

    slug: str
    name: str
    products: tuple[str, ...]
    languages: str
    days: int = 0


PRODUCTS = (
    DemoProduct("general-en", "General news, English", "edition:en"),
    DemoProduct(
        "headlines-uk", "Urgent news, Ukrainian",
        "edition:uk urgency:1-3\nedition:uk section:facts", pictures=False,
    ),
    DemoProduct(
        "markets", "Markets", "section:economy,business -topic:film-festival\nsubject:04000000",
        embargoed=True, ai_use=True,
    ),
    DemoProduct("sport-late", "Sport, after a quarter of an hour", "section:sport",
                delay_minutes=15),
)  # fmt: skip

CLIENTS = (
    DemoClient("merenta-courier", "Merenta Courier", ("general-en",), "en"),
    DemoClient("radio-irna", "Radio Irna", ("headlines-uk", "sport-late"), "uk", days=20),
    DemoClient("salva-bank", "Salva Bank", ("markets",), "en, uk", days=300),
)

CURL = 'curl --header "Authorization: Bearer {token}" "{base}/api/v1/items?limit=5"'


def open_wire(today: date) -> None:
    """Make the products and clients that are not there yet."""
    for product in PRODUCTS:
        Product.objects.using(WIRE).get_or_create(
            slug=product.slug,
            defaults={
                "name": product.name,
                "rules": product.rules,
                "formats": list(FORMATS),
                "embargoed": product.embargoed,
                "pictures": product.pictures,
                "delay_minutes": product.delay_minutes,
                "ai_use": product.ai_use,
                "archive_days": 0,
            },
        )
    for client in CLIENTS:
        _open_client(client, today)


def first_token() -> str:
    """The token of the first client, made at the first start and kept in the data folder."""
    path = Path(settings.VAR) / "demo-token"
    if not path.exists():
        client = Client.objects.using(WIRE).get(slug=CLIENTS[0].slug)
        path.touch(mode=0o600)
        path.write_text(tokens.make(client, name="demo")[1])
    return path.read_text()


def _open_client(client: DemoClient, today: date) -> None:
    until = today + timedelta(days=client.days) if client.days else None
    made, created = Client.objects.using(WIRE).get_or_create(
        slug=client.slug,
        defaults={
            "name": client.name,
            "contract_from": today - timedelta(days=345),
            "contract_until": until,
            "languages": client.languages,
            "contacts": f"Foreign desk, desk@{client.slug}.example",
        },
    )
    if created:
        made.products.set(Product.objects.using(WIRE).filter(slug__in=client.products))
