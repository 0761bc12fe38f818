"""From draft to submission 起草与提交: text, co-signers 联名, hand-in, and wording edits by the office."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, options, outbox, workflow
from core.errors import Refusal
from members.models import Body, Member, Session
from proposals.models import Proposal, ProposalRevision, Proposer, Suggestion
from proposals.numbers import next_intake_no
from proposals.search import reindex
from proposals.services.common import day, fresh, lock_case, require, words
from proposals.services.proposing import check_kind, set_contact, set_cosigners, set_first_proposer, snapshot

EDITABLE = (Proposal.Status.DRAFT, Proposal.Status.RETURNED)
MAX_SUGGESTIONS = 30


@transaction.atomic
def create_draft(
    *,
    actor,
    kind: str,
    member: Member | None = None,
    body: Body | None = None,
    is_entered: bool = False,
    **text,
) -> Proposal:
    """A new draft of the current session.

    ``member`` defaults to the actor's own membership; the office names it when it enters a paper
    (``is_entered`` 纸质代录). ``body`` is needed for the collective kinds. ``text`` are the fields of
    :func:`save_draft`.
    """
    require(actor, "proposals.add_proposal", act="提出提案")
    session = Session.objects.filter(is_current=True).first()
    if session is None:
        raise Refusal("还没有设定现在的届次，请提案委先在系统里设定。")
    today = timezone.localdate()
    proposal = workflow.begin(
        Proposal(
            session=session,
            year=today.year,
            title=(text.get("title") or "").strip(),
            kind=kind,
            created_by=actor,
            saved_by=actor,
            is_entered=is_entered,
        ),
        Proposal.Status.DRAFT,
    )
    proposal.save()
    set_first_proposer(proposal, actor=actor, kind=kind, member=member, body=body)
    audit.record(
        verb="proposal.create",
        summary="代录提案" if is_entered else "起草提案",
        actor=actor,
        subject=proposal,
    )
    return save_draft(proposal, actor=actor, **text) if text else fresh(proposal)


@transaction.atomic
def save_draft(
    proposal: Proposal,
    *,
    actor,
    version: int | None = None,
    title: str | None = None,
    situation: str | None = None,
    analysis: str | None = None,
    suggestions: Sequence[str] | None = None,
    category: Any = None,
    suggested_units: Iterable[Any] | None = None,
    publish_consent: bool | None = None,
    publish_refusal: str | None = None,
    kind: str | None = None,
    member: Member | None = None,
    body: Body | None = None,
    cosigners: Iterable[Member] | None = None,
    contact: dict[str, str] | None = None,
) -> Proposal:
    """Store what was typed; None leaves a part as it is. Nothing need be complete before submission.

    ``version`` is the one that the page was made from; if somebody saved since, refuses with
    field "version" and says who. ``contact`` has contact_name, contact_post, contact_phone and
    contact_address of the first proposer.
    """
    current = lock_case(proposal.pk)
    _may_write(current, actor)
    if version is not None and version != current.version:
        _refuse_conflict(current)
    simple = {
        "title": title,
        "situation": situation,
        "analysis": analysis,
        "publish_consent": publish_consent,
        "publish_refusal": publish_refusal,
        "category": category,
    }
    for name, value in simple.items():
        if value is not None:
            setattr(current, name, value.strip() if isinstance(value, str) else value)
    _check_lengths(current, [name for name, value in simple.items() if isinstance(value, str)])
    if kind is not None or member is not None or body is not None:
        set_first_proposer(current, actor=actor, kind=kind or current.kind, member=member, body=body)
    if suggestions is not None:
        _set_suggestions(current, suggestions)
    if suggested_units is not None:
        _set_suggested_units(current, suggested_units)
    if cosigners is not None:
        set_cosigners(current, list(cosigners))
    if contact:
        set_contact(current, contact)
    current.version += 1
    current.saved_by = actor
    current.save()
    return fresh(current)


@transaction.atomic
def delete_draft(proposal: Proposal, *, actor) -> None:
    """Throw a draft away that was never submitted."""
    current = lock_case(proposal.pk)
    _may_write(current, actor)
    if current.intake_no or current.status not in (
        Proposal.Status.DRAFT,
        Proposal.Status.COSIGNING,
    ):
        raise Refusal("提交过的提案不能删除，可以申请撤案。")
    audit.record(verb="proposal.delete", summary=f"删除草稿《{current.title}》", actor=actor, subject=current)
    current.delete()


@transaction.atomic
def invite_cosigners(proposal: Proposal, *, actor, until: date) -> Proposal:
    """Ask the joint proposers to confirm by ``until``; whoever does not is dropped at submission."""
    current = lock_case(proposal.pk)
    if until < timezone.localdate():
        raise Refusal("联名截止日不能早于今天。", field="until")
    if current.kind == Proposal.Kind.JOINT and not current.title.strip():
        raise Refusal("请先写明案由，再邀请联名。", field="title")
    workflow.perform(
        current,
        "invite_cosigners",
        actor=actor,
        changes={"cosign_until": until},
        summary=f"邀请联名，{until:%Y-%m-%d}截止",
    )
    return fresh(current)


@transaction.atomic
def remind_cosigners(proposal: Proposal, *, actor) -> int:
    """Remind those who were asked and have not answered, at most once a day; how many they are."""
    current = lock_case(proposal.pk)
    require(actor, "proposals.submit", current, act="提醒联名委员")
    if current.status != Proposal.Status.COSIGNING:
        raise Refusal("现在不在联名阶段，不用提醒。")
    waiting = current.proposers.filter(state=Proposer.State.INVITED).count()
    if not waiting:
        raise Refusal("受邀委员都已答复，不用提醒。")
    outbox.add(
        "proposals.cosign_reminded",
        key=f"proposals.cosign_reminded:{current.pk}:{timezone.localdate()}",
        payload={
            "model": "proposals.proposal",
            "id": current.pk,
            "on": timezone.localdate().isoformat(),
        },
    )
    audit.record(
        verb="proposal.remind_cosigners",
        summary=f"提醒{waiting}位委员联名",
        actor=actor,
        subject=current,
    )
    return waiting


@transaction.atomic
def answer_invitation(proposal: Proposal, *, actor, agree: bool) -> Proposal:
    """A member's own answer to the invitation to sign; may be changed until the submission."""
    current = lock_case(proposal.pk)
    row = current.proposers.filter(member_id=actor.member_id, order__gt=0).first() if actor.member_id else None
    if row is None:
        raise Refusal("这件提案没有邀请您联名。")
    if current.status != Proposal.Status.COSIGNING:
        raise Refusal("联名已经结束，不能再答复。")
    if current.cosign_until and current.cosign_until < timezone.localdate():
        raise Refusal("联名已过截止日，不能再答复。")
    row.state = Proposer.State.CONFIRMED if agree else Proposer.State.DECLINED
    row.answered_at = timezone.now()
    row.save(update_fields=["state", "answered_at"])
    entry = audit.record(
        verb="proposal.answer_invitation",
        summary="同意联名" if agree else "不同意联名",
        actor=actor,
        subject=current,
    )
    outbox.add(
        "proposals.cosign_answered",
        key=f"proposals.cosign_answered:{entry.seq}",
        payload={
            "model": "proposals.proposal",
            "id": current.pk,
            "proposer": row.pk,
            "entry": entry.seq,
        },
    )
    return fresh(current)


