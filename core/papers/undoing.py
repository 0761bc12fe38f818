"""Take a whole import back (撤回导入): what it made is removed, as long as nobody built on it.

A record stays when somebody worked on it afterwards, when a later import corrected it, or when
something that stays refers to it; each is named with the reason. What the import only corrected
stays as it is, since papers keep no earlier wording. Everything happens in one transaction, and a
trial is the same act taken back at its end, so that it says just what will happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from core import audit
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Job, PaperRow, SearchDocument, SimilarTerm
from core.papers import registry

BATCH = 500
Report = Callable[[int, int, str], None]
Place = tuple[str, int]
"""A row anywhere: its model's label, and its primary key."""


@dataclass
class Kept:
    """One record that stays, and why."""

    kind: str
    label: str
    reason: str
    address: str = ""


@dataclass
class Undone:
    """What taking an import back does: how many of each kind go, what stays, what was only corrected."""

    removed: dict[str, int] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    corrected: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain data."""
        kept = [{"kind": k.kind, "label": k.label, "reason": k.reason, "address": k.address} for k in self.kept]
        return {"removed": self.removed, "total": sum(self.removed.values()), "kept": kept, "corrected": self.corrected}


@dataclass
class _Group:
    """What an import made of one kind, and still stands to be removed."""

    kind: registry.PaperKind
    undo: registry.Undo
    rows: dict[int, PaperRow]
    labels: dict[int, models.Model]
    lost: list[int]
    """Rows of the register of imports whose record was removed by other means."""

    @property
    def name(self) -> str:
        """Label of the model."""
        return self.undo.model._meta.label_lower


def take_back(run: Job, *, actor: Any, dry_run: bool, report: Report = lambda done, total, message: None) -> Undone:
    """Remove what ``run`` made; with ``dry_run`` only say what would happen. Raises ``Refusal`` if nothing is left to do."""
    with transaction.atomic():
        outcome = _take_back(run, actor, report)
        if dry_run:
            transaction.set_rollback(True)
    if not dry_run:
        registry.written()
    return outcome


def _take_back(run: Job, actor: Any, report: Report) -> Undone:
    made = list(PaperRow.objects.select_for_update().filter(made_in=run))
    groups = list(_groups(made, actor))
    outcome = Undone(corrected=sum(file["updated"] for file in run.result.get("files", {}).values()))
    total = len(made)
    for group in groups:
        report(0, total, f"正在查{group.kind.title}有没有办理过")
        _keep(group, _worked_on(group, run), outcome)
    _keep_referred(groups, outcome)
    done = 0
    removed: dict[str, list[int]] = defaultdict(list)
    for group in groups:
        report(done, total, f"正在撤回{group.kind.title}")
        _remove(group, actor, removed)
        outcome.removed[group.kind.title] = len(group.rows)
        done += len(group.rows)
    gone = [row.pk for group in groups for row in group.rows.values()]
    gone += [pk for group in groups for pk in group.lost]
    for at in range(0, len(gone), BATCH):
        PaperRow.objects.filter(pk__in=gone[at : at + BATCH]).delete()
    words = "、".join(f"{title}{count}条" for title, count in outcome.removed.items() if count) or "没有可撤回的"
    kept = f"，{len(outcome.kept)}条没有撤回" if outcome.kept else ""
    detail = {"run": run.pk, "removed": outcome.removed, "kept": len(outcome.kept)}
    registry.removed(removed, actor)
    connection.check_constraints()  # a trial, too, must find what a real removal would stumble over
    audit.record(verb="papers.undo", summary=f"撤回导入：{words}{kept}"[:300], actor=actor, subject=run, detail=detail)
    return outcome


def _groups(made: Iterable[PaperRow], actor: Any) -> Iterator[_Group]:
    """What was made by kind, those read last first, since they refer to the others."""
    by_kind: dict[str, list[PaperRow]] = defaultdict(list)
    for row in made:
        by_kind[row.kind].append(row)
    for kind in reversed(registry.kinds()):
        rows = by_kind.get(kind.key)
        if not rows or kind.undo is None:
            continue
        if actor is not None and not actor.has_perm(kind.permission):
            raise Refusal(f"这次导入里有{kind.title}，不归您导入，也不能由您撤回。")
        found: dict[int, PaperRow] = {}
        records: dict[int, models.Model] = {}
        keys = {row.key: row for row in rows}
        for record in _in_batches(kind.undo.model, kind.undo.key, list(keys)):
            found[record.pk], records[record.pk] = keys.pop(str(getattr(record, kind.undo.key))), record
        yield _Group(kind, kind.undo, found, records, [row.pk for row in keys.values()])


def _in_batches(model: type[models.Model], field_name: str, values: list[Any]) -> Iterator[models.Model]:
    for at in range(0, len(values), BATCH):
        yield from model._default_manager.filter(**{f"{field_name}__in": values[at : at + BATCH]})


def _worked_on(group: _Group, run: Job) -> dict[int, str]:
    """Why records are no longer as the import left them: the last act on each, or a later import."""
    reasons: dict[int, str] = {}
    finished = run.finished_at
    for pk, row in group.rows.items():
        if finished and row.taken_at > finished:
            reasons[pk] = f"{_day(row.taken_at)}又按别的表更正过"
    pks = list(group.rows)
    for at in range(0, len(pks), BATCH):
        entries = AuditEntry.objects.filter(root_type=group.name, root_id__in=pks[at : at + BATCH])
        for entry in entries.order_by("seq").only("root_id", "at", "summary", "actor_name"):
            pk = entry.root_id
            if pk is not None and pk not in reasons and entry.at > group.rows[pk].taken_at:
                who = f"{entry.actor_name}，" if entry.actor_name else ""
                reasons[pk] = f"导入以后办理过（{_day(entry.at)}，{who}{entry.summary}）"
    return reasons


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _keep(group: _Group, reasons: Mapping[int, str], outcome: Undone) -> None:
    for pk, reason in reasons.items():
        row, record = group.rows.pop(pk), group.labels.pop(pk)
        address = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
        outcome.kept.append(Kept(group.kind.title, f"{record}（“{row.file}”第{row.row}行）", reason, address))


def _keep_referred(groups: list[_Group], outcome: Undone) -> None:
    """Keep what something that stays refers to; again, as long as that keeps more."""
    while True:
        going = {(group.name, pk) for group in groups for pk in group.rows}
        changed = False
        for group in groups:
            reasons: dict[int, str] = {}
            for pk, source, place in _references(group.undo.model, {pk: pk for pk in group.rows}, group.undo.owns):
                if place not in going and pk not in reasons:
                    reasons[pk] = f"{source._meta.verbose_name}里还用着它"
            _keep(group, reasons, outcome)
            changed = changed or bool(reasons)
        if not changed:
            return


def _references(
    model: type[models.Model], roots: Mapping[int, int], owns: frozenset[str]
) -> Iterator[tuple[int, type[models.Model], Place]]:
    """Who refers to records, through their own parts too: (record, referring model, referring row)."""
    pks = list(roots)
    if not pks:
        return
    for source, name, attribute in _relations(model):
        if source._meta.label_lower in owns:
            parts = {pk: roots[owner] for owner, pk in _pairs(source, name, attribute, "pk", pks)}
            yield from _references(source, parts, owns)
            continue
        owner_model = source._meta.auto_created
        if owner_model:  # the rows between two sides of a many-to-many field: the side that has the field refers
            column = next(f for f in source._meta.fields if f.remote_field and f.remote_field.model is owner_model)
            for owner, pk in _pairs(source, name, attribute, column.attname, pks):
                yield roots[owner], owner_model, (owner_model._meta.label_lower, pk)
        else:
            for owner, pk in _pairs(source, name, attribute, "pk", pks):
                yield roots[owner], source, (source._meta.label_lower, pk)


def _relations(model: type[models.Model]) -> Iterator[tuple[Any, str, str]]:
    """Models that refer to a model, each with the field that does and its column."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        column = relation.field  # type: ignore[union-attr]
        if getattr(column.remote_field, "parent_link", False) or not relation.related_model._meta.managed:  # type: ignore[union-attr]
            continue
        yield relation.related_model, column.name, column.attname


