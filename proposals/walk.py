"""The walk 办理步骤 of a unit's task: which steps are done, and the one next act, in words."""

from core.templatetags.frame import cn_day
from proposals.models import CosignOpinion, Reply, TaskStatus, UnitTask
from proposals.selectors_unit import Now, Step, TaskCase, lacks

SIGNED_OFF = (Reply.Status.UNIT_APPROVED, Reply.Status.OFFICE_REVIEW, Reply.Status.ISSUED)
UNSIGNED = (TaskStatus.PENDING, TaskStatus.UPHELD)


def steps(case: TaskCase) -> list[Step]:
    """The steps of the task in order; the first that is not done is the current one."""
    rows = _support_steps(case) if case.task.role == UnitTask.Role.SUPPORT else _reply_steps(case)
    current = next((at for at, (_, _, done) in enumerate(rows) if not done), None)
    return [
        Step(label, note, "done" if done else "current" if at == current else "")
        for at, (label, note, done) in enumerate(rows)
    ]


def _reply_steps(case: TaskCase) -> list[tuple[str, str, bool]]:
    task, reply = case.task, case.reply
    signed = task.signed_on is not None and task.status not in UNSIGNED
    talked = bool(case.contacts)
    missing = lacks(case)
    answered = sum(1 for row in reply.items.all() if row.text.strip()) if reply else 0
    off_desk = reply is not None and reply.status != Reply.Status.DRAFT
    approved = reply is not None and reply.status in SIGNED_OFF
    drafted = off_desk or (reply is not None and not missing)
    days = "、".join(cn_day(row.held_on) for row in case.contacts[-2:])
    return [
        ("签收", cn_day(task.signed_on) if signed else "收到以后先签收", signed),
        ("与委员沟通", f"{len(case.contacts)}次，{days}" if talked else "答复以前至少一次", talked),
        (
            "起草答复",
            "已写好" if drafted else f"写好{answered}条，共{len(case.suggestions)}条" if case.suggestions else "",
            drafted and talked,
        ),
        ("会办单位会签", _cosign_note(case), approved or (drafted and talked and _agreed(case))),
        ("负责人签发", "已签发" if approved else "主要负责人", approved),
        (
            "报督查室审核",
            f"{cn_day(reply.issued_on)}送达" if reply and reply.issued_on else "审过后送达委员",
            reply is not None and reply.status == Reply.Status.ISSUED,
        ),
    ]


def _support_steps(case: TaskCase) -> list[tuple[str, str, bool]]:
    task = case.task
    signed = task.signed_on is not None and task.status not in UNSIGNED
    asked = case.asked_cosigns[0] if case.asked_cosigns else None
    return [
        ("签收", cn_day(task.signed_on) if signed else "收到以后先签收", signed),
        ("提交会办意见", cn_day(task.opinion_on) if task.opinion_on else "交给主办单位", task.opinion_on is not None),
        (
            "会签答复函",
            asked.get_state_display() if asked else "主办单位起草后送来",
            asked is not None and asked.state == CosignOpinion.State.AGREED,
        ),
    ]


def _agreed(case: TaskCase) -> bool:
    if not case.needs_cosign:
        return True
    given = list(case.reply.cosigns.all()) if case.reply else []
    in_round = case.reply is not None and case.reply.status == Reply.Status.COSIGN
    return in_round and bool(given) and all(row.state == CosignOpinion.State.AGREED for row in given)


def _cosign_note(case: TaskCase) -> str:
    if not case.needs_cosign:
        return "没有会办单位，不用会签"
    if case.reply is None or case.reply.status == Reply.Status.DRAFT:
        return f"{len(case.supports)}家会办单位"
    agreed = sum(1 for row in case.reply.cosigns.all() if row.state == CosignOpinion.State.AGREED)
    return f"{agreed}家同意，共{len(case.supports)}家"


