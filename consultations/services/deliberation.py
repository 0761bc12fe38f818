"""Online deliberation 网络议政: the window is set, opened, extended, closed; opinions are put, votes taken.

Votes leave no line in the log: nobody may read who voted how (docs/decisions/0010).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consultations.deliberation import scan as deliberation_scan
from consultations.deliberation.participants import enter, order_of
from consultations.deliberation.workflow import WINDOW
from consultations.models import (
    Consultation,
    ConsultationStatus,
    Deliberation,
    DeliberationStatus,
    Opinion,
    OpinionStatus,
    Outcome,
    Participant,
    Vote,
)
from consultations.services import outcomes, sessions
from core import audit, options, workflow
from core.acts import require, words
from core.errors import Refusal
from members.models import Member

BAND = 5
"""Opinions whose numbers of votes differ by less are dealt in random order."""
SHUT = "网络议政已经截止，这一次没有记下。"


@transaction.atomic
def prepare(
    consultation: Consultation, *, actor: Any, question: str, opens_at: datetime, closes_at: datetime,
    audience: str = Deliberation.Audience.MEMBERS, moderated: bool = True,
) -> Deliberation:  # fmt: skip
    """Set the window of a session of the form 网络议政."""
    current = Consultation.objects.select_for_update().get(pk=consultation.pk)
    require(actor, "consultations.run", current, act="设置网络议政")
    if current.form != Consultation.Form.NETWORK:
        raise Refusal("只有形式是网络议政的协商可以设置。")
    if current.status not in (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED):
        raise Refusal(f"协商现在是“{current.get_status_display()}”，不能再设置网络议政。")
    if Deliberation.objects.filter(consultation=current).exists():
        raise Refusal("这场协商已经设置过网络议政。")
    _check_window(opens_at, closes_at)
    row = workflow.begin(
        Deliberation(
            consultation=current, question=words(question, "请大家说什么", field_name="question", limit=200),
            opens_at=opens_at, closes_at=closes_at, audience=audience, moderated=moderated, made_by=actor,
        ),
        DeliberationStatus.DRAFT,
    )  # fmt: skip
    row.save()
    audit.record(
        verb="deliberation.prepare", summary="设置网络议政", actor=actor, subject=row, root=current,
        detail={"audience": audience, "moderated": moderated},
    )  # fmt: skip
    return row


@transaction.atomic
def change(row: Deliberation, *, actor: Any, **values: Any) -> Deliberation:
    """Change the window before it opens."""
    _check_window(values.get("opens_at", row.opens_at), values.get("closes_at", row.closes_at))
    return workflow.perform(row, "change", actor=actor, changes={k: v for k, v in values.items() if k in WINDOW})


@transaction.atomic
def open_window(row: Deliberation, *, actor: Any) -> Deliberation:
    """Let people in, from ``opens_at`` on."""
    if row.closes_at <= timezone.now():
        raise Refusal("截止时间已经过了，请先改截止时间。")
    return workflow.perform(row, "open", actor=actor)


@transaction.atomic
def extend(row: Deliberation, *, actor: Any, closes_at: datetime) -> Deliberation:
    """Let it run longer; it is never cut short but by closing it."""
    current = Deliberation.objects.select_for_update().get(pk=row.pk)
    if closes_at <= current.closes_at or closes_at <= timezone.now():
        raise Refusal("新的截止时间要比原来的晚，也要晚于现在。", field="closes_at")
    return workflow.perform(current, "extend", actor=actor, changes={"closes_at": closes_at})


@transaction.atomic
def close(row: Deliberation, *, actor: Any) -> Outcome:
    """Close the window, forget the way from members to their keys, and begin the digest 意见建议汇编."""
    current = Deliberation.objects.select_for_update().get(pk=row.pk)
    if problem := workflow.refusal(current, "close", actor):
        raise Refusal(problem)
    waiting = current.opinions.filter(status=OpinionStatus.WAITING).count()
    if waiting:
        raise Refusal(f"还有{waiting}条意见没有审核，审完再结束。")
    current = workflow.perform(current, "close", actor=actor, changes={"closed_at": timezone.now()})
    # The salt goes past the machine's table, which would write its old value into the log.
    Deliberation.objects.filter(pk=current.pk).update(salt="")
    session = Consultation.objects.select_for_update().get(pk=current.consultation_id)
    opinions = list(current.opinions.filter(status=OpinionStatus.PUBLISHED).order_by("id"))
    if session.status in (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED):
        today = timezone.localdate()
        if session.on > today:
            session = workflow.perform(session, "change", actor=actor, changes={"on": today})
        session = sessions.hold(session, actor=actor, suggestions_count=len(opinions))
    lines = [f"{number}．{opinion.text}" for number, opinion in enumerate(opinions, 1)]
    return outcomes.write(
        session, actor=actor, kind=Outcome.Kind.DIGEST, title=f"《{session.title}》网络议政意见建议汇编"[:160],
        text=f"共公开意见{len(opinions)}条。\n" + "\n".join(lines),
    )  # fmt: skip


@transaction.atomic
def say(
    row: Deliberation, *, text: str, member: Member | None = None, participant: Participant | None = None,
    actor: Any = None,
) -> Opinion:  # fmt: skip
    """Put an opinion: a member by name, a resident by key, or the office (``actor`` alone) to begin with.

    It waits for the moderator where moderation is on or the text seems to name a private person.
    """
    text = " ".join(words(text, "意见", field_name="text", limit=options.value("consultations.opinion_chars")).split())
    current = Deliberation.objects.select_for_update().get(pk=row.pk)
    own = member is not None or participant is not None
    if own:
        check_open(current)
        mine = current.opinions.filter(member=member, participant=participant)
        most = options.value("consultations.opinion_most")
        if (there := mine.filter(text=text).first()) is not None:
            return there
        if mine.count() >= most:
            raise Refusal(f"一人最多提{most}条，您已经提满。可以继续对别人的意见表态。")
    else:
        require(actor, "consultations.run_deliberation", current, act="提开头的意见")
        if current.status == DeliberationStatus.CLOSED:
            raise Refusal(SHUT)
    found = deliberation_scan.flags(text)
    status = OpinionStatus.WAITING if found or (own and current.moderated) else OpinionStatus.PUBLISHED
    opinion = workflow.begin(
        Opinion(deliberation=current, text=text, member=member, participant=participant, flags="、".join(found)),
        status,
    )
    opinion.save()
    return opinion


def check_open(row: Deliberation) -> None:
    """Refuse before its time, after it, and where the audience is another."""
    now = timezone.now()
    if row.status == DeliberationStatus.OPEN and now < row.opens_at:
        raise Refusal("还没有到开放时间。")
    if not row.is_open(now):
        raise Refusal(SHUT)


@transaction.atomic
def vote(row: Deliberation, opinion_id: int, value: int, *, key: str, member_id: int | None = None) -> Vote:
    """Take one participant's vote on one opinion; the same again changes nothing, another one replaces it.

    The participant's row is locked, so that a double click waits for the first and finds its vote.
    """
    if value not in Vote.Value.values:
        raise Refusal("请选同意、不同意或说不准。")
    current = Deliberation.objects.get(pk=row.pk)
    check_open(current)
    opinion = Opinion.objects.filter(pk=opinion_id, deliberation=current).first()
    if opinion is not None and opinion.status == OpinionStatus.MERGED:
        opinion = opinion.merged_into
    if opinion is None or opinion.status != OpinionStatus.PUBLISHED:
        raise Refusal("这条意见已经不公开了，请看下一条。")
    participant = enter(current, key, is_member=member_id is not None)
    if (member_id and opinion.member_id == member_id) or opinion.participant_id == participant.pk:
        raise Refusal("这是您自己提的意见，不用表态。")
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    ballot, created = Vote.objects.get_or_create(participant=participant, opinion=opinion, defaults={"value": value})
    if created:
        Opinion.objects.filter(pk=opinion.pk).update(votes=F("votes") + 1)
    elif ballot.value != value:
        ballot.value = value
        ballot.save(update_fields=["value"])
    return ballot


def deal(
    row: Deliberation, *, key: str, participant: Participant | None, member_id: int | None = None
) -> Opinion | None:
    """The next opinion for a participant: those with the fewest votes first, in his own random order.

    Nobody's support is looked at. Two queries: numbers of the opinions, then the one.
    """
    rows = Opinion.objects.filter(deliberation=row, status=OpinionStatus.PUBLISHED)
    if member_id:
        rows = rows.exclude(member=member_id)
    if participant is not None:
        rows = rows.exclude(participant=participant)
        rows = rows.exclude(pk__in=Vote.objects.filter(participant=participant).values("opinion"))
    waiting: Iterable[tuple[int, int]] = rows.order_by().values_list("pk", "votes")
    best = min(waiting, key=lambda one: (one[1] // BAND, order_of(key, one[0])), default=None)
    return Opinion.objects.get(pk=best[0]) if best else None


def _check_window(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise Refusal("截止时间要晚于开放时间。", field="closes_at")
    if closes_at <= timezone.now():
        raise Refusal("截止时间已经过了。", field="closes_at")
