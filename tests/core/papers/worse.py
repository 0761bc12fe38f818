"""Another year's papers, worse kept: the folder of 2022 moved by a year, then damaged as people damage papers.

`another_year` loads the papers; each function of `HARMLESS` changes how they are written and not
what they say, so whoever reads them by meaning must read the same. `write` puts them on disk.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import PatternFill

FOLDER = Path(__file__).resolve().parents[3] / "data" / "hanbin-2022"
NAMES = (
    "units", "members", "studios", "proposals", "receptions", "activities", "window_units", "sentiment",
    "consultations",
)  # fmt: skip
UNMOVED = {"出生年月", "成立日期"}
"""Columns whose years belong to a person or a body, not to the year of the papers."""

Row = dict[str, Any]


@dataclass
class Paper:
    """One file: headings and rows, and what stands around them."""

    name: str
    sheet: str
    headings: list[str]
    rows: list[Row]
    file: str = ""
    titles: list[list[Any]] = field(default_factory=list)
    """Rows above the header."""
    upper: dict[str, str] = field(default_factory=dict)
    """Heading to the words above it, in a header of two rows."""
    shown: dict[str, str] = field(default_factory=dict)
    """Heading to what is written instead."""
    sheets: list[tuple[str, list[list[Any]]]] = field(default_factory=list)
    """Further sheets as they stand."""
    split: Callable[[Row], str] | None = None
    """Which sheet a row stands in."""
    ending: str = "xlsx"
    encoding: str = "utf-8-sig"
    empty_rows: int = 0
    hide: bool = False

    def grid(self, rows: list[Row]) -> list[list[Any]]:
        """Titles, header and rows as a sheet shows them."""
        header = [[self.shown.get(name, name) for name in self.headings]]
        if self.upper:
            above = [self.upper.get(name, self.shown.get(name, name)) for name in self.headings]
            below = [self.shown.get(name, name) if name in self.upper else None for name in self.headings]
            # A merged heading stands in its first cell only.
            above = [None if at and word == above[at - 1] else word for at, word in enumerate(above)]
            header = [above, below]
        return [*self.titles, *header, *([row.get(name) for name in self.headings] for row in rows)]


Papers = dict[str, Paper]


def another_year(year: int = 2023, only: tuple[str, ...] = NAMES, rows: int | None = None) -> Papers:
    """The papers of 2022 as those of another year; of each at most so many `rows`."""
    return {name: _load(name, year - 2022, rows) for name in only}


def _load(name: str, by: int, limit: int | None) -> Paper:
    sheet = openpyxl.load_workbook(FOLDER / f"{name}.xlsx").worksheets[0]
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    at = 1 if name == "receptions" else 0
    headings = [str(word) for word in lines[at]]
    rows = [
        {head: value if head in UNMOVED else _moved(value, by) for head, value in zip(headings, line, strict=False)}
        for line in lines[at + 1 :]
        if any(value is not None for value in line)
    ]
    titles = [[_moved(value, by) for value in line] for line in lines[:at]]
    return Paper(name, sheet.title, headings, rows[:limit], f"{name}.xlsx", titles)


def _moved(value: Any, by: int) -> Any:
    if isinstance(value, dt.datetime):
        return value.replace(year=value.year + by)
    if isinstance(value, str):
        return re.sub(r"20[2３２]\d", lambda m: str(int(m[0]) + by), value)
    return value


def write(papers: Papers, folder: Path) -> Path:
    """Put the papers into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in papers.values():
        path = folder / paper.file
        path.write_bytes(as_csv(paper) if paper.ending == "csv" else as_xlsx(paper))
    return folder


def as_csv(paper: Paper) -> bytes:
    """A paper as text, dates as Excel writes them into such files."""
    out = io.StringIO(newline="")
    delimiter = "\t" if paper.encoding == "utf-16" else ","
    rows = paper.grid(paper.rows)
    csv.writer(out, delimiter=delimiter).writerows(
        [f"{v.year}/{v.month}/{v.day}" if isinstance(v, dt.datetime) else v for v in row] for row in rows
    )
    return out.getvalue().encode(paper.encoding)


