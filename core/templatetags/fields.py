"""How one field of a form is drawn (字段): label, help, control, errors; the one shape for all forms."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.form_renderer import attributes

register = template.Library()


@register.simple_tag
def draw_field(field: BoundField) -> SafeString:
    """The whole field; a hidden one is its control alone. The parts are bound together for screen readers."""
    if field.is_hidden:
        return field.as_widget()
    widget = field.field.widget
    parts: tuple[Any, ...]
    if isinstance(widget, forms.CheckboxInput):
        check = format_html('<div class="form-check">{}{}</div>', _control(field, "form-check-input"), _label(field))
        parts = (check, _help(field), _errors(field))
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        legend = (
            format_html('<legend class="form-label">{}{}</legend>', field.label, _need(field)) if field.label else ""
        )
        own = {"id": f"div_{field.auto_id}", "class": "field"}
        if field.aria_describedby:
            own["aria-describedby"] = field.aria_describedby
        parts = (legend, _help(field), _choices(field), _errors(field))
        return format_html("<fieldset{}>{}</fieldset>", attributes(own), _joined(parts))
    else:
        label = _label(field, "form-label") if field.label else ""
        parts = (label, _help(field), _line(field, widget), _errors(field))
    return format_html('<div id="div_{}" class="field">{}</div>', field.auto_id, _joined(parts))


def _joined(parts: tuple[Any, ...]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _need(field: BoundField) -> SafeString | str:
    return format_html('<span class="need">{}</span>', "必填") if field.field.required else ""


def _label(field: BoundField, look: str = "form-check-label") -> SafeString:
    return format_html('<label class="{}" for="{}">{}{}</label>', look, field.id_for_label, field.label, _need(field))


def _line(field: BoundField, widget: forms.Widget) -> SafeString:
    """A control that stands on a line of its own."""
    if isinstance(widget, forms.FileInput):
        words = "也可以把文件拖到这里。"
        return format_html(
            '<div class="drop" data-drop>{}<p class="muted small js-only">{}</p></div>',
            _control(field, "form-control"),
            words,
        )
    return _control(field, "form-select" if isinstance(widget, forms.Select) else "form-control")


def _control(field: BoundField, look: str) -> SafeString:
    """The control with its class, and marked when what was typed cannot be taken."""
    widget = field.field.widget
    wanted = [*widget.attrs.get("class", "").split(), type(widget).__name__.lower(), *look.split()]
    if field.errors:
        wanted.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(dict.fromkeys(wanted))})


def _choices(field: BoundField) -> SafeString:
    """Radio buttons or boxes, each inside its label."""
    look = "form-check-input is-invalid" if field.errors else "form-check-input"
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": widget.attrs.get("id") or field.auto_id})
    drawn = []
    for group, options, _ in widget.optgroups(field.html_name, widget.format_value(field.value()), attrs):
        if group:
            drawn.append(format_html('<p class="checks-group">{}</p>', group))
        for option in options:
            own = {"class": look, "type": option["type"], "name": field.html_name, "value": option["value"]}
            rest = {name: value for name, value in option["attrs"].items() if name != "class"}
            box = format_html("<input{}>", attributes(own | rest))
            shown = format_html(
                '<label class="form-check" for="{}">{}<span>{}</span></label>', rest["id"], box, option["label"]
            )
            drawn.append(shown)
    return format_html('<div class="checks">{}</div>', _joined(tuple(drawn)))


def _help(field: BoundField) -> SafeString | str:
    if not field.help_text:
        return ""
    return format_html('<span id="{}_helptext" class="form-text">{}</span>', field.auto_id, field.help_text)


def _errors(field: BoundField) -> SafeString | str:
    if not field.errors:
        return ""
    lines = format_html_join("", '<p class="invalid-feedback">{}</p>', ((error,) for error in field.errors))
    return format_html('<div id="{}_error" class="invalid-feedback-group">{}</div>', field.auto_id, lines)
