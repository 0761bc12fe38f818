"""Change of term 换届: the memberships of the old term end, those chosen are taken over, all in a few queries.

It is previewed, confirmed, and not taken back; posts such as 常委 are elected anew and recorded one
by one. Raises ``core.errors.Refusal``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core import audit
from core.errors import Refusal
from members.models import (
    BranchPlace,
    Member,
    Membership,
    MembershipChange,
    PartyBranch,
    PartyContact,
    Placement,
    Studio,
    Term,
    User,
)
from members.services.changes import Kind
from members.services.closing import close_accounts
from members.services.membership import MEMBER
from members.services.terms import allowed

BATCH = 500
Change = Membership.Change


@dataclass(frozen=True)
class Turnover:
    """What a change of term would do: who goes on, who leaves, and how many posts end."""

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
    """Begin a new term: all memberships of the old one end, those ``staying`` (member ids) are taken over.

    Sectors, committees and studios of those who stay go on; whoever leaves leaves them too, and his
    account is closed. ``expected`` is how many members were in office in the preview that was confirmed.
    """
    allowed(actor)
    terms = list(Term.objects.select_for_update().order_by("-number"))
    old = next((term for term in terms if term.is_current), None)
    _check(terms, old, number, starts, decision)
    people = list(Member.objects.select_for_update().filter(is_active=True).order_by("pk"))
    if len(people) != expected:
        raise Refusal("预览以后，在任委员又有变动。请再看一遍预览，再确认。")
    chosen = frozenset(staying)
    if not chosen <= {member.pk for member in people}:
        raise Refusal("名单里有人已不在任，请重新选。", field="staying")
    stay, leave = ([m for m in people if (m.pk in chosen) is goes_on] for goes_on in (True, False))
    if old:
        Term.objects.filter(pk=old.pk).update(is_current=False, ends=starts)
    term = Term.objects.create(number=number, name=name.strip(), starts=starts, is_current=True)
    _end(Membership.objects.filter(member__in=people), starts, ended_by=Change.ENDED)
    _take_over(stay, term, decision.strip(), actor)
    _let_go(leave, starts, actor)
    _write_down(stay, leave, term, old, decision.strip(), actor)
    return term


def _take_over(members: list[Member], term: Term, decision: str, actor: User) -> None:
    rows = [
        Membership(
            member=member, term=term, post=MEMBER, starts=term.starts, began_by=Change.ELECTED,
            decision=decision[:120], recorded_by=actor,
        )
        for member in members
    ]  # fmt: skip
    Membership.objects.bulk_create(rows, batch_size=BATCH)
    Member.objects.filter(pk__in=[member.pk for member in members]).update(is_standing=False)


def _let_go(members: list[Member], on: date, actor: User) -> None:
    """End whatever ended with the membership; the sector stays, for old figures are counted by it."""
    _end(Placement.objects.filter(member__in=members), on)
    _end(BranchPlace.objects.filter(member__in=members), on)
    _end(PartyContact.objects.filter(Q(member__in=members) | Q(contact__in=members)), on)
    Studio.objects.filter(convener__in=members).update(convener=None)
    PartyBranch.objects.filter(secretary__in=members).update(secretary=None)
    Member.objects.filter(pk__in=[member.pk for member in members]).update(
        is_active=False, is_standing=False, committee=None, studio=None
    )
    close_accounts(members, actor=actor)


def _end(rows: QuerySet, on: date, **values: str) -> None:
    """End the open ones of dated rows; one that began later ends on its first day."""
    rows.filter(ends=None, starts__gt=on).update(ends=F("starts"), **values)
    rows.filter(ends=None).update(ends=on, **values)


def _write_down(
    stay: list[Member], leave: list[Member], term: Term, old: Term | None, decision: str, actor: User
) -> None:
    """A change and a line of the operation log for everybody, and one line for the term."""
    gone = f"{old.name if old else ''}届满，不再担任委员"
    told = [(member, Kind.ELECTED, f"连任{term.name}委员") for member in stay]
    told += [(member, Kind.ENDED, gone) for member in leave]
    MembershipChange.objects.bulk_create(
        [
            MembershipChange(
                member=member, kind=kind, on=term.starts, summary=words, decision=decision[:200], recorded_by=actor
            )
            for member, kind, words in told
        ],
        batch_size=BATCH,
    )  # fmt: skip
    audit.record_many(
        [
            audit.Event(
                "term.open", f"换届：{term.name}，连任{len(stay)}人，不再担任{len(leave)}人", actor=actor,
                subject=term, reason=decision, occurred_on=term.starts,
            ),
            *(
                audit.Event(
                    f"member.{kind}", f"{member.name}：{words}", actor=actor, subject=member, reason=decision,
                    occurred_on=term.starts,
                )
                for member, kind, words in told
            ),
        ]
    )  # fmt: skip


def _check(terms: list[Term], old: Term | None, number: int, starts: date, decision: str) -> None:
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
