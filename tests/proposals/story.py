"""A small world and the way of a proposal through it, by the services alone."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from members.models import HandlingUnit, Member, Role, User
from proposals.models import Category, Feedback, Proposal, Reply, ResultClass, UnitTask
from proposals.services import assignment, drafting, feedback, replying, review
from tests import factories as make

GOOD = {"contact_way": "meeting", "targeting": "on_point", "attitude": "satisfied", "result": "satisfied"}
BAD = {**GOOD, "attitude": "basically", "result": "unsatisfied", "text": "问题没有解决。"}


def user(*roles, **values) -> User:
    """An account with these roles."""
    return make.UserFactory(roles=roles, **values)


def member(name: str = "王委员") -> Member:
    """A member with an account."""
    return make.MemberFactory(name=name, user=user(Role.MEMBER, name=name))


@dataclass
class World:
    """The people and units of a story."""

    member: Member = field(default_factory=lambda: member("张立"))
    other: Member = field(default_factory=lambda: member("李芳"))
    clerk: User = field(default_factory=lambda: user(Role.PROPOSAL_CLERK, name="经办一"))
    second: User = field(default_factory=lambda: user(Role.PROPOSAL_CLERK, name="经办二"))
    chief: User = field(default_factory=lambda: user(Role.PROPOSAL_CHIEF, name="主任"))
    inspection: User = field(default_factory=lambda: user(Role.INSPECTION, name="督查"))
    unit: HandlingUnit = field(default_factory=make.HandlingUnitFactory)
    support: HandlingUnit = field(default_factory=make.HandlingUnitFactory)

    def __post_init__(self) -> None:
        make.SessionFactory()
        self.operator = user((Role.UNIT_OPERATOR, self.unit), name="承办经办")
        self.leader = user((Role.UNIT_LEADER, self.unit), name="承办负责")
        self.support_operator = user((Role.UNIT_OPERATOR, self.support), name="会办经办")

    # Every step returns the fresh case.

    def draft(self, member: Member | None = None, **values) -> Proposal:
        """A complete draft."""
        member = member or self.member
        text = {
            "title": "关于改善农村饮水的建议",
            "situation": "部分村组饮水困难。",
            "analysis": "管网老化。",
            "suggestions": ["改造管网。", "定期检测水质。"],
            "category": Category.objects.get(code="society"),
            "kind": "individual",
            **values,
        }
        return drafting.create_draft(actor=member.user, **text)

    def submitted(self, member: Member | None = None, **values) -> Proposal:
        """Handed in."""
        member = member or self.member
        return drafting.submit(self.draft(member, **values), actor=member.user)

    def reviewed(self, **values) -> Proposal:
        """With a first opinion to file."""
        return review.recommend(self.submitted(**values), actor=self.clerk, outcome="file")

    def filed(self, **values) -> Proposal:
        """With its case number."""
        return review.decide(self.reviewed(**values), actor=self.second, outcome="file")

    def assigned(self, case: Proposal | None = None, *, supports=(), on=None) -> Proposal:
        """Given to the lead unit."""
        case = case or self.filed()
        mode = "lead_support" if supports else "sole"
        return assignment.assign(case, actor=self.inspection, mode=mode, lead=self.unit, supports=supports, on=on)

    def task(self, case: Proposal) -> UnitTask:
        """The lead's task."""
        return case.tasks.live().exclude(role="support").get()

    def handling(self, case: Proposal | None = None, **values) -> Proposal:
        """Signed for."""
        case = self.assigned(case, **values)
        assignment.sign_receipt(self.task(case), actor=self.operator)
        return Proposal.objects.get(pk=case.pk)

    def written(self, case: Proposal, *, letter: str = "A", promises=(), operator: User | None = None,
                task: UnitTask | None = None) -> Reply:  # fmt: skip
        """A complete draft of the reply of this round."""
        task, operator = task or self.task(case), operator or self.operator
        replying.add_contact(
            task, actor=operator, held_on=timezone.localdate(), method="meeting", persons="张立", content="已面商。"
        )
        reply = replying.draft_reply(task, actor=operator)
        chosen = ResultClass.objects.get(letter=letter)
        items = {row.pk: {"text": "已办。", "result_class": chosen} for row in case.suggestions.all()}
        return replying.save_reply(reply, actor=operator, items=items, result_class=chosen, promises=promises)

    def at_office(self, case: Proposal, **values) -> Reply:
        """Signed by the leader and sent to the inspection office."""
        reply = replying.approve(self.written(case, **values), actor=self.leader)
        return replying.send_to_office(reply, actor=self.operator, document_no="汉水发〔2026〕1号")

    def replied(self, case: Proposal | None = None, **values) -> Proposal:
        """Answered, waiting for feedback."""
        case = case or self.handling()
        replying.issue(self.at_office(case, **values), actor=self.inspection)
        return Proposal.objects.get(pk=case.pk)

    def judge(self, case: Proposal, member: Member | None = None, judgement: dict = GOOD) -> Proposal:
        """One proposer's feedback."""
        member = member or self.member
        row = Feedback.objects.get(proposal=case, proposer__member=member, round=case.round)
        feedback.answer(row, actor=member.user, **judgement)
        return Proposal.objects.get(pk=case.pk)

    def promise(self, case: Proposal, days: int = 30) -> dict:
        """A dated promise for the first suggestion."""
        first = case.suggestions.first()
        due = timezone.localdate() + timedelta(days=days)
        return {"suggestion_id": first.pk, "text": "完成改造", "due_on": due, "owner": "王局长"}
