"""What follows a move: a message to everyone concerned, naming what happened and the one next act.

Handlers run at least once; the key of a message is the log entry of the move, so a repeat writes
nothing. A record that is gone by then needs no message.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from core import notices, outbox
from core.models import AuditEntry
from core.subjects import load_subject
from members.models import Role
from proposals import people
from proposals.models import Feedback, Promise, Proposal, Proposer, Reply, UnitTask
from proposals.services.common import all_proposers

State = Proposer.State


def _on(name: str) -> Callable[[Callable[[Any, dict], None]], Callable[[dict], None]]:
    """Register ``handler(record, payload)`` under ``proposals.<name>``."""

    def register(handler: Callable[[Any, dict], None]) -> Callable[[dict], None]:
        def run(payload: dict) -> None:
            if (record := load_subject(payload["model"], payload["id"])) is not None:
                handler(record, payload)

        return outbox.effect(f"proposals.{name}")(run)

    return register


def _tell(
    recipients: Iterable[int], payload: dict, *, title: str, body: str, url: str, part: str = "", urgent: bool = False
) -> None:
    """One message a person about one move; ``part`` tells several messages of one move apart."""
    mark = payload.get("entry") or payload.get("on") or "once"
    key = f"proposals:{payload['model']}:{payload['id']}:{payload.get('verb', '')}:{mark}:{part}"
    notices.notify(recipients, key=key, title=title, body=body, url=url, urgent=urgent)


def page(obj) -> str:
    """The page on which the next act on a record is done."""
    names = {Proposal: "item", UnitTask: "task", Reply: "reply", Feedback: "feedback", Promise: "promise"}
    return reverse(f"proposals:{names[type(obj)]}", args=[obj.pk])


def _called(proposal: Proposal) -> str:
    number = proposal.case_no or proposal.intake_no
    return f"《{proposal.title}》" + (f"（{number}）" if number else "")


def _own(proposal: Proposal, *states: str) -> list[int]:
    rows = proposal.proposers.filter(state__in=states or (State.CONFIRMED,))
    return people.accounts_of(rows)


def _everybody(proposal: Proposal) -> list[int]:
    return people.accounts_of(all_proposers(proposal))


def _first(proposal: Proposal) -> list[int]:
    return people.accounts_of(proposal.proposers.filter(order=0))


def _reason(payload: dict) -> str:
    """The reason as the log has it."""
    entry = AuditEntry.objects.filter(pk=payload.get("entry")).only("reason").first()
    return entry.reason if entry else ""


# --- Co-signing and review ---------------------------------------------------------------------


@_on("cosign_invited")
def cosign_invited(proposal: Proposal, payload: dict) -> None:
    """Those invited decide whether they sign."""
    _ask_to_sign(proposal, payload, "请您联名")


@_on("cosign_reminded")
def cosign_reminded(proposal: Proposal, payload: dict) -> None:
    """Those who have not answered are asked again."""
    _ask_to_sign(proposal, payload, "提醒您答复联名邀请")


def _ask_to_sign(proposal: Proposal, payload: dict, what: str) -> None:
    until = f"{proposal.cosign_until.month}月{proposal.cosign_until.day}日前" if proposal.cosign_until else ""
    _tell(
        _own(proposal, State.INVITED),
        payload,
        title=f"{proposal.proposer_name}{what}：{proposal.title}",
        body=f"请{until}看过提案后，选择同意或不同意联名；到期没有答复的不算联名。",
        url=page(proposal),
    )


@_on("cosign_answered")
def cosign_answered(proposal: Proposal, payload: dict) -> None:
    """The first proposer learns each answer, and when all are in."""
    row = Proposer.objects.filter(pk=payload["proposer"]).first()
    if row is None:
        return
    waiting = proposal.proposers.filter(state=State.INVITED).count()
    said = "同意联名" if row.state == State.CONFIRMED else "没有同意联名"
    then = f"还有{waiting}位没有答复。" if waiting else "受邀委员都已答复，请提交提案。"
    _tell(_first(proposal), payload, title=f"{row.name}{said}：{proposal.title}", body=then, url=page(proposal))


@_on("submitted")
def submitted(proposal: Proposal, payload: dict) -> None:
    """The office reviews; the proposers have their receipt."""
    called = _called(proposal)
    _tell(
        people.office(),
        payload,
        title=f"收到提案{called}",
        body=f"{proposal.proposer_name}提交，请初审。",
        url=page(proposal),
        part="office",
    )
    _tell(
        _own(proposal),
        payload,
        title=f"提案{called}已提交",
        body=f"流水号{proposal.intake_no}。提案委审查后会告诉您结果，现在不用办什么。",
        url=page(proposal),
    )


@_on("filed")
def filed(proposal: Proposal, payload: dict) -> None:
    """The proposers learn the case number; the inspection office hands the case over."""
    called = _called(proposal)
    body = "下一步由提案委和督查室交给承办单位，现在不用您办什么。"
    _tell(_own(proposal), payload, title=f"提案已立案{called}", body=body, url=page(proposal))
    _tell(
        people.inspection(),
        payload,
        title=f"新立案提案待交办{called}",
        body="请会同提案委确定承办单位并交办。",
        url=page(proposal),
        part="inspection",
    )


@_on("merged")
def merged(proposal: Proposal, payload: dict) -> None:
    """The proposers of both cases learn that they are handled as one."""
    main = proposal.merged_into
    if main is None:
        return
    _tell(
        _own(proposal),
        payload,
        title=f"您的提案已并案：{proposal.title}",
        body=f"并入{_called(main)}合并办理。您仍是提案者，会收到答复，也请您单独反馈。",
        url=page(main),
    )
    _tell(
        _own(main),
        payload,
        title=f"有提案并入您的提案{_called(main)}",
        body=f"{proposal.proposer_name}的《{proposal.title}》与您的提案合并办理，现在不用您办什么。",
        url=page(main),
        part="main",
    )


@_on("not_filed")
def not_filed(proposal: Proposal, payload: dict) -> None:
    """The proposers learn the ground and what becomes of their words."""
    ground = proposal.ground.name if proposal.ground else "见审查说明"
    body = f"理由：{ground}。去向：{proposal.get_disposition_display()}。"
    if proposal.decision_note:
        body += proposal.decision_note
    _tell(_own(proposal), payload, title=f"提案未予立案：{proposal.title}", body=body, url=page(proposal))


@_on("returned")
def returned(proposal: Proposal, payload: dict) -> None:
    """The proposer changes his text and submits again."""
    body = f"理由：{_reason(payload)}\n请修改后重新提交。"
    _tell(_own(proposal), payload, title=f"提案退回修改：{proposal.title}", body=body, url=page(proposal))


@_on("withdrawn")
def withdrawn(proposal: Proposal, payload: dict) -> None:
    """Proposers, office and units learn that nobody works on it any more."""
    units = proposal.tasks.live().values_list("unit_id", flat=True)
    told = {pk for group in people.of_units(list(units)).values() for pk in group}
    told |= {*_own(proposal), *people.office()}
    body = f"理由：{_reason(payload)}\n这件提案不再办理，不用您办什么。"
    _tell(told, payload, title=f"提案已撤案{_called(proposal)}", body=body, url=page(proposal))


@_on("wording_changed")
def wording_changed(proposal: Proposal, payload: dict) -> None:
    """The author sees what became of his words."""
    body = f"提案委修改了文字，理由：{_reason(payload)}\n请看修改前后的对照，有意见请与提案委联系。"
    _tell(_own(proposal), payload, title=f"提案文字有修改{_called(proposal)}", body=body, url=page(proposal))


# --- Units -------------------------------------------------------------------------------------


@_on("assigned")
def assigned(proposal: Proposal, payload: dict) -> None:
    """Each unit signs for its task; the proposers learn who handles it."""
    tasks = list(proposal.tasks.live().select_related("unit"))
    accounts = people.of_units([task.unit_id for task in tasks])
    for task in tasks:
        _tell(
            accounts[task.unit_id],
            payload,
            title=f"新交办提案{_called(proposal)}",
            body=f"贵单位{task.get_role_display()}，请先签收；不归本单位管的请按期申请改办。",
            url=page(task),
            part=f"unit{task.unit_id}",
        )
    names = "、".join(f"{task.unit}（{task.get_role_display()}）" for task in tasks)
    body = f"承办单位：{names}。他们会与您联系，请留意电话。"
    _tell(_everybody(proposal), payload, title=f"提案已交办{_called(proposal)}", body=body, url=page(proposal))


@_on("transfer_requested")
def transfer_requested(task: UnitTask, payload: dict) -> None:
    """The inspection office decides."""
    _tell(
        people.inspection(),
        payload,
        title=f"{task.unit}申请改办{_called(task.proposal)}",
        body=f"理由：{task.transfer_reason}\n请决定改办或维持交办。",
        url=page(task.proposal),
    )


@_on("transfer_decided")
def transfer_decided(task: UnitTask, payload: dict) -> None:
    """The unit learns the decision; a new unit signs for its task; the proposers learn of a new unit."""
    called = _called(task.proposal)
    if payload["verb"] == "uphold":
        _tell(
            people.of_unit(task.unit_id),
            payload,
            title=f"维持交办{called}",
            body=f"理由：{_reason(payload)}\n请签收后接着办理，等候的日子不计入期限。",
            url=page(task),
        )
        return
    _tell(
        people.of_unit(task.unit_id),
        payload,
        title=f"同意改办{called}",
        body="这件提案不再由贵单位办理，不用再办什么。",
        url=reverse("proposals:tasks"),
        part="old",
    )
    new = task.proposal.tasks.live().filter(role=task.role).order_by("-pk").first()
    if new is None:
        return
    _tell(
        people.of_unit(new.unit_id),
        payload,
        title=f"改由贵单位办理{called}",
        body=f"贵单位{new.get_role_display()}，请先签收。",
        url=page(new),
        part="new",
    )
    body = f"由{task.unit}改为{new.unit}办理，他们会与您联系。"
    _tell(
        _everybody(task.proposal),
        payload,
        title=f"承办单位有调整{called}",
        body=body,
        url=page(task.proposal),
        part="proposers",
    )


@_on("extension_requested")
def extension_requested(task: UnitTask, payload: dict) -> None:
    """The inspection office decides; the proposals office knows."""
    _tell(
        [*people.inspection(), *people.office()],
        payload,
        title=f"{task.unit}申请延期至{_day(task.extension_until)}{_called(task.proposal)}",
        body=f"理由：{task.extension_reason}\n请决定是否同意延期。",
        url=page(task.proposal),
    )


@_on("extension_decided")
def extension_decided(task: UnitTask, payload: dict) -> None:
    """The unit learns by when it has to reply; if later, so do the proposers."""
    called = _called(task.proposal)
    if payload["verb"] == "grant_extension":
        title, body = f"同意延期{called}", f"请在{_day(task.extension_until)}前答复。"
        _tell(
            _everybody(task.proposal),
            payload,
            title=f"答复延期至{_day(task.extension_until)}{called}",
            body=f"{task.unit}申请延期，理由：{task.extension_reason}。现在不用您办什么。",
            url=page(task.proposal),
            part="proposers",
        )
    else:
        title, body = f"不同意延期{called}", f"理由：{_reason(payload)}\n请按原期限答复。"
    _tell(people.of_unit(task.unit_id), payload, title=title, body=body, url=page(task))


@_on("opinion_given")
def opinion_given(task: UnitTask, payload: dict) -> None:
    """The lead unit takes it into its draft."""
    lead = task.proposal.tasks.live().filter(role=UnitTask.Role.LEAD).first()
    if lead is not None:
        _tell(
            people.of_unit(lead.unit_id),
            payload,
            title=f"{task.unit}提交会办意见{_called(task.proposal)}",
            body="请在起草答复时采用。",
            url=page(lead),
        )


# --- Replies -----------------------------------------------------------------------------------


@_on("cosign_asked")
def cosign_asked(reply: Reply, payload: dict) -> None:
    """The support units agree or object."""
    units = list(reply.cosigns.values_list("task__unit_id", flat=True))
    told = [pk for group in people.of_units(units).values() for pk in group]
    _tell(
        told,
        payload,
        title=f"{reply.task.unit}送会签{_called(reply.task.proposal)}",
        body="请看答复函，选择同意或写明意见退回。",
        url=page(reply),
    )


@_on("cosign_agreed")
def cosign_agreed(reply: Reply, payload: dict) -> None:
    """The lead unit's leader may sign."""
    _tell(
        people.of_unit(reply.task.unit_id),
        payload,
        title=f"会办单位都已同意{_called(reply.task.proposal)}",
        body="请单位负责人签发答复函。",
        url=page(reply),
        part="agreed",
    )


