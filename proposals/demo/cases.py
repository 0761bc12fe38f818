"""This year's cases of the demo world 演示提案: one or more in every stage, each moved there by the services.

Every act is done by the demo account whose work it is, on its own day before today, so that
deadlines, timelines and 待办 are what the real course would have left. For development only.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core import outbox
from members.models import Body, HandlingUnit, Member
from proposals.demo.world import World
from proposals.models import CosignOpinion, Ground, Promise, Proposal
from proposals.services import assignment, drafting, feedback, promises, publishing, replying, review


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


def _report_old_promises(world: World) -> None:
    """The two demo units have long reported what they promised in earlier years, and the office has ended the follow-up."""
    past = Promise.objects.filter(
        kept_on=None, due_on__year__lt=world.today.year, reply__task__unit__in=[world.unit, world.unit2]
    )
    keep = list(past.values_list("pk", flat=True))
    for promise in past.select_related("reply__task"):
        by = world.user(world.operator(promise.reply.task))
        promises.keep_promise(promise, actor=by, on=promise.due_on, note="已按答复办成")
    kept = Proposal.objects.filter(tasks__letters__promises__in=keep).distinct()
    for case in kept.filter(status="follow_up"):
        feedback.end_follow_up(
            case, actor=world.user("proposal-clerk"), result_class=world.classes["A"], reason="承诺的事项已核实办成。"
        )


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
