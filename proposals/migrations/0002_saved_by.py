"""Drafts of proposals and replies know who saved them last, so that a conflict can name him."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def saved_by():
    """The column, alike on both tables."""
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name="保存人",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="proposal", name="saved_by", field=saved_by()),
        migrations.AddField(model_name="reply", name="saved_by", field=saved_by()),
    ]
