"""`dateline rebuild`: the same archive again, from the log alone."""

import pytest

from tests.serving.conftest import Installation, eventually

pytestmark = pytest.mark.stress
TABLES = ("archive_archivedstory", "archive_archivedtopic", "archive_archiveddocument")
GARBAGE = b"This is no database. " * 5000


def contents(installation: Installation) -> list[list[tuple]]:
    # A topic row's own number says only in which order it was written.
    return [
        sorted(row[1:] if table == TABLES[1] else row for row in installation.archived(table))
        for table in TABLES
    ]


def spoil(installation: Installation) -> None:
    """Overwrite the archive in place, as a failing disk would."""
    with installation.archive.open("r+b") as file:
        file.write(GARBAGE)


def test_a_rebuilt_archive_equals_the_followers_row_by_row(installation):
    follower = installation.start("follow", "public")
    installation.release(1, 60)
    eventually(lambda: installation.has_archived(60), "the follower archived all")
    follower.terminate()
    assert follower.wait(timeout=20) == 0
    followed = contents(installation)

    done = installation.run("rebuild")

    assert done.returncode == 0, done.stderr
    assert "up to release 60" in done.stdout
    assert contents(installation) == followed
    assert installation.archived("releases_cursor") == [("public", 60)]


def test_a_follower_that_runs_goes_on_in_the_rebuilt_file(installation):
    installation.start("follow", "public")
    installation.release(1, 30)
    eventually(lambda: installation.has_archived(30), "the follower archived all")

    assert installation.run("rebuild").returncode == 0
    installation.release(31, 45)

    eventually(lambda: installation.has_archived(45), "the follower noticed the new file")
    assert installation.archived("releases_cursor") == [("public", 45)]


def test_garbage_in_place_of_the_archive_is_said_once_and_mended_beside_a_running_follower(
    installation,
):
    installation.release(1, 30)
    assert installation.run("rebuild").returncode == 0
    spoil(installation)
    installation.start("follow", "public")
    eventually(lambda: "is damaged" in installation.log_text, "the damage is reported")
    installation.release(31, 40)

    done = installation.run("rebuild")
    assert done.returncode == 0, done.stderr
    installation.release(41, 50)

    eventually(lambda: installation.has_archived(50), "all is archived after the rebuild")
    eventually(lambda: "follows the log again" in installation.log_text, "the mend is reported")
    assert installation.log_text.count("Run `dateline rebuild public`") == 1
    assert "Traceback" not in installation.log_text


def test_garbage_written_under_a_running_follower_is_mended(installation):
    installation.start("follow", "public")
    installation.release(1, 30)
    eventually(lambda: installation.has_archived(30), "the follower archived all")

    spoil(installation)
    installation.release(31, 35)
    assert installation.run("rebuild").returncode == 0
    installation.release(36, 40)

    eventually(lambda: installation.has_archived(40), "all is archived after the rebuild")
    assert installation.archived("releases_cursor") == [("public", 40)]


def test_a_missing_archive_is_made_again(installation):
    installation.release(1, 10)
    for path in installation.var.glob("public.sqlite3*"):
        path.unlink()

    assert installation.run("rebuild").returncode == 0

    assert installation.has_archived(10)


def test_rebuilds_leave_one_file_behind(installation):
    installation.release(1, 5)
    for _ in range(3):
        assert installation.run("rebuild").returncode == 0

    files = [path for path in installation.var.glob("public.sqlite3*") if not path.is_symlink()]
    assert [path for path in files if not path.name.endswith(("-wal", "-shm"))] == [
        installation.archive.resolve()
    ]
    assert installation.run("prepare").returncode == 0
    assert installation.has_archived(5)


def test_the_site_starts_and_answers_beside_a_damaged_archive_and_is_mended_while_it_serves(
    installation,
):
    installation.release(1, 5)
    assert installation.run("rebuild").returncode == 0
    spoil(installation)
    installation.start("serve")

    health = eventually(installation.health, "the site answers beside a damaged archive")
    assert health["status"] == "down"
    assert health["databases"] == {"newsroom": "ok", "archive": "damaged", "wire": "ok"}
    assert installation.get("/healthz")[0] == 503

    assert installation.run("rebuild").returncode == 0
    eventually(installation.is_well, "the site is well after the rebuild")
    assert installation.has_archived(5)
