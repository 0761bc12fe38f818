"""What the pages of handling 办理 read: a unit's task with its six steps, a reply with what it still lacks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404

from core.models import Deadline
from members.models import Role, User
from proposals.models import (
    ContactLog,
    CosignOpinion,
    Feedback,
    Promise,
    Proposal,
    Proposer,
    Reply,
    ReplyItem,
    ResultClass,
    Suggestion,
    UnitTask,
)

OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INSPECTION)
HELPERS = (Role.PROPOSAL_CLERK, Role.INSPECTION)
HELPERS_SHOWN = 4
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Step:
    """One step of the walk 办理六步: its name, what is known of it, and ``state`` done, current or empty."""

    label: str
    note: str
    state: str


@dataclass(frozen=True)
class Now:
    """The one next act of a task: ``act`` names the part of the page that does it, "" when one has to wait."""

    act: str
    title: str
    text: str


@dataclass(frozen=True)
class Lack:
    """Something a reply still needs: the id of the field on the page, and words."""

    anchor: str
    text: str


@dataclass
class TaskCase:
    """A task with all that its page shows, read once."""

    task: UnitTask
    siblings: list[UnitTask]
    suggestions: list[Suggestion]
    contacts: list[ContactLog]
    reply: Reply | None
    earlier: list[Reply]
    complaints: list[Feedback]
    proposers: list[Proposer]
    deadlines: list[Deadline]
    asked_cosigns: list[CosignOpinion] = field(default_factory=list)

    @property
    def proposal(self) -> Proposal:
        """The proposal that the task is about."""
        return self.task.proposal

    @property
    def supports(self) -> list[UnitTask]:
        """The support units 会办单位 of the case."""
        return [row for row in self.siblings if row.role == UnitTask.Role.SUPPORT]

    @property
    def needs_cosign(self) -> bool:
        """Whether the letter goes round the support units before it is signed."""
        return self.task.role == UnitTask.Role.LEAD and bool(self.supports)

    def due(self, *kinds: str) -> Deadline | None:
        """The open deadline of the first kind that has one."""
        by_kind = {row.kind: row for row in self.deadlines if row.is_open}
        return next((by_kind[kind] for kind in kinds if kind in by_kind), None)


def ordinal(number: int) -> str:
    """A small number in Chinese for headings (一)…(二十)."""
    if number <= 10:
        return NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return f"{NUMERALS[tens - 1] if tens > 1 else ''}十{NUMERALS[ones - 1] if ones else ''}"


def tasks_for(user):
    """The tasks whose page ``user`` may open: those of the own unit; the offices read all."""
    rows = UnitTask.objects.live()
    if user.has_role(*OFFICE):
        return rows.visible_to(user)
    return rows.filter(unit_id__in=user.unit_ids())


def get_task(user, pk: int) -> UnitTask:
    """One task of :func:`tasks_for`, or 404."""
    rows = tasks_for(user).select_related("proposal__session", "unit", "transfer_to")
    return get_object_or_404(rows, pk=pk)


def replies_for(user):
    """The replies that ``user`` may read at this stage.

    The unit its own always; support units from co-signing on; inspection and the proposals office
    from the office check on; whoever may read the proposal when it is issued.
    """
    issued = Q(status=Reply.Status.ISSUED, task__proposal__in=Proposal.objects.visible_to(user))
    units = user.unit_ids()
    allowed = issued
    if units:
        allowed |= Q(task__unit_id__in=units)
        asked = CosignOpinion.objects.filter(task__unit_id__in=units).exclude(task__status="reassigned")
        allowed |= Q(pk__in=asked.values("reply_id"))
    if user.has_role(*OFFICE):
        allowed |= Q(status__in=[Reply.Status.UNIT_APPROVED, Reply.Status.OFFICE_REVIEW])
    return Reply.objects.filter(allowed)


def get_reply(user, pk: int) -> Reply:
    """One reply of :func:`replies_for` with its letter's parts, or 404."""
    return get_object_or_404(whole_letters(replies_for(user)), pk=pk)


def whole_letters(rows):
    """Replies with everything that their letter is composed of."""
    joined = rows.select_related("task__unit", "task__proposal__session", "result_class", "drafted_by", "signed_by")
    return joined.prefetch_related(*_letter_parts())


def _letter_parts() -> list:
    return [
        Prefetch("items", ReplyItem.objects.select_related("result_class", "suggestion").order_by("suggestion__order")),
        "promises",
        Prefetch("cosigns", CosignOpinion.objects.select_related("task__unit", "answered_by")),
    ]


