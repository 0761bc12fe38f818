"""Sign-in 签到 by rotating code: what a member's phone shows, and what the host's phone makes of it.

A code is taken once: the attendance keeps the window it was used in, under the lock of the activity,
so of two hosts who scan the same code at once one signs the member in and the other is told so.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from core import audit, workflow
from core.errors import Refusal
from members.activities import signin_codes
from members.models import Member
from members.models.activities import Activity, ActivityStatus, Attendance
from members.services.activities import lock

State = Attendance.State
SALT = "members.signin"
CONFIRM_SECONDS = 120
"""How long the host may look at a name before he confirms it."""

NOW_SHOWN = "请让委员把手机上现在的码给您看；照片和截屏没有用。"


@dataclass(frozen=True)
class Checked:
    """A code that was found good: whose it is, and the ticket with which the host confirms it."""

    attendance: Attendance
    ticket: str


def personal_code(activity: Activity, member_id: int, *, moment: float | None = None) -> tuple[str, int]:
    """The digits that a member's phone shows now, and for how many seconds; he is invited and not yet present."""
    return (
        signin_codes.code(activity.sign_in_secret, member_id, signin_codes.window_at(moment)),
        signin_codes.seconds_left(moment),
    )


def open_sign_in(activity: Activity, *, actor: Any) -> Activity:
    """Begin to take codes."""
    if activity.on > timezone.localdate():
        raise Refusal(f"活动在{activity.on:%-m月%-d日}，当天才能开始签到。")
    return workflow.perform(activity, "open_sign_in", actor=actor, changes={"sign_in_open": True})


def close_sign_in(activity: Activity, *, actor: Any) -> Activity:
    """Take no more codes; absence is set when the activity is said to have been held."""
    return workflow.perform(activity, "close_sign_in", actor=actor, changes={"sign_in_open": False})


def check(activity: Activity, digits: str, *, actor: Any, member_id: int | None = None) -> Checked:
    """Whose code it is, by its digits (and the member that a QR names); ``Refusal`` says what is wrong and what to do."""
    _may_check(activity, actor)
    digits = "".join(char for char in digits if char.isdecimal())
    if len(digits) != signin_codes.DIGITS:
        raise Refusal(
            f"码是{signin_codes.DIGITS}位数字，这里是{len(digits)}位。请再看一遍委员手机上的数字。", field="code"
        )
    now = signin_codes.window_at()
    invited = list(activity.attendances.values_list("member_id", flat=True))
    candidates = [member_id] if member_id in invited else [] if member_id else invited
    found = signin_codes.find(activity.sign_in_secret, digits, candidates, signin_codes.taken_windows(now))
    people = {pk for pk, _ in found}
    if len(people) > 1:
        raise Refusal("两位委员的码碰巧一样，等15秒换了码再来一次。", field="code")
    if not found:
        raise Refusal(_why_not(activity, digits, invited, now), field="code")
    pk, window = max(found, key=lambda pair: pair[1])
    row = activity.attendances.select_related("member__sector").get(member_id=pk)
    _unused(row, window)
    return Checked(row, signing.dumps([activity.pk, row.pk, window], salt=SALT))


@transaction.atomic
def confirm(activity: Activity, ticket: str, *, actor: Any) -> Attendance:
    """Sign the member in whose code was checked; a code that was used meanwhile is refused."""
    try:
        activity_id, attendance_id, window = signing.loads(ticket, salt=SALT, max_age=CONFIRM_SECONDS)
    except signing.SignatureExpired as error:
        raise Refusal(f"确认得太晚了，过了两分钟。{NOW_SHOWN}") from error
    except (signing.BadSignature, ValueError) as error:
        raise Refusal(f"这一页不是从刚才的码来的。{NOW_SHOWN}") from error
    if activity_id != activity.pk:
        raise Refusal(f"这是另一项活动的码。{NOW_SHOWN}")
    activity = lock(activity.pk)
    _may_check(activity, actor)
    row = activity.attendances.select_related("member").filter(pk=attendance_id).first()
    if row is None:
        raise Refusal("这位委员刚从名单里去掉了。确实来了的，请用“登记到会”。")
    _unused(row, window)
    row.state, row.way, row.window = State.PRESENT, Attendance.Way.CODE, window
    row.signed_at = row.changed_at = timezone.now()
    row.save(update_fields=["state", "way", "window", "signed_at", "changed_at"])
    audit.record(verb="activity.signed_in", summary=f"{row.member}签到", actor=actor, subject=row, root=activity)
    return row


def take(activity: Activity, digits: str, *, actor: Any) -> Attendance:
    """Check typed digits and sign the member in, in one go."""
    return confirm(activity, check(activity, digits, actor=actor).ticket, actor=actor)


def _may_check(activity: Activity, actor: Any) -> None:
    if not actor.has_perm("members.run_activity", activity):
        raise Refusal("您不是这次活动的签到人员，请把委员领到签到处。")
    if activity.status != ActivityStatus.NOTIFIED:
        raise Refusal(f"活动现在是“{activity.get_status_display()}”，不能签到。已经登记举行的，请用“更正出席”。")
    if not activity.sign_in_open:
        raise Refusal("签到还没有开始，或者已经停了。要收码，先点“开始签到”。")


def _unused(row: Attendance, window: int) -> None:
    """A code is good once, and never for somebody who is present already."""
    if row.state == State.PRESENT:
        when = f"{timezone.localtime(row.signed_at):%H:%M}" if row.signed_at else "先前"
        raise Refusal(
            f"{row.member.name}{when}已经签到，这个码不能再用。来的要是别人，请他出示自己的码。", field="code"
        )
    if row.window is not None and window <= row.window:
        raise Refusal(f"这个码用过了。{NOW_SHOWN}", field="code")


def _why_not(activity: Activity, digits: str, invited: list[int], now: int) -> str:
    """What a code that is not taken is, in words: outdated, of another activity, of somebody not invited, or none."""
    old = signin_codes.find(activity.sign_in_secret, digits, invited, signin_codes.old_windows(now))
    if old:
        seconds = (now - max(window for _, window in old)) * signin_codes.SECONDS
        ago = f"{seconds // 60}分钟" if seconds >= 60 else f"{seconds}秒"
        return f"这是{ago}前的码，可能是照片或截屏，不能用。{NOW_SHOWN}"
    windows = [*signin_codes.old_windows(now), *signin_codes.taken_windows(now)]
    others = Activity.objects.filter(status=ActivityStatus.NOTIFIED, on=activity.on).exclude(pk=activity.pk)
    rows = Attendance.objects.filter(activity__in=others).values_list("activity_id", "member_id")
    by_activity: dict[int, list[int]] = {}
    for activity_id, pk in rows:
        by_activity.setdefault(activity_id, []).append(pk)
    for other in others:
        if signin_codes.find(other.sign_in_secret, digits, by_activity.get(other.pk, []), windows[-10:]):
            return f"这是“{other.title}”的码，不是这次活动的。请委员打开这次活动的签到码。"
    strangers = Member.objects.filter(is_active=True).exclude(pk__in=invited).values_list("pk", flat=True)
    found = signin_codes.find(activity.sign_in_secret, digits, strangers, windows[-10:])
    if found:
        name = Member.objects.values_list("name", flat=True).get(pk=found[0][0])
        return f"{name}不在这次活动的名单里。确实要参加，请在“登记到会”里加入名单。"
    return "没有这个码。请再看一遍数字；" + NOW_SHOWN
