"""Matters 民情事项: record a visit once, send it on its way, answer it, tell the visitor, close it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, deadlines, options, workflow
from core.acts import words
from core.errors import Refusal
from members.matters import privacy as matter_privacy
from members.matters import receipts
from members.matters import selectors as selectors_matters
from members.matters.workflow import ONWARD
from members.models import Booking, HandlingUnit, Matter, MatterStatus, Member, ReceptionDay, Studio
from members.services import matter_duty

Route = Matter.Route
MOST_TEXT = 5000
CORRECTED = ("visitor_name", "visitor_phone", "village", "category", "text")
OLDEST_DAYS = 400
"""Days back to which a visit may be entered from paper notes."""


@dataclass(frozen=True)
class Visit:
    """What is written down of one visit; ``key`` was made where it was written, so that it is kept once."""

    key: uuid.UUID
    studio: Studio
    received_on: dt.date
    text: str
    host: Member | None = None
    category: str = ""
    visitor_name: str = ""
    visitor_phone: str = ""
    village: str = ""
    consent: bool = False
    booking: Booking | None = None
    route: str = ""
    unit: HandlingUnit | None = None
    answer: str = ""


@dataclass(frozen=True)
class Recorded:
    """The stored matter, whether it was new, and what is still to be decided, in words."""

    matter: Matter
    created: bool
    note: str = ""


def record(visit: Visit, *, actor) -> Recorded:
    """Store a visit; a key that is already known gives the matter that bears it, and changes nothing.

    A matter is never lost because of its way on: where that cannot be taken yet, the matter waits to
    be sent, and ``note`` says why. Raises ``Refusal`` for what is incomplete.
    """
    if (known := _known(visit, actor)) is not None:
        return known
    _check(visit, actor)
    try:
        with transaction.atomic():
            return _store(visit, actor)
    except IntegrityError:  # the key came twice at once, or the booking was taken up by somebody else
        if (known := _known(visit, actor)) is not None:
            return known
        if visit.booking and Matter.objects.filter(booking=visit.booking).exists():
            raise Refusal("这个预约已经登记过了，请在民情事项里找。", field="booking") from None
        raise


def _known(visit: Visit, actor) -> Recorded | None:
    found = Matter.objects.filter(client_key=visit.key).first()
    if found is None:
        return None
    if found.recorded_by_id != actor.pk:
        raise Refusal("这条登记是别人存过的，请重新登记一次。")
    return Recorded(found, created=False)


def _check(visit: Visit, actor) -> None:
    if not actor.has_perm("members.record_matter") or not selectors_matters.records_for(actor, visit.studio):
        raise Refusal("您不能替这个工作室登记来访。", field="studio")
    today = timezone.localdate()
    if visit.received_on > today:
        raise Refusal("接待日期还没有到，请填今天或以前的日期。", field="received_on")
    if visit.received_on < today - dt.timedelta(days=OLDEST_DAYS):
        raise Refusal("接待日期太早，请核对年份。", field="received_on")
    if not visit.text.strip():
        raise Refusal("请写来访人反映的事。", field="text")
    if len(visit.text) > MOST_TEXT:
        raise Refusal(f"反映的事最多{MOST_TEXT}字，现在{len(visit.text)}字。", field="text")
    if (visit.visitor_name or visit.visitor_phone) and not visit.consent:
        raise Refusal("记了来访人的姓名或电话，要先征得本人同意，并在这里打勾。", field="consent")
    if visit.route == Route.ON_SPOT:
        if not visit.answer.strip():
            raise Refusal("请写当场怎样答复的。", field="answer")
        return
    if not visit.visitor_name.strip():
        raise Refusal("还要往下办的事，请记来访人怎样称呼，办好了告诉他。", field="visitor_name")
    if not (visit.visitor_phone.strip() or visit.village.strip()):
        raise Refusal("还要往下办的事，请记电话，没有电话的记住哪个村（社区）。", field="visitor_phone")


def _store(visit: Visit, actor) -> Recorded:
    matter = Matter(
        client_key=visit.key, receipt_code=receipts.new_code(), studio=visit.studio, host=visit.host,
        received_on=visit.received_on, text=visit.text.strip(), category=visit.category[:20],
        visitor_name=visit.visitor_name.strip(), visitor_phone=visit.visitor_phone.strip(), village=visit.village.strip(),
        consented_at=timezone.now() if visit.consent else None, recorded_by=actor, booking=visit.booking,
        day=ReceptionDay.objects.filter(studio=visit.studio, on=visit.received_on, cancelled_at=None).first(),
    )  # fmt: skip
    workflow.begin(matter, MatterStatus.RECORDED)
    matter.save()
    audit.record(
        verb="matter.record", summary=f"登记民情事项（{visit.studio}）", actor=actor, subject=matter,
        occurred_on=visit.received_on,
    )  # fmt: skip
    _wait_for_triage(matter)
    matter_duty.received(matter, actor=actor)
    note = ""
    if visit.route == Route.ON_SPOT:
        matter = answer_on_spot(matter, actor=actor, answer=visit.answer)
    elif visit.route:
        try:
            with transaction.atomic():
                matter = triage(matter, actor=actor, route=visit.route, unit=visit.unit)
        except Refusal as refusal:
            note = f"已经登记，去向还要再定：{refusal}"
    return Recorded(matter, created=True, note=note)


@transaction.atomic
def answer_on_spot(matter: Matter, *, actor, answer: str) -> Matter:
    """Answer the visitor there and then, which tells him and closes the matter on the day of the visit."""
    answer = words(answer, "当场的答复", field_name="answer", limit=MOST_TEXT)
    current = _locked(matter)
    day = current.received_on
    result = answer if not matter_privacy.found_in(answer, current) else "已当场答复。"
    changes = {
        "route": Route.ON_SPOT, "answer": answer, "result": result, "answered_on": day, "informed_on": day,
        "informed_how": "当场",
    }  # fmt: skip
    current = workflow.perform(current, "answer_on_spot", actor=actor, changes=changes, on=day)
    deadlines.meet(current, "triage", on=timezone.localdate())
    return close(current, actor=actor, on=day)


@transaction.atomic
def triage(matter: Matter, *, actor, route: str, unit: HandlingUnit | None = None, sure: bool = False) -> Matter:
    """Send a matter on its way; ``sure`` goes on though its words speak of a court or a petition."""
    return _send(matter, "triage", actor=actor, route=route, unit=unit, sure=sure)


@transaction.atomic
def reroute(
    matter: Matter, *, actor, route: str, unit: HandlingUnit | None = None, reason: str, sure: bool = False
) -> Matter:
    """Send a matter on another way than before."""
    return _send(matter, "reroute", actor=actor, route=route, unit=unit, sure=sure, reason=reason)


def _send(matter: Matter, verb: str, *, actor, route: str, unit, sure: bool, reason: str = "") -> Matter:
    if route not in Route.values or route == Route.ON_SPOT:
        raise Refusal("请选一个去向。", field="route")
    if route == Route.TO_UNIT and unit is None:
        raise Refusal("请选转给哪个单位。", field="unit")
    unit = unit if route == Route.TO_UNIT else None
    current = _locked(matter)
    legal = matter_privacy.legal_words(current.text)
    if legal and route != Route.REFERRED and not sure:
        raise Refusal(
            f"里面写到“{'、'.join(legal)}”。正在诉讼、仲裁、信访的事工作室不办，请引导来访人走信访或法律途径；"
            "确实不属于这些程序的，打勾后再转。",
            field="sure",
        )
    label = Route(route).label
    where = f"转{unit}" if unit else label
    current = workflow.perform(
        current, verb, actor=actor, changes={"route": route, "unit": unit}, reason=reason, summary=where
    )
    today = timezone.localdate()
    deadlines.meet(current, "triage", on=today)
    deadlines.void(current, "answer", "onward")
    if unit:
        _open(current, "answer", f"{unit}答复", today, "matters.answer_days", "转办")
    elif route in ONWARD:
        _open(current, "onward", label, today, "matters.onward_days", "分流")
    else:
        _open(current, "onward", "登记引导结果", today, "matters.inform_days", "分流")
    return current


@transaction.atomic
def start(matter: Matter, *, actor) -> Matter:
    """The unit takes the matter up."""
    return workflow.perform(_locked(matter), "start", actor=actor)


@transaction.atomic
def send_back(matter: Matter, *, actor, reason: str) -> Matter:
    """The unit says that the matter is not its own; the studio sends it anew."""
    return _return(matter, "send_back", actor=actor, reason=reason)


@transaction.atomic
def answer(matter: Matter, *, actor, answer: str, result: str, on: dt.date | None = None) -> Matter:
    """The unit's answer, and in plain words what the visitor may read."""
    return _answer(matter, "answer", actor=actor, answer=answer, result=result, on=on)


