"""Papers of a session as Word files: the agenda with its speaking list, and the minutes 会议纪要, set as official papers."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from consultations.models import Consultation, Speech
from core import site
from core.papers import typeset
from core.papers.typeset import HEI, KAI, SONG_TITLE, paragraph
from members.activities.effects import when_and_where
from members.models import Attendance

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMERALS = "一二三四五六七八九十"
NAMES_AT_MOST = 400


def agenda(row: Consultation) -> bytes:
    """Agenda and speaking list, to be laid on the table."""
    document = _begin(row.title, f"{row.get_form_display()}议程")
    _line(document, "时间", when_and_where(_without_place(row)))
    _line(document, "地点", row.place or "另告")
    _line(document, "承办", row.organizer.name if row.organizer else "政协机关")
    speakers = _speakers(row)
    parts = [("议程", [f"{number}．{text}" for number, text in enumerate(_lines(row.agenda), 1)])]
    minutes = sum(one.minutes or 0 for one in speakers)
    heading = f"发言顺序（{len(speakers)}人{f'，共{minutes}分钟' if minutes else ''}）"
    parts.append((heading, [f"{number}．{_speaker(one)}" for number, one in enumerate(speakers, 1)]))
    _parts(document, parts)
    return _finish(document)


def minutes(row: Consultation) -> bytes:
    """The minutes: when, who was there, what was said, what was agreed."""
    document = _begin(row.title, f"{row.get_form_display()}会议纪要")
    paragraph(
        document,
        f"{when_and_where(row)}，{_who(row)}召开{row.get_form_display()}，围绕“{row.title}”进行协商。",
        indent=True,
    )
    parts: list[tuple[str, list[str]]] = [("出席情况", _attendance(row))]
    said = [
        f"{_speaker(one)}" for one in _speakers(row) if not one.dropped
    ]  # fmt: skip
    parts.append(("会上发言", [f"{number}．{text}" for number, text in enumerate(said, 1)]))
    written = row.speeches.filter(way=Speech.Way.WRITTEN).select_related("member").defer("text")
    parts.append(("书面意见", [_speaker(one) for one in written]))
    parts.append(("会议记录", _lines(row.minutes)))
    parts.append(("形成的共识", _lines(row.consensus)))
    _parts(document, parts)
    if row.suggestions_count is not None:
        paragraph(document, f"会议共提出意见建议{row.suggestions_count}条。", indent=True)
    paragraph(document, "")
    paragraph(document, f"{site.site().organiser}　　", align=RIGHT, keep=True)
    paragraph(document, f"{row.on.year}年{row.on.month}月{row.on.day}日　　　　", align=RIGHT)
    return _finish(document)


def _begin(title: str, kind: str) -> Any:
    document = Document()
    typeset.set_page(document)
    typeset.number_pages(document)
    paragraph(document, f"《{title}》", font=SONG_TITLE, size=22, align=CENTRE, spacing=Pt(36))
    paragraph(document, kind, font=SONG_TITLE, size=22, align=CENTRE, spacing=Pt(36))
    paragraph(document, "")
    return document


def _line(document: Any, label: str, text: str) -> None:
    made = paragraph(document, f"{label}：", font=HEI, indent=True)
    typeset.add_run(made, text, typeset.FANGSONG, 16)


def _parts(document: Any, parts: list[tuple[str, list[str]]]) -> None:
    """Numbered parts; one without anything is left out."""
    number = 0
    for title, texts in parts:
        if not texts:
            continue
        paragraph(document, f"{NUMERALS[number]}、{title}", font=HEI, indent=True, keep=True)
        number += 1
        for text in texts:
            head, _, rest = text.partition("\t")
            made = paragraph(document, head, font=KAI if rest else typeset.FANGSONG, indent=True)
            if rest:
                typeset.add_run(made, rest, typeset.FANGSONG, 16)


def _finish(document: Any) -> bytes:
    typeset.speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _speakers(row: Consultation) -> list[Speech]:
    return list(row.speeches.on_the_list().select_related("member").defer("text"))


def _speaker(one: Speech) -> str:
    post = f"（{one.member.post}）" if one.member is not None and one.member.post else ""
    title = f"　《{one.title}》" if one.title else ""
    return f"{one.speaker}{post}{title}{f'　{one.minutes}分钟' if one.minutes else ''}"


def _attendance(row: Consultation) -> list[str]:
    """Who was there of the members and of the units; who had leave."""
    found = []
    if row.activity:
        people = row.activity.attendances.select_related("member").order_by("member__code")
        states: dict[str, list[str]] = {}
        for one in people[: NAMES_AT_MOST * 2]:
            states.setdefault(one.state, []).append(one.member.name)
        State = Attendance.State  # noqa: N806
        for state, label in ((State.PRESENT, "出席委员"), (State.ON_LEAVE, "请假委员")):
            if names := states.get(state, []):
                shown = "、".join(names[:NAMES_AT_MOST])
                found.append(f"{label}（{len(names)}人）：\t{shown}。")
    sent = row.delegations.filter(comes=True).select_related("unit")
    if units := "；".join(f"{one.unit}{one.people}" for one in sent):
        found.append(f"到会单位：\t{units}。")
    if row.parties:
        found.append(f"其他各方：\t{row.parties}。")
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _who(row: Consultation) -> str:
    return row.organizer.name if row.organizer else "区政协"


def _without_place(row: Consultation) -> Any:
    return Consultation(on=row.on, starts_at=row.starts_at, ends_at=row.ends_at)
