"""What the operator asks of the wire on the command line: its clients, and a token for one."""

from datetime import datetime, timedelta

from django.db.models import Max

from dateline.errors import DatelineError
from dateline.wire import tokens
from dateline.wire.models import WIRE, Client


class NoSuchClient(DatelineError):
    """No client has this short name; `clients` are those there are."""

    code = "no-such-client"


def clients_table(now: datetime) -> list[str]:
    """A line for each client: short name, contract, tokens, products."""
    clients = Client.objects.using(WIRE).annotate(used_at=Max("tokens__last_used_at"))
    lines = []
    for client in clients.prefetch_related("products", "tokens"):
        until = f"until {client.contract_until}" if client.contract_until else "open-ended"
        state = until if client.is_served(now) else f"NOT SERVED ({until})"
        valid = sum(token.is_valid(now) for token in client.tokens.all())
        products = ", ".join(product.slug for product in client.products.all()) or "no products"
        lines.append(f"{client.slug:<24} {state:<28} tokens {valid:<3} {products}")
    return lines


def new_token(slug: str, *, name: str, days: int | None, now: datetime) -> str:
    """Make a token for a client; return its text, which nobody can be shown again.

    Raises NoSuchClient.
    """
    client = Client.objects.using(WIRE).filter(slug=slug).first()
    if client is None:
        known = sorted(Client.objects.using(WIRE).values_list("slug", flat=True))
        raise NoSuchClient(
            f"No client is called {slug!r}. There are: {', '.join(known) or 'none yet'}.",
            clients=known,
        )
    expires_at = now + timedelta(days=days) if days else None
    _, text = tokens.make(client, name=name, by="command line", expires_at=expires_at)
    return text
