"""The issue as a Word file: red head, numbers, texts, credit without telephone, the foot kept together."""

import io

import pytest
from docx import Document

from sentiment import issue_paper
from sentiment.services import bulletins, editing

pytestmark = pytest.mark.django_db


def paper(bulletin) -> Document:
    """The file, read back."""
    return Document(io.BytesIO(issue_paper.docx(issue_paper.compose(bulletin))))


def test_published_issue_has_all_that_the_layout_asks_for(house):
    house.member.phone = "13800007777"
    house.member.save()
    document = paper(bulletins.publish(house.bulletin(), actor=house.editor))
    lines = [row.text for row in document.paragraphs]
    text = "\n".join(lines)
    assert lines[0] == "社情民意信息"
    assert str(document.paragraphs[0].runs[0].font.color.rgb) not in ("", "None", "000000"), "the head is red"
    for words in (
        "第1期（总第1期）", "一、情况反映", "二、问题分析", "三、对策建议", f"区政协委员{house.member.name}反映",
        "报：区委书记、区长、区政协主席", "送：区委办", f"编辑：{house.editor}", f"核稿：{house.checker}",
        f"签发：{house.signer}", "（共印30份）",
    ):  # fmt: skip
        assert words in text, words
    assert "13800007777" not in text
    assert "内部资料" in document.sections[0].first_page_header.paragraphs[0].text
    foot = [row for row in document.paragraphs if row.text.startswith(("报：", "送：", "编辑："))]
    assert all(row.paragraph_format.keep_with_next for row in foot), "the number of copies never stands alone"


def test_unpublished_issue_has_blanks_for_its_numbers(house):
    text = "\n".join(row.text for row in paper(house.bulletin()).paragraphs)
    assert "第　期（总第　期）" in text


def test_composite_names_everybody_who_reported(house):
    other = house.submitted(title="另一条路")
    whole = editing.make_composite([house.submitted(), other], actor=house.editor, title="路灯综合")
    whole = editing.finish_edit(whole, actor=house.editor)
    whole = editing.sign(editing.check(whole, actor=house.checker), actor=house.signer)
    text = "\n".join(row.text for row in paper(bulletins.create([whole], actor=house.editor)).paragraphs)
    assert text.count(f"区政协委员{house.member.name}") == 1, "each is named once"


def test_issue_of_several_texts_lists_them_in_front_and_draft_names_the_hands(house):
    bulletin = bulletins.create([house.signed(), house.signed(title="第二篇")], actor=house.editor)
    text = "\n".join(row.text for row in paper(bulletin).paragraphs)
    assert text.index("本期要目") < text.index("○第二篇") < text.index("一、情况反映")
    assert f"编辑：{house.editor}　　核稿：{house.checker}　　签发：{house.signer}" in text
    alone = bulletins.create([house.signed(title="只有一篇")], actor=house.editor)
    assert "本期要目" not in "\n".join(row.text for row in paper(alone).paragraphs)


def test_foot_stands_between_rules(house):
    document = paper(house.bulletin())
    foot = [row for row in document.paragraphs if row.text.startswith(("报：", "（共印"))]
    assert ["w:top" in row._p.xml or "w:bottom" in row._p.xml for row in foot] == [True, True]
