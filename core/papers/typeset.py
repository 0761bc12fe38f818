"""Setting type in Word files 公文排版 as GB/T 9704—2012 asks: page, fonts, rules, numbers.

What python-docx does not know (East Asian fonts, first-line characters, rules, fields) is written as
XML here and nowhere else. Licensed fonts are named with nothing bundled.
"""

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

SONG_TITLE, FANGSONG, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
RED = "CC0000"
LINE = Pt(29)
"""Line height that puts 22 lines on a page."""


def set_page(document) -> None:
    """A4 with the margins of official papers, no line grid, the first page and even pages apart."""
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
    set_font(normal.element.get_or_add_rPr(), FANGSONG)


def number_pages(document) -> None:
    """Numbers in 4号 with dashes, odd right and even left; page 1 bears none."""
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        add_run(line, "— ", SONG, 14)
        run = add_run(line, "", SONG, 14)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            if kind:
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
            else:
                part = OxmlElement("w:instrText")
                part.text = text
            run._r.append(part)
        add_run(line, " —", SONG, 14)


def paragraph(document, text: str, *, font=FANGSONG, size=16, align=None, spacing=LINE, indent=False, keep=False):
    """One paragraph; ``indent`` sets two characters in, ``keep`` holds it to the next one."""
    made = document.add_paragraph()
    style(made, text, font=font, size=size, align=align, spacing=spacing)
    if indent:
        ind = made._p.get_or_add_pPr().get_or_add_ind()
        ind.set(qn("w:firstLineChars"), "200")
        ind.set(qn("w:firstLine"), str(size * 2 * 20))
    made.paragraph_format.keep_with_next = keep
    return made


def width(text: str) -> float:
    """Width in characters: digits count half."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def style(paragraph, text: str, *, font=FANGSONG, size=16, align=None, spacing=LINE, colour="") -> None:
    """Set a paragraph: one run of text, exact line height, no space around."""
    paragraph.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, spacing
    run = add_run(paragraph, text, font, size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def add_run(paragraph, text: str, font: str, size: float):
    """Add a run of text in a font and size (points)."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    set_font(run._r.get_or_add_rPr(), font)
    return run


def set_font(properties, name: str) -> None:
    """Name a font for Latin and Chinese letters alike."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), name)


def red_rule(paragraph, side: str, kind: str, gap: Length, *, beyond: tuple[int, int] = (8, 6)) -> None:
    """A red rule; ``beyond`` are the millimetres by which it outdoes the text: (8, 6) gives 170 mm."""
    shape = paragraph.paragraph_format
    shape.left_indent, shape.right_indent = Mm(-beyond[0]), Mm(-beyond[1])
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", "24"), ("space", str(min(31, int(gap.pt)))), ("color", RED)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def repeat_row(row) -> None:
    """Repeat a table's heading row at the top of each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_row(row) -> None:
    """Do not break a table's row over two pages."""
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def foot_rule(paragraph, **sides: int) -> None:
    """Black rules of the foot 版记分隔线; ``top`` and ``bottom`` give their width in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "bottom"):
        if side in sides:
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(sides[side])), ("space", "3"), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def speak_chinese(document) -> None:
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
