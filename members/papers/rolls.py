"""Read the committee's rolls into the system: 承办单位名录, 委员名册, 委员工作室.

Empty cells never erase what is stored. A row taken before with the same content is left alone,
so what staff corrected in the system stays until the paper itself changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from core.papers import registry
from core.papers.importing import Importer, Plan
from core.papers.sheets import Column, Problem, Record, Table
from core.papers.words import chinese_number
from members import reference
from members.models import Body, HandlingUnit, Member, Membership, Sector, SpecialCommittee, Studio, Term
from members.papers import rota as paper_rota
from members.papers.matching import BodyName, Directory, Person, UnitName
from members.papers.rows import BATCH, NOTE, filled, known_codes, log_rows, set_values, skip_marked, text_of
from members.people.political import usual_wording
from members.services.membership import record_present

UNIT_COLUMNS = (
    Column("order", ("序号", "编号"), "count"),
    Column("name", ("单位名称", "单位全称", "承办单位", "单位", "全称", "名称"), required=True),
    Column("short_name", ("简称", "单位简称", "常用简称")),
    Column("aliases", ("别名", "曾用名", "其他叫法", "别称"), "items"),
    Column("category", ("类别", "单位类别", "单位性质", "类型", "性质"), required=True),
    Column("leader_post", ("分管领导职务", "分管领导", "领导职务")),
    Column("contact_post", ("联系人职务", "联系人", "联络员职务", "联络员", "联络人")),
    Column("phone", ("联系电话", "电话", "办公电话"), "phone"),
    NOTE,
)

MEMBER_COLUMNS = (
    Column("code", ("委员编号", "委员证号", "委员证编号", "编号"), "code", required=True),
    Column("name", ("姓名", "委员姓名"), required=True),
    Column("sex", ("性别",), "choice", choices={"男": "男", "女": "女"}),
    Column("ethnicity", ("民族",)),
    Column("born", ("出生年月", "出生日期", "出生年月日"), "month"),
    Column("political_status", ("政治面貌", "党派", "所属党派")),
    Column("sector", ("界别", "所属界别"), required=True),
    Column("post", ("工作单位及职务", "单位及职务", "工作单位和职务", "工作单位", "单位职务", "职务")),
    Column("committee", ("专委会", "所属专委会", "专门委员会", "所在专委会")),
    Column("studio", ("所属工作室", "工作室", "委员工作室", "所在工作室")),
    Column("is_standing", ("是否常委", "常委"), "yes_no"),
    Column("phone", ("手机号", "手机", "手机号码", "联系电话", "联系方式", "电话"), "phone"),
    Column("term", ("届次", "届", "届别")),
    NOTE,
)

STUDIO_COLUMNS = (
    Column("order", ("序号", "编号"), "count"),
    Column("name", ("工作室名称", "工作室", "委员工作室", "名称"), required=True),
    Column("convener", ("召集人", "召集人姓名", "负责人"), required=True),
    Column("convener_code", ("召集人编号", "召集人委员编号"), "code"),
    Column("place", ("地点", "地址", "工作室地点")),
    Column("sector", ("界别", "所属界别")),
    Column("founded_on", ("成立日期", "成立时间", "设立日期"), "date"),
    Column("reception_rule", ("接待日", "接待日安排", "固定接待日")),
    Column("size", ("成员人数", "人数", "委员人数"), "count"),
    Column("member_codes", ("成员编号", "成员委员编号", "成员"), "codes"),
    NOTE,
)


class UnitImporter(Importer):
    """Handling units 承办单位 by full name."""

    def plan(self, record: Record) -> Plan:
        """One unit; its side (区委 or 区政府) follows from its category."""
        skip_marked(record)
        category = text_of(record, "category", 20)
        name = text_of(record, "name", 80)
        payload = {
            "name": name,
            "short_name": text_of(record, "short_name", 40) or name[:40],
            "aliases": record["aliases"] or [],
            "category": category,
            "side": "party" if "党" in category or "群团" in category or "团体" in category else "government",
            "leader_post": text_of(record, "leader_post", 40),
            "contact_post": text_of(record, "contact_post", 40),
            "phone": record["phone"] or "",
            "order": min(record["order"] or 0, 32_000),
            "note": text_of(record, "note", 200),
        }
        return Plan(name, payload, record)

    def settle(self, plans: list[Plan]) -> None:
        """Make the units known to the papers read later; a short name borne twice is pointed out."""
        units = self.context.of(Directory).units
        holders: dict[str, str] = {}
        for plan in plans:
            short = plan.payload["short_name"]
            if other := holders.get(short):
                plan.record.problem("short_name", f"“{short}”也是“{other}”的简称，别的表里只写简称就分不清。")
            holders[short] = plan.key
            units.add(UnitName(plan.key, short, tuple(plan.payload["aliases"])))

    def existing(self) -> Mapping[str, int]:
        """Stored units by full name."""
        return dict(HandlingUnit.objects.values_list("name", "pk"))

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store new units at once and changed ones each; known aliases are kept and added to."""
        stored = {unit.name: unit for unit in HandlingUnit.objects.filter(name__in=[p.key for p in plans])}
        new = [HandlingUnit(**p.payload) for p in plans if p.key not in stored]
        for unit in HandlingUnit.objects.bulk_create(new, batch_size=BATCH):
            stored[unit.name] = unit
        for plan in plans:
            if plan.action == "updated":
                unit = stored[plan.key]
                values = filled(plan.payload)
                values["aliases"] = list(dict.fromkeys([*unit.aliases, *plan.payload["aliases"]]))
                set_values(unit, values)
        reference.changed()
        log_rows(plans, stored, verb="unit.import", actor=actor)


