"""The proposal list as a spreadsheet (导出): exactly the rows that are filtered, written in batches."""

from collections.abc import Iterator
from itertools import islice
from typing import IO

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from core import audit, exporting, paging, spreadsheets
from core.spreadsheets import Column
from proposals.choices import load_choices
from proposals.filters import ProposalFilter
from proposals.models import Proposal, UnitTask

_BATCH = 1000

COLUMNS: tuple[Column, ...] = (
    ("届次", 16, lambda row: row.session.name),
    ("案号", 8, lambda row: row.number),
    ("流水号", 12, lambda row: row.intake_no),
    ("案由", 60, lambda row: row.title),
    ("类别", 12, lambda row: row.category.name if row.category else ""),
    ("提案者类别", 12, lambda row: row.get_kind_display()),
    ("第一提案者", 14, lambda row: row.proposer_name),
    ("界别", 12, lambda row: row.sector.name if row.sector else ""),
    ("大会或平时", 10, lambda row: "大会" if row.in_session else "平时"),
    ("重点提案", 8, lambda row: "是" if row.is_key else ""),
    ("优秀提案", 8, lambda row: "是" if row.is_excellent else ""),
    ("状态", 10, lambda row: row.get_status_display()),
    ("主办单位", 20, lambda row: row.lead_unit.name if row.lead_unit else ""),
    ("会办、分办单位", 30, lambda row: "、".join(row.other_units)),
    ("提交日期", 12, lambda row: row.submitted_on),
    ("立案日期", 12, lambda row: row.filed_on),
    ("交办日期", 12, lambda row: row.assigned_on),
    ("答复日期", 12, lambda row: row.replied_on),
    ("办结日期", 12, lambda row: row.closed_on),
    ("答复类别", 10, lambda row: row.result_class.letter if row.result_class else ""),
    ("办理态度评价", 12, lambda row: row.get_attitude_display()),
    ("办理结果评价", 12, lambda row: row.get_rating_display()),
    ("最近期限", 12, lambda row: row.next_due),
    ("期限名称", 12, lambda row: row.next_due_label),
)


def rows(user, query: QueryDict) -> QuerySet:
    """The proposals that the list shows to a person under the filter of its address, in its order."""
    filters = ProposalFilter(query, choices=load_choices())
    found = filters.apply(Proposal.objects.visible_to(user), user)
    return found.order_by(*(paging.ordering(key) for key in filters.order))


def write(rows: QuerySet, *, actor, query: str) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file; recorded in the log with ``query``, the address's filter."""
    file, count = spreadsheets.write("提案", COLUMNS, _with_other_units(_with_columns(rows)))
    audit.record(
        verb="proposals.export",
        summary=f"导出提案清单{count}件",
        actor=actor,
        detail={"query": query, "rows": count},
    )
    return file


def register() -> None:
    """Let the list be taken away."""
    exporting.register("proposals", exporting.Export("提案清单", "件", "proposals:list", rows, write, file_name))


def file_name() -> str:
    """提案清单_20260305.xlsx, of today."""
    return f"提案清单_{timezone.localdate():%Y%m%d}.xlsx"


def _with_columns(rows: QuerySet) -> QuerySet:
    return rows.select_related("lead_unit", "category", "sector", "session", "result_class").defer(
        "situation", "analysis", "first_note", "decision_note"
    )


def _with_other_units(rows: QuerySet) -> Iterator[Proposal]:
    """The rows in batches, each with the names of its support and split units."""
    found = rows.iterator(chunk_size=_BATCH)
    while batch := list(islice(found, _BATCH)):
        units: dict[int, list[str]] = {}
        tasks = UnitTask.objects.live().exclude(role="lead").filter(proposal__in=batch)
        for proposal_id, name in tasks.order_by("id").values_list("proposal_id", "unit__name"):
            units.setdefault(proposal_id, []).append(name)
        for row in batch:
            row.other_units = [
                name for name in units.get(row.pk, []) if row.lead_unit is None or name != row.lead_unit.name
            ]
        yield from batch
