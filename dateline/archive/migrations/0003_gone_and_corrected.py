"""What is gone may be withheld and come back, so the column has a name for both; corrections and
rewrites get what their pages ask for. Nothing is rewritten: `dateline rebuild` fills in the
corrections of stories that were released before."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_changes_and_reads")]

    operations = [
        migrations.RenameField("archivedstory", "killed_at", "gone_at"),
        # Both databases rename the column inside their indexes by themselves.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                operation
                for name, fields, condition in [
                    (
                        "archive_latest",
                        ["edition", "-first_released_at", "-number"],
                        Q(gone_at=None),
                    ),
                    (
                        "archive_section",
                        ["edition", "section", "-first_released_at", "-number"],
                        Q(gone_at=None),
                    ),
                    ("archive_gone", ["edition", "-gone_at"], Q(gone_at__isnull=False)),
                ]
                for operation in (
                    migrations.RemoveIndex("archivedstory", name),
                    migrations.AddIndex(
                        "archivedstory",
                        models.Index(fields=fields, condition=condition, name=name),
                    ),
                )
            ]
        ),
        migrations.AddField(
            "archivedstory", "evolved_from", models.BigIntegerField(null=True)
        ),
        migrations.AddIndex(
            "archivedstory",
            models.Index(
                fields=["evolved_from"],
                condition=Q(evolved_from__isnull=False),
                name="archive_rewrites",
            ),
        ),
        migrations.CreateModel(
            name="ArchivedCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("note", models.TextField()),
                (
                    "story",
                    models.ForeignKey(
                        db_column="number",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="archive.archivedstory",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["edition", "-at", "-story"], name="archive_corrections"
                    )
                ],
            },
        ),
    ]