@_on("reply_sent_back")
def reply_sent_back(reply: Reply, payload: dict) -> None:
    """The writer changes the draft."""
    _tell(
        people.of_unit(reply.task.unit_id),
        payload,
        title=f"答复函退回修改{_called(reply.task.proposal)}",
        body=f"理由：{reply.sent_back_reason}\n请修改后重新报送。",
        url=page(reply),
    )


@_on("reply_signed")
def reply_signed(reply: Reply, payload: dict) -> None:
    """The operator sends it to the inspection office."""
    _tell(
        people.of_unit(reply.task.unit_id, Role.UNIT_OPERATOR),
        payload,
        title=f"答复函已签发{_called(reply.task.proposal)}",
        body="请填写发文字号，报督查室审核。",
        url=page(reply),
    )


@_on("reply_at_office")
def reply_at_office(reply: Reply, payload: dict) -> None:
    """The inspection office checks."""
    _tell(
        people.inspection(),
        payload,
        title=f"{reply.task.unit}报送答复函{_called(reply.task.proposal)}",
        body="请审核分类和内容，通过后送达委员。",
        url=page(reply),
    )


@_on("reply_issued")
def reply_issued(reply: Reply, payload: dict) -> None:
    """The unit learns that its letter is out; the proposers are told when the case is complete."""
    _tell(
        people.of_unit(reply.task.unit_id),
        payload,
        title=f"答复函已送达委员{_called(reply.task.proposal)}",
        body="审核通过，等候提案者反馈；答复中的承诺请按期兑现。",
        url=page(reply),
    )


