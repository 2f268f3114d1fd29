"""`dateline check` and all other commands: what is wrong is said in words, before all else."""

import pytest

from tests.serving.conftest import Installation


def test_a_good_installation_has_no_faults(installation):
    done = installation.run("check")

    assert done.returncode == 0, done.stdout
    assert "fault" not in done.stdout
    assert "All is well." in done.stdout


@pytest.mark.parametrize("command", [["check"], ["serve"], ["prepare"], ["manage", "check"]])
def test_every_command_names_all_bad_settings_with_the_values_seen(empty, command):
    empty.settings |= {"DATELINE_PORT": "eighty", "DATELINE_DEBUG": "maybe", "DATELINE_PROT": "1"}

    done = empty.run(*command)

    assert done.returncode == 2
    assert "DATELINE_PORT is 'eighty': a whole number from 1 to 65535 is needed." in done.stderr
    assert "DATELINE_DEBUG is 'maybe': on or off is needed." in done.stderr
    assert "DATELINE_PROT is no setting of Dateline." in done.stderr
    assert not empty.var.exists()


def test_the_value_of_a_bad_secret_is_not_shown(empty):
    empty.settings["DATELINE_DATABASE_URL"] = "oracle://desk:hunter2@db/news"

    done = empty.run("check", "--all")

    assert done.returncode == 2
    assert "DATELINE_DATABASE_URL is (its value is secret)" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_all_lists_each_setting_with_value_default_and_sentence(installation):
    installation.settings["DATELINE_SECRET_KEY"] = "correct-horse-battery-staple-" * 2

    done = installation.run("check", "--all")

    assert f"DATELINE_PORT = {installation.port}" in done.stdout
    assert "Number of web worker processes. Default: 1." in done.stdout
    assert "DATELINE_SECRET_KEY = (secret)" in done.stdout
    assert "battery" not in done.stdout


def test_what_others_must_not_reach_is_a_fault(installation):
    installation.settings |= {
        "DATELINE_BASE_URL": "http://news.example",
        "DATELINE_DEBUG": "on",
        "DATELINE_SECRET_KEY": "short",
    }

    done = installation.run("check")

    assert done.returncode == 1
    assert "DATELINE_BASE_URL is 'http://news.example': a site that others reach" in done.stdout
    assert "DATELINE_DEBUG is 'on'" in done.stdout
    assert "DATELINE_SECRET_KEY is weak" in done.stdout


def test_databases_that_were_never_prepared_are_a_fault(empty):
    done = empty.run("check")

    assert done.returncode == 1
    assert "The newsroom's database is not there yet. Run `dateline prepare`." in done.stdout


def test_a_damaged_archive_is_a_fault_with_its_remedy(installation):
    installation.archive.write_bytes(b"This is no database. " * 1000)

    done = installation.run("check")

    assert done.returncode == 1
    assert "The public archive is damaged. Run `dateline rebuild public`." in done.stdout


def test_a_database_server_that_does_not_answer_is_a_fault_without_its_password(installation):
    port = Installation(installation.var).port
    installation.settings["DATELINE_ARCHIVE_URL"] = f"postgresql://desk:hunter2@127.0.0.1:{port}/a"

    done = installation.run("check")

    assert done.returncode == 1
    assert "The public archive cannot be reached" in done.stdout
    assert "DATELINE_ARCHIVE_URL" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


def test_a_data_folder_that_is_a_file_is_named(empty):
    empty.var.write_text("")

    done = empty.run("serve")

    assert done.returncode == 2
    assert f"DATELINE_VAR is {str(empty.var)!r}" in done.stderr


def test_the_front_page_of_the_command_has_a_line_for_each_command(empty):
    done = empty.run("--help")

    assert done.returncode == 0
    for command in ("serve", "prepare", "check", "rebuild", "follow", "schedule", "manage"):
        assert f"    {command} " in done.stdout