def _pairs(
    source: type[models.Model], name: str, attribute: str, wanted: str, pks: list[int]
) -> Iterator[tuple[int, int]]:
    for at in range(0, len(pks), BATCH):
        rows = source._base_manager.filter(**{f"{name}__in": pks[at : at + BATCH]})
        yield from rows.values_list(attribute, wanted)


def _remove(group: _Group, actor: Any, removed: dict[str, list[int]]) -> None:
    """Remove records with their parts, and what finds and reminds of them; the log says so of each."""
    undo = group.undo
    pks = list(group.rows)
    if not pks:
        return
    after = undo.before_removal(pks)
    audit.record_many(
        audit.Event("papers.undone", "撤回导入，记录已删除", actor, record) for record in group.labels.values()
    )
    for at in range(0, len(pks), BATCH):
        batch = pks[at : at + BATCH]
        _remove_parts(undo.model, batch, undo.owns, removed)
        Deadline.objects.filter(root_type=group.name, root_id__in=batch).delete()
        SearchDocument.objects.filter(subject_type=group.name, subject_id__in=batch).delete()
        SimilarTerm.objects.filter(kind=group.name, subject_id__in=batch).delete()
        _remove_rows(undo.model, batch)
        removed[group.name] += batch
    after()


def _remove_rows(model: type[models.Model], pks: list[int]) -> None:
    """The rows themselves, whatever refers to what among them: only rows that go too refer to them."""
    for many in model._meta.local_many_to_many:
        through = many.remote_field.through
        if through._meta.auto_created:
            through._base_manager.filter(**{f"{many.m2m_field_name()}__in": pks}).delete()
    for table in (model, *model._meta.get_parent_list()):
        rows = table._base_manager.filter(pk__in=pks)
        rows._raw_delete(rows.db)


def _remove_parts(
    model: type[models.Model], pks: list[int], owns: frozenset[str], removed: dict[str, list[int]]
) -> None:
    """The parts of records, the parts of parts first."""
    for source, name, attribute in _relations(model):
        if source._meta.label_lower in owns:
            parts = [pk for _, pk in _pairs(source, name, attribute, "pk", pks)]
            if parts:
                _remove_parts(source, parts, owns, removed)
                removed[source._meta.label_lower] += parts
                source._base_manager.filter(pk__in=parts).delete()
