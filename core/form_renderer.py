"""Form controls as strings 控件: a template for every control, and for every option, costs more than a page.

What Django's own templates of inputs, text areas and pulldowns give is put together here, to the
character but for blanks between the tags; every other control goes on using its template.
"""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Widget = dict[str, Any]


class StringRenderer(DjangoTemplates):
    """Django's renderer, with the common controls drawn as strings."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The control, or part of a form, that ``template_name`` stands for."""
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def attributes(given: dict[str, Any]) -> SafeString:
    """Attributes as they stand in a tag: True is the bare name, False leaves it out."""
    # One string for all: a form has hundreds of attributes, and a call for each shows.
    drawn = [
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
        for name, value in given.items()
        if value is not False
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - every name and value is escaped above


def _input(widget: Widget) -> SafeString:
    given = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        given["value"] = widget["value"]
    return format_html("<input{}{}>", attributes(given), attributes(widget["attrs"]))


def _textarea(widget: Widget) -> SafeString:
    own = attributes({"name": widget["name"]} | widget["attrs"])
    return format_html("<textarea{}>\n{}</textarea>", own, widget["value"] or "")


def _select(widget: Widget) -> SafeString:
    own = attributes({"name": widget["name"]} | widget["attrs"])
    groups = ((_group(name, options),) for name, options, _ in widget["optgroups"])
    return format_html("<select{}>{}</select>", own, format_html_join("", "{}", groups))


def _group(name: str | None, options: list[Widget]) -> SafeString:
    drawn = format_html_join(
        "",
        "<option{}>{}</option>",
        ((attributes({"value": option["value"]} | option["attrs"]), option["label"]) for option in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


_FOLDER = "django/forms/widgets/"
_INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox")
_DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}
