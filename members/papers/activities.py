"""Read the register of activities 履职活动: what took place, who was there, quantities and amounts.

The register is the proof: every row becomes a held activity, every member code in it an attendance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core import audit
from core.papers import registry
from core.papers.importing import Importer, Plan
from core.papers.sheets import Column, Record
from core.papers.taken import worked_on
from core.papers.words import surface
from core.workflow import adopt
from members.models import Activity, Attendance, Member
from members.papers.matching import Directory
from members.papers.rows import BATCH, NOTE, known_codes, skip_marked, text_of

REGISTER = "activities"
Kind = Activity.Kind

KINDS = {
    **{label: kind for kind, label in Kind.choices},
    **dict.fromkeys(("学习", "理论学习", "中心组学习", "党组理论学习中心组集中学习"), Kind.STUDY),
    **dict.fromkeys(("学习培训", "委员培训"), Kind.TRAINING),
    **dict.fromkeys(("专题调研", "委员调研"), Kind.RESEARCH),
    **dict.fromkeys(("委员视察", "视察活动"), Kind.INSPECTION),
    **dict.fromkeys(("读书活动", "委员读书"), Kind.READING),
    **dict.fromkeys(("征文活动", "文章"), Kind.ESSAY),
    **dict.fromkeys(("履职短视频", "委员短视频"), Kind.SHORT_VIDEO),
    **dict.fromkeys(("文史资料", "文史工作"), Kind.HISTORY),
    **dict.fromkeys(("交流", "联谊交流", "交流联谊"), Kind.EXCHANGE),
    **dict.fromkeys(("捐赠", "公益", "爱心捐赠", "捐款捐物"), Kind.DONATION),
    **dict.fromkeys(("选派干部", "包抓帮扶"), Kind.CENTRAL_WORK),
    **dict.fromkeys(("大会发言", "发言"), Kind.SPEECH),
}
OWN_WORK = frozenset({Kind.ESSAY, Kind.READING_VIDEO, Kind.SHORT_VIDEO, Kind.DONATION, Kind.SPEECH})
"""Kinds of which several members do the same on one day: whose it is tells such rows apart."""

UNIT_WORDS = {
    Kind.ESSAY: "篇",
    Kind.READING_VIDEO: "个",
    Kind.SHORT_VIDEO: "个",
    Kind.DONATION: "笔",
    Kind.CENTRAL_WORK: "人次",
}

COLUMNS = (
    Column("order", ("序号", "编号"), "count"),
    Column("on", ("日期", "活动日期", "举办日期", "开展日期"), "date", required=True, span=(1, 1)),
    Column("kind", ("类别", "活动类别", "活动类型", "类型", "种类"), "choice", required=True, choices=KINDS),
    Column("title", ("名称", "活动名称", "活动内容", "内容", "主题"), required=True),
    Column("codes", ("参加委员编号", "委员编号", "参加委员", "参加人员编号", "参会委员编号"), "codes"),
    Column("headcount", ("人数", "参加人数", "参会人数", "到会人数"), "count"),
    Column("quantity", ("数量", "次数", "篇数", "件数"), "number"),
    Column("amount", ("金额", "金额（元）", "捐赠金额", "折合金额"), "number"),
    Column("place", ("地点", "活动地点")),
    NOTE,
)


class ActivityImporter(Importer):
    """Activities by day, kind and name; a member's own work also by whose it is."""

    def plan(self, record: Record) -> Plan:
        """One held activity with those who were there; unknown codes are left out and named."""
        skip_marked(record)
        directory = self.context.of(Directory)
        codes = known_codes(record, "codes", directory)
        written: list[str] = record["codes"] or []
        if record["headcount"] is not None and written and record["headcount"] != len(written):
            message = f"写的是{record['headcount']}人，编号有{len(written)}个，出席按编号登记，请核对。"
            record.problem("headcount", message)
        payload = {
            "on": record["on"],
            "kind": str(record["kind"]),
            "title": text_of(record, "title", 160),
            "codes": codes,
            "headcount": record["headcount"],
            "quantity": self._number(record, "quantity"),
            "amount": self._number(record, "amount"),
            "place": text_of(record, "place", 120),
            "note": text_of(record, "note", 200),
        }
        if payload["kind"] in OWN_WORK and not written:
            record.problem("codes", "没有写是哪位委员，不计入委员的履职，请补上。", value="")
        words = [payload["on"].isoformat(), payload["kind"], payload["title"]]
        if payload["kind"] in OWN_WORK:
            words += sorted(written)
        digest = hashlib.sha256(surface("\n".join(words)).encode()).hexdigest()[:24]
        return Plan(f"{self.context.year}-{digest}", payload, record, label=payload["title"])

    def _number(self, record: Record, key: str) -> Decimal | None:
        """An amount or quantity with two decimals; a negative or endless one is left out."""
        value: Decimal | None = record[key]
        if value is None:
            return None
        if not 0 <= value < 10**10:
            record.problem(key, "这个数不像是真的，没有登记，请核对。")
            return None
        return value.quantize(Decimal("0.01"))

    def existing(self) -> Mapping[str, int]:
        """Stored activities of registers by their key."""
        if not hasattr(self, "_stored"):
            rows = Activity.objects.filter(source_key__startswith=f"{self.context.year}-")
            self._stored: dict[str, int] = {key: pk for key, pk in rows.values_list("source_key", "pk") if key}
        return self._stored

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Activities that somebody has worked on since they were read in."""
        reason = "这项活动读入以后已在系统里改过，表里的改动没有写入；要改请在系统里改。"
        return dict.fromkeys(worked_on(REGISTER, "members.activity", self.existing(), plans), reason)

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store activities, who was there, and one entry of the log for each."""
        members = Member.objects.in_bulk({c for p in plans for c in p.payload["codes"]}, field_name="code")
        stored = {a.source_key: a for a in Activity.objects.filter(source_key__in=[p.key for p in plans])}
        new: list[Activity] = []
        for plan in plans:
            activity = stored.get(plan.key) or Activity(source_key=plan.key, made_by=actor)
            _fill(activity, plan.payload)
            if plan.key in stored:
                activity.save()
            else:
                new.append(activity)
        Attendance.objects.filter(activity__in=stored.values(), way=Attendance.Way.IMPORT).delete()
        stored |= {a.source_key: a for a in Activity.objects.bulk_create(new, batch_size=BATCH)}
        present = [
            _attendance(stored[plan.key], members[code], plan.payload)
            for plan in plans
            for code in plan.payload["codes"]
        ]
        Attendance.objects.bulk_create(present, batch_size=BATCH, ignore_conflicts=True)
        audit.record_many(_event(plan, stored[plan.key], actor) for plan in plans)


