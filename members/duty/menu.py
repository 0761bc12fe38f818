"""Where duty files, scores and appeals stand: links of the menu, the card on a member's page, what waits."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left, TruncDate

from core import navigation, todos
from core.models import Deadline
from core.todos import Rows, Todo
from members.models import AppealStatus, Role, ScoreAppeal
from members.people import sections
from members.scores import cards as score_cards

SECTION = "履职"
COUNTED = 99


def register() -> None:
    """Everything once, when the app is ready."""
    navigation.register(SECTION, "履职档案", "members:my_duty", order=60, show=is_member)
    navigation.register(
        SECTION, "委员积分", "members:scores", order=62, show=lambda user: user.has_perm("members.see_rankings")
    )
    navigation.register(SECTION, "积分申诉", "members:appeals", order=64, show=answers, badge=waiting)
    sections.register(score_cards.duty_of)
    todos.provide(appeals_to_answer)


def is_member(user: Any) -> bool:
    """Whether the person has a file of his own."""
    return user.has_role(Role.MEMBER, Role.CONVENER)


def answers(user: Any) -> bool:
    """Whether the person answers appeals."""
    return user.has_role(Role.LIAISON)


def waiting(user: Any) -> int:
    """How many appeals wait for an answer, counted up to a limit; one query."""
    return len(ScoreAppeal.objects.filter(status=AppealStatus.SUBMITTED).values_list("pk")[: COUNTED + 1])


def appeals_to_answer(user: Any, today: date) -> Iterator[Rows]:
    """Appeals that the liaison office has to answer; none for anybody else, nor one's own."""
    if not answers(user):
        return
    rows = ScoreAppeal.objects.filter(status=AppealStatus.SUBMITTED).exclude(member__user_id=user.pk)
    due = Deadline.objects.open().filter(subject_type="members.scoreappeal", subject_id=OuterRef("pk"))
    columns = {
        "pk": "pk",
        "name": "member__name",
        "year": "year",
        "text": Left("text", 60),
        "due": Subquery(due.values("due")[:1]),
        "made": TruncDate("made_at"),
    }
    yield Rows(rows.order_by("id"), columns, _appeal, days=("due", "made"))


def _appeal(row: Any) -> Todo:
    url = ScoreAppeal(pk=row.pk).get_absolute_url()
    return Todo("积分申诉", f"{row.name}申诉{row.year}年履职记录", row.text, url, "答复申诉", row.due, row.made)
