"""`dateline prepare`: any number of times, by several at once, and quickly when nothing changed."""

import subprocess
import sys

import pytest

from dateline.serving import preparing
from dateline.serving.preparing import _fingerprint


def test_a_second_time_does_nothing_and_loads_no_framework(installation):
    script = (
        "import sys; from dateline.cli import main; code = main(['prepare']);"
        "print('django' in sys.modules, code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=installation.environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == ["Everything was prepared already.", "False 0"]


def test_two_at_once_do_not_collide(empty):
    pair = [empty_prepare(empty), empty_prepare(empty)]
    outputs = [process.communicate(timeout=120) for process in pair]

    assert [process.returncode for process in pair] == [0, 0], outputs
    said = sorted(out.decode().strip() for out, _ in outputs)
    assert said == ["Everything was prepared already.", "Prepared."]


def empty_prepare(empty) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dateline.cli", "prepare"],
        env=empty.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_database_that_was_taken_away_is_made_again(installation):
    for path in installation.var.glob("public.sqlite3*"):
        path.unlink()

    done = installation.run("prepare")

    assert done.stdout.strip() == "Prepared."
    assert installation.run("check").returncode == 0


def test_a_damaged_newsroom_database_is_said_in_words(installation):
    (installation.var / "newsroom.sqlite3").write_bytes(b"This is no database. " * 1000)

    done = installation.run("serve")

    assert done.returncode == 1
    assert "The newsroom's database cannot be prepared: file is not a database." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_changed_file_changes_the_fingerprint(tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "PACKAGE", tmp_path)
    file = tmp_path / "site.css"
    seen = []
    for text in ("a {}", "b {}", "a {}"):
        file.write_text(text)
        seen.append(_fingerprint(["wagtail-8"], [file]))

    assert seen[0] == seen[2] != seen[1]
    assert _fingerprint(["wagtail-9"], [file]) != seen[2]


@pytest.mark.parametrize("folder", ["static", "media", "pictures", "mail"])
def test_the_folders_of_the_data_folder_are_there(installation, folder):
    assert (installation.var / folder).is_dir()
