"""Official letters: sheets lose no character, the Word file is set as the standard asks."""

import io
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from core.papers.letter import Block, Letter, sheets, write


def letter(blocks: list[Block], **changes) -> Letter:
    """A letter of a bureau with ``blocks`` as its body."""
    values = {
        "org": "安康市汉滨区水利局",
        "title": ("安康市汉滨区水利局", "关于区政协十六届五次会议", "第123号提案的答复"),
        "to": "贺青川、沈知微委员：",
        "blocks": tuple(blocks),
        "document_no": "汉滨水函〔2026〕18号",
        "mark": "B",
        "signed_on": date(2026, 4, 22),
        "contact": "（联系人：江予舟，电话：0915-0000123）",
        "copies": "区政协提案委员会，区政府督查室。",
    }
    return Letter(**{**values, **changes})


BODY = [Block("h", "一、关于建立三级管护责任清单"), Block("p", "已采纳。" * 30), Block("p", "列入计划。" * 200)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("hp"), st.integers(1, 900)), min_size=1, max_size=12))
def test_sheets_keep_every_character_in_order(parts):
    blocks = [
        Block(kind, chr(0x4E00 + at) * (min(size, 26) if kind == "h" else size))
        for at, (kind, size) in enumerate(parts)
    ]
    pages = sheets(letter(blocks))
    assert "".join(block.text for page in pages for block in page.blocks) == "".join(block.text for block in blocks)
    assert [page.first for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]


def test_a_long_paragraph_goes_on_without_indent():
    pages = sheets(letter(BODY))
    assert len(pages) >= 2
    assert pages[0].blocks[-1].cut
    assert pages[1].blocks[0].cont


def test_a_heading_does_not_stand_alone_in_a_cut():
    for page in sheets(letter(BODY)):
        assert not any(block.cut or block.cont for block in page.blocks if block.kind == "h")


@pytest.fixture
def document():
    """The Word file of a letter, read back."""
    return Document(io.BytesIO(write(letter(BODY))))


def test_word_file_has_the_page_of_the_standard(document):
    section = document.sections[0]
    wanted = {"page_width": 210, "page_height": 297, "top_margin": 37, "left_margin": 28, "right_margin": 26}
    for name, millimetres in wanted.items():
        assert abs(getattr(section, name) - Mm(millimetres)) < Mm(0.1), name
    assert section.different_first_page_header_footer
    assert not section._sectPr.findall(qn("w:docGrid"))


def test_word_file_heads_page_one_with_class_name_and_red_rules(document):
    head = document.sections[0].first_page_header
    assert [line.text for line in head.paragraphs] == ["B", "安康市汉滨区水利局"]
    assert head.paragraphs[1]._p.pPr.find(qn("w:pBdr")) is not None
    foot = document.sections[0].first_page_footer
    assert foot.paragraphs[0]._p.pPr.find(qn("w:pBdr")) is not None
    assert "PAGE" not in foot._element.xml
    assert "PAGE" in document.sections[0].footer._element.xml
    assert "PAGE" in document.sections[0].even_page_footer._element.xml


def test_word_file_holds_the_whole_letter_in_order(document):
    text = "\n".join(line.text for line in document.paragraphs)
    parts = [
        "汉滨水函〔2026〕18号",
        "第123号提案的答复",
        "贺青川、沈知微委员：",
        "已采纳。" * 30,
        "列入计划。" * 200,
        "2026年4月22日",
        "江予舟",
        "抄送：",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_body_is_fangsong_of_sixteen_points_with_two_characters_indent(document):
    line = next(one for one in document.paragraphs if one.text.startswith("已采纳"))
    fonts = line.runs[0]._r.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert line.runs[0].font.size.pt == 16
    assert line._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_a_draft_without_number_or_day_can_be_written():
    made = Document(
        io.BytesIO(write(letter([Block("p", "正文")], document_no="", mark="", signed_on=None, contact="", copies="")))
    )
    assert "年　月　日" in "\n".join(line.text for line in made.paragraphs)
