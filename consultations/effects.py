"""What follows a move of a session or an outcome: messages to units and members, the duty ledger."""

from collections.abc import Callable
from typing import Any

from consultations import duty
from consultations.models import Consultation, ConsultationStatus, Outcome, Uptake
from consultations.outcomes.people import heard, runners
from consultations.services.sessions import TOLD
from core import notices, outbox
from core.models import AuditEntry
from core.subjects import load_subject
from core.templatetags.frame import cn_date
from members.activities.effects import moved as moved_words
from members.activities.effects import when_and_where
from members.models import Role, User


def on(name: str) -> Callable[[Callable[[Any, dict], None]], Callable[[dict], None]]:
    """Register ``handler(record, payload)`` under ``consultations.<name>``."""

    def register(handler: Callable[[Any, dict], None]) -> Callable[[dict], None]:
        def run(payload: dict) -> None:
            if (record := load_subject(payload["model"], payload["id"])) is not None:
                handler(record, payload)

        return outbox.effect(f"consultations.{name}")(run)

    return register


def units_of(unit_ids: list[int]) -> list[int]:
    """Accounts of operators and leaders of these units."""
    wanted = (Role.UNIT_OPERATOR, Role.UNIT_LEADER)
    rows = User.objects.filter(is_active=True, role_grants__role__in=wanted, role_grants__unit__in=unit_ids)
    return list(rows.distinct().values_list("pk", flat=True))


def tell(recipients: list[int], payload: dict, *, title: str, body: str, url: str) -> None:
    """One message a person about one move."""
    key = f"consultations:{payload['model']}:{payload['id']}:{payload.get('verb', '')}:{payload.get('entry', 'once')}"
    notices.notify(recipients, key=key, title=title[:200], body=body, url=url)


@on("notified")
def notified(row: Consultation, payload: dict) -> None:
    """The invited units, each once however often this runs; the members hear through their activity."""
    if row.status == ConsultationStatus.CANCELLED:
        return
    told = units_of(list(row.units.values_list("pk", flat=True)))
    notices.notify(
        told, key=f"consultation:{row.pk}:invited", url=row.get_absolute_url(),
        title=f"请参加{row.get_form_display()}《{row.title}》",
        body=f"{when_and_where(row)}{'' if row.place else '，地点另告'}。请回复派谁参加。",
    )  # fmt: skip


@on("moved")
def moved(row: Consultation, payload: dict) -> None:
    """One corrected notice to each invited unit where day, hour or place became another; the members hear alike."""
    entry = AuditEntry.objects.filter(seq=payload["entry"]).first()
    changes = entry.detail.get("changes", {}) if entry else {}
    if row.status != ConsultationStatus.NOTIFIED or not set(TOLD) & set(changes):
        return
    again = "贵单位的回复还在；改了日子，请再确认派谁参加。" if "on" in changes else ""
    notices.notify(
        units_of(list(row.units.values_list("pk", flat=True))), key=f"consultation:{row.pk}:moved:{payload['entry']}",
        title=f"时间或地点改了：{row.get_form_display()}《{row.title}》", body=f"{moved_words(changes, row)}{again}",
        url=row.get_absolute_url(), urgent=True,
    )  # fmt: skip


@on("cancelled")
def cancelled(row: Consultation, payload: dict) -> None:
    """The invited units learn that it does not take place, and why; nobody who was never asked."""
    entry = AuditEntry.objects.filter(seq=payload["entry"]).first()
    if entry is None or entry.detail.get("from") != ConsultationStatus.NOTIFIED:
        return
    told = units_of(list(row.units.values_list("pk", flat=True)))
    tell(
        told, payload, title=f"{row.get_form_display()}《{row.title}》取消了",
        body=f"{when_and_where(row)}的会不开了。{entry.reason}", url=row.get_absolute_url(),
    )  # fmt: skip


@on("asked")
def asked(uptake: Uptake, payload: dict) -> None:
    """The unit says what it takes up."""
    until = f"，{cn_date(uptake.due_on)}以前" if uptake.due_on else ""
    tell(
        units_of([uptake.unit_id]), payload, title=f"请答复采纳情况：《{uptake.outcome.title}》",
        body=f"请逐条写明采纳什么、怎样落实{until}答复；不采纳的写明理由。", url=uptake.get_absolute_url(),
    )  # fmt: skip


@on("answered")
def answered(uptake: Uptake, payload: dict) -> None:
    """Whoever runs the session, and who wrote the outcome, hears what the unit takes up."""
    outcome = uptake.outcome
    writer = [outcome.made_by_id] if outcome.made_by and outcome.made_by.is_active else []
    tell(
        [*runners(outcome.consultation), *writer], payload, title=f"{uptake.unit}答复了：{uptake.get_result_display()}",
        body=f"《{outcome.title}》", url=outcome.get_absolute_url(),
    )  # fmt: skip


@on("sent_back")
def sent_back(uptake: Uptake, payload: dict) -> None:
    """The unit is asked to add to its answer."""
    tell(
        units_of([uptake.unit_id]), payload, title=f"请补充答复：《{uptake.outcome.title}》",
        body=f"{uptake.returned_reason}\n写过的都还在，改好再送出。", url=uptake.get_absolute_url(),
    )  # fmt: skip


@on("fed_back")
def fed_back(outcome: Outcome, payload: dict) -> None:
    """Whoever took part, spoke or put an opinion hears what came of it."""
    words = outcome.feedback or outcome.conversion or "有关情况见成果页面。"
    tell(
        heard(outcome), payload, title=f"《{outcome.consultation.title}》有了结果", body=words[:500],
        url=outcome.get_absolute_url(),
    )  # fmt: skip


@on("duty")
def count_duty(row: Consultation, payload: dict) -> None:
    """Bring the ledger up to date with the session."""
    duty.settle(row)
