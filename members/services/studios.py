"""What is kept of a studio 委员工作室: its facts, the five requisites 五有, the ledgers 台账.

Every change is logged with what stood there before; a ledger entry is taken off, never deleted.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from core import attachments, audit
from core.acts import day as act_day
from core.acts import require, words
from core.errors import Refusal
from members.models import Studio, StudioRecord, StudioRequisite, User
from members.selectors import mask_phone
from members.services import studio_duty

OFFICE_FACTS = ("name", "scope", "sector", "convener", "founded_on", "is_active", "note")
"""What only the liaison office changes."""
OWN_FACTS = (
    *("place", "township", "address", "map_url", "phone", "liaison_name", "liaison_phone"),
    *("motto", "introduction"),
)
"""What the convener may change too."""
HIDDEN = ("liaison_phone",)
"""Written to the log masked."""
MOST_FILES = 10


def facts_for(actor: User) -> tuple[str, ...]:
    """Which facts of studios this person changes."""
    return (*OFFICE_FACTS, *OWN_FACTS) if actor.has_perm("members.keep_studios") else OWN_FACTS


@transaction.atomic
def open_studio(*, actor: User, **facts: Any) -> Studio:
    """Set a new studio up, with its five requisites still to be looked at."""
    require(actor, "members.keep_studios", act="设立工作室")
    facts["name"] = words(facts.get("name"), "工作室名称", field_name="name", limit=80)
    try:
        with transaction.atomic():
            studio = Studio.objects.create(**facts)
    except IntegrityError as error:
        raise Refusal(f"已经有叫“{facts['name']}”的工作室。", field="name") from error
    audit.record(verb="studio.open", summary=f"设立{studio.name}", actor=actor, subject=studio)
    return studio


@transaction.atomic
def change_facts(studio: Studio, *, actor: User, **facts: Any) -> Studio:
    """Change facts of a studio; gives it back as stored."""
    require(actor, "members.manage_studio", studio, act="改工作室资料")
    if barred := set(facts) - set(facts_for(actor)):
        raise Refusal(f"“{_label(Studio, sorted(barred)[0])}”由委员联络室改。")
    stored = Studio.objects.select_for_update(of=("self",)).get(pk=studio.pk)
    changed = _assign(stored, facts)
    if changed:
        try:
            with transaction.atomic():
                stored.save()
        except IntegrityError as error:
            raise Refusal(f"已经有叫“{stored.name}”的工作室。", field="name") from error
        audit.record(
            verb="studio.change", summary=f"改{stored.name}的资料：{'、'.join(_label(Studio, name) for name in changed)}",
            actor=actor, subject=stored, detail={"changes": changed},
        )  # fmt: skip
    return stored


def _label(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def _assign(row: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Set the values that differ; gives name to [before, after] as the log keeps them."""
    changed = {}
    for name, value in values.items():
        attname = row._meta.get_field(name).attname  # type: ignore[union-attr]
        new = value.pk if isinstance(value, models.Model) else value
        before = getattr(row, attname)
        if before != new:
            setattr(row, attname, new)
            changed[name] = [mask_phone(part or "") for part in (before, new)] if name in HIDDEN else [before, new]
    return changed


# --- The five requisites --------------------------------------------------------------------------


@transaction.atomic
def check_requisites(studio: Studio, *, actor: User, found: dict[str, tuple[bool, str]]) -> list[StudioRequisite]:
    """Write down which of the five a studio has: item to (is there, note); today and by ``actor`` where it changed.

    A requisite that is there counts in the ledger of the year in which it was looked at.
    """
    require(actor, "members.manage_studio", studio, act="核对五有")
    Studio.objects.select_for_update(of=("self",)).get(pk=studio.pk)
    known = {row.item: row for row in StudioRequisite.objects.filter(studio=studio)}
    today, rows = timezone.localdate(), []
    for item, (is_met, note) in found.items():
        row = known.get(item) or StudioRequisite(studio=studio, item=StudioRequisite.Item(item))
        new_year = row.checked_on is None or row.checked_on.year != today.year
        if row.pk is None or new_year or (row.is_met, row.note) != (is_met, note.strip()):
            changed = _assign(row, {"is_met": is_met, "note": note.strip()[:200]})
            row.checked_on, row.checked_by = today, actor
            row.save()
            audit.record(
                verb="studio.requisite", actor=actor, subject=row, root=studio, detail={"changes": changed},
                summary=f"核对{row.get_item_display()}：{'已具备' if is_met else '还没有'}",
            )  # fmt: skip
            studio_duty.requisite_checked(row, actor=actor)
        rows.append(row)
    return rows


