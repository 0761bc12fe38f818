"""Rows of the proposal list 清单行: one table read, everything said in words before the page is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.templatetags.deadlines import due
from core.templatetags.frame import cn_date
from proposals.choices import name_of
from proposals.models import Proposal
from proposals.templatetags.proposal_tags import chinese_number, state_badge

COLUMNS = (
    "id", "status", "intake_no", "session_id", "number", "title", "kind", "proposer_name", "sector_id", "lead_unit_id",
    "first_reviewer_id", "round", "is_key", "next_due", "next_due_label", "closed_on",
    "excellent_on",
)  # fmt: skip
"""The columns that a row needs; none of them is a text."""

_KINDS = dict(Proposal.Kind.choices)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One proposal as the list shows it; an empty string stands for what a row does not have."""

    pk: int
    status: str
    pick: str
    url: str
    number: str
    session: str
    intake_no: str
    title: str
    is_key: bool
    is_excellent: bool
    again: str
    proposer: str
    side: str
    lead: str
    state: SafeString
    due: SafeString | str
    due_label: str
    closed: str


def list_rows(found: Iterable[Any]) -> list[ListRow]:
    """The rows of ``values_list(*COLUMNS, named=True)`` in words; no query beyond the kept names."""
    today = timezone.localdate()
    head, tail = reverse("proposals:item", args=[0]).rsplit("0", 1)
    days: dict[date, SafeString | str] = {}
    rows = []
    for row in found:
        if row.next_due and row.next_due not in days:
            days[row.next_due] = due(row.next_due, today=today)
        rows.append(
            ListRow(
                pk=row.id,
                status=row.status,
                pick=str(row.id),
                url=f"{head}{row.id}{tail}",
                number=f"第{row.number}号" if row.number else "",
                session=name_of("session", row.session_id),
                intake_no=row.intake_no or "草稿",
                title=row.title,
                is_key=row.is_key,
                is_excellent=row.excellent_on is not None,
                again=chinese_number(row.round) if row.round > 1 else "",
                proposer=row.proposer_name,
                side=_side(row),
                lead=name_of("unit", row.lead_unit_id),
                state=state_badge(row.status, reviewed_once=row.first_reviewer_id is not None),
                due=days.get(row.next_due, ""),
                due_label=row.next_due_label,
                closed=cn_date(row.closed_on),
            )
        )
    return rows


def _side(row: Any) -> str:
    """What stands under the proposer's name: the kind of a body, the sector of a person."""
    if row.kind in Proposal.COLLECTIVE_KINDS:
        return _KINDS[row.kind]
    return name_of("sector", row.sector_id) + ("　联名" if row.kind == Proposal.Kind.JOINT else "")
