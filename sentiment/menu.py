"""The links of opinion reports 社情民意 in the menu, what waits for a person, and where files lead."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from core import navigation, todos
from core.todos import Rows, Todo
from members.models import Role
from sentiment.models import Forward, ForwardStatus, OpinionReport, Reporter, ReportStatus
from sentiment.selectors import OFFICE, waiting_of

GROUP = "社情民意"
CAP = 1000
ACTIONS = {
    ReportStatus.SUBMITTED: "收稿", ReportStatus.EDITING: "编辑", ReportStatus.EDITED: "核稿",
    ReportStatus.CHECKED: "签发", ReportStatus.SIGNED: "编入刊期", ReportStatus.ANSWERED: "看答复，办结",
}  # fmt: skip


def writes(user: Any) -> bool:
    """Whether the person may report."""
    return user.has_perm("sentiment.add_report") and not user.has_role(Role.INFO_EDITOR)


def is_office(user: Any) -> bool:
    """Whether the person works on reports."""
    return user.has_role(*OFFICE)


def reads_issues(user: Any) -> bool:
    """Whether the person reads issues."""
    return user.has_role(*OFFICE, Role.LEADER, Role.DISTRICT_LEADER)


def turn_count(user: Any) -> int:
    """How many reports wait for this person; one capped query."""
    return OpinionReport.objects.filter(waiting_of(user))[:CAP].count()


def forward_count(user: Any) -> int:
    """How many forwarded reports wait for the person's units."""
    return Forward.objects.filter(unit__in=user.unit_ids(), status=ForwardStatus.SENT)[:CAP].count()


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """What waits: the office's turn, what was returned to an author, what a unit must answer."""
    if is_office(user):
        turn = OpinionReport.objects.filter(waiting_of(user)).order_by("next_due", "id")
        yield Rows(turn, REPORT, _turn, days=DAYS)
    if user.unit_ids():
        asked = Forward.objects.filter(unit__in=user.unit_ids(), status=ForwardStatus.SENT).order_by("id")
        columns = {"pk": "pk", "title": "report__title", "due": "report__next_due", "sent_on": "sent_on"}
        yield Rows(asked, columns, _asked, days=("due", "sent_on"))
    if writes(user):
        unsent = (ReportStatus.RETURNED, ReportStatus.DRAFT)
        mine = OpinionReport.objects.filter(created_by=user, status__in=unsent).order_by("-id")
        yield Rows(mine, REPORT, _unsent, days=DAYS, most=20)
        told = Forward.objects.filter(status=ForwardStatus.ANSWERED, report__in=_first_named(user)).order_by("id")
        columns = {"pk": "pk", "title": "report__title", "unit": "unit__name", "answered_on": "answered_on"}
        yield Rows(told, columns, _judge, days=("answered_on",), most=20)


REPORT = {"pk": "pk", "title": "title", "status": "status", "due": "next_due", "submitted_on": "submitted_on"}
DAYS = ("due", "submitted_on")


def _turn(row: Any) -> Todo:
    status = ReportStatus(row.status)
    url = OpinionReport(pk=row.pk).get_absolute_url()
    return Todo(
        "sentiment.turn", row.title, f"社情民意　{status.label}", url, ACTIONS[status], row.due, row.submitted_on
    )


def _asked(row: Any) -> Todo:
    url = Forward(pk=row.pk).get_absolute_url()
    return Todo("sentiment.answer", row.title, "转来的社情民意", url, "答复", row.due, row.sent_on)


def _first_named(user: Any):
    """Reports on whose answers the person says whether they are enough, as long as they are not closed."""
    first = Q(user=user)
    if user.member_id:
        first |= Q(member=user.member_id)
    if user.body_ids:
        first |= Q(body__in=user.body_ids)
    named = Reporter.objects.filter(first, order=0).values("report_id")
    mine = OpinionReport.objects.filter(Q(created_by=user) | Q(pk__in=named))
    return mine.filter(status__in=(ReportStatus.FORWARDED, ReportStatus.ANSWERED)).values("pk")


def _judge(row: Any) -> Todo:
    url = reverse("sentiment:forward_judge", args=[row.pk])
    what = f"社情民意　{row.unit}已答复"
    return Todo("sentiment.judge", row.title, what, url, "看答复，说满意不满意", None, row.answered_on)


def _unsent(row: Any) -> Todo:
    action = "按意见修改" if row.status == ReportStatus.RETURNED else "接着写"
    url = reverse("sentiment:edit", args=[row.pk])
    return Todo("sentiment.draft", row.title or "（还没有标题）", "社情民意", url, action, None, row.submitted_on)


def register() -> None:
    """Put the links into the menu, and what waits onto the first page."""
    link = navigation.register
    link(GROUP, "写社情民意", "sentiment:new", show=writes, order=5)
    link(GROUP, "代录来稿", "sentiment:new", show=lambda user: user.has_role(Role.INFO_EDITOR), order=15)
    link(GROUP, "我的来稿", "sentiment:list", query="mine=1", show=writes, order=10)
    link(GROUP, "轮到我办", "sentiment:list", query="turn=1", show=is_office, badge=turn_count, order=5)
    link(GROUP, "全部来稿", "sentiment:list", show=is_office, order=10)
    link(GROUP, "刊期", "sentiment:bulletins", show=reads_issues, order=20)
    link(GROUP, "看板", "sentiment:board", show=lambda user: user.has_perm("sentiment.see_board"), order=25)
    link(
        GROUP, "转来答复", "sentiment:forwards", show=lambda user: bool(user.unit_ids()), badge=forward_count, order=30
    )
    todos.provide(waiting)
