"""Sessions 协商活动: prepare, invite through the activity that goes with it, hold, record what was said."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consultations import terms
from consultations.models import Consultation, ConsultationStatus
from consultations.workflow import FACTS, RECORD
from core import audit, deadlines, outbox, search, workflow
from core.acts import require, words
from core.errors import Refusal
from members.activities.access import run_bodies
from members.activities.effects import moved
from members.models import Activity, HandlingUnit, Role
from members.services import activities

SOURCE = "consultations.consultation"
TOLD = ("on", "starts_at", "ends_at", "place")
"""Particulars of which whoever is invited must hear when they change."""


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
    if not row.is_light:
        terms.open_before(row, today=timezone.localdate())
    audit.record(verb="consultation.plan", summary=f"登记{row.get_form_display()}", actor=actor, subject=row)
    return row


@transaction.atomic
def change(
    row: Consultation,
    *,
    actor: Any,
    units: Iterable[HandlingUnit] | None = None,
    version: int | None = None,
    **values: Any,
) -> Consultation:
    """Change the particulars before the session; its activity and its terms follow, who is invited is told once.

    ``version`` is the one that the page was made from: if somebody saved since, refuses with field "version".
    """
    before = lock(row)
    check_version(before, version)
    changes = {name: value for name, value in values.items() if name in FACTS}
    current = workflow.perform(row, "change", actor=actor, changes=changes, summary=_what_moved(before, changes))
    if units is not None:
        _set_units(current, list(units), actor)
    _make_findable(current)
    if before.on != current.on or before.is_light != current.is_light:
        _follow_the_day(current)
    if any(getattr(before, name) != getattr(current, name) for name in TOLD):
        current.sequence = F("sequence") + 1
        if before.on != current.on and current.status == ConsultationStatus.NOTIFIED:
            current.moved_at = timezone.now()
        current.save(update_fields=["sequence", "moved_at"])
    _saved(current, actor)
    if current.activity_id:
        activities.change(current.activity, actor=actor, **_particulars(current))
    return current


def _what_moved(before: Consultation, changes: dict[str, Any]) -> str:
    """The line of the log where day, hour or place changed: what was and what is."""
    pairs = {name: [getattr(before, name), changes[name]] for name in TOLD if name in changes}
    pairs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not pairs:
        return ""
    return f"{'改期' if 'on' in pairs else '改时间、地点'}：{moved(pairs, before)}"[:200]


def check_version(current: Consultation, version: int | None) -> None:
    """Refuse a page that was made before somebody else saved."""
    if version is not None and version != current.version:
        who = current.saved_by or "另一个页面"
        at = f"{timezone.localtime(current.saved_at):%H:%M}" if current.saved_at else "刚才"
        raise Refusal(f"{who}在{at}改过这场协商，您写的没有存，都还在下面。", field="version")


def _saved(current: Consultation, actor: Any) -> None:
    """Count that it was saved, by whom and when."""
    current.version = F("version") + 1
    current.saved_by, current.saved_at = actor, timezone.now()
    current.save(update_fields=["version", "saved_by", "saved_at"])
    current.refresh_from_db(fields=["version", "sequence"])


def _follow_the_day(current: Consultation) -> None:
    """Terms before the session are counted from its new day; a light one has none."""
    if current.is_light:
        deadlines.void(current, *terms.BEFORE)
    else:
        terms.move_before(current, today=timezone.localdate())


def _set_units(current: Consultation, units: list[HandlingUnit], actor: Any) -> None:
    """Invite these units; those that are new after the notice went out are told, each once."""
    known = set(current.units.values_list("pk", flat=True))
    current.units.set(units)
    new = [unit for unit in units if unit.pk not in known]
    if new and current.status == ConsultationStatus.NOTIFIED:
        entry = audit.record(
            verb="consultation.units",
            summary=f"加请{'、'.join(str(unit) for unit in new)}"[:200],
            actor=actor,
            subject=current,
        )
        payload = {"model": SOURCE, "id": current.pk, "entry": entry.seq}
        outbox.add("consultations.notified", key=f"consultations.notified:{entry.seq}", payload=payload)


def _make_findable(row: Consultation) -> None:
    search.index(row, row.title, row.place, row.parties)


def _particulars(row: Consultation) -> dict[str, Any]:
    return {
        "title": f"{row.get_form_display()}：{row.title}"[:160],
        "on": row.on,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "place": row.place,
    }


@transaction.atomic
def invite(row: Consultation, member_ids: Collection[int], *, actor: Any) -> int:
    """Invite members; the activity that keeps replies, leave and sign-in is made with the first of them."""
    current = lock(row)
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
    current = lock(row)
    if current.activity is None or not current.activity.attendances.exists():
        raise Refusal("还没有请委员，请先选参加的委员。")
    current = workflow.perform(current, "notify", actor=actor)
    activities.notify(current.activity, actor=actor)
    terms.met_before(current, terms.NOTICE, on=timezone.localdate())
    return current


@transaction.atomic
def hold(
    row: Consultation, *, actor: Any, spoke: Collection[int] | None = None, version: int | None = None, **record: Any
) -> Consultation:
    """Say that it took place; who came counts from the activity, and the term for the outcome begins.

    ``spoke`` are the entries of the speaking list that were really heard (all where it is None).
    """
    check_version(lock(row), version)
    current = workflow.perform(row, "hold", actor=actor, changes=_only_record(record))
    if current.activity and current.activity.status in ("planned", "notified"):
        activities.hold(current.activity, actor=actor, on=current.on)
    if spoke is not None:
        current.speeches.on_the_list().exclude(pk__in=spoke).update(dropped=True)
    deadlines.void(current, *terms.BEFORE)
    if not current.is_light:
        terms.open_report(current, start=current.on)
    _saved(current, actor)
    return current


@transaction.atomic
def amend(row: Consultation, *, actor: Any, version: int | None = None, **record: Any) -> Consultation:
    """Complete the record after the session; of another day the term for the outcome and the ledger follow."""
    before = lock(row)
    check_version(before, version)
    current = workflow.perform(row, "amend", actor=actor, changes=_only_record(record))
    if before.on != current.on and current.status == ConsultationStatus.HELD and not current.is_light:
        terms.open_report(current, start=current.on)
    _saved(current, actor)
    return current


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
    number = lock(row).sequence + 1
    current = workflow.perform(row, "cancel", actor=actor, reason=reason, changes={"sequence": number})
    if current.activity and current.activity.status in ("planned", "notified"):
        activities.cancel(current.activity, actor=actor, reason=reason)
    deadlines.void_case(current)
    return current


@transaction.atomic
def close(row: Consultation, *, actor: Any) -> Consultation:
    """Close a session whose outcomes are all closed."""
    current = workflow.perform(row, "close", actor=actor, changes={"closed_on": timezone.localdate()})
    deadlines.void_case(current)
    return current


def _only_record(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name in RECORD and value is not None}


def lock(row: Consultation) -> Consultation:
    """The session, locked and read anew; every service locks it before what belongs to it."""
    return Consultation.objects.select_for_update(of=("self",)).select_related("activity", "organizer").get(pk=row.pk)
