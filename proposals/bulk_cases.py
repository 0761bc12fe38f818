"""Rows of bulk proposals: each case with all that its state proves, as tuples for ``core.bulk_rows``."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import attrgetter

from core import audit, options, search, workdays
from core.bulk_index import WordIndex
from core.bulk_rows import Table
from core.bulk_words import Piece, Pieces
from core.models import AuditEntry, Deadline
from core.subjects import Key
from members.models import HandlingUnit, Member, Sector, Session
from proposals.models import (
    Category,
    Feedback,
    Proposal,
    Proposer,
    Reply,
    ReplyItem,
    ResultClass,
    Suggestion,
    UnitTask,
)
from proposals.terms import LABELS
from proposals.workflow import CASE, REPLY, TASK

KIND = "proposals.proposal"
STATES = (
    ("submitted", 2), ("reviewing", 2), ("not_filed", 8), ("filed", 3), ("assigned", 4), ("handling", 36),
    ("replied", 10), ("closed", 25), ("archived", 10),
)  # fmt: skip
NEW = ("submitted", "reviewing")
OPEN = (*NEW, "filed", "assigned", "handling", "replied")
"""States of the running year; cases of earlier sessions have come to their end."""
TASK_STATE = {"assigned": "pending", "handling": "working", "replied": "done", "closed": "done", "archived": "done"}
ASKS = 3
AUDIT = tuple(field.attname for field in AuditEntry._meta.concrete_fields if field.attname != "seq")


@dataclass
class World:
    """The reference rows that bulk proposals hang on."""

    sessions: list[Session]
    units: list[HandlingUnit]
    sectors: list[Sector]
    members: list[Member]
    categories: list[Category]
    classes: list[ResultClass]


@cache
def _months(start: date, months: int) -> workdays.Due:
    return workdays.add_months(start, months)


@cache
def _days(start: date, days: int) -> workdays.Due:
    return workdays.add_working_days(start, days)


@dataclass
class Dates:
    """When a case came to each of its steps."""

    submitted: date
    filed: date | None = None
    assigned: date | None = None
    replied: date | None = None
    closed: date | None = None


class Cases:
    """Makes cases one after another and writes them a batch at a time."""

    def __init__(self, world: World, rnd: random.Random, today: date) -> None:
        self._world, self._rnd, self._today = world, rnd, today
        self._pieces = Pieces(rnd)
        self._names, self._weights = zip(*STATES, strict=True)
        self._numbers = {session.pk: _last_number(session) for session in world.sessions}
        self._index = WordIndex(KIND)
        self._rows: dict[Table, list[tuple]] = defaultdict(list)
        self._events: list[audit.Event] = []
        self._proposals = Table(
            Proposal, "id", "status", "intake_no", "session_id", "number", "year", "title", "situation", "analysis",
            "category_id", "sector_id", "proposer_name", "submitted_on", "filed_on", "lead_unit_id", "handling_mode",
            "assigned_on", "next_due", "next_due_label", "replied_on", "result_class_id", "closed_on", "rating",
            "attitude",
        )  # fmt: skip
        self._suggestions = Table(Suggestion, "id", "proposal_id", "order", "text")
        self._proposers = Table(Proposer, "id", "proposal_id", "member_id", "name", "sector_name")
        self._tasks = Table(
            UnitTask, "id", "proposal_id", "unit_id", "role", "status", "assigned_on", "signed_on", "done_on"
        )
        self._replies = Table(Reply, "id", "task_id", "status", "document_no", "result_class_id", "issued_on")
        self._answers = Table(ReplyItem, "id", "reply_id", "suggestion_id", "text", "result_class_id")
        self._feedback = Table(
            Feedback, "id", "proposal_id", "proposer_id", "state", "attitude", "result", "answered_on"
        )
        self._deadlines = Table(
            Deadline, "id", "subject_type", "subject_id", "root_type", "root_id", "kind", "label", "starts", "due", "unit",
            "amount", "rule", "provisional", "met_on",
        )  # fmt: skip
        self._log = Table(AuditEntry, "seq", *AUDIT)
        self._tables = (
            self._proposals, self._suggestions, self._proposers, self._tasks, self._replies, self._answers,
            self._feedback, self._deadlines,
        )  # fmt: skip

    def batch(self, size: int) -> None:
        """Make ``size`` cases and write them with all their rows."""
        for _ in range(size):
            self._case()
        for table in self._tables:
            table.write(self._rows.pop(table, ()))
        self._index.write()
        read = attrgetter("seq", *AUDIT)
        self._log.write(map(read, audit.chained(self._events)))
        self._events = []

    def finish(self) -> None:
        """Let each table count on from its last row."""
        for table in self._tables:
            table.finish()
        self._index.finish()

    def _case(self) -> None:
        rnd, world = self._rnd, self._world
        state = rnd.choices(self._names, self._weights)[0]
        session = world.sessions[-1] if state in OPEN else rnd.choice(world.sessions)
        when = self._when(state, session)
        member, key = rnd.choice(world.members), self._proposals.key()
        filed = when.filed is not None
        if filed:
            self._numbers[session.pk] += 1
        number = self._numbers[session.pk] if filed else None
        unit = rnd.choice(world.units) if when.assigned else None
        result = rnd.choice(world.classes) if when.replied else None
        rating = rnd.choice(("satisfied", "satisfied", "basically")) if when.closed else ""
        title = rnd.choice(self._pieces.titles)
        texts = self._pieces.some(self._pieces.sentences, 20)
        why = self._pieces.some(self._pieces.reasons, 10)
        asks = self._pieces.some(self._pieces.asks, ASKS)
        intake = f"L{key:09d}"
        due, label = self._handling(key, member, when, state, asks, unit, result, rating)
        self._add(
            self._proposals, key, state, intake, session.pk, number, session.year, title.text, _joined(texts),
            _joined(why), rnd.choice(world.categories).pk, member.sector_id, member.name, when.submitted, when.filed,
            unit.pk if unit else None, "sole" if unit else "", when.assigned, due, label, when.replied,
            result.pk if result else None, when.closed, rating, rating,
        )  # fmt: skip
        words = search.words(f"第{number}号 {intake} {member.name}" if number else f"{intake} {member.name}")
        self._index.add(key, words, title, [*texts, *why, *asks])
        self._tell(key, when, state)

    def _when(self, state: str, session: Session) -> Dates:
        """Days in their order, none of them to come; open cases are those of the last months."""
        rnd, today = self._rnd, self._today
        if state not in OPEN:
            when = Dates(min(session.opens - timedelta(days=rnd.randrange(60)), today))
            if state == "not_filed":
                return when
            when.filed = min(session.closes, today)
            when.assigned = min(when.filed + timedelta(days=rnd.randrange(30)), today)
            when.replied = min(when.assigned + timedelta(days=rnd.randrange(30, 110)), today)
            when.closed = min(when.replied + timedelta(days=rnd.randrange(3, 30)), today)
            return when
        back = today - timedelta(days=rnd.randrange({"handling": 110, "replied": 12}.get(state, 6)))
        if state in NEW:
            return Dates(back)
        if state == "filed":
            return Dates(back - timedelta(days=rnd.randrange(5, 30)), back)
        when = Dates(back, assigned=back)
        if state == "replied":
            when.replied = back
            when.assigned = back - timedelta(days=rnd.randrange(30, 80))
        when.filed = when.assigned - timedelta(days=rnd.randrange(1, 15)) if when.assigned else None
        when.submitted = (when.filed or back) - timedelta(days=rnd.randrange(5, 30))
        return when

    def _handling(
        self, key: int, member: Member, when: Dates, state: str, asks: list[Piece],
        unit: HandlingUnit | None, result: ResultClass | None, rating: str,
    ) -> tuple[date | None, str]:  # fmt: skip
        """What hangs on the case; answers with its nearest open term."""
        proposer = self._proposers.key()
        self._add(self._proposers, proposer, key, member.pk, member.name, str(member.sector or ""))
        wanted = [self._suggestions.key() for _ in asks]
        for order, (suggestion, ask) in enumerate(zip(wanted, asks, strict=True), 1):
            self._add(self._suggestions, suggestion, key, order, ask.text)
        if state == "filed" and when.filed:
            return self._term(key, KIND, key, "assign", when.filed, "立案", days=options.value("proposals.assign_days"))
        if when.assigned is None or unit is None:
            return None, ""
        task, status = self._tasks.key(), TASK_STATE[state]
        signed = None if status == "pending" else min(when.assigned + timedelta(days=2), self._today)
        self._add(self._tasks, task, key, unit.pk, "lead", status, when.assigned, signed, when.replied)
        months = options.value("proposals.reply_months")
        owed = self._term(
            key, "proposals.unittask", task, "reply", when.assigned, "交办", months=months, met=when.replied
        )
        if when.replied is None or result is None:
            return owed
        reply = self._replies.key()
        number = f"{unit.short_name}函〔{when.replied.year}〕{reply}号"
        self._add(self._replies, reply, task, "issued", number, result.pk, when.replied)
        for suggestion, ask in zip(wanted, asks, strict=True):
            self._add(self._answers, self._answers.key(), reply, suggestion, f"已{ask.text}", result.pk)
        given = ("answered", rating, rating, when.closed) if when.closed else ("waiting", "", "", None)
        feedback = self._feedback.key()
        self._add(self._feedback, feedback, key, proposer, *given)
        days = options.value("proposals.feedback_days")
        waited = self._term(
            key, "proposals.feedback", feedback, "feedback", when.replied, "答复送达", days=days, met=when.closed
        )
        return (None, "") if when.closed else waited

    def _term(
        self, root: int, label: str, subject: int, kind: str, start: date, event: str,
        *, months: int = 0, days: int = 0, met: date | None = None,
    ) -> tuple[date, str]:  # fmt: skip
        """One term by the rules of ``core.deadlines``."""
        due = _months(start, months) if months else _days(start, days)
        unit = Deadline.Unit.MONTHS if months else Deadline.Unit.WORKING_DAYS
        rule = f"{event}起{months}个月" if months else f"{event}次日起{days}个工作日"
        self._add(
            self._deadlines, self._deadlines.key(), label, subject, KIND, root, kind, LABELS[kind], start, due.due,
            unit.value, months or days, rule, due.provisional, met,
        )  # fmt: skip
        return due.due, LABELS[kind]

    def _tell(self, key: int, when: Dates, state: str) -> None:
        """The case's history in the log, each act on its day."""
        self._log_act(CASE, "submit", key, when.submitted)
        if state == "not_filed":
            self._log_act(CASE, "refuse", key, when.submitted)
        for process, verb, day in (
            (CASE, "file", when.filed),
            (CASE, "assign", when.assigned),
            (TASK, "sign", None if state == "assigned" else when.assigned),
            (REPLY, "issue", when.replied),
            (CASE, "close", when.closed),
        ):
            if day:
                self._log_act(process, verb, key, day)

    def _log_act(self, process, verb: str, key: int, day: date) -> None:
        root = Key(KIND, key)
        name = f"{process.model.split('.')[1]}.{verb}"
        self._events.append(audit.Event(name, process[verb].label, subject=root, root=root, occurred_on=day))

    def _add(self, table: Table, *row) -> None:
        self._rows[table].append(row)


def _joined(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _last_number(session: Session) -> int:
    """The last case number of a session."""
    newest = session.proposals.exclude(number=None).order_by("-number").values_list("number", flat=True).first()
    return newest or 0
