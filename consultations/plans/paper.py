"""The plan as a document 年度协商计划: the same lines for the printable page and for the Word file (GB/T 9704)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from consultations.models import AnnualPlan, Consultation, PlanItem, PlanStatus
from core import site
from core.papers import typeset
from core.papers.typeset import FANGSONG, HEI, SONG_TITLE, paragraph
from core.templatetags.frame import cn_date

CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
HEADS = ("序号", "议题", "形式", "时间", "领衔领导", "承办、责任部门", "参加")
WIDTHS = (10, 42, 20, 14, 18, 30, 22)
"""Millimetres of the columns, 156 in all."""
FORMS = dict(Consultation.Form.choices)


@dataclass(frozen=True)
class Line:
    """One row of the plan's table, in words."""

    number: int
    topic: str
    form: str
    month: str
    leader: str
    units: str
    partners: str


@dataclass(frozen=True)
class Paper:
    """What the document says: title, remark under it, opening words, table, who signs and when."""

    title: tuple[str, str]
    mark: str
    opening: str
    lines: list[Line]
    closing: list[str]
    signed: str
    on: date | None


def paper(plan: AnnualPlan, items: list[PlanItem]) -> Paper:
    """The document of a plan as it stands: a draft says so, an issued one bears its number."""
    standing = [item for item in items if item.dropped_on is None]
    lines = [_line(number, item) for number, item in enumerate(standing, 1)]
    organiser = site.site().organiser
    kinds = len({item.form for item in standing})
    opening = f"根据《中国人民政治协商会议章程》关于制定年度协商计划的规定，{plan.year}年安排协商议题{len(lines)}个、形式{kinds}种，具体如下。"
    closing = [
        "承办专委会会同责任部门制定工作方案，协商前做好调研视察，按计划的时间组织实施。",
        "责任部门按时提供情况，研究采纳协商意见，并把采纳和落实情况反馈区政协。",
        "计划执行中需要调整的，由区政协主席会议研究，按程序报批。",
    ]
    marks = {PlanStatus.REVIEWED: "（送审稿）", PlanStatus.COLLECTING: "（草案）", PlanStatus.DRAFTING: "（草案）"}
    mark = plan.document_no or marks.get(PlanStatus(plan.status), "")
    return Paper((organiser, f"{plan.year}年度协商计划"), mark, opening, lines, closing, organiser, plan.issued_on)


def _line(number: int, item: PlanItem) -> Line:
    leads = [str(one) for one in (item.body, *item.units.all()) if one]
    partners = [str(one) for one in (*item.partner_bodies.all(), *item.partner_units.all())]
    if item.participants:
        partners.append(item.participants)
    return Line(
        number, item.topic, FORMS.get(item.form, item.form), f"{item.month}月" if item.month else "待定", item.leader,
        "、".join(leads), "、".join(partners),
    )  # fmt: skip


def as_document(told: Paper) -> bytes:
    """The document as a Word file."""
    document = Document()
    typeset.set_page(document)
    typeset.number_pages(document)
    for line in told.title:
        paragraph(document, line, font=SONG_TITLE, size=22, align=CENTRE, spacing=Pt(36))
    paragraph(document, told.mark, align=CENTRE)
    paragraph(document, "")
    paragraph(document, told.opening, indent=True)
    paragraph(document, "一、协商议题", font=HEI, indent=True, keep=True)
    _table(document, told.lines)
    paragraph(document, "二、工作要求", font=HEI, indent=True, keep=True)
    for number, text in enumerate(told.closing, 1):
        paragraph(document, f"{number}．{text}", indent=True)
    paragraph(document, "")
    paragraph(document, f"{told.signed}　　", align=RIGHT, keep=True)
    day = f"{told.on.year}年{told.on.month}月{told.on.day}日" if told.on else "　　年　月　日"
    paragraph(document, f"{day}　　　　", align=RIGHT)
    typeset.speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document, lines: list[Line]) -> None:
    """The topics in 小四, the heading repeated on each page, no row broken over two pages."""
    table = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0], HEADS, font=HEI)
    typeset.repeat_row(table.rows[0])
    for line in lines:
        values = (str(line.number), line.topic, line.form, line.month, line.leader, line.units, line.partners)
        _fill(table.add_row(), values, font=FANGSONG)
    for row in table.rows:
        typeset.keep_row(row)


def _fill(row, texts, *, font: str) -> None:
    for cell, text, wide in zip(row.cells, texts, WIDTHS, strict=True):
        cell.width = Mm(wide)
        typeset.style(cell.paragraphs[0], text, font=font, size=12, align=WD_ALIGN_PARAGRAPH.LEFT, spacing=Pt(18))


def file_name(plan: AnnualPlan) -> str:
    """The name under which the Word file is saved."""
    return f"{plan.year}年度协商计划{'' if plan.is_published else '（草案）'}.docx"


def amended(plan: AnnualPlan) -> list[str]:
    """The adjustments since the issue, one line each, for the foot of the printable page."""
    return [
        f"{cn_date(row.on)}{row.get_kind_display()}《{row.item}》：{row.reason}"
        for row in plan.amendments.select_related("item").order_by("id")
    ]
