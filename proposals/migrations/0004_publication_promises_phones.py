"""The decision not to publish; promises without a recorded outcome; telephone numbers encrypted at rest."""

from django.db import migrations, models

import core.fields


def encrypt(apps, schema_editor):
    """Rewrite what was stored as plain text."""
    for name in ("Proposer", "Reply"):
        core.fields.encrypt_stored(apps.get_model("proposals", name), "contact_phone")


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0003_reference"),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="missed_on",
            field=models.DateField(blank=True, null=True, verbose_name="认定未兑现日期"),
        ),
        migrations.AddField(
            model_name="promise",
            name="unrecorded",
            field=models.BooleanField(default=False, verbose_name="登记簿未载结果"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="withheld_on",
            field=models.DateField(blank=True, null=True, verbose_name="决定不公开日期"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="withheld_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="不公开的审查意见"),
        ),
        migrations.AlterField(
            model_name="proposer",
            name="contact_phone",
            field=core.fields.EncryptedCharField(blank=True, max_length=30, verbose_name="联系电话"),
        ),
        migrations.AlterField(
            model_name="reply",
            name="contact_phone",
            field=core.fields.EncryptedCharField(blank=True, max_length=30, verbose_name="联系电话"),
        ),
        migrations.RunPython(encrypt),
    ]
