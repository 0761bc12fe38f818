"""PostgreSQL itself refuses to change or delete rows of the duty ledger."""

from django.db import migrations

FORBID = """
CREATE FUNCTION members_dutyentry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'members_dutyentry is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER members_dutyentry_append_only BEFORE UPDATE OR DELETE ON members_dutyentry
    FOR EACH ROW EXECUTE FUNCTION members_dutyentry_append_only();
"""
ALLOW = """
DROP TRIGGER members_dutyentry_append_only ON members_dutyentry;
DROP FUNCTION members_dutyentry_append_only();
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
    dependencies = [("members", "0004_duty_and_studios")]

    operations = [migrations.RunPython(forbid_change, allow_change)]
