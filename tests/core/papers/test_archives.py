"""A packed folder is opened within bounds, by content, and its names are only data."""

import io
import zipfile

import pytest

from core.errors import Refusal
from core.papers import archives
from tests.core.papers.books import book

SHEET = book(("单位", [["单位名称", "简称", "类别"]])).getvalue()


def packed(members, *, password_flag=False):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    if password_flag:
        raw = bytearray(data.getvalue())
        at = raw.find(b"PK\x01\x02")
        raw[at + 8] |= 1
        data = io.BytesIO(bytes(raw))
    data.seek(0)
    return data


def unpack(data, **limits):
    return archives.unpack(data, "底稿.zip", **({"most_files": 200, "most_bytes": 10**8} | limits))


def test_packed_folder_is_told_from_a_workbook():
    assert archives.is_folder(packed([("a/b.xlsx", SHEET)]))
    for other in (SHEET, b"PK\x03\x04junk", b"", b"hello"):
        assert not archives.is_folder(io.BytesIO(other))


def test_unpack_takes_spreadsheets_by_their_own_names_and_names_the_rest():
    found = unpack(
        packed(
            [
                ("2023/", b""), ("2023/单位.xlsx", SHEET), ("2023/一月/登记.csv", b"a,b"), ("2023/二月/登记.csv", b"c,d"),
                ("../../etc/逃.xls", b"x"), ("__MACOSX/2023/._单位.xlsx", b"x"), ("2023/~$单位.xlsx", b"x"), ("2023/说明.docx", b"x"),
            ]
        )
    )  # fmt: skip
    assert found.files == {"单位.xlsx": SHEET, "登记.csv": b"a,b", "二月_登记.csv": b"c,d", "逃.xls": b"x"}
    assert found.left_out == ["说明.docx"]


def test_unpack_reads_names_that_windows_wrote_in_gbk():
    # As Windows does: bytes of GBK, and nothing that says so.
    raw = packed([("xx.csv", b"a,b")]).getvalue().replace(b"xx.csv", "单".encode("gbk") + b".csv")
    assert list(unpack(io.BytesIO(raw)).files) == ["单.csv"]


@pytest.mark.parametrize(
    ("data", "limits", "says"),
    [
        (lambda: packed([("a.docx", b"x")]), {}, "没有表格"),
        (lambda: packed([("a.csv", b"x"), ("b.csv", b"x")]), {"most_files": 1}, "超过1个"),
        (lambda: packed([("a.csv", b"x" * 3_000_000)]), {"most_bytes": 2_000_000}, "解开超过1MB"),
        (lambda: packed([("a.csv", b"x")], password_flag=True), {}, "设了密码"),
        (lambda: io.BytesIO(packed([("a.csv", b"x" * 99)]).getvalue()[:-30]), {}, "打不开"),
    ],
)
def test_unpack_refuses_with_what_to_do(data, limits, says):
    with pytest.raises(Refusal, match=says) as refused:
        unpack(data(), **limits)
    assert refused.value.field == "papers"
