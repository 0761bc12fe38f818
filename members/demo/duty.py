"""The demo world of members' work 演示履职: studios, reception days, matters, activities, party branches, scores.

Everything is done by the services, by the account whose work it is and on its own day before today.
Running it again adds nothing. For development only.
"""

import uuid
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from core import outbox
from core.errors import Refusal
from members.demo import duty_texts as texts
from members.demo import reports as demo_reports
from members.demo.clock import on_day, workday_before
from members.demo.people import UNIT
from members.models import (
    Activity,
    Body,
    Booking,
    HandlingUnit,
    Matter,
    Member,
    PartyBranch,
    ReceptionDay,
    ResearchTopic,
    ScoreAppeal,
    Studio,
    User,
)
from members.people.political import is_party_member
from members.services import (
    activities,
    appeals,
    attendance,
    booking,
    matters,
    party,
    reception,
    rota_days,
    score_rules,
    signin,
    studios,
    topics,
)

Route = Matter.Route
KEY = "演示-"
PAST_DAYS = (70, 42, 14)
"""Days ago on which the demo studio received."""
BOOKABLE = 30
"""Days ahead up to which its reception days are announced."""


def seed(today: date) -> None:
    """Make what is not there yet; needs the demo accounts and members. Scores are computed by whoever calls."""
    world = World(today)
    score_rules.begin_rules()
    for part in (_studio, _reception, _matters, _activities, _coming, _reports, _topic, _party):
        with transaction.atomic():
            part(world)
    while outbox.run_pending():
        pass
    _appeal(world)
    with transaction.atomic():
        demo_reports.seed(world)


