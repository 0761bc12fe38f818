"""The list of sessions as a spreadsheet (导出): exactly the rows that are filtered."""

from typing import IO, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from consultations import forms
from consultations.models import Consultation
from core import audit, exporting, search, spreadsheets

COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("日期", 12, lambda row: row.on),
    ("形式", 16, lambda row: row.get_form_display()),
    ("题目", 50, lambda row: row.title),
    ("承办单位", 24, lambda row: row.organizer.name if row.organizer else ""),
    ("地点", 24, lambda row: row.place),
    ("意见建议条数", 12, lambda row: row.suggestions_count),
    ("状态", 12, lambda row: row.get_status_display()),
    ("报送日期", 12, lambda row: row.reported_on),
)


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
    if asked["year"]:
        rows = rows.filter(on__year=asked["year"])
    return rows


def rows(user: Any, query: QueryDict) -> QuerySet[Consultation]:
    """The sessions that the list shows to a person under the filter of its address, the latest first."""
    return narrowed(Consultation.objects.visible_to(user), forms.SessionFilter(query)).order_by("-on", "-id")


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
