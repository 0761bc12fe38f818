"""Restore 恢复: an archive of ``core.backups`` back into a database, whole or not at all."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from core import audit, backups, options, secrets
from core.errors import Refusal
from core.models import AuditEntry

_ROWS = 200
"""Rows of one statement, fewer where a database allows fewer values."""


def restore(source: Path, *, replace: bool = False) -> dict[str, Any]:
    """Bring back what ``source`` holds; over data that people work with only with ``replace``.

    Everything is looked at before anything is written; returns the manifest.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive, source.name)
            _check(archive, manifest, replace=replace)
            _put_files(archive, manifest["files"])
            with transaction.atomic():
                _empty()
                for model in backups.tables():
                    if (label := model._meta.label_lower) in manifest["rows"]:
                        _load(model, archive, manifest["rows"][label])
                _prove(manifest)
    except (OSError, zipfile.BadZipFile) as error:
        raise Refusal(f"{source.name} 读不了或者不完整，没有恢复。") from error
    cache.clear()
    options.clear_cache()
    return manifest


def _manifest(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
        if manifest["format"] == backups.FORMAT:
            return manifest
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(f"{name} 不是本系统的备份，没有恢复。") from error
    raise Refusal(f"{name} 是另一种格式的备份（{manifest['format']}），请用做备份的版本恢复。")


def _check(archive: zipfile.ZipFile, manifest: dict[str, Any], *, replace: bool) -> None:
    """Refuse what could not be finished."""
    if secrets.decrypt(manifest["key_check"]) != backups.KEY_CHECK:
        raise Refusal("备份里的电话等个人数据是用另一把 DATA_KEY 加密的。请把当时的那一把也写进 DATA_KEY，再恢复。")
    here, there = set(backups.applied_migrations()), set(manifest["migrations"])
    if here != there:
        odd = "、".join(sorted(here ^ there)[:3])
        raise Refusal(f"数据库结构和备份时的不一样（{odd}）。请用做备份的那个版本，先运行 migrate，恢复以后再升级。")
    if not replace and (AuditEntry.objects.exists() or get_user_model().objects.exists()):
        raise Refusal("这个数据库里已有数据，没有恢复。确实要用备份替换全部现有数据，请加 --replace。")
    if broken := archive.testzip():
        raise Refusal(f"备份里的 {broken} 坏了，没有恢复。请换一份备份。")
    for name in manifest["files"]:
        try:
            default_storage.path(name)
        except SuspiciousFileOperation as error:
            raise Refusal(f"备份里的文件名 {name!r} 指到了附件文件夹外面，没有恢复。") from error


def _put_files(archive: zipfile.ZipFile, files: dict[str, int]) -> None:
    """Write the uploaded files back under their names; what is there already and the same stays."""
    for name, size in files.items():
        with archive.open(f"files/{name}") as packed:
            if default_storage.exists(name):
                if default_storage.size(name) == size and _same(name, archive):
                    continue
                default_storage.delete(name)
            default_storage.save(name, File(packed))


def _same(name: str, archive: zipfile.ZipFile) -> bool:
    with default_storage.open(name) as present, archive.open(f"files/{name}") as packed:
        return all(chunk == packed.read(len(chunk)) for chunk in present.chunks())


def _empty() -> None:
    """Remove every row, the append-only ones too, and what people's sessions held."""
    names = [model._meta.db_table for model in backups.tables()]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), names, reset_sequences=False):
            cursor.execute(statement)


def _load(model: type[models.Model], archive: zipfile.ZipFile, expected: int) -> None:
    """Write the rows of one table as they were, keys included; no ``save()``, no signal, no effect follows."""
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    count = 0
    with archive.open(f"data/{model._meta.label_lower}.jsonl") as lines, connection.cursor() as cursor:
        columns = json.loads(next(lines))
        quoted = ", ".join(map(connection.ops.quote_name, columns))
        table = connection.ops.quote_name(model._meta.db_table)
        for rows in _batches(lines, len(columns)):
            values = [
                _stored(fields[column], value) for row in rows for column, value in zip(columns, row, strict=True)
            ]
            one = f"({', '.join(['%s'] * len(columns))})"
            cursor.execute(f"INSERT INTO {table} ({quoted}) VALUES {', '.join([one] * len(rows))}", values)  # noqa: S608
            count += len(rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
    if count != expected:
        raise Refusal(f"{model._meta.verbose_name}应有{expected}行，备份里只有{count}行，没有恢复。")


def _batches(lines: Any, width: int) -> Iterator[list[list[Any]]]:
    most = min(_ROWS, (connection.features.max_query_params or 60_000) // width)
    batch = []
    for line in lines:
        batch.append(json.loads(line))
        if len(batch) >= most:
            yield batch
            batch = []
    if batch:
        yield batch


def _stored(field: Any, value: Any) -> Any:
    """A value as the database of this house keeps it."""
    if isinstance(field, models.JSONField):
        return connection.ops.adapt_json_value(value, None) if not (value is None and field.null) else None
    return field.get_db_prep_save(None if value is None else field.to_python(value), connection)


def _prove(manifest: dict[str, Any]) -> None:
    """The log must be whole and end where it ended; references must lead somewhere."""
    connection.check_constraints()
    faults = audit.verify(manifest["audit_root"])
    if faults or audit.root_hash() != manifest["audit_root"]:
        words = faults[0].message if faults else "链尾和备份时的不一样。"
        raise Refusal(f"恢复出来的操作记录不完整，已全部撤回：{words}")
