"""The terms 期限 of a proposal (domain rules §1.4): opened here, each with its rule, from the options."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core import deadlines, options, workdays
from core.models import Deadline
from core.workdays import Pause
from proposals.models import Feedback, Promise, Proposal, UnitTask

LABELS = {
    "assign": "交办",
    "receipt": "签收",
    "contact": "面商",
    "opinion": "会办意见",
    "reply": "答复",
    "transfer_decision": "改办审批",
    "extension_decision": "延期审批",
    "feedback": "反馈",
    "promise": "兑现承诺",
    "publish": "审看公开",
}


def open_assignment(proposal: Proposal, *, start: date) -> None:
    """A filed case must be given to its units: off-session in working days, else after the plenary."""
    if proposal.in_session and start <= proposal.session.closes + timedelta(days=31):
        months = options.value("proposals.handover_months")
        closes = max(start, proposal.session.closes)
        deadlines.set_months(
            proposal,
            "assign",
            months=months,
            event="全体会议闭幕",
            **_base(proposal, "assign", closes),
        )
    else:
        days = options.value("proposals.assign_days")
        deadlines.set_working_days(proposal, "assign", days=days, event="立案", **_base(proposal, "assign", start))


def open_task(task: UnitTask, *, start: date, pauses: Sequence[Pause] = ()) -> None:
    """What a unit owes from the day of assignment: receipt, then contact and reply, or its opinion.

    What the task already has (receipt, a contact, an opinion) is not asked again.
    """
    if task.signed_on is None or task.status == UnitTask.Status.UPHELD:
        _days(task, "receipt", "proposals.receipt_days", start, "交办", pauses)
    if task.replies:
        if not task.contacts.filter(round=task.proposal.round).exists():
            _days(task, "contact", "proposals.contact_days", start, "交办", pauses)
        open_reply(task, start=start, pauses=pauses)
    elif task.opinion_on is None:
        deadlines.set_months(
            task,
            "opinion",
            months=options.value("proposals.opinion_months"),
            event="交办",
            pauses=pauses,
            **_base(task.proposal, "opinion", start),
        )


def open_reply(task: UnitTask, *, start: date, pauses: Sequence[Pause] = ()) -> None:
    """The reply's term from assignment; the year's cut-off day, where one is set, if that is earlier."""
    months = options.value("proposals.reply_months")
    due = workdays.add_months(start, months, pauses=pauses).due
    cut_off = _cut_off(start)
    if cut_off and cut_off < due:
        rule = f"当年答复截止日{cut_off.month}月{cut_off.day}日"
        deadlines.set_date(task, "reply", due=cut_off, rule=rule, **_base(task.proposal, "reply", start))
    else:
        base = _base(task.proposal, "reply", start)
        deadlines.set_months(task, "reply", months=months, event="交办", pauses=pauses, **base)


def open_second_reply(task: UnitTask, *, start: date) -> None:
    """The term of the reply of a re-handling 再办理."""
    months = options.value("proposals.rehandling_months")
    deadlines.set_months(task, "reply", months=months, event="再办理", **_base(task.proposal, "reply", start))


def extend_reply(task: UnitTask, *, until: date) -> None:
    """Replace the reply's term by the day that was granted; its reminders begin anew."""
    row = Deadline.objects.of(task).open().filter(kind="reply").first()
    start = row.starts if row else task.assigned_on
    rule = f"同意延期至{until.month}月{until.day}日"
    deadlines.set_date(task, "reply", due=until, rule=rule, **_base(task.proposal, "reply", start))


def latest_extension(task: UnitTask) -> date:
    """The last day to which the reply's term may be extended: so many months in all."""
    row = Deadline.objects.of(task).open().filter(kind="reply").first()
    start = row.starts if row else task.assigned_on
    return workdays.add_months(start, options.value("proposals.extension_months")).due


def transfer_until(task: UnitTask) -> date:
    """The last day on which the unit may ask for a transfer 改办; a right, so nothing reminds of it."""
    return workdays.add_working_days(task.assigned_on, options.value("proposals.transfer_days")).due


def open_decision(task: UnitTask, kind: str, *, start: date) -> None:
    """The inspection office's term to decide: ``kind`` transfer_decision or extension_decision."""
    _days(task, kind, f"proposals.{kind}_days", start, "收到申请", ())


def open_feedback(feedback: Feedback, *, start: date) -> None:
    """A proposer's term to judge the reply."""
    deadlines.set_working_days(
        feedback,
        "feedback",
        days=options.value("proposals.feedback_days"),
        event="答复送达",
        **_base(feedback.proposal, "feedback", start),
    )


def open_publication(proposal: Proposal, *, start: date) -> None:
    """The term to publish an answered case or to decide that it stays closed."""
    days = options.value("proposals.publish_days")
    deadlines.set_working_days(proposal, "publish", days=days, event="答复送达", **_base(proposal, "publish", start))


def open_promise(promise: Promise, *, root: Proposal, start: date) -> None:
    """The day that the unit itself named in its reply."""
    base = _base(root, "promise", start)
    deadlines.set_date(promise, "promise", due=promise.due_on, rule="答复函中承诺的日期", **base)


def _base(root: Proposal, kind: str, start: date) -> dict[str, Any]:
    return {"root": root, "label": LABELS[kind], "start": start}


def _days(task: UnitTask, kind: str, option: str, start: date, event: str, pauses: Sequence[Pause]) -> None:
    deadlines.set_working_days(
        task,
        kind,
        days=options.value(option),
        event=event,
        pauses=pauses,
        **_base(task.proposal, kind, start),
    )


def _cut_off(start: date) -> date | None:
    """The configured cut-off (month-day) in the year of ``start``; None where unset, past or no date."""
    try:
        month, day = (int(part) for part in options.value("proposals.reply_cut_off").split("-"))
        cut_off = date(start.year, month, day)
    except ValueError:
        return None
    return cut_off if cut_off > start else None
