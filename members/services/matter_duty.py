"""The acts that matters 民情事项 bring to the duty ledger: received and solved by members, converted by studios."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from django.utils import timezone

from core.models import AuditEntry
from core.subjects import subject_key
from members.models import Matter, MatterStatus
from members.services import duty
from members.services.duty import Act

RECEIVED, SOLVED, CONVERTED = "matter.received", "matter.solved", "studio.converted"
BY_HAND = (Matter.Route.TO_PROPOSAL, Matter.Route.TO_OPINION)
REOPEN = "matter.reopen"


def received(matter: Matter, *, actor) -> None:
    """The host received the visitor and wrote the matter down."""
    if matter.host_id:
        duty.record_duty(_received(matter), actor=actor)


def solved(matter: Matter, *, actor) -> None:
    """The host's matter was closed with a result."""
    if matter.host_id and matter.result:
        duty.record_duty(_solved(matter, _times_reopened(matter)), actor=actor)


def solved_key(matter: Matter) -> str:
    """The key under which the present closing of a matter stands in the ledger."""
    times = _times_reopened(matter)
    return f"{SOLVED}:{matter.pk}:m{matter.host_id}" + (f":{times + 1}" if times else "")


def take_back(key: str, *, actor, reason: str) -> None:
    """Reverse a closing that does not hold."""
    duty.take_back(key, actor=actor, reason=reason)


def converted(matter: Matter, *, on: dt.date | None, actor) -> None:
    """The studio's matter became a proposal or an opinion report."""
    if matter.route in BY_HAND:
        duty.record_duty(conversion(matter, on=on or timezone.localdate()), actor=actor)


def conversion(matter: Matter, *, on: dt.date) -> Act:
    """The act of a studio whose matter became a proposal or an opinion report on a day."""
    summary = f"民情事项{matter.get_route_display()}：{matter.category or '其他'}"
    return Act(matter.studio, CONVERTED, on, matter, f"{CONVERTED}:{matter.pk}:s{matter.studio_id}", summary)


def acts() -> Iterator[Act]:
    """Every act that the stored matters prove, with the keys under which they were recorded live."""
    kind = subject_key(Matter())[0]
    reopened = Counter(AuditEntry.objects.filter(verb=REOPEN, root_type=kind).values_list("root_id", flat=True))
    rows = Matter.objects.select_related("host", "studio").defer("text", "answer").order_by("pk")
    for matter in rows.iterator(chunk_size=1000):
        if matter.host_id:
            yield _received(matter)
            if matter.status == MatterStatus.CLOSED and matter.closed_on and matter.result:
                yield _solved(matter, reopened[matter.pk])
        if matter.route in BY_HAND and matter.answered_on:
            yield conversion(matter, on=matter.answered_on)


def _received(matter: Matter) -> Act:
    summary = f"在{matter.studio}接待群众：{matter.category or '民情事项'}"
    key = f"{RECEIVED}:{matter.pk}:m{matter.host_id}"
    return Act(matter.host, RECEIVED, matter.received_on, matter, key, summary)


def _solved(matter: Matter, times: int) -> Act:
    key = f"{SOLVED}:{matter.pk}:m{matter.host_id}" + (f":{times + 1}" if times else "")
    summary = f"接待的民情事项办结：{matter.category or '民情事项'}（{matter.get_route_display()}）"
    return Act(matter.host, SOLVED, matter.closed_on or matter.received_on, matter, key, summary)


def _times_reopened(matter: Matter) -> int:
    kind, number = subject_key(matter)
    return AuditEntry.objects.filter(verb=REOPEN, root_type=kind, root_id=number).count()
