"""Read the register of proposals (提案登记) into the system: what each row says, resolved and checked.

A row whose decision, case number, lead unit or dates cannot be understood is refused; what is
merely missing or doubtful is left out and named.
``proposals.papers.cases`` stores the plans made here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from core.papers import registry
from core.papers.cells import names, yes_no
from core.papers.importing import Importer, Plan, Skip
from core.papers.sheets import Problem, Record, Severity, Table
from core.papers.taken import worked_on
from core.papers.words import Unreadable, surface
from members.models import Body, Session, Term
from members.papers.matching import BodyName, Directory
from members.papers.rolls import chinese_numeral
from proposals.models import Proposal
from proposals.papers import cases as paper_cases
from proposals.papers import numbers as paper_numbers
from proposals.papers import units as paper_units
from proposals.papers.columns import BODY_KINDS, COLUMNS, decision
from proposals.parts import split_content

Kind = Proposal.Kind


class ProposalImporter(Importer):
    """Proposals 提案 by case number, or by title and first proposer where they have none."""

    def begin(self, tables: Sequence[Table]) -> list[Problem]:
        """Find the session that the register belongs to, and what is stored of it."""
        year = self.context.year
        rows = Proposal.objects.filter(source_key__startswith=f"{year}-").values_list("source_key", "pk")
        self.stored: dict[str, int] = {key: pk for key, pk in rows if key}
        named = paper_numbers.settle(tables)
        self.session, problems = _session(year, tables, self.context.of(Directory).terms)
        return [*named, *problems]

    def plan(self, record: Record) -> Plan:
        """One proposal in the state that its row proves."""
        note = record["note"] or ""
        if re.match(r"[（(]?重复", note):
            raise Skip("备注写明“重复”，不计入。", "note")
        payload = self._facts(record, note)
        self._check_decision(record, payload, note)
        self._check_units(record, payload)
        self._check_dates(record, payload)
        self._check_outcome(record, payload)
        payload["status"] = state_of(payload)
        return Plan(self._key(payload), payload, record, label=payload["title"])

    def _facts(self, record: Record, note: str) -> dict[str, Any]:
        first, others = self._names(record)
        kind = record["kind"] or self._kind(first, others)
        parts = split_content(record["content"] or "")
        if not record["content"]:
            record.problem("content", "没有提案内容，只登记案由，请补上。")
        payload: dict[str, Any] = {
            "session": self.session.key,
            "number": record["number"],
            "title": record["title"],
            "kind": str(kind),
            "category": (record["category"] or "")[:60],
            "situation": parts.situation,
            "analysis": parts.analysis,
            "suggestions": list(parts.suggestions),
            "sector": self._sector(record),
            "proposers": self._proposers(record, kind, first, others),
            "submitted_on": record["submitted_on"],
            "is_key": bool(record["is_key"]),
            "key_leader": (record["key_leader"] or "")[:60],
            "supervision_batch": (record["supervision_batch"] or "")[:20],
            "document_no": (record["document_no"] or "")[:60],
            "result_class": record["result_class"] or "",
            "promised_on": record["promised_on"],
            "attitude": record["attitude"] or "",
            "rating": record["rating"] or "",
            "may_publish": record["may_publish"] is not False,
            "note": note[:500],
            "extended": "延期" in note or "延长" in note,
            "serial": re.sub(r"\.0+$", "", record["serial"] or ""),
        }
        for key in ("assigned_on", "signed_on", "replied_on"):
            payload[key] = record[key]
        if len(payload["title"]) > 120:
            record.problem("title", f"案由有{len(payload['title'])}字，最多120字，请缩短。", "error")
        if payload["submitted_on"]:
            payload["in_session"] = payload["submitted_on"] <= self.session.cut_off
        return payload

    def _sector(self, record: Record) -> str:
        written = record["sector"] or ""
        if not written:
            return ""
        bodies = self.context.of(Directory).bodies
        known = bodies.find(Body.Kind.SECTOR, written)
        if known is None:
            known = BodyName(Body.Kind.SECTOR, written[:80])
            bodies.add(known)
            record.problem("sector", "名册里没有这个界别，已按这里的写法新建，请核对。")
        return known.name

    def _names(self, record: Record) -> tuple[str, list[str]]:
        """The first proposer as written, and the co-signers of both cells: 甲、乙等3人 names two of them."""
        written, others = record["proposer"], list(record["cosigners"] or [])
        if record["kind"] in BODY_KINDS:
            return written, others
        read = names(record.raw["proposer"])
        first, *more = read.value or [written]
        if read.note:
            record.problem("proposer", read.note)
        return first, [*more, *(name for name in others if name not in more)]

    def _kind(self, first: str, others: list[str]) -> str:
        """Whose proposal it is where no column says so: a known body's, or that of one member or several."""
        directory = self.context.of(Directory)
        person = directory.people.find(first)
        if person.found is None and not person.candidates:
            for kind, body in BODY_KINDS.items():
                if directory.bodies.find(body, first) is not None:
                    return kind
        return Kind.JOINT if others else Kind.INDIVIDUAL

    def _proposers(self, record: Record, kind: str, written: str, others: list[str]) -> list[dict[str, str]]:
        """The first proposer and the co-signers: each a member code, a body, or a bare name."""
        phone = record["phone"] or ""
        written = written[:80]
        if kind in BODY_KINDS:
            return [self._body(record, BODY_KINDS[kind], written) | {"phone": phone}]
        proposers = [self._member(record, "proposer", written, record["sector"] or "", phone) | {"phone": phone}]
        for name in others:
            person = self._member(record, "cosigners", name[:80])
            if person["code"] and person["code"] in {p.get("code") for p in proposers}:
                record.problem("cosigners", "已经是这件提案的提案者，只计一次。", value=name)
                continue
            proposers.append(person)
        if kind == Kind.JOINT and len(proposers) == 1:
            record.problem("cosigners", "写的是联名提案，却没有附议人，请补上。", value="")
        return proposers

    def _member(self, record: Record, key: str, written: str, sector: str = "", phone: str = "") -> dict[str, str]:
        people = self.context.of(Directory).people
        match = people.find(written, sector=sector, phone=phone)
        name = people.bare_name(written)
        if match.note:
            record.problem(key, match.note, value=written)
        if match.found is not None:
            return {"code": match.found.code, "name": match.found.name}
        if match.candidates:
            sectors = "、".join(f"{p.sector or '界别不详'}（{p.code}）" for p in match.candidates)
            message = f"名册里有{len(match.candidates)}个{name}：{sectors}。只记姓名，没有对上人；请在姓名后加界别，如“{name}（{match.candidates[0].sector}）”。"
        else:
            message = "名册里没有这个人，只记姓名，请核对写法。"
        record.problem(key, message, value=written)
        return {"code": "", "name": name}

    def _body(self, record: Record, kind: str, written: str) -> dict[str, str]:
        bodies = self.context.of(Directory).bodies
        known = bodies.find(kind, written)
        if known is None and kind in (Body.Kind.PARTY, Body.Kind.ORGANIZATION):
            known = BodyName(kind, written)
            bodies.add(known)
            record.problem("proposer", "系统里还没有这个组织，已按这里的写法新建。", "info")
        if known is None:
            record.problem("proposer", f"系统里没有这个{Body.Kind(kind).label}，只记名称，请核对写法。")
            return {"code": "", "name": written}
        return {"code": "", "name": known.name, "body": kind}

    def _check_decision(self, record: Record, payload: dict[str, Any], note: str) -> None:
        try:
            outcome, disposition, main = decision(self._review(record), note)
        except Unreadable as error:
            record.problem("review", str(error), "error")
            outcome, disposition, main = "", "", None
        if not outcome and payload["number"]:
            record.problem("review", "有案号而没有审查意见，按立案登记，请补上。")
            outcome = "filed"
        if outcome == "filed" and not payload["number"]:
            record.problem("number", "写了立案却没有案号，请补上案号。", "error", value="")
        if outcome not in ("filed", "withdrawn") and payload["number"]:
            record.problem("number", "没有立案却有案号，案号没有登记，请核对。")
            payload["number"] = None
        payload |= {"outcome": outcome, "disposition": disposition, "main_case": main}

    def _review(self, record: Record) -> str:
        """What the review cell says; 是 and √ under 是否立案 say 立案."""
        said: str = record["review"] or ""
        if "立案" in record.table.label("review"):
            try:
                filed = yes_no(said, about="立案").value
            except Unreadable:
                return said
            return said if filed is None else "立案" if filed else "不予立案"
        return said

    def _check_units(self, record: Record, payload: dict[str, Any]) -> None:
        leads, supports = paper_units.of_record(record, self.context.of(Directory).units)
        payload |= {"lead_units": leads, "support_units": supports}
        if payload["outcome"] != "filed" and (leads or payload["assigned_on"]):
            record.problem("lead_units", "没有立案却写了主办单位或交办日期，没有登记，请核对。")
            payload |= {"lead_units": [], "support_units": []}
        elif payload["assigned_on"] and not leads and not record.refuses("lead_units"):
            record.problem("lead_units", "有交办日期却没有主办单位，请补上。", "error", value="")

    def _check_dates(self, record: Record, payload: dict[str, Any]) -> None:
        """Later steps cannot lie before earlier ones: a reply before the hand-over refuses the row."""
        label = record.table.label
        order: tuple[tuple[str, str, Severity], ...] = (
            ("replied_on", "assigned_on", "error"),
            ("assigned_on", "submitted_on", "warning"),
            ("signed_on", "assigned_on", "warning"),
            ("replied_on", "signed_on", "warning"),
            ("promised_on", "replied_on", "warning"),
        )
        for later, earlier, severity in order:
            after, before = payload[later], payload[earlier]
            if after and before and after < before:
                message = f"{label(later)}{after}早于{label(earlier)}{before}，请查原件改正。"
                record.problem(later, message, severity)

    def _check_outcome(self, record: Record, payload: dict[str, Any]) -> None:
        """A reply proves itself by its date; ratings and classes without one are pointed out."""
        if payload["outcome"] != "filed":
            return
        if payload["replied_on"] and not payload["assigned_on"]:
            record.problem("assigned_on", "有答复日期却没有交办日期，请补上。", "error", value="")
        if not payload["replied_on"]:
            for key in ("result_class", "rating", "promised_on"):
                if payload[key]:
                    record.problem(key, "没有答复日期，这一格没有登记，请核对。")
                    payload[key] = None if key == "promised_on" else ""
            payload["attitude"] = ""
            return
        if not payload["result_class"]:
            record.problem("result_class", "已答复却没有答复类别，请补上。", value="")
        if payload["result_class"] == "B" and not payload["promised_on"]:
            record.problem("promised_on", "B类答复应有承诺完成时间，没有的不能跟踪，请补上。", value="")

    def _key(self, payload: Mapping[str, Any]) -> str:
        """By case number; by title and first proposer where there is none, or where it was taken so before."""
        year = self.context.year
        words = f"{payload['title']}\n{payload['proposers'][0]['name']}"
        by_words = f"{year}-{hashlib.sha256(surface(words).encode()).hexdigest()[:24]}"
        by_number = f"{year}-n{payload['number']}" if payload["number"] else by_words
        return by_words if by_number not in self.stored and by_words in self.stored else by_number

    def settle(self, plans: list[Plan]) -> None:
        """Main cases must exist; a number may be neither taken twice nor already another case's."""
        held = {}
        if self.session.pk:
            rows = Proposal.objects.filter(session_id=self.session.pk, number__isnull=False)
            held = {number: (key, title) for number, key, title in rows.values_list("number", "source_key", "title")}
        numbers = {p.payload["number"] for p in plans if p.payload["number"]} | held.keys()
        taken: dict[int, Plan] = {}
        for plan in plans:
            number, main = plan.payload["number"], plan.payload["main_case"]
            if main and main not in numbers:
                plan.record.problem("review", f"没有第{main}号提案，不能并入，请核对案号。", "error")
            if number and number in held and held[number][0] != plan.key:
                message = f"第{number}号在系统里已是另一件提案“{held[number][1]}”，请核对案号。"
                plan.record.problem("number", message, "error")
            elif number:
                first = taken.setdefault(number, plan)
                if first is not plan and not first.record.refused:
                    plan.record.problem("number", f"与第{first.record.number}行重号，请留一个。", "error")

    def existing(self) -> Mapping[str, int]:
        """Stored proposals of this year's registers by their key."""
        return self.stored

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Cases that somebody has worked on since they were read in: papers no longer overwrite them."""
        reason = "这件提案读入以后已在系统里办理过，表里的改动没有写入；要改请在系统里改。"
        return dict.fromkeys(worked_on("proposals", "proposals.proposal", self.stored, plans), reason)

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store the cases with everything that belongs to them."""
        paper_cases.store(plans, session=self.session, year=self.context.year, actor=actor)


