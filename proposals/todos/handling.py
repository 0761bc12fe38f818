"""Duties of handling 办理: of the inspection office 督查室, and of units 承办单位 with their letters and promises."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from members.models import Role
from proposals.choices import name_of
from proposals.models import ContactLog, CosignOpinion, Promise, Reply, Status, TaskStatus, UnitTask
from proposals.todos.lines import Columns, Duty, Line, case_columns, first_known, term, term_columns

PROMISE_AHEAD = 30
"""Days before its date from which a promise stands among what waits."""

_REPLYING = (UnitTask.Role.LEAD, UnitTask.Role.SPLIT)
_IN_HAND = (Status.ASSIGNED, Status.HANDLING, Status.REHANDLING)
_AT_WORK = (TaskStatus.SIGNED, TaskStatus.WORKING)
_ROLES = dict(UnitTask.Role.choices)

# --- Tasks -------------------------------------------------------------------------------------


def _by_term(rows: QuerySet, kind: str) -> QuerySet:
    return rows.annotate(due=term(UnitTask, kind, "due")).order_by("due", "pk")


def _requests(status: str, kind: str) -> Callable[..., QuerySet | None]:
    """What units asked of the inspection office."""

    def rows(user) -> QuerySet | None:
        return _by_term(UnitTask.objects.filter(status=status), kind) if user.has_role(Role.INSPECTION) else None

    return rows


def _tasks(kind: str, narrow: Callable[[QuerySet], QuerySet]) -> Callable[..., QuerySet | None]:
    """Tasks of the person's units in cases in hand."""

    def rows(user) -> QuerySet | None:
        if not user.unit_ids():
            return None
        own = UnitTask.objects.filter(unit_id__in=user.unit_ids(), proposal__status__in=_IN_HAND)
        return _by_term(narrow(own), kind)

    return rows


def _to_sign(rows: QuerySet) -> QuerySet:
    return rows.filter(status__in=(TaskStatus.PENDING, TaskStatus.UPHELD))


def _to_contact(rows: QuerySet) -> QuerySet:
    return rows.filter(~Exists(_contacts()), status__in=_AT_WORK, role__in=_REPLYING)


def _to_draft(rows: QuerySet) -> QuerySet:
    letters = Reply.objects.filter(task=OuterRef("pk"), round=OuterRef("proposal__round"))
    beyond = letters.exclude(status=Reply.Status.DRAFT)
    return rows.filter(Exists(_contacts()), ~Exists(beyond), status__in=_AT_WORK, role__in=_REPLYING)


def _to_give_opinion(rows: QuerySet) -> QuerySet:
    return rows.filter(status__in=_AT_WORK, role=UnitTask.Role.SUPPORT)


def _contacts() -> QuerySet:
    return ContactLog.objects.filter(task=OuterRef("pk"), round=OuterRef("proposal__round"))


def _task_columns(kind: str) -> Callable[[], Columns]:
    def columns() -> Columns:
        terms = term_columns(UnitTask, kind)
        terms["since"] = first_known(terms["since"], "assigned_on")
        return case_columns("proposal__", words=F("role"), unit=F("unit_id"), **terms)

    return columns


def _tell_task(line: Line) -> str:
    return f"{line.case} · {_ROLES[line.words]} · {name_of('unit', line.unit)}"


def _task(kind: str, action: str, rows, term_kind: str) -> Duty:
    return Duty(kind, action, rows, _task_columns(term_kind), "task", _tell_task)


# --- Letters -----------------------------------------------------------------------------------


def _letters(rows: QuerySet) -> QuerySet:
    """Letters of the present round of cases in hand, by the reply's term."""
    rows = rows.filter(round=F("task__proposal__round"), task__proposal__status__in=_IN_HAND)
    return rows.annotate(due=term(UnitTask, "reply", "due", "task_id")).order_by("due", "pk")


def _to_check(user) -> QuerySet | None:
    if not user.has_role(Role.INSPECTION):
        return None
    return _letters(Reply.objects.filter(status=Reply.Status.OFFICE_REVIEW))


