"""The yearly report 年度履职报告 of a member: drafted from his duty file, and set as a Word document to be signed."""

import io
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from core.papers.typeset import FANGSONG, HEI, SONG_TITLE, speak_chinese
from core.site import site
from core.templatetags.frame import cn_date, cn_day
from members.duty.file import DutyFile, HeadingView, plain
from members.duty.paper import put_line
from members.models import DutyReport, Member

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMBERS = "一二三四五六七八九十"
HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
LONGEST_HEADING = 25
NAMED = 6
"""Occasions of one heading that are named; the duty file has them all."""


def disposition(member: Member, year: int) -> str:
    """The header that names the file 年度履职报告_姓名_2026.docx."""
    return f"attachment; filename*=UTF-8''{quote(f'年度履职报告_{member.name}_{year}.docx')}"


def draft(file: DutyFile) -> str:
    """What the ledger proves, heading by heading, as text to be finished."""
    parts = [f"{file.year}年，本人按照政协章程和委员履职办法参加了以下工作，现报告如下。"]
    for number, view in enumerate(view for view in file.headings if view.lines):
        parts += [f"{NUMBERS[number % 10]}、{view.heading.label}", said(view)]
    return "\n".join(parts)


def write(member: Member, file: DutyFile, report: DutyReport | None = None) -> bytes:
    """The paper: what the member wrote, else the draft with room for what no ledger knows."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    put_line(document, f"{file.year}年度履职报告", SONG_TITLE, 22, CENTER)
    put_line(document, f"{member.name}　{member.sector or ''}　{member.post}", FANGSONG, 14, CENTER)
    _lines(document, (report and report.done) or draft(file))
    put_line(document, "体会和不足", HEI, 14, LEFT, before=10)
    _lines(document, (report and report.gains) or "（请写今年履职的体会和存在的不足。）")
    if report is None or report.plans:
        put_line(document, "明年打算", HEI, 14, LEFT, before=10)
        _lines(document, report.plans if report else "（请写明年的打算。）")
    put_line(document, f"报告人：{member.name}　　　　　", FANGSONG, 14, RIGHT, before=18)
    signed = report.handed_in_on if report else None
    put_line(document, f"{cn_date(signed) or f'{file.year}年　月　日'}　　　", FANGSONG, 14, RIGHT)
    put_line(document, f"报送：{site().organiser_short}委员联络室", FANGSONG, 12, LEFT, before=12)
    speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def said(view: HeadingView) -> str:
    """One heading in a sentence: how often what was done, and the occasions by name."""
    standing = [line for line in view.lines if line.entry.quantity > 0 and not line.entry.reverses_id]
    counts = Counter(line.label for line in standing)
    often = "，".join(f"{label}{count}次" for label, count in counts.items())
    named = [f"{cn_day(line.entry.on)}{line.entry.summary}" for line in sorted(standing, key=lambda row: row.entry.on)]
    more = f"等{len(named)}项" if len(named) > NAMED else ""
    return f"{often}，计{plain(view.part.points)}分。其中有：{'；'.join(named[:NAMED])}{more}。"


def lines(text: str) -> list[tuple[bool, str]]:
    """Typed text line by line, each with whether it is a heading: a short line that is numbered 一、."""
    found = filter(None, (part.strip() for part in text.splitlines()))
    return [(bool(HEADING.match(line)) and len(line) <= LONGEST_HEADING, line) for line in found]


def _lines(document: Any, text: str) -> None:
    for is_heading, line in lines(text):
        if is_heading:
            put_line(document, line, HEI, 14, LEFT, before=10)
        else:
            put_line(document, f"　　{line}", FANGSONG, 14, LEFT)
