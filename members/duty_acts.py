"""The countable acts 履职事项: each app declares those that it records in the duty ledger.

A scoring rule may only name declared acts, so that a misspelt one cannot silently score nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from members.services.duty import Act


@dataclass(frozen=True)
class DutyAct:
    """One kind of act: its code "system.act", its name in words, and whether members or studios do it."""

    code: str
    label: str
    target: str = "member"


_declared: dict[str, DutyAct] = {}
_links: dict[str, Callable[[Any, int], str]] = {}

Source = Callable[[], "Iterator[Act]"]
Stale = Callable[[], Iterator[tuple[str, str]]]
_sources: list[Source] = []
_stale: list[Stale] = []


def declare(code: str, label: str, *, target: str = "member") -> None:
    """Make an act known; declaring the same again changes nothing."""
    act = DutyAct(code, label, target)
    if _declared.setdefault(code, act) != act:
        raise ValueError(f"duty act {code} is declared twice, differently")


def known(code: str) -> DutyAct:
    """The declaration of an act; ``LookupError`` where there is none."""
    try:
        return _declared[code]
    except KeyError as error:
        raise LookupError(f"duty act {code} is not declared") from error


def of_target(target: str) -> list[DutyAct]:
    """All acts of members or of studios, in the order of declaration."""
    return [act for act in _declared.values() if act.target == target]


def link_with(source_type: str, address: Callable[[Any, int], str]) -> None:
    """Register ``(user, id) -> url`` of the page that is the evidence; empty where the user may not see it."""
    _links[source_type] = address


def address_of(user: Any, source_type: str, source_id: int) -> str:
    """Where ``user`` finds the evidence of a row, or empty."""
    return _links[source_type](user, source_id) if source_type in _links else ""


def sweep_with(source: Source, *, stale: Stale | None = None) -> None:
    """Register ``() -> acts`` over all records of an app, with the same keys as when they were recorded live.

    The catch-up 补记 finds by it what came by an import or was missed. ``stale`` gives ``(key, reason)``
    of rows whose record no longer proves them; those are taken back. Registering again changes nothing.
    """
    if source not in _sources:
        _sources.append(source)
    if stale is not None and stale not in _stale:
        _stale.append(stale)


def sources() -> list[Source]:
    """Every registered source of acts."""
    return list(_sources)


def stale_rows() -> Iterator[tuple[str, str]]:
    """Keys of rows that no longer hold, each with the reason."""
    for rows in _stale:
        yield from rows()


def label_of(code: str) -> str:
    """The act in words; an act of an app that is gone keeps its code."""
    return _declared[code].label if code in _declared else code


def model_link(model: type[models.Model]) -> Callable[[Any, int], str]:
    """An address for records with ``visible_to`` and ``get_absolute_url``."""

    def address(user: Any, pk: int) -> str:
        found = model._default_manager.visible_to(user).filter(pk=pk).first()  # type: ignore[attr-defined]
        return found.get_absolute_url() if found else ""

    return address