@_on("replied")
def replied(proposal: Proposal, payload: dict) -> None:
    """The proposals office sees the case answered; the proposers are asked by their own message."""
    _tell(
        people.office(),
        payload,
        title=f"提案已答复{_called(proposal)}",
        body="等候提案者反馈，到期未反馈的由系统记明。可以审看是否公开。",
        url=page(proposal),
    )


@_on("feedback_asked")
def feedback_asked(proposal: Proposal, payload: dict) -> None:
    """Each proposer judges for himself, on a form of his own."""
    _ask_feedback(proposal, payload, "答复已送达，请您反馈")


@_on("feedback_reminded")
def feedback_reminded(proposal: Proposal, payload: dict) -> None:
    """Those who have not judged are asked again."""
    _ask_feedback(proposal, payload, "提醒您填写征询意见表")


def _ask_feedback(proposal: Proposal, payload: dict, what: str) -> None:
    rows = Feedback.objects.filter(pk__in=payload["feedback"], state=Feedback.State.WAITING)
    for row in rows.select_related("proposer"):
        _tell(
            people.accounts_of([row.proposer]),
            payload,
            title=f"{what}{_called(proposal)}",
            body="请看答复，填写征询意见表，对办理态度和办理结果分别评价；到期没有填的记为未反馈。",
            url=page(row),
            part=f"feedback{row.pk}",
        )


