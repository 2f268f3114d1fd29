"""How Dateline's processes log: one line a message, to stderr, with the process's name."""

import logging
import multiprocessing
import sys
import time


class Line(logging.Formatter):
    """Time in UTC, level, process, module, message.

    Not local time: Django sets the agency's zone in the processes that load it and not in the
    others, and all of them write into one log.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(processName)s %(name)s: %(message)s")
        self.converter = time.gmtime


def name_process(name: str) -> None:
    """Give this process the name its lines are marked with."""
    multiprocessing.current_process().name = name


def log_as(name: str) -> None:
    """Name this process, and log in Dateline's format until Django's settings say the same."""
    name_process(name)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("dateline").setLevel(logging.INFO)
