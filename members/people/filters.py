"""The conditions of the members' directory 委员名录: read from the address, applied, shown as chips.

====================  =========================================================================
``q``                 part of a name or post, or a code
``sector`` ``committee`` ``studio``  id of the body, or none
``party``             yes Party members, no others, or a political status as it is written
``post``              standing, a post of the term, or "kind:post" of a body
``term``              id of a term in which the person was a member
``state``             in office unless "past" or "all"
``gap`` ``branch``    for those who may see 党建: branch|contact lacking; id of a branch
``ids``               picked members, comma-separated
``sort``              code, name, sector
====================  =========================================================================
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict

from core import paging
from members.models import Body, BranchPlace, Member, Membership, PartyContact, Placement, Term, User
from members.people.political import USUAL, is_party_member, party_members
from members.services.membership import BODY_POSTS, TERM_POSTS

MOST_PICKED = 300
SORTS = {
    "code": ("按编号", (paging.Key("code"),)),
    "name": ("按姓名", (paging.Key("name"), paging.Key("code"))),
    "sector": ("按界别", (paging.Key("sector_id", nullable=True), paging.Key("code"))),
}
STATES = [("", "在任"), ("past", "已不在任"), ("all", "在任和已不在任")]
GAPS = {"branch": "没有编入支部的党员", "contact": "没有党员联系的委员"}
BODIES = {"sector": "界别", "committee": "专委会", "studio": "工作室"}
NOWHERE = ("none", "没有编入")
POSTS = [
    ("standing", "常委会组成人员"),
    *((post, post) for post in TERM_POSTS),
    *((f"{kind}:{post}", f"{BODIES[kind]}{post}") for kind, posts in BODY_POSTS.items() for post in posts),
]


@dataclass
class Choices:
    """What can be chosen in the filter: pairs of value and name by condition."""

    sector: list[tuple[str, str]] = field(default_factory=list)
    committee: list[tuple[str, str]] = field(default_factory=list)
    studio: list[tuple[str, str]] = field(default_factory=list)
    term: list[tuple[str, str]] = field(default_factory=list)
    party: list[tuple[str, str]] = field(default_factory=list)


def load_choices() -> Choices:
    """Bodies in use, terms, and political statuses as written; one query."""
    text = CharField()
    bodies = (
        Body.objects.filter(kind__in=BODIES, is_active=True)
        .order_by()
        .values_list("kind", Cast("pk", text), "name", "order")
    )
    terms = Term.objects.order_by().values_list(Value("term"), Cast("pk", text), "name", -F("number"))
    statuses = (
        Member.objects.exclude(political_status="")
        .order_by()
        .values_list(Value("party"), "political_status", Value("", output_field=text), Value(0))
        .distinct()
    )
    found = Choices()
    for what, value, name, _place in sorted(bodies.union(terms, statuses), key=lambda row: row[3]):
        if what != "party":
            getattr(found, what).append((value, name))
        elif not is_party_member(value):
            found.party.append((value, value))
    found.party = [("yes", USUAL), ("no", "党外人士"), *sorted(found.party)]
    return found


class PeopleFilter(forms.Form):
    """The conditions in one address; what cannot be read is left out."""

    q = forms.CharField(label="姓名、单位、编号", required=False, max_length=40)

    def __init__(self, data: QueryDict, *, choices: Choices, user: User) -> None:
        super().__init__(data, auto_id="f-%s")
        self.sees_party = user.has_perm("members.see_party")
        for name, label in BODIES.items():
            self._add(name, label, [*getattr(choices, name), NOWHERE])
        self._add("party", "政治面貌", choices.party)
        self._add("post", "职务", POSTS)
        self._add("term", "哪一届", choices.term)
        self._add("state", "在任", STATES[1:], empty="在任")
        self._add("sort", "次序", [(code, words) for code, (words, _) in SORTS.items()][1:], empty="按编号")
        if self.sees_party:
            self._add("gap", "党建缺口", list(GAPS.items()), hidden=not data.get("gap"))
        for bound in self.fields.values():
            chooses = isinstance(bound.widget, forms.Select)
            bound.widget.attrs["class"] = "form-select" if chooses else "form-control"
        self.is_valid()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}
        self.ids = picked(data.get("ids", "")) if data.get("ids") else None
        self.branch = data.get("branch", "") if self.sees_party and data.get("branch", "").isdecimal() else ""

    def _add(self, name: str, label: str, choices: Any, *, empty: str = "全部", hidden: bool = False) -> None:
        if not hidden:
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])

    @property
    def order(self) -> tuple[paging.Key, ...]:
        """The order of the rows; it ends in the code, which is unique."""
        return SORTS[self.chosen.get("sort", "code")][1]

    def chips(self, query: QueryDict) -> list[tuple[str, str, str]]:
        """The conditions in words, each with the address without it."""
        found = []
        for name, value in self.chosen.items():
            if name != "sort":
                bound = self.fields[name]
                words = dict(bound.choices).get(value, value) if hasattr(bound, "choices") else value
                found.append((bound.label, words, paging.without(query, name)))
        if self.ids is not None:
            found.append(("选中的", f"{len(self.ids)}人", paging.without(query, "ids")))
        if self.branch:
            found.append(("党支部", "这个支部的", paging.without(query, "branch")))
        return found

    def apply(self, rows: QuerySet[Member]) -> QuerySet[Member]:
        """The members that fit all conditions."""
        chosen = self.chosen
        state = chosen.get("state", "")
        if state != "all":
            rows = rows.filter(is_active=state != "past")
        if q := chosen.get("q"):
            rows = rows.filter(Q(name__icontains=q) | Q(post__icontains=q) | Q(code__iexact=q))
        for name in BODIES:
            if name in chosen:
                placed = None if chosen[name] == NOWHERE[0] else int(chosen[name])
                rows = rows.filter(**{f"{name}_id": placed})
        if party := chosen.get("party"):
            rows = rows.filter(
                party_members() if party == "yes" else ~party_members() if party == "no" else Q(political_status=party)
            )
        if post := chosen.get("post"):
            rows = rows.filter(_holds(post))
        if term := chosen.get("term"):
            rows = rows.filter(Exists(Membership.objects.filter(member=OuterRef("pk"), term_id=int(term))))
        if gap := chosen.get("gap"):
            rows = rows.filter(lacking(gap))
        if self.branch:
            rows = rows.filter(branch_places__branch_id=int(self.branch), branch_places__ends=None)
        return rows if self.ids is None else rows.filter(pk__in=self.ids)


def picked(text: str) -> list[int]:
    """Ids written with commas between them, at most three hundred."""
    return [int(part) for part in text.split(",") if part.isdecimal() and len(part) < 18][:MOST_PICKED]


def lacking(gap: str) -> Q:
    """Members in office who are a gap of one of the two coverages 两个全覆盖.

    A Party member is reached by his branch, everybody else by the Party member who keeps contact.
    """
    if gap == "branch":
        return party_members() & ~Exists(BranchPlace.objects.filter(member=OuterRef("pk"), ends=None))
    return ~party_members() & ~Exists(PartyContact.objects.filter(member=OuterRef("pk"), ends=None))


def _holds(post: str) -> Any:
    if post == "standing":
        return Q(is_standing=True)
    kind, _, name = post.rpartition(":")
    if not kind:
        return Exists(Membership.objects.filter(member=OuterRef("pk"), post=name, ends=None))
    return Exists(Placement.objects.filter(member=OuterRef("pk"), body__kind=kind, post=name, ends=None))


def people(ids: Iterable[int]) -> QuerySet[Member]:
    """Picked members in office, by code, with their bodies."""
    return (
        Member.objects.filter(pk__in=list(ids), is_active=True)
        .select_related("sector", "committee", "studio")
        .order_by("code")
    )
