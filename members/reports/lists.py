"""The list of a round's yearly reports 年度履职报告: every member who owes one, with what has come; figures, filter, export."""

from dataclasses import dataclass
from typing import IO, Any

from django import forms
from django.db.models import Case, CharField, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When

from core import audit, paging, spreadsheets
from members.models import DutyReport, Member, ReportRound, ReportStatus, Sector
from members.models.reports import HANDED_IN
from members.services import reports

STATES = [
    ("missing", "没有交"), ("submitted", "待阅"), ("returned", "退回修改"), ("accepted", "已收"), ("late", "迟交"),
]  # fmt: skip
ORDER = (paging.Key("code"),)


class ReportFilter(forms.Form):
    """Members by name or code, by what has come, by sector."""

    q = forms.CharField(label="姓名、编号", required=False, max_length=40)
    state = forms.ChoiceField(label="交了没有", required=False, choices=[("", "全部"), *STATES])
    sector = forms.ModelChoiceField(
        Sector.objects.filter(is_active=True), label="界别", required=False, empty_label="全部界别"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chooses = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if chooses else "form-control"


@dataclass(frozen=True)
class Figure:
    """One count of a round and the filter that lists it."""

    state: str
    label: str
    count: int


def rows(row: ReportRound) -> QuerySet[Member]:
    """Who owes the report or has handed one in, each with its ``came`` state, its day, and whether it was late."""
    handed = DutyReport.objects.filter(round=row, member=OuterRef("pk"), status__in=HANDED_IN)
    people = Member.objects.filter(Q(pk__in=reports.asked(row).values("pk")) | Exists(handed))
    came = FilteredRelation("duty_reports", condition=Q(duty_reports__round=row, duty_reports__status__in=HANDED_IN))
    return people.annotate(
        report=came,
        report_id=F("report__pk"),
        came=Case(When(report__status__isnull=True, then=Value("missing")), default=F("report__status"), output_field=CharField()),
        came_on=F("report__handed_in_on"),
        on_paper=F("report__on_paper"),
    )  # fmt: skip


def chosen(found: QuerySet[Member], row: ReportRound, filters: ReportFilter) -> QuerySet[Member]:
    """The rows that fit the filter."""
    if not filters.is_valid():
        return found
    values = filters.cleaned_data
    if q := values["q"].strip():
        found = found.filter(Q(name__icontains=q) | Q(code__iexact=q))
    if values["sector"]:
        found = found.filter(sector=values["sector"].pk)
    state = values["state"]
    if state == "late":
        return found.filter(came_on__gt=row.due_on)
    return found.filter(came=state) if state else found


def figures(row: ReportRound) -> list[Figure]:
    """How many are asked and what has come of it, each with its filter; one query."""
    counts = rows(row).order_by().aggregate(
        all=Count("pk"),
        late=Count("pk", Q(came_on__gt=row.due_on)),
        **{state: Count("pk", Q(came=state)) for state, _ in STATES if state != "late"},
    )  # fmt: skip
    return [Figure("", "应交", counts["all"]), *(Figure(state, label, counts[state]) for state, label in STATES)]


def label_of(came: str) -> str:
    """A state of the list in words."""
    return dict(STATES)[came]


def export(row: ReportRound, found: QuerySet[Member], *, actor: Any, query: str) -> tuple[IO[bytes], str]:
    """The filtered list as a spreadsheet and its name; recorded in the log."""
    columns: tuple[spreadsheets.Column, ...] = (
        ("委员编号", 14, lambda one: one.code),
        ("姓名", 12, lambda one: one.name),
        ("界别", 16, lambda one: str(one.sector or "")),
        ("工作单位及职务", 40, lambda one: one.post),
        ("交了没有", 12, lambda one: label_of(one.came)),
        ("交来日期", 14, lambda one: one.came_on),
        ("迟交", 8, lambda one: "是" if one.came_on and one.came_on > row.due_on else ""),
        ("纸质", 8, lambda one: "是" if one.on_paper else ""),
    )
    title = f"{row}收交情况"
    file, count = spreadsheets.write(title, columns, found.select_related("sector").order_by("code"))
    audit.record(
        verb="dutyreport.export", summary=f"导出{title}{count}行", actor=actor, subject=row,
        detail={"query": query, "rows": count},
    )  # fmt: skip
    return file, f"{title}.xlsx"


def next_waiting(report: DutyReport) -> DutyReport | None:
    """The report that waits after this one, in the order in which they came; one query."""
    rows = DutyReport.objects.filter(round=report.round, status=ReportStatus.SUBMITTED).exclude(pk=report.pk)
    return rows.select_related("member").order_by("submitted_at", "pk").first()
