"""Points 分 as people write them."""

from decimal import Decimal

from django import template

from members.duty.file import plain
from members.reports import draft as duty_report

register = template.Library()


@register.filter
def points(value: Decimal | int | str | None) -> str:
    """12.50 as «12.5», 15.00 as «15», −5 with the right sign; "" for none."""
    return "" if value in (None, "") else plain(Decimal(str(value)))


@register.filter
def signed(value: Decimal | int | None) -> str:
    """A difference with its sign: «+3», «−2»."""
    if value is None:
        return ""
    return f"+{plain(Decimal(value))}" if value > 0 else plain(Decimal(value))


@register.filter
def report_lines(text: str) -> list[tuple[bool, str]]:
    """A yearly report's text line by line, each with whether it is a heading."""
    return duty_report.lines(text)
