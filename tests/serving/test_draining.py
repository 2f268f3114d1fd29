"""A stopping worker ends its live streams itself: whole, and without being killed for them."""

import http.client
import signal
import subprocess
import sys

import pytest

from tests.serving.conftest import ROOT, eventually
from tests.serving.test_freshness import OPEN

pytestmark = pytest.mark.stress


def test_streams_end_whole_when_the_server_is_told_to_stop(installation):
    lean = installation.environ | {"DATELINE_ROLE": "follower"}
    subprocess.run([sys.executable, "-c", OPEN], env=lean, cwd=ROOT, timeout=60, check=True)
    supervisor = installation.start("serve")
    eventually(installation.is_well, "the site answers after its start")
    connections = [
        http.client.HTTPConnection("127.0.0.1", installation.port, timeout=30) for _ in range(5)
    ]
    streams = []
    for connection in connections:
        connection.request("GET", "/live?edition=en")
        streams.append(connection.getresponse())
    assert [stream.readline()[:6] for stream in streams] == [b"retry:"] * 5

    supervisor.send_signal(signal.SIGTERM)

    # A stream that was cut, and not ended, would raise IncompleteRead.
    assert [stream.read() for stream in streams] == [b"\n"] * 5
    supervisor.wait(30)
    assert "refused to gracefully stop" not in installation.log_text
    for connection in connections:
        connection.close()
