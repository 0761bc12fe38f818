"""Attachments 附件: take a file in after looking into it, and say who may read it.

A file is what its first bytes say, not what its name says; both must agree. It is stored under a
random name outside the web root and read only through the permission of the record it belongs to.
"""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from core import audit, options
from core.errors import Refusal
from core.models import Attachment
from core.subjects import load_subject, subject_key

options.declare(
    "files.max_megabytes",
    type="int",
    default=20,
    label="一个附件最多多少MB",
    group="附件",
    minimum=1,
    maximum=200,
)

MOST_ENTRIES = 5_000
"""Parts that an Office file may hold; a file with more is no letter."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, tuple[str, str]] = {
    "pdf": ("pdf", "application/pdf"),
    "jpg": ("jpeg", "image/jpeg"),
    "jpeg": ("jpeg", "image/jpeg"),
    "png": ("png", "image/png"),
    "doc": ("ole", "application/msword"),
    "xls": ("ole", "application/vnd.ms-excel"),
    "wps": ("ole", "application/vnd.ms-works"),
    "docx": ("word", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": ("sheet", f"{_OFFICE}.spreadsheetml.sheet"),
}
"""Endings that are taken: what must be inside, and the content type sent out."""

ACCEPT = ",".join(f".{ending}" for ending in KINDS)
WORDS = "Word、Excel、PDF、图片（JPG、PNG）"

Reader = Callable[[Any, Any], bool]
Root = Callable[[Any], models.Model]
_readers: dict[str, Reader] = {}
_roots: dict[str, Root] = {}


def readable(subject_type: str, reader: Reader, root: Root | None = None) -> None:
    """Let ``reader(user, subject)`` decide who reads the files of records of this type.

    Without a reader the record's own ``visible_to`` decides; without that, nobody reads. ``root``
    gives the case under which files are logged, where that is not the record itself.
    """
    _readers[subject_type] = reader
    if root is not None:
        _roots[subject_type] = root


def may_read(user: Any, attachment: Attachment) -> bool:
    """Whether ``user`` may read the record that the file belongs to."""
    subject = load_subject(attachment.subject_type, attachment.subject_id)
    if subject is None or not user.is_authenticated:
        return False
    if reader := _readers.get(attachment.subject_type):
        return reader(user, subject)
    visible = getattr(type(subject)._default_manager, "visible_to", None)
    return bool(visible and visible(user).filter(pk=subject.pk).exists())


def files_of(subject: models.Model) -> models.QuerySet:
    """The files of a record that were not removed, in the order of arrival."""
    return files_under(*subject_key(subject))


def files_under(subject_type: str, subject_id: Any) -> models.QuerySet:
    """The files not removed of a record named by its key; ``subject_id`` may be an expression."""
    return Attachment.objects.filter(subject_type=subject_type, subject_id=subject_id, removed_at__isnull=True)


def clean_name(name: str) -> str:
    """A file's name without path, control characters and what no system allows in names."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "_", plain).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}" if dot else plain[:160]


def check(upload: UploadedFile) -> tuple[str, str]:
    """The clean name and the content type of an upload, or ``Refusal`` saying what to do."""
    name = clean_name(upload.name or "")
    shown = f"“{name or '没有名字的文件'}”"
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS or "." not in name:
        raise _refused(f"{shown}没有收：只收{WORDS}。请换一种格式再传。")
    limit = options.value("files.max_megabytes")
    size = upload.size or 0
    if size > limit * 1024 * 1024:
        raise _refused(f"{shown}没有收：{size / 1024 / 1024:.0f} MB，一个文件不超过{limit} MB。请换小一点的。")
    if size == 0:
        raise _refused(f"{shown}没有收：里面是空的，请看看选对了没有。")
    wanted, content_type = KINDS[ending]
    found = _inside(upload)
    if found == "macro":
        raise _refused(f"{shown}没有收：里面有宏。请另存为不带宏的文件再传。")
    if found != wanted:
        raise _refused(f"{shown}没有收：名字是{ending}，内容却不是。请用原来的软件另存一次再传。")
    return name, content_type


def _refused(message: str) -> Refusal:
    return Refusal(message, field="files")


def _inside(upload: UploadedFile) -> str:
    """What the bytes say: pdf, jpeg, png, ole, word, sheet, macro, or "" for anything else."""
    upload.seek(0)
    head = upload.read(1024)
    upload.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(b"PK\x03\x04"):
        return _package(upload)
    return ""


def _package(upload: UploadedFile) -> str:
    """Which Office document a zip file is, by its list of parts; nothing is unpacked."""
    try:
        with zipfile.ZipFile(upload) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    finally:
        upload.seek(0)
    if len(names) > MOST_ENTRIES or "[Content_Types].xml" not in names:
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "macro"
    if "word/document.xml" in names:
        return "word"
    return "sheet" if "xl/workbook.xml" in names else ""


@transaction.atomic
def add(
    subject: models.Model,
    upload: UploadedFile,
    *,
    actor: Any,
    kind: str = "attachment",
    most: int | None = None,
) -> Attachment:
    """Take a file in for ``subject``; ``most`` limits how many of this kind it may have.

    The same file given again is the one already there. Raises ``Refusal`` with field "files".
    """
    name, content_type = check(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    # Two uploads at once must not both be the last one allowed.
    type(subject)._base_manager.select_for_update().filter(pk=subject.pk).first()
    present = list(files_of(subject).filter(kind=kind))
    if same := next((row for row in present if row.sha256 == digest.hexdigest()), None):
        return same
    if most is not None and len(present) >= most:
        raise _refused(f"“{name}”没有收：最多{most}个文件，已经有{len(present)}个。请先删去一个。")
    subject_type, subject_id = subject_key(subject)
    row = Attachment(
        subject_type=subject_type,
        subject_id=subject_id,
        kind=kind,
        name=name,
        content_type=content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
    )
    row.file.save(name, upload, save=False)
    row.save()
    audit.record(
        verb="attachment.add",
        summary=f"上传附件《{name}》",
        actor=actor,
        subject=row,
        root=_root(subject),
        detail={"sha256": row.sha256, "size": row.size},
    )
    return row


@transaction.atomic
def remove(attachment: Attachment, *, actor: Any) -> None:
    """Take a file off its record; the bytes are kept with the log's proof of them."""
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at"])
    audit.record(
        verb="attachment.remove",
        summary=f"删去附件《{attachment.name}》",
        actor=actor,
        subject=attachment,
        root=_root(attachment.subject),
    )


def _root(subject: models.Model | None) -> models.Model | None:
    """The case that the record belongs to."""
    if subject is None:
        return None
    root = _roots.get(subject._meta.label_lower)
    return root(subject) if root else subject
