"""Activities 履职活动: plan, invite, tell, hold, cancel; and what members report themselves 自报, which staff verify."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import attachments, audit, workflow
from core.acts import BatchResult, run_batch
from core.errors import Refusal
from members.activities import acts as activity_acts
from members.activities.access import run_bodies
from members.activities.workflow import PARTICULARS, REPORTED
from members.models import Member, Role
from members.models.activities import Activity, ActivityStatus, Attendance

State = Attendance.State
MOST_FILES = 20
BATCH = 500


@transaction.atomic
def plan(*, actor: Any, **values: Any) -> Activity:
    """A new activity of a body that ``actor`` runs; ``values`` are particulars by name."""
    _may_organize(actor, values.get("organizer"))
    _sensible(values)
    activity = workflow.begin(Activity(made_by=actor, **_only(values, PARTICULARS)), ActivityStatus.PLANNED)
    activity.save()
    audit.record(verb="activity.plan", summary="登记活动", actor=actor, subject=activity, root=activity)
    return activity


@transaction.atomic
def change(activity: Activity, *, actor: Any, reason: str = "", **values: Any) -> Activity:
    """Change an activity's particulars; people are told of another day, hour or place.

    A held one is changed with a reason, and the ledger follows.
    """
    held = activity.status == ActivityStatus.HELD
    if held and not reason.strip():
        raise Refusal("活动已经登记举行，改它要写理由。", field="reason")
    if "organizer" in values and getattr(values["organizer"], "pk", None) != activity.organizer_id:
        _may_organize(actor, values["organizer"])
    merged = {name: getattr(activity, name) for name in PARTICULARS} | values
    _sensible(merged)
    if held and merged["on"] > timezone.localdate():
        raise Refusal("已经举行的活动，日期不能改到以后。", field="on")
    activity = workflow.perform(activity, "change", actor=actor, changes=_only(values, PARTICULARS), reason=reason)
    if held:
        activity_acts.record_activity(activity, actor=actor, reason=reason, again=())
    return activity


@transaction.atomic
def invite(activity: Activity, member_ids: Collection[int], *, actor: Any) -> int:
    """Invite members in office; those invited already stay as they are. Gives how many were added."""
    activity = workflow.perform(activity, "invite", actor=actor, summary=f"请委员{len(set(member_ids))}人")
    wanted = list(Member.objects.filter(pk__in=set(member_ids), is_active=True).values_list("pk", flat=True))
    known = set(activity.attendances.values_list("member_id", flat=True))
    rows = [Attendance(activity=activity, member_id=pk) for pk in wanted if pk not in known]
    Attendance.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def uninvite(attendance: Attendance, *, actor: Any) -> None:
    """Take a member off the list again before he has signed in."""
    activity = lock(attendance.activity_id)
    if problem := workflow.refusal(activity, "invite", actor):
        raise Refusal(problem)
    row = Attendance.objects.select_related("member").get(pk=attendance.pk)
    if row.state == State.PRESENT:
        raise Refusal(f"{row.member}已经签到，不能去掉。")
    audit.record(
        verb="activity.uninvite", summary=f"不再请{row.member}", actor=actor, subject=row.member, root=activity,
        detail={"state": row.state},
    )  # fmt: skip
    row.delete()


def notify(activity: Activity, *, actor: Any) -> Activity:
    """Tell everybody who is invited, once each."""
    return workflow.perform(activity, "notify", actor=actor)


def cancel(activity: Activity, *, actor: Any, reason: str) -> Activity:
    """Cancel an activity that was not held; those invited are told why."""
    return workflow.perform(activity, "cancel", actor=actor, reason=reason, changes={"sign_in_open": False})


@transaction.atomic
def hold(activity: Activity, *, actor: Any, on: date | None = None, **values: Any) -> Activity:
    """Say that it took place: who neither came nor had leave is absent, and the ledger gets its rows.

    ``values`` may be headcount, quantity and amount. Constant number of queries.
    """
    given = {name: value for name, value in values.items() if value is not None}
    activity = workflow.perform(activity, "hold", actor=actor, changes={**given, "sign_in_open": False}, on=on)
    silent = [State.COMING, State.LEAVE_REFUSED]
    if activity.must_attend:
        silent.append(State.INVITED)
    now = timezone.now()
    activity.attendances.filter(state__in=silent).update(state=State.ABSENT, changed_at=now)
    activity_acts.record_activity(activity, actor=actor)
    return activity


@transaction.atomic
def record_held(member_ids: Collection[int], *, actor: Any, **values: Any) -> Activity:
    """Enter an activity that took place already, with those who were there."""
    activity = plan(actor=actor, **values)
    invite(activity, member_ids, actor=actor)
    now = timezone.now()
    activity.attendances.update(state=State.PRESENT, way=Attendance.Way.STAFF, signed_at=now, changed_at=now)
    return hold(activity, actor=actor)


@transaction.atomic
def annul(activity: Activity, *, actor: Any, reason: str) -> Activity:
    """Take back that an activity was held; its rows in the ledger are reversed."""
    activity = workflow.perform(activity, "annul", actor=actor, reason=reason)
    activity_acts.record_activity(activity, actor=actor, reason=reason)
    return activity


# --- What members report themselves -----------------------------------------------------------


@transaction.atomic
def report(*, actor: Any, files: Iterable[Any] = (), **values: Any) -> Activity:
    """A member's own report of something he took part in, to be verified by staff."""
    member = Member.objects.filter(pk=actor.member_id or 0, is_active=True).first()
    if member is None:
        raise Refusal("只有在任委员能自报活动。")
    values = _only(values, REPORTED)
    _sensible(values)
    _took_place(values)
    same = Activity.objects.filter(
        kind=values["kind"], title=values["title"], on=values["on"], attendances__member=member
    ).exclude(status=ActivityStatus.CANCELLED)
    if same.exists():
        raise Refusal("同一天同名的活动已经有您的记录，不用再报。", field="title")
    activity = workflow.begin(Activity(made_by=actor, reported_by=member, **values), ActivityStatus.REPORTED)
    activity.save()
    Attendance.objects.create(activity=activity, member=member, state=State.PRESENT, **_share(values))
    audit.record(verb="activity.report", summary="自报活动", actor=actor, subject=activity, root=activity)
    add_files(activity, files, actor=actor)
    return activity


