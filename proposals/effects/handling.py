"""Messages of assignment 交办, transfer 改办, extension 延期 and support opinions 会办意见."""

from django.urls import reverse

from proposals import people
from proposals.effects.telling import called, day_text, everybody, on, page, reason, tell
from proposals.models import Proposal, UnitTask


@on("assigned")
def assigned(proposal: Proposal, payload: dict) -> None:
    """Each unit signs for its task; the proposers learn who handles it."""
    tasks = list(proposal.tasks.live().select_related("unit"))
    accounts = people.of_units([task.unit_id for task in tasks])
    for task in tasks:
        tell(
            accounts[task.unit_id],
            payload,
            title=f"新交办提案{called(proposal)}",
            body=f"贵单位{task.get_role_display()}，请先签收；不归本单位管的请按期申请改办。",
            url=page(task),
            part=f"unit{task.unit_id}",
        )
    names = "、".join(f"{task.unit}（{task.get_role_display()}）" for task in tasks)
    body = f"承办单位：{names}。他们会与您联系，请留意电话。"
    tell(everybody(proposal), payload, title=f"提案已交办{called(proposal)}", body=body, url=page(proposal))


@on("transfer_requested")
def transfer_requested(task: UnitTask, payload: dict) -> None:
    """The inspection office decides."""
    tell(
        people.inspection(),
        payload,
        title=f"{task.unit}申请改办{called(task.proposal)}",
        body=f"理由：{task.transfer_reason}\n请决定改办或维持交办。",
        url=page(task.proposal),
    )


@on("transfer_decided")
def transfer_decided(task: UnitTask, payload: dict) -> None:
    """The unit learns the decision; a new unit signs for its task; the proposers learn of a new unit."""
    name = called(task.proposal)
    if payload["verb"] == "uphold":
        tell(
            people.of_unit(task.unit_id),
            payload,
            title=f"维持交办{name}",
            body=f"理由：{reason(payload)}\n请签收后接着办理，等候的日子不计入期限。",
            url=page(task),
        )
        return
    tell(
        people.of_unit(task.unit_id),
        payload,
        title=f"同意改办{name}",
        body="这件提案不再由贵单位办理，不用再办什么。",
        url=reverse("proposals:tasks"),
        part="old",
    )
    new = task.proposal.tasks.live().filter(role=task.role).order_by("-pk").first()
    if new is None:
        return
    tell(
        people.of_unit(new.unit_id),
        payload,
        title=f"改由贵单位办理{name}",
        body=f"贵单位{new.get_role_display()}，请先签收。",
        url=page(new),
        part="new",
    )
    body = f"由{task.unit}改为{new.unit}办理，他们会与您联系。"
    tell(
        everybody(task.proposal),
        payload,
        title=f"承办单位有调整{name}",
        body=body,
        url=page(task.proposal),
        part="proposers",
    )


@on("extension_requested")
def extension_requested(task: UnitTask, payload: dict) -> None:
    """The inspection office decides; the proposals office knows."""
    tell(
        [*people.inspection(), *people.office()],
        payload,
        title=f"{task.unit}申请延期至{day_text(task.extension_until)}{called(task.proposal)}",
        body=f"理由：{task.extension_reason}\n请决定是否同意延期。",
        url=page(task.proposal),
    )


@on("extension_decided")
def extension_decided(task: UnitTask, payload: dict) -> None:
    """The unit learns by when it has to reply; if later, so do the proposers."""
    name = called(task.proposal)
    if payload["verb"] == "grant_extension":
        title, body = f"同意延期{name}", f"请在{day_text(task.extension_until)}前答复。"
        tell(
            everybody(task.proposal),
            payload,
            title=f"答复延期至{day_text(task.extension_until)}{name}",
            body=f"{task.unit}申请延期，理由：{task.extension_reason}。现在不用您办什么。",
            url=page(task.proposal),
            part="proposers",
        )
    else:
        title, body = f"不同意延期{name}", f"理由：{reason(payload)}\n请按原期限答复。"
    tell(people.of_unit(task.unit_id), payload, title=title, body=body, url=page(task))


@on("opinion_given")
def opinion_given(task: UnitTask, payload: dict) -> None:
    """The lead unit takes it into its draft."""
    lead = task.proposal.tasks.live().filter(role=UnitTask.Role.LEAD).first()
    if lead is not None:
        tell(
            people.of_unit(lead.unit_id),
            payload,
            title=f"{task.unit}提交会办意见{called(task.proposal)}",
            body="请在起草答复时采用。",
            url=page(lead),
        )
