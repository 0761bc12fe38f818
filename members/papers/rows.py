"""What every importer of this committee's papers does with a row: cut long texts, skip repeats, log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from core import audit
from core.papers.importing import Plan, Skip
from core.papers.sheets import Column, Record
from members.papers.matching import Directory, Match

BATCH = 500
NOTE = Column("note", ("备注", "说明"))


def text_of(record: Record, key: str, limit: int) -> str:
    """A text value of at most `limit` characters; a longer one is cut, and the row says so."""
    value = record[key] or ""
    if len(value) > limit:
        record.problem(key, f"超过{limit}字，只写入前{limit}字，请精简。")
        value = value[:limit]
    return value


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something: an empty cell never erases what is stored."""
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def skip_marked(record: Record) -> None:
    """Leave out a row whose note says that it repeats another."""
    if (record["note"] or "").strip("（）()。 ").startswith("重复"):
        raise Skip("备注写明“重复”，不计入。", "note")


def known_codes(record: Record, key: str, directory: Directory) -> list[str]:
    """The member codes of a cell, a name that only one member bears counting as his code; others are named."""
    found: list[str] = []
    missing: list[str] = []
    for written in record[key] or []:
        match = directory.people.find(written)
        if written in directory.people.by_code:
            found.append(written)
        elif match.found is not None:
            found.append(match.found.code)
        else:
            missing.append(written)
    if missing:
        message = "名册里没有这些编号或姓名，或者有同名的，没有登记，请核对，写委员编号。"
        record.problem(key, message, value="、".join(missing))
    return list(dict.fromkeys(found))


def unmatched(match: Match, name: str) -> str:
    """Why a name was not matched to one member, with those it could mean; a Chinese sentence."""
    if not match.candidates:
        return "名册里没有这个人，请核对写法。"
    choices = "、".join(f"{person.sector or '界别不详'}（{person.code}）" for person in match.candidates)
    return f"名册里有{len(match.candidates)}个{name}：{choices}，分不清是哪一位，请写委员编号。"


def log_rows(plans: Sequence[Plan], subjects: Mapping[str, models.Model], *, verb: str, actor: Any) -> None:
    """One entry in the operation log for each record, naming the row that it came from."""
    audit.record_many(
        audit.Event(
            verb=verb,
            summary=f"按“{plan.record.table.file}”第{plan.record.number}行{'登记' if plan.action == 'created' else '更正'}",
            actor=actor,
            subject=subjects[plan.key],
        )
        for plan in plans
    )


def set_values(obj: models.Model, values: Mapping[str, Any]) -> None:
    """Write some fields of a stored record."""
    for name, value in values.items():
        setattr(obj, name, value)
    obj.save(update_fields=list(values))
