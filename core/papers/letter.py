"""Official letters 信函 as GB/T 9704—2012 sets them: a Word file, and sheets of A4 for the screen and the printer.

Red name and double red rules on page 1, which bears no number; body in 3号仿宋, 22 lines of 28
characters a page; the result class 办理结果分类 stands top right. Licensed fonts are named with
nothing bundled: the reader's machine brings them or its own.
"""

import io
from dataclasses import dataclass, field, replace
from datetime import date

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Mm, Pt, RGBColor

SONG_TITLE, FANGSONG, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
RED = "CC0000"
LINE = Pt(29)
CHARS = 27
"""Characters in a line of the screen's sheets: 156 mm hold 27 whole ones at 16 pt."""
LINES = 22
FIRST_TOP_LINES = 8
END_LINES = 8
"""Lines that signature, contact and the copies at the foot need."""


@dataclass(frozen=True)
class Block:
    """One heading ("h") or paragraph ("p"); ``cont`` goes on from the page before, ``cut`` goes on to the next."""

    kind: str
    text: str
    cont: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Letter:
    """One letter: who writes, its number and class, title lines, addressee, body, signature, copies."""

    org: str
    title: tuple[str, ...]
    to: str
    blocks: tuple[Block, ...]
    document_no: str = ""
    mark: str = ""
    signed_on: date | None = None
    contact: str = ""
    copies: str = ""


@dataclass(frozen=True)
class Sheet:
    """One page of A4 as the screen draws it."""

    number: int
    blocks: list[Block] = field(default_factory=list)
    first: bool = False
    last: bool = False


