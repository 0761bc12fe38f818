"""Read the list of window units and their supervisors (窗口单位与民主监督员): who is dispatched where, for how long.

Names and codes stand in two cells; the code decides, and a code that is another person's is named.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.papers import registry
from core.papers.dates import date
from core.papers.importing import Importer, Plan, Skip
from core.papers.sheets import Column, Problem, Record, Table
from core.papers.taken import worked_on
from core.papers.words import Unreadable, one_line
from members.models import Member
from members.papers.matching import Directory
from members.papers.rows import BATCH, NOTE, filled, known_codes, log_rows, set_values, skip_marked, text_of, unmatched
from oversight.conflicts import works_there
from oversight.models import HostUnit, Supervisor

KIND = "window_units"

COLUMNS = (
    Column("order", ("序号", "编号"), "count"),
    Column("unit", ("窗口单位", "受派单位", "派驻单位", "监督单位", "单位名称", "单位"), required=True),
    Column("category", ("类型", "类别", "单位类型", "单位类别")),
    Column("names", ("民主监督员", "监督员", "监督员姓名", "民主监督员姓名", "派驻委员", "委员姓名"), "names"),
    Column("codes", ("委员编号", "监督员编号", "民主监督员编号", "监督员委员编号"), "codes"),
    Column("size", ("人数", "监督员人数"), "count"),
    Column("term", ("聘期", "任期", "聘任期限", "派驻期限", "派驻时间", "聘任时间")),
    Column("contact", ("驻点联系人", "联系人", "联络人", "单位联系人")),
    NOTE,
)
_JOINT = re.compile(r"\s*[至到—–―－~～]+\s*|(?<=[月日\d])\s*-\s*(?=\d{4})")
_YEARS = re.compile(r"(\d+|[一二两三四五])年")
_OPEN_END = frozenset({"", "今", "现在", "目前"})


class WindowUnitImporter(Importer):
    """Host units 受派单位 by name, with the supervisors of their row."""

    def begin(self, tables: Sequence[Table]) -> list[Problem]:
        """Start counting who is dispatched where."""
        self._places: dict[str, tuple[str, int]] = {}
        self._planned: dict[str, Plan] = {}
        return []

    def plan(self, record: Record) -> Plan:
        """One unit with its supervisors; whoever is not known for certain is left out and named."""
        skip_marked(record)
        name = text_of(record, "unit", 80)
        people = self._people(record)
        starts, ends = self._term(record) if people or record["term"] else (None, None)
        for code in people:
            self._check(record, name, code)
        self._join(record, name, people)
        payload = {
            "name": name,
            "category": text_of(record, "category", 20),
            "contact": text_of(record, "contact", 40),
            "order": min(record["order"] or 0, 32_000),
            "note": text_of(record, "note", 200),
            "supervisors": people,
            "starts": starts,
            "ends": ends,
        }
        plan = Plan(name, payload, record)
        self._planned.setdefault(name, plan)
        return plan

    def _join(self, record: Record, name: str, people: list[str]) -> None:
        """A unit whose supervisors stand in rows of their own, one below the other, is one unit."""
        first = self._planned.get(name)
        if first is None or not people or first.record.table is not record.table:
            return
        known = first.payload["supervisors"]
        if not set(people) & set(known):
            known.extend(people)
            raise Skip(f"和第{first.record.number}行是同一个单位，监督员并入那一行。", "unit")

    def settle(self, plans: list[Plan]) -> None:
        """Compare how many are written with how many were found, over all rows of a unit."""
        for plan in plans:
            written, found = plan.record["size"], len(plan.payload["supervisors"])
            if written is not None and written != found:
                plan.record.problem("size", f"写的是{written}人，登记的有{found}人，请核对。")

    def _people(self, record: Record) -> list[str]:
        """The codes of the supervisors; by name where the row gives no codes."""
        directory = self.context.of(Directory)
        names: list[str] = record["names"] or []
        if not record["codes"]:
            return self._by_name(record, names)
        codes = known_codes(record, "codes", directory)
        for code in codes:
            person = directory.people.by_code[code]
            if names and person.name not in names:
                message = f"编号{code}是{person.name}，不是这里写的{'、'.join(names)}，按编号登记，请核对。"
                record.problem("codes", message, value=code)
        if names and len(names) != len(record["codes"]):
            record.problem("names", f"写了{len(names)}个姓名，编号有{len(record['codes'])}个，按编号登记，请核对。")
        return codes

    def _by_name(self, record: Record, names: list[str]) -> list[str]:
        people = self.context.of(Directory).people
        found: list[str] = []
        if not names:
            record.problem("codes", "没有写派驻的监督员，只登记单位，请补上。", value="")
        for written in names:
            match = people.find(written)
            if match.found is None:
                record.problem("names", f"{unmatched(match, people.bare_name(written))}没有登记。", value=written)
            else:
                found.append(match.found.code)
        return found

    def _check(self, record: Record, unit: str, code: str) -> None:
        """Point out who is dispatched twice, and who works at the unit itself."""
        person = self.context.of(Directory).people.by_code[code]
        first, row = self._places.setdefault(code, (unit, record.number))
        if first != unit:
            record.problem("codes", f"{person.name}在第{row}行已派驻{first}，两处都登记，请核对。", value=code)
        if works_there(person.post, unit):
            message = f"{person.name}就在这个单位工作（{person.post}），按规定应当回避，请核对。"
            record.problem("names", message, value=code)

    def _term(self, record: Record) -> tuple[dt.date, dt.date | None]:
        """First and last day; a term that cannot be read counts from the year's beginning, open-ended."""
        written = one_line(record["term"]) if record["term"] else ""
        assumed = dt.date(self.context.year, 1, 1)
        if not written:
            record.problem("term", f"没有写聘期，按{assumed.isoformat()}起、不定期登记，请补上。", value="")
            return assumed, None
        try:
            return term_of(written, year=self.context.year)
        except Unreadable as error:
            record.problem("term", f"{error}先按{assumed.isoformat()}起、不定期登记。")
            return assumed, None

    def existing(self) -> Mapping[str, int]:
        """Stored units by name."""
        if not hasattr(self, "_stored"):
            self._stored: dict[str, int] = dict(HostUnit.objects.values_list("name", "pk"))
        return self._stored

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Units whose supervisors somebody keeps in the system."""
        reason = "这个单位的派驻已在系统里登记或改过，表里的没有写入；要改请在系统里改。"
        return dict.fromkeys(worked_on(KIND, "oversight.hostunit", self.existing(), plans), reason)

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store units, then who is dispatched there; whom a corrected row no longer names is dropped."""
        stored = {unit.name: unit for unit in HostUnit.objects.filter(name__in=[p.key for p in plans])}
        facts = ("name", "category", "contact", "order", "note")
        for plan in plans:
            if plan.key in stored:
                set_values(stored[plan.key], filled({name: plan.payload[name] for name in facts}))
        new = [HostUnit(**{name: p.payload[name] for name in facts}) for p in plans if p.key not in stored]
        changed = set(stored)
        stored |= {unit.name: unit for unit in HostUnit.objects.bulk_create(new, batch_size=BATCH)}
        for plan in plans:
            if plan.key in changed:
                _make_room(stored[plan.key], plan.payload["starts"])
        members = Member.objects.in_bulk({c for p in plans for c in p.payload["supervisors"]}, field_name="code")
        Supervisor.objects.bulk_create(
            [
                Supervisor(
                    unit=stored[plan.key],
                    member=members[code],
                    starts=plan.payload["starts"],
                    ends=plan.payload["ends"],
                    recorded_by=actor,
                )
                for plan in plans
                for code in plan.payload["supervisors"]
            ],
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        log_rows(plans, stored, verb="hostunit.import", actor=actor)


def _make_room(unit: HostUnit, starts: dt.date | None) -> None:
    """Drop what an earlier reading of the same term stored; a term without an end ends when the next begins."""
    if starts is None:
        return
    unit.supervisors.filter(starts=starts, end_reason="").delete()
    unit.supervisors.filter(starts__lt=starts, ends=None).update(ends=starts - dt.timedelta(days=1))


def term_of(written: str, *, year: int) -> tuple[dt.date, dt.date | None]:
    """The first and last day of a term: 2022年5月—2024年4月, 2022.5.1至2024.4.30, 2022年5月起两年.

    Raises ``Unreadable`` with a Chinese sentence.
    """
    words = written.removeprefix("自").removeprefix("从").strip()
    if "起" in words:
        first, _, rest = words.partition("起")
        starts = _first_day(first, year)
        rest = rest.strip("，,、 ")
        if not rest or rest in _OPEN_END:
            return starts, None
        if m := _YEARS.match(rest):
            span = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}.get(m[1]) or int(m[1])
            return starts, starts.replace(year=starts.year + span) - dt.timedelta(days=1)
        raise Unreadable("看不出聘期多长，请写成“2022年5月—2024年4月”这样。")
    parts = [part.strip() for part in _JOINT.split(words)]
    if len(parts) == 1:
        return _first_day(parts[0], year), None
    if len(parts) != 2:
        raise Unreadable("看不出聘期的起止，请写成“2022年5月—2024年4月”这样。")
    starts = _first_day(parts[0], year)
    if parts[1] in _OPEN_END:
        return starts, None
    ends = date(parts[1], year=starts.year).value
    if ends < starts:
        raise Unreadable("聘期结束早于开始，请查原件改正。")
    return starts, ends


def _first_day(written: str, year: int) -> dt.date:
    """A day, or the first one of a month that is named alone."""
    exact = date(written, year=year)
    first: dt.date | None = exact.value
    if first is None:
        raise Unreadable("看不出聘期从哪天起，请写成“2022年5月—2024年4月”这样。")
    return first.replace(day=1) if exact.note.startswith("只写到月") else first


def register() -> None:
    """Make the list of window units known to the import."""
    registry.register(
        registry.PaperKind(
            KIND,
            "窗口单位与民主监督员",
            60,
            COLUMNS,
            [frozenset({"unit", "names", "codes"}), frozenset({"unit", "names", "term"})],
            WindowUnitImporter,
            minimum=4,
            permission="members.import_rolls",
            undo=registry.Undo(HostUnit, "name", frozenset({"oversight.supervisor"})),
        )
    )
