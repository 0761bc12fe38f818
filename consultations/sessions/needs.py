"""What each form of consultation needs before it is held 会前准备, and which of it is there.

Nothing of this is ticked by hand: each line looks at what was really entered. What the staff
wrote down besides are ``Task`` rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consultations import terms
from consultations.models import Consultation

Form = Consultation.Form
PLAN, TEAM, VISITS, UNITS, NOTICE, MATERIALS, PAPERS, SPEAKERS, AGENDA, WINDOW = (
    "plan", "team", "visits", "units", "notice", "materials", "papers", "speakers", "agenda", "window",
)  # fmt: skip
LABELS = {
    PLAN: "工作方案", TEAM: "调研组", VISITS: "实地调研", UNITS: "邀请单位", NOTICE: "会议通知", MATERIALS: "会议材料",
    PAPERS: "发言材料", SPEAKERS: "发言顺序", AGENDA: "议程", WINDOW: "网上议政开放",
}  # fmt: skip
NEEDS: dict[str, tuple[str, ...]] = {
    Form.PLENARY: (PLAN, NOTICE, AGENDA, PAPERS, SPEAKERS, MATERIALS),
    Form.STANDING: (PLAN, TEAM, VISITS, UNITS, NOTICE, AGENDA, PAPERS, SPEAKERS, MATERIALS),
    Form.TOPICAL: (PLAN, TEAM, VISITS, UNITS, NOTICE, AGENDA, PAPERS, SPEAKERS, MATERIALS),
    Form.COUNTERPART: (PLAN, VISITS, UNITS, NOTICE, AGENDA, SPEAKERS, MATERIALS),
    Form.SECTOR: (PLAN, VISITS, UNITS, NOTICE, AGENDA, PAPERS, SPEAKERS),
    Form.PROPOSAL: (UNITS, NOTICE, AGENDA, MATERIALS),
    Form.NETWORK: (PLAN, UNITS, NOTICE, WINDOW, MATERIALS),
    Form.FRONTLINE: (UNITS,),
    Form.MICRO: (),
}
"""Form → what it needs, in the order in which it is done (domain rules §3)."""

ABOUT: dict[str, str] = {
    Form.PLENARY: "全体委员参加，大会发言要事先征集、排定顺序；请假由委员联络室批。",
    Form.STANDING: "常委会围绕一个专题议政，先组调研组实地调研，请党政部门到会听取意见。",
    Form.TOPICAL: "围绕计划里的专题，先调研、后协商，请有关部门到会通报情况、回应意见。",
    Form.COUNTERPART: "专委会和对口部门就一项工作面对面协商。",
    Form.SECTOR: "以一个界别的委员为主，反映本界别群众的意见。",
    Form.PROPOSAL: "提案者和承办单位一起商量怎么办，请在背景里写明是哪几件提案。",
    Form.NETWORK: "网上开一段时间，大家提意见、表态；要在“网络议政”里设好问题和起止时间。",
    Form.FRONTLINE: "在现场和群众一起商量，写清地点和参加各方就行。",
    Form.MICRO: "工作室的小范围协商，商量什么、谁参加、商量成什么、哪一天，四项就够。",
}


def told() -> list[tuple[str, str, list[str]]]:
    """Every form in words: its name, what it is, what it needs before it is held."""
    return [(str(form.label), ABOUT[form], [LABELS[code] for code in NEEDS[form]]) for form in Form]


@dataclass(frozen=True)
class Need:
    """One line of the list: what, whether it is there, and in words how far it is."""

    code: str
    label: str
    done: bool
    note: str = ""
    due: date | None = None
    met_on: date | None = None
    deadline: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Seen:
    """What the page has read already: so the list costs no query."""

    team: int
    visits: tuple[int, int]
    units: int
    files: int
    speakers: list[Any]
    deadlines: Iterable[Any]
    has_window: bool


def needs_of(row: Consultation, seen: Seen) -> list[Need]:
    """The lines of one session, in order."""
    by_kind = {one.kind: one for one in seen.deadlines if one.kind in terms.BEFORE}
    return [_line(code, row, seen, by_kind) for code in NEEDS[row.form]]


def _line(code: str, row: Consultation, seen: Seen, by_kind: dict[str, Any]) -> Need:
    speaking = seen.speakers
    papers = [one for one in speaking if one.member_id and not one.given]
    done, note = {
        PLAN: (bool(row.work_plan.strip()), ""),
        TEAM: (seen.team > 0, f"{seen.team}人" if seen.team else ""),
        VISITS: (seen.visits[0] > 0, f"安排{seen.visits[1]}次，去了{seen.visits[0]}次" if seen.visits[1] else ""),
        UNITS: (seen.units > 0, f"{seen.units}家" if seen.units else ""),
        NOTICE: (row.status != "planned", "已发" if row.status != "planned" else ""),
        MATERIALS: (seen.files > 0, f"{seen.files}份" if seen.files else ""),
        PAPERS: (bool(speaking) and not papers, f"还差{len(papers)}人" if papers else ""),
        SPEAKERS: (bool(speaking), f"{len(speaking)}人" if speaking else ""),
        AGENDA: (bool(row.agenda.strip()), ""),
        WINDOW: (seen.has_window, ""),
    }[code]
    deadline = by_kind.get(code)
    if deadline is None:
        return Need(code, LABELS[code], done, note)
    done = done or deadline.met_on is not None
    return Need(code, LABELS[code], done, note, deadline.due, deadline.met_on, deadline)