@transaction.atomic
def report_again(activity: Activity, *, actor: Any, files: Iterable[Any] = (), **values: Any) -> Activity:
    """The member's report changed, or completed after it came back."""
    values = _only(values, REPORTED)
    _sensible(values)
    _took_place(values)
    activity = workflow.perform(activity, "report_again", actor=actor, changes=values)
    activity.attendances.filter(member_id=activity.reported_by_id).update(**_share(values), changed_at=timezone.now())
    add_files(activity, files, actor=actor)
    return activity


def withdraw(activity: Activity, *, actor: Any) -> Activity:
    """The member takes his report back before it is verified."""
    return workflow.perform(activity, "withdraw", actor=actor)


@transaction.atomic
def verify(activity: Activity, *, actor: Any) -> Activity:
    """Find a member's report true; it counts from now on."""
    activity = workflow.perform(activity, "verify", actor=actor, changes={"verified_by": actor})
    activity_acts.record_activity(activity, actor=actor)
    return activity


def send_back(activity: Activity, *, actor: Any, reason: str) -> Activity:
    """Give a report back to be completed."""
    return workflow.perform(activity, "return", actor=actor, reason=reason, changes={"verified_by": actor})


@transaction.atomic
def unverify(activity: Activity, *, actor: Any, reason: str) -> Activity:
    """Take a verification back; the ledger's row is reversed."""
    activity = workflow.perform(activity, "unverify", actor=actor, reason=reason, changes={"verified_by": None})
    activity_acts.record_activity(activity, actor=actor, reason=reason)
    return activity


def verify_many(activities: Iterable[Activity], *, actor: Any) -> BatchResult:
    """Verify each in a transaction of its own; those that cannot be are refused with the reason."""
    return run_batch(activities, lambda activity: verify(activity, actor=actor))


# --- Evidence -----------------------------------------------------------------------------------


def may_add_files(activity: Activity, user: Any) -> bool:
    """Whether ``user`` may add evidence now: who runs it until it is cancelled, the member until it is verified."""
    if activity.status in (ActivityStatus.REPORTED, ActivityStatus.RETURNED):
        return user.has_perm("members.write_report", activity) or user.has_perm("members.verify_report", activity)
    if activity.status == ActivityStatus.CANCELLED:
        return False
    return user.has_perm("members.run_activity", activity)


@transaction.atomic
def add_files(activity: Activity, files: Iterable[Any], *, actor: Any) -> int:
    """Keep evidence files with an activity."""
    given = list(files)
    if given and not may_add_files(activity, actor):
        raise Refusal("这项活动现在不能由您加附件。", field="files")
    for upload in given:
        attachments.add(activity, upload, actor=actor, kind="evidence", most=MOST_FILES)
    return len(given)


# --- Small parts ------------------------------------------------------------------------------


def lock(activity_id: int) -> Activity:
    """The activity, locked and read anew; every service locks it before its attendances."""
    return Activity.objects.select_for_update().get(pk=activity_id)


def _may_organize(actor: Any, organizer: Any) -> None:
    if actor.has_role(Role.LIAISON):
        return
    if organizer is None or organizer.pk not in run_bodies(actor):
        raise Refusal("您只能登记自己所在专委会或工作室的活动。", field="organizer")


def _sensible(values: dict[str, Any]) -> None:
    """Dates, hours and numbers that can be meant."""
    on, ends = values.get("on"), values.get("ends_on")
    starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
    if on and ends and ends < on:
        raise Refusal("结束日期在开始日期以前，请看看填反了没有。", field="ends_on")
    if starts_at and ends_at and ends_at <= starts_at and not (ends and on and ends > on):
        raise Refusal("结束时间不在开始时间以后，请看看填反了没有。", field="ends_at")
    if on and values.get("sign_up_until") and values["sign_up_until"] > on:
        raise Refusal("报名截止在活动以后，请改到活动当天或以前。", field="sign_up_until")
    if values.get("must_attend") and values.get("places"):
        raise Refusal("应到的活动请到谁谁就要到，不设名额；请去掉名额，或去掉“应到”。", field="places")
    for name, label in (("quantity", "数量"), ("amount", "金额")):
        number = values.get(name)
        if number is not None and number < 0:
            raise Refusal(f"{label}不能是负数。", field=name)
    if values.get("kind") == Activity.Kind.DONATION and "amount" in values and values["amount"] is None:
        raise Refusal("公益捐赠请写金额；捐的是物资，写折合多少元。", field="amount")


def _took_place(values: dict[str, Any]) -> None:
    if values["on"] > timezone.localdate():
        raise Refusal("自报的是已经参加过的活动，日期不能在以后。", field="on")


def _share(values: dict[str, Any]) -> dict[str, Decimal | None]:
    return {"quantity": values.get("quantity"), "amount": values.get("amount")}


def _only(values: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    if extra := set(values) - set(names):
        raise ValueError(f"not of an activity: {sorted(extra)}")
    return dict(values)