@transaction.atomic
def record_outcome(matter: Matter, *, actor, answer: str, result: str, on: dt.date | None = None) -> Matter:
    """Write down by hand what came of a matter on its way; ``actor`` None is the app of that way."""
    current = _answer(matter, "record_outcome", actor=actor, answer=answer, result=result, on=on)
    if actor is not None:
        matter_duty.converted(current, on=current.answered_on, actor=actor)
    return current


def _answer(matter: Matter, verb: str, *, actor, answer: str, result: str, on: dt.date | None) -> Matter:
    today = timezone.localdate()
    day = on or today
    if day > today:
        raise Refusal("答复日期还没有到。", field="on")
    current = _locked(matter)
    if day < current.received_on:
        raise Refusal("答复日期早于接待日期，请核对。", field="on")
    changes = {
        "answer": words(answer, "答复", field_name="answer", limit=MOST_TEXT),
        "result": _public(result, current),
        "answered_on": day,
    }
    current = workflow.perform(current, verb, actor=actor, changes=changes, on=day if day != today else None)
    deadlines.meet(current, "answer", "onward", on=day)
    _open(current, "inform", "告知来访人", today, "matters.inform_days", "有结果")
    return current


@transaction.atomic
def edit_result(matter: Matter, *, actor, result: str) -> Matter:
    """Change the words that the visitor may read."""
    current = _locked(matter)
    return workflow.perform(current, "edit_result", actor=actor, changes={"result": _public(result, current)})


