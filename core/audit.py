"""Operation log 操作记录: append entries to a hash chain, and verify the chain.

Every entry carries the SHA-256 of its own content and of the entry before it, so a changed,
inserted or missing entry shows. The chain's end is one locked row: appends are serial, and an
entry lives or dies with the transaction of the act that it records. Kept for at least twelve
months (网络安全法 asks for six).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from core.context_vars import client_ip
from core.models import AuditEntry, AuditHead
from core.subjects import Key, subject_key

_BATCH = 1000


@dataclass(frozen=True)
class Event:
    """What is to be logged; ``subject`` and ``root`` are records, ``occurred_on`` the day of a past event."""

    verb: str
    summary: str
    actor: Any = None
    subject: models.Model | Key | None = None
    root: models.Model | Key | None = None
    reason: str = ""
    detail: dict = field(default_factory=dict)
    occurred_on: date | None = None


@dataclass(frozen=True)
class Broken:
    """One fault of the chain: ``kind`` is altered, inserted, missing or cut."""

    seq: int
    kind: str
    message: str


def record(
    *,
    verb: str,
    summary: str,
    actor=None,
    subject=None,
    root=None,
    reason: str = "",
    detail: dict | None = None,
    occurred_on: date | None = None,
) -> AuditEntry:
    """Append one entry in the current transaction; see ``Event`` for the parts."""
    return record_many([Event(verb, summary, actor, subject, root, reason, detail or {}, occurred_on)])[0]


@transaction.atomic
def record_many(events: Iterable[Event]) -> list[AuditEntry]:
    """Append entries in order, in batches, under one lock of the chain's end."""
    entries = chained(events)
    AuditEntry.objects.bulk_create(entries, batch_size=_BATCH)
    return entries


def chained(events: Iterable[Event]) -> list[AuditEntry]:
    """Entries hung on the chain, which ends in them from now on: the caller stores them in the same transaction."""
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    now, ip = timezone.now(), client_ip()
    entries = []
    for event in events:
        head.count += 1
        entry = _entry(event, head.count, now, ip)
        entry.prev_hash = head.last_hash
        entry.hash = head.last_hash = _digest(entry)
        entries.append(entry)
    head.save(update_fields=["count", "last_hash"])
    return entries


def timeline(root: models.Model) -> models.QuerySet:
    """Entries of a case, oldest first, each with its actor's name as it was."""
    return timeline_of(*subject_key(root))


def timeline_of(root_type: str, root_id: int | None) -> models.QuerySet:
    """Entries of the case with this label and key, oldest first."""
    return AuditEntry.objects.filter(root_type=root_type, root_id=root_id).order_by("seq")


def root_hash() -> str:
    """The chain's present end, to be kept elsewhere as proof."""
    head = AuditHead.objects.filter(pk=1).first()
    return head.last_hash if head else ""


def verify(root: str | None = None) -> list[Broken]:
    """Walk the chain and name every fault; ``root`` is an earlier end that must still be in it."""
    faults: list[Broken] = []
    expected, previous, seen_root = 1, "", root in (None, "")
    for entry in _walk():
        if entry.seq > expected:
            span = f"第{expected}条" if entry.seq == expected + 1 else f"第{expected}至{entry.seq - 1}条"
            faults.append(Broken(expected, "missing", f"缺{span}。"))
        elif entry.seq < expected:
            faults.append(Broken(entry.seq, "inserted", f"第{entry.seq}条是插进来的。"))
        if entry.hash != _digest(entry):
            faults.append(Broken(entry.seq, "altered", f"第{entry.seq}条的内容被改过。"))
        if entry.prev_hash != previous and entry.seq == expected:
            faults.append(Broken(entry.seq, "inserted", f"第{entry.seq}条与前一条接不上，是插入或重写的。"))
        seen_root = seen_root or entry.hash == root
        previous, expected = entry.hash, entry.seq + 1
    head = AuditHead.objects.filter(pk=1).first()
    last = head.count if head else 0
    if expected - 1 < last:
        faults.append(Broken(expected, "missing", f"末尾缺第{expected}至{last}条。"))
    elif expected - 1 > last:
        faults.append(Broken(last + 1, "inserted", f"第{last + 1}条起不是系统写入的。"))
    elif head and head.last_hash != previous:
        faults.append(Broken(last, "altered", "链尾散列与最后一条不符。"))
    if not seen_root:
        faults.append(Broken(expected - 1, "cut", "先前留存的链尾不在链上：记录被截短或重写。"))
    return faults


def _walk() -> Iterator[AuditEntry]:
    """All entries by number, a thousand at a time."""
    return AuditEntry.objects.order_by("seq").iterator(chunk_size=_BATCH)


def _entry(event: Event, seq: int, now, ip: str) -> AuditEntry:
    subject_type, subject_id = subject_key(event.subject) if event.subject else ("", None)
    root = event.root or event.subject
    root_type, root_id = subject_key(root) if root else ("", None)
    return AuditEntry(
        seq=seq,
        at=now,
        occurred_on=event.occurred_on,
        actor=event.actor,
        actor_name=str(event.actor) if event.actor else "系统",
        ip=ip,
        verb=event.verb,
        subject_type=subject_type,
        subject_id=subject_id,
        root_type=root_type,
        root_id=root_id,
        summary=event.summary[:300],
        reason=event.reason,
        detail=json.loads(json.dumps(event.detail, cls=DjangoJSONEncoder)),
    )


def _digest(entry: AuditEntry) -> str:
    """SHA-256 over every column but the hash itself, as canonical JSON."""
    content = [
        entry.seq,
        entry.at.astimezone(timezone.get_default_timezone()).isoformat(),
        entry.occurred_on.isoformat() if entry.occurred_on else None,
        entry.actor_id,
        entry.actor_name,
        entry.ip,
        entry.verb,
        entry.subject_type,
        entry.subject_id,
        entry.root_type,
        entry.root_id,
        entry.summary,
        entry.reason,
        entry.detail,
        entry.prev_hash,
    ]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
