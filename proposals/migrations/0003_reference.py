"""Every installation starts with the reference lists (see proposals.seeds)."""

from django.db import migrations

from proposals.seeds import load_reference


def load(apps, schema_editor):
    load_reference(*(apps.get_model("proposals", name) for name in ("Category", "Ground", "ResultClass")))


class Migration(migrations.Migration):
    dependencies = [("proposals", "0002_saved_by")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
