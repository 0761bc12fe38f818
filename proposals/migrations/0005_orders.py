"""Indexes for the orders of the list, and for counting it without touching the table."""

from django.conf import settings
from django.db import migrations, models

DESCENDING = {
    "proposal_next_due_desc": "(next_due DESC NULLS LAST, id DESC)",
    "proposal_number_desc": "(session_id DESC, number DESC NULLS LAST, id DESC)",
}
"""Empty values last in a descending order: SQLite knows no such index, and does without."""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in DESCENDING.items():
            schema_editor.execute(f"CREATE INDEX {name} ON proposals_proposal {columns}")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in DESCENDING:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("proposals", "0004_publication_promises_phones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("proposal", "proposal_status"),
        migrations.RemoveIndex("proposal", "proposal_next_due"),
        migrations.AddIndex("proposal", models.Index(fields=["status", "-id", "created_by"], name="proposal_status")),
        migrations.AddIndex("proposal", models.Index(fields=["next_due", "id"], name="proposal_next_due")),
        migrations.RunPython(add, remove),
    ]
