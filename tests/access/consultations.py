"""Consultations and their outcomes."""

from django.utils import timezone

from consultations.models import Consultation
from consultations.services import conversions, outcomes, preparation, sessions, speaking
from members.models import Body
from tests.access.rules import SIGNED_IN, Rule, people

LIAISON = people("liaison")
RUNNERS = LIAISON | people("committee convener")
OWN = LIAISON | people("committee")
LEADERS = people("leader district-leader")
INVITED = people("member")
ASKED = people("unit unit-head")
INSIDE = OWN | LEADERS | INVITED | ASKED
READERS = OWN | people("leader district-leader editor signer")
UNITS = people("unit unit-head unit2 inspection")
UNIT = people("unit unit-head")
OUTSIDE = people("informant news-editor news-review1 news-review2 news-chief sysadmin secadmin auditor")
"""No part in the committee's business, or only in their own letters."""

RULES = {
    "consultations:list": Rule(SIGNED_IN),
    "consultations:new": Rule(RUNNERS),
    "consultations:micro": Rule(LIAISON | people("convener")),
    "consultations:item": Rule(READERS, "session_ahead"),
    "consultations:edit": Rule(READERS, "session_ahead"),  # whoever may not is led back with a word
    "consultations:record": Rule(READERS, "session_ahead"),
    "consultations:act": Rule(READERS, "session_ahead 'notify'"),
    "consultations:invite": Rule(OWN, "session_ahead"),
    "consultations:files": Rule(OWN, "session_ahead"),
    "consultations:prepare": Rule(OWN, "session_ahead"),
    "consultations:visit": Rule(OWN, "session_told visit"),
    "consultations:speaking": Rule(OWN, "session_told"),
    "consultations:speech": Rule(INSIDE, "session_told speech"),
    "consultations:print": Rule(INSIDE, "session_told"),
    "consultations:agenda_docx": Rule(INSIDE, "session_told"),
    "consultations:minutes_docx": Rule(OWN | LEADERS, "session_held"),
    "consultations:calendar": Rule(INSIDE, "session_told"),
    "consultations:answer": Rule(INVITED, "session_told", {"answer": "come"}),
    "consultations:hand_in": Rule(INVITED, "session_told"),
    "consultations:delegate": Rule(ASKED, "session_told", {"answer": "none", "reason": "有会"}),
    "consultations:outcome_new": Rule(OWN, "session_held"),
    "consultations:outcome_act": Rule(OWN, "outcome 'note'"),
    "consultations:outcomes": Rule(SIGNED_IN),
    "consultations:outcome": Rule(SIGNED_IN - OUTSIDE, "outcome"),
    "consultations:outcome_paper": Rule(SIGNED_IN - OUTSIDE, "outcome"),
    "consultations:note_remove": Rule(OWN, "outcome_note"),
    "consultations:conversion_remove": Rule(OWN | UNIT, "conversion"),
    "consultations:uptakes": Rule(UNITS | RUNNERS | READERS),
    "consultations:uptake": Rule(UNIT | READERS | people("inspection"), "uptake"),
    "consultations:uptake_back": Rule(OWN, "uptake"),
    "consultations:uptake_convert": Rule(UNIT, "uptake"),
}


def build(world) -> dict[str, object]:
    """A session ahead and one held by the committee, an outcome given to the unit."""
    staff = world["committee"]
    committee = Body.objects.get(pk__in=staff.body_ids, kind=Body.Kind.COMMITTEE)
    today = timezone.localdate()

    def session(title: str) -> Consultation:
        return sessions.plan(actor=staff, title=title, form="topical", on=today, organizer=committee)

    held = sessions.hold(session("已举行的协商"), actor=staff)
    outcome = outcomes.send(outcomes.write(held, actor=staff, kind="brief", title="专报"), actor=staff, sent_to="区委")
    (uptake,) = outcomes.assign(outcome, [world.unit], actor=staff)
    note = outcomes.note(outcome, actor=staff, leader="区长", text="请研究办理")
    conversion = conversions.convert(outcome, actor=world["unit"], uptake=uptake, kind="policy", name="管护办法")
    told = sessions.plan(
        actor=staff, title="已通知的协商", form="topical", on=today, organizer=committee, units=[world.unit]
    )
    visit = preparation.add_visit(told, actor=staff, on=today, place="高坪河")
    speech = speaking.add_speech(told, None, actor=staff, way="spoken", guest="区水利局")
    sessions.invite(told, [world["member"].member.pk], actor=staff)
    sessions.notify(told, actor=staff)
    return {
        "session_told": told.pk, "visit": visit.pk, "speech": speech.pk,
        "session_ahead": session("筹备中的协商").pk, "session_held": held.pk, "outcome": outcome.pk, "uptake": uptake.pk,
        "outcome_note": note.pk, "conversion": conversion.pk,
    }  # fmt: skip