@transaction.atomic
def submit(proposal: Proposal, *, actor, on: date | None = None) -> Proposal:
    """Hand the proposal in: intake number 流水号, in-session or not, contact as it is today.

    Co-signers who have not confirmed drop out. Submitted again after a return, it keeps its number
    and its first day.
    """
    current = lock_case(proposal.pk)
    if problem := workflow.refusal(current, "submit", actor):
        raise Refusal(problem)
    check_kind(current)
    when = day(on)
    current.proposers.filter(state=Proposer.State.INVITED).update(state=Proposer.State.DROPPED)
    for row in current.proposers.filter(state=Proposer.State.CONFIRMED).select_related("member", "body"):
        snapshot(row)
    changes: dict[str, Any] = {}
    if current.intake_no is None:
        changes = {
            "intake_no": next_intake_no(when.year),
            "submitted_on": when,
            "year": when.year,
            "in_session": _is_in_session(current.session, when, dated=on is not None),
        }
    workflow.perform(current, "submit", actor=actor, changes=changes, on=on)
    reindex(current)
    return fresh(current)


@transaction.atomic
def edit_wording(
    proposal: Proposal,
    *,
    actor,
    title: str,
    situation: str,
    analysis: str,
    suggestions: Sequence[str],
    category: Any = None,
    reason: str,
) -> Proposal:
    """The office's change of a member's words; what stood before is kept and the author is told.

    The number of suggestions stays, because replies answer them one by one.
    """
    current = lock_case(proposal.pk)
    texts = list(current.suggestions.all())
    if len(suggestions) != len(texts):
        raise Refusal(f"这件提案有{len(texts)}条建议，文字修改不能增减条数。", field="suggestions")
    before = [row.text for row in texts]
    revision = ProposalRevision(
        proposal=current,
        title=current.title,
        situation=current.situation,
        analysis=current.analysis,
        suggestions=before,
        changed_by=actor,
        reason=reason.strip()[:300],
    )
    wanted = {
        "title": words(title, "案由", field_name="title", limit=120),
        "situation": words(situation, "情况与问题", field_name="situation"),
        "analysis": analysis.strip(),
        "category": category or current.category,
    }
    changes = {name: value for name, value in wanted.items() if getattr(current, name) != value}
    new_texts = [
        words(text, f"第{number}条建议", field_name="suggestions") for number, text in enumerate(suggestions, 1)
    ]
    if not changes and new_texts == before:
        raise Refusal("文字没有变化。")
    workflow.perform(current, "edit_wording", actor=actor, changes=changes, reason=reason)
    revision.save()
    for row, text in zip(texts, new_texts, strict=True):
        row.text = text
    Suggestion.objects.bulk_update(texts, ["text"])
    Proposal.objects.filter(pk=current.pk).update(version=current.version + 1, saved_by=actor)
    reindex(current)
    return fresh(current)


