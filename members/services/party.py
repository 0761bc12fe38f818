"""Party building 党建: branches, who belongs to which, and which Party member keeps contact with whom.

Placings are dated rows; a new one ends the one before. Raises ``core.errors.Refusal``.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.errors import Refusal
from members.models import Body, BranchPlace, Member, PartyBranch, PartyContact, User
from members.people.political import is_party_member


def _allowed(actor: User | None) -> None:
    if actor is not None and not actor.has_perm("members.manage_party"):
        raise Refusal("只有委员联络室能登记党建情况。")


def _check_day(on: date) -> None:
    if on > timezone.localdate():
        raise Refusal("日期还没有到，到了那一天再登记。", field="on")


@transaction.atomic
def save_branch(
    branch: PartyBranch | None, *, actor: User, name: str, body: Body | None = None, secretary: Member | None = None,
    founded_on: date | None = None, is_active: bool = True,
) -> PartyBranch:  # fmt: skip
    """Register a branch 党支部 or change it; its secretary is one of its Party members."""
    _allowed(actor)
    new = branch is None
    row = PartyBranch(order=PartyBranch.objects.count() + 1) if new else _locked(branch)
    if not name.strip():
        raise Refusal("请写支部名称。", field="name")
    if PartyBranch.objects.filter(name=name.strip()).exclude(pk=row.pk).exists():
        raise Refusal(f"已经有“{name.strip()}”了。", field="name")
    if secretary and not is_party_member(secretary.political_status):
        raise Refusal(f"{secretary.name}登记的政治面貌不是中共党员，不能任书记。", field="secretary")
    if not is_active and row.pk and BranchPlace.objects.filter(branch=row, ends=None).exists():
        raise Refusal("支部里还有委员，请先转到别的支部。", field="is_active")
    row.name, row.body, row.secretary = name.strip(), body, secretary
    row.founded_on, row.is_active = founded_on, is_active
    row.save()
    if secretary:
        place = BranchPlace.objects.filter(member=secretary, ends=None).first()
        if place is None or place.branch_id != row.pk:
            place_in_branch([secretary], row, actor=actor, on=timezone.localdate())
    audit.record(verb="party.branch", summary=f"{'设立' if new else '更改'}{row.name}", actor=actor, subject=row)
    return row


@transaction.atomic
def place_in_branch(members: Iterable[Member], branch: PartyBranch, *, actor: User, on: date) -> int:
    """Put Party members into a branch, out of the one they were in; all or nobody. Returns how many moved."""
    _allowed(actor)
    _check_day(on)
    if not _locked(branch).is_active:
        raise Refusal(f"{branch.name}已经不用了，请另选。", field="branch")
    people = _held(members)
    if outsiders := [member.name for member in people if not is_party_member(member.political_status)]:
        raise Refusal(f"{_some(outsiders)}登记的政治面貌不是中共党员，不能编入支部。", field="branch")
    present = {row.member_id: row for row in BranchPlace.objects.filter(member__in=people, ends=None)}
    moving = [m for m in people if m.pk not in present or present[m.pk].branch_id != branch.pk]
    _end([present[member.pk] for member in moving if member.pk in present], on)
    _create(BranchPlace(branch=branch, member=member, starts=on) for member in moving)
    for secretary_of in PartyBranch.objects.filter(secretary__in=moving).exclude(pk=branch.pk):
        secretary_of.secretary = None
        secretary_of.save(update_fields=["secretary"])
    _log("party.place", f"编入{branch.name}", moving, actor)
    return len(moving)


@transaction.atomic
def give_contact(members: Iterable[Member], contact: Member, *, actor: User, on: date) -> int:
    """Let a Party member keep contact with members, instead of whoever did before; all or nobody."""
    _allowed(actor)
    _check_day(on)
    people = _held([*members, contact])
    keeper = next(member for member in people if member.pk == contact.pk)
    if not is_party_member(keeper.political_status):
        raise Refusal(f"{keeper.name}登记的政治面貌不是中共党员，不能作党员联系人。", field="contact")
    people = [member for member in people if member.pk != keeper.pk]
    if not people:
        raise Refusal("不能自己联系自己，请另选联系人。", field="contact")
    if insiders := [member.name for member in people if is_party_member(member.political_status)]:
        raise Refusal(f"{_some(insiders)}是中共党员，由支部覆盖，不用指定联系人。", field="contact")
    present = {row.member_id: row for row in PartyContact.objects.filter(member__in=people, ends=None)}
    changed = [m for m in people if m.pk not in present or present[m.pk].contact_id != keeper.pk]
    _end([present[member.pk] for member in changed if member.pk in present], on)
    _create(PartyContact(contact=keeper, member=member, starts=on) for member in changed)
    _log("party.contact", f"由{keeper.name}联系", changed, actor)
    return len(changed)


def _held(members: Iterable[Member]) -> list[Member]:
    """The members as stored and locked; whoever is no longer in office is refused."""
    ids = sorted({member.pk for member in members})
    people = list(Member.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if gone := [member.name for member in people if not member.is_active]:
        raise Refusal(f"{_some(gone)}已不在任，请重新选。")
    return people


def _locked(branch: PartyBranch) -> PartyBranch:
    return PartyBranch.objects.select_for_update().get(pk=branch.pk)


def _end(rows: list[Any], on: date) -> None:
    for row in rows:
        if on < row.starts:
            raise Refusal(f"日期早于原来的开始日期（{row.starts:%Y-%m-%d}），请核对。", field="on")
        row.ends = on
        row.save(update_fields=["ends"])


def _create(rows: Iterable[Any]) -> None:
    try:
        for row in rows:
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal("刚才有人也在登记这几位，请刷新后再看。") from error


def _log(verb: str, words: str, people: list[Member], actor: User) -> None:
    audit.record_many(
        audit.Event(verb=verb, summary=f"{member.name}{words}", actor=actor, subject=member) for member in people
    )


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + (f"等{len(names)}人" if len(names) > 5 else "")
