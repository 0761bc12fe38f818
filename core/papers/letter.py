"""Official letters 信函 as GB/T 9704—2012 sets them: a Word file, and sheets of A4 for the screen and the printer.

Red name and double red rules on page 1, which bears no number; body in 3号仿宋, 22 lines of 28
characters a page; the result class 办理结果分类 stands top right. Licensed fonts are named with
nothing bundled: the reader's machine brings them or its own.
"""

import io
from dataclasses import dataclass, field, replace
from datetime import date

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Mm, Pt

from core.papers.typeset import (
    FANGSONG,
    HEI,
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
    set_page(document)
    _first_head(document, letter)
    _first_foot(document)
    number_pages(document)
    paragraph(document, letter.document_no, align=WD_ALIGN_PARAGRAPH.RIGHT)
    paragraph(document, "")
    for line in letter.title:
        paragraph(document, line, font=SONG_TITLE, size=22, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Pt(33))
    paragraph(document, "")
    paragraph(document, letter.to)
    for block in letter.blocks:
        paragraph(
            document, block.text, font=HEI if block.kind == "h" else FANGSONG, indent=True, keep=block.kind == "h"
        )
    paragraph(document, "")
    paragraph(document, "")
    day = (
        f"{letter.signed_on.year}年{letter.signed_on.month}月{letter.signed_on.day}日"
        if letter.signed_on
        else "年　月　日"
    )
    _signature(document, letter.org, day)
    if letter.contact:
        paragraph(document, letter.contact, indent=True)
    if letter.copies:
        _imprint(document, letter.copies)
    speak_chinese(document)
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


def _first_head(document, letter: Letter) -> None:
    """Class top right, the name in red 30 mm from the top, a thick and a thin red rule of 170 mm."""
    head = document.sections[0].first_page_header
    mark = head.paragraphs[0]
    style(mark, letter.mark or "　", font=HEI, size=16, align=WD_ALIGN_PARAGRAPH.RIGHT, spacing=Mm(12))
    name = head.add_paragraph()
    style(name, letter.org, font=SONG_TITLE, size=28, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=Mm(14), colour=RED)
    red_rule(name, "bottom", "thickThinMediumGap", Mm(4))


def _first_foot(document) -> None:
    """The double rule 20 mm from the foot of page 1, which bears no number."""
    first = document.sections[0].first_page_footer.paragraphs[0]
    style(first, "", size=1, spacing=Pt(2))
    red_rule(first, "top", "thinThickMediumGap", Emu(0))


def _signature(document, org: str, day: str) -> None:
    """Name centred over the date, the date four characters from the right edge."""
    size = Pt(16)
    beyond = (len(org) - width(day)) / 2
    for text, blank in ((org, max(0.0, 4 - beyond)), (day, max(4.0, beyond))):
        line = paragraph(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        line.paragraph_format.right_indent = int(size * blank)


def _imprint(document, copies: str) -> None:
    """The copies 抄送 in 4号 between rules at the end."""
    paragraph(document, "")
    line = document.add_paragraph()
    style(line, f"抄送：{copies}", size=14, spacing=Pt(24))
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(56), Pt(-42)
    line.paragraph_format.right_indent = Pt(14)
