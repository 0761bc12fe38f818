"""The terms 期限 of consultations (domain rules §3): notice and papers before, the outcome and its uptake after."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from consultations.models import Consultation, FollowUp, Uptake
from core import deadlines, options, workdays
from core.models import Deadline

ROOT = "consultations.consultation"
OUTCOME = "consultations.outcome"
UPTAKE = "consultations.uptake"
NOTICE, PAPERS = "notice", "papers"
BEFORE = {
    NOTICE: ("发会议通知", "consultations.notice_days"),
    PAPERS: ("交齐发言材料", "consultations.papers_days"),
}
"""Terms that are counted backwards from the day of the session: what is due, and the value that says how long before."""


def open_before(consultation: Consultation, *, today: date, kinds: Iterable[str] = tuple(BEFORE)) -> None:
    """The terms before a session, counted from its day; one that would be over already is not begun.

    A term that runs is counted anew, wherever it then ends: that is how they follow a moved day.
    """
    running = set(Deadline.objects.of(consultation).open().filter(kind__in=BEFORE).values_list("kind", flat=True))
    for kind in kinds:
        label, option = BEFORE[kind]
        days = options.value(option)
        if kind in running or workdays.days_before(consultation.on, days).due >= today:
            deadlines.set_days_before(
                consultation,
                kind,
                root=consultation,
                label=label,
                day=consultation.on,
                days=days,
                event="会议",
                opened=today,
            )


def move_before(consultation: Consultation, *, today: date) -> None:
    """Count the terms before the session anew after its day moved; what was done stays done."""
    met = Deadline.objects.of(consultation).filter(kind__in=BEFORE, met_on__isnull=False, void=False)
    done = set(met.values_list("kind", flat=True))
    open_before(consultation, today=today, kinds=[kind for kind in BEFORE if kind not in done])


def await_papers(consultation: Consultation, *, today: date) -> None:
    """Papers that were all in are waited for again; a light session waits for none."""
    met = Deadline.objects.of(consultation).filter(kind=PAPERS, met_on__isnull=False, void=False)
    if not consultation.is_light and met.update(void=True):
        open_before(consultation, today=today, kinds=[PAPERS])


def met_before(consultation: Consultation, kind: str, *, on: date) -> None:
    """Notice was given, or the papers are in."""
    deadlines.meet(consultation, kind, on=on)


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
