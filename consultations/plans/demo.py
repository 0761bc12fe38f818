"""The demo world of the yearly plan 演示协商计划: last year's done and noted, this year's under way, the next one's topics coming in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import count

from consultations.models import AnnualPlan, Consultation, PlanItem, TopicSuggestion, Uptake
from consultations.plans.demo_texts import CALL, LAST, NOW, OWN, PARTICIPANTS, PUBLIC, Item
from consultations.services import conversions, outcomes, plans, sessions, topics
from consultations.services import uptake as answering
from consultations.services.uptake import Said
from core.workdays import add_working_days, is_workday
from members.demo.clock import on_day
from members.models import Body, HandlingUnit, Role, RoleGrant, SpecialCommittee, User

STEPS = (
    (-1, 12, 4, "draft", "汇总议题建议，形成草案"), (-1, 12, 18, "review", "第{n}次主席会议，原则通过"),
    (0, 1, 8, "decide", "区委常委会会议审定"),
)  # fmt: skip
"""Years from the plan's own, month, day, step, remark."""
SUGGESTIONS = ("摸清底数，列出清单和时间表。", "部门联席，一季一调度。", "办理结果向参加协商的委员反馈。")
ANSWERED, GIVEN = 40, 9
"""Days after the session: when a unit answers, and when the outcome was sent and given."""


@dataclass
class Cast:
    """Who acts in the demo world."""

    office: User
    committees: list[SpecialCommittee]
    answering: list[tuple[HandlingUnit, User]]
    silent: list[HandlingUnit]
    turn: count = field(default_factory=count)


def seed(today: date) -> None:
    """Make the plans that are not there yet; nothing is doubled."""
    cast = _cast()
    if cast is None:
        return
    for year, items in ((today.year - 1, LAST), (today.year, NOW)):
        if not PlanItem.objects.filter(plan__year=year).exists():
            _make(year, items, today, cast)
    if not TopicSuggestion.objects.filter(plan__year=today.year + 1).exists():
        _call(today, cast)


def _cast() -> Cast | None:
    office = User.objects.filter(username="liaison").first()
    committees = list(SpecialCommittee.objects.filter(kind="committee", is_active=True).order_by("order", "pk"))
    grants = RoleGrant.objects.filter(role=Role.UNIT_OPERATOR, unit__isnull=False, user__is_active=True)
    answering = [(grant.unit, grant.user) for grant in grants.select_related("unit", "user").order_by("pk")[:4]]
    known = [unit.pk for unit, _ in answering if unit]
    silent = list(HandlingUnit.objects.filter(is_active=True).exclude(pk__in=known).order_by("pk")[:6])
    if office is None or not committees or not answering or not silent:
        return None
    return Cast(office, committees, [(unit, user) for unit, user in answering if unit], silent)


def _past(day: date, today: date) -> date:
    return min(day, today)


def _make(year: int, items: tuple[Item, ...], today: date, cast: Cast) -> None:
    """A plan with its steps, its items, and what became of each by today."""
    with on_day(_past(date(year - 1, 11, 1), today)):
        plan = plans.begin_plan(year, actor=cast.office)
        closes = date(year - 1, 11, 20)
        if closes <= today:
            plan = plans.call(plan, actor=cast.office, opens_on=date(year - 1, 11, 1), closes_on=closes, call_text=CALL)
    with on_day(_past(date(year - 1, 12, 2), today)):
        made = [(_item(plan, one, cast), one) for one in items]
    for ahead, month, day, verb, note in STEPS:
        with on_day(_past(date(year + ahead, month, day), today)):
            plan = plans.move(plan, verb, actor=cast.office, note=note.format(n=year % 7 + 3))
    with on_day(_past(date(year, 1, 15), today)):
        plan = plans.move(plan, "issue", actor=cast.office, document_no=f"汉办发〔{year}〕5号")
    if date(year, 2, 20) <= today:
        with on_day(date(year, 2, 20)):
            plan = plans.move(plan, "tell", actor=cast.office, note="区政协全体会议通报")
    for item, one in made:
        _follow(item, one, today, cast)


def _item(plan: AnnualPlan, one: Item, cast: Cast) -> PlanItem:
    turn = next(cast.turn)
    unit = cast.answering[turn % len(cast.answering)][0]
    partner = cast.silent[turn % len(cast.silent)]
    sectors = Body.objects.filter(kind=Body.Kind.SECTOR, is_active=True).order_by("order", "pk")[
        turn % 5 : turn % 5 + 2
    ]
    return plans.set_item(
        plan, actor=cast.office, topic=one.topic, form=one.form, month=one.month, leader=one.leader,
        body=cast.committees[turn % len(cast.committees)], units=[unit], partner_units=[partner],
        partner_bodies=list(sectors), participants=PARTICIPANTS, method=one.method,
    )  # fmt: skip


