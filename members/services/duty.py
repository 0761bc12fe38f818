"""Write the duty ledger 履职台账: one row an act, known by its key; corrections are reversals.

Every system records through here: a filed proposal, an adopted report, a reception. What an act is
worth is no matter of this module.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import models, transaction

from core.errors import Refusal
from core.subjects import subject_key
from members.duty import acts as duty_acts
from members.models import DutyEntry, Member, Studio

logger = logging.getLogger(__name__)

BATCH = 1000
NO_LONGER = "原记录已不成立"


@dataclass(frozen=True)
class Act:
    """A countable act before it is written; ``source`` is the record that proves it.

    ``key`` is the same whenever the same act is recorded again, such as "proposal.filed:12:member:7".
    """

    subject: Member | Studio
    act: str
    on: date
    source: models.Model
    key: str
    summary: str
    quantity: Decimal = Decimal(1)
    detail: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_duty(act: Act, *, actor: Any = None) -> DutyEntry:
    """Write one act and give its row, the one already there when it was known; one insert."""
    record_duties([act], actor=actor)
    return DutyEntry.objects.get(key=act.key)


@transaction.atomic
def record_duties(acts: Iterable[Act], *, actor: Any = None) -> int:
    """Write many acts in batches; known keys add nothing; returns how many rows were added."""
    rows = [_row(act, actor) for act in acts]
    known = DutyEntry.objects.filter(key__in=[row.key for row in rows]).count()
    DutyEntry.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len({row.key for row in rows}) - known


@transaction.atomic
def reverse_duty(entry: DutyEntry, *, actor: Any, reason: str, on: date | None = None) -> DutyEntry:
    """Take a row back by a row of the opposite quantity; a reversed row or a reversal cannot be taken back."""
    row = DutyEntry.objects.select_for_update().get(pk=entry.pk)
    if row.reverses_id or DutyEntry.objects.filter(reverses=row).exists():
        raise Refusal("这一条已经冲销过了。")
    if not reason.strip():
        raise Refusal("请写明冲销的理由。", field="reason")
    reversal = _reversal(row, actor=actor, reason=reason.strip(), on=on)
    reversal.save()
    return reversal


def _reversal(row: DutyEntry, *, actor: Any, reason: str, on: date | None = None) -> DutyEntry:
    """The row of the opposite quantity, not stored yet."""
    return DutyEntry(
        member_id=row.member_id,
        studio_id=row.studio_id,
        act=row.act,
        on=on or row.on,
        year=row.year,
        quantity=-row.quantity,
        summary=f"冲销：{row.summary}"[:200],
        detail=row.detail,
        key=f"reversal:{row.pk}",
        reverses=row,
        reason=reason[:300],
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        made_by=actor,
    )


def take_back(key: str, *, actor: Any, reason: str) -> DutyEntry | None:
    """Reverse the row of a key if it stands; None when there is nothing (more) to take back."""
    row = DutyEntry.objects.filter(key=key, reversed_by__isnull=True).first()
    return reverse_duty(row, actor=actor, reason=reason) if row else None


@transaction.atomic
def take_back_of(sources: Mapping[str, Sequence[int]], *, actor: Any, reason: str) -> int:
    """Reverse every standing row whose source is among records that are gone, by model label; how many."""
    taken = 0
    for label, pks in sources.items():
        for at in range(0, len(pks), BATCH):
            rows = DutyEntry.objects.filter(
                subject_type=label, subject_id__in=pks[at : at + BATCH], reverses=None, reversed_by=None
            )
            made = DutyEntry.objects.bulk_create(
                [_reversal(row, actor=actor, reason=reason) for row in rows], batch_size=BATCH
            )
            taken += len(made)
    return taken


@transaction.atomic
def settle(
    source: models.Model,
    wanted: Iterable[Act],
    *,
    actor: Any,
    reason: str,
    again: Collection[int] | None = None,
    leaves: Callable[[DutyEntry], bool] = lambda row: False,
) -> None:
    """Make the ledger say of ``source`` what ``wanted`` says: reverse what no longer holds, add what is missing.

    A key is never used again: what counts anew ends in #2, #3 … A row that was taken back is written
    again only for the members of ``again`` (None: for all). Rows that ``leaves`` names stay as they are.
    """
    subject_type, subject_id = subject_key(source)
    rows = list(DutyEntry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("pk"))
    reversed_ids = {row.reverses_id for row in rows if row.reverses_id}
    standing: dict[str, DutyEntry] = {}
    used: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.reverses_id:
            continue
        base = row.key.partition("#")[0]
        used[base] += 1
        if row.pk not in reversed_ids:
            standing[base] = row
    missing = []
    for act in wanted:
        row = standing.get(act.key)
        if row is not None and (leaves(row) or _says(row, act)):
            del standing[act.key]
        elif not used[act.key]:
            missing.append(act)
        elif row is not None or again is None or act.subject.pk in again:
            missing.append(replace(act, key=f"{act.key}#{used[act.key] + 1}"))
    for row in standing.values():
        if not leaves(row):
            reverse_duty(row, actor=actor, reason=reason)
    if missing:
        record_duties(missing, actor=actor)


def _says(row: DutyEntry, act: Act) -> bool:
    """Whether a ledger row says what the act says."""
    return (row.on, row.quantity, row.detail) == (act.on, act.quantity, act.detail)


def catch_up(actor: Any = None) -> int:
    """Record what any app's records prove and the ledger lacks (补记), and take back what no longer holds.

    In batches, each its own transaction; running it again adds nothing. A source that fails stops no
    other. Returns how many rows were added, reversals included.
    """
    added = 0
    for source in duty_acts.sources():
        try:
            acts = iter(source())
            while batch := list(islice(acts, BATCH)):
                added += _record_unknown(batch, actor)
        except Exception:
            logger.exception("duty source %r failed", source)
    try:
        for key, reason in duty_acts.stale_rows():
            added += take_back(key, actor=actor, reason=reason or NO_LONGER) is not None
    except Exception:
        logger.exception("taking back stale duty rows failed")
    return added


def _record_unknown(batch: list[Act], actor: Any) -> int:
    keys = [act.key for act in batch]
    known = set(DutyEntry.objects.filter(key__in=keys).values_list("key", flat=True))
    missing = [act for act in batch if act.key not in known]
    return record_duties(missing, actor=actor) if missing else 0


def _row(act: Act, actor: Any) -> DutyEntry:
    duty_acts.known(act.act)
    subject_type, subject_id = subject_key(act.source)
    return DutyEntry(
        member=act.subject if isinstance(act.subject, Member) else None,
        studio=act.subject if isinstance(act.subject, Studio) else None,
        act=act.act,
        on=act.on,
        year=act.on.year,
        quantity=act.quantity,
        summary=act.summary[:200],
        detail=act.detail,
        key=act.key,
        subject_type=subject_type,
        subject_id=subject_id,
        made_by=actor,
    )