def sheets(letter: Letter) -> list[Sheet]:
    """The letter cut into pages, by counting characters; a page that holds a little more grows."""
    title_lines = sum(-(-len(line) // 20) for line in letter.title)
    room = LINES - FIRST_TOP_LINES - title_lines
    pages: list[list[Block]] = [[]]
    for block in letter.blocks:
        rest = block
        while (need := _lines(rest)) > room:
            head, rest = _cut(rest, room)
            if head is not None:
                pages[-1].append(head)
            pages.append([])
            room = LINES
        pages[-1].append(rest)
        room -= need
    if room < END_LINES:
        moved = [pages[-1].pop()] if len(pages[-1]) > 1 else []
        pages.append(moved)
    last = len(pages)
    return [Sheet(at, blocks, at == 1, at == last) for at, blocks in enumerate(pages, 1)]


def write(letter: Letter) -> bytes:
    """The letter as a Word file."""
    document = Document()
    _page(document)
    _first_head(document, letter)
    _foot(document)
    _paragraph(document, letter.document_no, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, "")
    for line in letter.title:
        _paragraph(document, line, font=SONG_TITLE, size=22, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Pt(33))
    _paragraph(document, "")
    _paragraph(document, letter.to)
    for block in letter.blocks:
        _paragraph(
            document, block.text, font=HEI if block.kind == "h" else FANGSONG, indent=True, keep=block.kind == "h"
        )
    _paragraph(document, "")
    _paragraph(document, "")
    day = (
        f"{letter.signed_on.year}年{letter.signed_on.month}月{letter.signed_on.day}日"
        if letter.signed_on
        else "年　月　日"
    )
    _signature(document, letter.org, day)
    if letter.contact:
        _paragraph(document, letter.contact, indent=True)
    if letter.copies:
        _imprint(document, letter.copies)
    _speak_chinese(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lines(block: Block) -> int:
    indent = 0 if block.cont else 2
    return max(1, -(-(len(block.text) + indent) // CHARS))


def _cut(block: Block, room: int) -> tuple[Block | None, Block]:
    """What of a block still fits into ``room`` lines, and what goes on; headings and scraps move whole."""
    if block.kind == "h" or room < 2:
        return None, block
    at = room * CHARS - (0 if block.cont else 2)
    return replace(block, text=block.text[:at], cut=True), replace(block, text=block.text[at:], cont=True)


def _page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(18), Mm(20)
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    normal = document.styles["Normal"]
    normal.font.size = Pt(16)
    _font(normal.element.get_or_add_rPr(), FANGSONG)


def _first_head(document, letter: Letter) -> None:
    """Class top right, the name in red 30 mm from the top, a thick and a thin red rule of 170 mm."""
    head = document.sections[0].first_page_header
    mark = head.paragraphs[0]
    _style(mark, letter.mark or "　", font=HEI, size=16, align=WD_ALIGN_PARAGRAPH.RIGHT, spacing=Mm(12))
    name = head.add_paragraph()
    _style(name, letter.org, font=SONG_TITLE, size=28, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Mm(14), colour=RED)
    _rule(name, "bottom", "thickThinMediumGap", Mm(4))


def _foot(document) -> None:
    """Page 1: double rule 20 mm from the foot, no number; then numbers, odd right and even left."""
    section = document.sections[0]
    first = section.first_page_footer.paragraphs[0]
    _style(first, "", size=1, spacing=Pt(2))
    _rule(first, "top", "thinThickMediumGap", Emu(0))
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        _run(line, "— ", SONG, 14)
        run = _run(line, "", SONG, 14)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            if kind:
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
            else:
                part = OxmlElement("w:instrText")
                part.text = text
            run._r.append(part)
        _run(line, " —", SONG, 14)


def _paragraph(document, text: str, *, font=FANGSONG, size=16, align=None, spacing=LINE, indent=False, keep=False):
    paragraph = document.add_paragraph()
    _style(paragraph, text, font=font, size=size, align=align, spacing=spacing)
    if indent:
        ind = paragraph._p.get_or_add_pPr().get_or_add_ind()
        ind.set(qn("w:firstLineChars"), "200")
        ind.set(qn("w:firstLine"), str(size * 2 * 20))
    paragraph.paragraph_format.keep_with_next = keep
    return paragraph


def _signature(document, org: str, day: str) -> None:
    """Name centred over the date, the date four characters from the right edge."""
    size = Pt(16)
    beyond = (len(org) - _width(day)) / 2
    for text, blank in ((org, max(0.0, 4 - beyond)), (day, max(4.0, beyond))):
        line = _paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = int(size * blank)


def _width(text: str) -> float:
    """Width in characters: digits count half."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _imprint(document, copies: str) -> None:
    """The copies 抄送 in 4号 between rules at the end."""
    _paragraph(document, "")
    line = document.add_paragraph()
    _style(line, f"抄送：{copies}", size=14, spacing=Pt(24))
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(56), Pt(-42)
    line.paragraph_format.right_indent = Pt(14)


def _style(paragraph, text: str, *, font=FANGSONG, size=16, align=None, spacing=LINE, colour="") -> None:
    paragraph.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, spacing
    run = _run(paragraph, text, font, size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _run(paragraph, text: str, font: str, size: float):
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _font(run._r.get_or_add_rPr(), font)
    return run


def _font(properties, name: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), name)


def _rule(paragraph, side: str, kind: str, gap: Length) -> None:
    """A double red rule of 170 mm: 8 mm beyond the left and 6 mm beyond the right of the text."""
    shape = paragraph.paragraph_format
    shape.left_indent, shape.right_indent = Mm(-8), Mm(-6)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", "24"), ("space", str(min(31, int(gap.pt)))), ("color", RED)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _speak_chinese(document) -> None:
    """Mark each run as Chinese, or some programs set the commas mid-cell."""
    section = document.sections[0]
    parts = (document.element, section.first_page_header._element, section.first_page_footer._element)
    for part in (*parts, section.footer._element, section.even_page_footer._element):
        for run in part.iter(qn("w:r")):
            properties = run.find(qn("w:rPr"))
            if properties is None:
                continue
            language = OxmlElement("w:lang")
            language.set(qn("w:val"), "en-US")
            language.set(qn("w:eastAsia"), "zh-CN")
            properties.append(language)