def _follow(item: PlanItem, one: Item, today: date, cast: Cast) -> None:
    """What became of an item whose month is over; in its own month it is arranged, later nothing has begun."""
    if one.fate == "dropped":
        with on_day(_past(date(item.plan.year, 6, 10), today)):
            plans.drop_item(
                item, actor=cast.office, reason="并入城区更新改造统筹推进，不再单独协商", basis="第六次主席会议同意"
            )
        return
    day = date(item.plan.year, one.month, 18)
    while not is_workday(day):
        day += timedelta(1)
    if (day.year, day.month) > (today.year, today.month) or one.fate == "missed":
        return
    if (day.year, day.month) == (today.year, today.month):
        ahead = add_working_days(today, 6).due
        with on_day(today):
            _session(item, ahead, cast)
        return
    with on_day(day - timedelta(20)):
        row = _session(item, day, cast)
    with on_day(day):
        row = sessions.hold(row, actor=cast.office, suggestions_count=6 + one.month)
    if one.fate != "held":
        _paper(row, one, day, today, cast)


def _session(item: PlanItem, day: date, cast: Cast) -> Consultation:
    return sessions.plan(
        actor=cast.office, title=item.topic, form=item.form, on=day, organizer=item.body, plan_item=item,
        place="区政协二楼会议室", units=item.units.all(),
    )  # fmt: skip


def _paper(row: Consultation, one: Item, day: date, today: date, cast: Cast) -> None:
    """The outcome: sent up, given to the unit and a partner, answered or not, converted or not."""
    with on_day(_past(day + timedelta(GIVEN), today)):
        outcome = outcomes.write(
            row, actor=cast.office, kind="brief", title=f"关于{one.topic}的协商专报", text="协商形成意见建议如下。",
            suggestions=SUGGESTIONS,
        )  # fmt: skip
        outcome = outcomes.send(outcome, actor=cast.office, sent_to="区委、区政府")
    if one.fate == "sent":
        return
    unit, operator = next((pair for pair in cast.answering if pair[0] in row.units.all()), cast.answering[0])
    with on_day(_past(day + timedelta(GIVEN + 3), today)):
        asked = [unit, cast.silent[one.month % len(cast.silent)]] if one.fate == "asked" else [unit]
        uptakes = outcomes.assign(outcome, asked, actor=cast.office)
    for uptake in uptakes:
        if uptake.unit_id == unit.pk:
            _answer(uptake, one, _past(day + timedelta(ANSWERED), today), operator)
    if one.policy:
        outcome.refresh_from_db()
        with on_day(_past(day + timedelta(ANSWERED + 30), today)):
            conversions.convert(outcome, actor=cast.office, kind="policy", name=one.policy)


def _answer(uptake: Uptake, one: Item, on: date, operator: User) -> None:
    result = "partly" if one.month % 3 == 0 else "adopted"
    with on_day(on):
        said = {
            row.pk: Said(result if row.order == 2 else "adopted", "已列入工作计划，明确了完成时间和责任科室。")
            for row in uptake.outcome.suggestions.all()
        }
        answering.answer(uptake, actor=operator, said=said, text="逐条研究，能办的列入工作计划。")


def _call(today: date, cast: Cast) -> None:
    """The next plan: its call is open, topics have come in, some are decided."""
    with on_day(today - timedelta(12)):
        plan = plans.begin_plan(today.year + 1, actor=cast.office)
        plan = plans.call(
            plan, actor=cast.office, opens_on=today - timedelta(12), closes_on=today + timedelta(18), call_text=CALL
        )
    came: list[tuple[int, Callable[[], object]]] = [
        (ago, partial(topics.receive, plan, letters, name=name, phone=phone))
        for ago, (name, phone, letters) in zip((9, 7, 3), PUBLIC, strict=True)
    ]
    for ago, (username, title, text, form) in zip((8, 6, 5, 2), OWN, strict=True):
        if user := User.objects.filter(username=username).first():
            body = Body.objects.filter(pk__in=user.body_ids, kind=Body.Kind.COMMITTEE).first()
            unit = HandlingUnit.objects.filter(pk__in=user.unit_ids()).first()
            put_in = partial(topics.suggest, plan, actor=user, title=title, text=text, form=form, body=body, unit=unit)
            came.append((ago, put_in))
    for ago, act in sorted(came, key=lambda one: -one[0]):
        with on_day(today - timedelta(ago)):
            act()
    _decide(plan, cast)


def _decide(plan: AnnualPlan, cast: Cast) -> None:
    """Two on the same matter are put together, one is taken, one kept, one declined; the others wait."""
    found = {row.title: row for row in TopicSuggestion.objects.filter(plan=plan)}
    buses = [found[title] for title in ("城区公交夜间延时", "公交末班车太早")]
    topics.take(buses, actor=cast.office, reply="两条建议说的是一件事，并在一起协商。")
    if care := found.get("城市社区嵌入式养老服务"):
        topics.take([care], actor=cast.office)
    topics.answer(
        found["旧衣回收箱管理"], "decline", actor=cast.office, reason="属于日常管理事项，已转区住建局先行处理"
    )
    if herbs := found.get("中药材标准化种植"):
        topics.answer(herbs, "keep", actor=cast.office, reason="议题很好，和上年茶产业协商相近，留作备选")
