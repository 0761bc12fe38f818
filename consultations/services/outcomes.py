"""Outcomes 协商成果: written, sent up, noted, given to units, taken up or not, converted, fed back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations import terms
from consultations.models import Consultation, ConsultationStatus, Outcome, OutcomeStatus, Uptake, UptakeResult
from core import audit, outbox, workflow
from core.acts import day, require, words
from core.errors import Refusal
from members.models import HandlingUnit


@transaction.atomic
def write(
    consultation: Consultation, *, actor: Any, kind: str, title: str, text: str = "", sent_to: str = ""
) -> Outcome:
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
    audit.record(
        verb="outcome.begin",
        summary=f"起草{row.get_kind_display()}《{row.title}》",
        actor=actor,
        subject=row,
        root=current,
    )
    return row


@transaction.atomic
def send(outcome: Outcome, *, actor: Any, sent_to: str, on: date | None = None) -> Outcome:
    """Send it up; the session's term is met by its first outcome."""
    sent = day(on)
    consultation = Consultation.objects.select_for_update().get(pk=outcome.consultation_id)
    changes = {"sent_on": sent, "sent_to": words(sent_to, "报送哪里", field_name="sent_to", limit=200)}
    row = workflow.perform(outcome, "send", actor=actor, changes=changes, on=sent)
    if consultation.status == ConsultationStatus.HELD:
        workflow.perform(consultation, "report", actor=None, changes={"reported_on": sent}, on=sent)
        terms.met_report(consultation, on=sent)
    return row


@transaction.atomic
def note(outcome: Outcome, *, actor: Any, text: str, on: date | None = None) -> Outcome:
    """Record a leader's note, or that it was adopted."""
    changes = {"note": words(text, "批示内容", field_name="text", limit=2000), "noted_on": day(on)}
    return workflow.perform(outcome, "note", actor=actor, changes=changes)


@transaction.atomic
def assign(outcome: Outcome, units: Iterable[HandlingUnit], *, actor: Any) -> list[Uptake]:
    """Give it to units, each with a term; a unit that has it already is left as it is."""
    wanted = list(units)
    if not wanted:
        raise Refusal("请选择承办单位。", field="units")
    current = Outcome.objects.select_for_update().get(pk=outcome.pk)
    names = "、".join(str(unit) for unit in wanted)
    workflow.perform(current, "assign", actor=actor, summary=f"交办{names}"[:200])
    today = timezone.localdate()
    made = []
    for unit in wanted:
        uptake, created = Uptake.objects.get_or_create(outcome=current, unit=unit, defaults={"assigned_on": today})
        if created:
            terms.open_uptake(uptake, start=today)
            outbox.add(
                "consultations.asked",
                key=f"consultations.asked:{uptake.pk}",
                payload={"model": "consultations.uptake", "id": uptake.pk},
            )
            made.append(uptake)
    return made


@transaction.atomic
def answer(
    uptake: Uptake, *, actor: Any, result: str, text: str, adopted_count: int | None = None, policy: str = ""
) -> Uptake:
    """A unit says what it takes up; not taking up needs a reason, which is the text."""
    outcome = Outcome.objects.select_for_update().get(pk=uptake.outcome_id)
    current = Uptake.objects.select_for_update().get(pk=uptake.pk)
    require(actor, "consultations.answer", current, act="答复采纳情况")
    if current.result != UptakeResult.WAITING:
        raise Refusal("已经答复过了。")
    if result not in (UptakeResult.ADOPTED, UptakeResult.PARTLY, UptakeResult.NOT):
        raise Refusal("请选择采纳、部分采纳或未采纳。", field="result")
    current.result = result
    current.text = words(text, "采纳和落实的计划、理由", field_name="text")
    current.adopted_count, current.policy = adopted_count, policy.strip()[:200]
    current.answered_on, current.answered_by = timezone.localdate(), actor
    current.save()
    audit.record(
        verb="uptake.answer", summary=f"{current.unit}答复：{current.get_result_display()}", actor=actor, subject=current,
        root=outcome.consultation,
    )  # fmt: skip
    terms.met_uptake(current, on=timezone.localdate())
    waiting = outcome.uptakes.filter(result=UptakeResult.WAITING).exists()
    if outcome.status == OutcomeStatus.ASSIGNED and not waiting:
        workflow.perform(outcome, "all_answered", actor=None)
    return current


@transaction.atomic
def convert(outcome: Outcome, *, actor: Any, text: str) -> Outcome:
    """Record what it turned into: a policy, a project, a line of the budget."""
    changes = {"conversion": words(text, "转化落实情况", field_name="text", limit=2000)}
    return workflow.perform(outcome, "convert", actor=actor, changes=changes)


@transaction.atomic
def close(outcome: Outcome, *, actor: Any) -> Outcome:
    """Close it and feed back to those who took part."""
    return workflow.perform(outcome, "close", actor=actor, changes={"closed_on": timezone.localdate()})
