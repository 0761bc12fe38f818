"""This year's cases of the demo world 演示提案: one or more in every stage, each moved there by the services.

Every act is done by the demo account whose work it is, on its own day before today, so that
deadlines, timelines and 待办 are what the real course would have left. For development only.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core import outbox
from members.demo import UNIT, UNIT2
from members.demo_clock import on_day, workday_before
from members.models import Body, HandlingUnit, Member, User
from proposals.demo_texts import MATTERS
from proposals.models import Category, CosignOpinion, Feedback, Ground, Promise, Proposal, Reply, ResultClass, UnitTask
from proposals.services import assignment, drafting, feedback, promises, publishing, replying, review

SATISFIED = {"contact_way": "meeting", "targeting": "on_point", "attitude": "satisfied", "result": "satisfied"}


def seed(today: date) -> int:
    """Make the cases that are not there yet and return how many; each is one transaction."""
    world, made = World(today), 0
    _report_old_promises(world)
    for key, story in STORIES.items():
        if Proposal.objects.filter(source_key=f"演示-{key}").exists():
            continue
        with transaction.atomic():
            case = story(world, key)
            Proposal.objects.filter(pk=case.pk).update(source_key=f"演示-{key}")
        made += 1
    while outbox.run_pending():
        pass
    return made


def _report_old_promises(world: "World") -> None:
    """The two demo units have long reported what they promised in the papers of earlier years."""
    past = Promise.objects.filter(
        kept_on=None, due_on__year__lt=world.today.year, reply__task__unit__in=[world.unit, world.unit2]
    )
    for promise in past.select_related("reply__task"):
        by = world.user(world.operator(promise.reply.task))
        promises.keep_promise(promise, actor=by, on=promise.due_on, note="已按答复办成")


class World:
    """The people and units, and the steps of a case in words; days are counted back from today."""

    def __init__(self, today: date):
        self.today = today
        self.units = {unit.name: unit for unit in HandlingUnit.objects.filter(name__in=[UNIT, UNIT2])}
        self.unit, self.unit2 = self.units[UNIT], self.units[UNIT2]
        self.classes = {row.letter: row for row in ResultClass.objects.all()}

    def user(self, name: str) -> User:
        """A demo account, read anew so that nothing of its roles is stale."""
        return User.objects.get(username=name)

    def ago(self, days: int) -> date:
        """A working day about ``days`` calendar days before today."""
        return workday_before(self.today, days)

    def act(self, days: int, service: Callable[..., Any], *args: Any, by: str, **kwargs: Any) -> Any:
        """Call a service as ``by`` on the day ``days`` ago."""
        with on_day(self.ago(days)):
            return service(*args, actor=self.user(by), **kwargs)

    def draft(self, key: str, days: int, *, by: str = "member", kind: str = "individual", **more: Any) -> Proposal:
        """A draft with the whole text of its matter."""
        matter = MATTERS[key]
        return self.act(
            days, drafting.create_draft, by=by, kind=kind, title=matter.title, situation=matter.situation,
            analysis=matter.analysis, suggestions=[point for point, _ in matter.points],
            category=Category.objects.get(code=matter.category), **more,
        )  # fmt: skip

    def submitted(self, key: str, days: int, *, by: str = "member", **more: Any) -> Proposal:
        """A proposal handed in ``days`` ago, drafted the day before."""
        case = self.draft(key, days + 1, by=by, **more)
        return self.act(days, drafting.submit, case, by=by)

    def filed(self, key: str, days: int, **more: Any) -> Proposal:
        """A case filed ``days`` ago by two reviewers."""
        case = self.submitted(key, days + 4, **more)
        self.act(
            days + 2, review.recommend, case, by="proposal-clerk", outcome="file", note="情况清楚，建议具体，一事一案。"
        )
        return self.act(days, review.decide, case, by="proposal-chief", outcome="file")

    def assigned(self, key: str, days: int, *, lead=None, supports=(), **more: Any) -> Proposal:
        """A case given to its units ``days`` ago."""
        case = self.filed(key, days + 3, **more)
        mode = "lead_support" if supports else "sole"
        return self.act(
            days, assignment.assign, case, by="inspection", mode=mode, lead=lead or self.unit, supports=supports
        )

    def task(self, case: Proposal, role: str = "lead") -> UnitTask:
        """The task of a case by role; a sole unit is the lead."""
        return UnitTask.objects.live().get(proposal=case, role=role)

    def operator(self, task: UnitTask) -> str:
        """Whose work a task is."""
        return "unit" if task.unit_id == self.unit.pk else "unit2"

    def handling(self, key: str, days: int, **more: Any) -> Proposal:
        """A case assigned ``days`` ago and signed for by every unit the day after."""
        case = self.assigned(key, days, **more)
        for task in UnitTask.objects.live().filter(proposal=case):
            self.act(max(days - 1, 0), assignment.sign_receipt, task, by=self.operator(task))
        return Proposal.objects.get(pk=case.pk)

    def contacted(self, case: Proposal, days: int) -> UnitTask:
        """The lead unit talked with the proposer."""
        task = self.task(case)
        self.act(
            days, replying.add_contact, task, by=self.operator(task), held_on=self.ago(days), method="meeting",
            persons=f"提案者{case.proposer_name}，承办股室两人", content="介绍了现在的情况和打算，提案者同意先易后难、逐条答复。",
        )  # fmt: skip
        return task

    def written(self, case: Proposal, key: str, days: int, letter: str = "A") -> Reply:
        """A complete letter with an answer to each suggestion; class B carries a promise 30 days ahead of today."""
        task = self.contacted(case, days + 5)
        by, grade = self.operator(task), self.classes[letter]
        reply = self.act(days, replying.draft_reply, task, by=by)
        answers = dict(MATTERS[key].points)
        items = {row.pk: {"text": answers[row.text], "result_class": grade} for row in case.suggestions.all()}
        promise = {
            "suggestion_id": None, "text": "列入计划的事项全部办成，并书面告知提案者",
            "due_on": self.today + timedelta(24), "owner": "分管副局长",
        }  # fmt: skip
        return self.act(
            days, replying.save_reply, reply, by=by, items=items, result_class=grade, may_publish=True,
            opening=f"您提出的《{case.title}》收悉，感谢您对我区工作的关心。现答复如下：",
            closing="以上答复如有不妥，请您继续提出意见。", contact_name="办公室", contact_phone="0915-0000128",
            promises=[promise] if grade.needs_promise else [],
        )  # fmt: skip

    def signed(self, reply: Reply, days: int, no: int) -> Reply:
        """The leader signed, and the letter went to the inspection office."""
        head = "unit-head" if reply.task.unit_id == self.unit.pk else "unit2"
        self.act(days, replying.approve, reply, by=head)
        number = f"汉{'农' if head == 'unit-head' else '水'}函〔{self.ago(days).year}〕{no}号"
        return self.act(days, replying.send_to_office, reply, by=self.operator(reply.task), document_no=number)

    def replied(self, key: str, days: int, no: int, *, letter: str = "A", **more: Any) -> Proposal:
        """A case whose reply was delivered ``days`` ago."""
        case = self.handling(key, days + 40, **more)
        reply = self.signed(self.written(case, key, days + 5, letter), days + 3, no)
        self.act(days, replying.issue, reply, by="inspection")
        return Proposal.objects.get(pk=case.pk)

    def answered(self, case: Proposal, days: int, by: str = "member", **judgement: Any) -> Proposal:
        """The proposer judged the reply."""
        form = Feedback.objects.get(proposal=case, round=case.round)
        self.act(days, feedback.answer, form, by=by, **{**SATISFIED, **judgement})
        return Proposal.objects.get(pk=case.pk)


# --- One story each: the key names its matter, or stands in the first argument -------------------


def _archived(world: World, key: str) -> Proposal:
    case = world.answered(world.replied("herb", 60, 21), 52)
    case = world.act(50, publishing.publish, case, by="proposal-clerk")
    return world.act(45, feedback.archive, case, by="proposal-clerk")


def _closed(world: World, key: str) -> Proposal:
    case = world.answered(world.replied("seed", 30, 34, by="member2"), 24, by="member2", result="basically")
    return world.act(20, publishing.publish, case, by="proposal-clerk")


def _following(world: World, key: str) -> Proposal:
    return world.answered(world.replied("honey", 35, 30, letter="B"), 28)


def _rehandling(world: World, key: str) -> Proposal:
    case = world.replied("chicken", 18, 41, by="member2")
    return world.answered(
        case, 9, by="member2", targeting="partly", result="unsatisfied",
        text="只建了两处，我们镇还是老样子，哪年能建没有说清楚。",
    )  # fmt: skip


def _merged(world: World, key: str) -> Proposal:
    main = world.handling("canal", 70, lead=world.unit2, by="convener")
    Proposal.objects.filter(pk=main.pk).update(source_key="演示-main-of-merged")
    world.act(69, assignment.mark_key, main, by="proposal-chief", leader="区政协副主席", batch="第一批")
    case = world.submitted("canal2", 66, by="member2")
    world.act(
        64, review.recommend, case, by="proposal-clerk", outcome="merge", main_case=main, note="与前案反映同一灌渠。"
    )
    return world.act(63, review.decide, case, by="proposal-chief", outcome="merge")


def _overdue(world: World, key: str) -> Proposal:
    case = world.handling("konjac", 104)
    world.contacted(case, 90)
    return case


def _near_due(world: World, key: str) -> Proposal:
    case = world.handling("water", 87, by="member2")
    world.contacted(case, 75)
    return case


def _no_contact(world: World, key: str) -> Proposal:
    return world.handling("bridge", 17)


def _waiting_leader(world: World, key: str) -> Proposal:
    case = world.handling("tea", 55)
    world.written(case, "tea", 3, "B")
    return case


def _at_office(world: World, key: str) -> Proposal:
    case = world.handling("river", 60, lead=world.unit2, by="member2")
    world.signed(world.written(case, "river", 6), 2, 17)
    return case


def _in_cosign(world: World, key: str) -> Proposal:
    case = world.handling("canal", 50, supports=[world.unit2])
    support = world.task(case, "support")
    world.act(
        30,
        replying.give_opinion,
        support,
        by="unit2",
        opinion="渠首以上由我局负责，建议主办单位把检修道清理列入今冬计划。",
    )
    reply = world.written(case, "canal", 4)
    world.act(2, replying.send_cosign, reply, by="unit")
    return case


def _opinion_wanted(world: World, key: str) -> Proposal:
    return world.handling("herb", 20, supports=[world.unit2], by="convener", kind="studio")


def _cosign_agreed(world: World, key: str) -> Proposal:
    case = world.handling("chicken", 45, supports=[world.unit2])
    world.act(
        30,
        replying.give_opinion,
        world.task(case, "support"),
        by="unit2",
        opinion="交易点排污按河道管理要求设置，无其他意见。",
    )
    reply = world.written(case, "chicken", 5)
    world.act(3, replying.send_cosign, reply, by="unit")
    opinion = CosignOpinion.objects.get(reply=reply)
    world.act(1, replying.answer_cosign, opinion, by="unit2", agree=True)
    return case


def _awaiting_feedback(world: World, key: str) -> Proposal:
    return world.replied("bridge", 15, 44, lead=world.unit2)


def _fresh_reply(world: World, key: str) -> Proposal:
    return world.replied("tea", 3, 47, letter="B", by="member2")


def _extension(world: World, key: str) -> Proposal:
    case = world.handling("seed", 80)
    task = world.contacted(case, 60)
    world.act(
        2, assignment.request_extension, task, by="unit", until=world.today + timedelta(40),
        reason="种质资源圃选址要等明年的土地计划，请求延期一个多月。",
    )  # fmt: skip
    return case


def _transfer(world: World, key: str) -> Proposal:
    case = world.assigned("nursery", 2, lead=world.unit2, by="member2")
    other = HandlingUnit.objects.filter(name__contains="卫生健康").exclude(pk=world.unit2.pk).first()
    world.act(
        1, assignment.request_transfer, world.task(case), by="unit2", suggested=other,
        reason="托育服务由卫生健康部门主管，不在我局职责以内。",
    )  # fmt: skip
    return case


def _unsigned(world: World, key: str) -> Proposal:
    return world.assigned("honey", 1)


def _unsigned_late(world: World, key: str) -> Proposal:
    return world.assigned("water", 10, lead=world.unit2)


def _elsewhere(world: World, key: str) -> Proposal:
    other = HandlingUnit.objects.filter(name__contains="教育").first() or world.unit2
    return world.assigned("school", 12, lead=other, by="committee", kind="committee")


def _filed(key: str, days: int, **more: Any) -> Callable[[World, str], Proposal]:
    return lambda world, name: world.filed(key, days, **more)


def _submitted(key: str, days: int, **more: Any) -> Callable[[World, str], Proposal]:
    return lambda world, name: world.submitted(key, days, **more)


def _entered(world: World, key: str) -> Proposal:
    author = Member.objects.filter(is_active=True, user=None).order_by("code").first()
    author = author or world.user("member2").member
    case = world.draft("parking", 2, by="proposal-clerk", member=author, is_entered=True)
    return world.act(2, drafting.submit, case, by="proposal-clerk")


def _first_file(world: World, key: str) -> Proposal:
    case = world.submitted("factory", 5, by="member2")
    return world.act(2, review.recommend, case, by="proposal-clerk", outcome="file", note="建议具体可行，建议立案。")


def _first_refuse(world: World, key: str) -> Proposal:
    case = world.submitted("promo", 6, by="convener")
    ground = Ground.objects.get(code="promotion")
    return world.act(
        1, review.recommend, case, by="proposal-chief", outcome="refuse", ground=ground, note="推介具体产品。",
    )  # fmt: skip


def _not_filed(world: World, key: str) -> Proposal:
    case = world.submitted("night", 40, by="member2")
    ground = Ground.objects.get(code="empty")
    world.act(
        38, review.recommend, case, by="proposal-clerk", outcome="refuse", ground=ground, disposition="to_opinion",
        note="一句话的建议，宜作社情民意反映。",
    )  # fmt: skip
    return world.act(36, review.decide, case, by="proposal-chief", outcome="refuse")


def _returned(world: World, key: str) -> Proposal:
    case = world.submitted("library", 7)
    return world.act(
        2, review.recommend, case, by="proposal-clerk", outcome="return", note="请补充有几个村、哪些书屋闲置，再提交。"
    )


def _withdrawn(world: World, key: str) -> Proposal:
    case = world.submitted("dog", 33)
    return world.act(30, review.withdraw, case, by="member", reason="城管部门已经开始办理，申请撤案。")


def _draft(world: World, key: str) -> Proposal:
    return world.draft("dog", 1)


def _joint(world: World, by: str, asked: list[str], key: str) -> Proposal:
    cosigners = [Member.objects.get(user__username=name) for name in asked]
    extra = Member.objects.filter(is_active=True, user=None).order_by("-code").first()
    case = world.draft(key, 3, by=by, kind="joint", cosigners=[*cosigners, *([extra] if extra else [])])
    return world.act(2, drafting.invite_cosigners, case, by=by, until=world.today + timedelta(6))


def _inviting(world: World, key: str) -> Proposal:
    return _joint(world, "member", ["member2"], "elder")


def _invited(world: World, key: str) -> Proposal:
    return _joint(world, "member2", ["member", "convener"], "school")


def _by_committee(world: World, key: str) -> Proposal:
    grant = world.user("committee").role_grants.filter(body__kind=Body.Kind.COMMITTEE).select_related("body").first()
    return world.submitted("factory", 3, by="committee", kind="committee", body=grant.body)


STORIES: dict[str, Callable[[World, str], Proposal]] = {
    "archived": _archived,
    "overdue": _overdue,
    "near-due": _near_due,
    "extension": _extension,
    "closed": _closed,
    "following": _following,
    "merged": _merged,
    "at-office": _at_office,
    "rehandling": _rehandling,
    "waiting-leader": _waiting_leader,
    "awaiting-feedback": _awaiting_feedback,
    "in-cosign": _in_cosign,
    "cosign-agreed": _cosign_agreed,
    "fresh-reply": _fresh_reply,
    "not-filed": _not_filed,
    "withdrawn": _withdrawn,
    "opinion-wanted": _opinion_wanted,
    "no-contact": _no_contact,
    "elsewhere": _elsewhere,
    "unsigned-late": _unsigned_late,
    "filed-1": _filed("elder", 6, by="member2"),
    "filed-2": _filed("nursery", 3),
    "transfer": _transfer,
    "unsigned": _unsigned,
    "returned": _returned,
    "first-refuse": _first_refuse,
    "first-file": _first_file,
    "by-committee": _by_committee,
    "entered": _entered,
    "submitted-1": _submitted("library", 2, by="convener", kind="studio"),
    "submitted-2": _submitted("parking", 1, by="member2"),
    "inviting": _inviting,
    "invited": _invited,
    "draft": _draft,
}
"""Stories in the order in which they are told, the oldest first, so that case numbers follow the calendar."""
