"""The trail, and triggers that refuse an edit of it, whoever is connected."""

import django.utils.timezone
from django.db import migrations, models

REFUSED = "The trail is never edited: rows are only added."

SQLITE = [
    f"""CREATE TRIGGER trail_no_update BEFORE UPDATE ON newsroom_trailentry
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER trail_no_delete BEFORE DELETE ON newsroom_trailentry
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # INSERT OR REPLACE removes the row in its way without asking the trigger above.
    f"""CREATE TRIGGER trail_no_replace BEFORE INSERT ON newsroom_trailentry
        WHEN EXISTS (SELECT 1 FROM newsroom_trailentry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
]

POSTGRESQL = [
    f"""CREATE FUNCTION newsroom_refuse_trail() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
    """CREATE TRIGGER trail_no_edit BEFORE UPDATE OR DELETE ON newsroom_trailentry
        FOR EACH ROW EXECUTE FUNCTION newsroom_refuse_trail()""",
    """CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON newsroom_trailentry
        FOR EACH STATEMENT EXECUTE FUNCTION newsroom_refuse_trail()""",
]


def guard(apps, schema_editor):
    from django.db import router

    connection = schema_editor.connection
    if not router.allow_migrate(connection.alias, "newsroom", model_name="trailentry"):
        return
    for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_expiring")]

    operations = [
        migrations.CreateModel(
            name="TrailEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="time")),
                ("act", models.CharField(max_length=20, verbose_name="what")),
                ("person", models.CharField(blank=True, max_length=150, verbose_name="who")),
                ("story", models.BigIntegerField(null=True, verbose_name="story")),
                ("about", models.CharField(blank=True, max_length=250, verbose_name="about")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="network address")),
            ],
            options={
                "verbose_name": "trail",
                "verbose_name_plural": "trail",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["person", "-id"], name="newsroom_trail_person"),
                    models.Index(fields=["act", "-id"], name="newsroom_trail_act"),
                    models.Index(
                        condition=models.Q(("story__isnull", False)),
                        fields=["story", "-id"],
                        name="newsroom_trail_story",
                    ),
                    models.Index(fields=["at"], name="newsroom_trail_at"),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
