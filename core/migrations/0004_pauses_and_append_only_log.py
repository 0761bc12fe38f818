"""Deadlines keep the times in which they stood still; PostgreSQL itself refuses to change the log."""

from django.db import migrations, models

FORBID = """
CREATE FUNCTION core_auditentry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'core_auditentry is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_auditentry_append_only();
"""
ALLOW = """
DROP TRIGGER core_auditentry_append_only ON core_auditentry;
DROP FUNCTION core_auditentry_append_only();
"""


def forbid_change(apps, schema_editor):
    """Put the trigger on the table where the database knows triggers of this kind."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORBID)


def allow_change(apps, schema_editor):
    """Take the trigger away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ALLOW)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_calendar_days")]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="pauses",
            field=models.JSONField(blank=True, default=list, verbose_name="暂停"),
        ),
        migrations.RunPython(forbid_change, allow_change),
    ]
