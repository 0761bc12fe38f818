"""Numbers typed into rule sheets: what is no number, or an endless one, is said in words and breaks nothing."""

from decimal import Decimal

import pytest

from core.rule_sheets import Faults, number_or_zero


@pytest.mark.parametrize(
    ("typed", "words"),
    [("abc", "要填数字"), ("NaN", "要填数字"), ("Infinity", "要填数字"), ("9" * 40, "不能超过"), ("-1e30", "不能超过"), ("1.005", "两位小数")],
)  # fmt: skip
def test_number_says_what_is_wrong(typed, words):
    faults = Faults()
    faults.number("a.b", "分值", typed)
    assert words in faults.list[0].message
    assert len(faults.list[0].message) < 60


@pytest.mark.parametrize("typed", ["", None, "NaN", "x"])
def test_what_is_no_number_counts_nothing(typed):
    assert number_or_zero(typed) == 0
    assert Faults().number("a.b", "分值", " 12.50 ") == Decimal("12.50")
