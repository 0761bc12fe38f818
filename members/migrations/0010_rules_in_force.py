"""PostgreSQL itself refuses to change or delete scoring rules that are in force."""

from django.db import migrations

FORBID = """
CREATE FUNCTION members_scorerules_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'scoring rules in force never change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER members_scorerules_in_force BEFORE UPDATE OR DELETE ON members_scorerules
    FOR EACH ROW WHEN (OLD.in_force_at IS NOT NULL) EXECUTE FUNCTION members_scorerules_in_force();
"""
ALLOW = """
DROP TRIGGER members_scorerules_in_force ON members_scorerules;
DROP FUNCTION members_scorerules_in_force();
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
    dependencies = [("members", "0009_information_roles")]

    operations = [migrations.RunPython(forbid_change, allow_change)]
