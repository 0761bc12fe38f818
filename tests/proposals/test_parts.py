"""A paper proposal's text is parted by its headings and nothing of it is lost."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.parts import split_content, split_items

HEADINGS = [
    ("一、情况", "二、问题", "三、建议"),
    ("（一）背景情况", "（二）主要问题", "（三）对策建议"),
    ("一、基本情况", "二、存在问题", "三、意见建议"),
    ("【情况】", "【问题】", "【建议】"),
    ("提案背景", "主要问题", "具体建议"),
    ("一、现状", "二、主要困难和问题", "三、对策与建议"),
    ("情况：", "问题：", "建议："),
]
MARKS = [
    ("（一）", "（二）"),
    ("(1)", "(2)"),
    ("（1）", "（2）"),
    ("1、", "2、"),
    ("1.", "2."),
    ("①", "②"),
    ("第一，", "第二，"),
    ("一是", "二是"),
]


@pytest.mark.parametrize("headings", HEADINGS)
@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("joint", ["", "\n"])
def test_split_content_parts_by_headings_and_numbers_items(headings, marks, joint):
    content = f"{headings[0]}\n渠首老化，2021年漏水3次。\n{headings[1]}\n一是没人管。二是没有钱。\n{headings[2]}\n{marks[0]}修渠首。投入20万元。{joint}{marks[1]}明确管护人。"
    parts = split_content(content)
    assert parts.situation == "渠首老化，2021年漏水3次。"
    assert parts.analysis == "一是没人管。二是没有钱。"
    assert parts.suggestions == ("修渠首。投入20万元。", "明确管护人。")


def test_split_content_reads_headings_on_the_same_line_as_the_text():
    parts = split_content("【情况】渠首老化。\n【问题】一是没人管。\n【建议】1、修渠首。2、定人管。")
    assert (parts.situation, parts.analysis, parts.suggestions) == (
        "渠首老化。",
        "一是没人管。",
        ("修渠首。", "定人管。"),
    )


def test_split_content_reads_sentences_that_lead_in():
    parts = split_content(
        "渠首老化。之所以出现上述情况，原因在于：（一）没人管。（二）没有钱。\n为此，建议：1、修渠首。2、定人管。\n妥否，请研究。"
    )
    assert parts.situation == "渠首老化。"
    assert parts.analysis.startswith("之所以出现上述情况，原因在于：")
    assert parts.suggestions == ("修渠首。", "定人管。\n妥否，请研究。")


def test_split_content_keeps_a_lead_in_that_says_more_than_its_part():
    parts = split_content("渠首老化。\n为保护汉江水质，建议水利局牵头做好以下工作：①修渠首。②定人管。")
    assert "建议水利局牵头" in parts.analysis
    assert parts.suggestions == ("修渠首。", "定人管。")


def test_split_content_without_any_heading_is_all_situation():
    parts = split_content("渠首老化，请予维修。")
    assert (parts.situation, parts.analysis, parts.suggestions) == ("渠首老化，请予维修。", "", ())


def test_split_items_is_not_cut_by_numbers_inside_an_item():
    items = split_items("1、修渠首，长1.5公里，分3段：（1）上段。（2）下段。2、补助2.5万元。3、定人管。")
    assert items == [
        "修渠首，长1.5公里，分3段：（1）上段。（2）下段。",
        "补助2.5万元。",
        "定人管。",
    ]


def _letters(text: str) -> Counter:
    return Counter(re.findall(r"[^\s\W\d一二三四五六七八九十是第①-⑳]", text))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "",
                    "（一）",
                    "1、",
                    "①",
                    "第一，",
                    "一是",
                    "为此，建议：",
                    "【问题】",
                    "【建议】",
                    "原因在于：",
                ]
            ),
            st.text("渠水田路桥镇村，。；：、12一二\n", max_size=20),
        ),
        max_size=12,
    )
)
def test_split_content_never_loses_a_character(pieces):
    content = "".join(mark + text for mark, text in pieces)
    parts = split_content(content)
    kept = _letters(parts.situation + parts.analysis + "".join(parts.suggestions))
    lost = _letters(content) - kept
    assert set(lost) <= set("为此建议问题"), lost
    assert not kept - _letters(content)