def as_xlsx(paper: Paper) -> bytes:
    """A paper as a workbook with its further sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    parts: dict[str, list[Row]] = {}
    for row in paper.rows:
        parts.setdefault(paper.split(row) if paper.split else paper.sheet, []).append(row)
    for title, rows in parts.items():
        sheet = book.create_sheet(title)
        for line in paper.grid(rows):
            sheet.append(line)
        _merge_header(sheet, paper)
        if paper.empty_rows:
            _format_empty(sheet, paper.empty_rows)
        if paper.hide:
            for number in range(len(paper.titles) + 3, len(paper.titles) + 6):
                sheet.row_dimensions[number].hidden = True
            sheet.column_dimensions["B"].hidden = True
    for title, lines in paper.sheets:
        sheet = book.create_sheet(title, 0 if title == "说明" else None)
        for line in lines:
            sheet.append(line)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _merge_header(sheet: Any, paper: Paper) -> None:
    top, width = len(paper.titles) + 1, len(paper.headings)
    for number, title in enumerate(paper.titles, start=1):
        if len(title) == 1 and width > 1:
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
    if not paper.upper:
        return
    at = 0
    while at < width:
        above = paper.upper.get(paper.headings[at])
        end = at
        while above and end + 1 < width and paper.upper.get(paper.headings[end + 1]) == above:
            end += 1
        if above and end > at:
            sheet.merge_cells(start_row=top, end_row=top, start_column=at + 1, end_column=end + 1)
        elif not above:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=at + 1, end_column=at + 1)
        at = end + 1


def _format_empty(sheet: Any, count: int) -> None:
    fill, first = PatternFill("solid", fgColor="FFEEEEEE"), sheet.max_row + 1
    for number in range(first, first + count):
        sheet.cell(number, 1).fill = fill


# --- what people do to papers -----------------------------------------------------

HARMLESS: dict[str, Callable[[Papers, random.Random], None]] = {}


def harmless(function: Callable[[Papers, random.Random], None]) -> Callable[[Papers, random.Random], None]:
    """Register a change that leaves what the papers say."""
    HARMLESS[function.__name__] = function
    return function


OTHER_HEADINGS: dict[str, dict[str, str]] = {
    "units": {"单位名称": "单位全称", "简称": "常用简称", "联系人职务": "联络员", "联系电话": "办公电话"},
    "members": {
        "委员编号": "编号", "姓名": "委员姓名", "手机号": "联系方式", "工作单位及职务": "单位职务",
        "所属工作室": "所在工作室", "出生年月": "出生年月日", "界别": "所属界别", "是否常委": "常委", "届次": "届别",
    },
    "studios": {"工作室名称": "名称", "召集人": "负责人", "地点": "地址", "成立日期": "成立时间", "成员编号": "成员委员编号"},
    "proposals": {
        "案号": "提案编号", "案由": "案由（标题）", "提案人": "第一提案人", "附议人": "联名人", "联系电话": "手机",
        "提交日期": "提交时间", "提案内容": "提案正文", "审查意见": "审查结果", "主办单位": "承办单位(主办)",
        "会办单位": "协办单位", "交办日期": "交办时间", "签收日期": "签收时间", "答复日期": "办复时间",
        "答复文号": "发文字号", "答复类别": "答复分类", "办理结果": "对办理结果", "办理态度": "对办理态度",
        "承诺完成时间": "承诺时限", "是否重点": "重点提案", "备注": "备 注",
    },
    "receptions": {
        "工作室": "委员工作室", "接待日期": "来访日期", "来访群众": "来访人", "反映事项": "反映问题", "接待委员": "值班委员",
        "处理方式": "办理方式", "办结日期": "办结时间", "群众评价": "满意度",
    },
    "activities": {"日期": "活动日期", "类别": "活动类别", "名称": "活动名称", "参加委员编号": "参加委员", "人数": "参加人数"},
    "window_units": {"窗口单位": "派驻单位", "民主监督员": "监督员", "委员编号": "监督员编号", "聘期": "聘任期限"},
    "sentiment": {"编号": "来稿编号", "标题": "信息标题", "反映人": "作者", "刊发期号": "期号", "采用层级": "采用级别"},
    "consultations": {"题目": "协商议题", "形式": "协商形式", "日期": "协商时间", "意见建议条数": "建议条数", "报送日期": "报送时间"},
}  # fmt: skip


@harmless
def other_headings(papers: Papers, rng: random.Random) -> None:
    """Headings in other words."""
    for paper in papers.values():
        paper.shown |= OTHER_HEADINGS[paper.name]


@harmless
def odd_headings(papers: Papers, rng: random.Random) -> None:
    """Headings with breaks, spaces, stars and colons in them."""
    for paper in papers.values():
        for name in paper.headings:
            word = paper.shown.get(name, name)
            cut = len(word) // 2
            form = rng.choice((f"{word[:cut]}\n{word[cut:]}", f" {word[:1]}　{word[1:]} ", f"*{word}", f"{word}："))
            paper.shown[name] = form


@harmless
def shuffled_columns(papers: Papers, rng: random.Random) -> None:
    """Columns in any order."""
    for paper in papers.values():
        rng.shuffle(paper.headings)


@harmless
def titles_above(papers: Papers, rng: random.Random) -> None:
    """Title and notes above the header."""
    for paper in papers.values():
        paper.titles = [
            [f"2023年{paper.sheet}登记表"],
            ["填表单位：区政协办公室    填表时间：2023年12月20日    单位：件"],
            *([[]] if rng.random() < 0.5 else []),
        ]


@harmless
def header_of_two_rows(papers: Papers, rng: random.Random) -> None:
    """A merged heading above its parts."""
    if "proposals" not in papers:
        return
    paper = papers["proposals"]
    paper.upper |= {"办理态度": "办理意见", "办理结果": "办理意见"}
    paper.shown |= {"办理态度": "态度", "办理结果": "结果"}
    group = ("答复日期", "答复文号", "答复类别")
    paper.upper |= dict.fromkeys(group, "答复情况")
    paper.shown |= dict(zip(group, ("日期", "文号", "类别"), strict=True))
    group = ("主办单位", "会办单位")
    paper.upper |= dict.fromkeys(group, "承办单位")
    paper.shown |= dict(zip(group, ("主办", "会办"), strict=True))
    together = ("办理态度", "办理结果", "答复日期", "答复文号", "答复类别", "主办单位", "会办单位")
    paper.headings = [name for name in paper.headings if name not in together] + list(together)


@harmless
def further_columns(papers: Papers, rng: random.Random) -> None:
    """Columns that nobody asked for."""
    for paper in papers.values():
        for extra in ("录入人", "页码", "存档盒号", "核对"):
            paper.headings.insert(rng.randrange(len(paper.headings) + 1), extra)
            for row in paper.rows:
                row[extra] = rng.choice(("张", "√", 3, "已核", None))


@harmless
def further_sheets(papers: Papers, rng: random.Random) -> None:
    """Sheets that explain, and sheets that sum up."""
    for paper in papers.values():
        paper.sheets += [
            ("说明", [["填表说明"], ["一、本表由办公室填写。"], ["二、日期写成年月日。"]]),
            ("汇总", [["承办单位", "件数", "满意"], ["区水利局", 12, 12], ["区财政局", 9, 9], ["合计", 21, 21]]),
            ("Sheet3", []),
        ]


@harmless
def months_in_sheets(papers: Papers, rng: random.Random) -> None:
    """A register in one sheet for each month, and the rolls in two."""
    for name, head in (("proposals", "提交日期"), ("activities", "日期"), ("receptions", "接待日期")):
        if name in papers:
            papers[name].split = lambda row, head=head: _month(row.get(head))
    for name in ("members", "units"):
        if name in papers:
            half = {id(row) for row in papers[name].rows[::2]}
            papers[name].split = lambda row, half=half: "上" if id(row) in half else "下"


def _month(value: Any) -> str:
    found = re.findall(r"\d+", str(value))
    return f"{int(found[1])}月" if len(found) > 1 else "其他"


@harmless
def blank_rows(papers: Papers, rng: random.Random) -> None:
    """Blank rows anywhere."""
    for paper in papers.values():
        for _ in range(5):
            paper.rows.insert(rng.randrange(len(paper.rows) + 1), {})


@harmless
def subtotals(papers: Papers, rng: random.Random) -> None:
    """Sums in the middle and at the end."""
    for paper in papers.values():
        first, second, last = paper.headings[0], paper.headings[1], paper.headings[-2]
        for words in ({first: "小计", last: 12}, {second: "1—3月小计"}, {first: "第一季度合计：", second: "32件"}):
            paper.rows.insert(rng.randrange(1, len(paper.rows)), dict(words))
        paper.rows.append({first: "总 计", second: len(paper.rows)})
        paper.rows.append({first: "制表：办公室"})


@harmless
def header_again(papers: Papers, rng: random.Random) -> None:
    """The header printed on every page."""
    for paper in papers.values():
        at = rng.randrange(1, len(paper.rows))
        paper.rows.insert(at, {name: paper.shown.get(name, name) for name in paper.headings})


@harmless
def other_file_names(papers: Papers, rng: random.Random) -> None:
    """Files called as people call them."""
    names = {
        "units": "承办单位（含电话）.xlsx", "members": "委员名单.xlsx", "studios": "工作室一览.xlsx",
        "proposals": "2023年提案登记表.xlsx", "receptions": "接待日台账-最终版.xlsx", "activities": "2023履职.xlsx",
        "window_units": "民主监督员派驻表.xlsx", "sentiment": "社情民意2023(1).xlsx", "consultations": "协商.xlsx",
    }  # fmt: skip
    for paper in papers.values():
        paper.file = names[paper.name]


def _dates(papers: Papers, rng: random.Random, forms: tuple[Callable[[dt.datetime], Any], ...]) -> None:
    for paper in papers.values():
        for row in paper.rows:
            for head, value in row.items():
                if isinstance(value, dt.datetime) and head not in UNMOVED:
                    row[head] = rng.choice(forms)(value)


@harmless
def dates_in_words(papers: Papers, rng: random.Random) -> None:
    """Dates as text of every kind that names the year."""
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    digits = "〇一二三四五六七八九"
    _dates(
        papers,
        rng,
        (
            lambda d: f"{d.year}.{d.month}.{d.day}",
            lambda d: f"{d.year}．{d.month}．{d.day}",
            lambda d: f"{d.year}／{d.month}／{d.day}",
            lambda d: f"{d.year}－{d.month}－{d.day}",
            lambda d: f"{d.year}年{d.month}月{d.day}日上午",
            lambda d: f"{d.year}-{d.month:02}-{d.day:02} 上午 9:30",
            lambda d: f"{d.year}/{d.month}/{d.day} 9:30:00 AM",
            lambda d: f"{d.year}/{d.month}/{d.day} 0:00",
            lambda d: f"{d:%Y%m%d}",
            lambda d: f"{d.year}年{d.month}月{d.day}日（星期{'一二三四五六日'[d.weekday()]}）",
            lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
            lambda d: f"{d.year}年{d.month}月{d.day}日".translate(full),
            lambda d: "".join(digits[int(c)] for c in str(d.year)) + f"年{d.month}月{d.day}日",
            lambda d: f"{d.year}\u00a0年{d.month}\u200b月{d.day}日\u200e",
            lambda d: f"'{d.year}-{d.month}-{d.day}",
        ),
    )


@harmless
def dates_without_year(papers: Papers, rng: random.Random) -> None:
    """Dates in short, which only the papers' year completes."""
    year = 2023
    _dates(
        papers,
        rng,
        (
            lambda d: f"{d.month}月{d.day}日" if d.year == year else d,
            lambda d: f"{d.month}月{d.day}号" if d.year == year else d,
            lambda d: f"{d:%y}/{d.month}/{d.day}",
            lambda d: f"{d:%y}.{d.month}.{d.day}",
            lambda d: f"{d:%y}年{d.month}月{d.day}日",
        ),
    )


