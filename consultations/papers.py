"""Read the register of consultations (协商议政活动): sessions, who took part, the outcome and what became of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from consultations.models import Consultation, ConsultationStatus, Outcome, OutcomeStatus
from core import audit, search
from core.papers import registry
from core.papers.importing import Importer, Plan
from core.papers.sheets import Column, Record
from core.papers.taken import worked_on
from core.papers.words import surface
from core.workflow import adopt
from members.models import Activity, Attendance, Body, HandlingUnit, Member
from members.papers.matching import Directory
from members.papers.rows import BATCH, NOTE, known_codes, skip_marked, text_of

KIND = "consultations"
Form = Consultation.Form
FORMS = {
    **dict.fromkeys(("全体会议", "全会", "全委会议"), Form.PLENARY),
    **dict.fromkeys(
        ("专题议政性常委会", "专题议政性常委会会议", "专题常委会", "常委会专题议政", "专题议政性常委会议", "专题议政"),
        Form.STANDING,
    ),
    **dict.fromkeys(("专题协商", "专题协商会", "专题协商会议", "专题"), Form.TOPICAL),
    **dict.fromkeys(("对口协商", "对口协商会", "对口"), Form.COUNTERPART),
    **dict.fromkeys(("界别协商", "界别协商会", "界别"), Form.SECTOR),
    **dict.fromkeys(("提案办理协商", "提案办理协商会", "提案协商"), Form.PROPOSAL),
    **dict.fromkeys(("网络议政", "网络议政活动", "远程协商", "远程协商会", "网络协商"), Form.NETWORK),
    **dict.fromkeys(("一线协商", "一线协商活动", "一线协商会"), Form.FRONTLINE),
    **dict.fromkeys(("微协商", "微协商会", "微协商活动"), Form.MICRO),
}
KINDS = {
    **dict.fromkeys(("建议案",), Outcome.Kind.FORMAL),
    **dict.fromkeys(("调研报告",), Outcome.Kind.RESEARCH),
    **dict.fromkeys(("视察报告",), Outcome.Kind.INSPECTION),
    **dict.fromkeys(("协商专报", "专报"), Outcome.Kind.BRIEF),
    **dict.fromkeys(("协商纪要", "会议纪要", "纪要"), Outcome.Kind.MINUTES),
    **dict.fromkeys(("意见建议书", "协商意见"), Outcome.Kind.OPINIONS),
    **dict.fromkeys(("界别协商报告",), Outcome.Kind.SECTOR),
    **dict.fromkeys(("意见建议汇编", "汇编"), Outcome.Kind.DIGEST),
}
COLUMNS = (
    Column("order", ("序号", "编号"), "count"),
    Column("title", ("题目", "议题", "协商题目", "协商议题", "协商主题", "主题", "名称"), required=True),
    Column("form", ("形式", "协商形式", "类型"), "choice", choices=FORMS, required=True),
    Column("on", ("日期", "协商日期", "时间"), "date", required=True, span=(0, 0)),
    Column("place", ("地点", "协商地点")),
    Column("organizer", ("承办单位", "组织单位", "主办单位")),
    Column("codes", ("参加委员编号", "委员编号", "参加委员"), "codes"),
    Column("parties", ("邀请单位", "邀请各方", "参加各方")),
    Column("count", ("意见建议条数", "建议条数", "条数"), "count"),
    Column("kind", ("成果类型", "成果形式"), "choice", choices=KINDS),
    Column("outcome", ("成果题目", "成果名称")),
    Column("sent_on", ("报送日期", "报送时间"), "date", span=(0, 1)),
    Column("uptake", ("批示或采纳情况", "批示", "采纳情况"), "long_text"),
    Column("conversion", ("转化落实情况", "落实情况", "转化情况"), "long_text"),
    NOTE,
)
BODIES = (Body.Kind.COMMITTEE, Body.Kind.STUDIO, Body.Kind.SECTOR, Body.Kind.OFFICE)
_ADOPTED = re.compile(r"采纳(\d{1,3})条")
_ENDED = re.compile(r"完成|解决|验收|出台|下发|列入|写入|回头看")


class ConsultationImporter(Importer):
    """Sessions by day, form and title."""

    def plan(self, record: Record) -> Plan:
        """One session that was held, with its outcome in the state that the row proves."""
        skip_marked(record)
        directory = self.context.of(Directory)
        payload: dict[str, Any] = {
            "title": text_of(record, "title", 120),
            "form": str(record["form"]),
            "on": record["on"],
            "place": text_of(record, "place", 120),
            "organizer": self._organizer(record, directory),
            "codes": known_codes(record, "codes", directory),
            "parties": text_of(record, "parties", 300),
            "count": record["count"],
            "kind": str(record["kind"] or ""),
            "outcome": text_of(record, "outcome", 160),
            "sent_on": record["sent_on"],
            "uptake": record["uptake"] or "",
            "conversion": record["conversion"] or "",
            "note": text_of(record, "note", 300),
        }
        if payload["sent_on"] and payload["sent_on"] < payload["on"]:
            record.problem("sent_on", f"早于协商日期{payload['on']}，没有登记，请查原件改正。")
            payload["sent_on"] = None
        if payload["outcome"] and not payload["kind"]:
            record.problem("kind", "写了成果题目，没有写成果类型，按协商纪要登记，请核对。", value="")
            payload["kind"] = str(Outcome.Kind.MINUTES)
        words = "\n".join((payload["on"].isoformat(), payload["form"], payload["title"]))
        key = f"{self.context.year}-{hashlib.sha256(surface(words).encode()).hexdigest()[:24]}"
        return Plan(key, payload, record, label=payload["title"])

    def _organizer(self, record: Record, directory: Directory) -> list[str]:
        """Kind and name of the body that held it; one that nobody knows is named and left out."""
        written = surface(record["organizer"] or "")
        if not written:
            return []
        for kind in BODIES:
            if body := directory.bodies.find(kind, written):
                return [str(kind), body.name]
        record.problem("organizer", "系统里没有这个专委会或工作室，承办单位暂空，请核对。")
        return []

    def existing(self) -> Mapping[str, int]:
        """Stored sessions of registers by their key."""
        if not hasattr(self, "_stored"):
            rows = Consultation.objects.filter(source_key__startswith=f"{self.context.year}-")
            self._stored: dict[str, int] = {key: pk for key, pk in rows.values_list("source_key", "pk") if key}
        return self._stored

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Sessions that somebody has worked on since they were read in."""
        reason = "这次协商读入以后已在系统里办理过，表里的改动没有写入；要改请在系统里改。"
        return dict.fromkeys(worked_on(KIND, "consultations.consultation", self.existing(), plans), reason)

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store sessions, who was there, the units that were asked, and the outcomes."""
        names = {p.payload["organizer"][1] for p in plans if p.payload["organizer"]}
        bodies = {(body.kind, body.name): body for body in Body.objects.filter(name__in=names)}
        members = Member.objects.in_bulk({code for p in plans for code in p.payload["codes"]}, field_name="code")
        units = _Units()
        stored = {row.source_key: row for row in Consultation.objects.filter(source_key__in=[p.key for p in plans])}
        rows: dict[str, Consultation] = {}
        for plan in plans:
            p = plan.payload
            row = stored.get(plan.key) or Consultation(source_key=plan.key, made_by=actor)
            adopt(row, _state(p))
            row.title, row.form, row.on, row.place = p["title"], p["form"], p["on"], p["place"]
            row.organizer = bodies.get(tuple(p["organizer"])) if p["organizer"] else None
            row.parties, row.suggestions_count, row.note = p["parties"], p["count"], p["note"]
            row.reported_on, row.closed_on = p["sent_on"], None
            row.activity = _activity(row, plan, actor)
            row.save()
            row.units.set(units.named_in(p["parties"]))
            row.outcomes.all().delete()
            _outcome(row, p, actor)
            rows[plan.key] = row
        _attendances(plans, rows, members)
        audit.record_many(event for plan in plans for event in _events(plan, rows[plan.key], actor))
        search.index_many((row, [row.title, row.place, row.parties]) for row in rows.values())


class _Units:
    """Handling units by every name, to find those that a list of parties names; others are no units."""

    def __init__(self) -> None:
        self._known = {}
        for unit in HandlingUnit.objects.filter(is_active=True):
            for name in (unit.name, unit.short_name, *(unit.aliases or [])):
                self._known[name] = unit

    def named_in(self, parties: str) -> list[HandlingUnit]:
        """The units among the parties, by their exact names."""
        return [
            self._known[name] for part in re.split(r"[、，,；;\s]", parties) if (name := part.strip()) in self._known
        ]


def _state(p: Mapping[str, Any]) -> str:
    return ConsultationStatus.REPORTED if p["sent_on"] else ConsultationStatus.HELD


def _activity(row: Consultation, plan: Plan, actor: Any) -> Activity:
    """The activity that keeps who was there."""
    activity = row.activity or Activity(
        source_key=f"consultation-{plan.key}", made_by=actor, kind=Activity.Kind.MEETING
    )
    adopt(activity, Activity.Status.HELD)
    activity.title = f"{row.get_form_display()}：{row.title}"[:160]
    activity.on, activity.place, activity.organizer = row.on, row.place, row.organizer
    activity.headcount = len(plan.payload["codes"]) or None
    activity.save()
    return activity


def _attendances(plans: list[Plan], rows: Mapping[str, Consultation], members: Mapping[str, Member]) -> None:
    activities = [row.activity_id for row in rows.values()]
    Attendance.objects.filter(activity__in=activities, way=Attendance.Way.IMPORT).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(
                activity_id=rows[plan.key].activity_id, member=members[code], state=Attendance.State.PRESENT,
                way=Attendance.Way.IMPORT,
            )
            for plan in plans
            for code in plan.payload["codes"]
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )  # fmt: skip


def _outcome(row: Consultation, p: Mapping[str, Any], actor: Any) -> None:
    if not p["outcome"]:
        return
    ended = bool(p["conversion"] and _ENDED.search(p["conversion"]))
    state = (
        OutcomeStatus.CLOSED if ended and p["sent_on"] else OutcomeStatus.SENT if p["sent_on"] else OutcomeStatus.DRAFT
    )
    outcome = adopt(
        Outcome(
            consultation=row, kind=p["kind"], title=p["outcome"], sent_on=p["sent_on"], note=p["uptake"],
            conversion=p["conversion"], adopted_count=_adopted(p["uptake"]), made_by=actor,
        ),
        state,
    )  # fmt: skip
    outcome.save()


def _adopted(words: str) -> int | None:
    """How many suggestions the register says were taken up."""
    found = _ADOPTED.search(words or "")
    return int(found[1]) if found else None


def _events(plan: Plan, row: Consultation, actor: Any) -> list[audit.Event]:
    """What the row proves, in order, each with the day that it gives."""
    p, record = plan.payload, plan.record
    source = f"“{record.table.file}”第{record.number}行"
    if plan.action == "updated":
        return [audit.Event("consultation.import", f"按{source}更正", actor, row)]
    detail = {"file": record.table.file, "sheet": record.table.sheet, "row": record.number}
    found = [
        audit.Event("consultation.hold", f"{row.get_form_display()}，据{source}", actor, row, None, "", detail, p["on"])
    ]
    if p["sent_on"]:
        found.append(audit.Event("consultation.report", "报送成果", actor, row, None, "", {}, p["sent_on"]))
    return found


def _their_activities(pks: list[int]) -> Callable[[], None]:
    """Remove the activities that kept who was there at sessions of the register."""
    made = Activity.objects.filter(consultation__in=pks, source_key__startswith="consultation-")
    found = list(made.values_list("pk", flat=True))

    def remove() -> None:
        Attendance.objects.filter(activity__in=found).delete()
        Activity.objects.filter(pk__in=found).delete()

    return remove


def register() -> None:
    """Make the register known to the import."""
    registry.register(
        registry.PaperKind(
            KIND,
            "协商议政活动",
            70,
            COLUMNS,
            [frozenset({"title", "form", "on"})],
            ConsultationImporter,
            minimum=5,
            permission="consultations.import_paper",
            undo=registry.Undo(
                Consultation, owns=frozenset({"consultations.outcome"}), before_removal=_their_activities
            ),
        )
    )
