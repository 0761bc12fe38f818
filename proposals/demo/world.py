"""The people of the demo world 演示环境 and the steps of a case in words, each on its own day before today."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from members.demo.clock import on_day, workday_before
from members.demo.people import UNIT, UNIT2
from members.models import HandlingUnit, User
from proposals.demo.texts import MATTERS
from proposals.models import Category, Feedback, Proposal, Reply, ResultClass, UnitTask
from proposals.services import assignment, drafting, feedback, replying, review

SATISFIED = {"contact_way": "meeting", "targeting": "on_point", "attitude": "satisfied", "result": "satisfied"}


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
