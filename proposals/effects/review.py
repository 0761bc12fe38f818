"""Messages of co-signing 联名 and review 审查."""

from proposals import people
from proposals.effects.telling import State, called, first, on, own, page, reason, tell
from proposals.models import Proposal, Proposer


@on("cosign_invited")
def cosign_invited(proposal: Proposal, payload: dict) -> None:
    """Those invited decide whether they sign."""
    _ask_to_sign(proposal, payload, "请您联名")


@on("cosign_reminded")
def cosign_reminded(proposal: Proposal, payload: dict) -> None:
    """Those who have not answered are asked again."""
    _ask_to_sign(proposal, payload, "提醒您答复联名邀请")


def _ask_to_sign(proposal: Proposal, payload: dict, what: str) -> None:
    until = f"{proposal.cosign_until.month}月{proposal.cosign_until.day}日前" if proposal.cosign_until else ""
    tell(
        own(proposal, State.INVITED),
        payload,
        title=f"{proposal.proposer_name}{what}：{proposal.title}",
        body=f"请{until}看过提案后，选择同意或不同意联名；到期没有答复的不算联名。",
        url=page(proposal),
    )


@on("cosign_answered")
def cosign_answered(proposal: Proposal, payload: dict) -> None:
    """The first proposer learns each answer, and when all are in."""
    row = Proposer.objects.filter(pk=payload["proposer"]).first()
    if row is None:
        return
    waiting = proposal.proposers.filter(state=State.INVITED).count()
    said = "同意联名" if row.state == State.CONFIRMED else "没有同意联名"
    then = f"还有{waiting}位没有答复。" if waiting else "受邀委员都已答复，请提交提案。"
    tell(first(proposal), payload, title=f"{row.name}{said}：{proposal.title}", body=then, url=page(proposal))


@on("submitted")
def submitted(proposal: Proposal, payload: dict) -> None:
    """The office reviews; the proposers have their receipt."""
    name = called(proposal)
    tell(
        people.office(),
        payload,
        title=f"收到提案{name}",
        body=f"{proposal.proposer_name}提交，请初审。",
        url=page(proposal),
        part="office",
    )
    tell(
        own(proposal),
        payload,
        title=f"提案{name}已提交",
        body=f"流水号{proposal.intake_no}。提案委审查后会告诉您结果，现在不用办什么。",
        url=page(proposal),
    )


@on("filed")
def filed(proposal: Proposal, payload: dict) -> None:
    """The proposers learn the case number; the inspection office hands the case over."""
    name = called(proposal)
    body = "下一步由提案委和督查室交给承办单位，现在不用您办什么。"
    tell(own(proposal), payload, title=f"提案已立案{name}", body=body, url=page(proposal))
    tell(
        people.inspection(),
        payload,
        title=f"新立案提案待交办{name}",
        body="请会同提案委确定承办单位并交办。",
        url=page(proposal),
        part="inspection",
    )


@on("merged")
def merged(proposal: Proposal, payload: dict) -> None:
    """The proposers of both cases learn that they are handled as one."""
    main = proposal.merged_into
    if main is None:
        return
    tell(
        own(proposal),
        payload,
        title=f"您的提案已并案：{proposal.title}",
        body=f"并入{called(main)}合并办理。您仍是提案者，会收到答复，也请您单独反馈。",
        url=page(main),
    )
    tell(
        own(main),
        payload,
        title=f"有提案并入您的提案{called(main)}",
        body=f"{proposal.proposer_name}的《{proposal.title}》与您的提案合并办理，现在不用您办什么。",
        url=page(main),
        part="main",
    )


@on("not_filed")
def not_filed(proposal: Proposal, payload: dict) -> None:
    """The proposers learn the ground and what becomes of their words."""
    ground = proposal.ground.name if proposal.ground else "见审查说明"
    body = f"理由：{ground}。去向：{proposal.get_disposition_display()}。"
    if proposal.decision_note:
        body += proposal.decision_note
    tell(own(proposal), payload, title=f"提案未予立案：{proposal.title}", body=body, url=page(proposal))


@on("returned")
def returned(proposal: Proposal, payload: dict) -> None:
    """The proposer changes his text and submits again."""
    body = f"理由：{reason(payload)}\n请修改后重新提交。"
    tell(own(proposal), payload, title=f"提案退回修改：{proposal.title}", body=body, url=page(proposal))


@on("withdrawn")
def withdrawn(proposal: Proposal, payload: dict) -> None:
    """Proposers, office and units learn that nobody works on it any more."""
    units = proposal.tasks.live().values_list("unit_id", flat=True)
    told = {pk for group in people.of_units(list(units)).values() for pk in group}
    told |= {*own(proposal), *people.office()}
    body = f"理由：{reason(payload)}\n这件提案不再办理，不用您办什么。"
    tell(told, payload, title=f"提案已撤案{called(proposal)}", body=body, url=page(proposal))


@on("wording_changed")
def wording_changed(proposal: Proposal, payload: dict) -> None:
    """The author sees what became of his words."""
    body = f"提案委修改了文字，理由：{reason(payload)}\n请看修改前后的对照，有意见请与提案委联系。"
    tell(own(proposal), payload, title=f"提案文字有修改{called(proposal)}", body=body, url=page(proposal))
