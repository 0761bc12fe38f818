"""Messages of re-handling 再办理, closing 办结 and promises 承诺."""

from proposals import people
from proposals.effects.telling import called, day_text, everybody, on, page, tell
from proposals.models import Promise, Proposal, Reply, UnitTask


def _replying_units(proposal: Proposal) -> list[tuple[UnitTask, list[int]]]:
    tasks = [task for task in proposal.tasks.live().select_related("unit") if task.replies]
    accounts = people.of_units([task.unit_id for task in tasks])
    return [(task, accounts[task.unit_id]) for task in tasks]


@on("rehandling")
def rehandling(proposal: Proposal, payload: dict) -> None:
    """The units handle it again; a second time the proposals office coordinates."""
    name = called(proposal)
    for task, accounts in _replying_units(proposal):
        tell(
            accounts,
            payload,
            title=f"提案者不满意，请再办理{name}",
            body=f"现在是第{proposal.round}轮，请与提案者当面沟通后重新答复。",
            url=page(task),
            part=f"unit{task.unit_id}",
            urgent=True,
        )
    again = proposal.round >= 3
    tell(
        [*people.office(), *people.inspection()],
        payload,
        title=f"{'再次不满意，请协调' if again else '不满意，进入再办理'}{name}",
        body="提案者第二次不满意，请提案委出面协调督办。" if again else "承办单位将重新办理，请督办。",
        url=page(proposal),
        part="office",
        urgent=again,
    )
    body = "承办单位会再次与您沟通并重新答复，现在不用您办什么。"
    tell(everybody(proposal), payload, title=f"提案进入再办理{name}", body=body, url=page(proposal), part="own")


@on("closed")
def closed(proposal: Proposal, payload: dict) -> None:
    """Proposers and units learn the end; the proposals office archives."""
    name = called(proposal)
    for task, accounts in _replying_units(proposal):
        tell(
            accounts,
            payload,
            title=f"提案已办结{name}",
            body="反馈已结束，不用再办什么；有承诺的请按期兑现。",
            url=page(task),
            part=f"unit{task.unit_id}",
        )
    tell(everybody(proposal), payload, title=f"提案已办结{name}", body="感谢您的反馈。", url=page(proposal))
    tell(
        people.office(),
        payload,
        title=f"提案已办结{name}",
        body="请核对材料后归档。",
        url=page(proposal),
        part="office",
    )


@on("followed_up")
def followed_up(proposal: Proposal, payload: dict) -> None:
    """Proposers and units learn that promises are being followed."""
    name = called(proposal)
    for task, accounts in _replying_units(proposal):
        tell(
            accounts,
            payload,
            title=f"转入承诺跟踪{name}",
            body="请按答复中写明的日期兑现承诺，并登记兑现情况。",
            url=page(task),
            part=f"unit{task.unit_id}",
        )
    body = "答复中的承诺还没有全部兑现，提案委会继续跟踪，兑现后告诉您。"
    tell(everybody(proposal), payload, title=f"转入承诺跟踪{name}", body=body, url=page(proposal))


@on("promise_kept")
def promise_kept(promise: Promise, payload: dict) -> None:
    """The proposers learn it; the proposals office ends the follow-up after the last one."""
    proposal = promise.reply.task.proposal
    body = f"{promise.text}\n{promise.note}".strip()
    title = f"{promise.reply.task.unit}兑现承诺{called(proposal)}"
    tell(everybody(proposal), payload, title=title, body=body, url=page(proposal), part="kept")
    _tell_when_all_settled(proposal, payload)


@on("promise_missed")
def promise_missed(promise: Promise, payload: dict) -> None:
    """Proposers and unit learn what the office found of an old promise."""
    task = promise.reply.task
    body = f"{promise.text}\n{promise.note}".strip()
    told = [*everybody(task.proposal), *people.of_unit(task.unit_id)]
    title = f"{task.unit}的承诺认定未兑现{called(task.proposal)}"
    tell(told, payload, title=title, body=body, url=page(task.proposal), part="missed")
    _tell_when_all_settled(task.proposal, payload)


def _tell_when_all_settled(proposal: Proposal, payload: dict) -> None:
    """The proposals office ends the follow-up when the outcome of every promise is known."""
    rows = Promise.objects.filter(reply__task__proposal=proposal, reply__status=Reply.Status.ISSUED, kept_on=None)
    if proposal.status == Proposal.Status.FOLLOW_UP and not rows.filter(missed_on=None).exists():
        tell(
            people.office(),
            payload,
            title=f"承诺{'都有了结果' if rows.exists() else '都已兑现'}{called(proposal)}",
            body="请核实后结束跟踪，写明最后的分类。",
            url=page(proposal),
            part="office",
        )


@on("promise_late")
def promise_late(promise: Promise, payload: dict) -> None:
    """Proposers and offices learn of a promise that passed its date; the unit has its reminder."""
    if promise.settled_on is not None:
        return
    proposal = promise.reply.task.proposal
    body = f"{promise.reply.task.unit}承诺{day_text(promise.due_on)}前：{promise.text}"
    told = [*everybody(proposal), *people.office(), *people.inspection()]
    tell(told, payload, title=f"承诺到期未兑现{called(proposal)}", body=body, url=page(proposal), part="late")
