"""Two people write at once 两人同时改: the second is told what the first one stored, and keeps what he typed."""

from typing import Any

from django import forms

from consultations.models import Consultation
from core.errors import Refusal


def second(form: Any, problem: Refusal, now: Consultation) -> tuple[forms.Form, list[tuple[str, str]]]:
    """The form once more with all that was typed, and where the stored session differs from it: (label, what it says).

    Sent again it stores over the version that is shown now, knowingly.
    """
    if problem.field != "version":
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return form, []
    data = form.data.copy()
    data["version"] = str(now.version)
    typed, form.data = form.cleaned_data, data
    form.add_error(None, f"{problem}下面标出了现在存着的；对照以后，再按一次就存您写的。")
    theirs = []
    for name, field in form.fields.items():
        if name in ("version", "spoke"):
            continue
        stored, own = _text(now, name), _words(typed.get(name))
        if stored != own:
            theirs.append((str(field.label), stored or "（空着）"))
    return form, theirs


def _text(row: Consultation, name: str) -> str:
    if name == "units":
        return _words(row.units.all())
    if name == "form":
        return str(row.form)
    return _words(getattr(row, name))


def _words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if hasattr(value, "strftime"):
        return value.strftime("%H:%M") if hasattr(value, "hour") else value.strftime("%Y-%m-%d")
    if isinstance(value, str | int):
        return str(value).replace("\r\n", "\n").strip()
    if hasattr(value, "all") or isinstance(value, list) or hasattr(value, "_result_cache"):
        return "、".join(sorted(str(one) for one in value))
    return str(value)
