"""The demo world of sessions 演示协商活动: one in each state, with preparation, answers, speeches and materials."""

import io
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from consultations.models import Consultation
from consultations.services import conversions, outcomes, preparation, sessions, speaking
from consultations.sessions import demo_texts as texts
from core import attachments, outbox, workdays
from members.demo.clock import on_day, workday_before
from members.models import Activity, Attendance, HandlingUnit, Member, SpecialCommittee, Studio, User
from members.services import attendance


@dataclass(frozen=True)
class World:
    """The accounts and bodies that the demo sessions lean on."""

    today: date
    liaison: User
    member: User
    operator: User
    committee: SpecialCommittee
    people: list[Member]
    units: list[HandlingUnit]

    def session(self, title: str, form: str, days: int, **values: Any) -> Consultation | None:
        """A new session so many days from today; None where it is there already."""
        if Consultation.objects.filter(title=title).exists():
            return None
        on = (
            workday_before(self.today, -days)
            if days < 0
            else workdays.current().next_workday(self.today + timedelta(days))
        )
        with on_day(workday_before(on, 30) if days < 0 else self.today):
            return sessions.plan(
                actor=self.liaison, title=title, form=form, on=on, organizer=self.committee, starts_at=time(9),
                ends_at=time(11, 30), place="区政协三楼会议室", units=self.units, **values,
            )  # fmt: skip

    def told(self, row: Consultation) -> Consultation:
        """With the members invited and everybody told."""
        sessions.invite(row, [member.pk for member in self.people], actor=self.liaison)
        return _fresh(sessions.notify(_fresh(row), actor=self.liaison))


def seed(today: date) -> None:
    """Make what is not there yet; nothing is doubled."""
    accounts = {user.username: user for user in User.objects.filter(username__in=("liaison", "member", "unit"))}
    committee = SpecialCommittee.objects.filter(kind="committee", is_active=True).order_by("order", "pk").first()
    if len(accounts) < 3 or committee is None or accounts["member"].member_id is None:
        return
    own = Member.objects.filter(pk=accounts["member"].member_id)
    others = Member.objects.filter(is_active=True, user__isnull=True).order_by("code")[:17]
    mine = HandlingUnit.objects.filter(pk__in=accounts["unit"].unit_ids())
    second = User.objects.filter(username="unit2").first()
    more = HandlingUnit.objects.filter(pk__in=second.unit_ids() if second else [])
    world = World(
        today, accounts["liaison"], accounts["member"], accounts["unit"], committee, [*own, *others], [*mine, *more]
    )
    for part in (_prepared, _told, _soon, _held, _late, _closed, _cancelled, _micro):
        part(world)
    while outbox.run_pending():
        pass


def _prepared(world: World) -> None:
    """One that is being prepared: plan, team, visits, things to do, not told yet."""
    row = world.session(
        "高坪河流域综合治理", "topical", 33, background=texts.BACKGROUND, work_plan=texts.WORK_PLAN, agenda=texts.AGENDA
    )
    if row is None:
        return
    team = world.people[1:5]
    preparation.set_team(row, [one.pk for one in team], actor=world.liaison, leader_id=team[0].pk)
    for ago, place, findings in zip((12, 5), ("江北办长春村段", "大河镇清沟河口"), texts.FINDINGS, strict=True):
        preparation.add_visit(row, actor=world.liaison, on=world.today - timedelta(ago), place=place, findings=findings)
    preparation.add_visit(row, actor=world.liaison, on=world.today + timedelta(4), place="区污水处理二厂")
    for at, text in enumerate(texts.TASKS):
        task = preparation.add_task(row, actor=world.liaison, text=text)
        if at == 0:
            preparation.tick(task, actor=world.liaison, done=True)
    sessions.invite(row, [member.pk for member in world.people], actor=world.liaison)


def _told(world: World) -> None:
    """One that everybody was told of, moved once since; some have answered, papers come in."""
    row = world.session(
        "城区老旧小区加装电梯", "counterpart", 24,
        background="全区有加装意愿的老旧小区43个，去年批了9部。低层住户补偿、管线迁改两件事最难。", agenda=texts.AGENDA,
    )  # fmt: skip
    if row is None:
        return
    row = world.told(row)
    asked = Attendance.objects.filter(activity=row.activity_id)
    asked.filter(member__in=world.people[1:9]).update(state="coming")
    asked.filter(member__in=world.people[9:11]).update(state="leave_asked", reason="出差")
    _list(world, row)
    if (other := User.objects.filter(username="unit2").first()) and other.unit_ids():
        unit = HandlingUnit.objects.get(pk=min(other.unit_ids()))
        preparation.delegate(row, unit, actor=other, comes=True, people="李明（副局长）、陈静（河湖科科长）")
    _material(world, row, "老旧小区加装电梯情况通报.docx")
    later = workdays.current().next_workday(row.on + timedelta(2))
    sessions.change(row, actor=world.liaison, on=later, place="区政协二楼大会议室")