@transaction.atomic
def inform(
    matter: Matter, *, actor, result: str, how: str, rating: str = "", on: dt.date | None = None, close_now: bool = True
) -> Matter:
    """The visitor was told; with ``close_now`` the matter is closed in the same step."""
    today = timezone.localdate()
    day = on or today
    current = _locked(matter)
    if day > today or (current.answered_on and day < current.answered_on):
        raise Refusal("告知日期要在有结果之后、今天或以前。", field="on")
    how = words(how, "怎样告知的", field_name="how", limit=20)
    changes = {"informed_on": day, "informed_how": how, "rating": rating, "result": _public(result, current)}
    current = workflow.perform(current, "inform", actor=actor, changes=changes, on=day if day != today else None)
    deadlines.meet(current, "inform", on=day)
    return close(current, actor=actor, on=day) if close_now else current


@transaction.atomic
def close(matter: Matter, *, actor, on: dt.date | None = None) -> Matter:
    """Close a matter of which the visitor knows the result."""
    day = on or timezone.localdate()
    current = workflow.perform(_locked(matter), "close", actor=actor, changes={"closed_on": day}, on=day)
    deadlines.void_case(current)
    matter_duty.solved(current, actor=actor)
    return current


@transaction.atomic
def reopen(matter: Matter, *, actor, reason: str) -> Matter:
    """Begin anew with a matter whose result does not hold; the old answer stays in the log."""
    was_closed = matter_duty.solved_key(matter)
    current = _return(matter, "reopen", actor=actor, reason=reason)
    matter_duty.take_back(was_closed, actor=actor, reason=f"重新办理：{reason.strip()}")
    return current


