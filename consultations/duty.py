"""What consultations 协商 add to the duty ledger 履职台账: speeches, written opinions, a studio's micro-consultations.

Attendance counts through the activity that goes with a session.
"""

from collections.abc import Iterator

from django.db import transaction

from consultations.models import Consultation, ConsultationStatus, Opinion, Speech
from members.duty import acts as duty_acts
from members.models import Body, Studio
from members.services import duty
from members.services.duty import Act

SPOKEN, WRITTEN, MICRO = "consultation.spoken", "consultation.written", "studio.micro"
SOURCE = "consultations.consultation"
HELD = (ConsultationStatus.HELD, ConsultationStatus.REPORTED, ConsultationStatus.CLOSED)
CHUNK = 500


def register() -> None:
    """Declare the acts, the page that proves them, and the sweep over all sessions."""
    duty_acts.declare(SPOKEN, "协商会议发言")
    duty_acts.declare(WRITTEN, "协商提交书面意见")
    duty_acts.declare(MICRO, "工作室开展微协商", target="studio")
    duty_acts.link_with(SOURCE, duty_acts.model_link(Consultation))
    duty_acts.sweep_with(every_act)


@transaction.atomic
def settle(row: Consultation) -> None:
    """Bring the ledger up to date with one session: once more adds nothing, what was corrected is reversed.

    A written opinion that an online deliberation proves is left to it.
    """
    Consultation.objects.select_for_update().get(pk=row.pk)
    online = Opinion.objects.filter(deliberation__consultation=row, member__isnull=False)
    elsewhere = set(online.values_list("member_id", flat=True))
    duty.settle(
        row, _acts([row.pk]), actor=None, reason="协商的发言登记更正了",
        leaves=lambda entry: entry.act == WRITTEN and entry.member_id in elsewhere,
    )  # fmt: skip


def every_act() -> Iterator[Act]:
    """All acts of all sessions that were held; in chunks, without any text column."""
    last = 0
    rows = Consultation.objects.filter(status__in=HELD).order_by("pk").values_list("pk", flat=True)
    while ids := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield from _acts(ids)
        last = ids[-1]


def _acts(ids: list[int]) -> Iterator[Act]:
    rows = Consultation.objects.filter(pk__in=ids, status__in=HELD).only("title", "form", "on", "organizer_id")
    sessions = {row.pk: row for row in rows}
    speeches = Speech.objects.counted().filter(consultation__in=sessions)
    for speech in speeches.select_related("member").defer("text"):
        row = sessions[speech.consultation_id]
        code = SPOKEN if speech.way == Speech.Way.SPOKEN else WRITTEN
        words = "发言" if speech.way == Speech.Way.SPOKEN else "提交书面意见"
        key = f"{code}:{row.pk}:m{speech.member_id}"
        yield Act(speech.member, code, row.on, row, key, f"《{row.title}》{words}")
    organizers = {row.organizer_id for row in sessions.values() if row.form in Consultation.LIGHT and row.organizer_id}
    studios = Studio.objects.filter(kind=Body.Kind.STUDIO).in_bulk(organizers)
    for row in sessions.values():
        if row.form in Consultation.LIGHT and row.organizer_id in studios:
            studio = studios[row.organizer_id]
            yield Act(studio, MICRO, row.on, row, f"{MICRO}:{row.pk}:s{studio.pk}", f"微协商《{row.title}》")
