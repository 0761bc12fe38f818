"""Quality evaluation 质量评价: open, invite, answer once without a name, remind, close, publish (decision 0011)."""

import secrets as randomness
from collections.abc import Mapping
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import BooleanField, Case, F, Max, Value, When
from django.utils import timezone

from consultations.evaluation import results
from consultations.evaluation.workflow import RUN
from consultations.models import (
    Consultation,
    ConsultationStatus,
    Evaluation,
    EvaluationAnswer,
    EvaluationComment,
    EvaluationInvitation,
    EvaluationStatus,
)
from consultations.services import indicators as versions
from core import audit, notices, options, outbox, secrets, workflow
from core.acts import require
from core.errors import Refusal
from members.models import Attendance, Member, User

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O, which are misread from paper."""
LENGTH = 12
MOST_SLIPS = 200
LONGEST = 90
HELD = (ConsultationStatus.HELD, ConsultationStatus.REPORTED, ConsultationStatus.CLOSED)


class Gone(Refusal):
    """A link that leads nowhere any more: used, replaced, or after the end."""


class Unknown(Gone):
    """A link that never was."""


def new_code() -> str:
    """A code that nobody can guess: 31^12, about 59 bits."""
    return "".join(randomness.choice(ALPHABET) for _ in range(LENGTH))


def digest(code: str) -> str:
    """What is stored of a code, however it was typed."""
    letters = "".join(char for char in code.upper() if char.isalnum())
    return secrets.digest(letters[:40], "evaluation")


@transaction.atomic
def open_evaluation(consultation: Consultation, *, actor, ends_on: date) -> Evaluation:
    """Open the evaluation of a session that was held; whoever of the members took part is invited."""
    require(actor, RUN, act="开始质量评价")
    current = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if current.status not in HELD:
        raise Refusal(f"这场协商{current.get_status_display()}，举行以后才能评价。")
    if current.is_light:
        raise Refusal("微协商、一线协商人少，不作质量评价。")
    if Evaluation.objects.filter(consultation=current).exists():
        raise Refusal("这场协商已经在评价，或者评价过了。")
    _fitting_end(ends_on)
    row = workflow.begin(
        Evaluation(
            consultation=current, indicators=versions.in_force(current.on.year) or versions.begin(),
            minimum=options.value("consultations.evaluation_minimum"), opened_on=timezone.localdate(), ends_on=ends_on,
            opened_by=actor,
        ),
        EvaluationStatus.OPEN,
    )  # fmt: skip
    people = _taking_part(current)
    row.invited = len(people)
    row.save()
    EvaluationInvitation.objects.bulk_create(
        [EvaluationInvitation(evaluation=row, member_id=pk, digest=digest(new_code())) for pk in people], batch_size=500
    )
    outbox.add(
        "consultations.evaluation_opened", key=f"consultations.evaluation_opened:{row.pk}",
        payload={"model": "consultations.evaluation", "id": row.pk},
    )  # fmt: skip
    audit.record(
        verb="evaluation.open", summary=f"开始质量评价，请{len(people)}位委员", actor=actor, subject=row, root=current
    )
    return row


def _fitting_end(ends_on: date) -> None:
    today = timezone.localdate()
    if not today <= ends_on <= date.fromordinal(today.toordinal() + LONGEST):
        raise Refusal(f"截止日期要在今天以后、{LONGEST}天以内。", field="ends_on")


def taking_part_count(consultation: Consultation) -> int:
    """How many members opening an evaluation would invite."""
    return len(_taking_part(consultation))


def is_open(evaluation: Evaluation) -> bool:
    """Whether answers are still taken."""
    return evaluation.status == EvaluationStatus.OPEN and evaluation.ends_on >= timezone.localdate()


def _taking_part(consultation: Consultation) -> list[int]:
    """Members who were there; where attendance was not kept at all, all who were invited and had no leave."""
    if consultation.activity_id is None:
        return []
    rows = Attendance.objects.filter(activity_id=consultation.activity_id)
    present = list(rows.filter(state=Attendance.State.PRESENT).values_list("member_id", flat=True))
    return present or list(rows.exclude(state=Attendance.State.ON_LEAVE).values_list("member_id", flat=True))


@transaction.atomic
def print_slips(evaluation: Evaluation, count: int, *, actor, replace: bool = False) -> list[tuple[int, str]]:
    """Make ``count`` slips for guests; gives number and code of each, which exist nowhere else.

    With ``replace`` the guests' slips that were not used so far are void. Raises ``Refusal`` above 200.
    """
    require(actor, RUN, act="印来宾评价票")
    current = _lock_open(evaluation.pk)
    guests = current.invitations.filter(slip__isnull=False)
    voided = guests.filter(used=False).delete()[0] if replace else 0
    if count < 1 or guests.count() + count > MOST_SLIPS:
        raise Refusal(f"一场协商最多{MOST_SLIPS}张来宾评价票。", field="count")
    first = (guests.aggregate(top=Max("slip"))["top"] or 0) + 1
    made = [(number, new_code()) for number in range(first, first + count)]
    EvaluationInvitation.objects.bulk_create(
        [EvaluationInvitation(evaluation=current, slip=number, digest=digest(code)) for number, code in made]
    )
    words = f"印来宾评价票{count}张" + (f"，作废没用的{voided}张" if voided else "")
    audit.record(verb="evaluation.slips", summary=words, actor=actor, subject=current, root=current.consultation)
    return made


@transaction.atomic
def own_code(evaluation: Evaluation, member: Member) -> str:
    """A member's personal link, made anew each time he asks for it, so that it is stored nowhere; the former is void."""
    current = _lock_open(evaluation.pk)
    row = current.invitations.filter(member=member).first()
    if row is None:
        raise Refusal("这次评价没有请您。")
    if row.used:
        raise Refusal("您已经评价过了，谢谢。")
    code = new_code()
    row.digest = digest(code)
    row.save(update_fields=["digest"])
    return code


