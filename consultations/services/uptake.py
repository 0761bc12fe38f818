"""Uptake 采纳: a unit answers suggestion by suggestion, may leave it half written, may be asked to add to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations import terms
from consultations.models import ANSWERS, Outcome, OutcomeStatus, Suggestion, Uptake, UptakeItem, UptakeResult
from core import audit, outbox, workflow
from core.acts import require, words
from core.errors import Refusal

R = UptakeResult
CLOSED = "这份成果已经办结，不能再改答复。"


@dataclass(frozen=True)
class Said:
    """What a unit says to one suggestion."""

    result: str = ""
    text: str = ""
    until: date | None = None


@transaction.atomic
def save(uptake: Uptake, *, actor: Any, said: Mapping[int, Said], **values: str) -> Uptake:
    """Keep what is written so far; nobody but the unit sees it."""
    current, suggestions = _open(uptake, actor)
    _store(current, suggestions, said, values)
    current.saved_at = timezone.now()
    current.save()
    return current


@transaction.atomic
def answer(
    uptake: Uptake, *, actor: Any, said: Mapping[int, Said] | None = None, result: str = "", **values: str
) -> Uptake:
    """A unit says what it takes up, item by item; what it does not take up needs a reason.

    ``result`` is asked only of an outcome without single suggestions; else it follows from the items.
    ``values`` are ``text``, ``contact_name`` and ``contact_phone``.
    """
    current, suggestions = _open(uptake, actor)
    _store(current, suggestions, said or {}, values)
    if suggestions:
        items = list(current.items.select_related("suggestion"))
        _check(items, suggestions)
        current.result = _sum(items)
        current.adopted_count = sum(1 for item in items if item.result in (R.ADOPTED, R.PARTLY))
    else:
        if result not in ANSWERS:
            raise Refusal("请选择采纳、部分采纳或未采纳。", field="result")
        current.text = words(current.text, "采纳和落实的计划、理由", field_name="text")
        current.result = result
    today = timezone.localdate()
    current.answered_on, current.answered_by, current.saved_at, current.returned_reason = today, actor, None, ""
    current.save()
    outcome = current.outcome
    entry = audit.record(
        verb="uptake.answer", summary=f"{current.unit}答复：{current.get_result_display()}", actor=actor, subject=current,
        root=outcome.consultation,
    )  # fmt: skip
    terms.met_uptake(current, on=today)
    _tell("answered", current, entry.seq)
    waiting = outcome.uptakes.filter(result=R.WAITING).exists()
    if outcome.status == OutcomeStatus.ASSIGNED and not waiting:
        workflow.perform(outcome, "all_answered", actor=None)
    return current


@transaction.atomic
def send_back(uptake: Uptake, *, actor: Any, reason: str) -> Uptake:
    """Ask a unit to add to its answer, with a new term; what it wrote stays in its form."""
    outcome = Outcome.objects.select_for_update().get(pk=uptake.outcome_id)
    require(actor, "consultations.write_outcome", outcome, act="退回答复")
    current = Uptake.objects.select_for_update(of=("self",)).select_related("unit").get(pk=uptake.pk)
    if current.result == R.WAITING:
        raise Refusal("还没有答复，不用退回。")
    if outcome.status == OutcomeStatus.CLOSED:
        raise Refusal(CLOSED)
    current.returned_reason = words(reason, "退回的理由", field_name="reason", limit=300)
    current.result, current.answered_on, current.adopted_count = R.WAITING, None, None
    current.save()
    entry = audit.record(
        verb="uptake.send_back", summary=f"请{current.unit}补充答复", actor=actor, subject=current,
        root=outcome.consultation, reason=current.returned_reason,
    )  # fmt: skip
    terms.open_uptake(current, start=timezone.localdate())
    if outcome.status == OutcomeStatus.TAKEN_UP:
        workflow.perform(outcome, "ask_again", actor=None)
    _tell("sent_back", current, entry.seq)
    return current


def _open(uptake: Uptake, actor: Any) -> tuple[Uptake, dict[int, Suggestion]]:
    """The uptake under lock, to be answered by its unit, and the suggestions of its outcome."""
    outcome = Outcome.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=uptake.outcome_id)
    current = Uptake.objects.select_for_update(of=("self",)).select_related("unit").get(pk=uptake.pk)
    current.outcome = outcome
    require(actor, "consultations.answer", current, act="答复采纳情况")
    if current.result != R.WAITING:
        raise Refusal("已经答复过了，可能是同事刚送出的。")
    return current, {row.pk: row for row in outcome.suggestions.all()}


def _store(
    uptake: Uptake, suggestions: Mapping[int, Suggestion], said: Mapping[int, Said], values: Mapping[str, str]
) -> None:
    for pk, row in said.items():
        if pk not in suggestions:
            raise Refusal("有一条建议不在这份成果里，请刷新后再答。")
        if row.result and row.result not in ANSWERS:
            raise Refusal("请选择采纳、部分采纳或未采纳。", field=f"result_{pk}")
        UptakeItem.objects.update_or_create(
            uptake=uptake, suggestion=suggestions[pk],
            defaults={"result": row.result, "text": row.text.strip(), "until": row.until},
        )  # fmt: skip
    for name in ("text", "contact_name", "contact_phone"):
        if name in values:
            setattr(uptake, name, values[name].strip())


def _check(items: list[UptakeItem], suggestions: Mapping[int, Suggestion]) -> None:
    """Each suggestion has its result, with words: how it is done, or why not."""
    known = {item.suggestion_id: item for item in items}
    for pk, suggestion in suggestions.items():
        item = known.get(pk)
        if item is None or not item.result:
            raise Refusal(f"第{suggestion.order}条建议还没有选采纳情况。", field=f"result_{pk}")
        if not item.text:
            what = "不采纳的理由" if item.result == R.NOT else "怎样落实"
            raise Refusal(f"请写明第{suggestion.order}条建议{what}。", field=f"text_{pk}")


def _sum(items: list[UptakeItem]) -> str:
    results = {item.result for item in items}
    return results.pop() if len(results) == 1 else R.PARTLY


def _tell(effect: str, uptake: Uptake, entry: int) -> None:
    outbox.add(
        f"consultations.{effect}",
        key=f"consultations.{effect}:{uptake.pk}:{entry}",
        payload={"model": "consultations.uptake", "id": uptake.pk, "verb": effect, "entry": entry},
    )