@harmless
def dates_as_numbers(papers: Papers, rng: random.Random) -> None:
    """Dates as numbers: of the calendar, and Excel's own count of days."""
    _dates(
        papers,
        rng,
        (
            lambda d: int(f"{d:%Y%m%d}"),
            lambda d: (d - dt.datetime(1899, 12, 30)).days,
            lambda d: str((d - dt.datetime(1899, 12, 30)).days),
            lambda d: float((d - dt.datetime(1899, 12, 30)).days) + 0.375,
            lambda d: f"{(d - dt.datetime(1899, 12, 30)).days}.0",
        ),
    )


@harmless
def invisible_characters(papers: Papers, rng: random.Random) -> None:
    """Spaces and signs that nobody sees, and full-width digits."""
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    for paper in papers.values():
        for row in paper.rows:
            for head, value in row.items():
                if not isinstance(value, str) or len(value) > 60 or not value.strip():
                    continue
                if rng.random() < 0.3:
                    row[head] = rng.choice(
                        (f"\u200b{value}", f"{value}\u00a0", f"\ufeff{value}\u3000", f"{value}\u200e", value + "\n")
                    )
                elif rng.random() < 0.2:
                    row[head] = value.translate(full)


@harmless
def numbers_as_floats(papers: Papers, rng: random.Random) -> None:
    """Whole numbers with a point, and case numbers as bare numbers."""
    for paper in papers.values():
        for row in paper.rows:
            for head, value in row.items():
                if isinstance(value, int) and head not in ("手机号", "联系电话"):
                    row[head] = rng.choice((float(value), f"{value}.0", str(value)))
            if (number := row.get("案号")) and paper.name == "proposals":
                serial = int(re.sub(r"\D", "", str(number)))
                row["案号"] = rng.choice((serial, float(serial), f"{serial}.0", f"{serial}号", f"十六届二次第{serial}号", f"NO.{serial:03}"))  # fmt: skip


