"""What quality evaluation 质量评价 registers: messages, what waits, links of the menu, the daily run, the demo world."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import consultations.evaluation.workflow  # noqa: F401 (its machine and options are known from now on)
from consultations.effects import on, units_of
from consultations.menu import GROUP, takes_part
from consultations.models import Evaluation, EvaluationInvitation, EvaluationStatus
from consultations.services import evaluation as services
from core import navigation, notices, reminders, todos
from core.todos import Rows, Todo
from members.demo import parts as demo_parts
from members.models import Role, RoleGrant, User


@on("evaluation_opened")
def opened(row: Evaluation, payload: dict) -> None:
    """Each invited member is asked; the message leads to where he gets his link."""
    notices.notify(
        _members(row), key=f"evaluation-opened:{row.pk}", url=services.own_url(row),
        title=f"请评价协商《{row.consultation.title}》",
        body=f"不记名，到{row.ends_on.month}月{row.ends_on.day}日截止，一人一次。",
    )  # fmt: skip


@on("evaluation_closed")
def closed(row: Evaluation, payload: dict) -> None:
    """The office hears what came of it."""
    office = User.objects.filter(is_active=True, role_grants__role=Role.LIAISON).distinct()
    body = f"收回{row.answered}份。" + (
        f"等次：{row.grade}。可以公布。" if row.grade else f"不足{row.minimum}份，不出结果。"
    )
    notices.notify(
        office.values_list("pk", flat=True), key=f"evaluation-closed:{row.pk}", url=row.get_absolute_url(),
        title=f"《{row.consultation.title}》质量评价截止了", body=body,
    )  # fmt: skip


@on("evaluation_published")
def published(row: Evaluation, payload: dict) -> None:
    """Members who took part, units and staff of the body may read the grade."""
    session = row.consultation
    staff = RoleGrant.objects.filter(body=session.organizer_id, user__is_active=True).values_list("user_id", flat=True)
    told = [*_members(row), *units_of(list(session.units.values_list("pk", flat=True))), *staff]
    notices.notify(
        told, key=f"evaluation-published:{row.pk}", url=row.get_absolute_url(),
        title=f"协商《{session.title}》质量评价：{row.grade}", body="谢谢您参加协商和评价。",
    )  # fmt: skip


def _members(row: Evaluation) -> list[int]:
    invited = row.invitations.filter(member__isnull=False).values("member")
    return list(User.objects.filter(is_active=True, member__in=invited).values_list("pk", flat=True))


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """What waits: a member's own evaluations that are open, and results that the office may publish."""
    if user.member_id:
        mine = EvaluationInvitation.objects.filter(
            member_id=user.member_id, used=False, evaluation__status=EvaluationStatus.OPEN,
            evaluation__ends_on__gte=today,
        ).order_by("evaluation__ends_on")  # fmt: skip
        columns = {
            "pk": "evaluation_id", "title": "evaluation__consultation__title", "ends_on": "evaluation__ends_on",
            "opened_on": "evaluation__opened_on",
        }  # fmt: skip
        yield Rows(mine, columns, _to_answer, days=("ends_on", "opened_on"), most=20)
    if user.has_role(Role.LIAISON):
        done = Evaluation.objects.filter(status=EvaluationStatus.CLOSED).with_result().order_by("ends_on")
        columns = {"pk": "pk", "title": "consultation__title", "grade": "grade", "ends_on": "ends_on"}
        yield Rows(done, columns, _to_publish, days=("ends_on",), most=20)


def _to_answer(row: Any) -> Todo:
    url = services.own_url(Evaluation(pk=row.pk))
    return Todo(
        "consultations.evaluate", row.title, "协商质量评价，不记名", url, "评价协商", row.ends_on, row.opened_on
    )


def _to_publish(row: Any) -> Todo:
    url = Evaluation(pk=row.pk).get_absolute_url()
    return Todo("consultations.publish_grade", row.title, f"质量评价：{row.grade}", url, "公布等次", None, row.ends_on)


def register() -> None:
    """Put everything in its place."""
    from consultations.evaluation import demo as evaluation_demo

    link = navigation.register
    link(GROUP, "质量评价", "consultations:evaluations", show=takes_part, order=50)
    todos.provide(waiting)
    reminders.on_sweep(services.every_day)
    demo_parts.add("evaluations", evaluation_demo.seed)
