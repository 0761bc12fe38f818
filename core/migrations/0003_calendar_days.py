"""Enter the published days off and 调休 of 2020–2026, and the legal days off of later years."""

from django.db import migrations

from core.seeds import calendar


def load(apps, schema_editor):
    """Through the one loader that the demo world uses too; adds only what is missing."""
    calendar.load(apps.get_model("core", "CalendarDay"))


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
