"""Rotating codes 动态码: what fits whom, and for how long."""

from members.activities import signin_codes as codes

SECRET, OTHER = "a" * 64, "b" * 64


def test_code_has_eight_digits_and_changes_with_the_window():
    shown = {codes.code(SECRET, 7, window) for window in range(1000, 1200)}
    assert len(shown) > 195
    assert all(len(code) == 8 and code.isdecimal() for code in shown)


def test_code_fits_only_its_member_its_activity_and_its_moment():
    digits = codes.code(SECRET, 7, 1000)
    assert codes.find(SECRET, digits, [6, 7, 8], codes.taken_windows(1000)) == [(7, 1000)]
    assert codes.find(SECRET, digits, [7], codes.taken_windows(1001)) == [(7, 1000)]
    assert codes.find(SECRET, digits, [7], codes.taken_windows(1002)) == []
    assert codes.find(SECRET, digits, [6, 8], codes.taken_windows(1000)) == []
    assert codes.find(OTHER, digits, [7], codes.taken_windows(1000)) == []


def test_outdated_code_is_known_for_ten_minutes():
    digits = codes.code(SECRET, 7, 1000)
    assert codes.find(SECRET, digits, [7], codes.old_windows(1040)) == [(7, 1000)]
    assert codes.find(SECRET, digits, [7], codes.old_windows(1041)) == []


def test_window_lasts_fifteen_seconds():
    assert codes.window_at(1500.0) == codes.window_at(1514.9) == 100
    assert codes.window_at(1515.0) == 101
    assert (codes.seconds_left(1500.0), codes.seconds_left(1514.5)) == (15, 1)