def _return(matter: Matter, verb: str, *, actor, reason: str) -> Matter:
    """Back to the studio, to be sent again."""
    changes = {"route": "", "unit": None}
    if verb == "reopen":
        changes |= {
            "answer": "", "result": "", "answered_on": None, "informed_on": None, "informed_how": "", "rating": "",
            "closed_on": None,
        }  # fmt: skip
    current = workflow.perform(_locked(matter), verb, actor=actor, changes=changes, reason=reason)
    deadlines.void_case(current)
    _wait_for_triage(current)
    return current


@transaction.atomic
def correct(matter: Matter, *, actor, **values: str) -> Matter:
    """Put right what was written down wrongly (``CORRECTED``); the log says which parts, not their contents."""
    if not actor.has_perm("members.handle_matter", matter):
        raise Refusal("只有接待委员、召集人和委员联络室能更正登记。")
    current = _locked(matter)
    if current.status == MatterStatus.CLOSED:
        raise Refusal("已办结的不能再更正；确实要改的，先“重新办理”。")
    changed = [name for name in CORRECTED if name in values and getattr(current, name) != values[name].strip()]
    for name in changed:
        setattr(current, name, values[name].strip())
    if not current.text:
        raise Refusal("请写来访人反映的事。", field="text")
    if changed:
        current.save(update_fields=changed)
        labels = "、".join(str(Matter._meta.get_field(name).verbose_name) for name in changed)
        audit.record(verb="matter.correct", summary=f"更正登记：{labels}", actor=actor, subject=current)
    return current


@transaction.atomic
def see_phone(matter: Matter, *, actor) -> str:
    """The visitor's number in full, for those who handle the matter; each look is recorded."""
    if not actor.has_perm("members.handle_matter", matter):
        raise Refusal("只有接待委员、召集人和委员联络室能看来访人的电话。")
    audit.record(verb="matter.phone", summary="查看来访人电话", actor=actor, subject=matter)
    return matter.visitor_phone


# --- What other apps tell ----------------------------------------------------------------------


def _locked(matter: Matter) -> Matter:
    """The matter, locked and read anew, before any row that belongs to it."""
    return Matter.objects.select_for_update().get(pk=matter.pk)


@transaction.atomic
def handed_over(matter: Matter, *, route: str, summary: str) -> None:
    """The matter went on as another record; one that is already on its way stays as it is."""
    current = _locked(matter)
    if workflow.refusal(current, "hand_over", None):
        return
    workflow.perform(current, "hand_over", actor=None, changes={"route": route, "unit": None}, summary=summary)
    deadlines.meet(current, "triage", "onward", on=timezone.localdate())
    deadlines.void(current, "answer")


@transaction.atomic
def onward_answered(matter: Matter, *, answer: str, result: str, on: dt.date) -> None:
    """The record that the matter became was answered; the host tells the visitor."""
    if workflow.refusal(_locked(matter), "record_outcome", None) is None:
        record_outcome(matter, actor=None, answer=answer, result=result, on=max(on, matter.received_on))


@transaction.atomic
def onward_ended(matter: Matter, *, reason: str) -> None:
    """The record that the matter became will not be handled; the studio chooses another way."""
    if workflow.refusal(_locked(matter), "come_back", None) is None:
        _return(matter, "come_back", actor=None, reason=reason)


# --- Common parts ------------------------------------------------------------------------------


def _wait_for_triage(matter: Matter) -> None:
    _open(matter, "triage", "分流", timezone.localdate(), "matters.triage_days", "登记")


def _open(matter: Matter, kind: str, label: str, start: dt.date, option: str, event: str) -> None:
    deadlines.set_working_days(
        matter, kind, root=matter, label=label[:40], start=start, days=options.value(option), event=event
    )


def _public(result: str, matter: Matter) -> str:
    """The result, which must name nobody; the words of the refusal repeat nothing of it."""
    result = words(result, "公开的结果", field_name="result", limit=MOST_TEXT)
    if found := matter_privacy.found_in(result, matter):
        raise Refusal(f"公开的结果里写有{'、'.join(found)}，请去掉；凭回执号谁都能看到它。", field="result")
    return result
