"""Small tags for building a page inside the frames: icons, the way here, dates in Chinese."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import filter_bars, fragments

register = template.Library()


@register.simple_tag
def part(name: str, **arguments: Any) -> SafeString:
    """Draw the template ``name`` from ``arguments`` alone; drawn before, it is taken as it was (see core.fragments)."""
    return fragments.draw(name, **arguments)


@register.simple_tag
def filter_bar(form: Any, url: str = "") -> SafeString:
    """The filter bar of a list (see core.filter_bars)."""
    return filter_bars.draw(form, url)


@register.simple_tag
def pick(value: Any, label: str) -> SafeString:
    """The cell of a row by which it is picked for a batch."""
    return format_html(
        '<td class="pick"><input class="form-check-input" type="checkbox" name="pick" value="{}" aria-label="选{}"></td>',
        value,
        label,
    )


@register.simple_tag
@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """Draw a symbol of static/img/icons.svg; it says nothing to screen readers."""
    return format_html(
        '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def breadcrumb(*steps: Any) -> SafeString:
    """The way to this page (位置): ``label url label url … here``; the last label has no address."""
    pairs = list(zip(steps[:-1:2], steps[1::2], strict=False))
    links = format_html_join(
        "", '<li class="breadcrumb-item"><a href="{}">{}</a></li>', ((url, label) for label, url in pairs)
    )
    return format_html(
        '<nav aria-label="位置"><ol class="breadcrumb">{}'
        '<li class="breadcrumb-item" aria-current="page">{}</li></ol></nav>',
        links,
        steps[-1],
    )


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """A date as written in papers: 2022年3月5日; "" for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """A date without its year: 3月5日, where the year is plain; "" for none."""
    return cn_date(value).partition("年")[2]


@register.filter
def cn_time(value: datetime | None) -> str:
    """Date and time as in a timeline: 2022年3月5日 14:30; "" for none."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{cn_date(local)} {local:%H:%M}"


@register.filter
def number(value: int | str | None) -> str:
    """A number with its thousands marked: 1,204; "" for none; words such as － stay words."""
    return value or "" if value is None or isinstance(value, str) else f"{value:,}"


@register.filter
def paragraphs(value: str) -> SafeString:
    """A text as typed, each of its lines a paragraph, so that every one is indented in a paper."""
    lines = (line.strip() for line in (value or "").splitlines())
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines if line))


@register.simple_tag
def error_links(form: Any = None, forms: Any = None) -> list[tuple[str, str]]:
    """Every error of a form (or of several): (anchor of the field or "", words that name it)."""
    found: list[tuple[str, str]] = []
    for one in forms or ([form] if form else []):
        if not one.is_bound:
            continue
        found += [("", str(error)) for error in one.non_field_errors()]
        for field in one:
            anchor = f"div_{field.auto_id}" if field.use_fieldset else field.id_for_label
            found += [(anchor, f"{field.label}：{error}") for error in field.errors]
    return found
