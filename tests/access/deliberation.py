"""Online deliberation 网络议政: the window, votes and opinions, moderation, the summary; residents' pages."""

from datetime import timedelta

from django.utils import timezone

from consultations.models import Deliberation
from consultations.services import deliberation, sessions
from members.models import Body
from tests.access.rules import EVERYBODY, SIGNED_IN, Rule, people

OFFICE = people("liaison committee")
MEMBERS = people("member member2 convener")
READERS = OFFICE | MEMBERS | people("leader district-leader editor signer")

RULES = {
    "consultations:deliberations": Rule(SIGNED_IN),
    "consultations:deliberation_prepare": Rule(OFFICE, "session_online"),
    "consultations:deliberation": Rule(READERS, "deliberation_open"),
    "consultations:deliberation_vote": Rule(MEMBERS, "deliberation_open"),
    "consultations:deliberation_say": Rule(MEMBERS, "deliberation_open"),
    "consultations:deliberation_mine": Rule(MEMBERS, "deliberation_open"),
    "consultations:deliberation_moderate": Rule(OFFICE, "deliberation_open"),
    "consultations:deliberation_act": Rule(OFFICE, "deliberation_open 'extend'"),
    "consultations:deliberation_summary": Rule(READERS, "deliberation_closed"),
    "consultations:deliberation_compute": Rule(OFFICE, "deliberation_closed"),
    "consultations:deliberation_digest": Rule(READERS, "deliberation_closed"),
    "portal:deliberations": Rule(EVERYBODY),
    "portal:deliberation": Rule(EVERYBODY, "deliberation_open"),
    "portal:deliberation_vote": Rule(EVERYBODY, "deliberation_open"),
    "portal:deliberation_say": Rule(EVERYBODY, "deliberation_open"),
    "portal:deliberation_mine": Rule(EVERYBODY, "deliberation_open"),
}


def build(world) -> dict[str, object]:
    """The committee's session without a window, one that is open to the public, one that is closed."""
    staff = world["committee"]
    committee = Body.objects.get(pk__in=staff.body_ids, kind=Body.Kind.COMMITTEE)
    now = timezone.now()

    def session(title: str):
        return sessions.plan(actor=staff, title=title, form="network", on=timezone.localdate(), organizer=committee)

    def opened(title: str) -> Deliberation:
        row = deliberation.prepare(
            session(title), actor=staff, question="怎样停车不难？", opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=1), audience="public",
        )  # fmt: skip
        return deliberation.open_window(row, actor=staff)

    closed = opened("已经结束的议政")
    deliberation.close(closed, actor=staff)
    return {
        "session_online": session("待设置的议政").pk, "deliberation_open": opened("正在开放的议政").pk,
        "deliberation_closed": closed.pk,
    }  # fmt: skip