# --- Closing and promises ----------------------------------------------------------------------


def _replying_units(proposal: Proposal) -> list[tuple[UnitTask, list[int]]]:
    tasks = [task for task in proposal.tasks.live().select_related("unit") if task.replies]
    accounts = people.of_units([task.unit_id for task in tasks])
    return [(task, accounts[task.unit_id]) for task in tasks]


@_on("rehandling")
def rehandling(proposal: Proposal, payload: dict) -> None:
    """The units handle it again; a second time the proposals office coordinates."""
    called = _called(proposal)
    for task, accounts in _replying_units(proposal):
        _tell(
            accounts,
            payload,
            title=f"提案者不满意，请再办理{called}",
            body=f"现在是第{proposal.round}轮，请与提案者当面沟通后重新答复。",
            url=page(task),
            part=f"unit{task.unit_id}",
            urgent=True,
        )
    again = proposal.round >= 3
    _tell(
        [*people.office(), *people.inspection()],
        payload,
        title=f"{'再次不满意，请协调' if again else '不满意，进入再办理'}{called}",
        body="提案者第二次不满意，请提案委出面协调督办。" if again else "承办单位将重新办理，请督办。",
        url=page(proposal),
        part="office",
        urgent=again,
    )
    body = "承办单位会再次与您沟通并重新答复，现在不用您办什么。"
    _tell(_everybody(proposal), payload, title=f"提案进入再办理{called}", body=body, url=page(proposal), part="own")


