"""Delivered replies become findable by their words, those of earlier too."""

from django.db import migrations

from core import search


def index(apps, schema_editor):
    """Write the search entry of every delivered reply that has a text."""
    rows = apps.get_model("proposals", "Reply").objects.filter(status="issued").order_by("pk")
    rows = rows.prefetch_related("items", "promises")
    search.index_many(
        (
            row,
            [
                row.opening,
                *(item.text for item in row.items.all()),
                *(promise.text for promise in row.promises.all()),
                row.closing,
            ],
        )
        for row in rows.iterator(chunk_size=500)
    )


class Migration(migrations.Migration):
    dependencies = [("proposals", "0007_unit_terms"), ("core", "0009_calendar_links")]

    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
