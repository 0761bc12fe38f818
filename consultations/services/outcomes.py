"""Outcomes 协商成果: written with their suggestions, passed, sent up, noted, given to units, fed back."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations import terms
from consultations.models import (
    Consultation,
    ConsultationStatus,
    Outcome,
    OutcomeNote,
    OutcomeStatus,
    Suggestion,
    Uptake,
)
from consultations.outcomes.people import heard
from core import audit, outbox, workflow
from core.acts import day, require, words
from core.errors import Refusal
from members.models import HandlingUnit

MOST_SUGGESTIONS = 60


@transaction.atomic
def write(
    consultation: Consultation, *, actor: Any, kind: str, title: str, text: str = "", sent_to: str = "",
    suggestions: Sequence[str] = (),
) -> Outcome:  # fmt: skip
    """Begin an outcome of a session that was held."""
    current = Consultation.objects.select_for_update().get(pk=consultation.pk)
    require(actor, "consultations.run", current, act="起草成果")
    if current.status not in (ConsultationStatus.HELD, ConsultationStatus.REPORTED):
        raise Refusal("协商举行以后再写成果。")
    row = workflow.begin(
        Outcome(
            consultation=current, kind=kind, title=words(title, "题目", field_name="title", limit=160), text=text.strip(),
            sent_to=sent_to.strip()[:200], made_by=actor,
        ),
        OutcomeStatus.DRAFT,
    )  # fmt: skip
    row.save()
    _put(row, suggestions)
    audit.record(
        verb="outcome.begin",
        summary=f"起草{row.get_kind_display()}《{row.title}》",
        actor=actor,
        subject=row,
        root=current,
    )
    return row


@transaction.atomic
def change(outcome: Outcome, *, actor: Any, suggestions: Sequence[str] | None = None, **values: Any) -> Outcome:
    """Change a draft; a text that a meeting had passed is no longer passed once it says something else."""
    current = Outcome.objects.select_for_update().get(pk=outcome.pk)
    before = (current.kind, current.title, current.text, _texts(current))
    row = workflow.perform(current, "write", actor=actor, changes=values)
    if suggestions is not None and _clean(suggestions) != before[3]:
        row.suggestions.all().delete()
        _put(row, suggestions)
    if row.approved_on and (row.kind, row.title, row.text, _texts(row)) != before:
        gone: dict[str, Any] = {"approved_by": "", "approved_at": "", "approved_on": None}
        row = workflow.perform(row, "write", actor=actor, changes=gone, summary="内容改了，会议通过的登记撤去")
    return row


@transaction.atomic
def approve(outcome: Outcome, *, actor: Any, approved_by: str, approved_at: str, on: date | None = None) -> Outcome:
    """Record that the standing committee or the chairmen's meeting passed it."""
    if approved_by not in Outcome.Body.values:
        raise Refusal("请选常委会会议或主席会议。", field="approved_by")
    passed = day(on)
    changes = {
        "approved_by": approved_by, "approved_on": passed,
        "approved_at": words(approved_at, "第几次会议", field_name="approved_at", limit=80),
    }  # fmt: skip
    return workflow.perform(outcome, "approve", actor=actor, changes=changes, on=passed)


@transaction.atomic
def send(
    outcome: Outcome, *, actor: Any, sent_to: str, on: date | None = None, document_no: str = "", copies_to: str = ""
) -> Outcome:
    """Send it up; the session's term is met by its first outcome."""
    sent = day(on)
    consultation = Consultation.objects.select_for_update().get(pk=outcome.consultation_id)
    if sent < consultation.on:
        raise Refusal(f"报送日期早于协商日期{consultation.on.isoformat()}，请核对。", field="on")
    changes = {
        "sent_on": sent, "sent_to": words(sent_to, "报送哪里", field_name="sent_to", limit=200),
        "document_no": document_no.strip()[:40], "copies_to": copies_to.strip()[:200],
    }  # fmt: skip
    row = workflow.perform(outcome, "send", actor=actor, changes=changes, on=sent)
    went_up(consultation, on=sent)
    return row