def by_code(code: str) -> Evaluation:
    """The evaluation to which a code leads; raises ``Unknown``, or ``Gone`` when it can no longer be answered."""
    row = (
        EvaluationInvitation.objects.filter(digest=digest(code))
        .select_related("evaluation__consultation__organizer", "evaluation__indicators")
        .first()
    )
    if row is None:
        raise Unknown("没有这个评价码，请核对。重新取过链接的，只有最后一个有效。")
    _check(row.evaluation, row)
    return row.evaluation


@transaction.atomic
def answer(code: str, marks: Mapping[str, int], *, comment: str = "") -> None:
    """Take one answer for one link; of two at once exactly one is taken. Nothing of who or when is written.

    The use is written with one statement over all invitations, so that in the database too every row of
    theirs was last touched by the same transaction, and none stands out as the one that came with an answer.
    """
    key = digest(code)
    found = EvaluationInvitation.objects.filter(digest=key).values_list("evaluation_id", flat=True).first()
    if found is None:
        raise Unknown("没有这个评价码，请核对。重新取过链接的，只有最后一个有效。")
    current = Evaluation.objects.select_for_update().get(pk=found)
    row = current.invitations.filter(digest=key).first()
    if row is None:
        raise Unknown("这个链接已经换成新的了，请用最后取的一个。")
    _check(current, row)
    if not results.sound(versions.reading(current.indicators), marks):
        raise Refusal("还有没选的，或者全部选了“不了解”。")
    current.invitations.update(
        used=Case(When(pk=row.pk, then=Value(True)), default=F("used"), output_field=BooleanField())
    )
    EvaluationAnswer.objects.create(evaluation=current, marks=dict(marks))
    if text := comment.strip()[:500]:
        EvaluationComment.objects.create(evaluation=current, text=text)


def _check(evaluation: Evaluation, row: EvaluationInvitation) -> None:
    if row.used:
        raise Gone("这个链接已经用过，一个链接只能评一次。谢谢您的评价。")
    if not is_open(evaluation):
        raise Gone("这次评价已经截止，不再收评价了。")


