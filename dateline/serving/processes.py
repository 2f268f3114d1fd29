"""The programs that do the work, one process each: web server, followers, scheduler, sender.

`dateline serve` runs all of them; each can also be run by itself, by systemd or another machine.
Any of them may be killed at any moment.
"""

import copy
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from dateline.env import Env
from dateline.serving import draining, lifeline, lines
from dateline.serving.supervisor import Program
from dateline.wire import MOST_STREAMS

logger = logging.getLogger(__name__)

PROGRAMS = (
    Program("web", ("web",)),
    Program("follower", ("follow", "public")),
    Program("wire", ("follow", "wire")),
    Program("scheduler", ("schedule",)),
    Program("sender", ("send",)),
)
"""What `dateline serve` keeps running."""

WORKER_STOP_S = 6
"""How long a web worker may take over its open requests when it is told to stop: thousands of live
streams take some seconds to end."""

BACKLOG = 4096
"""Connections that may wait to be accepted: thousands of open pages come back after a restart."""

AT_ONCE = 1024
"""Requests beside live streams that a worker takes up at once."""

OTHER_FILES = 2048
"""Open files of a worker beside its streams: readers' connections, databases, pictures."""

FINISH_S = 1.0
"""How long a follower or the scheduler may take to finish what it is at. It is one transaction or
a wait for the next release, and neither is lost by ending in the middle."""


def web(env: Env) -> int:
    """Serve the site and the newsroom, with pictures and static files, until told to stop."""
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels

    from dateline.serving.draining import DrainingServer

    _allow_files(env.live_listeners + MOST_STREAMS + OTHER_FILES)
    server = DrainingServer(
        "dateline.asgi:application",
        address=env.host,
        port=env.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=env.workers,
        backlog=BACKLOG,
        # Each open stream is a request that is being answered.
        backpressure=env.live_listeners + MOST_STREAMS + AT_ONCE,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=_granian_logging(),
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=WORKER_STOP_S,
    )
    logger.info("Serving on http://%s:%d, to readers %s", env.host, env.port, env.base_url)
    server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)
    return 0


def follow(name: str) -> int:
    """Keep the public archive or the wire's feed up to date with the log until told to stop."""
    os.environ["DATELINE_ROLE"] = "follower"
    _set_up_django()
    from dateline.releases import following
    from dateline.serving.followers import FOLLOWERS

    return _until_told(lambda stop: following.follow(FOLLOWERS[name](), stop=stop))


def send() -> int:
    """Bring releases to clients' destinations until told to stop."""
    os.environ["DATELINE_ROLE"] = "follower"
    _set_up_django()
    from dateline.wire import sending

    return _until_told(sending.run)


def schedule() -> int:
    """Release what is due, and send the newsroom's letters, until told to stop."""
    _set_up_django()
    from dateline.newsroom import letters, making, scheduler

    def work(stop: threading.Event) -> None:
        # In a thread of its own: a mail server that hangs must not hold up a release.
        threading.Thread(target=letters.run, args=(stop,), name="letters", daemon=True).start()
        # And so must a picture of 80 million pixels.
        threading.Thread(target=making.run, args=(stop,), name="pictures", daemon=True).start()
        scheduler.run(stop)

    return _until_told(work)


def _set_up_django() -> None:
    import django

    django.setup()


def _application(server: int) -> Any:
    """The ASGI application, loaded in a web worker."""
    lifeline.end_with_parent(server)
    lines.name_process("web")
    # Django loads addresses and views at the first request, which a reader would wait for.
    from django.urls import get_resolver

    from dateline.asgi import application, drain

    get_resolver().url_patterns  # noqa: B018 - a cached property that loads them
    draining.on_signal(drain)
    return application


def _allow_files(count: int) -> None:
    """Raise this process's limit of open files, as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _granian_logging() -> dict[str, Any]:
    """Granian's own logging, in our format and on stderr."""
    from granian.log import LOGGING_CONFIG

    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    line = {"()": lines.Line}
    config["formatters"] = dict.fromkeys(config["formatters"], line)
    for handler in config["handlers"].values():
        handler["stream"] = "ext://sys.stderr"
    return config


def _until_told(work: Callable[[threading.Event], None]) -> int:
    """Run `work` until SIGTERM or SIGINT; return the exit code, 1 if it ended by itself."""
    stop, told = threading.Event(), threading.Event()

    def tell(*_: object) -> None:
        told.set()
        stop.set()

    def run() -> None:
        try:
            work(stop)
        finally:
            stop.set()

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)
    # In a thread, because a wait for the database cannot always be interrupted, and as a daemon,
    # because it need not be: see FINISH_S.
    thread = threading.Thread(target=run, name="work", daemon=True)
    thread.start()
    stop.wait()
    thread.join(FINISH_S)
    if thread.is_alive():
        sys.stderr.flush()
        os._exit(0)
    return 0 if told.is_set() else 1