class MemberImporter(Importer):
    """Members 委员 by code; two may bear one name."""

    def plan(self, record: Record) -> Plan:
        """One member, with sector, committee and studio by name."""
        skip_marked(record)
        note = text_of(record, "note", 200)
        payload = {
            "code": record["code"][:20],
            "name": text_of(record, "name", 40),
            "sex": record["sex"] or "",
            "ethnicity": text_of(record, "ethnicity", 20),
            "born": record["born"],
            "political_status": usual_wording(text_of(record, "political_status", 20)),
            "sector": text_of(record, "sector", 80),
            "committee": text_of(record, "committee", 80),
            "studio": text_of(record, "studio", 80),
            "post": text_of(record, "post", 120),
            "phone": record["phone"] or "",
            "is_standing": bool(record["is_standing"]),
            "term": self._term(record),
            "coopted": "增补" in note,
            "note": note,
        }
        return Plan(payload["code"], payload, record)

    def _term(self, record: Record) -> int | None:
        """The number of the term: 十六届, 第16届 or 16; None when the cell is empty."""
        words = (record["term"] or "").strip()
        if not words:
            return None
        digits = words.removeprefix("第").partition("届")[0]
        number = chinese_number(digits)
        if number is None or not 1 <= number <= 99:
            record.problem("term", "看不出是第几届，请写成“十六届”这样。")
            return None
        return number

    def settle(self, plans: list[Plan]) -> None:
        """Make the members and their bodies known to the papers read later."""
        directory = self.context.of(Directory)
        kinds = (("sector", Body.Kind.SECTOR), ("committee", Body.Kind.COMMITTEE), ("studio", Body.Kind.STUDIO))
        for plan in plans:
            values = plan.payload
            if values["term"]:
                directory.terms.add(values["term"])
            for key, kind in kinds:
                if values[key] and directory.bodies.find(kind, values[key]) is None:
                    directory.bodies.add(BodyName(kind, values[key]))
            studio = directory.bodies.find(Body.Kind.STUDIO, values["studio"]) if values["studio"] else None
            place = studio.name if studio else ""
            directory.people.add(
                Person(plan.key, values["name"], values["sector"], values["phone"], place, values["post"])
            )

    def existing(self) -> Mapping[str, int]:
        """Stored members by code."""
        return dict(Member.objects.values_list("code", "pk"))

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store members with their bodies and their time in the term."""
        bodies = _BodyShelf()
        terms = _terms(self.context.year, [p.payload["term"] for p in plans])
        stored = Member.objects.in_bulk([p.key for p in plans], field_name="code")
        new: list[Member] = []
        for plan in plans:
            values = {k: v for k, v in plan.payload.items() if k not in ("term", "coopted")}
            values["sector"] = bodies.get(Sector, values["sector"])
            values["committee"] = bodies.get(SpecialCommittee, values["committee"])
            values["studio"] = bodies.get(Studio, values["studio"])
            if member := stored.get(plan.key):
                if not member.is_active:
                    # Whoever left is corrected, but not put back into a committee or studio.
                    values |= {"committee": None, "studio": None, "is_standing": None}
                set_values(member, filled(values))
            else:
                new.append(Member(**values))
        stored |= {member.code: member for member in Member.objects.bulk_create(new, batch_size=BATCH)}
        self._write_memberships(plans, stored, terms)
        record_present(stored.values(), on=timezone.localdate())
        log_rows(plans, stored, verb="member.import", actor=actor)

    def _write_memberships(self, plans: list[Plan], stored: Mapping[str, Member], terms: Mapping[int, Term]) -> None:
        # An ended membership counts too: a roll that is read again brings nobody back who resigned.
        members = [stored[p.key] for p in plans]
        held = set(Membership.objects.filter(member__in=members).values_list("member_id", "term_id"))
        change = Membership.Change
        Membership.objects.bulk_create(
            [
                Membership(
                    member=stored[p.key],
                    term=terms[p.payload["term"]],
                    post="常委" if p.payload["is_standing"] else "委员",
                    began_by=change.COOPTED if p.payload["coopted"] else change.ELECTED,
                )
                for p in plans
                if p.payload["term"] in terms and (stored[p.key].pk, terms[p.payload["term"]].pk) not in held
            ],
            batch_size=BATCH,
        )


class _BodyShelf:
    """Bodies by the names that papers give them, made where they are not there yet."""

    def __init__(self) -> None:
        self._names = Directory.load().bodies
        self._rows: dict[tuple[str, str], Body] = {}

    def get(self, model: type[Body], name: str) -> Any:
        """The body of a kind by name; None for an empty name."""
        if not name:
            return None
        kind = model.KIND  # type: ignore[attr-defined]
        known = self._names.find(kind, name)
        if known is None:
            known = BodyName(kind, name)
            order = model.objects.filter(kind=kind).count() + 1
            self._rows[kind, name] = model.objects.create(kind=kind, name=name, order=order)
            self._names.add(known)
        key = (kind, known.name)
        if key not in self._rows:
            self._rows[key] = model.objects.get(kind=kind, name=known.name)
        return self._rows[key]


def _terms(year: int, numbers: Sequence[int | None]) -> dict[int, Term]:
    """The terms by number; one that is not stored yet is made, from the papers' year on."""
    terms = {term.number: term for term in Term.objects.all()}
    for number in sorted({n for n in numbers if n} - terms.keys()):
        terms[number] = Term.objects.create(
            number=number,
            name=f"{chinese_numeral(number)}届",
            starts=dt.date(year, 1, 1),
            is_current=not any(t.is_current for t in terms.values()),
        )
    return terms


