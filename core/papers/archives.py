"""Take the spreadsheets out of a packed folder (.zip 压缩包): by content, within bounds, nothing else.

Nothing is written to disk by the names in the archive; a name is data.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from core.attachments import clean_name
from core.errors import Refusal
from core.papers.importing import SHEET_SUFFIXES
from core.papers.workbooks import MAX_FILE_BYTES

MOST_MEMBERS = 2000


@dataclass
class Unpacked:
    """What a packed folder holds: spreadsheets by name, and the names of what is none."""

    files: dict[str, bytes] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def is_folder(file: Any) -> bool:
    """Whether a file is a packed folder and not a workbook, which is an archive too."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head not in (b"PK\x03\x04", b"PK\x05\x06"):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            names = {info.filename for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    finally:
        file.seek(0)
    return not names & {"[Content_Types].xml", "content.xml", "mimetype"}


def unpack(file: Any, name: str, *, most_files: int, most_bytes: int) -> Unpacked:
    """The spreadsheets of a packed folder; raises ``Refusal`` for a broken, locked or oversized one."""
    found = Unpacked()
    try:
        with zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise _refused(f"“{name}”里有{len(members)}个文件，太多了，请只压缩要导入的表格。")
            taken = 0
            for info in members:
                path = PurePosixPath(_name(info).replace("\\", "/"))
                if "__MACOSX" in path.parts or path.name.startswith(("~$", ".")):
                    continue
                if path.suffix.lower() not in SHEET_SUFFIXES:
                    found.left_out.append(clean_name(path.name))
                    continue
                if info.flag_bits & 0x1:
                    raise _refused(f"“{name}”设了密码，请取消密码、重新压缩后再传。")
                if len(found.files) == most_files:
                    raise _refused(f"“{name}”里的表格超过{most_files}个，请分几次。")
                content = _content(archive, info, min(MAX_FILE_BYTES, most_bytes - taken))
                taken += len(content)
                if taken > most_bytes:
                    raise _refused(f"“{name}”解开超过{most_bytes // 1024 // 1024}MB，请分几次。")
                found.files[_free(found, path)] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise _refused(f"“{name}”打不开，可能没有传完或已损坏，请重新压缩后再传。") from error
    if not found.files:
        raise _refused(f"“{name}”里没有表格（.xlsx、.xls 或 .csv）。")
    return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """At most one byte more than allowed is unpacked, whatever size the archive claims."""
    out = io.BytesIO()
    with archive.open(info) as member:
        while len(chunk := member.read(64 * 1024)) and out.tell() <= most:
            out.write(chunk)
    return out.getvalue()


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; archives made by Windows write it in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _free(found: Unpacked, path: PurePosixPath) -> str:
    """The file's own name; with its folder's before it where two folders hold one of that name."""
    name = clean_name(path.name)
    if name in found.files and path.parent.name:
        name = clean_name(f"{path.parent.name}_{path.name}")
    at = 2
    plain = name
    while name in found.files:
        stem, dot, ending = plain.rpartition(".")
        name, at = f"{stem}({at}){dot}{ending}", at + 1
    return name


def _refused(message: str) -> Refusal:
    return Refusal(message, field="papers")
