"""When a visitor was told on the telephone that his reception day moved or was cancelled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0007_membership_changes")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="改期或取消已电话告知"),
        ),
    ]
