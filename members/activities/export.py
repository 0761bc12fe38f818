"""The list of activities as a spreadsheet (导出): exactly the rows that are filtered, and who was at one of them."""

from typing import IO

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from core import audit, exporting, paging, spreadsheets
from core.spreadsheets import Column
from members.activities.filters import ORDER, ActivityFilter
from members.models.activities import Activity, Attendance

State = Attendance.State

ACTIVITY: tuple[Column, ...] = (
    ("日期", 12, lambda row: row.on),
    ("结束日期", 12, lambda row: row.ends_on),
    ("类别", 12, lambda row: row.get_kind_display()),
    ("名称", 50, lambda row: row.title),
    ("地点", 24, lambda row: row.place),
    ("组织单位", 24, lambda row: row.organizer.name if row.organizer else ""),
    ("状态", 10, lambda row: row.get_status_display()),
    ("请到", 8, lambda row: row.asked),
    ("到会", 8, lambda row: row.present),
    ("请假", 8, lambda row: row.on_leave),
    ("缺席", 8, lambda row: row.absent),
    ("人数", 8, lambda row: row.headcount),
    ("数量", 10, lambda row: row.quantity),
    ("单位", 8, lambda row: row.unit_word),
    ("金额（元）", 12, lambda row: row.amount),
    ("自报委员", 12, lambda row: row.reported_by.name if row.reported_by else ""),
    ("所属课题", 30, lambda row: row.topic.title if row.topic else ""),
)
PEOPLE: tuple[Column, ...] = (
    ("委员编号", 14, lambda row: row.member.code),
    ("姓名", 12, lambda row: row.member.name),
    ("界别", 16, lambda row: row.member.sector.name if row.member.sector else ""),
    ("工作单位及职务", 40, lambda row: row.member.post),
    ("情况", 10, lambda row: row.get_state_display()),
    ("签到方式", 12, lambda row: row.get_way_display()),
    ("签到时间", 18, lambda row: row.signed_at),
    ("参加多少", 10, lambda row: row.part),
    ("请假事由", 30, lambda row: row.reason),
)


def rows(user, query: QueryDict) -> QuerySet:
    """The activities that the list shows to a person under the filter of its address, in its order."""
    found = ActivityFilter(query, user=user).apply(Activity.objects.visible_to(user))
    return found.order_by(*(paging.ordering(key) for key in ORDER))


def activities(rows: QuerySet, *, actor, query: str) -> IO[bytes]:
    """A spreadsheet of activities with the tallies of their attendance; logged."""
    counted = with_tallies(rows).select_related("organizer", "reported_by", "topic").defer("text")
    file, count = spreadsheets.write("履职活动", ACTIVITY, counted.iterator(chunk_size=1000))
    audit.record(
        verb="activities.export", summary=f"导出履职活动{count}项", actor=actor, detail={"query": query, "rows": count}
    )
    return file


def attendance(activity: Activity, *, actor) -> IO[bytes]:
    """A spreadsheet of who was invited to one activity and who came; logged."""
    rows = activity.attendances.select_related("member__sector").order_by("member__code")
    file, count = spreadsheets.write("出席", PEOPLE, rows)
    audit.record(verb="activity.export", summary=f"导出出席名单{count}人", actor=actor, subject=activity, root=activity)
    return file


def with_tallies(rows: QuerySet) -> QuerySet:
    """Activities each with ``asked``, ``present``, ``on_leave`` and ``absent``."""

    def tally(*states: str):
        return Count("attendances", filter=Q(attendances__state__in=states))

    return rows.annotate(
        asked=Count("attendances"), present=tally(State.PRESENT), on_leave=tally(State.ON_LEAVE),
        absent=tally(State.ABSENT),
    )  # fmt: skip


def register() -> None:
    """Let the list be taken away."""
    exporting.register(
        "activities", exporting.Export("履职活动", "项", "members:activities", rows, activities, file_name)
    )


def file_name() -> str:
    """履职活动_20260305.xlsx, of today."""
    return f"履职活动_{timezone.localdate():%Y%m%d}.xlsx"
