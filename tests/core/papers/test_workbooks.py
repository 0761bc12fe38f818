"""Files are opened safely; one that is not what it says is refused with a sentence that helps."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from core.papers import workbooks
from core.papers.workbooks import PaperRefused, open_workbook
from tests.core.papers.books import book, with_part

OLD = Path(__file__).with_name("old.xls")
"""A workbook of the 1997 format with a title, a blank row, a date and a hidden sheet."""
ROWS = [["姓名", "电话"], ["甲", "1"], [None, None], ["乙", "2"]]


def test_open_workbook_keeps_excel_row_numbers_and_counts_blank_rows():
    grid = open_workbook(book(("名册", ROWS)), "a.xlsx")[0]
    assert grid.name == "名册"
    assert sorted(grid.rows) == [1, 2, 4]
    assert grid.blank_rows == 1


def test_open_workbook_reads_every_visible_sheet():
    import openpyxl

    workbook = openpyxl.load_workbook(book(("一", ROWS), ("二", ROWS), ("三", ROWS)))
    workbook["二"].sheet_state = "hidden"
    data = io.BytesIO()
    workbook.save(data)
    assert [grid.name for grid in open_workbook(data, "a.xlsx")] == ["一", "三"]


def test_open_workbook_gives_merged_cells_their_value():
    rows = [["名册", None, None], ["姓名", "单位", "电话"], ["甲", "一局", "1"], ["乙", None, "2"]]
    grid = open_workbook(book(("表", rows), merge=["A1:C1", "B3:B4"]), "a.xlsx")[0]
    assert grid.rows[4] == ["乙", "一局", "2"]
    assert grid.spanning == {1}


def test_open_workbook_names_formulas_that_were_never_computed():
    data = book(("表", [["数", "字"], ["=1+1", "有"]]))
    assert open_workbook(data, "a.xlsx")[0].uncomputed == {(2, 0)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_open_workbook_reads_csv_in_the_usual_encodings(encoding, delimiter):
    content = f'姓名{delimiter}备注\r\n甲{delimiter}"两\r\n行"\r\n\r\n乙{delimiter}无\r\n'.encode(encoding)
    grid = open_workbook(io.BytesIO(content), "a.csv")[0]
    assert grid.rows == {1: ["姓名", "备注"], 2: ["甲", "两\r\n行"], 4: ["乙", "无"]}


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.xlsx", "空文件"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "a.xls", "另存为 .xlsx"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "打开密码"),
        (b"PK\x03\x04" + b"\0" * 60, "a.xlsx", "已损坏"),
        (b"<html><table></table></html>", "a.xls", "其实是网页"),
        (b"hello", "a.xlsx", "不是真正的 Excel"),
        (b"%PDF-1.7", "a.pdf", "不是表格"),
        (b"\x81\x30\xff\xff\xff", "a.csv", "编码认不出来"),
    ],
)
def test_open_workbook_refuses_what_is_no_spreadsheet(content, name, says):
    with pytest.raises(PaperRefused, match=says):
        open_workbook(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("part", "content", "says"),
    [
        ("xl/vbaProject.bin", b"macro", "带有宏"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>', "内部写法不正常"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", "已损坏"),
    ],
)
def test_open_workbook_refuses_archives_with_something_wrong_inside(part, content, says):
    with pytest.raises(PaperRefused, match=says):
        open_workbook(with_part(book(("表", ROWS)), part, content), "a.xlsx")


def test_open_workbook_refuses_a_zip_that_unpacks_too_large(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 50_000)
    bomb = with_part(book(("表", ROWS)), "xl/media/big.bin", b"\0" * 60_000)
    with pytest.raises(PaperRefused, match="大得不正常"):
        open_workbook(bomb, "a.xlsx")


def test_open_workbook_refuses_other_archives_and_sheets_too_long(monkeypatch):
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(PaperRefused, match="不是 Excel 表格"):
        open_workbook(other, "a.docx")
    monkeypatch.setattr(workbooks, "MAX_ROWS", 2)
    with pytest.raises(PaperRefused, match="超过2行"):
        open_workbook(book(("表", ROWS)), "a.xlsx")
    monkeypatch.setattr(workbooks, "MAX_FILE_BYTES", 100)
    with pytest.raises(PaperRefused, match="超过"):
        open_workbook(book(("表", ROWS)), "a.xlsx")


@pytest.mark.parametrize("name", ["old.xls", "old.xlsx", "名录.et"])
def test_open_workbook_reads_an_old_workbook_whatever_it_is_called(name):
    hidden: list[str] = []
    grid = open_workbook(io.BytesIO(OLD.read_bytes()), name, hidden=hidden)[0]
    assert (grid.name, hidden, grid.spanning, grid.blank_rows) == ("单位名录", ["旧表"], {1}, 1)
    assert grid.rows[3] == ["序号", "单位名称", "简称", "类别", "联系电话"]
    assert grid.rows[4][1:3] == ["汉滨区水利局", "区水利局"]
    assert grid.rows[6] == [None, dt.date(2023, 3, 5)]


def test_open_workbook_reads_text_that_is_called_a_workbook():
    content = "姓名\t备注\r\n甲\t一\r\n"
    for data in (content.encode("gb18030"), content.encode("utf-16")):
        assert open_workbook(io.BytesIO(data), "导出.xls")[0].rows == {1: ["姓名", "备注"], 2: ["甲", "一"]}


def test_open_workbook_says_what_is_hidden_and_reads_it():
    import openpyxl

    workbook = openpyxl.load_workbook(book(("一", ROWS)))
    sheet = workbook["一"]
    sheet.row_dimensions[2].hidden = sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    data = io.BytesIO()
    workbook.save(data)
    grid = open_workbook(data, "a.xlsx")[0]
    assert grid.hidden == "1行、1列是隐藏的"
    assert sorted(grid.rows) == [1, 2, 4]


def test_open_workbook_of_a_missing_file_is_refused(tmp_path):
    with pytest.raises(PaperRefused, match="读不出来"):
        open_workbook(tmp_path / "no.xlsx", "no.xlsx")