# --- Ledgers --------------------------------------------------------------------------------------


@transaction.atomic
def add_record(
    studio: Studio, *, actor: User, ledger: str, on: date, title: str, text: str = "", files: Sequence[UploadedFile] = (),
) -> StudioRecord:  # fmt: skip
    """Write an entry into one of a studio's ledgers, with its files."""
    require(actor, "members.manage_studio", studio, act="登记台账")
    record = StudioRecord.objects.create(
        studio=studio, ledger=StudioRecord.Ledger(ledger), on=act_day(on), text=text.strip(), made_by=actor,
        title=words(title, "题目", field_name="title", limit=120),
    )  # fmt: skip
    audit.record(
        verb="studio_record.add", actor=actor, subject=record, root=studio,
        summary=f"登记台账（{record.get_ledger_display()}）：{record.title}",
    )  # fmt: skip
    _attach(record, files, actor)
    studio_duty.record_kept(record, actor=actor)
    return record


@transaction.atomic
def change_record(
    record: StudioRecord, *, actor: User, files: Sequence[UploadedFile] = (), **values: Any
) -> StudioRecord:
    """Change an entry; what stood there before is kept in the log."""
    require(actor, "members.manage_studio", record.studio, act="改台账")
    stored = _standing(record)
    if "title" in values:
        values["title"] = words(values["title"], "题目", field_name="title", limit=120)
    if "on" in values:
        act_day(values["on"])
    changed = _assign(stored, values)
    if changed:
        stored.save(update_fields=list(changed))
        audit.record(
            verb="studio_record.change", actor=actor, subject=stored, root=stored.studio,
            summary=f"改台账：{stored.title}", detail={"changes": changed},
        )  # fmt: skip
        if "ledger" in changed:
            studio_duty.record_changed(stored, actor=actor)
    _attach(stored, files, actor)
    return stored


@transaction.atomic
def remove_record(record: StudioRecord, *, actor: User, reason: str) -> StudioRecord:
    """Take an entry off the page; the row and its files stay, the duty ledger takes it back."""
    require(actor, "members.manage_studio", record.studio, act="删去台账")
    stored = _standing(record)
    reason = words(reason, "删去的理由", field_name="reason", limit=200)
    stored.removed_at = timezone.now()
    stored.save(update_fields=["removed_at"])
    audit.record(
        verb="studio_record.remove", actor=actor, subject=stored, root=stored.studio, reason=reason,
        summary=f"删去台账：{stored.title}",
    )  # fmt: skip
    studio_duty.record_removed(stored, actor=actor, reason=reason)
    return stored


@transaction.atomic
def remove_file(record: StudioRecord, uuid: Any, *, actor: User) -> None:
    """Take a file off an entry."""
    require(actor, "members.manage_studio", record.studio, act="删去附件")
    row = attachments.files_of(_standing(record)).filter(uuid=uuid).first()
    if row is None:
        raise Refusal("这个附件已经删去了。")
    attachments.remove(row, actor=actor)


def _standing(record: StudioRecord) -> StudioRecord:
    stored = StudioRecord.objects.select_for_update(of=("self",)).select_related("studio").get(pk=record.pk)
    if stored.removed_at:
        raise Refusal("这一条已经删去了，请刷新后再看。")
    return stored


def _attach(record: StudioRecord, files: Sequence[UploadedFile], actor: User) -> None:
    for upload in files or ():
        attachments.add(record, upload, actor=actor, most=MOST_FILES)