@_on("closed")
def closed(proposal: Proposal, payload: dict) -> None:
    """Proposers and units learn the end; the proposals office archives."""
    called = _called(proposal)
    for task, accounts in _replying_units(proposal):
        _tell(
            accounts,
            payload,
            title=f"提案已办结{called}",
            body="反馈已结束，不用再办什么；有承诺的请按期兑现。",
            url=page(task),
            part=f"unit{task.unit_id}",
        )
    _tell(_everybody(proposal), payload, title=f"提案已办结{called}", body="感谢您的反馈。", url=page(proposal))
    _tell(
        people.office(),
        payload,
        title=f"提案已办结{called}",
        body="请核对材料后归档。",
        url=page(proposal),
        part="office",
    )


@_on("followed_up")
def followed_up(proposal: Proposal, payload: dict) -> None:
    """Proposers and units learn that promises are being followed."""
    called = _called(proposal)
    for task, accounts in _replying_units(proposal):
        _tell(
            accounts,
            payload,
            title=f"转入承诺跟踪{called}",
            body="请按答复中写明的日期兑现承诺，并登记兑现情况。",
            url=page(task),
            part=f"unit{task.unit_id}",
        )
    body = "答复中的承诺还没有全部兑现，提案委会继续跟踪，兑现后告诉您。"
    _tell(_everybody(proposal), payload, title=f"转入承诺跟踪{called}", body=body, url=page(proposal))


@_on("promise_kept")
def promise_kept(promise: Promise, payload: dict) -> None:
    """The proposers learn it; the proposals office ends the follow-up after the last one."""
    proposal = promise.reply.task.proposal
    body = f"{promise.text}\n{promise.note}".strip()
    title = f"{promise.reply.task.unit}兑现承诺{_called(proposal)}"
    _tell(_everybody(proposal), payload, title=title, body=body, url=page(proposal), part="kept")
    running = Promise.objects.filter(reply__task__proposal=proposal, reply__status=Reply.Status.ISSUED, kept_on=None)
    if proposal.status == Proposal.Status.FOLLOW_UP and not running.exists():
        _tell(
            people.office(),
            payload,
            title=f"承诺都已兑现{_called(proposal)}",
            body="请核实后结束跟踪，写明最后的分类。",
            url=page(proposal),
            part="office",
        )


@_on("promise_late")
def promise_late(promise: Promise, payload: dict) -> None:
    """Proposers and offices learn of a promise that passed its date; the unit has its reminder."""
    if promise.kept_on is not None:
        return
    proposal = promise.reply.task.proposal
    body = f"{promise.reply.task.unit}承诺{_day(promise.due_on)}前：{promise.text}"
    told = [*_everybody(proposal), *people.office(), *people.inspection()]
    _tell(told, payload, title=f"承诺到期未兑现{_called(proposal)}", body=body, url=page(proposal), part="late")


def _day(value: date | None) -> str:
    return f"{value.month}月{value.day}日" if value else ""
