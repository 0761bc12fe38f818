"""One factory per model: what a test does not care about is filled in, what it names is kept."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import (
    Body,
    HandlingUnit,
    Member,
    RoleGrant,
    Sector,
    Session,
    SpecialCommittee,
    Studio,
    Term,
    User,
)
from proposals.models import (
    Category,
    ContactLog,
    Feedback,
    Ground,
    Promise,
    Proposal,
    Proposer,
    Reply,
    ReplyItem,
    ResultClass,
    Status,
    Suggestion,
    TaskStatus,
    UnitTask,
)

PASSWORD = "Ceshi-2026-mima"


class UserFactory(DjangoModelFactory):
    """An account that signs in with ``PASSWORD``; ``roles`` lists the codes it holds.

    A role for a unit or a body is a pair of its code and that unit or body.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    name = factory.Sequence(lambda number: f"测试{number}号")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or []:
            code, place = role if isinstance(role, tuple) else (role, None)
            unit = place if isinstance(place, HandlingUnit) else None
            body = place if isinstance(place, Body) else None
            RoleGrant.objects.create(user=self, role=code, unit=unit, body=body)


class BodyFactory(DjangoModelFactory):
    """A party, unless the test names another kind."""

    class Meta:
        model = Body

    kind = Body.Kind.PARTY
    name = factory.Sequence(lambda number: f"第{number}组织")


class SectorFactory(DjangoModelFactory):
    """A sector 界别."""

    class Meta:
        model = Sector

    kind = Body.Kind.SECTOR
    name = factory.Sequence(lambda number: f"界别{number}")


class SpecialCommitteeFactory(DjangoModelFactory):
    """A special committee 专委会."""

    class Meta:
        model = SpecialCommittee

    kind = Body.Kind.COMMITTEE
    name = factory.Sequence(lambda number: f"第{number}专委会")


class StudioFactory(DjangoModelFactory):
    """A studio 委员工作室."""

    class Meta:
        model = Studio

    name = factory.Sequence(lambda number: f"“{number}号”委员工作室")


class HandlingUnitFactory(DjangoModelFactory):
    """A handling unit 承办单位."""

    class Meta:
        model = HandlingUnit

    name = factory.Sequence(lambda number: f"汉滨区第{number}局")
    short_name = factory.LazyAttribute(lambda unit: unit.name.removeprefix("汉滨"))
    category = "政府部门"


class MemberFactory(DjangoModelFactory):
    """A member 委员 in office."""

    class Meta:
        model = Member

    code = factory.Sequence(lambda number: f"T{number:05d}")
    name = factory.Sequence(lambda number: f"委员{number}")
    sector = factory.SubFactory(SectorFactory)
    post = "某单位 干部"
    phone = "13812345678"


class TermFactory(DjangoModelFactory):
    """The current term; asked for again it is the same."""

    class Meta:
        model = Term
        django_get_or_create = ("number",)

    number = 16
    name = "十六届"
    starts = date(2022, 2, 20)
    is_current = True


class SessionFactory(DjangoModelFactory):
    """The current session, past its cut-off for in-session proposals; asked for again it is the same."""

    class Meta:
        model = Session
        django_get_or_create = ("term", "number")

    term = factory.SubFactory(TermFactory)
    number = 1
    name = "十六届一次会议"
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    opens = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=90))
    closes = factory.LazyAttribute(lambda row: row.opens + timedelta(days=4))
    collects_from = factory.LazyAttribute(lambda row: row.opens - timedelta(days=90))
    cut_off = factory.LazyFunction(lambda: timezone.now() - timedelta(days=87))
    is_current = True


class GroundFactory(DjangoModelFactory):
    """A ground of refusal besides those of every installation."""

    class Meta:
        model = Ground

    code = factory.Sequence(lambda number: f"ground-{number}")
    name = factory.Sequence(lambda number: f"理由{number}")


class ProposalFactory(DjangoModelFactory):
    """A complete draft of one member with one suggestion; ``status`` puts it elsewhere without its history."""

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    session = factory.SubFactory(SessionFactory)
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    title = factory.Sequence(lambda number: f"关于加强第{number}项工作的建议")
    situation = "情况与问题。"
    analysis = "分析。"
    category = factory.LazyFunction(lambda: Category.objects.get(code="society"))
    status = Status.DRAFT

    @factory.post_generation
    def member(self, create, extracted, **kwargs):
        member = extracted or MemberFactory()
        ProposerFactory(proposal=self, member=member)
        self.proposer_name = member.name
        self.save(update_fields=["proposer_name"])

    @factory.post_generation
    def texts(self, create, extracted, **kwargs):
        for order, text in enumerate(extracted or ["第一条建议。"], 1):
            SuggestionFactory(proposal=self, order=order, text=text)


class SuggestionFactory(DjangoModelFactory):
    """One suggestion."""

    class Meta:
        model = Suggestion

    proposal = factory.SubFactory(ProposalFactory)
    order = 1
    text = "建议。"


class ProposerFactory(DjangoModelFactory):
    """A confirmed proposer, the first one unless ``order`` says otherwise."""

    class Meta:
        model = Proposer

    proposal = factory.SubFactory(ProposalFactory)
    member = None
    body = None
    name = factory.LazyAttribute(lambda row: str(row.member or row.body))


class UnitTaskFactory(DjangoModelFactory):
    """A lead's task that waits for its receipt."""

    class Meta:
        model = UnitTask

    proposal = factory.SubFactory(ProposalFactory, status=Status.ASSIGNED)
    unit = factory.SubFactory(HandlingUnitFactory)
    role = UnitTask.Role.LEAD
    status = TaskStatus.PENDING
    assigned_on = factory.LazyFunction(timezone.localdate)


class ContactLogFactory(DjangoModelFactory):
    """One visit of today."""

    class Meta:
        model = ContactLog

    task = factory.SubFactory(UnitTaskFactory)
    held_on = factory.LazyFunction(timezone.localdate)
    method = ContactLog.Method.MEETING
    persons = "提案者"
    content = "当面听取意见。"
    recorded_by = factory.SubFactory(UserFactory)


class ReplyFactory(DjangoModelFactory):
    """A draft of a reply."""

    class Meta:
        model = Reply

    task = factory.SubFactory(UnitTaskFactory, status=TaskStatus.WORKING)
    status = Reply.Status.DRAFT


class ReplyItemFactory(DjangoModelFactory):
    """The answer to the first suggestion, of class A."""

    class Meta:
        model = ReplyItem

    reply = factory.SubFactory(ReplyFactory)
    suggestion = factory.LazyAttribute(lambda row: row.reply.task.proposal.suggestions.first())
    text = "已经办理。"
    result_class = factory.LazyFunction(lambda: ResultClass.objects.get(letter="A"))


class PromiseFactory(DjangoModelFactory):
    """A promise for next month."""

    class Meta:
        model = Promise

    reply = factory.SubFactory(ReplyFactory)
    text = "建成投用"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class FeedbackFactory(DjangoModelFactory):
    """A form that waits for the first proposer."""

    class Meta:
        model = Feedback

    proposal = factory.SubFactory(ProposalFactory, status=Status.REPLIED)
    proposer = factory.LazyAttribute(lambda row: row.proposal.proposers.first())
