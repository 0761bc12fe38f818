"""The acts that studios and reception days bring to the duty ledger 履职台账.

Live and in the catch-up an act has the same key. An act that was taken back and done again gets the
number of its turn, so that the ledger, which only grows, shows both.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db import models
from django.utils import timezone

from members.models import DutyEntry, ReceptionDay, StudioRecord, StudioRequisite
from members.services import duty
from members.services.duty import Act

HOSTED, DAY, RECORD, REQUISITE = "reception.hosted", "studio.reception_day", "studio.record", "studio.requisite"
HONOUR = "studio.honour"


def day_held(day: ReceptionDay, *, actor) -> int:
    """The studio received, and each host sat; gives how many rows were added."""
    return duty.record_duties(list(_of_day(day, _turns(day))), actor=actor)


def day_not_held(day: ReceptionDay, *, actor, reason: str) -> None:
    """Take back what a day brought."""
    _take_back(day, actor=actor, reason=reason)


def requisite_checked(row: StudioRequisite, *, actor) -> None:
    """A requisite that is there counts for the year in which it was looked at, one that is gone no more."""
    if row.is_met:
        standing = _rows(row).filter(year=row.checked_on.year, reverses__isnull=True, reversed_by__isnull=True)
        if not standing.exists():
            duty.record_duty(_of_requisite(row, _turns(row)), actor=actor)
    else:
        _take_back(row, actor=actor, reason="核对时已不具备", year=row.checked_on.year)


def record_kept(record: StudioRecord, *, actor) -> None:
    """An entry of a ledger counts; one of commendations and press 表彰报道 counts as an honour besides."""
    duty.record_duties(list(_of_record(record, _turns(record))), actor=actor)


def record_changed(record: StudioRecord, *, actor) -> None:
    """An entry that came among the honours counts as one, one that left them no more."""
    if record.ledger == StudioRecord.Ledger.HONOUR:
        record_kept(record, actor=actor)
    else:
        _take_back(record, actor=actor, reason="台账改到了别的类别", act=HONOUR)


def record_removed(record: StudioRecord, *, actor, reason: str) -> None:
    """An entry that was taken off counts no more."""
    _take_back(record, actor=actor, reason=reason)


def acts() -> Iterator[Act]:
    """Every act that stored days, requisites and ledger entries prove."""
    days = ReceptionDay.objects.filter(held_at__isnull=False, cancelled_at__isnull=True)
    turns = _all_turns(ReceptionDay)
    for day in days.select_related("studio").prefetch_related("hosts").order_by("pk").iterator(chunk_size=500):
        yield from _of_day(day, turns)
    turns = _all_turns(StudioRequisite)
    for row in StudioRequisite.objects.filter(is_met=True, checked_on__isnull=False).select_related("studio"):
        yield _of_requisite(row, turns)
    turns = _all_turns(StudioRecord)
    records = StudioRecord.objects.filter(removed_at__isnull=True).select_related("studio").defer("text")
    for record in records.order_by("pk").iterator(chunk_size=1000):
        yield from _of_record(record, turns)


def _of_day(day: ReceptionDay, turns: Counter) -> Iterator[Act]:
    said = f"{day.on.month}月{day.on.day}日接待日"
    yield _act(day.studio, DAY, day.on, day, f"{DAY}:{day.pk}:s{day.studio_id}", said, turns)
    for member in day.hosts.all():
        yield _act(
            member, HOSTED, day.on, day, f"{HOSTED}:{day.pk}:m{member.pk}", f"在{day.studio.name}值{said}", turns
        )


def _of_requisite(row: StudioRequisite, turns: Counter) -> Act:
    on = row.checked_on or timezone.localdate()
    key = f"{REQUISITE}:{row.pk}:{on.year}:s{row.studio_id}"
    return _act(row.studio, REQUISITE, on, row, key, f"五有：{row.get_item_display()}", turns)


def _of_record(record: StudioRecord, turns: Counter) -> Iterator[Act]:
    summary = f"台账（{record.get_ledger_display()}）：{record.title}"
    is_honour = record.ledger == StudioRecord.Ledger.HONOUR
    for act in (RECORD, HONOUR) if is_honour else (RECORD,):
        yield _act(record.studio, act, record.on, record, f"{act}:{record.pk}:s{record.studio_id}", summary, turns)


def _act(subject, act: str, on: date, source: models.Model, key: str, summary: str, turns: Counter) -> Act:
    """The act under the key of its present turn."""
    if again := turns[key]:
        key = f"{key}:{again + 1}"
    return Act(subject, act, on, source, key, summary)


def _rows(source: models.Model) -> models.QuerySet[DutyEntry]:
    return DutyEntry.objects.filter(subject_type=source._meta.label_lower, subject_id=source.pk)


def _turns(source: models.Model) -> Counter:
    """How often each key of a record was taken back."""
    return _count(_rows(source))


def _all_turns(model: type[models.Model]) -> Counter:
    return _count(DutyEntry.objects.filter(subject_type=model._meta.label_lower))


def _count(rows: models.QuerySet[DutyEntry]) -> Counter:
    taken_back = rows.filter(reverses__isnull=True, reversed_by__isnull=False).values_list("key", flat=True)
    return Counter(":".join(key.split(":")[: 4 if key.startswith(REQUISITE) else 3]) for key in taken_back)


def _take_back(source: models.Model, *, actor, reason: str, year: int | None = None, act: str = "") -> None:
    rows = _rows(source).filter(reverses__isnull=True, reversed_by__isnull=True)
    if act:
        rows = rows.filter(act=act)
    for key in rows.filter(**({"year": year} if year else {})).values_list("key", flat=True):
        duty.take_back(key, actor=actor, reason=reason)
