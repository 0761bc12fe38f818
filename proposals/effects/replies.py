"""Messages of the reply 答复 on its way, and of feedback 反馈 asked for."""

from members.models import Role
from proposals import people
from proposals.effects.telling import called, on, page, tell
from proposals.models import Feedback, Proposal, Reply


@on("cosign_asked")
def cosign_asked(reply: Reply, payload: dict) -> None:
    """The support units agree or object."""
    units = list(reply.cosigns.values_list("task__unit_id", flat=True))
    told = [pk for group in people.of_units(units).values() for pk in group]
    tell(
        told,
        payload,
        title=f"{reply.task.unit}送会签{called(reply.task.proposal)}",
        body="请看答复函，选择同意或写明意见退回。",
        url=page(reply),
    )


@on("cosign_agreed")
def cosign_agreed(reply: Reply, payload: dict) -> None:
    """The lead unit's leader may sign."""
    tell(
        people.of_unit(reply.task.unit_id),
        payload,
        title=f"会办单位都已同意{called(reply.task.proposal)}",
        body="请单位负责人签发答复函。",
        url=page(reply),
        part="agreed",
    )


@on("reply_sent_back")
def reply_sent_back(reply: Reply, payload: dict) -> None:
    """The writer changes the draft."""
    tell(
        people.of_unit(reply.task.unit_id),
        payload,
        title=f"答复函退回修改{called(reply.task.proposal)}",
        body=f"理由：{reply.sent_back_reason}\n请修改后重新报送。",
        url=page(reply),
    )


@on("reply_signed")
def reply_signed(reply: Reply, payload: dict) -> None:
    """The operator sends it to the inspection office."""
    tell(
        people.of_unit(reply.task.unit_id, Role.UNIT_OPERATOR),
        payload,
        title=f"答复函已签发{called(reply.task.proposal)}",
        body="请填写发文字号，报督查室审核。",
        url=page(reply),
    )


@on("reply_at_office")
def reply_at_office(reply: Reply, payload: dict) -> None:
    """The inspection office checks."""
    tell(
        people.inspection(),
        payload,
        title=f"{reply.task.unit}报送答复函{called(reply.task.proposal)}",
        body="请审核分类和内容，通过后送达委员。",
        url=page(reply),
    )


@on("reply_issued")
def reply_issued(reply: Reply, payload: dict) -> None:
    """The unit learns that its letter is out; the proposers are told when the case is complete."""
    tell(
        people.of_unit(reply.task.unit_id),
        payload,
        title=f"答复函已送达委员{called(reply.task.proposal)}",
        body="审核通过，等候提案者反馈；答复中的承诺请按期兑现。",
        url=page(reply),
    )


@on("replied")
def replied(proposal: Proposal, payload: dict) -> None:
    """The proposals office sees the case answered; the proposers are asked by their own message."""
    tell(
        people.office(),
        payload,
        title=f"提案已答复{called(proposal)}",
        body="等候提案者反馈，到期未反馈的由系统记明。可以审看是否公开。",
        url=page(proposal),
    )


@on("feedback_asked")
def feedback_asked(proposal: Proposal, payload: dict) -> None:
    """Each proposer judges for himself, on a form of his own."""
    _ask_feedback(proposal, payload, "答复已送达，请您反馈")


@on("feedback_reminded")
def feedback_reminded(proposal: Proposal, payload: dict) -> None:
    """Those who have not judged are asked again."""
    _ask_feedback(proposal, payload, "提醒您填写征询意见表")


def _ask_feedback(proposal: Proposal, payload: dict, what: str) -> None:
    rows = Feedback.objects.filter(pk__in=payload["feedback"], state=Feedback.State.WAITING)
    for row in rows.select_related("proposer"):
        tell(
            people.accounts_of([row.proposer]),
            payload,
            title=f"{what}{called(proposal)}",
            body="请看答复，填写征询意见表，对办理态度和办理结果分别评价；到期没有填的记为未反馈。",
            url=page(row),
            part=f"feedback{row.pk}",
        )
