"""What the pages of outcomes and uptakes read 成果页: everything of one outcome as far as the person may see it."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from consultations.handovers import ways
from consultations.models import (
    Conversion,
    FollowUp,
    Outcome,
    OutcomeNote,
    OutcomeStatus,
    Uptake,
    UptakeItem,
    UptakeResult,
)
from consultations.models.outcomes import OutcomeQuerySet
from consultations.outcomes import forms
from consultations.services.conversions import may_remove
from core import handover, timeline
from core.models import Attachment, AuditEntry, Deadline

EVIDENCE = "consultations.conversion"
EVENTS = 40
S = OutcomeStatus
TAKEN = (UptakeResult.ADOPTED, UptakeResult.PARTLY)
"""Results that count as taken up 采纳: in full or in part."""


def narrow_outcomes(rows: OutcomeQuerySet, form: forms.OutcomeFilter) -> OutcomeQuerySet:
    """The outcomes that the conditions leave of ``rows``; a value that means nothing finds nothing."""
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    if asked["q"]:
        rows = rows.filter(Q(title__icontains=asked["q"]) | Q(consultation__title__icontains=asked["q"]))
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["state"]:
        rows = rows.exclude(status=S.DRAFT) if asked["state"] == "sent_all" else rows.filter(status=asked["state"])
    if asked["year"]:
        rows = rows.filter(consultation__on__year=asked["year"])
    came = asked["came"]
    if came == "waiting":
        rows = rows.waiting()
    elif came == "overdue":
        rows = rows.waiting(timezone.localdate())
    elif came == "adopted":
        rows = rows.adopted()
    elif came == "converted":
        rows = rows.converted()
    return rows


def narrow_uptakes(rows: QuerySet, form: forms.UptakeFilter) -> QuerySet:
    """The uptakes that the conditions leave of ``rows``."""
    if not form.is_valid():
        return rows.none()
    asked, waiting = form.cleaned_data, UptakeResult.WAITING
    if asked["q"]:
        rows = rows.filter(outcome__title__icontains=asked["q"])
    if asked["state"] == "overdue":
        rows = rows.filter(result=waiting, due_on__lt=timezone.localdate())
    elif asked["state"] == "answered":
        rows = rows.exclude(result=waiting)
    elif asked["state"] == "taken":
        rows = rows.filter(result__in=TAKEN)
    elif asked["state"]:
        rows = rows.filter(result=asked["state"])
    if asked.get("unit"):
        rows = rows.filter(unit=asked["unit"])
    if asked["year"]:
        rows = rows.filter(assigned_on__year=asked["year"])
    return rows


def notes_for(user: Any, outcome: Outcome, *, unit: bool = False) -> list[OutcomeNote]:
    """The leaders' notes that the person may read; a unit those that go along with what it was given."""
    if outcome.status == S.DRAFT:
        return []
    rows = OutcomeNote.objects.filter(outcome=outcome, removed_at__isnull=True)
    if user.has_perm("consultations.see_notes", outcome):
        return list(rows)
    return list(rows.filter(for_unit=True)) if unit else []


def uptakes_of(outcome: Outcome) -> list[Uptake]:
    """What each unit answered, with its items; what is only saved is not shown to anybody else."""
    if outcome.status in (S.DRAFT, S.SENT):
        return []
    rows = list(outcome.uptakes.select_related("unit"))
    items: dict[int, list[UptakeItem]] = defaultdict(list)
    done = [row.pk for row in rows if not row.is_waiting]
    for item in UptakeItem.objects.filter(uptake__in=done).select_related("suggestion") if done else ():
        items[item.uptake_id].append(item)
    for row in rows:
        row.outcome, row.answers = outcome, items[row.pk]  # type: ignore[attr-defined]
    return rows


def conversions_of(user: Any, outcome: Outcome) -> list[dict[str, Any]]:
    """What it turned into, each with its evidence and whether this person may take it off."""
    if outcome.status == S.DRAFT:
        return []
    rows = list(Conversion.objects.filter(outcome=outcome, removed_at__isnull=True).select_related("unit"))
    files: dict[int, list[Attachment]] = defaultdict(list)
    found = Attachment.objects.filter(subject_type=EVIDENCE, subject_id__in=[row.pk for row in rows])
    for file in found.filter(removed_at__isnull=True) if rows else ():
        files[file.subject_id].append(file)
    for row in rows:
        row.outcome = outcome
    return [{"row": row, "files": files[row.pk], "removable": may_remove(user, row)} for row in rows]