def chinese_numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese: 16 is 十六."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones else "")


class StudioImporter(Importer):
    """Members' studios 委员工作室 by name, with convener and members by code."""

    def begin(self, tables: Sequence[Table]) -> list[Problem]:
        """Start counting who is in which studio."""
        self._places: dict[str, tuple[str, int]] = {}
        return []

    def plan(self, record: Record) -> Plan:
        """One studio; an unknown member is left out and named."""
        skip_marked(record)
        directory = self.context.of(Directory)
        written = text_of(record, "name", 80)
        known = directory.bodies.find(Body.Kind.STUDIO, written)
        name = known.name if known else written
        payload = {
            "name": name,
            "order": min(record["order"] or 0, 32_000),
            "convener": self._convener(record, directory),
            "place": text_of(record, "place", 80),
            "township": paper_rota.township(record["place"] or ""),
            "sector": text_of(record, "sector", 80),
            "founded_on": record["founded_on"],
            "reception_rule": paper_rota.rule_words(record),
            "members": self._members(record, directory, name),
            "note": text_of(record, "note", 200),
        }
        return Plan(name, payload, record)

    def _convener(self, record: Record, directory: Directory) -> str:
        """The convener's member code; empty, with a problem, when nobody fits."""
        code, name = record["convener_code"], record["convener"]
        if code:
            person = directory.people.by_code.get(code)
            if person is None:
                record.problem("convener_code", f"名册里没有编号{code}的委员，召集人暂空，请核对。")
                return ""
            if person.name != name.replace(" ", ""):
                record.problem("convener", f"编号{code}是{person.name}，与这里写的姓名不同，按编号登记，请核对。")
            return code
        match = directory.people.find(name, sector=record["sector"] or "")
        if match.found is None:
            several = (
                f"名册里有{len(match.candidates)}个{name}，请写召集人编号。"
                if match.candidates
                else "名册里没有这个人，请核对。"
            )
            record.problem("convener", f"{several}召集人暂空。")
            return ""
        return match.found.code

    def _members(self, record: Record, directory: Directory, name: str) -> list[str]:
        codes: list[str] = record["member_codes"] or []
        known = known_codes(record, "member_codes", directory)
        for code in known:
            first, row = self._places.setdefault(code, (name, record.number))
            if first != name:
                record.problem("member_codes", f"{code}在第{row}行已编入{first}，以后写的为准，请核对。", value=code)
        if record["size"] is not None and codes and record["size"] != len(codes):
            record.problem("size", f"写的是{record['size']}人，编号有{len(codes)}个，按编号登记，请核对。")
        return known

    def settle(self, plans: list[Plan]) -> None:
        """Make the studios, and who is in them, known to the papers read later."""
        directory = self.context.of(Directory)
        for plan in plans:
            if directory.bodies.find(Body.Kind.STUDIO, plan.key) is None:
                directory.bodies.add(BodyName(Body.Kind.STUDIO, plan.key))
            for code in plan.payload["members"]:
                directory.people.add(replace(directory.people.by_code[code], studio=plan.key))

    def existing(self) -> Mapping[str, int]:
        """Stored studios by name.

        A studio known only because the roll of members names it counts as not yet stored.
        """
        return dict(Studio.objects.exclude(place="", reception_rule="").values_list("name", "pk"))

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store studios and move their members in."""
        shelf = _BodyShelf()
        codes = {code for p in plans for code in [*p.payload["members"], p.payload["convener"]]}
        members = Member.objects.in_bulk(codes, field_name="code")
        stored: dict[str, Studio] = {}
        for plan in plans:
            studio = stored[plan.key] = shelf.get(Studio, plan.key)
            values = filled({k: v for k, v in plan.payload.items() if k not in ("name", "members", "sector")})
            values["sector"] = shelf.get(Sector, plan.payload["sector"])
            values["convener"] = members.get(plan.payload["convener"])
            for name, value in filled(values).items():
                setattr(studio, name, value)
            studio.save()
            paper_rota.keep_rule(studio, plan.payload["reception_rule"], year=self.context.year)
            Member.objects.filter(code__in=plan.payload["members"], is_active=True).update(studio=studio)
        record_present(Member.objects.filter(code__in=codes), on=timezone.localdate())
        log_rows(plans, stored, verb="studio.import", actor=actor)


STUDIO_PARTS = frozenset({"members.placement", "members.rotarule", "members.receptionday", "members.receptionhost"})


def register() -> None:
    """Make the three rolls known to the import."""
    by_unit_columns = [frozenset({"name", key}) for key in ("short_name", "contact_post", "leader_post")]
    for kind in (
        registry.PaperKind(
            "units",
            "承办单位名录",
            10,
            UNIT_COLUMNS,
            by_unit_columns,
            UnitImporter,
            undo=registry.Undo(HandlingUnit, "name"),
        ),
        registry.PaperKind(
            "members",
            "委员名册",
            20,
            MEMBER_COLUMNS,
            [frozenset({"code", "name"})],
            MemberImporter,
            permission="members.import_rolls",
            sample="members:template",
            undo=registry.Undo(Member, "code", frozenset({"members.membership", "members.placement"})),
        ),
        registry.PaperKind(
            "studios",
            "委员工作室",
            30,
            STUDIO_COLUMNS,
            [frozenset({"name", "convener"})],
            StudioImporter,
            permission="members.import_rolls",
            undo=registry.Undo(Studio, "name", STUDIO_PARTS),
        ),
    ):
        registry.register(kind)
