"""The demo world of quality evaluation 演示质量评价: finished ones of two years with their answers, one that is open."""

import random
from datetime import date, timedelta

from consultations.evaluation.results import UNKNOWN, Indicators
from consultations.models import Consultation, Evaluation
from consultations.services import evaluation as services
from consultations.services import indicators, sessions
from members.models import HandlingUnit, Member, SpecialCommittee, User
from members.services import attendance

TOPICS = (
    ("月河流域水环境治理", 0, 430, 0.62, True),
    ("老旧小区加装电梯", 1, 400, 0.45, True),
    ("富硒茶产业链建设", 0, 60, 0.78, True),
    ("城乡居家养老服务", 1, 45, 0.55, True),
    ("山区义务教育教师周转房", 0, 6, 0.7, False),
)
"""Topic, which committee, how many days ago, how content the answers are, whether it ended."""
REMARKS = (
    "材料提前一周送到，准备得充分。", "希望把部门的答复也发给到会委员。", "现场发言时间短，建议一场只议一件事。",
    "提的三条建议列入了明年项目，办得实。", "基层的同志请得少，下次多请村干部。",
)  # fmt: skip
PEOPLE, GUESTS, OPEN_ANSWERS = 14, 6, 4


def seed(today: date) -> None:
    """Hold, evaluate and publish what is not there yet; nothing is doubled."""
    liaison = User.objects.filter(username="liaison").first()
    committees = list(SpecialCommittee.objects.filter(kind="committee", is_active=True).order_by("order", "pk")[:2])
    if liaison is None or len(committees) < 2:
        return
    version = indicators.begin()
    own = Member.objects.filter(is_active=True, user__isnull=False).order_by("pk")[:4]
    others = Member.objects.filter(is_active=True, user__isnull=True).order_by("pk")[: PEOPLE - len(own)]
    people = [member.pk for member in (*own, *others)]
    chance = random.Random(2026)  # noqa: S311 - the demo world looks the same each time
    for topic, committee, ago, content, ended in TOPICS:
        if Consultation.objects.filter(title=topic).exists():
            continue
        session = _held(topic, today - timedelta(ago), committees[committee], people, liaison)
        row = services.open_evaluation(session, actor=liaison, ends_on=today + timedelta(5))
        reading = indicators.reading(version)
        codes = [services.own_code(row, one) for one in Member.objects.filter(pk__in=people, user__isnull=True)]
        codes += [code for _, code in services.print_slips(row, GUESTS, actor=liaison)]
        for at, code in enumerate(codes if ended else codes[:OPEN_ANSWERS]):
            remark = REMARKS[at % len(REMARKS)] if at % 3 == 0 else ""
            services.answer(code, _marks(reading, content, chance), comment=remark)
        if ended:
            _finish(row, liaison)


def _held(topic: str, on: date, committee: SpecialCommittee, people: list[int], liaison: User) -> Consultation:
    units = HandlingUnit.objects.filter(is_active=True).order_by("pk")[:2]
    session = sessions.plan(
        actor=liaison, title=topic, form="topical", on=on, organizer=committee, units=units, place="区政协二楼会议室"
    )
    sessions.invite(session, people, actor=liaison)
    session = sessions.notify(Consultation.objects.get(pk=session.pk), actor=liaison)
    if session.activity is not None:
        attendance.mark_present(session.activity, people, actor=liaison, way="paper")
    return sessions.hold(session, actor=liaison, suggestions_count=9)


def _marks(reading: Indicators, content: float, chance: random.Random) -> dict[str, int]:
    """Marks that are better the more content people are, and least so on what was converted."""
    marks = {}
    for at, row in enumerate(reading.all):
        draw = chance.random() + 0.05 * at
        good = 0 if draw < content else 1 if draw < content + 0.35 else 2
        marks[row.code] = UNKNOWN if chance.random() < 0.04 and at else good
    return marks


def _finish(row: Evaluation, liaison: User) -> None:
    services.publish(services.close(row, actor=liaison), actor=liaison)
