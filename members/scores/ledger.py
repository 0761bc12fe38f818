"""Read a year's ledger rows for scoring 积分: who counts in a year, and what each one's rows add up to."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from members.models import DutyEntry, Member, Membership, ScoreRules, Studio
from members.scores.scoring import Result, Row, Rules, canonical, result_of, row_points

MEMBER, STUDIO = ScoreRules.Target.MEMBER.value, ScoreRules.Target.STUDIO.value
Totals = dict[int, dict[str, Decimal]]


def population(target: str, year: int) -> set[int]:
    """Ids of all who are scored in a year: in office for some of it, or with a row in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    ids = set(_rows(target, year).values_list(f"{target}_id", flat=True).distinct())
    if target == STUDIO:
        founded = Q(founded_on__isnull=True) | Q(founded_on__lte=last)
        return ids | set(Studio.objects.filter(founded, is_active=True).values_list("pk", flat=True))
    served = Membership.objects.filter(
        Q(starts__isnull=True) | Q(starts__lte=last),
        Q(ends__isnull=True) | Q(ends__gte=first),
        Q(term__ends__isnull=True) | Q(term__ends__gte=first),
        term__starts__lte=last,
    )
    undated = Member.objects.filter(is_active=True, memberships__isnull=True)
    return ids | set(served.values_list("member_id", flat=True)) | set(undated.values_list("pk", flat=True))


def results(rules: Rules, target: str, year: int, ids: Iterable[int], *, upto: int | None = None) -> dict[int, Result]:
    """The result of each of ``ids`` from the year's rows (those with an id up to ``upto``); one query."""
    totals = _totals(rules, target, year, upto)
    return {pk: result_of(rules, totals.get(pk, {})) for pk in ids}


def ranks(found: Mapping[int, Result]) -> dict[int, int]:
    """The place of each: equal points share a place, and the next one is counted on."""
    ordered = sorted(found.items(), key=lambda pair: -pair[1].points)
    places: dict[int, int] = {}
    place, before = 0, None
    for at, (pk, result) in enumerate(ordered, 1):
        if result.points != before:
            place, before = at, result.points
        places[pk] = place
    return places


def digest(target: str, year: int, number: int, found: Mapping[int, Result]) -> str:
    """SHA-256 over all results in the order of their ids: the same results always give the same."""
    places = ranks(found)
    lines = [f"{target}|{year}|{number}"]
    lines += [canonical(str(pk), found[pk], places[pk]) for pk in sorted(found)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def row_of(act: str, quantity: Decimal, detail: Mapping[str, Any]) -> Row:
    """A ledger row as scoring reads it."""
    return Row(act, quantity, str(detail.get("role") or ""), int(detail.get("signers") or 1))


def last_entry() -> int:
    """The id of the newest ledger row; 0 for an empty ledger."""
    return DutyEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _rows(target: str, year: int):
    return DutyEntry.objects.filter(year=year, **{f"{target}__isnull": False}).order_by()


def _totals(rules: Rules, target: str, year: int, upto: int | None) -> Totals:
    """Points by subject and act, before any cap."""
    rows = _rows(target, year).filter(act__in=rules.place)
    if upto is not None:
        rows = rows.filter(id__lte=upto)
    totals: Totals = defaultdict(lambda: defaultdict(Decimal))
    worth: dict[Row, Decimal] = {}
    for pk, act, quantity, detail in rows.values_list(f"{target}_id", "act", "quantity", "detail"):
        row = row_of(act, quantity, detail)
        if row not in worth:
            worth[row] = row_points(rules.place[act][1], row)
        totals[pk][act] += worth[row]
    return totals
