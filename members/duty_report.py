"""The yearly report 年度履职报告 of a member, drafted from his duty file as a Word document for him to finish and sign."""

import io
from collections import Counter
from typing import Any
from urllib.parse import quote

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from core.papers.typeset import FANGSONG, HEI, SONG_TITLE, speak_chinese
from core.site import site
from core.templatetags.frame import cn_day
from members.duty_file import DutyFile, HeadingView, plain
from members.duty_paper import put_line
from members.models import Member

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMBERS = "一二三四五六七八九十"
NAMED = 6
"""Occasions of one heading that are named; the duty file has them all."""


def disposition(member: Member, year: int) -> str:
    """The header that names the file 年度履职报告_姓名_2026.docx."""
    return f"attachment; filename*=UTF-8''{quote(f'年度履职报告_{member.name}_{year}.docx')}"


def write(member: Member, file: DutyFile) -> bytes:
    """The draft: what the ledger proves heading by heading, then room for what no ledger knows."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    put_line(document, f"{file.year}年度履职报告", SONG_TITLE, 22, CENTER)
    put_line(document, f"{member.name}　{member.sector or ''}　{member.post}", FANGSONG, 14, CENTER)
    _text(document, f"{file.year}年，本人按照政协章程和委员履职办法参加了以下工作，现报告如下。")
    done = [view for view in file.headings if view.lines]
    for number, view in enumerate(done):
        put_line(document, f"{NUMBERS[number % 10]}、{view.heading.label}", HEI, 14, LEFT, before=10)
        _text(document, said(view))
    put_line(document, f"{NUMBERS[len(done) % 10]}、体会和不足", HEI, 14, LEFT, before=10)
    _text(document, "（请写今年履职的体会、存在的不足和明年的打算。）")
    put_line(document, f"报告人：{member.name}　　　　　", FANGSONG, 14, RIGHT, before=18)
    put_line(document, f"{file.year}年　月　日　　　", FANGSONG, 14, RIGHT)
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


def _text(document: Any, words: str) -> None:
    put_line(document, f"　　{words}", FANGSONG, 14, LEFT)
