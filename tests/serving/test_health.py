"""/healthz tells the truth, and nothing that is not the operator's monitor's business."""

import json
from datetime import timedelta

from django.utils import timezone

from dateline.serving import health
from dateline.serving.health import LATE_S, Status, look
from tests.documents import an_item


def test_all_is_well_when_the_archive_has_what_the_log_has(release, follow_public, client):
    release(an_item(1))
    follow_public()

    response = client.get("/healthz")

    assert response.status_code == 200
    found = response.json()
    assert found["status"] == "ok"
    assert found["log"] == {"serial": 1}
    assert found["archive"] == {"serial": 1, "lag": 0, "lag_s": 0.0}
    assert not response.cookies


def test_a_release_that_waits_too_long_for_the_archive_is_a_fault(release, follow_public):
    release(an_item(1))
    follow_public()
    release(an_item(2))
    release(an_item(3))

    soon = look(timezone.now())
    late = look(timezone.now() + timedelta(seconds=LATE_S + 1))

    assert soon.status is Status.OK
    assert late.status is Status.DEGRADED
    assert health.as_json(late)["archive"]["lag"] == 2
    assert late.lag_s > LATE_S


def test_a_stopped_follower_shows_as_503(release, client, monkeypatch):
    release(an_item(1))
    later = timezone.now() + timedelta(seconds=LATE_S + 1)
    monkeypatch.setattr(health.timezone, "now", lambda: later)

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["status"] == "degraded"


def test_nothing_in_the_answer_names_a_path_or_an_error(db, client, settings):
    text = json.dumps(client.get("/healthz").json())

    assert str(settings.VAR) not in text
    assert "sqlite" not in text
    assert "Error" not in text


def test_a_release_that_waits_too_long_for_the_clients_is_a_fault(
    release, follow_public, follow_wire
):
    release(an_item(1))
    follow_public()
    late = timezone.now() + timedelta(seconds=LATE_S + 1)

    before = look(late)
    follow_wire()

    assert before.status is Status.DEGRADED
    assert health.as_json(before)["wire"]["lag"] == 1
    assert look(late).status is Status.OK
