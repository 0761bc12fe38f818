"""Read the register of opinion reports (社情民意信息来稿): texts, who reported, what was issued, adopted, answered.

A row proves the state into which its report is put. Reports of the same issue number stand in one
issue; the register tells neither the day of an issue nor its running number, so these stay empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core import audit, numbering, search, similar
from core.papers import registry
from core.papers.importing import Importer, Plan
from core.papers.sheets import Column, Record
from core.papers.taken import worked_on
from core.papers.words import surface
from core.workflow import adopt
from members.models import Body, HandlingUnit, Member
from members.papers.matching import Directory
from members.papers.rows import BATCH, NOTE, skip_marked, text_of, unmatched
from sentiment.models import (
    Adoption,
    Bulletin,
    BulletinItem,
    BulletinStatus,
    Forward,
    ForwardStatus,
    LeaderNote,
    Level,
    OpinionReport,
    Reporter,
    ReportStatus,
)
from sentiment.services.bulletins import issue_scope
from sentiment.services.writing import code_scope

KIND = "sentiment"
Source = OpinionReport.Source
NOT_USED, KEPT, USED, COMBINED = "not_used", "kept", "used", "combined"
SOURCES = {
    **dict.fromkeys(("委员", "政协委员"), Source.MEMBER),
    **dict.fromkeys(("工作室", "委员工作室"), Source.STUDIO),
    **dict.fromkeys(("界别",), Source.SECTOR),
    **dict.fromkeys(("专委会", "专门委员会"), Source.COMMITTEE),
    **dict.fromkeys(("党派", "党派团体", "民主党派", "人民团体"), Source.PARTY),
    **dict.fromkeys(("镇办", "乡镇", "街道", "镇（街道）", "镇街"), Source.TOWNSHIP),
    **dict.fromkeys(("信息员", "特邀信息员"), Source.INFORMANT),
    **dict.fromkeys(("群众",), Source.PUBLIC),
}
KINDS = {
    Source.STUDIO: Body.Kind.STUDIO,
    Source.SECTOR: Body.Kind.SECTOR,
    Source.COMMITTEE: Body.Kind.COMMITTEE,
    Source.PARTY: Body.Kind.PARTY,
    Source.TOWNSHIP: Body.Kind.GROUP,
}
USES = {
    **dict.fromkeys(("未采用", "不采用", "未用"), NOT_USED),
    **dict.fromkeys(("留存", "留存备查"), KEPT),
    **dict.fromkeys(("采用", "单篇采用", "刊发"), USED),
    **dict.fromkeys(("综合采用", "综合", "编入综合"), COMBINED),
}
LEVELS = {
    **dict.fromkeys(("区", "县", "区级", "县级"), Level.DISTRICT),
    **dict.fromkeys(("市", "市级"), Level.CITY),
    **dict.fromkeys(("省", "省级"), Level.PROVINCE),
    **dict.fromkeys(("全国", "国家", "国家级"), Level.NATION),
}
BODIES = {Level.DISTRICT: "区政协", Level.CITY: "市政协", Level.PROVINCE: "省政协", Level.NATION: "全国政协"}
COLUMNS = (
    Column("code", ("编号", "序号", "来稿编号"), required=True),
    Column("title", ("标题", "题目", "信息标题"), required=True),
    Column("reporter", ("反映人", "报送人", "作者", "供稿人"), required=True),
    Column("source", ("来源", "来稿来源", "反映人类别"), "choice", choices=SOURCES),
    Column("submitted_on", ("提交日期", "来稿日期", "报送日期", "日期"), "date", span=(1, 0)),
    Column("text", ("内容", "正文", "来稿内容"), "long_text", required=True),
    Column("editor_note", ("编辑意见", "处理意见", "审稿意见")),
    Column("use", ("采用情况", "采用", "是否采用"), "choice", choices=USES),
    Column("issue", ("刊发期号", "期号", "刊期")),
    Column("report_to", ("报送单位", "报送对象", "报送")),
    Column("note_text", ("批示", "领导批示", "批示情况")),
    Column("units", ("转办单位", "承办单位"), "names"),
    Column("answered_on", ("答复日期", "办理答复日期", "反馈日期"), "date", span=(0, 2)),
    Column("level", ("采用层级", "层级", "采用级别"), "choice", choices=LEVELS),
    NOTE,
)
_ASKS = re.compile(r"(?:对此|为此|针对上述情况|因此)?[，,]?(?:提出(?:以下|如下)?)?建议[：:]")
_LEADER = re.compile(r"^(.{2,30}?)批示[：:]?(.*)$", re.S)


def split_text(text: str) -> tuple[str, str]:
    """Situation and suggestions of a text written in one piece; without a mark all of it is situation."""
    mark = _ASKS.search(text)
    if mark is None or mark.start() == 0:
        return text.strip(), ""
    return text[: mark.start()].strip(), text[mark.end() :].strip()


def issue_number(written: str, year: int) -> int | None:
    """The number of an issue: 2022年第5期, 第6期, 2022第9期 or just 2; None when it names another year or nothing."""
    words = surface(written).replace(" ", "")
    match = re.fullmatch(r"(?:(\d{4})年?)?(?:第)?(\d{1,3})(?:期)?", words)
    if match is None or (match[1] and int(match[1]) != year):
        return None
    return int(match[2])


class ReportImporter(Importer):
    """Opinion reports by their number in the register."""

    def plan(self, record: Record) -> Plan:
        """One report in the state that its row proves."""
        skip_marked(record)
        directory = self.context.of(Directory)
        situation, suggestions = split_text(record["text"])
        payload: dict[str, Any] = {
            "code": re.sub(r"\.0+$", "", surface(record["code"]))[:12],
            "title": text_of(record, "title", 80),
            "situation": situation,
            "suggestions": suggestions,
            "submitted_on": record["submitted_on"],
            "source": str(record["source"] or Source.MEMBER),
            "editor_note": "；".join(
                part for part in (text_of(record, "editor_note", 300), record["note"] or "") if part
            )[:500],
            "use": record["use"] or "",
            "report_to": text_of(record, "report_to", 300),
            "answered_on": record["answered_on"],
            "level": str(record["level"] or ""),
            "note": _note(record),
        }
        payload |= self._reporter(record, directory, payload["source"])
        payload["units"] = self._units(record, directory)
        payload["issue"] = self._issue(record, payload)
        self._check(record, payload)
        payload["status"] = str(state_of(payload))
        return Plan(f"{self.context.year}-sentiment-{payload['code']}", payload, record, label=payload["title"])

    def _reporter(self, record: Record, directory: Directory, source: str) -> dict[str, str]:
        """Code of the member, or name of the body, that reported; a name that fits nobody is kept as written."""
        written = surface(record["reporter"])
        kind = KINDS.get(Source(source))
        if kind is not None:
            body = directory.bodies.find(kind, written)
            if body is None:
                record.problem("reporter", f"没有找到这个{Source(source).label}，按原样写入名称，请核对。")
            return {"reporter": body.name if body else written, "member": "", "body": body.name if body else ""}
        if source != Source.MEMBER:
            return {"reporter": written, "member": "", "body": ""}
        match = directory.people.find(written)
        name = directory.people.bare_name(written)
        if match.found is None:
            record.problem("reporter", f"{unmatched(match, name)}先按姓名登记。")
        elif match.note:
            record.problem("reporter", match.note)
        return {"reporter": name, "member": match.found.code if match.found else "", "body": ""}

    def _units(self, record: Record, directory: Directory) -> list[str]:
        found = []
        for written in record["units"] or []:
            match = directory.units.find(written)
            if match.found is None:
                near = directory.units.nearest(written)
                hint = f"名录里最像的是“{near.short_name or near.name}”。" if near else ""
                message = f"承办单位名录里没有这个单位，没有登记转办。{hint}改名了就在名录里记作别名，写错了请改正。"
                record.problem("units", message, value=written, fix="unit")
            else:
                found.append(match.found.name)
        return list(dict.fromkeys(found))

    def _issue(self, record: Record, payload: Mapping[str, Any]) -> int | None:
        written = record["issue"]
        if not written:
            return None
        number = issue_number(written, self.context.year)
        if number is None:
            record.problem("issue", "看不出是第几期，没有编入刊期，请写成“2022年第5期”。")
        elif payload["use"] not in (USED, COMBINED):
            record.problem("issue", "写了刊发期号，采用情况却不是采用，没有编入刊期，请核对。")
            return None
        return number

    def _check(self, record: Record, payload: dict[str, Any]) -> None:
        """What contradicts itself is pointed out and left out."""
        if payload["answered_on"] and payload["submitted_on"] and payload["answered_on"] < payload["submitted_on"]:
            record.problem("answered_on", f"早于提交日期{payload['submitted_on']}，没有登记，请查原件改正。")
            payload["answered_on"] = None
        if payload["answered_on"] and not payload["units"]:
            record.problem("answered_on", "有答复日期而没有转办单位，没有登记，请核对。")
            payload["answered_on"] = None
        if payload["level"] and payload["use"] not in (USED, COMBINED):
            record.problem("level", "写了采用层级，采用情况却不是采用，没有登记，请核对。")
            payload["level"] = ""
        if payload["use"] in (USED, COMBINED) and not payload["level"]:
            record.problem("level", "采用了而没有写层级，没有登记采用，请补上。", value="")

    def existing(self) -> Mapping[str, int]:
        """Stored reports of registers by their key."""
        if not hasattr(self, "_stored"):
            rows = OpinionReport.objects.filter(source_key__startswith=f"{self.context.year}-sentiment-")
            self._stored: dict[str, int] = {key: pk for key, pk in rows.values_list("source_key", "pk") if key}
        return self._stored

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Reports that somebody has worked on since they were read in."""
        reason = "这一篇读入以后已在系统里办理过，表里的改动没有写入；要改请在系统里改。"
        return dict.fromkeys(worked_on(KIND, "sentiment.opinionreport", self.existing(), plans), reason)

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store reports with reporters, issues, adoptions, notes, forwardings and their log."""
        world = _World(plans, self.context.year, actor)
        stored = {row.source_key: row for row in OpinionReport.objects.filter(source_key__in=[p.key for p in plans])}
        reports: dict[str, OpinionReport] = {}
        for plan in plans:
            report = stored.get(plan.key) or OpinionReport(source_key=plan.key, created_by=actor)
            reports[plan.key] = _fill(report, plan.payload, world)
        for report in stored.values():
            report.save()
            report.reporters.all().delete()
            for rows in (report.adoptions, report.notes, report.forwards, report.entries):
                rows.all().delete()
        OpinionReport.objects.bulk_create([r for key, r in reports.items() if key not in stored], batch_size=BATCH)
        _children([(plan, reports[plan.key]) for plan in plans], world)
        audit.record_many(event for plan in plans for event in _events(plan, reports[plan.key], actor))
        _make_findable([(plan, reports[plan.key]) for plan in plans])
        _set_floors(self.context.year, plans)


class _World:
    """The stored records that rows of one run name, each loaded once."""

    def __init__(self, plans: list[Plan], year: int, actor: Any):
        self.year, self.actor = year, actor
        payloads = [plan.payload for plan in plans]
        self.members = Member.objects.in_bulk({p["member"] for p in payloads if p["member"]}, field_name="code")
        wanted = {p["body"] for p in payloads if p["body"]}
        self.bodies = {(body.kind, body.name): body for body in Body.objects.filter(name__in=wanted)}
        names = {name for p in payloads for name in p["units"]}
        self.units = {unit.name: unit for unit in HandlingUnit.objects.filter(name__in=names)}
        self.issues = {row.issue_no: row for row in Bulletin.objects.filter(year=year)}

    def issue(self, payload: Mapping[str, Any]) -> Bulletin:
        """The issue of a number, made when it is the first report of it."""
        number = payload["issue"]
        if number not in self.issues:
            bulletin = adopt(
                Bulletin(
                    year=self.year, issue_no=number, report_to=payload["report_to"], made_by=self.actor,
                    source_key=f"{self.year}-issue-{number}",
                ),
                BulletinStatus.PUBLISHED,
            )  # fmt: skip
            bulletin.save()
            self.issues[number] = bulletin
        return self.issues[number]


def state_of(payload: Mapping[str, Any]) -> str:
    """The state that a row proves; silence about a use leaves the report with the office."""
    use = payload["use"]
    if use == COMBINED and payload["issue"] is None:
        return ReportStatus.COMBINED
    if use in (USED, COMBINED):
        if payload["answered_on"]:
            return ReportStatus.ANSWERED
        return ReportStatus.FORWARDED if payload["units"] else ReportStatus.ISSUED
    return ReportStatus.KEPT if use in (NOT_USED, KEPT) else ReportStatus.SUBMITTED


def _note(record: Record) -> dict[str, str] | None:
    """Leader and words of a note; one that does not name a leader is kept whole."""
    written = text_of(record, "note_text", 1000)
    if not written:
        return None
    match = _LEADER.match(written)
    if match and match[2].strip():
        return {"leader": match[1][:40], "text": match[2].strip()}
    return {"leader": "（登记簿没有写明）", "text": written}


def _fill(report: OpinionReport, payload: Mapping[str, Any], world: _World) -> OpinionReport:
    adopt(report, payload["status"])
    report.year, report.code = world.year, payload["code"]
    for name in ("title", "situation", "suggestions", "submitted_on", "source", "editor_note"):
        setattr(report, name, payload[name])
    report.reporter_name = payload["reporter"][:80]
    kind = KINDS.get(Source(payload["source"]))
    report.body = world.bodies.get((str(kind), payload["body"])) if kind else None
    return report


def _children(rows: list[tuple[Plan, OpinionReport]], world: _World) -> None:
    """Reporters, and what followed, in bulk."""
    reporters: list[Reporter] = []
    adoptions: list[Adoption] = []
    notes: list[LeaderNote] = []
    forwards: list[Forward] = []
    entries: list[BulletinItem] = []
    for plan, report in rows:
        p = plan.payload
        member = world.members.get(p["member"])
        identity = Reporter.Identity.DISTRICT if p["source"] == Source.MEMBER else Reporter.Identity.OTHER
        reporters.append(
            Reporter(
                report=report, order=0, member=member, body=report.body, name=report.reporter_name, identity=identity,
                post=member.post if member else "",
            )
        )  # fmt: skip
        if p["level"]:
            adoptions.append(
                Adoption(
                    report=report, level=p["level"], body_name=BODIES[Level(p["level"])], is_combined=p["use"] == COMBINED,
                    made_by=world.actor,
                )
            )  # fmt: skip
        if p["note"]:
            notes.append(LeaderNote(report=report, made_by=world.actor, **p["note"]))
        state = ForwardStatus.ANSWERED if p["answered_on"] else ForwardStatus.SENT
        forwards += [
            adopt(
                Forward(report=report, unit=world.units[name], answered_on=p["answered_on"], made_by=world.actor), state
            )
            for name in p["units"]
        ]
        if p["issue"] is not None:
            entries.append(BulletinItem(bulletin=world.issue(p), report=report, order=plan.record.number))
    Reporter.objects.bulk_create(reporters, batch_size=BATCH)
    Adoption.objects.bulk_create(adoptions, batch_size=BATCH)
    LeaderNote.objects.bulk_create(notes, batch_size=BATCH)
    Forward.objects.bulk_create(forwards, batch_size=BATCH)
    BulletinItem.objects.bulk_create(entries, batch_size=BATCH)


def _events(plan: Plan, report: OpinionReport, actor: Any) -> list[audit.Event]:
    """What the row proves, in order, each with the day that it gives."""
    p, record = plan.payload, plan.record
    source = f"“{record.table.file}”第{record.number}行"
    if plan.action == "updated":
        return [audit.Event("opinionreport.import", f"按{source}更正", actor, report)]
    detail = {"file": record.table.file, "sheet": record.table.sheet, "row": record.number}
    found = [
        audit.Event("opinionreport.submit", f"来稿，据{source}", actor, report, None, "", detail, p["submitted_on"])
    ]
    if p["use"]:
        found.append(
            audit.Event("opinionreport.import", report.get_status_display(), actor, report, None, p["editor_note"])
        )
    if p["answered_on"]:
        units = "、".join(p["units"])
        found.append(audit.Event("forward.answer", f"{units}答复", actor, report, None, "", {}, p["answered_on"]))
    return found


def _make_findable(rows: list[tuple[Plan, OpinionReport]]) -> None:
    search.index_many((r, [r.code or "", r.title, r.text]) for _, r in rows)
    similar.index_many("sentiment.opinionreport", ((r.pk, r.title, r.text) for _, r in rows))


def _set_floors(year: int, plans: list[Plan]) -> None:
    """New reports and issues go on after the numbers that the papers bear."""
    codes = [int(m[1]) for plan in plans if (m := re.fullmatch(rf"{year}-(\d+)", plan.payload["code"]))]
    issues = [plan.payload["issue"] for plan in plans if plan.payload["issue"]]
    if codes:
        numbering.set_floor(code_scope(year), max(codes))
    if issues:
        numbering.set_floor(issue_scope(year), max(issues))


PARTS = frozenset(
    f"sentiment.{name}" for name in ("reporter", "reportversion", "adoption", "leadernote", "forward", "bulletinitem")
)


def _empty_issues(pks: list[int]) -> Callable[[], None]:
    """Remove the issues that the register made and that hold nothing once its reports are gone."""
    made = list(
        Bulletin.objects.filter(items__in=pks, source_key__isnull=False).values_list("pk", flat=True).distinct()
    )
    return lambda: Bulletin.objects.filter(pk__in=made, items=None).delete() and None


def register() -> None:
    """Make the register known to the import."""
    registry.register(
        registry.PaperKind(
            KIND,
            "社情民意信息来稿",
            60,
            COLUMNS,
            [frozenset({"title", "reporter", "use"}), frozenset({"title", "reporter", "issue"})],
            ReportImporter,
            minimum=5,
            permission="sentiment.edit",
            undo=registry.Undo(OpinionReport, owns=PARTS, before_removal=_empty_issues),
        )
    )
