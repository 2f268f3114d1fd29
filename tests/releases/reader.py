"""A program that follows the log until it is killed: `python -m tests.releases.reader`.

Says `following` at its first row, and takes its time over each, so that a kill meets it at work.
"""

import time
from threading import Event

import django

django.setup()

from dateline.releases import following  # noqa: E402 - after Django is set up
from dateline.releases.log import Entry  # noqa: E402
from tests.releases.seen import Seen  # noqa: E402


def slowly(entry: Entry) -> None:
    print("following", entry.serial, flush=True)
    time.sleep(0.002)


if __name__ == "__main__":
    following.follow(Seen(during=slowly), stop=Event())