@harmless
def phones_in_any_way(papers: Papers, rng: random.Random) -> None:
    """Mobile numbers with spaces, prefixes and words."""
    for name, head in (("members", "手机号"), ("proposals", "联系电话")):
        for row in papers[name].rows if name in papers else ():
            digits = re.sub(r"\D", "", str(row.get(head) or ""))
            if len(digits) == 11 and digits.startswith("1"):
                row[head] = rng.choice(
                    (
                        f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"+86{digits}", f"+86 {digits[:3]}-{digits[3:7]}-{digits[7:]}",
                        f"0086{digits}", float(digits), f"手机：{digits}", f"{digits}（手机）", f"{digits}.0", f"电话{digits}",
                    )
                )  # fmt: skip


@harmless
def units_in_one_cell(papers: Papers, rng: random.Random) -> None:
    """Lead and support units together in one column."""
    if "proposals" not in papers:
        return
    paper = papers["proposals"]
    paper.shown["主办单位"] = "承办单位"
    paper.headings.remove("会办单位")
    for row in paper.rows:
        lead, support = row.get("主办单位"), row.pop("会办单位", None)
        if not lead:
            continue
        others = [part for part in re.split(r"[、，,;；/\s\n]+", str(support or "")) if part]
        if not others:
            row["主办单位"] = rng.choice((lead, f"{lead}（主办）", f"{lead}主办", f"主办：{lead}", f"{lead}(单办)"))
            continue
        marked = "、".join(f"{one}（会办）" for one in others)
        row["主办单位"] = rng.choice(
            (
                f"{lead}（主办）、{marked}", f"主办：{lead}；会办：{'、'.join(others)}", f"{lead}牵头，{'、'.join(others)}配合",
                f"{lead}主办，{'、'.join(others)}会办", f"由{lead}牵头办理\n{'、'.join(others)}协办", f"主办单位:{lead}\n协办单位:{'，'.join(others)}",
                f"牵头单位：{lead}；配合单位：{'、'.join(others)}",
            )
        )  # fmt: skip


