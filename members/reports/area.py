"""Where yearly duty reports 年度履职报告 stand: the menu, what waits, what a member still owes, the reminder to ask for them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.urls import reverse

import members.reports.workflow  # noqa: F401 (its table registers itself)
from core import navigation, notices, options, reminders, todos
from core.todos import Rows, Todo
from members.duty import acts as duty_acts
from members.duty import due as duty_due
from members.duty.due import Due
from members.models import DutyReport, Member, ReportRound, ReportStatus
from members.services import appeals, reports

SECTION = "履职"
COUNTED = 99


def register() -> None:
    """Everything once, when the app is ready."""
    duty_acts.declare(reports.ACT, "交年度履职报告")
    duty_acts.link_with("members.dutyreport", duty_acts.model_link(DutyReport))
    duty_acts.sweep_with(reports.acts)
    reminders.resolve_with(reports.ROOT, reports.told)
    reminders.on_sweep(remind_to_ask)
    duty_due.provide(due_of)
    todos.provide(to_write)
    todos.provide(to_read)
    navigation.register(SECTION, "我的年度报告", "members:my_report", order=61, show=writes)
    navigation.register(SECTION, "年度履职报告", "members:reports", order=63, show=reads, badge=waiting)


def writes(user: Any) -> bool:
    """Whether the person writes a report of his own."""
    return bool(user.member_id) and not reads(user)


def reads(user: Any) -> bool:
    """Whether the person reads the reports of all."""
    return user.has_perm("members.read_yearly_reports")


def waiting(user: Any) -> int | None:
    """How many reports wait for the office, counted up to a limit; one query."""
    if not user.has_perm("members.keep_yearly_reports"):
        return None
    rows = DutyReport.objects.filter(status=ReportStatus.SUBMITTED, round__closed_at=None)
    return len(rows.values_list("pk")[: COUNTED + 1])


def to_write(user: Any, today: date) -> Iterator[Rows]:
    """The report that a member owes, or that came back."""
    if not user.member_id:
        return
    done = DutyReport.objects.filter(round=OuterRef("pk"), member_id=user.member_id, status__in=reports.DONE)
    owes = reports.who_owe(OuterRef(OuterRef("due_on"))).filter(pk=user.member_id)
    rows = ReportRound.objects.filter(Exists(owes), ~Exists(done), closed_at=None).order_by("due_on")
    mine = DutyReport.objects.filter(round=OuterRef("pk"), member_id=user.member_id)
    columns = {"year": "year", "due": "due_on", "status": Subquery(mine.values("status")[:1])}
    yield Rows(rows, columns, _to_write, days=("due",))


def _to_write(row: Any) -> Todo:
    back = row.status == ReportStatus.RETURNED
    sub = "退回修改" if back else "初稿已按履职台账拟好，改一改就能交"
    url = f"{reverse('members:my_report')}?year={row.year}"
    return Todo("年度履职报告", f"写{row.year}年度履职报告", sub, url, "改好再交" if back else "写报告", row.due)


def to_read(user: Any, today: date) -> Iterator[Rows]:
    """Reports that wait for the office: one line a round."""
    if not user.has_perm("members.keep_yearly_reports"):
        return
    came = Count("reports", Q(reports__status=ReportStatus.SUBMITTED))
    rows = ReportRound.objects.annotate(came=came).filter(closed_at=None, came__gt=0).order_by("-year")
    waits = DutyReport.objects.filter(round=OuterRef("pk"), status=ReportStatus.SUBMITTED).order_by().values("round")
    yield Rows(rows, {"year": "year", "count": Subquery(waits.annotate(n=Count("pk")).values("n"))}, _to_read)


def _to_read(row: Any) -> Todo:
    url = f"{reverse('members:reports')}?year={row.year}&state=submitted"
    return Todo("年度履职报告", f"{row.count}份{row.year}年度履职报告待阅", "", url, "收阅")


def due_of(member: Member) -> Iterable[Due]:
    """For the duty file: the reports of open rounds that this member still owes."""
    done = DutyReport.objects.filter(round=OuterRef("pk"), member=member, status__in=reports.DONE)
    owes = reports.who_owe(OuterRef(OuterRef("due_on"))).filter(pk=member.pk)
    for row in ReportRound.objects.filter(Exists(owes), ~Exists(done), closed_at=None):
        yield Due(f"{row}，初稿已拟好", f"{reverse('members:my_report')}?year={row.year}", row.due_on)


def remind_to_ask(on: date) -> None:
    """Tell the liaison office once a year that the reports have not been asked for."""
    if on.month < options.value("reports.ask_from") or ReportRound.objects.filter(year=on.year).exists():
        return
    notices.notify(
        appeals.liaison_accounts(),
        key=f"members:report-to-ask:{on.year}",
        title=f"{on.year}年度履职报告还没有布置",
        body="布置以后，每位委员收到通知，初稿按履职台账拟好，到期前自动提醒。",
        url=reverse("members:reports"),
    )
