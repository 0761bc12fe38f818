"""Terms 届 and sessions 次: open one, change its days, say which is the present one; change of term 换届.

Proposals take the present session when they are begun, and ask it at submission whether they came in
time for the plenary. Raises ``core.errors.Refusal``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import Refusal
from members.models import Member, Membership, MembershipChange, Session, Term, User
from members.services.changes import Kind, Recorder
from members.services.membership import MEMBER, end_everything

LONGEST = timedelta(days=31)
"""A plenary that lasts longer is a slip of the pen."""
EARLIEST = timedelta(days=366)
"""How long before the opening proposals of the plenary may be collected."""


def _allowed(actor: User | None) -> None:
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
    _allowed(actor)
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
    _allowed(actor)
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
    _allowed(actor)
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


@dataclass(frozen=True)
class Turnover:
    """What a change of term 换届 would do: who goes on, who leaves, and how many posts end."""

    staying: list[Member]
    leaving: list[Member]
    posts: int


def turnover(staying: Collection[int]) -> Turnover:
    """The counts of a change of term in which the members ``staying`` (ids) go on."""
    chosen = frozenset(staying)
    people = list(Member.objects.filter(is_active=True).select_related("sector").order_by("code"))
    posts = Membership.objects.filter(ends=None, term__is_current=True).exclude(post=MEMBER).count()
    return Turnover(
        [member for member in people if member.pk in chosen],
        [member for member in people if member.pk not in chosen],
        posts,
    )


@transaction.atomic
def open_term(
    *, actor: User, number: int, name: str, starts: date, staying: Collection[int], decision: str, expected: int
) -> Term:
    """Begin a new term 换届: all memberships of the old one end, those ``staying`` (member ids) are taken over.

    Posts such as 常委 end with the term and are elected anew; sectors, committees and studios of those
    who stay go on. ``expected`` is how many members were in office in the preview that was confirmed.
    """
    _allowed(actor)
    terms = list(Term.objects.select_for_update().order_by("-number"))
    old = next((term for term in terms if term.is_current), None)
    _check_term(terms, old, number, starts, decision)
    people = list(Member.objects.select_for_update().filter(is_active=True).order_by("pk"))
    if len(people) != expected:
        raise Refusal("预览以后，在任委员又有变动。请再看一遍预览，再确认。")
    if not set(staying) <= {member.pk for member in people}:
        raise Refusal("名单里有人已不在任，请重新选。", field="staying")
    Term.objects.filter(is_current=True).update(is_current=False)
    if old and (old.ends is None or old.ends > starts):
        Term.objects.filter(pk=old.pk).update(ends=starts)
    term = Term.objects.create(number=number, name=name.strip(), starts=starts, is_current=True)
    chosen = frozenset(staying)
    open_rows: dict[int, list[Membership]] = {}
    for row in Membership.objects.filter(ends=None, member__in=people):
        open_rows.setdefault(row.member_id, []).append(row)
    for member in people:
        stays = member.pk in chosen
        record = Recorder(member, actor=actor, kind=Kind.ELECTED if stays else Kind.ENDED, on=starts, decision=decision)
        for row in open_rows.get(member.pk, []):
            record.close(row, ended_by=Membership.Change.ENDED)
        if stays:
            _take_over(record, term)
        else:
            end_everything(record)
            record.done(f"{old.name if old else ''}届满，不再担任委员")
    audit.record(
        verb="term.open", summary=f"换届：{term.name}，连任{len(chosen)}人，不再担任{len(people) - len(chosen)}人",
        actor=actor, subject=term, reason=decision.strip(), occurred_on=starts,
    )  # fmt: skip
    return term


def _take_over(record: Recorder, term: Term) -> MembershipChange:
    record.open(
        Membership(
            member=record.member, term=term, post=MEMBER, starts=record.on,
            began_by=Membership.Change.ELECTED, decision=record.decision[:120], recorded_by=record.actor,
        )
    )  # fmt: skip
    record.set(is_standing=False)
    return record.done(f"连任{term.name}委员")


def _check_term(terms: list[Term], old: Term | None, number: int, starts: date, decision: str) -> None:
    if any(term.number == number for term in terms):
        raise Refusal(f"第{number}届已经登记过了。", field="number")
    if old and number != old.number + 1:
        raise Refusal(f"本届是第{old.number}届，下一届应是第{old.number + 1}届。", field="number")
    if old and starts <= old.starts:
        raise Refusal(f"新一届的开始不能早于本届的开始（{old.starts:%Y-%m-%d}）。", field="starts")
    if starts > timezone.localdate():
        raise Refusal("开始日期还没有到，到了那一天再换届。", field="starts")
    if not decision.strip():
        raise Refusal("请写明依据：哪次会议协商决定新一届委员名单。", field="decision")


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
