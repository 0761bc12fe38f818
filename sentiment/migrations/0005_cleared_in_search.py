"""Cleared titles and abstracts become findable on the portal, those of earlier too."""

from django.db import migrations

from core import search


def index(apps, schema_editor):
    """Write the public face of every report that stands on the portal."""
    rows = apps.get_model("sentiment", "OpinionReport").objects.filter(published_on__isnull=False).order_by("pk")
    rows = rows.only("public_title", "public_abstract")
    search.index_many(
        ((row, [row.public_title, row.public_abstract]) for row in rows.iterator(chunk_size=500)), face=search.PUBLIC
    )


class Migration(migrations.Migration):
    dependencies = [("sentiment", "0004_reporters_by_name"), ("core", "0009_calendar_links")]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
