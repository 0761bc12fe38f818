"""The countable acts 履职事项: each app declares those that it records in the duty ledger.

A scoring rule may only name declared acts, so that a misspelt one cannot silently score nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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


class ModelLink:
    """Addresses of records with ``visible_to`` whose ``get_absolute_url`` needs only the primary key."""

    def __init__(self, model: type[models.Model]):
        self.model = model

    def __call__(self, user: Any, pk: int) -> str:
        """The address of one record, empty where the user may not see it; one query."""
        return self.many(user, [pk]).get(pk, "")

    def many(self, user: Any, pks: Iterable[int]) -> dict[int, str]:
        """Addresses of those of ``pks`` that the user may see; one query."""
        rows = self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]
        found = rows.filter(pk__in=set(pks)).order_by().values_list("pk", flat=True)
        return {pk: self.model(pk=pk).get_absolute_url() for pk in found}  # type: ignore[attr-defined]


def model_link(model: type[models.Model]) -> ModelLink:
    """An address for records with ``visible_to`` and ``get_absolute_url``."""
    return ModelLink(model)


def addresses_of(user: Any, sources: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Where ``user`` finds the evidence of many rows: one query a kind of source that is a model."""
    by_type: dict[str, set[int]] = defaultdict(set)
    for source_type, pk in sources:
        by_type[source_type].add(pk)
    found: dict[tuple[str, int], str] = {}
    for source_type, pks in by_type.items():
        link = _links.get(source_type)
        if isinstance(link, ModelLink):
            found |= {(source_type, pk): url for pk, url in link.many(user, pks).items()}
        elif link is not None:
            found |= {(source_type, pk): link(user, pk) for pk in pks}
    return found
