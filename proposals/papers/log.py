"""The log entries that a row of the register proves (时间线): each with the day that the paper gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from core import audit
from core.papers.importing import Plan
from proposals.models import Proposal

_DECISIONS = {
    "merged": ("proposal.merge", "并案"),
    "not_filed": ("proposal.refuse", "不立案"),
    "returned": ("proposal.return", "退回修改"),
    "withdrawn": ("proposal.withdraw", "撤案"),
}


def events(plan: Plan, case: Proposal, actor: Any) -> list[audit.Event]:
    """What the row proves, in order, each with the day that it gives."""
    payload, record = plan.payload, plan.record
    source = f"“{record.table.file}”第{record.number}行"
    detail = {"file": record.table.file, "sheet": record.table.sheet, "row": record.number}

    def event(verb: str, summary: str, on: dt.date | None = None, reason: str = "") -> audit.Event:
        return audit.Event(verb, summary, actor, case, reason=reason, occurred_on=on)

    if plan.action == "updated":
        return [audit.Event("proposal.import", f"按{source}更正", actor, case, detail=detail)]
    found = [
        event("proposal.submit", "提交提案", payload["submitted_on"]),
        audit.Event("proposal.import", f"按{source}登记", actor, case, detail=detail),
    ]
    outcome = payload["outcome"]
    if outcome in _DECISIONS:
        verb, label = _DECISIONS[outcome]
        words = f"并入第{payload['main_case']}号" if outcome == "merged" else label
        if payload["disposition"]:
            words += f"，{case.get_disposition_display()}"
        found.append(event(verb, words, reason=payload["note"]))
    if outcome == "filed":
        assumed = "（登记表没有写立案日期，按交办日期计）" if payload["assigned_on"] else ""
        found.append(event("proposal.file", f"准予立案，案号第{case.number}号{assumed}", case.filed_on))
    if case.assigned_on:
        found += _handling_events(payload, case, event)
    return found


def _handling_events(
    payload: Mapping[str, Any], case: Proposal, event: Callable[..., audit.Event]
) -> list[audit.Event]:
    leads = "、".join(payload["lead_units"])
    role = "分办" if len(payload["lead_units"]) > 1 else "主办"
    supports = f"，{'、'.join(payload['support_units'])}会办" if payload["support_units"] else ""
    found = [event("proposal.assign", f"交办，{leads}{role}{supports}", payload["assigned_on"])]
    if payload["signed_on"]:
        found.append(event("unittask.sign", f"{leads}签收", payload["signed_on"]))
    if payload["extended"]:
        found.append(event("unittask.grant_extension", "同意延期", reason=payload["note"]))
    if payload["replied_on"]:
        number = f"，{payload['document_no']}" if payload["document_no"] else ""
        letter = f"，{payload['result_class']}类" if payload["result_class"] else ""
        promise = f"，承诺{payload['promised_on']}前办成" if payload["promised_on"] else ""
        found.append(event("reply.issue", f"答复送达{number}{letter}{promise}", payload["replied_on"]))
    if payload["rating"] and payload["replied_on"]:
        attitude = f"办理态度{case.get_attitude_display()}，" if payload["attitude"] else ""
        words = f"{attitude}办理结果{case.get_rating_display()}（登记表没有写反馈日期，按答复日期计）"
        found.append(event("feedback.enter", words, payload["replied_on"]))
    if case.closed_on:
        found.append(event("proposal.close", "办结", case.closed_on))
    if case.status == "follow_up":
        found.append(event("proposal.follow_up", f"转入跟踪，承诺{payload['promised_on']}前办成", case.closed_on))
    return found
