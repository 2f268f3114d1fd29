"""Lists that stay quick at a million stories: a section's, the drafts, and those that are sought by words."""

from typing import Any

from django.db import DatabaseError, migrations, models, transaction

WORDS = "newsroom_words"


def add_words(apps: Any, schema_editor: Any) -> None:
    """An index that holds the words, so that a search reads no story: a tenth of the bytes."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE INDEX {WORDS} ON newsroom_story (updated_at DESC, search_text)"
        )
        return
    try:
        # A row of PostgreSQL's plain index has no room for long words. Its own for parts of words
        # is in an extension, which whoever owns the database may add.
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(
                f"CREATE INDEX {WORDS} ON newsroom_story USING gin (search_text gin_trgm_ops)"
            )
    except DatabaseError:
        # Without it a search reads the table, as before.
        pass


def remove_words(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP INDEX IF EXISTS {WORDS}")


class Migration(migrations.Migration):

    dependencies = [("newsroom", "0010_pictures")]

    operations = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(fields=["section", "-updated_at"], name="newsroom_section_list"),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["-updated_at"],
                condition=models.Q(live=False, killed_at=None, withheld_at=None),
                name="newsroom_drafts",
            ),
        ),
        migrations.RunPython(add_words, remove_words),
    ]
