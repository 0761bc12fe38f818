"""Lists of the plan and the board as spreadsheets 导出: exactly the rows that are filtered, each export logged."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from consultations.models import Consultation, Outcome, PlanItem, TopicSuggestion, Uptake
from consultations.plans.progress import State
from core import audit, spreadsheets

MOST = 20_000
FORMS = dict(Consultation.Form.choices)


def _names(rows: Any) -> str:
    return "、".join(str(row) for row in rows.all())


def _state(item: PlanItem) -> str:
    return State(item.state).label  # type: ignore[attr-defined]


ITEM_COLUMNS: Sequence[spreadsheets.Column] = (
    ("年份", 8, lambda row: row.plan.year),
    ("月份", 8, lambda row: row.month),
    ("议题", 50, lambda row: row.topic),
    ("形式", 16, lambda row: FORMS.get(row.form, row.form)),
    ("领衔领导", 14, lambda row: row.leader),
    ("承办专委会", 20, lambda row: str(row.body or "")),
    ("责任部门", 30, lambda row: _names(row.units)),
    ("参与部门", 30, lambda row: _names(row.partner_units)),
    ("参加范围", 30, lambda row: row.participants),
    ("协商方式", 30, lambda row: row.method),
    ("进度", 12, _state),
)
TOPIC_COLUMNS: Sequence[spreadsheets.Column] = (
    ("年份", 8, lambda row: row.plan.year),
    ("议题", 50, lambda row: row.title),
    ("为什么要议", 60, lambda row: row.text),
    ("建议的形式", 16, lambda row: FORMS.get(row.form, "")),
    ("来源", 14, lambda row: row.get_source_display()),
    ("谁提的", 24, lambda row: row.by),
    ("提出日期", 12, lambda row: row.sent_on),
    ("状态", 12, lambda row: row.get_status_display()),
    ("列入的议题", 40, lambda row: row.item.topic if row.item else ""),
    ("答复", 40, lambda row: row.reply),
)
Rows = QuerySet[PlanItem] | QuerySet[TopicSuggestion] | QuerySet[Outcome] | QuerySet[Uptake]


def send(
    request: HttpRequest, name: str, columns: Sequence[spreadsheets.Column], rows: Rows, verb: str
) -> HttpResponseBase:
    """The filtered rows as a file; too many are refused in words, and the log keeps who took what along."""
    if rows.order_by()[MOST:].exists():
        messages.error(request, f"超过{MOST:,}行，一次导不完。请先按年份筛选，再导出。")
        return redirect(request.path)
    file, count = spreadsheets.write(name, columns, rows.iterator(chunk_size=500))
    detail = {"query": request.GET.urlencode(), "rows": count}
    audit.record(verb=verb, summary=f"导出{name}{count}行", actor=request.user, detail=detail)
    response = FileResponse(file, as_attachment=True, filename=f"{name}_{timezone.localdate():%Y%m%d}.xlsx")
    response["Content-Type"] = spreadsheets.CONTENT_TYPE
    return response
