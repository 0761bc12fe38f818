"""A duty file 履职档案 as a Word document: base data, points by heading, and every row that stands behind them."""

import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt

from core.papers.typeset import FANGSONG, HEI, SONG_TITLE, keep_row, repeat_row, speak_chinese, style
from core.templatetags.frame import cn_date, cn_day
from members.duty.file import DutyFile, HeadingView, plain
from members.models import Member

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def disposition(member: Member, year: int) -> str:
    """The header that names the file 履职档案_姓名_2026.docx."""
    return f"attachment; filename*=UTF-8''{quote(f'履职档案_{member.name}_{year}.docx')}"


def write(member: Member, file: DutyFile, posts: Sequence[tuple[str, str]]) -> bytes:
    """The document; A4 with the margins of official papers, headings of tables repeated on each page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    section.left_margin, section.right_margin = Mm(26), Mm(24)
    put_line(document, "委员履职档案", SONG_TITLE, 22, CENTER)
    closed = "，已封存" if file.closed else f"，记到{cn_date(timezone.localdate())}"
    put_line(document, f"{file.year}年{closed}", FANGSONG, 14, CENTER)
    _base(document, member, file, posts)
    if file.headings:
        put_line(document, "一、各项得分", HEI, 14, LEFT, before=12)
        _points(document, file)
        put_line(document, "二、凭据", HEI, 14, LEFT, before=12)
        for view in file.headings:
            _evidence(document, view)
    speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _base(document: Any, member: Member, file: DutyFile, posts: Sequence[tuple[str, str]]) -> None:
    rows = [
        ("姓名", member.name),
        ("委员编号", member.code),
        ("界别", str(member.sector or "")),
        ("工作单位及职务", member.post),
        ("专委会", str(member.committee or "没有编入")),
        ("工作室", str(member.studio or "没有编入")),
        *posts,
    ]
    if file.headings:
        rows.append(("得分和等次", f"{plain(file.points)}分，{file.band}"))
    widths = (Mm(38), Mm(122))
    table = _table(document, widths)
    for label, text in rows:
        _row(table.add_row(), (label, text), widths, (HEI, FANGSONG), (LEFT, LEFT))


def _points(document: Any, file: DutyFile) -> None:
    widths, sides = (Mm(70), Mm(30), Mm(30), Mm(30)), (LEFT, RIGHT, RIGHT, RIGHT)
    table = _table(document, widths)
    _head(table, ("项目", "上限", "加分上限", "得分"), widths, sides)
    for view in file.headings:
        texts = (view.heading.label, plain(view.heading.cap), plain(view.heading.bonus), plain(view.part.points))
        _row(table.add_row(), texts, widths, (FANGSONG,) * 4, sides)
    _row(table.add_row(), ("合计", "100", "", plain(file.points)), widths, (HEI,) * 4, sides)


def _evidence(document: Any, view: HeadingView) -> None:
    label = f"{view.heading.label}（{plain(view.part.points)}分）"
    put_line(document, label, FANGSONG, 12, LEFT, before=6, keep=True)
    if not view.lines:
        put_line(document, "没有记录。", FANGSONG, 12, LEFT)
        return
    widths, sides = (Mm(30), Mm(112), Mm(18)), (LEFT, LEFT, RIGHT)
    table = _table(document, widths)
    _head(table, ("日期", "事项", "分"), widths, sides)
    for line in view.lines:
        texts = (cn_day(line.entry.on), f"{line.label}　{line.entry.summary}", plain(line.points))
        _row(table.add_row(), texts, widths, (FANGSONG,) * 3, sides)
    if view.hidden:
        put_line(document, f"另有{view.hidden}条，见履职台账。", FANGSONG, 12, LEFT)
    for note in view.notes:
        put_line(document, note, FANGSONG, 12, LEFT)


def _table(document: Any, widths: Sequence[Length]) -> Any:
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def _head(table: Any, texts: Sequence[str], widths: Sequence[Length], sides: Sequence[Any]) -> None:
    row = table.add_row()
    _row(row, texts, widths, (HEI,) * len(texts), sides)
    repeat_row(row)


def _row(row: Any, texts: Sequence[str], widths: Sequence[Length], fonts: Sequence[str], sides: Sequence[Any]) -> None:
    # A row that breaks over two pages is hard to read.
    keep_row(row)
    for cell, text, width, font, side in zip(row.cells, texts, widths, fonts, sides, strict=True):
        cell.width = width
        style(cell.paragraphs[0], text, font=font, size=12, align=side, spacing=Pt(18))


def put_line(document: Any, text: str, font: str, size: int, side: Any, *, before: int = 0, keep: bool = False) -> None:
    """One paragraph in a face of official papers; ``before`` in points."""
    line = document.add_paragraph()
    style(line, text, font=font, size=size, align=side, spacing=Pt(size * 1.6))
    shape = line.paragraph_format
    shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(4), keep or font == HEI
