"""Filter bars 筛选条 of lists: drawn once for the same fields, choices and conditions."""

from typing import Any

from django.forms import BaseForm, ModelChoiceField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

KEPT = 300
_bars: dict[Any, SafeString] = {}


def draw(form: BaseForm, url: str = "") -> SafeString:
    """The bar of ``form``; one with a pulldown that reads its rows from the database is drawn each time."""
    if any(isinstance(row, ModelChoiceField) and not row.widget.is_hidden for row in form.fields.values()):
        return _draw(form, url)
    key = (url, type(form), form.prefix, form.auto_id, *(_key(form, name) for name in form.fields))
    if key not in _bars:
        if len(_bars) >= KEPT:
            _bars.clear()
        _bars[key] = _draw(form, url)
    return _bars[key]


def _draw(form: BaseForm, url: str) -> SafeString:
    return render_to_string("components/_filters.html", {"form": form, "filter_url": url})


def _key(form: BaseForm, name: str) -> tuple[str, ...]:
    """All that a field shows: its words, its control with the choices, what is chosen, what is wrong with that."""
    field, bound = form.fields[name], form[name]
    widget = field.widget
    choices = "" if widget.is_hidden else repr(list(getattr(widget, "choices", ())))
    return (
        name, str(field.label), type(widget).__name__, repr(widget.attrs), choices, repr(bound.value()),
        str(bound.errors) if form.is_bound else "",
    )  # fmt: skip
