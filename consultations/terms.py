"""The terms 期限 of consultations (domain rules §3): the outcome goes up, units say what they take up."""

from datetime import date

from django.utils import timezone

from consultations.models import Consultation, FollowUp, Uptake
from core import deadlines, options
from core.models import Deadline

ROOT = "consultations.consultation"
OUTCOME = "consultations.outcome"
UPTAKE = "consultations.uptake"


def open_report(consultation: Consultation, *, start: date) -> Deadline:
    """The outcome is sent up within so many working days after the session."""
    days = options.value("consultations.report_days")
    return deadlines.set_working_days(
        consultation, "report", root=consultation, label="报送成果", start=start, days=days, event="协商举行"
    )


def met_report(consultation: Consultation, *, on: date) -> None:
    """The outcome went up."""
    deadlines.meet(consultation, "report", on=on)


def open_uptake(uptake: Uptake, *, start: date) -> Deadline:
    """A unit says what it takes up within so many months."""
    months = options.value("consultations.uptake_months")
    return deadlines.set_months(
        uptake,
        "uptake",
        root=uptake.outcome.consultation,
        label="答复采纳情况",
        start=start,
        months=months,
        event="交办",
    )


def met_uptake(uptake: Uptake, *, on: date) -> None:
    """The unit has answered."""
    deadlines.meet(uptake, "uptake", on=on)


def open_follow_up(row: FollowUp) -> Deadline:
    """Somebody looks back at an outcome on the day that was set; it outlives the session, so its case is the outcome."""
    today = timezone.localdate()
    return deadlines.set_date(
        row, "follow_up", root=row.outcome, label="回头看", start=today, due=row.due_on, rule="登记的回头看日期"
    )


def met_follow_up(row: FollowUp, *, on: date) -> None:
    """It was looked back at."""
    deadlines.meet(row, "follow_up", on=on)


def keep_next_due(ids: list[int]) -> None:
    """Repeat the nearest open deadline of each session on the session, and of each uptake on it, for lists."""
    nearest: dict[int, date] = {}
    rows = Deadline.objects.open().filter(root_type=ROOT, root_id__in=ids).order_by("due", "id")
    for root_id, due in rows.values_list("root_id", "due"):
        nearest.setdefault(root_id, due)
    changed = []
    for row in Consultation.objects.filter(pk__in=ids).only("next_due"):
        if row.next_due != nearest.get(row.pk):
            row.next_due = nearest.get(row.pk)
            changed.append(row)
    Consultation.objects.bulk_update(changed, ["next_due"], batch_size=500)
    _keep_uptake_due(ids)


def _keep_uptake_due(ids: list[int]) -> None:
    """The day until which each unit answers; what was answered keeps the day that it had."""
    terms = Deadline.objects.filter(root_type=ROOT, root_id__in=ids, subject_type=UPTAKE, kind="uptake", void=False)
    due = dict(terms.order_by("id").values_list("subject_id", "due"))
    changed = []
    for row in Uptake.objects.filter(pk__in=due).only("due_on"):
        if row.due_on != due[row.pk]:
            row.due_on = due[row.pk]
            changed.append(row)
    Uptake.objects.bulk_update(changed, ["due_on"], batch_size=500)