def state_of(payload: Mapping[str, Any]) -> str:
    """The state (domain rules §1.9) that a row proves."""
    status = Proposal.Status
    outcome = payload["outcome"]
    if outcome != "filed":
        return outcome or status.SUBMITTED
    if payload["replied_on"]:
        if payload["rating"] == "unsatisfied":
            return status.REHANDLING
        if not payload["rating"]:
            return status.REPLIED
        # A class B reply with a dated promise is followed up until the promise is kept.
        return status.FOLLOW_UP if payload["result_class"] == "B" and payload["promised_on"] else status.CLOSED
    if payload["assigned_on"] and payload["lead_units"]:
        return status.HANDLING if payload["signed_on"] else status.ASSIGNED
    return status.FILED


def _session(year: int, tables: Sequence[Table], terms: set[int]) -> tuple[paper_cases.PaperSession, list[Problem]]:
    """The session of the papers' year; where none is stored, one inferred from the days of submission."""
    stored = Session.objects.filter(year=year).select_related("term").order_by("-opens").first()
    if stored is not None:
        cut_off = max(timezone.localtime(stored.cut_off).date(), stored.closes)
        key = (stored.term.number, stored.number)
        return paper_cases.PaperSession(key, stored.name, stored.opens, stored.closes, cut_off, stored.pk), []
    days: Counter[dt.date] = Counter()
    for table in tables:
        days.update(r["submitted_on"] for r in table.records(year=year) if r["submitted_on"])
    opens, closes = _busiest_days(days, dt.date(year, 2, 20))
    current = Term.objects.filter(starts__year__lte=year).order_by("-starts").first()
    term = current.number if current else max(terms, default=None) or (year - 1942) // 5
    first_year = current.starts.year if current else year
    number = max(1, year - first_year + 1)
    name = f"{chinese_numeral(term)}届{chinese_numeral(number)}次会议"
    message = (
        f"系统里还没有{year}年的会议，按提交日期推定为{name}，{opens.month}月{opens.day}日至{closes.month}月{closes.day}日，"
        "请在届次里核对。"
    )
    table = tables[0]
    problem = Problem(table.file, table.sheet, 0, "", "", message, "warning")
    return paper_cases.PaperSession((term, number), name, opens, closes, closes, None), [problem]


def _busiest_days(days: Counter[dt.date], otherwise: dt.date) -> tuple[dt.date, dt.date]:
    """The run of days on which most proposals came in: the plenary itself."""
    if not days:
        return otherwise, otherwise
    peak = max(days, key=lambda day: (days[day], day))
    busy = days[peak] / 3
    opens = closes = peak
    while days[opens - dt.timedelta(days=1)] > busy:
        opens -= dt.timedelta(days=1)
    while days[closes + dt.timedelta(days=1)] > busy:
        closes += dt.timedelta(days=1)
    return opens, closes


PARTS = frozenset(
    f"proposals.{name}"
    for name in ("suggestion", "proposer", "proposalrevision", "unittask", "feedback", "reply", "promise")
)


def register() -> None:
    """Make the register of proposals known to the import."""
    registry.register(
        registry.PaperKind(
            "proposals",
            "提案登记",
            40,
            COLUMNS,
            [frozenset({"title", "proposer"})],
            ProposalImporter,
            minimum=5,
            undo=registry.Undo(Proposal, owns=PARTS),
        )
    )
