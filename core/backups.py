"""Back-up 备份: the whole database and every uploaded file in one archive, for SQLite and PostgreSQL alike.

The archive is a zip file: ``data/<model>.jsonl`` holds the columns of a table and then a row a line,
``files/<name>`` an uploaded file, ``manifest.json`` what must be there. Encrypted columns stay encrypted.
Sessions are left out: after a restore everybody signs in anew.
"""

import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import ExpressionWrapper, F, TextField
from django.utils import timezone

from core import audit, secrets
from core.errors import Refusal
from core.fields import EncryptedCharField

FORMAT = 1
KEY_CHECK = "备份"
LEFT_OUT = frozenset({"sessions.session"})
_CHUNK = 2000


def tables() -> list[type[models.Model]]:
    """Every model that has a table of its own, link tables included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def applied_migrations() -> list[str]:
    """The migrations of this database, «app.name», sorted."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def write(target: Path) -> dict[str, Any]:
    """Write the archive ``target``, whole or not at all; returns what its manifest says."""
    if target.exists():
        raise Refusal(f"{target.name} 已经有了，没有覆盖。请换一个文件名。")
    part = target.with_name(f"{target.name}.part")
    try:
        # Personal data of the whole house: nobody but the account that makes the back-up reads it.
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise Refusal(f"写不了 {target}：{error.strerror}。") from error
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                manifest = _fill(archive)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(part, target)  # unlike a rename, it never replaces a file made in between
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _fill(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Rows of one moment, then the files that they name: a file too many does no harm, one too few does."""
    rows: dict[str, int] = {}
    names: set[str] = set()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        migrations, root = applied_migrations(), audit.root_hash()
        for model in tables():
            label = model._meta.label_lower
            if label not in LEFT_OUT:
                rows[label] = _dump(model, archive, names)
    files, missing = _pack(archive, sorted(names))
    manifest = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "migrations": migrations,
        "audit_root": root,
        "key_check": secrets.encrypt(KEY_CHECK),
        "rows": rows,
        "files": files,
        "missing": missing,
    }
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False))
    return manifest


def _dump(model: type[models.Model], archive: zipfile.ZipFile, names: set[str]) -> int:
    """One table as lines; ``names`` collects the files that its rows name."""
    fields = model._meta.local_concrete_fields
    kept = [place for place, field in enumerate(fields) if isinstance(field, models.FileField)]
    count = 0
    with archive.open(f"data/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as out:
        out.write(_line([field.column for field in fields]))
        for row in _rows(model, fields):
            out.write(_line(row))
            names.update(row[place] for place in kept if row[place])
            count += 1
    return count


def _rows(model: type[models.Model], fields: Sequence[Any]) -> Iterator[tuple]:
    """The stored values of a table; encrypted ones as they lie there, so that no key is needed."""
    raw = {
        f"raw_{field.attname}": ExpressionWrapper(F(field.attname), output_field=TextField())
        for field in fields
        if isinstance(field, EncryptedCharField)
    }
    columns = [f"raw_{field.attname}" if f"raw_{field.attname}" in raw else field.attname for field in fields]
    rows = model._base_manager.order_by("pk").annotate(**raw).values_list(*columns)
    return rows.iterator(chunk_size=_CHUNK)


def _pack(archive: zipfile.ZipFile, names: list[str]) -> tuple[dict[str, int], list[str]]:
    """The files by name with their sizes, and the names of those that are gone."""
    files: dict[str, int] = {}
    missing = []
    for name in names:
        try:
            with default_storage.open(name) as source, archive.open(f"files/{name}", "w", force_zip64=True) as out:
                files[name] = sum(out.write(chunk) for chunk in source.chunks())
        except OSError:
            missing.append(name)
    return files, missing


def _line(row: Any) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    """What JSON does not know, to the last microsecond: the log's digests depend on it."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    raise TypeError(f"cannot back up {type(value).__name__}")
