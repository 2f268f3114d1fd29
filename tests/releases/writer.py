"""A program that releases: `python -m tests.releases.writer NAME COUNT [hold]`.

Makes COUNT transactions of one to three releases and takes back about a third of them; prints the
guids that were committed. With `hold` it then releases once more, says so, and never commits.
"""

import random
import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402 - after Django is set up

from dateline.items import Kind  # noqa: E402
from dateline.releases import log  # noqa: E402
from tests.documents import an_item  # noqa: E402


class Regret(Exception):
    """Makes a transaction roll back."""


def write(name: str, count: int) -> None:
    chance = random.Random(name)
    number = 0
    for _ in range(count):
        guids = [f"{name}-{number + each}" for each in range(chance.randint(1, 3))]
        number += len(guids)
        try:
            with transaction.atomic():
                for guid in guids:
                    log.append(an_item(1, guid=guid), kind=Kind.NEW)
                time.sleep(chance.random() * 0.004)
                if chance.random() < 0.3:
                    raise Regret
        except Regret:
            continue
        print(*guids, flush=True)


def hold(name: str) -> None:
    with transaction.atomic():
        log.append(an_item(1, guid=f"{name}-never"), kind=Kind.NEW)
        print("holding", flush=True)
        time.sleep(3600)


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
    if sys.argv[3:] == ["hold"]:
        hold(sys.argv[1])
