"""The head's one row, and triggers that refuse edits of rows and bodies.

They stand in the log's database only (the table `releases_head` tells which that is), and hold
whoever connects: the application, a shell, an administrator with psql.
"""

from django.db import migrations

ROW = "A release is never edited or deleted. Release a correction or a kill instead."
BODY = "A body is never edited or deleted; it can only be struck, with a reason."

SQLITE = [
    f"""CREATE TRIGGER releases_no_update BEFORE UPDATE ON releases_release
        BEGIN SELECT RAISE(ABORT, '{ROW}'); END""",
    f"""CREATE TRIGGER releases_no_delete BEFORE DELETE ON releases_release
        BEGIN SELECT RAISE(ABORT, '{ROW}'); END""",
    f"""CREATE TRIGGER bodies_no_update BEFORE UPDATE ON releases_body
        WHEN NOT (OLD.sha256 = NEW.sha256 AND OLD.data IS NOT NULL AND NEW.data IS NULL
                  AND NEW.struck_at IS NOT NULL AND NEW.struck_reason <> '')
        BEGIN SELECT RAISE(ABORT, '{BODY}'); END""",
    f"""CREATE TRIGGER bodies_no_delete BEFORE DELETE ON releases_body
        BEGIN SELECT RAISE(ABORT, '{BODY}'); END""",
    """CREATE TRIGGER head_forward BEFORE UPDATE ON releases_head
        WHEN NEW.serial < OLD.serial OR NEW.id <> OLD.id
        BEGIN SELECT RAISE(ABORT, 'The head of the log only moves forward.'); END""",
    """CREATE TRIGGER head_stays BEFORE DELETE ON releases_head
        BEGIN SELECT RAISE(ABORT, 'The head of the log only moves forward.'); END""",
    # INSERT OR REPLACE removes the row in its way without asking the triggers above. A body in the
    # way has the same bytes, or was struck and must not come back: the new one is left out.
    f"""CREATE TRIGGER releases_no_replace BEFORE INSERT ON releases_release
        WHEN EXISTS (SELECT 1 FROM releases_release WHERE serial = NEW.serial)
          OR EXISTS (SELECT 1 FROM releases_release WHERE guid = NEW.guid
                     AND version = NEW.version AND audience = NEW.audience)
        BEGIN SELECT RAISE(ABORT, '{ROW}'); END""",
    """CREATE TRIGGER bodies_no_replace BEFORE INSERT ON releases_body
        WHEN EXISTS (SELECT 1 FROM releases_body WHERE sha256 = NEW.sha256)
        BEGIN SELECT RAISE(IGNORE); END""",
    """CREATE TRIGGER head_no_replace BEFORE INSERT ON releases_head
        WHEN EXISTS (SELECT 1 FROM releases_head)
        BEGIN SELECT RAISE(ABORT, 'The head of the log only moves forward.'); END""",
]

POSTGRESQL = [
    f"""CREATE FUNCTION releases_refuse_row() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{ROW}'; END $$""",
    """CREATE TRIGGER releases_no_edit BEFORE UPDATE OR DELETE ON releases_release
        FOR EACH ROW EXECUTE FUNCTION releases_refuse_row()""",
    """CREATE TRIGGER releases_no_truncate BEFORE TRUNCATE ON releases_release
        FOR EACH STATEMENT EXECUTE FUNCTION releases_refuse_row()""",
    f"""CREATE FUNCTION releases_refuse_body() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{BODY}'; END $$""",
    """CREATE TRIGGER bodies_no_update BEFORE UPDATE ON releases_body FOR EACH ROW
        WHEN (NOT (OLD.sha256 = NEW.sha256 AND OLD.data IS NOT NULL AND NEW.data IS NULL
                   AND NEW.struck_at IS NOT NULL AND NEW.struck_reason <> ''))
        EXECUTE FUNCTION releases_refuse_body()""",
    """CREATE TRIGGER bodies_no_delete BEFORE DELETE ON releases_body
        FOR EACH ROW EXECUTE FUNCTION releases_refuse_body()""",
    """CREATE TRIGGER bodies_no_truncate BEFORE TRUNCATE ON releases_body
        FOR EACH STATEMENT EXECUTE FUNCTION releases_refuse_body()""",
    """CREATE FUNCTION releases_head_forward() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'The head of the log only moves forward.'; END $$""",
    """CREATE TRIGGER head_forward BEFORE UPDATE ON releases_head FOR EACH ROW
        WHEN (NEW.serial < OLD.serial OR NEW.id <> OLD.id)
        EXECUTE FUNCTION releases_head_forward()""",
    """CREATE TRIGGER head_stays BEFORE DELETE ON releases_head
        FOR EACH ROW EXECUTE FUNCTION releases_head_forward()""",
    """CREATE TRIGGER head_no_truncate BEFORE TRUNCATE ON releases_head
        FOR EACH STATEMENT EXECUTE FUNCTION releases_head_forward()""",
]


def guard(apps, schema_editor):
    from django.db import router

    alias = schema_editor.connection.alias
    if not router.allow_migrate(alias, "releases", model_name="release"):
        return
    apps.get_model("releases", "Head").objects.using(alias).create(pk=1, serial=0)
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