def facts(user: Any, outcome: Outcome) -> dict[str, Any]:
    """Everything on the page of an outcome."""
    uptakes = uptakes_of(outcome)
    mine = user.unit_ids()
    conversions = conversions_of(user, outcome)
    follow_ups = [] if outcome.status == S.DRAFT else list(FollowUp.objects.filter(outcome=outcome))
    return {
        "suggestions": list(outcome.suggestions.all()),
        "notes": notes_for(user, outcome, unit=any(row.unit_id in mine for row in uptakes)),
        "sees_notes": user.has_perm("consultations.see_notes", outcome),
        "uptakes": uptakes,
        "conversions": conversions,
        "follow_ups": [row for row in follow_ups if row.done_on],
        "ahead": next((row for row in follow_ups if not row.done_on), None),
        "deadlines": deadlines_of(outcome, uptakes),
        "steps": steps_of(outcome, uptakes, bool(conversions), follow_ups),
        "went_to": handover.seen_by(user, handover.targets_of(outcome)),
        "ways": ways(user, outcome),
        "timeline": events(outcome, uptakes),
    }


def deadlines_of(outcome: Outcome, uptakes: list[Uptake]) -> list[Deadline]:
    """The term of reporting while it is a draft, the units' terms, the day of looking back."""
    wanted = Q(root_type="consultations.outcome", root_id=outcome.pk)
    wanted |= Q(subject_type="consultations.uptake", subject_id__in=[row.pk for row in uptakes])
    wanted |= Q(subject_type="consultations.consultation", subject_id=outcome.consultation_id, kind="report")
    rows = list(Deadline.objects.filter(wanted, void=False))
    names = {row.pk: str(row.unit) for row in uptakes}
    for row in rows:
        if row.subject_type == "consultations.uptake":
            row.label = f"{names[row.subject_id]}答复"
    return sorted(rows, key=lambda row: (row.met_on is not None, row.due, row.pk))


def steps_of(outcome: Outcome, uptakes: list[Uptake], converted: bool, looks: list[FollowUp]) -> list[dict[str, str]]:
    """The way from draft to looking back, with what is done and what comes next."""
    sent = outcome.status != S.DRAFT
    answered = bool(uptakes) and not any(row.is_waiting for row in uptakes)
    looked = [row for row in looks if row.done_on]
    way = [("起草", True, "")]
    if outcome.needs_approval:
        way.append(("会议通过", bool(outcome.approved_on), outcome.get_approved_by_display()))
    closed = outcome.status == S.CLOSED
    way.append(("报送", sent, _day(outcome.sent_on)))
    if uptakes or not closed:
        # Of what was closed without units, such as an old register's, nobody waits for their answers.
        way.append(("交办单位", bool(uptakes), f"{len(uptakes)}家" if uptakes else ""))
        way.append(
            ("采纳答复", answered, f"{sum(1 for row in uptakes if not row.is_waiting)}家已答复" if uptakes else "")
        )
    if outcome.feedback or not closed:
        way.append(("反馈委员", closed, _day(outcome.closed_on)))
    way += [
        ("转化", converted or bool(outcome.conversion), ""),
        ("回头看", bool(looked), _day(looked[-1].done_on) if looked else ""),
    ]
    found, current = [], False
    for label, done, note in way:
        state = "done" if done else "" if current else "current"
        current = current or not done
        found.append({"label": label, "note": note, "state": state})
    return found


def events(outcome: Outcome, uptakes: list[Uptake]) -> list[dict[str, Any]]:
    """What happened to this outcome, the newest first."""
    wanted = Q(subject_type="consultations.outcome", subject_id=outcome.pk)
    wanted |= Q(subject_type="consultations.uptake", subject_id__in=[row.pk for row in uptakes])
    return timeline.told(timeline.latest_first(AuditEntry.objects.filter(wanted).order_by("-seq")[:EVENTS]))


def proposed_feedback(outcome: Outcome) -> str:
    """A draft of what those who took part are told, from what units answered and what it turned into."""
    uptakes = uptakes_of(outcome)
    parts = [f"您参加的《{outcome.consultation.title}》协商，成果《{outcome.title}》已报送{outcome.sent_to}。"]
    for row in uptakes:
        counts: dict[str, int] = defaultdict(int)
        for item in row.answers:  # type: ignore[attr-defined]
            counts[item.get_result_display()] += 1
        told = "，".join(f"{label}{number}条" for label, number in counts.items()) or row.get_result_display()
        parts.append(f"{row.unit}：{told}。")
    made = Conversion.objects.filter(outcome=outcome, removed_at__isnull=True)
    if names := [str(row) for row in made]:
        parts.append(f"已转化为{'、'.join(names)}。")
    elif outcome.conversion:
        parts.append(f"转化落实：{outcome.conversion}。")
    return "".join(parts)[:1000]


def _day(on: date | None) -> str:
    return f"{on.month}月{on.day}日" if on else ""
