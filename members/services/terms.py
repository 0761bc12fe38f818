"""Sessions 次 of a term 届: register one, change its days, say which is the present one.

Proposals take the present session when they are begun, and ask it at submission whether they came in
time for the plenary. Raises ``core.errors.Refusal``.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import Refusal
from members.models import Session, Term, User

LONGEST = timedelta(days=31)
"""A plenary that lasts longer is a slip of the pen."""
EARLIEST = timedelta(days=366)
"""How long before the opening proposals of the plenary may be collected."""


def allowed(actor: User | None) -> None:
    """Refuse whoever does not keep terms and sessions."""
    if actor is not None and not actor.has_perm("members.manage_terms"):
        raise Refusal("只有委员联络室和提案委主任能管理届次。")


@dataclass(frozen=True)
class Days:
    """The days of a session: opening, closing, from when proposals are collected, and the cut-off."""

    opens: date
    closes: date
    collects_from: date
    cut_off: datetime

    def check(self) -> None:
        """Refuse days that contradict each other, naming the field."""
        if self.closes < self.opens:
            raise Refusal("闭幕早于开幕，请核对。", field="closes")
        if self.closes - self.opens > LONGEST:
            raise Refusal("开幕到闭幕超过31天，请核对年份和月份。", field="closes")
        if self.collects_from > self.opens:
            raise Refusal("征集开始不能晚于开幕。", field="collects_from")
        if self.opens - self.collects_from > EARLIEST:
            raise Refusal("征集开始早于开幕一年以上，请核对年份。", field="collects_from")
        last = timezone.localdate(self.cut_off)
        if last < self.collects_from:
            raise Refusal("截止时间早于征集开始，请核对。", field="cut_off")
        if last > self.closes:
            raise Refusal("截止时间不能晚于闭幕那一天：闭幕以后收到的是平时提案。", field="cut_off")


@transaction.atomic
def open_session(*, actor: User, term: Term, number: int, name: str, days: Days) -> Session:
    """Register a plenary session 次 of a term; it becomes the present one by :func:`make_current`."""
    allowed(actor)
    days.check()
    term = Term.objects.select_for_update().get(pk=term.pk)
    _check_place(term, number, days)
    session = Session.objects.create(
        term=term, number=number, name=name.strip(), year=days.opens.year, opens=days.opens, closes=days.closes,
        collects_from=days.collects_from, cut_off=days.cut_off,
    )  # fmt: skip
    audit.record(
        verb="session.open", summary=f"登记{session.name}", actor=actor, subject=session, detail=_facts(session)
    )
    return session


@transaction.atomic
def change_session(session: Session, *, actor: User, name: str, days: Days) -> Session:
    """Correct a session's name and days; proposals that were handed in stay what they were."""
    allowed(actor)
    days.check()
    Term.objects.select_for_update().get(pk=session.term_id)
    current = Session.objects.select_for_update().get(pk=session.pk)
    _check_place(current.term, current.number, days, besides=current.pk)
    before = _facts(current)
    current.name, current.year = name.strip(), days.opens.year
    current.opens, current.closes = days.opens, days.closes
    current.collects_from, current.cut_off = days.collects_from, days.cut_off
    current.save()
    audit.record(
        verb="session.change", summary=f"更改{current.name}的日期", actor=actor, subject=current,
        detail={"before": before, "after": _facts(current)},
    )  # fmt: skip
    return current


@transaction.atomic
def make_current(session: Session, *, actor: User) -> Session:
    """Let new proposals belong to this session; it must be of the present term."""
    allowed(actor)
    list(Term.objects.select_for_update().order_by("pk"))
    current = Session.objects.select_related("term").get(pk=session.pk)
    if not current.term.is_current:
        raise Refusal(f"{current.term.name}不是本届，不能作为现在的届次；换届请用“换届”。")
    if current.is_current:
        raise Refusal(f"现在的届次就是{current.name}。")
    Session.objects.filter(is_current=True).update(is_current=False)
    Session.objects.filter(pk=current.pk).update(is_current=True)
    audit.record(verb="session.current", summary=f"现在的届次改为{current.name}", actor=actor, subject=current)
    current.is_current = True
    return current


def _check_place(term: Term, number: int, days: Days, besides: int | None = None) -> None:
    """A number is used once, and sessions follow each other in time as in number."""
    others = Session.objects.filter(term=term).exclude(pk=besides)
    if others.filter(number=number).exists():
        raise Refusal(f"{term.name}第{number}次会议已经登记过了。", field="number")
    before = others.filter(number__lt=number).order_by("-number").first()
    after = others.filter(number__gt=number).order_by("number").first()
    if before and days.opens <= before.closes:
        raise Refusal(f"开幕不能早于{before.name}闭幕（{before.closes:%Y-%m-%d}）。", field="opens")
    if after and days.closes >= after.opens:
        raise Refusal(f"闭幕不能晚于{after.name}开幕（{after.opens:%Y-%m-%d}）。", field="closes")
    if days.opens < term.starts - timedelta(days=31):
        raise Refusal(f"开幕早于{term.name}的开始（{term.starts:%Y-%m-%d}），请核对。", field="opens")


def _facts(session: Session) -> dict[str, Any]:
    return {
        "opens": session.opens, "closes": session.closes, "collects_from": session.collects_from,
        "cut_off": session.cut_off,
    }  # fmt: skip
