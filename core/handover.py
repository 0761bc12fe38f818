"""Handover 转出: one record becomes the draft of another, and both know it.

The source's app registers what it hands over; the target's page for a new draft takes
``?from=<model label>:<id>``, and after saving calls :func:`link`. Neither app knows the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from core import audit
from core.models import Handover
from core.subjects import load_subject, subject_key


@dataclass(frozen=True)
class Data:
    """What a source gives to the draft: a name for it in words, its page, and fields of the draft by name."""

    label: str
    url: str
    values: dict[str, Any] = field(default_factory=dict)


Offer = Callable[[Any, Any], Data | None]
_offers: dict[str, Offer] = {}
_names: dict[str, Callable[[Any], tuple[str, str]]] = {}
_followers: dict[str, Callable[[Any, Any], None]] = {}


def offer(source_type: str, give: Offer) -> None:
    """Register ``(user, source) -> Data``: None where the user may not see or hand over the source."""
    _offers[source_type] = give


def name_with(model_type: str, name: Callable[[Any], tuple[str, str]]) -> None:
    """Register how a record of a model is named on the other side's page: (words, address)."""
    _names[model_type] = name


def follow(source_type: str, callback: Callable[[Any, Any], None]) -> None:
    """Call ``callback(source, target)`` in the same transaction when a source of this type was handed over."""
    _followers[source_type] = callback


def read(user: Any, text: str) -> tuple[models.Model, Data] | None:
    """The source that ``?from=`` names and what it gives; None when unknown or not for this user."""
    kind, _, number = text.partition(":")
    if kind not in _offers or not number.isdecimal() or len(number) > 18:
        return None
    source = load_subject(kind, int(number))
    data = _offers[kind](user, source) if source is not None else None
    return None if source is None or data is None else (source, data)


@transaction.atomic
def link(source: models.Model, target: models.Model, *, actor: Any) -> Handover:
    """Keep that ``source`` went on as ``target``; a second time changes nothing."""
    source_type, source_id = subject_key(source)
    target_type, target_id = subject_key(target)
    row, created = Handover.objects.get_or_create(
        source_type=source_type,
        source_id=source_id,
        target_type=target_type,
        target_id=target_id,
        defaults={"made_by": actor},
    )
    if created:
        words, _ = named(target)
        audit.record(
            verb="handover.link", summary=f"转出为{words}", actor=actor, subject=source, root=source,
            detail={"target": f"{target_type}:{target_id}"},
        )  # fmt: skip
        if callback := _followers.get(source_type):
            callback(source, target)
    return row


def named(obj: models.Model) -> tuple[str, str]:
    """A record in words and its address, by its app's name for it."""
    kind = obj._meta.label_lower
    if kind in _names:
        return _names[kind](obj)
    return f"{obj._meta.verbose_name}“{obj}”", ""


def targets_of(source: models.Model) -> list[models.Model]:
    """The records that ``source`` went on as, the first first."""
    source_type, source_id = subject_key(source)
    rows = Handover.objects.filter(source_type=source_type, source_id=source_id)
    return [found for row in rows if (found := load_subject(row.target_type, row.target_id)) is not None]


def sources_of(target: models.Model) -> list[models.Model]:
    """The records that ``target`` came from."""
    target_type, target_id = subject_key(target)
    rows = Handover.objects.filter(Q(target_type=target_type, target_id=target_id))
    return [found for row in rows if (found := load_subject(row.source_type, row.source_id)) is not None]


def seen_by(user: Any, records: list[models.Model]) -> list[tuple[str, str]]:
    """Of records on the other side those that ``user`` may see: words and address of each."""
    found = []
    for record in records:
        rows = type(record)._default_manager
        if hasattr(rows, "visible_to") and rows.visible_to(user).filter(pk=record.pk).exists():
            found.append(named(record))
    return found
