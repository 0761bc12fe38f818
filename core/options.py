"""Typed values that staff may change (参数): limits, deadlines, weights.

A module declares its options on import with :func:`declare`; the table holds only those that
differ from their default. ``value`` answers from the process, see ``core.revisions``: one query
per request for all options and the calendar together.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from core import audit, revisions
from core.errors import Refusal
from core.models import OptionValue

TABLE = "options"
MAX_TEXT = 500


@dataclass(frozen=True)
class Option:
    """One declared option; see :func:`declare` for its fields."""

    key: str
    type: str
    default: Any
    label: str
    group: str
    help: str = ""
    minimum: Any = None
    maximum: Any = None
    choices: tuple[tuple[str, str], ...] = ()

    def clean(self, raw: Any) -> Any:
        """``raw`` (typed, or text as from a form) as a valid value of this option.

        Raises ``Refusal`` with what is wrong and what is possible.
        """
        try:
            value = _READERS[self.type](raw)
        except (ValueError, TypeError, InvalidOperation) as error:
            raise self._refusal(_WANTED[self.type]) from error
        if self.choices and value not in dict(self.choices):
            raise self._refusal(f"只能是{'、'.join(text for _, text in self.choices)}之一")
        if isinstance(value, (str, list)) and len(_as_text(value)) > MAX_TEXT:
            raise self._refusal(f"不能超过{MAX_TEXT}字")
        low, high = self.minimum, self.maximum
        if low is not None and value < low:
            raise self._refusal(f"不能小于{_shown(low)}")
        if high is not None and value > high:
            raise self._refusal(f"不能大于{_shown(high)}")
        return value

    def _refusal(self, what: str) -> Refusal:
        return Refusal(f"“{self.label}”{what}。", field=self.key)

    def show(self, value: Any) -> str:
        """``value`` in words, for pages and the operation log."""
        if self.choices:
            return dict(self.choices).get(value, str(value))
        return _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list):
        return "、".join(value) or "（空）"
    return str(value) or "（空）"


def _as_text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


# --- Types: how text or JSON becomes a value, and what to say when it does not ----------------


def _read_int(raw: Any) -> int:
    if isinstance(raw, (bool, float)):
        raise TypeError
    return int(raw)


def _read_bool(raw: Any) -> bool:
    words = {
        "true": True,
        "on": True,
        "1": True,
        "false": False,
        "off": False,
        "0": False,
        "": False,
    }
    if isinstance(raw, bool):
        return raw
    try:
        return words[str(raw).strip().lower()]
    except KeyError as error:
        raise ValueError from error


def _read_decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool):
        raise TypeError
    value = Decimal(str(raw).strip())
    if not value.is_finite():
        raise ValueError
    return value


def _read_date(raw: Any) -> dt.date:
    return raw if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw).strip())


def _read_list(raw: Any) -> list[str]:
    parts = raw.splitlines() if isinstance(raw, str) else raw
    return [text for part in parts if (text := str(part).strip())]


def _read_text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw.strip()


_READERS: dict[str, Callable[[Any], Any]] = {
    "int": _read_int,
    "bool": _read_bool,
    "decimal": _read_decimal,
    "date": _read_date,
    "choice": _read_text,
    "str": _read_text,
    "list": _read_list,
}
_WANTED = {
    "int": "要填整数，如 15",
    "bool": "只能选是或否",
    "decimal": "要填数字，如 0.5",
    "date": "要填日期，如 2026-03-05",
    "choice": "要从列出的几项里选一项",
    "str": "要填文字",
    "list": "要一行填一项",
}


# --- Declarations -----------------------------------------------------------------------------

_declared: dict[str, Option] = {}


def declare(
    key: str,
    *,
    type: str,
    default: Any,
    label: str,
    group: str,
    help: str = "",
    minimum: Any = None,
    maximum: Any = None,
    choices: Sequence[tuple[str, str]] | None = None,
) -> Option:
    """Make an option known under ``key`` ("app.name"); staff see it under ``group``.

    ``type`` is int, bool, decimal, date, choice, str or list (of lines of text); ``minimum`` and
    ``maximum`` bound the value, ``choices`` are pairs of value and label. Declaring the same
    again changes nothing; declaring another under the same key raises ``ValueError``.
    """
    if type not in _READERS:
        raise ValueError(f"unknown option type {type!r} of {key}")
    option = Option(
        key, type, default, label, group, help, minimum, maximum, tuple((value, text) for value, text in choices or ())
    )
    try:
        sound = option.clean(default) == default
    except Refusal:
        sound = False
    if not sound:
        raise ValueError(f"default {default!r} of option {key} is not a valid {type}")
    if _declared.setdefault(key, option) != option:
        raise ValueError(f"option {key} is declared twice, differently")
    return option


def declared(key: str) -> Option:
    """The declaration of ``key``; ``LookupError`` where there is none."""
    try:
        return _declared[key]
    except KeyError as error:
        raise LookupError(f"option {key} is not declared") from error


def groups() -> dict[str, list[Option]]:
    """All options under their groups, in the order of declaration."""
    found: dict[str, list[Option]] = {}
    for option in _declared.values():
        found.setdefault(option.group, []).append(option)
    return found


# --- Values -----------------------------------------------------------------------------------


def _load() -> dict[str, Any]:
    return dict(OptionValue.objects.values_list("key", "value"))


_table = revisions.Cached(TABLE, _load)


def value(key: str) -> Any:
    """The present value of an option: what staff set, else its default.

    A stored value that its declaration no longer allows (limits were narrowed) counts as unset.
    """
    option = declared(key)
    stored = _table.get()
    if key not in stored:
        return _copy(option.default)
    try:
        return option.clean(stored[key])
    except Refusal:
        return _copy(option.default)


def _copy(default: Any) -> Any:
    return list(default) if isinstance(default, list) else default


def is_changed(key: str) -> bool:
    """Whether staff have set the option to something else than its default."""
    return value(key) != declared(key).default


@transaction.atomic
def set_value(key: str, value: Any, *, actor: Any) -> bool:
    """Set an option; returns whether that changed anything.

    ``value`` may be text as typed into a form. Setting the default removes the row. Logs old and
    new; raises ``Refusal`` with a Chinese sentence for a value that is not allowed.
    """
    option = declared(key)
    new = option.clean(value)
    row = OptionValue.objects.select_for_update().filter(key=key).first()
    old = _stored(option, row)
    if new == option.default:
        if row is not None:
            row.delete()
    elif row is None or new != old:
        OptionValue.objects.update_or_create(key=key, defaults={"value": _json(new), "changed_by": actor})
    if new == old:
        return False
    audit.record(
        actor=actor,
        verb="option.change",
        summary=f"参数“{option.label}”由{option.show(old)}改为{option.show(new)}",
        detail={key: [_json(old), _json(new)]},
    )
    return True


def reset(key: str, *, actor: Any) -> bool:
    """Put an option back to its default (恢复默认); returns whether that changed anything."""
    return set_value(key, declared(key).default, actor=actor)


def _stored(option: Option, row: OptionValue | None) -> Any:
    """The valid value of a row, else the default."""
    try:
        return option.default if row is None else option.clean(row.value)
    except Refusal:
        return option.default


def _json(value: Any) -> Any:
    """The JSON form of a value; ``Option.clean`` reads it back."""
    return str(value) if isinstance(value, (dt.date, Decimal)) else value


def clear_cache() -> None:
    """Read the table anew at the next use."""
    _table.clear()


def _row_changed(**kwargs: object) -> None:
    revisions.bump(TABLE)
    _table.clear()


post_save.connect(_row_changed, OptionValue, weak=False, dispatch_uid="core.options.save")
post_delete.connect(_row_changed, OptionValue, weak=False, dispatch_uid="core.options.delete")
