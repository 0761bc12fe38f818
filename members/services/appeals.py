"""Appeals 申诉 of members against what the duty ledger says: made, withdrawn, corrected by new rows, or upheld."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, deadlines, notices, options, outbox, workflow
from core.errors import Refusal
from core.models import Deadline
from core.reminders import Line
from members.duty import acts as duty_acts
from members.models import AppealStatus, DutyEntry, Member, Role, RoleGrant, ScoreAppeal, ScoreYear
from members.scores.ledger import MEMBER
from members.services import duty, scores

KIND, ROOT = "appeal", "members.scoreappeal"
OPEN_AT_ONCE = 20
LONGEST = 1000


@dataclass(frozen=True)
class Correction:
    """The row that a correction adds: the act, its day, how much of it, and the words that say what it was."""

    act: str
    on: date
    summary: str
    quantity: Decimal = Decimal(1)


@transaction.atomic
def appeal(
    member: Member, *, actor: Any, year: int, text: str, heading: str = "", entry: DutyEntry | None = None
) -> ScoreAppeal:
    """A member says what is wrong or missing in an open year; the liaison office has ten working days."""
    if member.user_id != actor.pk:
        raise Refusal("只能为自己的履职档案申诉。")
    text = _words(text, "应该怎样", LONGEST, "text")
    if entry is not None and (entry.member_id != member.pk or entry.year != year):
        raise Refusal("这一条不是您这一年的记录。", field="entry")
    if entry is not None and DutyEntry.objects.filter(reverses=entry).exists():
        raise Refusal("这一条已经冲销，不用再申诉。", field="entry")
    _refuse_closed(year)
    waiting = ScoreAppeal.objects.filter(member=member, status=AppealStatus.SUBMITTED)
    if entry is not None and waiting.filter(entry=entry).exists():
        raise Refusal("这一条您已经申诉过，正在复核。", field="entry")
    if waiting.count() >= OPEN_AT_ONCE:
        raise Refusal(f"您已有{OPEN_AT_ONCE}件申诉在复核，请等答复以后再提。")
    made = ScoreAppeal(member=member, year=year, heading=heading[:40], entry=entry, text=text)
    workflow.begin(made, AppealStatus.SUBMITTED)
    made.save()
    audit.record(verb="scoreappeal.submit", summary=f"{member}申诉{year}年履职记录", actor=actor, subject=made)
    deadlines.set_working_days(
        made, KIND, root=made, label="答复申诉", start=timezone.localdate(),
        days=options.value("scores.appeal_days"), event="收到申诉",
    )  # fmt: skip
    outbox.add("members.appeal_made", key=f"members.appeal_made:{made.pk}", payload={"id": made.pk})
    return made


@transaction.atomic
def correct(
    row: ScoreAppeal, *, actor: Any, answer: str, take_back: bool, new: Correction | None = None
) -> ScoreAppeal:
    """Set the ledger right: take the disputed row back, add what was missing, or both; the score follows."""
    current = ScoreAppeal.objects.select_for_update().get(pk=row.pk)
    _refuse_closed(current.year)
    if not (take_back and current.entry_id) and new is None:
        raise Refusal("请选择冲销原来的一条，或者补记一条；都不改，就用“维持原记录”。")
    current = _decide(current, "correct", actor=actor, answer=answer)
    detail: dict[str, Any] = {}
    if take_back and current.entry is not None:
        duty.reverse_duty(current.entry, actor=actor, reason=f"申诉更正：{current.answer}")
        if new is not None and new.act == current.entry.act:
            detail = current.entry.detail
    if new is not None:
        duty.record_duty(_act(current, new, detail), actor=actor)
    outbox.add(
        "members.score_changed",
        key=f"members.score_changed:appeal:{current.pk}",
        payload={"target": MEMBER, "year": current.year},
    )
    return current


@transaction.atomic
def uphold(row: ScoreAppeal, *, actor: Any, answer: str) -> ScoreAppeal:
    """Leave the ledger as it is and say why."""
    return _decide(ScoreAppeal.objects.select_for_update().get(pk=row.pk), "uphold", actor=actor, answer=answer)


@transaction.atomic
def withdraw(row: ScoreAppeal, *, actor: Any) -> ScoreAppeal:
    """The member takes his appeal back."""
    current = workflow.perform(row, "withdraw", actor=actor)
    deadlines.void(current, KIND)
    return current


def told(rows: list[Deadline]) -> dict[int, Line]:
    """Whom a reminder of an answer reaches: the liaison office at every level; two queries."""
    liaisons = liaison_accounts()
    found = ScoreAppeal.objects.select_related("member").in_bulk({row.subject_id for row in rows})
    return {
        row.pk: Line(
            f"{found[row.subject_id].member}的积分申诉",
            found[row.subject_id].get_absolute_url(),
            {1: liaisons, 2: liaisons, 3: liaisons},
        )
        for row in rows
        if row.subject_id in found
    }


def liaison_accounts() -> list[int]:
    """Accounts of the liaison office 委员联络室."""
    rows = RoleGrant.objects.filter(role=Role.LIAISON, user__is_active=True)
    return sorted(set(rows.values_list("user_id", flat=True)))


@outbox.effect("members.appeal_made")
def tell_office(payload: dict) -> None:
    """The liaison office learns of an appeal."""
    row = ScoreAppeal.objects.select_related("member").filter(pk=payload["id"]).first()
    if row is None:
        return
    notices.notify(
        liaison_accounts(),
        key=f"members:appeal:{row.pk}",
        title=f"{row.member}申诉{row.year}年履职记录",
        body=row.text[:200],
        url=row.get_absolute_url(),
    )


@outbox.effect("members.appeal_decided")
def tell_member(payload: dict) -> None:
    """The member learns the answer and its reason."""
    row = ScoreAppeal.objects.select_related("member").filter(pk=payload["id"]).first()
    if row is None or row.member.user_id is None:
        return
    said = "已更正" if row.status == AppealStatus.CORRECTED else "维持原记录"
    notices.notify(
        [row.member.user_id],
        key=f"members:appeal-decided:{row.pk}",
        title=f"您的积分申诉有答复：{said}",
        body=row.answer,
        url=reverse("members:appeal", args=[row.pk]),
    )


@outbox.effect("members.score_changed")
def compute_again(payload: dict) -> None:
    """The stored results of an open year follow a correction; without rules there is nothing to compute."""
    target, year = payload["target"], payload["year"]
    closed = ScoreYear.objects.filter(target=target, year=year, closed_at__isnull=False).exists()
    if not closed and scores.rules_for(target, year) is not None:
        scores.compute_year(target, year)


def _decide(current: ScoreAppeal, verb: str, *, actor: Any, answer: str) -> ScoreAppeal:
    changes = {"answer": _words(answer, "复核意见", 500, "answer"), "decided_by": actor, "decided_at": timezone.now()}
    current = workflow.perform(current, verb, actor=actor, changes=changes, reason=changes["answer"])
    deadlines.meet(current, KIND, on=timezone.localdate())
    return current


def _act(row: ScoreAppeal, new: Correction, detail: dict[str, Any]) -> duty.Act:
    """The new row; the appeal is its evidence."""
    if new.act not in {act.code for act in duty_acts.of_target(MEMBER)}:
        raise Refusal("请选择补记哪一种事项。", field="act")
    if new.on.year != row.year:
        raise Refusal(f"申诉的是{row.year}年，补记的日期也要在{row.year}年。", field="on")
    if new.on > timezone.localdate():
        raise Refusal("补记的日期还没有到。", field="on")
    if not 0 < new.quantity <= 100:
        raise Refusal("数量要大于0，最多100。", field="quantity")
    words = _words(new.summary, "说明", 200, "summary")
    return duty.Act(row.member, new.act, new.on, row, f"appeal:{row.pk}", words, new.quantity, detail)


def _refuse_closed(year: int) -> None:
    if ScoreYear.objects.filter(target=MEMBER, year=year, closed_at__isnull=False).exists():
        raise Refusal(f"{year}年的积分已经封存，不再更正；有疑问请与委员联络室联系。")


def _words(text: str, label: str, limit: int, name: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(f"请填写{label}。", field=name)
    if len(text) > limit:
        raise Refusal(f"{label}最多{limit}字，现在{len(text)}字。", field=name)
    return text