@harmless
def decisions_in_other_words(papers: Papers, rng: random.Random) -> None:
    """Decisions, ratings and marks in the words of other offices."""
    words: dict[str, dict[str, tuple[Any, ...]]] = {
        "proposals": {
            "审查意见": {"立案": ("准予立案", "同意立案", "已立案", "予以立案", "立案。", "立案交办", "审查立案")},
            "办理态度": {"满意": ("很满意", "非常满意", "满意。", "满 意"), "基本满意": ("较满意", "比较满意")},
            "办理结果": {"满意": ("很满意", "非常满意", "满意。", "满 意"), "基本满意": ("较满意", "比较满意")},
            "答复类别": {"A": ("A类", "a", "Ａ", "A 类", "A类（已解决）"), "B": ("B类", "b", "Ｂ类"), "C": ("C类", "c")},
            "是否重点": {"是": ("√", "✓", "重点", "是。"), "否": ("×", "否", "")},
            "是否公开": {"是": ("√", "公开", "同意公开"), "否": ("不公开", "×", "否")},
        },
        "members": {"是否常委": {"是": ("√", "✔", "常委", True), "否": ("", "否", False)}},
    }  # fmt: skip
    for name, columns in words.items():
        for row in papers[name].rows if name in papers else ():
            for head, forms in columns.items():
                if (value := row.get(head)) in forms:
                    row[head] = rng.choice(forms[value])


