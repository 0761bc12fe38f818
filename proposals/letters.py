"""Compose the letter 答复函 of a reply: title, addressees, an answer per suggestion, promises, signature, copies."""

from core.papers.letter import Block, Letter
from core.templatetags.frame import cn_date
from members.models import HandlingUnit
from proposals.models import Proposer, Reply
from proposals.selectors_unit import ordinal

CITY, DISTRICT = "安康市", "安康市汉滨"
HEADING_LIMIT = 26


def compose(reply: Reply) -> Letter:
    """The letter as it stands; a draft has what is written so far.

    Reads the reply's ``items``, ``promises`` and task (prefetched by ``selectors_unit.get_reply``).
    """
    from proposals.services.common import all_proposers

    proposal = reply.task.proposal
    proposers = all_proposers(proposal)
    org = full_name(reply.task.unit)
    return Letter(
        org=org,
        title=(org, f"关于区政协{proposal.session.name}", f"{proposal.case_no}提案的答复"),
        to=addressees(proposers),
        blocks=tuple(_body(reply, proposers)),
        document_no=reply.document_no,
        mark=reply.result_class.letter if reply.result_class else "",
        signed_on=reply.issued_on,
        contact=_contact(reply),
        copies=_copies(reply),
    )


def full_name(unit: HandlingUnit) -> str:
    """The unit's name as it signs papers, with the city and district before it."""
    if unit.name.startswith("区"):
        return DISTRICT + unit.name
    return CITY + unit.name if unit.name.startswith("汉滨区") else unit.name


def addressees(proposers: list[Proposer]) -> str:
    """Every proposer of the case: members together, bodies by name."""
    members = [row.name for row in proposers if not row.body_id]
    bodies = [row.name for row in proposers if row.body_id]
    named = [f"{'、'.join(members)}委员"] if members else []
    return "、".join([*bodies, *named]) + "："


def _body(reply: Reply, proposers: list[Proposer]) -> list[Block]:
    proposal = reply.task.proposal
    you = "你们" if len(proposers) > 1 else "贵单位" if proposal.is_collective else "您"
    opening = reply.opening.strip() or f"{you}提出的《{proposal.title}》收悉。我单位认真研究，现答复如下："
    blocks = _paragraphs(opening)
    promises = list(reply.promises.all())
    for number, item in enumerate((row for row in reply.items.all() if row.suggestion_id), 1):
        blocks.append(Block("h", f"{ordinal(number)}、{_heading(item.suggestion.text)}"))
        blocks += _paragraphs(item.text)
        blocks += [_promise(row) for row in promises if row.item_id == item.pk]
    blocks += [_promise(row) for row in promises if row.item_id is None]
    blocks += _paragraphs(reply.closing.strip() or f"感谢{you}对我们工作的关心和支持。")
    return blocks


def _paragraphs(text: str) -> list[Block]:
    return [Block("p", line.strip()) for line in text.splitlines() if line.strip()]


def _promise(promise) -> Block:
    owner = f"（责任人：{promise.owner}）" if promise.owner else ""
    return Block("p", f"我单位承诺：{cn_date(promise.due_on)}前，{promise.text.rstrip('。')}{owner}。")


def _heading(text: str) -> str:
    """A short heading from a suggestion: its first clause, or its first characters."""
    first = text.strip().splitlines()[0] if text.strip() else "建议"
    for mark in "。：；，":
        clause = first.split(mark)[0].strip()
        if 0 < len(clause) <= HEADING_LIMIT:
            first = clause
            break
    else:
        first = first[: HEADING_LIMIT - 1] + "…"
    return first if first.startswith("关于") else f"关于{first}"


def _contact(reply: Reply) -> str:
    if not reply.contact_name and not reply.contact_phone:
        return ""
    parts = [
        f"联系人：{reply.contact_name}" if reply.contact_name else "",
        f"电话：{reply.contact_phone}" if reply.contact_phone else "",
    ]
    return f"（{'，'.join(part for part in parts if part)}）"


def _copies(reply: Reply) -> str:
    task = reply.task
    office = "区委督查室" if task.unit.side == HandlingUnit.Side.PARTY else "区政府督查室"
    supports = [str(row.unit) for row in task.proposal.tasks.live().filter(role="support").select_related("unit")]
    return "，".join(["区政协提案委员会", office, *(["、".join(supports)] if supports else [])]) + "。"
