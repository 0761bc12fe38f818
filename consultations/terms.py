"""The terms 期限 of consultations (domain rules §3): the outcome goes up, units say what they take up."""

from datetime import date

from consultations.models import Consultation, Uptake
from core import deadlines, options
from core.models import Deadline

ROOT = "consultations.consultation"


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


def keep_next_due(ids: list[int]) -> None:
    """Repeat the nearest open deadline of each session on the session, for lists."""
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