@harmless
def names_in_any_way(papers: Papers, rng: random.Random) -> None:
    """Names spaced out, with 委员 behind, and co-signers in the proposer's cell."""
    if "proposals" not in papers:
        return
    for row in papers["proposals"].rows:
        name = str(row.get("提案人") or "").strip()
        if row.get("提案人类别") not in ("委员", "联名") or not 2 <= len(name) <= 3:
            continue
        if row.get("附议人") and rng.random() < 0.3:
            row["提案人"], row["附议人"] = f"{name}、{str(row['附议人']).strip()}", None
        else:
            spaced = f"{name[0]}　{name[1]}" if len(name) == 2 else name
            row["提案人"] = rng.choice((spaced, f"{name}委员", f"委员{name}", f"{name} ", f"{name}（委员）"))


@harmless
def csv_of_gbk(papers: Papers, rng: random.Random) -> None:
    """Some papers as text files in the old encoding."""
    for name in ("members", "proposals", "receptions"):
        if name in papers:
            papers[name].ending, papers[name].encoding, papers[name].file = "csv", "gb18030", f"{name}.csv"


@harmless
def csv_of_utf16(papers: Papers, rng: random.Random) -> None:
    """Some papers as Excel's “Unicode text”."""
    for name in ("units", "activities"):
        if name in papers:
            papers[name].ending, papers[name].encoding, papers[name].file = "csv", "utf-16", f"{name}.txt"


@harmless
def formatted_to_the_end(papers: Papers, rng: random.Random) -> None:
    """Thousands of empty rows that bear a format."""
    for paper in papers.values():
        paper.empty_rows = 3000


@harmless
def hidden_rows_and_columns(papers: Papers, rng: random.Random) -> None:
    """Rows and columns that a filter hides."""
    for paper in papers.values():
        paper.hide = True