def went_up(consultation: Consultation, *, on: date) -> None:
    """Its first outcome has left: the session counts as reported and its term is met."""
    if consultation.status == ConsultationStatus.HELD:
        workflow.perform(consultation, "report", actor=None, changes={"reported_on": on}, on=on)
        terms.met_report(consultation, on=on)


@transaction.atomic
def note(
    outcome: Outcome, *, actor: Any, leader: str, text: str, level: str = OutcomeNote.Level.DISTRICT,
    on: date | None = None, for_unit: bool = True,
) -> OutcomeNote:  # fmt: skip
    """Record a leader's note; an outcome may have several. The log, which many may read, says neither whose nor what."""
    leader = words(leader, "批示领导", field_name="leader", limit=40)
    text = words(text, "批示内容", field_name="text", limit=2000)
    noted = day(on)
    current = workflow.perform(outcome, "note", actor=actor, summary="登记一条批示", on=noted)
    return OutcomeNote.objects.create(
        outcome=current, leader=leader, text=text, level=level, on=noted, for_unit=for_unit, made_by=actor
    )


@transaction.atomic
def remove_note(row: OutcomeNote, *, actor: Any, reason: str) -> None:
    """Take a wrongly recorded note off; the row stays in the log's reach."""
    require(actor, "consultations.write_outcome", row.outcome, act="删去批示登记")
    reason = words(reason, "删去的理由", field_name="reason", limit=300)
    if not OutcomeNote.objects.filter(pk=row.pk, removed_at__isnull=True).update(removed_at=timezone.now()):
        raise Refusal("这一条已经删去了。")
    audit.record(
        verb="outcome.unnote", summary="删去一条批示的登记", actor=actor, subject=row.outcome,
        root=row.outcome.consultation, reason=reason,
    )  # fmt: skip


@transaction.atomic
def assign(outcome: Outcome, units: Iterable[HandlingUnit], *, actor: Any, request: str = "") -> list[Uptake]:
    """Give it to units, each with a term; a unit that has it already is left as it is."""
    wanted = list(units)
    if not wanted:
        raise Refusal("请选择承办单位。", field="units")
    current = Outcome.objects.select_for_update().get(pk=outcome.pk)
    known = set(current.uptakes.values_list("unit", flat=True))
    new = [unit for unit in wanted if unit.pk not in known]
    if not new:
        return []
    names = "、".join(str(unit) for unit in new)
    workflow.perform(current, "assign", actor=actor, summary=f"交办{names}"[:200])
    today = timezone.localdate()
    made = []
    for unit in new:
        uptake = Uptake.objects.create(outcome=current, unit=unit, assigned_on=today, request=request.strip()[:500])
        terms.open_uptake(uptake, start=today)
        outbox.add(
            "consultations.asked",
            key=f"consultations.asked:{uptake.pk}",
            payload={"model": "consultations.uptake", "id": uptake.pk},
        )
        made.append(uptake)
    return made


@transaction.atomic
def close(outcome: Outcome, *, actor: Any, feedback: str) -> Outcome:
    """Close it and feed back to those who took part, spoke, or put an opinion."""
    changes = {
        "closed_on": timezone.localdate(), "fed_back_to": len(heard(outcome)),
        "feedback": words(feedback, "反馈的话", field_name="feedback", limit=1000),
    }  # fmt: skip
    return workflow.perform(outcome, "close", actor=actor, changes=changes)


def _clean(suggestions: Sequence[str]) -> list[str]:
    found = [line.strip() for line in suggestions if line.strip()]
    if len(found) > MOST_SUGGESTIONS:
        raise Refusal(f"建议最多{MOST_SUGGESTIONS}条，现在{len(found)}条，请合并。", field="suggestions")
    return found


def _texts(outcome: Outcome) -> list[str]:
    return list(outcome.suggestions.order_by("order").values_list("text", flat=True))


def _put(outcome: Outcome, suggestions: Sequence[str]) -> None:
    texts = _clean(suggestions)
    Suggestion.objects.bulk_create(
        Suggestion(outcome=outcome, order=place, text=text) for place, text in enumerate(texts, 1)
    )