def _fill(activity: Activity, payload: Mapping[str, Any]) -> None:
    adopt(activity, Activity.Status.HELD)
    for name in ("on", "kind", "title", "headcount", "quantity", "amount", "place", "note"):
        setattr(activity, name, payload[name])
    activity.unit_word = UNIT_WORDS.get(payload["kind"], "次")


def _attendance(activity: Activity, member: Member, payload: Mapping[str, Any]) -> Attendance:
    """Present; what one member gave or made alone is his, what several did together stays undivided."""
    alone = len(payload["codes"]) == 1
    return Attendance(
        activity=activity,
        member=member,
        state=Attendance.State.PRESENT,
        way=Attendance.Way.IMPORT,
        quantity=payload["quantity"] if alone else None,
        amount=payload["amount"] if alone else None,
    )


def _event(plan: Plan, activity: Activity, actor: Any) -> audit.Event:
    record = plan.record
    what = "登记" if plan.action == "created" else "更正"
    return audit.Event(
        verb="activity.import",
        summary=f"按“{record.table.file}”第{record.number}行{what}",
        actor=actor,
        subject=activity,
        detail={"file": record.table.file, "sheet": record.table.sheet, "row": record.number},
        occurred_on=plan.payload["on"],
    )


def register() -> None:
    """Make the register of activities known to the import."""
    registry.register(
        registry.PaperKind(
            REGISTER,
            "委员履职活动",
            55,
            COLUMNS,
            [frozenset({"on", "kind", "title"})],
            ActivityImporter,
            minimum=5,
            permission="members.import_rolls",
            undo=registry.Undo(Activity, owns=frozenset({"members.attendance"})),
        )
    )