def task_case(task: UnitTask) -> TaskCase:
    """Read everything that the page of ``task`` shows, in a fixed number of queries."""
    proposal = task.proposal
    siblings = list(proposal.tasks.live().select_related("unit").order_by("role", "id"))
    letters = list(
        task.letters.select_related("result_class", "task__proposal", "task__unit").prefetch_related(*_letter_parts())
    )
    asked = []
    if task.role == UnitTask.Role.SUPPORT:
        asked = list(task.cosigns.select_related("reply__task__unit").order_by("-id"))
    complaints = []
    if proposal.round > 1:
        complaints = list(
            proposal.feedback.filter(round=proposal.round - 1).exclude(text="").filter(result="unsatisfied")
        )
    return TaskCase(
        task=task,
        siblings=siblings,
        suggestions=list(proposal.suggestions.all()),
        contacts=list(task.contacts.filter(round=proposal.round).select_related("recorded_by")),
        reply=next((row for row in letters if row.round == proposal.round), None),
        earlier=[row for row in letters if row.round < proposal.round],
        complaints=complaints,
        proposers=list(proposal.proposers.filter(state=Proposer.State.CONFIRMED).select_related("member")),
        deadlines=list(Deadline.objects.of(task).filter(void=False).order_by("due")),
        asked_cosigns=asked,
    )


def classes() -> list[ResultClass]:
    """The result classes in use, best first."""
    return list(ResultClass.objects.filter(is_active=True).order_by("order", "id"))


def lowest_class(items: Iterable[ReplyItem]) -> ResultClass | None:
    """The class of the whole letter as suggested: the lowest of its answers."""
    given = [row.result_class for row in items if row.result_class_id]
    return max(given, key=lambda row: (row.order, row.pk), default=None)


def lacks(case: TaskCase) -> list[Lack]:
    """What the letter still needs before it may go on, in the order of the page."""
    reply = case.reply
    found = []
    answers = {row.suggestion_id: row for row in reply.items.all()} if reply else {}
    promised = bool(reply.promises.all()) if reply else False
    for number, suggestion in enumerate(case.suggestions, 1):
        answer = answers.get(suggestion.pk)
        if answer is None or not answer.text.strip():
            found.append(Lack(f"id_text_{suggestion.pk}", f"第（{ordinal(number)}）条：还没有写答复"))
        if answer is None or answer.result_class_id is None:
            found.append(Lack(f"class-{suggestion.pk}", f"第（{ordinal(number)}）条：还没有选分类"))
        elif answer.result_class.needs_promise and not promised:
            letter = answer.result_class.letter
            found.append(
                Lack(f"promise-{suggestion.pk}", f"第（{ordinal(number)}）条：{letter}类，要有一条带日期的承诺")
            )
    total = reply.result_class if reply else None
    if not case.suggestions and (reply is None or not reply.opening.strip()):
        found.append(Lack("id_opening", "还没有写答复正文"))
    if not case.suggestions and total is None:
        found.append(Lack("class-total", "还没有选总分类"))
    if total and total.needs_promise and not promised and not any("承诺" in row.text for row in found):
        found.append(Lack("promise-any", f"总分类是{total.letter}类，至少要有一条带日期的承诺"))
    if not case.contacts:
        found.append(Lack("contact", "还没有登记与提案者的沟通"))
    return found


def unit_counts(user) -> dict[str, int]:
    """How many live tasks of the person's units stand in each state; asked once for each loaded user."""
    if not hasattr(user, "_unit_counts"):
        rows = UnitTask.objects.live().filter(unit_id__in=user.unit_ids())
        user._unit_counts = dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
    return user._unit_counts


def helpers() -> list[User]:
    """Whom to ask 有事找谁: the proposals office and inspection, with their telephone numbers."""
    rows = User.objects.filter(is_active=True, role_grants__role__in=HELPERS).exclude(phone="")
    return list(rows.distinct().order_by("role_grants__role", "pk").prefetch_related("role_grants")[:HELPERS_SHOWN])


def promises_for(user):
    """The promises of issued replies that ``user`` may follow: the own unit's, or of the cases he may read."""
    rows = Promise.objects.filter(reply__status=Reply.Status.ISSUED)
    if user.unit_ids() and not user.has_role(*OFFICE):
        return rows.filter(reply__task__unit_id__in=user.unit_ids())
    return rows.filter(reply__task__proposal__in=Proposal.objects.visible_to(user))
