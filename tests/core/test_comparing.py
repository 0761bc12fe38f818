"""Two wordings side by side 文字对照."""

from hypothesis import given
from hypothesis import strategies as st

from core.comparing import compare


def plain(marked: str) -> str:
    """The text without its marks."""
    for mark in ("<del>", "</del>", "<ins>", "</ins>"):
        marked = marked.replace(mark, "")
    return marked


def test_changed_words_are_marked_and_the_rest_is_not():
    old, new = compare("建议尽快安装路灯。", "建议年底前安装太阳能路灯。")
    assert old == "建议<del>尽快</del>安装路灯。"
    assert plain(new) == "建议年底前安装太阳能路灯。"
    assert "<ins>" in new
    assert "太阳能" in new


def test_script_in_a_text_stays_text():
    old, new = compare("<script>alert(1)</script>", "无")
    assert "<script>" not in old + new
    assert "&lt;script&gt;" in plain(old).replace("&lt;</del>", "&lt;") or "&lt;" in old


def test_equal_and_empty_texts_have_no_marks():
    assert compare("一样", "一样") == ("一样", "一样")
    assert compare("", "新写的") == ("", "<ins>新写的</ins>")


@given(st.text("路灯不亮尽快装 。\n", max_size=60), st.text("路灯不亮尽快装 。\n", max_size=60))
def test_nothing_is_lost_or_added_by_the_marks(before, after):
    old, new = compare(before, after)
    assert (plain(old), plain(new)) == (before, after)
