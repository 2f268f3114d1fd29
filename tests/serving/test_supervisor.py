"""`dateline serve`: whatever is killed comes back, and whatever is stopped is gone."""

import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from dateline.serving.supervisor import LONGEST_PAUSE_S, pause_before_start
from tests.serving.conftest import Installation, alive, children, eventually

pytestmark = [
    pytest.mark.stress,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]

PROCESSES = 3
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) [\w-]+ [\w.]+: .+"
)


def serving(installation: Installation) -> subprocess.Popen[bytes]:
    supervisor = installation.start("serve")
    eventually(installation.is_well, "the site answers after its start")
    return supervisor


def process_of(supervisor: int, word: str) -> int:
    """The supervisor's child whose command line has this word; 0 if there is none now."""
    for child in children(supervisor):
        try:
            with open(f"/proc/{child}/cmdline", "rb") as file:
                words = file.read().decode().split("\0")
        except OSError:
            continue
        if word in words:
            return child
    return 0


def everybody(pid: int) -> list[int]:
    """A process, what it started, what that started, and so on."""
    return [pid, *(each for child in children(pid) for each in everybody(child))]


def test_a_killed_follower_is_started_again_and_misses_nothing(installation):
    supervisor = serving(installation)
    installation.release(1, 20)
    eventually(lambda: installation.has_archived(20), "the first stories are archived")
    follower = process_of(supervisor.pid, "follow")

    os.kill(follower, signal.SIGKILL)
    installation.release(21, 40)

    eventually(lambda: installation.has_archived(40), "stories released meanwhile are archived")
    assert process_of(supervisor.pid, "follow") not in (0, follower)
    assert "follower was killed by SIGKILL" in installation.log_text


def test_killed_web_workers_servers_and_schedulers_are_started_again(installation):
    supervisor = serving(installation)
    server = process_of(supervisor.pid, "web")
    [worker] = children(server)

    os.kill(worker, signal.SIGKILL)
    eventually(lambda: [w for w in children(server) if w != worker], "a new worker is there")
    eventually(installation.is_well, "the site answers again after its worker was killed")

    for word in ("web", "schedule"):
        killed = process_of(supervisor.pid, word)
        os.kill(killed, signal.SIGKILL)
        eventually(
            lambda word=word, killed=killed: process_of(supervisor.pid, word) not in (0, killed),
            f"{word} is started again",
        )
    eventually(installation.is_well, "the site answers again after its server was killed")


def test_a_stop_leaves_no_process_and_a_restart_goes_on_from_the_cursor(installation):
    supervisor = serving(installation)
    installation.release(1, 10)
    eventually(lambda: installation.has_archived(10), "stories are archived")
    processes = everybody(supervisor.pid)
    assert len(processes) >= 1 + PROCESSES + 1

    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(timeout=30) == 0
    assert [pid for pid in processes if alive(pid)] == []
    assert "Traceback" not in installation.log_text
    assert [line for line in installation.log_text.splitlines() if not LINE.match(line)] == []

    installation.release(11, 15)
    assert installation.has_archived(10)
    serving(installation)
    eventually(lambda: installation.has_archived(15), "the restart caught up")
    assert installation.archived("releases_cursor") == [("public", 15)]


def test_ctrl_c_stops_everything_without_a_traceback(installation):
    supervisor = serving(installation)
    processes = everybody(supervisor.pid)

    supervisor.send_signal(signal.SIGINT)

    assert supervisor.wait(timeout=30) == 0
    assert [pid for pid in processes if alive(pid)] == []
    assert "Traceback" not in installation.log_text


def test_a_killed_supervisor_takes_its_processes_with_it(installation):
    supervisor = serving(installation)
    processes = everybody(supervisor.pid)

    supervisor.kill()
    supervisor.wait()

    eventually(lambda: not any(alive(pid) for pid in processes), "no process is left")


def test_a_taken_port_is_named_before_anything_is_started(empty):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", empty.port))
        taken.listen()
        done = empty.run("serve")

    assert done.returncode == 2
    assert f"DATELINE_PORT is {empty.port}: another program listens there already" in done.stderr
    assert not empty.var.exists()


def test_an_address_this_machine_does_not_have_is_named(empty):
    empty.settings["DATELINE_HOST"] = "192.0.2.1"

    done = empty.run("serve")

    assert done.returncode == 2
    assert "DATELINE_HOST is '192.0.2.1'" in done.stderr


def test_the_pause_before_a_start_grows_only_for_what_keeps_ending():
    pauses = [pause_before_start(ends) for ends in range(0, 40)]

    assert pauses[:2] == [0.0, 0.0]
    assert pauses[2] > 0
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S