def _may_write(proposal: Proposal, actor) -> None:
    require(actor, "proposals.write_draft", proposal, act="修改提案")
    if proposal.status == Proposal.Status.COSIGNING:
        raise Refusal("正在联名，文字不能再改，免得联名人签的和提交的不一样。")
    if proposal.status not in EDITABLE:
        raise Refusal(f"现在是“{proposal.get_status_display()}”，不能再改。")


def _refuse_conflict(proposal: Proposal) -> None:
    who = proposal.saved_by or "另一个页面"
    when = timezone.localtime(proposal.saved_at)
    raise Refusal(
        f"{who}在{when:%H:%M}保存过这份草稿，您的修改没有保存。请先把您写的复制下来，刷新后再改。",
        field="version",
    )


def _check_lengths(proposal: Proposal, names: Iterable[str]) -> None:
    for name in names:
        column = proposal._meta.get_field(name)
        limit = column.max_length or next(
            (check.limit_value for check in column.validators if hasattr(check, "limit_value")),
            None,
        )
        if limit and len(getattr(proposal, name)) > limit:
            raise Refusal(f"{column.verbose_name}最多{limit}字。", field=name)


def _set_suggestions(proposal: Proposal, texts: Sequence[str]) -> None:
    """Keep the rows that stay, so that nothing that refers to them is lost."""
    wanted = [text.strip() for text in texts if text and text.strip()]
    if len(wanted) > MAX_SUGGESTIONS:
        raise Refusal(f"建议最多{MAX_SUGGESTIONS}条，请合并。", field="suggestions")
    rows = list(proposal.suggestions.all())
    for order, text in enumerate(wanted, 1):
        words(text, f"第{order}条建议", field_name="suggestions")
        if order <= len(rows):
            if rows[order - 1].text != text:
                rows[order - 1].text = text
                rows[order - 1].save(update_fields=["text"])
        else:
            Suggestion.objects.create(proposal=proposal, order=order, text=text)
    for row in rows[len(wanted) :]:
        row.delete()


def _set_suggested_units(proposal: Proposal, units: Iterable[Any]) -> None:
    units = list(units)
    limit = options.value("proposals.max_suggested_units")
    if len(units) > limit:
        raise Refusal(f"建议承办单位最多{limit}家。", field="suggested_units")
    proposal.suggested_units.set(units)


def _is_in_session(session: Session, when: date, *, dated: bool) -> bool:
    """Whether it counts as 大会提案: received from the collection's start to the session's cut-off."""
    moment = timezone.make_aware(datetime.combine(when, time())) if dated else timezone.now()
    return session.collects_from <= when and moment <= session.cut_off