class World:
    """The accounts, the convener's studio and the members that the demo world leans on."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.liaison, self.convener = self.user("liaison"), self.user("convener")
        self.studio = Studio.objects.filter(convener=self.convener.member_id).first() or Studio.objects.get(
            pk=min(self.convener.body_ids)
        )
        self.unit = HandlingUnit.objects.get(name=UNIT)
        self.people = list(Member.objects.filter(is_active=True).order_by("code").values_list("pk", flat=True))

    @staticmethod
    def user(name: str) -> User:
        """A demo account, read anew so that nothing of its roles is stale."""
        return User.objects.get(username=name)

    def ago(self, days: int) -> date:
        """A working day about ``days`` calendar days before today."""
        return workday_before(self.today, days)

    def some(self, count: int, start: int, *also: str) -> list[int]:
        """Ids of ``count`` members in office from the ``start``-th on, and those of demo accounts."""
        chosen = [self.people[(start + step * 7) % len(self.people)] for step in range(count)]
        own = [member for name in also if (member := self.user(name).member_id)]
        return list(dict.fromkeys([*own, *chosen]))


# --- The studio and its reception days ----------------------------------------------------------


def _studio(world: World) -> None:
    """Whose studio is shown: facts, the five requisites, a few ledger entries."""
    studio = world.studio
    if studio.records.exists():
        return
    facts = dict(texts.STUDIO_FACTS)
    facts = {name: value for name, value in facts.items() if not getattr(studio, name)}
    studios.change_facts(studio, actor=world.liaison, **facts)
    found = {item: (item != "equipment", "") for item in ("place", "team", "mechanism", "rules", "equipment")}
    found["equipment"] = (False, "录音笔、打印机还没有配。")
    with on_day(world.ago(110)):
        studios.check_requisites(studio, actor=world.liaison, found=found)
    for ledger, days, title in texts.RECORDS:
        on = world.ago(days)
        with on_day(on):
            studios.add_record(studio, actor=world.convener, ledger=ledger, on=on, title=title)


def _reception(world: World) -> None:
    """Days that were held, days to come for every studio, the next ones announced, a few booked."""
    studio = world.studio
    rota_days.lay_out_all(world.today)
    hosts = list(studio.members.filter(is_active=True).order_by("code"))
    for at, days in enumerate(PAST_DAYS):
        on = world.ago(days)
        if studio.reception_days.filter(on=on).exists():
            continue
        with on_day(on - timedelta(7)):
            day = reception.add_day(
                studio,
                actor=world.convener,
                on=on,
                opens=time(9),
                closes=time(11, 40),
                hosts=hosts[at * 2 : at * 2 + 2],
            )
            reception.announce_day(day, actor=world.convener)
        with on_day(on):
            reception.mark_held(day, actor=world.convener)
    until = world.today + timedelta(BOOKABLE)
    coming = ReceptionDay.objects.filter(on__range=(world.today, until), cancelled_at=None).order_by("on")
    for place in Studio.objects.filter(pk__in=coming.values("studio_id")):
        reception.announce(place, actor=None, until=until)
    if not Booking.objects.exists():
        _book(coming.filter(on__gt=world.today))


def _book(days: Any) -> None:
    """Book as residents would; days that cannot be booked yet are passed over."""
    waiting = list(texts.BOOKINGS)
    for day in days.select_related("studio")[:20]:
        for slot in day.slots.order_by("starts")[:2]:
            if not waiting:
                return
            name, phone, village, matter = waiting[0]
            try:
                booking.book(slot, name=name, phone=phone, village=village, matter=matter, consented=True)
            except Refusal:
                break
            waiting.pop(0)


# --- Matters --------------------------------------------------------------------------------------


def _matters(world: World) -> None:
    """One matter in every state and on every way."""
    host = world.studio.members.filter(is_active=True).order_by("code").first()
    for number, (story, days, category, visitor, village, text, route) in enumerate(texts.MATTERS):
        key = f"{KEY}matter-{story}"
        if Matter.objects.filter(source_key=key).exists():
            continue
        on = world.ago(days)
        visit = matters.Visit(
            key=uuid.uuid4(), studio=world.studio, received_on=on, text=text, host=host, category=category,
            visitor_name=visitor, visitor_phone=f"1990000{8001 + number}", village=village, consent=True, route=route,
            unit=world.unit if route == Route.TO_UNIT else None,
            answer=texts.ON_SPOT_ANSWER if route == Route.ON_SPOT else "",
        )  # fmt: skip
        with on_day(on):
            matter = matters.record(visit, actor=world.convener).matter
        if story in ("in_progress", "answered", "informed", "closed"):
            _handle(world, matter, story, days)
        Matter.objects.filter(pk=matter.pk).update(source_key=key)


def _handle(world: World, matter: Matter, story: str, days: int) -> None:
    """What the unit and then the host did, a few days after each other, up to the state of the story."""
    unit = world.user("unit")
    with on_day(world.ago(days - 2)):
        matter = matters.start(matter, actor=unit)
    if story == "in_progress":
        return
    with on_day(world.ago(days - 7)):
        matter = matters.answer(matter, actor=unit, answer=texts.ANSWER, result=texts.RESULT)
    if story == "answered":
        return
    with on_day(world.ago(days - 10)):
        matters.inform(
            matter,
            actor=world.convener,
            result=texts.RESULT,
            how="电话",
            rating="satisfied",
            close_now=story == "closed",
        )


# --- Activities -----------------------------------------------------------------------------------


def _once(key: str, make: Callable[[], Activity]) -> Activity | None:
    """Make an activity of the demo world unless it is there."""
    if Activity.objects.filter(source_key=KEY + key).exists():
        return None
    activity = make()
    Activity.objects.filter(pk=activity.pk).update(source_key=KEY + key)
    return activity


def _activities(world: World) -> None:
    """One held activity of every kind, in the year that ends today."""
    for number, (kind, days, title, count, start, accounts, values) in enumerate(texts.HELD):
        on, people = world.ago(days), world.some(count, start, *accounts)

        def hold(kind=kind, title=title, on=on, values=values, people=people) -> Activity:
            with on_day(on):
                return activities.record_held(people, actor=world.liaison, kind=kind, title=title, on=on, **values)

        _once(f"held-{number}", hold)


def _coming(world: World) -> None:
    """What is ahead: one being signed in today, one to which members answered, one still planned, one cancelled."""
    liaison = world.liaison

    def plan(days: int, **values: Any) -> Activity:
        on = world.today + timedelta(days)
        return activities.plan(actor=liaison, on=on, starts_at=time(9), ends_at=time(11, 30), **values)

    def today() -> Activity:
        activity = plan(
            0, kind="study", title="委员学习日：《政治协商工作条例》", place="区政协三楼会议室", must_attend=True
        )
        activities.invite(activity, people := world.some(24, 3, "member", "member2", "convener"), actor=liaison)
        activity = activities.notify(activity, actor=liaison)
        activity = signin.open_sign_in(activity, actor=liaison)
        attendance.mark_present(activity, people[4:12], actor=liaison, way="paper")
        return activity

    def council() -> Activity:
        activity = plan(
            9, kind="meeting", title="常委会会议（专题议政：乡村供水）", place="区会议中心", must_attend=True
        )
        activities.invite(activity, world.some(40, 5, "member", "member2", "convener"), actor=liaison)
        activity = activities.notify(activity, actor=liaison)
        attendance.come(activity, actor=world.user("member"))
        attendance.ask_leave(activity, actor=world.user("member2"), reason="到西安开会，已订车票。")
        row = attendance.ask_leave(activity, actor=world.convener, reason="家里老人住院。")
        attendance.decide_leave(row, actor=liaison, grant=True)
        return activity

    def visit() -> Activity:
        return plan(
            20, kind="inspection", title="汉江岸线环境视察", place="江北大道", places=20,
            sign_up_until=world.today + timedelta(15),
        )  # fmt: skip

    def called_off() -> Activity:
        activity = plan(5, kind="reading", title="户外读书会", place="香溪洞")
        activities.invite(activity, world.some(10, 30, "member"), actor=liaison)
        return activities.cancel(activities.notify(activity, actor=liaison), actor=liaison, reason="有雨，改日再办。")

    _once("today", today)
    _once("council", council)
    if (found := _once("visit", visit)) is not None:
        activities.notify(found, actor=liaison)
    _once("planned", lambda: plan(35, kind="research", title="“一老一小”服务情况调研", place="待定"))
    _once("called-off", called_off)


def _reports(world: World) -> None:
    """What members report themselves: one waits, one was verified, one came back."""
    member, other = world.user("member"), world.user("member2")

    def report(actor: User, days: int, kind: str, title: str, **values: Any) -> Activity:
        on = world.ago(days)
        with on_day(world.ago(max(days - 1, 0))):
            return activities.report(actor=actor, kind=kind, title=title, on=on, **values)

    _once("report-waiting", lambda: report(member, 4, "donation", "给敬老院捐棉被", amount=2400, quantity=1))
    _once("report-verified", lambda: _verified(world, report(other, 25, "essay", "散文《江边的早市》在市级刊物刊发")))
    _once("report-returned", lambda: _returned(world, report(member, 15, "exchange", "参加行业交流会")))


def _verified(world: World, activity: Activity) -> Activity:
    with on_day(world.ago(20)):
        return activities.verify(activity, actor=world.liaison)


def _returned(world: World, activity: Activity) -> Activity:
    with on_day(world.ago(10)):
        return activities.send_back(activity, actor=world.liaison, reason="请补上会议通知，写明是以委员身份参加的。")


def _topic(world: World) -> None:
    """A research topic under way, with its team."""
    if ResearchTopic.objects.exists():
        return
    committee = Body.objects.filter(pk__in=world.user("committee").body_ids).first()
    topic = topics.create(
        actor=world.liaison, team=world.some(6, 2, "member", "convener"), year=world.today.year,
        title="农村供水长效管护机制研究", leader_name="高望山", body=committee,
        plan="走访五个镇，看二十处水厂和蓄水池，开两次座谈会。", due_on=world.today + timedelta(60),
    )  # fmt: skip
    topics.move(topic, "start", actor=world.liaison)


# --- Party building and scores -----------------------------------------------------------------


def _party(world: World) -> None:
    """Three branches and some contacts; the gaps that the two coverages show are left on purpose."""
    if PartyBranch.objects.exists():
        return
    on = world.ago(90)
    people = [m for m in Member.objects.filter(is_active=True).order_by("code") if is_party_member(m.political_status)]
    committees = list(Body.objects.filter(kind=Body.Kind.COMMITTEE, is_active=True).order_by("order", "id")[:3])
    for body in committees:
        own = [member for member in people if member.committee_id == body.pk]
        if not own:
            continue
        branch = party.save_branch(
            None, actor=world.liaison, name=f"{body.name}功能型党支部", body=body, secretary=own[0], founded_on=on
        )
        party.place_in_branch(own[: max(1, len(own) - 3)], branch, actor=world.liaison, on=on)
    others = [
        member
        for member in Member.objects.filter(is_active=True, committee__in=committees).order_by("code")
        if not is_party_member(member.political_status)
    ]
    if people and others:
        party.give_contact(others[:40], people[0], actor=world.liaison, on=on)


def _appeal(world: World) -> None:
    """A member says that something of this year is missing."""
    actor = world.user("member")
    member = Member.objects.filter(user=actor).first()
    if member is None or ScoreAppeal.objects.filter(member=member).exists():
        return
    appeals.appeal(
        member, actor=actor, year=world.today.year, heading="学习培训",
        text="今年春季到省里参加了三天委员培训，名单里有我，台账里没有这一条。",
    )  # fmt: skip
