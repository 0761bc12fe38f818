"""Promises 承诺 after the reply: kept 兑现, or what became of one of which an old register says nothing."""

from datetime import date

from django.db import transaction

from core import audit, deadlines, outbox
from core.errors import Refusal
from proposals.models import Promise, Reply
from proposals.services.common import day, lock_task, require, words


@transaction.atomic
def keep_promise(promise: Promise, *, actor, on: date, note: str = "") -> Promise:
    """The unit reports that what it promised is done, and when."""
    row = _locked(promise)
    require(actor, "proposals.work_task", row.reply.task, act="登记承诺兑现")
    return _kept(row, actor=actor, on=on, note=note)


@transaction.atomic
def record_outcome(promise: Promise, *, actor, kept: bool, on: date, note: str) -> Promise:
    """The proposals office records what became of a promise whose outcome the old register leaves open."""
    row = _locked(promise)
    require(actor, "proposals.record_promise", row.reply.task.proposal, act="登记承诺结果")
    if not row.is_unknown:
        raise Refusal("只有登记簿没有载明结果的承诺，由提案委登记结果。")
    note = words(note, "办成了什么，或者为什么没有办成", field_name="note", limit=300)
    if kept:
        return _kept(row, actor=actor, on=on, note=note)
    row.missed_on, row.note = day(on), note
    row.save(update_fields=["missed_on", "note"])
    _log(row, "promise.miss", f"{row.reply.task.unit}的承诺认定未兑现：{row.text}", actor=actor, on=on)
    _tell("proposals.promise_missed", row)
    return row


def _kept(row: Promise, *, actor, on: date, note: str) -> Promise:
    reply = row.reply
    if reply.status != Reply.Status.ISSUED:
        raise Refusal("答复还没有送达，承诺还没有生效。")
    if row.settled_on is not None:
        raise Refusal("这项承诺已经登记过结果。")
    if reply.issued_on and on < reply.issued_on:
        raise Refusal("兑现日期不能早于答复送达日期。", field="on")
    row.kept_on, row.note = day(on), note.strip()[:300]
    row.save(update_fields=["kept_on", "note"])
    deadlines.meet(row, "promise", on=on)
    _log(row, "promise.keep", f"{reply.task.unit}兑现承诺：{row.text}", actor=actor, on=on)
    _tell("proposals.promise_kept", row)
    return row


def _locked(promise: Promise) -> Promise:
    """The promise with its letter, task and case, the case locked first."""
    proposal, task = lock_task(promise.reply.task)
    row = Promise.objects.select_for_update(of=("self",)).select_related("reply").get(pk=promise.pk)
    task.proposal = proposal
    row.reply.task = task
    return row


def _log(row: Promise, verb: str, summary: str, *, actor, on: date) -> None:
    audit.record(
        verb=verb,
        summary=summary[:300],
        actor=actor,
        subject=row,
        root=row.reply.task.proposal,
        detail={"note": row.note},
        occurred_on=on,
    )


def _tell(name: str, row: Promise) -> None:
    outbox.add(name, key=f"{name}:{row.pk}", payload={"model": "proposals.promise", "id": row.pk})
