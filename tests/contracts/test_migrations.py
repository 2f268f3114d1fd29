"""The tables are what the models say."""

from io import StringIO

from django.core.management import call_command

OURS = ["releases", "archive", "newsroom", "demo", "site"]


def test_no_migration_is_missing(db):
    said = StringIO()
    try:
        call_command("makemigrations", *OURS, check=True, dry_run=True, stdout=said, no_color=True)
    except SystemExit:
        raise AssertionError(said.getvalue()) from None
