"""What was given to units before bears its term on its own row from now on."""

from django.db import migrations


def fill(apps, schema_editor):
    """Repeat the running or last term of each uptake on it."""
    uptakes, deadlines = apps.get_model("consultations", "Uptake"), apps.get_model("core", "Deadline")
    terms = deadlines.objects.filter(subject_type="consultations.uptake", kind="uptake", void=False).order_by("id")
    due = dict(terms.values_list("subject_id", "due"))
    changed = list(uptakes.objects.filter(pk__in=due, due_on__isnull=True).only("pk"))
    for row in changed:
        row.due_on = due[row.pk]
    uptakes.objects.bulk_update(changed, ["due_on"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0005_outcomes_in_full"),
        ("core", "0009_calendar_links"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