def now(case: TaskCase, user) -> Now:
    """The one next act of this person on the task."""
    task = case.task
    if task.status == TaskStatus.TRANSFER_REQUESTED:
        return Now("", "等督查室决定改办申请", "决定以前不用办理，期限暂停。")
    if task.status in UNSIGNED:
        text = (
            "督查室维持交办，请接着办理。"
            if task.status == TaskStatus.UPHELD
            else "签收表示本单位收到并开始办理。不归本单位管的，请申请改办。"
        )
        return Now("sign", "现在请您做：签收", text)
    if task.role == UnitTask.Role.SUPPORT:
        return _support_now(case)
    if task.status == TaskStatus.EXTENSION_REQUESTED:
        return (
            Now("", "等督查室答复延期申请", "等的时候可以接着起草；批复前原期限不变。")
            if case.reply is None
            else _reply_now(case, user)
        )
    if task.status == TaskStatus.DONE and (case.reply is None or case.reply.status == Reply.Status.ISSUED):
        return Now("", "答复已送达，这件办完了", "委员反馈以后会告诉您。写了承诺的，请按期兑现。")
    if not case.contacts:
        text = (
            "委员对上一轮答复不满意，请再当面听一次意见，再重新答复。"
            if case.proposal.round > 1
            else "先听清提案者的想法再答复；面谈最好，电话也行，谈完在这里记一笔。"
        )
        return Now("contact", "现在请您做：与委员沟通", text)
    return _reply_now(case, user)


def _support_now(case: TaskCase) -> Now:
    waiting = next((row for row in case.asked_cosigns if row.state == CosignOpinion.State.WAITING), None)
    if waiting:
        return Now(
            "cosign",
            "现在请您做：会签答复函",
            f"{waiting.reply.task.unit}起草的答复函送您会签：同意，或者写明意见退回。",
        )
    if case.task.opinion_on is None:
        return Now("opinion", "现在请您做：提交会办意见", "会办单位把意见交给主办单位，由主办单位统一答复委员。")
    return Now("", "会办意见已交，等主办单位送会签", "答复函起草好以后会送来会签，那时再告诉您。")


def _reply_now(case: TaskCase, user) -> Now:
    reply = case.reply
    if reply is None or reply.status == Reply.Status.DRAFT:
        if reply is not None and not lacks(case) and not case.needs_cosign:
            if case.task.unit_id in user.unit_ids("unit_leader"):
                return Now("approve", "现在请您做：签发", "答复函写好了，请通读全文后签发，或者写明理由退回修改。")
            return Now("draft", "答复函写好了，请负责人签发", "负责人登录后在待办里看到这一件；签发以前还可以改。")
        if reply is not None and not lacks(case) and not reply.sent_back_reason:
            return Now("draft", "现在请您做：送会签", "答复函写好了。再看一遍，送会办单位会签；会签以前还可以改。")
        then = "写好后送会办单位会签，再请负责人签发。" if case.needs_cosign else "写好后请负责人签发。"
        asked = f"提案写了{len(case.suggestions)}条建议，逐条答复；" if case.suggestions else ""
        title = "现在请您做：修改答复函" if reply is not None and reply.sent_back_reason else "现在请您做：起草答复函"
        return Now("draft", title, asked + then)
    if reply.status == Reply.Status.COSIGN:
        waiting = [row for row in reply.cosigns.all() if row.state != CosignOpinion.State.AGREED]
        if waiting:
            return Now(
                "",
                f"等{len(waiting)}家会办单位会签",
                "、".join(str(row.task.unit) for row in waiting) + "还没有会签；都同意后由负责人签发。",
            )
        if case.task.unit_id in user.unit_ids("unit_leader"):
            return Now("approve", "现在请您做：签发", "会办单位都同意了。请通读全文后签发，或者写明理由退回修改。")
        return Now("", "等负责人签发", "会办单位都同意了，负责人登录后在待办里签发。")
    if reply.status == Reply.Status.UNIT_APPROVED:
        return Now("send", "现在请您做：编发文字号，报督查室", "打印盖章后，填上发文字号，附盖章扫描件，报督查室审核。")
    if reply.status == Reply.Status.OFFICE_REVIEW:
        return Now("", "等督查室审核", "审核通过后由督查室送达委员；需要修改的会写明理由退回。")
    return Now("", "答复已送达，这件办完了", "委员反馈以后会告诉您。写了承诺的，请按期兑现。")
