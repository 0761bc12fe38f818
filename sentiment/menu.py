"""The links of opinion reports 社情民意 in the menu, what waits for a person, and where files lead."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from core import navigation, todos
from core.todos import Todo
from members.models import Role
from sentiment.models import Forward, ForwardStatus, OpinionReport, ReportStatus
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


def waiting(user: Any, today: date) -> Iterable[Todo]:
    """What waits: the office's turn, what was returned to an author, what a unit must answer."""
    if is_office(user):
        rows = OpinionReport.objects.filter(waiting_of(user)).for_list().order_by("next_due", "id")[:50]
        for row in rows:
            yield Todo(
                "sentiment.turn", row.title, f"社情民意　{row.get_status_display()}", row.get_absolute_url(),
                ACTIONS[row.status], row.next_due, row.submitted_on,
            )  # fmt: skip
    if user.unit_ids():
        asked = Forward.objects.filter(unit__in=user.unit_ids(), status=ForwardStatus.SENT).select_related("report")
        for item in asked.defer("report__situation", "report__analysis", "report__suggestions").order_by("id")[:50]:
            yield Todo(
                "sentiment.answer", item.report.title, "转来的社情民意", item.get_absolute_url(), "答复",
                item.report.next_due, item.sent_on,
            )  # fmt: skip
    if writes(user):
        mine = OpinionReport.objects.filter(created_by=user, status__in=(ReportStatus.RETURNED, ReportStatus.DRAFT))
        for row in mine.for_list().order_by("-id")[:20]:
            action = "按意见修改" if row.status == ReportStatus.RETURNED else "接着写"
            url = reverse("sentiment:edit", args=[row.pk])
            yield Todo(
                "sentiment.draft", row.title or "（还没有标题）", "社情民意", url, action, None, row.submitted_on
            )


def register() -> None:
    """Put the links into the menu, and what waits onto the first page."""
    link = navigation.register
    link(GROUP, "写社情民意", "sentiment:new", show=writes, order=5)
    link(GROUP, "我的来稿", "sentiment:list", query="mine=1", show=writes, order=10)
    link(GROUP, "轮到我办", "sentiment:list", query="turn=1", show=is_office, badge=turn_count, order=5)
    link(GROUP, "全部来稿", "sentiment:list", show=is_office, order=10)
    link(GROUP, "刊期", "sentiment:bulletins", show=reads_issues, order=20)
    link(GROUP, "看板", "sentiment:board", show=lambda user: user.has_perm("sentiment.see_board"), order=25)
    link(
        GROUP, "转来答复", "sentiment:forwards", show=lambda user: bool(user.unit_ids()), badge=forward_count, order=30
    )
    todos.provide(waiting)
