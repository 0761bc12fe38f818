"""An outcome as a Word file 成果文稿 in the layout of official papers (GB/T 9704—2012).

A formal proposal paper, report or brief bears the red name, its number and a red rule, the title, which
meeting passed it, to whom it goes, the text, the suggestions in order, the signature, and the imprint with
the copies. Minutes 纪要 bear their own name in red, no addressee, and at the end who was there.
"""

import io
from datetime import date

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from consultations.models import Consultation, Outcome
from core import site
from core.papers.typeset import (
    HEI,
    KAI,
    RED,
    SONG_TITLE,
    number_pages,
    paragraph,
    red_rule,
    set_page,
    speak_chinese,
    style,
    width,
)
from members.models import Attendance

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMERALS = "〇一二三四五六七八九"
Kind = Outcome.Kind


def chinese(number: int) -> str:
    """A number up to ninety-nine as headings count: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def as_document(outcome: Outcome) -> bytes:
    """The paper as bytes of a Word file; a draft says so at its head and bears no number and date."""
    session, who = outcome.consultation, site.site()
    minutes = outcome.kind == Kind.MINUTES
    document = Document()
    set_page(document)
    number_pages(document)
    if outcome.status == Outcome.Status.DRAFT:
        head = document.sections[0].first_page_header.paragraphs[0]
        style(head, "草稿　未经核定", font=HEI, size=16, spacing=Mm(10))
    _head(document, outcome, who.organiser_short)
    paragraph(document, "")
    paragraph(document, outcome.title, font=SONG_TITLE, size=22, align=CENTRE, spacing=Pt(33), keep=True)
    if outcome.approval:
        paragraph(document, f"（{outcome.approval}）", font=KAI, align=CENTRE, keep=True)
    paragraph(document, "")
    if outcome.sent_to and not minutes:
        paragraph(document, f"{outcome.sent_to}：")
    for line in _lines(outcome.text):
        paragraph(document, line, indent=True)
    suggestions = list(outcome.suggestions.values_list("text", flat=True))
    if suggestions:
        paragraph(
            document, "为此，提出以下意见建议：" if outcome.text.strip() else "意见建议如下：", indent=True, keep=True
        )
        for place, text in enumerate(suggestions, 1):
            paragraph(document, f"{chinese(place)}、{text}", indent=True)
    if minutes:
        _present(document, session)
    _signature(document, who.organiser_short, outcome.sent_on)
    _imprint(document, outcome, who.organiser)
    speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _head(document, outcome: Outcome, organiser: str) -> None:
    """The name in red, the number centred under it, a red rule as wide as the text 4 mm below."""
    names: dict[str, str] = {Kind.MINUTES: "协商纪要", Kind.BRIEF: "协商专报", Kind.DIGEST: "意见建议汇编"}
    name = names.get(outcome.kind)
    if name:
        top = document.add_paragraph()
        style(top, name, font=SONG_TITLE, size=40, align=CENTRE, spacing=Pt(64), colour=RED)
        line = paragraph(document, outcome.document_no or organiser, align=CENTRE)
    else:
        top = document.add_paragraph()
        size = min(36, int(442 / max(1.0, width(f"{organiser}文件"))))
        style(top, f"{organiser}文件", font=SONG_TITLE, size=size, align=CENTRE, spacing=Pt(64), colour=RED)
        paragraph(document, "")
        line = paragraph(document, outcome.document_no or "〔　　　　〕　　号", align=CENTRE)
    red_rule(line, "bottom", "single", Pt(11), beyond=(0, 0))


def _present(document, session: Consultation) -> None:
    """At the end of minutes: who was there, and which units."""
    paragraph(document, "")
    names = []
    if session.activity_id:
        came = Attendance.objects.filter(activity=session.activity_id, state=Attendance.State.PRESENT)
        names = list(came.order_by("member__code").values_list("member__name", flat=True))
    rows = [("出席", "、".join(names)), ("列席", "、".join([*map(str, session.units.all()), *_parties(session)]))]
    for label, text in rows:
        if text:
            made = paragraph(document, f"{label}：", font=HEI, indent=True)
            run = made.add_run(text)
            run.font.size = Pt(16)


def _parties(session: Consultation) -> list[str]:
    known = {str(unit) for unit in session.units.all()} | {unit.name for unit in session.units.all()}
    return [part for part in session.parties.replace("，", "、").split("、") if part and part not in known]


def _signature(document, name: str, on: date | None) -> None:
    """Name centred over the date, the date four characters from the right edge."""
    day = f"{on.year}年{on.month}月{on.day}日" if on else "年　月　日"
    paragraph(document, "")
    paragraph(document, "")
    beyond = (len(name) - width(day)) / 2
    for text, blank in ((name, max(0.0, 4 - beyond)), (day, max(4.0, beyond))):
        line = paragraph(document, text, align=RIGHT, keep=text == name)
        line.paragraph_format.right_indent = int(Pt(16) * blank)


def _imprint(document, outcome: Outcome, office: str) -> None:
    """The copies 抄送 and who printed it when, in 4号 between rules at the end."""
    paragraph(document, "")
    rows = [f"抄送：{outcome.copies_to}"] if outcome.copies_to else []
    printed = f"{outcome.sent_on.year}年{outcome.sent_on.month}月{outcome.sent_on.day}日印发" if outcome.sent_on else ""
    rows.append(f"{office}\t{printed}")
    for place, text in enumerate(rows):
        line = document.add_paragraph()
        style(line, text, size=14, spacing=Pt(24), align=WD_ALIGN_PARAGRAPH.LEFT)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(146), 2)  # 2: right
        _rules(line, top=True, bottom=place == len(rows) - 1)


def _rules(line, *, top: bool, bottom: bool) -> None:
    """Black rules above and below a line of the imprint."""
    borders = OxmlElement("w:pBdr")
    for side in [name for name, on in (("top", top), ("bottom", bottom)) if on]:
        rule = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
