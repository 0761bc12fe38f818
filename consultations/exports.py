"""The list of sessions as a spreadsheet (导出): exactly the rows that are filtered."""

from typing import IO, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from consultations.models import Consultation
from consultations.sessions import forms
from core import audit, deadlines, exporting, paging, search, spreadsheets

COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("日期", 12, lambda row: row.on),
    ("时间", 8, lambda row: f"{row.starts_at:%H:%M}" if row.starts_at else ""),
    ("形式", 16, lambda row: row.get_form_display()),
    ("题目", 50, lambda row: row.title),
    ("承办单位", 24, lambda row: row.organizer.name if row.organizer else ""),
    ("地点", 24, lambda row: row.place),
    ("意见建议条数", 12, lambda row: row.suggestions_count),
    ("状态", 12, lambda row: row.get_status_display()),
    ("报送日期", 12, lambda row: row.reported_on),
    ("最近期限", 12, lambda row: row.next_due),
)
NEWEST = (paging.Key("on", True), paging.Key("id", True))
ORDERS = {
    "oldest": (paging.Key("on"), paging.Key("id")),
    "due": (paging.Key("next_due", nullable=True), *NEWEST),
    "suggestions": (paging.Key("suggestions_count", True, nullable=True), *NEWEST),
}


def narrowed(rows, form: forms.SessionFilter):
    """The sessions that the conditions leave of ``rows``; a value that means nothing finds nothing."""
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    if asked["q"]:
        rows = search.match(rows, asked["q"])
    if asked["form"]:
        rows = rows.filter(form=asked["form"])
    if asked["state"]:
        rows = rows.filter(status__in=form.GROUPS.get(asked["state"], (asked["state"],)))
    if asked["organizer"]:
        rows = rows.filter(organizer=asked["organizer"])
    if asked["year"]:
        rows = rows.filter(on__year=asked["year"])
    if asked["month"]:
        rows = rows.filter(on__month=asked["month"])
    today = timezone.localdate()
    if asked["due"] == "overdue":
        rows = rows.filter(next_due__lt=today)
    elif asked["due"] == "soon":
        rows = rows.filter(next_due__range=(today, deadlines.soon_until(today)))
    elif asked["due"] == "running":
        rows = rows.filter(next_due__isnull=False)
    return rows


def order_of(form: forms.SessionFilter) -> tuple[paging.Key, ...]:
    """The order that the address asks for; the newest first where it asks for none."""
    return ORDERS.get(form.cleaned_data.get("sort", "") if form.is_valid() else "", NEWEST)


def rows(user: Any, query: QueryDict) -> QuerySet[Consultation]:
    """The sessions that the list shows to a person under the filter of its address, in the list's order."""
    form = forms.SessionFilter(query)
    found = narrowed(Consultation.objects.visible_to(user), form)
    return found.order_by(*map(paging.ordering, order_of(form)))


def write(rows: Any, *, actor: Any, query: str) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file, recorded in the log."""
    file, count = spreadsheets.write("协商", COLUMNS, rows.for_list().iterator(chunk_size=1000))
    audit.record(
        verb="consultation.export",
        summary=f"导出协商清单{count}场",
        actor=actor,
        detail={"query": query, "rows": count},
    )
    return file


def file_name() -> str:
    """协商清单_20260305.xlsx, of today."""
    return f"协商清单_{timezone.localdate():%Y%m%d}.xlsx"


def register() -> None:
    """Let the list be taken away."""
    exporting.register(
        "consultations", exporting.Export("协商清单", "场", "consultations:list", rows, write, file_name)
    )