def _soon(world: World) -> None:
    """One of the next days, about proposals."""
    row = world.session(
        "山区校车和接送站点提案办理", "proposal", 6, background="提案者和承办单位就3件校车提案面对面商量怎么办。",
        agenda="承办单位介绍办理打算\n提案者提意见\n商定下一步",
    )  # fmt: skip
    if row is not None:
        world.told(row)


def _list(world: World, row: Consultation) -> None:
    """Three members and a bureau on the speaking list; two have handed in their texts."""
    for at, (title, minutes, text) in enumerate(texts.SPEECHES):
        given = text if at < 2 else ""
        speaking.add_speech(
            row, world.people[1 + at], actor=world.liaison, way="spoken", title=title, minutes=minutes, text=given
        )
    speaking.add_speech(
        row, None, actor=world.liaison, way="spoken", guest=f"{world.units[-1]}负责人", title="情况通报", minutes=10
    )


def _hold(world: World, row: Consultation) -> Consultation:
    """Bring a session of the past through its days: told, held, a written opinion after it."""
    with on_day(workday_before(row.on, 24)):
        row = world.told(row)
        _list(world, row)
        _material(world, row, "会议材料汇编.docx")
    activity = Activity.objects.get(consultation=row)
    with on_day(row.on):
        attendance.mark_present(activity, [one.pk for one in world.people[:15]], actor=world.liaison, way="paper")
        activity.attendances.filter(member__in=world.people[15:16]).update(state="on_leave", reason="出差")
        spoke = row.speeches.on_the_list().exclude(member=world.people[3]).values_list("pk", flat=True)
        row = sessions.hold(
            row, actor=world.liaison, minutes=texts.MINUTES, consensus=texts.CONSENSUS, suggestions_count=11,
            spoke=list(spoke),
        )  # fmt: skip
        speaking.hand_in(
            row, actor=world.member, title="把直排口整改纳入河长制考核", text="建议按月公布整改进度，纳入年底考核。"
        )
    return _fresh(row)


def _held(world: World) -> None:
    """One held four days ago: its outcome is due."""
    if row := world.session("月河两岸生态廊道建设", "sector", -4, background=texts.BACKGROUND, agenda=texts.AGENDA):
        _hold(world, row)


def _late(world: World) -> None:
    """One held weeks ago whose outcome is overdue."""
    if row := world.session(
        "城区停车难治理", "counterpart", -26, background="停车位缺口约6,000个。", agenda=texts.AGENDA
    ):
        _hold(world, row)


def _closed(world: World) -> None:
    """Two whose outcome went up; one of them is closed."""
    for title, days, ends in (("农村人居环境整治", -58, False), ("乡村寄递物流体系建设", -190, True)):
        row = world.session(title, "standing", days, background=texts.BACKGROUND, agenda=texts.AGENDA)
        if row is None:
            continue
        row = _hold(world, row)
        sent_on = workday_before(row.on, -11)
        with on_day(sent_on):
            paper = outcomes.write(
                row, actor=world.liaison, kind="brief", title=f"关于{title}的协商专报", text=texts.CONSENSUS
            )
            paper = outcomes.send(paper, actor=world.liaison, sent_to="区委、区政府")
        with on_day(workday_before(sent_on, -9)):
            outcomes.note(paper, actor=world.liaison, leader="区长", text="请有关部门认真研究，能办的马上办。")
        if ends:
            with on_day(workday_before(row.on, -100)):
                conversions.convert(paper, actor=world.liaison, kind="project", name="新建村级寄递站点37个")
                outcomes.close(paper, actor=world.liaison, feedback="建议列入乡村振兴年度项目库，新建村级站点37个。")
                sessions.close(_fresh(row), actor=world.liaison)


def _cancelled(world: World) -> None:
    """One that did not take place."""
    row = world.session("夜间经济集聚区培育", "counterpart", 15)
    if row is not None:
        sessions.cancel(world.told(row), actor=world.liaison, reason="与区委全会冲突，并入下季度专题协商。")


def _micro(world: World) -> None:
    """A micro-consultation of the convener's studio, with a photograph."""
    convener = User.objects.filter(username="convener").first()
    studio = Studio.objects.filter(convener=convener.member_id).first() if convener else None
    title = "巷口垃圾桶挪到哪里"
    if convener is None or studio is None or Consultation.objects.filter(title=title).exists():
        return
    sessions.record_light(
        actor=convener, organizer=studio, title=title, on=world.today - timedelta(9), parties="社区干部、居民代表、环卫站",
        consensus="挪到巷子北头，环卫站每天清运两次，社区月底回头看。", place="新安社区议事亭",
        member_ids=[convener.member_id], follow_up_on=world.today + timedelta(21),
    )  # fmt: skip


def _material(world: World, row: Consultation, name: str) -> None:
    document = Document()
    document.add_heading(row.title, level=1)
    document.add_paragraph(row.background)
    out = io.BytesIO()
    document.save(out)
    attachments.add(row, SimpleUploadedFile(name, out.getvalue()), actor=world.liaison, kind="material")


def _fresh(row: Consultation) -> Consultation:
    return Consultation.objects.select_related("activity").get(pk=row.pk)
