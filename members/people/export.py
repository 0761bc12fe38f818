"""The members' directory as a spreadsheet (导出): exactly who is filtered, numbers masked unless there is a reason."""

from typing import IO

from django.db.models import Prefetch, QuerySet

from core import audit, spreadsheets
from core.errors import Refusal
from core.spreadsheets import Column
from members.models import BranchPlace, Member, PartyContact, User
from members.selectors import SEES_PHONES, mask_phone

MOST = 20_000

COLUMNS: tuple[Column, ...] = (
    ("委员编号", 14, lambda row: row.code),
    ("姓名", 12, lambda row: row.name),
    ("界别", 16, lambda row: row.sector.name if row.sector else ""),
    ("工作单位及职务", 40, lambda row: row.post),
    ("政治面貌", 12, lambda row: row.political_status),
    ("常委", 6, lambda row: "是" if row.is_standing else ""),
    ("专委会", 20, lambda row: row.committee.name if row.committee else ""),
    ("所属工作室", 24, lambda row: row.studio.name if row.studio else ""),
    ("在任", 6, lambda row: "是" if row.is_active else "否"),
)
PERSONAL: tuple[Column, ...] = (
    ("性别", 6, lambda row: row.sex),
    ("民族", 8, lambda row: row.ethnicity),
    ("出生年月", 12, lambda row: f"{row.born.year}年{row.born.month}月" if row.born else ""),
)
PARTY: tuple[Column, ...] = (
    ("党支部", 24, lambda row: next((place.branch.name for place in row.present_branch), "")),
    ("党员联系人", 12, lambda row: next((link.contact.name for link in row.present_contact), "")),
)


def write(rows: QuerySet[Member], *, actor: User, query: str, reason: str = "", full: bool = False) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file; recorded in the log with the reason.

    ``full`` numbers are for those who may see them and give a reason. Raises ``Refusal``.
    """
    entitled = actor.has_role(*SEES_PHONES)
    if full and not entitled:
        raise Refusal("您不能导出完整号码。", field="full")
    if entitled and not reason.strip():
        raise Refusal("请写明导出作什么用。", field="reason")
    if rows.order_by()[MOST:].exists():
        raise Refusal(f"超过{MOST:,}人，一次导不完，请先筛选。")
    columns = COLUMNS
    if actor.has_perm("members.manage_people"):
        columns += PERSONAL
    if actor.has_perm("members.see_party"):
        columns += PARTY
        rows = rows.prefetch_related(
            Prefetch(
                "branch_places",
                BranchPlace.objects.filter(ends=None).select_related("branch"),
                to_attr="present_branch",
            ),
            Prefetch(
                "party_contacts",
                PartyContact.objects.filter(ends=None).select_related("contact"),
                to_attr="present_contact",
            ),
        )
    phone: Column = ("手机号", 14, lambda row: row.phone if full else mask_phone(row.phone))
    found = rows.select_related("sector", "committee", "studio").iterator(chunk_size=500)
    file, count = spreadsheets.write("委员名录", (*columns, phone), found)
    audit.record(
        verb="member.export", summary=f"导出委员名录{count}人（{'完整号码' if full else '号码打码'}）", actor=actor,
        reason=reason.strip(), detail={"query": query, "rows": count, "full": full},
    )  # fmt: skip
    return file
