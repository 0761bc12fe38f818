"""The kinds of paper that can be read in (导入种类), each registered by the app that knows it.

A file is recognised by the meaning of its header, not by its name: the kind whose
columns explain most headings wins, if the columns that mark it are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from core.papers.sheets import Column, Table, find_table
from core.papers.workbooks import Grid

if TYPE_CHECKING:
    from core.papers.importing import Importer


def _nothing_more(pks: list[int]) -> Callable[[], None]:
    return lambda: None


@dataclass(frozen=True)
class Undo:
    """How records of a kind are removed when their import is taken back (core.papers.undoing).

    ``key`` is the field that holds the natural key; ``owns``: labels of the models that are parts of
    such a record, and of their parts, which go with it. ``before_removal(pks)`` may look at the records
    and returns what is to be done once they are gone.
    """

    model: type[Model]
    key: str = "source_key"
    owns: frozenset[str] = frozenset()
    before_removal: Callable[[list[int]], Callable[[], None]] = _nothing_more


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper.

    ``order``: lower kinds are read first, because later ones refer to them. ``signatures``: sets of
    column keys; a table is of this kind only if it has all columns of one set. ``minimum``: how
    many of its columns must be known in all. ``permission``: who may import it. ``sample``: name of
    the address of an empty sheet to be filled in. ``undo``: how its records are removed again.
    """

    key: str
    title: str
    order: int
    columns: Sequence[Column]
    signatures: Sequence[frozenset[str]]
    importer: type[Importer] = field(repr=False)
    minimum: int = 3
    permission: str = "core.import_papers"
    sample: str = ""
    undo: Undo | None = None


_kinds: dict[str, PaperKind] = {}
_followers: list[Callable[[], object]] = []
_mourners: list[Callable[[Mapping[str, list[int]], Any], object]] = []


def register(kind: PaperKind) -> None:
    """Make a kind of paper known; registering it again replaces it."""
    _kinds[kind.key] = kind


def kinds() -> list[PaperKind]:
    """All kinds, in the order in which they are read."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def after_writing(follower: Callable[[], object]) -> None:
    """Call ``follower()`` once after an import that wrote something; it must see to its own errors."""
    if follower not in _followers:
        _followers.append(follower)


def written() -> None:
    """Tell all who follow that papers were written."""
    for follower in _followers:
        follower()


def after_removal(follower: Callable[[Mapping[str, list[int]], Any], object]) -> None:
    """Call ``follower(removed, actor)`` when an import is taken back, inside its transaction.

    ``removed`` are the primary keys that are gone, by model label, parts of records included.
    """
    if follower not in _mourners:
        _mourners.append(follower)


def removed(rows: Mapping[str, list[int]], actor: Any) -> None:
    """Tell all who keep something about records that these are gone."""
    for follower in _mourners:
        follower(rows, actor)


def kinds_for(user: Any) -> list[PaperKind]:
    """The kinds that a person may import."""
    return [kind for kind in kinds() if user.has_perm(kind.permission)]


def recognise(grid: Grid, *, file: str) -> tuple[PaperKind, Table] | None:
    """Which kind of paper a sheet is, with its table; None when no kind fits."""
    fits = []
    for kind in kinds():
        for signature in kind.signatures:
            table = find_table(grid, kind.columns, signature, file=file)
            if table is not None and len(table.positions) >= kind.minimum:
                fits.append((len(table.positions), -kind.order, kind, table))
    if not fits:
        return None
    _, _, kind, table = max(fits, key=lambda fit: fit[:2])
    return kind, table


def nearly(grid: Grid, *, file: str) -> str:
    """What to say of a sheet that looks like a known kind but lacks the headings that mark it.

    Empty when it looks like none: most of its headings must be columns of one kind.
    """
    for kind in kinds():
        table = find_table(grid, kind.columns, (), file=file)
        if table is None or len(table.positions) < 5 or len(table.positions) < 0.6 * len(table.headings):
            continue
        missing = min((signature - table.positions.keys() for signature in kind.signatures), key=len)
        names = "、".join(table.columns[key].labels[0] for key in sorted(missing))
        return f"“{grid.name}”表像是{kind.title}，但表头里没有找到“{names}”，没有读。请把这一列的表头改正后再传。"
    return ""
