"""A small world for tests of handling 办理: people of every role, and cases walked to a given point by the services."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from members.demo.people import UNIT, UNIT2, seed_accounts, seed_offices, seed_terms
from members.models import HandlingUnit, User
from proposals.models import Category, Proposal, Reply, ResultClass, UnitTask
from proposals.seeds import load_reference
from proposals.services import assignment, drafting, replying, review

ASKS = [
    "摸清周转房底数。对62所山区小规模学校教师住宿情况逐校登记，列出缺口和危旧房清单。",
    "分三年建设周转房。2026年起每年建设不少于40套，优先北山和南山片区教学点。",
]
TITLE = "关于山区小规模学校教师周转房建设的建议"


@dataclass
class World:
    """The people by their demo names, and the two units of the demo world."""

    people: dict[str, User]
    unit: HandlingUnit
    unit2: HandlingUnit

    def __getitem__(self, name: str) -> User:
        """A person by the name of the demo account, read anew so that nothing is remembered."""
        return User.objects.get(pk=self.people[name].pk)

    def filed(self, title: str = TITLE) -> Proposal:
        """A case of ``member`` that was filed."""
        category = Category.objects.first()
        case = drafting.create_draft(
            actor=self["member"], kind="individual", title=title, situation="教师住得远，留不住人。",
            analysis="周转房少。", suggestions=ASKS, category=category,
        )  # fmt: skip
        case = drafting.submit(case, actor=self["member"])
        case = review.recommend(case, actor=self["proposal-clerk"], outcome="file", category=category)
        return review.decide(case, actor=self["proposal-chief"], outcome="file")

    def assigned(self, *, support: bool = False, title: str = TITLE) -> UnitTask:
        """The lead task of a case given to ``unit`` (with ``unit2`` in support when asked)."""
        case = assignment.assign(
            self.filed(title),
            actor=self["proposal-clerk"],
            mode="lead_support" if support else "sole",
            lead=self.unit,
            supports=[self.unit2] if support else [],
        )
        return case.tasks.get(unit=self.unit)

    def signed(self, *, support: bool = False, title: str = TITLE) -> UnitTask:
        """The lead task, signed for by every unit."""
        task = self.assigned(support=support, title=title)
        for row in task.proposal.tasks.live():
            assignment.sign_receipt(row, actor=self["unit2" if row.role == "support" else "unit"])
        return UnitTask.objects.get(pk=task.pk)

    def drafted(self, *, support: bool = False, whole: bool = True, title: str = TITLE) -> Reply:
        """A draft reply after one contact; ``whole`` with every answer, classes A and B, and a promise."""
        task = self.signed(support=support, title=title)
        replying.add_contact(
            task,
            actor=self["unit"],
            held_on=timezone.localdate(),
            method="meeting",
            persons="刘玥委员、田禾",
            content="谈了底数和选址。",
        )
        reply = replying.draft_reply(task, actor=self["unit"])
        if not whole:
            return reply
        one, two = task.proposal.suggestions.all()
        a, b = (ResultClass.objects.get(letter=letter) for letter in "AB")
        return replying.save_reply(
            reply, actor=self["unit"], version=reply.version, result_class=b, contact_name="田禾", contact_phone="0915-0000118",
            items={
                one.pk: {"text": "已完成62所学校登记，清单附后。", "result_class": a},
                two.pk: {"text": "2026年安排建设40套，资金已列入区级计划。", "result_class": b},
            },
            promises=[{"suggestion_id": two.pk, "text": "40套周转房全部交付使用", "due_on": timezone.localdate() + timedelta(days=90), "owner": "计财科"}],
        )  # fmt: skip

    def at_office(self, *, title: str = TITLE) -> Reply:
        """A reply that was signed and waits for the office check."""
        reply = replying.approve(self.drafted(title=title), actor=self["unit-head"])
        return replying.send_to_office(reply, actor=self["unit"], document_no="汉滨农函〔2026〕31号")

    def issued(self, *, title: str = TITLE) -> Reply:
        """A reply that was delivered, so that feedback is awaited."""
        return replying.issue(self.at_office(title=title), actor=self["inspection"])


def build() -> World:
    """Reference lists, the present session, units and one account for each kind of work."""
    load_reference()
    seed_terms(timezone.localdate())
    seed_offices()
    people = {user.username: user for user in seed_accounts("Handled-2026!")}
    for name, phone in (("proposal-clerk", "0915-0000001"), ("inspection", "0915-0000002")):
        User.objects.filter(pk=people[name].pk).update(phone=phone)
    return World(people, HandlingUnit.objects.get(name=UNIT), HandlingUnit.objects.get(name=UNIT2))