def _to_approve(user) -> QuerySet | None:
    units = user.unit_ids(Role.UNIT_LEADER)
    if not units:
        return None
    open_cosign = CosignOpinion.objects.filter(reply=OuterRef("pk")).exclude(state=CosignOpinion.State.AGREED)
    supports = UnitTask.objects.live().filter(proposal=OuterRef("task__proposal"), role=UnitTask.Role.SUPPORT)
    unanswered = Q(items__text="") | Q(items__result_class=None)
    drafts = Q(status=Reply.Status.DRAFT, result_class__isnull=False) & (
        Q(task__role=UnitTask.Role.SPLIT) | ~Exists(supports)
    )
    rows = Reply.objects.filter(task__unit_id__in=units).filter(
        drafts | Q(Q(status=Reply.Status.COSIGN), ~Exists(open_cosign))
    )
    return _letters(rows.exclude(pk__in=Reply.objects.filter(unanswered, status=Reply.Status.DRAFT).values("pk")))


def _to_send(user) -> QuerySet | None:
    if not user.unit_ids():
        return None
    return _letters(Reply.objects.filter(task__unit_id__in=user.unit_ids(), status=Reply.Status.UNIT_APPROVED))


def _letter_columns() -> Columns:
    due = term(UnitTask, "reply", "due", "task_id")
    return case_columns("task__proposal__", unit=F("task__unit_id"), due=due, at=F("saved_at"))


def _letter(kind: str, action: str, rows) -> Duty:
    return Duty(
        kind, action, rows, _letter_columns, "reply", lambda line: f"{line.case} · {name_of('unit', line.unit)}的答复"
    )


# --- Agreement of support units, and promises -----------------------------------------------------


def _to_cosign(user) -> QuerySet | None:
    if not user.unit_ids():
        return None
    return CosignOpinion.objects.filter(
        task__unit_id__in=user.unit_ids(), state=CosignOpinion.State.WAITING, reply__status=Reply.Status.COSIGN
    ).order_by("pk")


def _cosign_columns() -> Columns:
    return case_columns(
        "reply__task__proposal__", row=F("reply_id"), unit=F("reply__task__unit_id"), at=F("reply__saved_at")
    )


def _promises(user) -> QuerySet | None:
    if not user.unit_ids():
        return None
    soon = timezone.localdate() + timedelta(days=PROMISE_AHEAD)
    return (
        Promise.objects.running()
        .filter(reply__task__unit_id__in=user.unit_ids(), reply__status=Reply.Status.ISSUED, due_on__lte=soon)
        .order_by("due_on", "pk")
    )


def _promise_columns() -> Columns:
    words = Left("text", 40, output_field=CharField())
    return case_columns("reply__task__proposal__", words=words, due=F("due_on"), since=F("reply__issued_on"))


INSPECTION = (
    _task(
        "transfer", "决定改办申请", _requests(TaskStatus.TRANSFER_REQUESTED, "transfer_decision"), "transfer_decision"
    ),
    _task(
        "extension",
        "决定延期申请",
        _requests(TaskStatus.EXTENSION_REQUESTED, "extension_decision"),
        "extension_decision",
    ),
    _letter("check_reply", "审核答复", _to_check),
)
UNITS = (
    _task("sign", "签收", _tasks("receipt", _to_sign), "receipt"),
    _task("contact", "与委员沟通并登记", _tasks("contact", _to_contact), "contact"),
    _task("reply", "起草答复", _tasks("reply", _to_draft), "reply"),
    _task("opinion", "提交会办意见", _tasks("opinion", _to_give_opinion), "opinion"),
    Duty(
        "cosign", "会签答复", _to_cosign, _cosign_columns, "reply",
        lambda line: f"{line.case} · {name_of('unit', line.unit)}主办",
    ),
    _letter("approve", "签发答复", _to_approve),
    _letter("send", "报督查室审核", _to_send),
    Duty("promise", "兑现承诺", _promises, _promise_columns, "promise", lambda line: f"{line.case} · {line.words}"),
)  # fmt: skip
