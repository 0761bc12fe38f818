"""Read the register of visits on reception days (接待日来访登记): days that were held, and their matters.

The register names a visitor by family name only. What it proves is the state a matter is put into;
a host is looked for among the studio's members, because names repeat.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from core import audit
from core.papers import registry
from core.papers.importing import Importer, Plan
from core.papers.sheets import Column, Record
from core.papers.taken import worked_on
from core.papers.words import surface
from core.workflow import adopt
from members.matters.receipts import new_code
from members.models import Body, Matter, Member, ReceptionDay, ReceptionHost, Studio
from members.papers.matching import Directory
from members.papers.rows import BATCH, NOTE, skip_marked, text_of, unmatched

KIND = "receptions"
HELD_AT = dt.time(12)
"""The register gives no hour; a day counts as held from noon on."""

Route = Matter.Route
Rating = Matter.Rating
NOT_RATED = "not_rated"

ROUTES = {
    **dict.fromkeys(("当场答复", "现场答复", "当场解答", "当场办结", "现场解答"), Route.ON_SPOT),
    **dict.fromkeys(
        ("转有关单位", "转办", "转单位", "转相关单位", "转有关部门", "转部门办理", "转承办单位"), Route.TO_UNIT
    ),
    **dict.fromkeys(("转提案", "转为提案", "转化为提案", "形成提案"), Route.TO_PROPOSAL),
    **dict.fromkeys(("转社情民意", "转为社情民意", "转社情民意信息", "形成社情民意"), Route.TO_OPINION),
    **dict.fromkeys(("微协商", "转微协商", "开展微协商", "转入微协商"), Route.TO_MICRO),
    **dict.fromkeys(("引导信访", "转信访", "引导到信访", "引导到信访、法律途径", "引导法律途径"), Route.REFERRED),
}
RATINGS = {
    "非常满意": Rating.SATISFIED,
    **dict.fromkeys(("满意", "很满意"), Rating.SATISFIED),
    **dict.fromkeys(("基本满意", "比较满意", "较满意"), Rating.BASICALLY),
    **dict.fromkeys(("不满意", "很不满意"), Rating.UNSATISFIED),
    **dict.fromkeys(("未评价", "没有评价", "未反馈", "未回访"), NOT_RATED),
}

COLUMNS = (
    Column("order", ("序号", "编号"), "count"),
    Column("studio", ("工作室", "工作室名称", "委员工作室", "接待工作室", "接待地点"), required=True),
    Column("on", ("接待日期", "接待日", "来访日期", "接待时间", "日期"), "date", required=True, span=(1, 1)),
    Column("hosts", ("接待委员", "接待人", "值班委员", "坐班委员", "接待委员姓名"), "names"),
    Column("visitor", ("来访群众", "来访人", "群众姓名", "来访者", "来访人员", "群众")),
    Column("phone", ("来访人电话", "联系电话", "群众电话", "电话"), "phone"),
    Column("village", ("村（社区）", "村社区", "所在村社区", "住址", "来自")),
    Column("text", ("反映事项", "反映问题", "反映的事", "来访事项", "事项", "诉求"), "long_text", required=True),
    Column("category", ("类别", "事项类别", "问题类别", "分类")),
    Column("route", ("处理方式", "办理方式", "处理方法", "处理情况", "办理情况"), "choice", choices=ROUTES),
    Column("closed_on", ("办结日期", "办结时间", "完成日期", "办理完成日期"), "date", span=(1, 2)),
    Column("rating", ("群众评价", "评价", "满意度", "群众满意度", "满意情况"), "choice", choices=RATINGS),
    NOTE,
)


class ReceptionImporter(Importer):
    """Visits 来访 by studio, day, visitor and what was raised."""

    def plan(self, record: Record) -> Plan:
        """One matter in the state that its row proves; a row without a known studio is refused."""
        skip_marked(record)
        directory = self.context.of(Directory)
        studio = directory.bodies.find(Body.Kind.STUDIO, record["studio"])
        if studio is None:
            record.problem("studio", "系统里没有这个工作室，请先导入委员工作室，或改正名称。", "error")
        # Without the studio nobody knows which of two members of one name sat there.
        hosts, unknown = self._hosts(record, directory, studio.name) if studio else ([], [])
        route, rated = record["route"] or "", record["rating"] or ""
        notes = [text_of(record, "note", 120)]
        if unknown:
            notes.append(f"接待委员原写“{'、'.join(unknown)}”，没有对上。")
        if (written := surface(record.raw.get("rating")).strip()) == "非常满意":
            notes.append(f"群众评价原写“{written}”。")
        payload = {
            "studio": studio.name if studio else "",
            "on": record["on"],
            "hosts": hosts,
            "visitor": text_of(record, "visitor", 20) or "没有登记",
            "phone": record["phone"] or "",
            "village": text_of(record, "village", 60),
            "text": record["text"],
            "category": text_of(record, "category", 20),
            "route": str(route),
            "closed_on": record["closed_on"],
            "rating": "" if rated == NOT_RATED else str(rated),
            "note": "".join(note for note in notes if note)[:200],
        }
        self._check(record, payload)
        payload["status"] = str(state_of(payload))
        words = "\n".join((payload["studio"], payload["on"].isoformat(), payload["visitor"], payload["text"]))
        key = f"{self.context.year}-{hashlib.sha256(surface(words).encode()).hexdigest()[:24]}"
        return Plan(key, payload, record, label=payload["text"][:40])

    def _hosts(self, record: Record, directory: Directory, studio: str) -> tuple[list[str], list[str]]:
        """Codes of the members who received, looked for within the studio first; and names that fit nobody."""
        found: list[str] = []
        unknown: list[str] = []
        for written in record["hosts"] or []:
            match = directory.people.find(written, studio=studio)
            name = directory.people.bare_name(written)
            if match.found is not None and match.found.studio != studio:
                record.problem("hosts", f"{name}没有编在{studio}，仍按委员登记，请核对。", value=written)
            if match.found is None:
                record.problem("hosts", f"{unmatched(match, name)}接待委员暂空。", value=written)
                unknown.append(name)
            else:
                found.append(match.found.code)
        if not record["hosts"]:
            record.problem("hosts", "没有写接待委员，请补上。", value="")
        return found, unknown

    def _check(self, record: Record, payload: dict[str, Any]) -> None:
        """A matter cannot be closed before it was raised; what proves nothing is pointed out and left out."""
        closed = payload["closed_on"]
        if closed and closed < payload["on"]:
            record.problem("closed_on", f"早于接待日期{payload['on']}，没有登记，请查原件改正。")
            payload["closed_on"] = closed = None
        if not payload["route"] and not any(p.column == record.table.label("route") for p in record.problems):
            record.problem("route", "没有写处理方式，请补上。", value="")
        if payload["route"] == Route.ON_SPOT and not closed:
            record.problem("closed_on", "写的是当场答复，却没有办结日期，按当天已答复并告知登记，请核对。", value="")
        if payload["rating"] and not closed and payload["route"] != Route.ON_SPOT:
            record.problem("rating", "还没有办结日期，群众评价没有登记，请核对。")
            payload["rating"] = ""

    def existing(self) -> Mapping[str, int]:
        """Stored matters of registers by their key."""
        if not hasattr(self, "_stored"):
            rows = Matter.objects.filter(source_key__startswith=f"{self.context.year}-")
            self._stored: dict[str, int] = {key: pk for key, pk in rows.values_list("source_key", "pk") if key}
        return self._stored

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Matters that somebody has worked on since they were read in."""
        reason = "这件事读入以后已在系统里办理过，表里的改动没有写入；要改请在系统里改。"
        return dict.fromkeys(worked_on(KIND, "members.matter", self.existing(), plans), reason)

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store days, who sat, and the matters with their log."""
        studios = {s.name: s for s in Studio.objects.filter(name__in={p.payload["studio"] for p in plans})}
        members = Member.objects.in_bulk({c for p in plans for c in p.payload["hosts"]}, field_name="code")
        days = _days(plans, studios, members)
        stored = {m.source_key: m for m in Matter.objects.filter(source_key__in=[p.key for p in plans])}
        new: list[Matter] = []
        for plan in plans:
            matter = stored.get(plan.key) or Matter(source_key=plan.key, receipt_code=new_code(), recorded_by=actor)
            day = days[plan.payload["studio"], plan.payload["on"]]
            _fill(matter, plan.payload, studios[plan.payload["studio"]], day, members)
            if plan.key in stored:
                matter.save()
            else:
                new.append(matter)
        stored |= {m.source_key: m for m in Matter.objects.bulk_create(new, batch_size=BATCH)}
        audit.record_many(event for plan in plans for event in _events(plan, stored[plan.key], actor))


def state_of(payload: Mapping[str, Any]) -> str:
    """The state (domain rules §5) that a row proves."""
    status = Matter.Status
    if payload["closed_on"]:
        return status.CLOSED
    if payload["route"] == Route.ON_SPOT:
        return status.INFORMED
    return status.TRIAGED if payload["route"] else status.RECORDED


def _days(
    plans: list[Plan], studios: Mapping[str, Studio], members: Mapping[str, Member]
) -> dict[tuple[str, dt.date], ReceptionDay]:
    """The reception day of every row, made or marked as held, with those who sat on it."""
    wanted = {(p.payload["studio"], p.payload["on"]) for p in plans}
    found: dict[tuple[str, dt.date], ReceptionDay] = {}
    for day in ReceptionDay.objects.filter(studio__in=studios.values(), on__in={on for _, on in wanted}).select_related(
        "studio"
    ):
        if (day.studio.name, day.on) in wanted:
            found[day.studio.name, day.on] = day
    held = [day for day in found.values() if day.held_at is None]
    for day in held:
        day.held_at = _noon(day.on)
    ReceptionDay.objects.bulk_update(held, ["held_at"], batch_size=BATCH)
    new = [
        ReceptionDay(studio=studios[name], on=on, planned_on=on, held_at=_noon(on), place=studios[name].place)
        for name, on in sorted(wanted - found.keys())
    ]
    found |= {(day.studio.name, day.on): day for day in ReceptionDay.objects.bulk_create(new, batch_size=BATCH)}
    seats: dict[tuple[int, int], ReceptionHost] = {}
    for plan in plans:
        day = found[plan.payload["studio"], plan.payload["on"]]
        for order, code in enumerate(plan.payload["hosts"]):
            seats.setdefault((day.pk, members[code].pk), ReceptionHost(day=day, member=members[code], order=order))
    ReceptionHost.objects.bulk_create(seats.values(), batch_size=BATCH, ignore_conflicts=True)
    return found


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, HELD_AT, tzinfo=timezone.get_current_timezone())


def _fill(
    matter: Matter, payload: Mapping[str, Any], studio: Studio, day: ReceptionDay, members: Mapping[str, Member]
) -> None:
    """Write what the row says into the matter, and the state that it proves."""
    adopt(matter, payload["status"])
    matter.studio, matter.day = studio, day
    matter.host = members[payload["hosts"][0]] if payload["hosts"] else None
    matter.received_on, matter.closed_on = payload["on"], payload["closed_on"]
    matter.visitor_name, matter.visitor_phone = payload["visitor"], payload["phone"]
    for name in ("village", "category", "text", "route", "rating", "note"):
        setattr(matter, name, payload[name])
    on_spot = payload["route"] == Route.ON_SPOT
    matter.answered_on = payload["closed_on"] or (payload["on"] if on_spot else None)
    # Whoever rated it had been told.
    matter.informed_on = matter.answered_on if on_spot or payload["rating"] else None
    matter.informed_how = "当面" if on_spot else ""


def _events(plan: Plan, matter: Matter, actor: Any) -> list[audit.Event]:
    """What the row proves, in order, each with the day that it gives."""
    payload, record = plan.payload, plan.record
    source = f"“{record.table.file}”第{record.number}行"
    if plan.action == "updated":
        return [audit.Event("matter.import", f"按{source}更正", actor, matter)]
    detail = {"file": record.table.file, "sheet": record.table.sheet, "row": record.number}
    found = [audit.Event("matter.record", f"接待登记，据{source}", actor, matter, None, "", detail, payload["on"])]
    if payload["route"] and payload["route"] != Route.ON_SPOT:
        found.append(
            audit.Event("matter.triage", matter.get_route_display(), actor, matter, None, "", {}, payload["on"])
        )
    if matter.answered_on:
        on_spot = payload["route"] == Route.ON_SPOT
        verb, words = ("answer_on_spot", "当场答复") if on_spot else ("record_outcome", "登记结果")
        found.append(audit.Event(f"matter.{verb}", words, actor, matter, None, "", {}, matter.answered_on))
    if payload["closed_on"]:
        found.append(audit.Event("matter.close", "办结", actor, matter, None, "", {}, payload["closed_on"]))
    return found


def register() -> None:
    """Make the register of visits known to the import."""
    registry.register(
        registry.PaperKind(
            KIND,
            "接待日来访登记",
            50,
            COLUMNS,
            [frozenset({"studio", "on", "text"})],
            ReceptionImporter,
            minimum=4,
            permission="members.import_rolls",
            undo=registry.Undo(Matter),
        )
    )
