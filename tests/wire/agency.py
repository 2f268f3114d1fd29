"""Makers of clients, products and requests for tests of the wire."""

from datetime import date
from typing import Any

from django.test import Client as Browser

from dateline.wire import tokens
from dateline.wire.models import WIRE, Client, Product


def a_product(slug: str = "all", rules: str = "*", **fields: Any) -> Product:
    given = {"name": slug.capitalize(), "formats": ["ninjs"], "archive_days": 0}
    return Product.objects.using(WIRE).create(slug=slug, rules=rules, **(given | fields))


def a_client(slug: str = "herald", *products: Product, **fields: Any) -> Client:
    given = {"name": slug.capitalize(), "contract_from": date(2020, 1, 1)}
    client = Client.objects.using(WIRE).create(slug=slug, **(given | fields))
    client.products.set(products)
    return client


class Machine:
    """A client's machine: asks the API with its token."""

    def __init__(self, client: Client, **fields: Any) -> None:
        self.client = client
        self.token, self.text = tokens.make(client, name="test", **fields)
        self._browser = Browser()

    def ask(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.text}"} | (headers or {})
        return self._browser.get(f"/api/v1{path}", query, headers=headers)

    def page(self, **query: Any) -> dict[str, Any]:
        answer = self.ask("/items", **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def follow(self, after: str = "", **query: Any) -> list[dict[str, Any]]:
        """Every item after a cursor, page by page until one is empty and goes nowhere."""
        found = []
        while True:
            page = self.page(after=after, **query)
            found += page["items"]
            if page["next"] == after:
                return found
            after = page["next"]

    def versions(self, **query: Any) -> list[tuple[str, int]]:
        return [(item["guid"], item["version"]) for item in self.follow(**query)]


def a_machine(rules: str = "*", slug: str = "herald", **product: Any) -> Machine:
    """A client with one product and a token."""
    return Machine(a_client(slug, a_product(f"{slug}-product", rules, **product)))