def _lock_open(pk: int) -> Evaluation:
    current = Evaluation.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=pk)
    if not is_open(current):
        raise Refusal("这次评价已经截止。")
    return current


@transaction.atomic
def extend(evaluation: Evaluation, *, actor, ends_on: date) -> Evaluation:
    """Move the end of an open evaluation."""
    _fitting_end(ends_on)
    return workflow.perform(evaluation, "extend", actor=actor, changes={"ends_on": ends_on})


@transaction.atomic
def remind(evaluation: Evaluation, *, actor) -> int:
    """Remind members whose link was not used, once a day each; gives how many there are.

    Whether a link was used is known, what was answered is not. ``actor`` None is the daily run.
    """
    if actor is not None:
        require(actor, RUN, act="提醒评价")
    current = _lock_open(evaluation.pk)
    waiting = User.objects.filter(
        is_active=True, member__in=current.invitations.filter(used=False, member__isnull=False).values("member")
    )
    people = list(waiting.values_list("pk", flat=True))
    if not people:
        return 0
    notices.notify(
        people, key=f"evaluation-remind:{current.pk}:{timezone.localdate()}", url=own_url(current),
        title=f"请评价协商《{current.consultation.title}》",
        body=f"评价到{current.ends_on.month}月{current.ends_on.day}日截止，不记名，两分钟就好。",
    )  # fmt: skip
    if actor is not None:
        audit.record(
            verb="evaluation.remind", summary=f"提醒还没有评价的委员{len(people)}位", actor=actor, subject=current,
            root=current.consultation,
        )  # fmt: skip
    return len(people)


def own_url(evaluation: Evaluation) -> str:
    """Where a member asks for his link."""
    return f"{evaluation.get_absolute_url()}mine/"


@transaction.atomic
def close(evaluation: Evaluation, *, actor) -> Evaluation:
    """Take no more answers, compute the result, and mix the rows anew; ``actor`` None is the daily run."""
    current = Evaluation.objects.select_for_update(of=("self",)).select_related("indicators").get(pk=evaluation.pk)
    if problem := workflow.refusal(current, "close", actor):
        raise Refusal(problem)
    marks = _mix(current)
    indicators = versions.reading(current.indicators)
    result = results.compute(indicators, marks, current.minimum)
    points = results.points_of(result)
    changes = {
        "closed_on": timezone.localdate(), "answered": len(marks), "invited": current.invitations.count(),
        "points": points, "grade": indicators.grade(points) if points is not None else "", "result": result,
    }  # fmt: skip
    return workflow.perform(current, "close", actor=actor, changes=changes)


def _mix(evaluation: Evaluation) -> list[results.Marks]:
    """Write all answers and remarks anew, in random order under new keys, in the one transaction of the closing."""
    answers = list(evaluation.answers.values_list("marks", flat=True))
    remarks = list(evaluation.comments.values_list("text", flat=True))
    chance = randomness.SystemRandom()
    chance.shuffle(answers)
    chance.shuffle(remarks)
    evaluation.answers.all().delete()
    evaluation.comments.all().delete()
    EvaluationAnswer.objects.bulk_create(
        [EvaluationAnswer(id=uuid4(), evaluation=evaluation, marks=one) for one in answers], batch_size=500
    )
    EvaluationComment.objects.bulk_create(
        [EvaluationComment(id=uuid4(), evaluation=evaluation, text=one) for one in remarks], batch_size=500
    )
    evaluation.invitations.update(used=F("used"))
    return answers


@transaction.atomic
def publish(evaluation: Evaluation, *, actor) -> Evaluation:
    """Let those who took part see the grade."""
    return workflow.perform(evaluation, "publish", actor=actor, changes={"published_on": timezone.localdate()})


def every_day(on: date) -> None:
    """The daily run: close what has ended, remind members before the end."""
    due = Evaluation.objects.filter(status=EvaluationStatus.OPEN)
    for row in due.filter(ends_on__lt=on):
        close(row, actor=None)
    if days := options.value("consultations.evaluation_remind_days"):
        for row in due.filter(ends_on=date.fromordinal(on.toordinal() + days)):
            remind(row, actor=None)
