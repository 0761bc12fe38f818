"""Quality evaluation, its indicators, the questionnaire without signing in."""

from datetime import timedelta

from django.utils import timezone

from consultations.models import Consultation
from consultations.services import evaluation, indicators, sessions
from members.models import Body, Member
from tests.access.rules import EVERYBODY, NOBODY, SIGNED_IN, Rule, people

OFFICE = people("liaison")
READERS = OFFICE | people("leader district-leader")

RULES = {
    "consultations:evaluations": Rule(SIGNED_IN),
    "consultations:evaluation_summary": Rule(READERS),
    "consultations:evaluation_indicator": Rule(READERS, "evaluation_year 'q1'"),
    "consultations:evaluation_new": Rule(OFFICE),
    "consultations:evaluation_open": Rule(OFFICE, "session_to_evaluate"),
    "consultations:evaluation": Rule(READERS, "evaluation_running"),
    "consultations:evaluation_mine": Rule(people("member"), "evaluation_running"),
    "consultations:evaluation_slips": Rule(OFFICE, "evaluation_running"),
    "consultations:evaluation_act": Rule(OFFICE, "evaluation_running 'remind'"),
    "consultations:indicators": Rule(OFFICE),
    "consultations:indicators_new": Rule(OFFICE),
    "consultations:indicators_item": Rule(OFFICE, "indicators"),
    "consultations:indicators_simulation": Rule(OFFICE, "indicators"),
    "consultations:indicators_force": Rule(OFFICE, "indicators"),
    "consultations:indicators_drop": Rule(OFFICE, "indicators"),
    "portal:evaluate_code": Rule(EVERYBODY),
    "portal:evaluated": Rule(EVERYBODY),
    "portal:evaluate": Rule(NOBODY, "'NOSUCHCODE23'"),
}


def build(world) -> dict[str, object]:
    """A session to evaluate, and one whose evaluation is open to the member who was there."""
    liaison, staff = world["liaison"], world["committee"]
    committee = Body.objects.get(pk__in=staff.body_ids, kind=Body.Kind.COMMITTEE)
    today = timezone.localdate()

    def held(title: str, *invited: int) -> Consultation:
        row = sessions.plan(actor=liaison, title=title, form="topical", on=today, organizer=committee)
        if invited:
            sessions.invite(row, invited, actor=liaison)
        return sessions.hold(row, actor=liaison)

    row = evaluation.open_evaluation(
        held("正在评价的协商", Member.objects.get(user=world["member"]).pk), actor=liaison, ends_on=today + timedelta(5)
    )
    return {
        "evaluation_running": row.pk, "session_to_evaluate": held("等着评价的协商").pk, "evaluation_year": today.year,
        "indicators": indicators.draft(actor=liaison).pk,
    }  # fmt: skip
