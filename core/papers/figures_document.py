"""The yearly report's figures as a Word file (年度工作数据)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from core.papers.figures import Figure
from core.papers.typeset import FANGSONG, HEI, SONG_TITLE, repeat_row


def as_document(year: int, figures: Iterable[Figure]) -> bytes:
    """The figures as a Word file: a title and one table, A4 with the margins of official papers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(title, f"{year}年工作数据", SONG_TITLE, 22)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    widths = (Mm(16), Mm(104), Mm(36))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # the grid, by which some programs lay a table out whatever its cells say
    _row(table.rows[0], ("序号", "项目", "数值"), widths, HEI)
    # A heading that is repeated on each page, so that a long table stays readable.
    repeat_row(table.rows[0])
    for number, figure in enumerate(figures, start=1):
        _row(table.add_row(), (str(number), figure.label, figure.shown), widths, FANGSONG)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _row(row: Any, texts: Sequence[str], widths: Sequence[Length], font: str) -> None:
    sides = (WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT)
    for cell, text, width, side in zip(row.cells, texts, widths, sides, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        _write(paragraph, text, font, 12)


def _write(paragraph: Any, text: str, font: str, size: int) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
