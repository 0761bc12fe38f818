"""Reasons against a move, in words: the guards of the process tables."""

from core import options
from proposals.models import CosignOpinion, UnitTask


def text_is_complete(proposal, actor) -> str | None:
    """A proposal needs title, situation, at least one suggestion, a category and a confirmed first proposer."""
    missing = []
    if not proposal.title.strip():
        missing.append("案由")
    if not proposal.situation.strip():
        missing.append("情况与问题")
    if not any(row.text.strip() for row in proposal.suggestions.all()):
        missing.append("至少一条建议")
    if proposal.category_id is None:
        missing.append("类别")
    if not any(row.is_first for row in proposal.proposers.all()):
        missing.append("第一提案者")
    return f"还缺{'、'.join(missing)}，补上以后再提交。" if missing else None


def has_cosigners(proposal, actor) -> str | None:
    """Only a joint proposal with somebody to ask goes to co-signing."""
    if proposal.kind != proposal.Kind.JOINT:
        return "只有联名提案需要联名确认。"
    if not any(row.state == "invited" for row in proposal.proposers.all()):
        return "还没有邀请联名委员，请先加上联名人。"
    return None


def other_reviewer(proposal, actor) -> str | None:
    """The second review needs a first one, given by somebody else (four eyes)."""
    if proposal.first_reviewer_id is None:
        return "还没有初审意见，请先初审。"
    if actor is not None and proposal.first_reviewer_id == actor.pk:
        return "初审和复审不能是同一个人，请另一位同事复审。"
    return None


def not_yet_reviewed(proposal, actor) -> str | None:
    """One first review at a time."""
    return "已有初审意见，等待复审。" if proposal.first_reviewer_id else None


def all_signed(proposal, actor) -> str | None:
    """Handling begins when every lead and split unit has signed for it."""
    waiting = [task for task in proposal.tasks.live() if task.replies and task.signed_on is None]
    return f"还有{len(waiting)}家单位未签收。" if waiting else None


def all_replied(proposal, actor) -> str | None:
    """The case is answered when every lead and split unit has issued its reply of this round."""
    for task in proposal.tasks.live():
        if task.replies and not task.letters.filter(round=proposal.round, status="issued").exists():
            return f"{task.unit}还没有送达答复。"
    return None


def nothing_open(proposal, actor) -> str | None:
    """A file is complete when feedback is settled and no promise runs."""
    if any(row.state == "waiting" for row in proposal.feedback.all()):
        return "还有提案者没有反馈，期限也没有过。"
    return None


def publication_is_open(proposal, actor) -> str | None:
    """What is published, or was decided before, needs no second decision."""
    if proposal.published_on is not None:
        return "这件提案已经公开，不能再定为不公开。"
    return "已经定为不公开。" if proposal.withheld_on is not None else None


def replies_itself(task, actor) -> str | None:
    """Support units give their opinion to the lead unit, never a reply."""
    return None if task.role != UnitTask.Role.SUPPORT else "会办单位把意见交给主办单位，不直接答复委员。"


def is_support(task, actor) -> str | None:
    """Only support units give an opinion; whoever replies does so by a letter."""
    return None if task.role == UnitTask.Role.SUPPORT else "主办、分办单位直接答复委员，不提交会办意见。"


def has_contacted(reply, actor) -> str | None:
    """A reply is preceded by contact with the proposer 面商."""
    wanted = options.value("proposals.min_contacts")
    held = reply.task.contacts.filter(round=reply.round).count()
    if held < wanted:
        return f"答复前要先与提案者沟通，请登记至少{wanted}次沟通，现在{held}次。"
    return None


def reply_is_complete(reply, actor) -> str | None:
    """Each suggestion has its answer and class; a class that needs one has a dated promise."""
    items = list(reply.items.select_related("result_class", "suggestion"))
    wanted = set(reply.task.proposal.suggestions.values_list("pk", flat=True))
    answered = {row.suggestion_id for row in items if row.text.strip() and row.result_class_id}
    if wanted - answered:
        return f"还有{len(wanted - answered)}条建议没有写答复或没有选分类。"
    if reply.result_class_id is None:
        return "还没有选答复函的总分类。"
    if reply.result_class.needs_promise and not reply.promises.exists():
        return f"{reply.result_class.letter}类答复至少要有一条写明日期的承诺。"
    return has_contacted(reply, actor)


def needs_cosign(reply, actor) -> str | None:
    """Only a reply with support units goes round for agreement."""
    if not reply.task.proposal.tasks.live().filter(role="support").exists():
        return "没有会办单位，不需要会签。"
    return reply_is_complete(reply, actor)


def may_be_signed(reply, actor) -> str | None:
    """The leader signs a complete reply that all support units agreed to."""
    supports = reply.task.proposal.tasks.live().filter(role="support").exists()
    if supports and reply.task.role == UnitTask.Role.LEAD:
        if reply.status == "draft":
            return "有会办单位，请先送会签。"
        waiting = reply.cosigns.exclude(state=CosignOpinion.State.AGREED).count()
        if waiting:
            return f"还有{waiting}家会办单位没有同意。"
    return reply_is_complete(reply, actor)


def has_document_no(reply, actor) -> str | None:
    """A reply leaves the unit with its own document number."""
    return None if reply.document_no.strip() else "请先填写发文字号。"


def case_in_hand(task, actor) -> str | None:
    """Units work only on a case that is in their hands: not one withdrawn, answered or closed."""
    proposal = task.proposal
    if proposal.status in ("assigned", "handling", "rehandling"):
        return None
    return f"这件提案现在是“{proposal.get_status_display()}”，承办环节不能再办。"


def reply_in_hand(reply, actor) -> str | None:
    """A letter moves with its case, and only that of the present round."""
    if problem := case_in_hand(reply.task, actor):
        return problem
    if reply.round != reply.task.proposal.round:
        return "这是上一轮的答复函，请在本轮的答复函上办。"
    if reply.task.status == UnitTask.Status.REASSIGNED:
        return "这件提案已经改给别的单位办理。"
    return None


def not_yet_excellent(proposal, actor) -> str | None:
    """A case is named excellent once."""
    return "已经是优秀提案。" if proposal.is_excellent else None


def is_excellent(proposal, actor) -> str | None:
    """Only what was named excellent can be taken back."""
    return None if proposal.is_excellent else "不是优秀提案，不用撤销。"
