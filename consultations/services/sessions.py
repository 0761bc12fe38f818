"""Sessions 协商活动: prepare, invite through the activity that goes with it, hold, record what was said."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations import terms
from consultations.models import Consultation, ConsultationStatus, Speech
from consultations.workflow import FACTS, RECORD
from core import audit, deadlines, search, workflow
from core.acts import require, words
from core.errors import Refusal
from members.activity_access import run_bodies
from members.models import Activity, HandlingUnit, Member, Role
from members.services import activities


@transaction.atomic
def plan(*, actor: Any, units: Iterable[HandlingUnit] = (), **values: Any) -> Consultation:
    """A new session of a body that ``actor`` runs; ``values`` are its particulars by name."""
    require(actor, "consultations.add", act="登记协商")
    organizer = values.get("organizer")
    if not actor.has_role(Role.LIAISON) and (organizer is None or organizer.pk not in run_bodies(actor)):
        raise Refusal("请选择您负责的专委会或工作室。", field="organizer")
    words(values.get("title"), "题目", field_name="title", limit=120)
    row = workflow.begin(
        Consultation(made_by=actor, **{name: value for name, value in values.items() if name in FACTS}),
        ConsultationStatus.PLANNED,
    )
    row.save()
    row.units.set(units)
    _make_findable(row)
    audit.record(verb="consultation.plan", summary=f"登记{row.get_form_display()}", actor=actor, subject=row)
    return row


@transaction.atomic
def change(
    row: Consultation, *, actor: Any, units: Iterable[HandlingUnit] | None = None, **values: Any
) -> Consultation:
    """Change the particulars before the session; its activity follows, which tells those invited once."""
    current = workflow.perform(row, "change", actor=actor, changes={k: v for k, v in values.items() if k in FACTS})
    if units is not None:
        current.units.set(units)
    _make_findable(current)
    if current.activity_id:
        activities.change(current.activity, actor=actor, **_particulars(current))
    return current


def _make_findable(row: Consultation) -> None:
    search.index(row, row.title, row.place, row.parties)


def _particulars(row: Consultation) -> dict[str, Any]:
    return {
        "title": f"{row.get_form_display()}：{row.title}"[:160],
        "on": row.on,
        "starts_at": row.starts_at,
        "place": row.place,
    }


@transaction.atomic
def invite(row: Consultation, member_ids: Collection[int], *, actor: Any) -> int:
    """Invite members; the activity that keeps replies, leave and sign-in is made with the first of them."""
    current = _lock(row)
    require(actor, "consultations.run", current, act="邀请委员")
    if current.activity_id is None:
        current.activity = activities.plan(
            actor=actor, kind=Activity.Kind.MEETING, organizer=current.organizer, must_attend=not current.is_light,
            **_particulars(current),
        )  # fmt: skip
        current.save(update_fields=["activity"])
    return activities.invite(current.activity, member_ids, actor=actor)


@transaction.atomic
def notify(row: Consultation, *, actor: Any) -> Consultation:
    """Tell everybody who is invited, members and units, once each."""
    current = _lock(row)
    if current.activity is None or not current.activity.attendances.exists():
        raise Refusal("还没有请委员，请先选参加的委员。")
    current = workflow.perform(current, "notify", actor=actor)
    activities.notify(current.activity, actor=actor)
    return current


@transaction.atomic
def hold(row: Consultation, *, actor: Any, **record: Any) -> Consultation:
    """Say that it took place; who came counts from the activity, and the term for the outcome begins."""
    current = workflow.perform(row, "hold", actor=actor, changes=_only_record(record))
    if current.activity and current.activity.status in ("planned", "notified"):
        activities.hold(current.activity, actor=actor, on=current.on)
    if not current.is_light:
        terms.open_report(current, start=current.on)
    return current


@transaction.atomic
def amend(row: Consultation, *, actor: Any, **record: Any) -> Consultation:
    """Complete the record after the session."""
    return workflow.perform(row, "amend", actor=actor, changes=_only_record(record))


@transaction.atomic
def record_light(
    *, actor: Any, organizer: Any, title: str, on: date, parties: str, consensus: str, form: str = Consultation.Form.MICRO,
    member_ids: Collection[int] = (), follow_up_on: date | None = None, suggestions_count: int | None = None, place: str = "",
) -> Consultation:  # fmt: skip
    """A micro-consultation 微协商 that took place: topic, parties, day, consensus, and who of the members was there."""
    if form not in Consultation.LIGHT:
        raise Refusal("只有微协商、一线协商可以这样登记。", field="form")
    if on > timezone.localdate():
        raise Refusal("日期还没有到，请填今天或以前的日期。", field="on")
    row = plan(actor=actor, form=form, title=title, on=on, parties=parties, organizer=organizer, place=place)
    if member_ids:
        row.activity = activities.record_held(
            member_ids, actor=actor, kind=Activity.Kind.MEETING, organizer=organizer, **_particulars(row)
        )
        row.save(update_fields=["activity"])
    return hold(
        row, actor=actor, consensus=words(consensus, "形成的共识", field_name="consensus"), follow_up_on=follow_up_on,
        suggestions_count=suggestions_count,
    )  # fmt: skip


@transaction.atomic
def cancel(row: Consultation, *, actor: Any, reason: str) -> Consultation:
    """Cancel a session; those invited are told why."""
    current = workflow.perform(row, "cancel", actor=actor, reason=reason)
    if current.activity and current.activity.status in ("planned", "notified"):
        activities.cancel(current.activity, actor=actor, reason=reason)
    deadlines.void_case(current)
    return current


@transaction.atomic
def add_speech(row: Consultation, member: Member, *, actor: Any, way: str, title: str = "", text: str = "") -> Speech:
    """Record who spoke, or handed in an opinion; a member's own written one he may hand in himself."""
    current = _lock(row)
    own = way == Speech.Way.WRITTEN and member.user_id == actor.pk and _is_invited(current, member)
    if not own:
        require(actor, "consultations.run", current, act="登记发言")
    if current.status in (ConsultationStatus.CANCELLED, ConsultationStatus.CLOSED):
        raise Refusal(f"现在是“{current.get_status_display()}”，不能再登记发言。")
    speech, created = Speech.objects.update_or_create(
        consultation=current, member=member, way=way,
        defaults={"title": title.strip()[:120], "text": text.strip()},
        create_defaults={
            "title": title.strip()[:120], "text": text.strip(), "order": current.speeches.filter(way=way).count(),
        },
    )  # fmt: skip
    audit.record(
        verb="consultation.speech", summary=f"{'登记' if created else '更正'}{member}{speech.get_way_display()}", actor=actor,
        subject=current,
    )  # fmt: skip
    return speech


def _is_invited(row: Consultation, member: Member) -> bool:
    return bool(row.activity_id) and row.activity.attendances.filter(member=member).exists()


@transaction.atomic
def close(row: Consultation, *, actor: Any) -> Consultation:
    """Close a session whose outcomes are all closed."""
    current = workflow.perform(row, "close", actor=actor, changes={"closed_on": timezone.localdate()})
    deadlines.void_case(current)
    return current


def _only_record(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name in RECORD and value is not None}


def _lock(row: Consultation) -> Consultation:
    return Consultation.objects.select_for_update(of=("self",)).select_related("activity", "organizer").get(pk=row.pk)
