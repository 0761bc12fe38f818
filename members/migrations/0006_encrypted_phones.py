"""Telephone numbers of members and accounts are encrypted at rest."""

from django.db import migrations

import core.fields


def encrypt(apps, schema_editor):
    """Rewrite what was stored as plain text."""
    for name in ("Member", "User"):
        core.fields.encrypt_stored(apps.get_model("members", name), "phone")


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_append_only_ledger"),
    ]

    operations = [
        migrations.AlterField(
            model_name="member",
            name="phone",
            field=core.fields.EncryptedCharField(blank=True, max_length=20, verbose_name="手机号"),
        ),
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=core.fields.EncryptedCharField(blank=True, max_length=20, verbose_name="手机号"),
        ),
        migrations.RunPython(encrypt),
    ]
