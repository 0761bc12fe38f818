"""The terms 期限 of opinion reports (domain rules §2): the office takes in, units answer."""

from datetime import date

from core import deadlines, options
from core.models import Deadline
from sentiment.models import Forward, OpinionReport

ROOT = "sentiment.opinionreport"


def open_accept(report: OpinionReport, *, start: date) -> Deadline:
    """The office decides what becomes of a report that came in."""
    days = options.value("sentiment.accept_days")
    return deadlines.set_working_days(
        report, "accept", root=report, label="收稿处理", start=start, days=days, event="来稿"
    )


STAGES: dict[str, tuple[str, str]] = {
    "edit": ("编辑", "收稿"),
    "check": ("核稿", "送核稿"),
    "sign": ("签发", "核稿通过"),
}
"""The steps in the office with a term of their own: what it is called, and after which event it runs."""


def open_stage(report: OpinionReport, stage: str, *, start: date) -> Deadline:
    """One step in the office begins (``STAGES``); the terms of the steps before it are met."""
    label, event = STAGES[stage]
    met_stages(report, on=start)
    days = options.value(f"sentiment.{stage}_days")
    return deadlines.set_working_days(report, stage, root=report, label=label, start=start, days=days, event=event)


def met_stages(report: OpinionReport, *, on: date) -> None:
    """Whatever step was under way in the office is over."""
    deadlines.meet(report, *STAGES, on=on)


def open_answer(forward: Forward, *, start: date, days: int | None = None) -> Deadline:
    """A unit answers what was forwarded to it, within the usual term where no other one is named."""
    days = days or options.value("sentiment.answer_days")
    return deadlines.set_working_days(
        forward, "answer", root=forward.report, label="答复", start=start, days=days, event="转办"
    )


def met_answer(forward: Forward, *, on: date) -> None:
    """The unit has answered."""
    deadlines.meet(forward, "answer", on=on)


def met_accept(report: OpinionReport, *, on: date) -> None:
    """The office has decided."""
    deadlines.meet(report, "accept", on=on)


def keep_next_due(ids: list[int]) -> None:
    """Repeat the nearest open deadline of each report on the report, for lists."""
    nearest: dict[int, Deadline] = {}
    rows = Deadline.objects.open().filter(root_type=ROOT, root_id__in=ids)
    for row in rows.order_by("due", "id").only("root_id", "due", "label"):
        nearest.setdefault(row.root_id, row)
    changed = []
    for report in OpinionReport.objects.filter(pk__in=ids).only("next_due", "next_due_label"):
        row = nearest.get(report.pk)
        due, label = (row.due, row.label) if row else (None, "")
        if (report.next_due, report.next_due_label) != (due, label):
            report.next_due, report.next_due_label = due, label
            changed.append(report)
    OpinionReport.objects.bulk_update(changed, ["next_due", "next_due_label"], batch_size=500)
