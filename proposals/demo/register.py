"""Registers of the last and the present session for the demo world 演示登记册, so that years can be compared.

They are written as the spreadsheet that an office would keep, and taken by the importer like any
other papers: what a row proves by today is what it says. For development only.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

from core import workdays
from core.papers.importing import import_papers
from members.models import Member, Session
from proposals.demo.register_texts import RECURRING, Recurring
from proposals.models import Proposal

HEADERS = (
    "序号", "案号", "案由", "提案人", "提案人类别", "界别", "附议人", "提交日期", "类别", "提案内容", "审查意见", "是否重点", "领衔督办",
    "主办单位", "交办日期", "签收日期", "答复日期", "答复文号", "答复类别", "承诺完成时间", "办理态度", "办理结果", "是否公开", "备注",
)  # fmt: skip
PLACES = (
    "五里镇", "恒口镇", "关庙镇", "张滩镇", "瀛湖镇", "吉河镇", "流水镇", "大竹园镇", "洪山镇", "茨沟镇", "大河镇", "双龙镇", "早阳镇",
    "石梯镇", "县河镇", "老城街道", "新城街道", "江北街道", "建民街道",
)  # fmt: skip
PER_MATTER = {"last": 5, "present": 4}
SLOW = 17  # in the present year every seventeenth case waits for its reply


def seed(today: date) -> int:
    """Take the registers that are not there yet; returns how many proposals that made."""
    present = Session.objects.filter(is_current=True).first()
    if present is None:
        return 0
    last = Session.objects.filter(opens__lt=present.opens).order_by("-opens").first()
    made = 0
    for session, name in ((last, "last"), (present, "present")):
        # 2022 has real papers; a year that was seeded before is left as it has become.
        if session and session.year != 2022 and not _is_there(session):
            made += _take(session, today, PER_MATTER[name], complete=name == "last")
    return made


def _is_there(session: Session) -> bool:
    return Proposal.objects.filter(source_key__startswith=f"{session.year}-").exists()


def _take(session: Session, today: date, per_matter: int, *, complete: bool) -> int:
    file = io.BytesIO()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("提案登记")
    sheet.append(HEADERS)
    for row in rows(session, today, per_matter, complete=complete):
        sheet.append([row.get(name) for name in HEADERS])
    book.save(file)
    file.seek(0)
    name = f"{session.year}年提案登记.xlsx"
    return import_papers({name: file}, year=session.year, actor=None).files[name].created


def rows(session: Session, today: date, per_matter: int, *, complete: bool) -> Iterator[dict[str, Any]]:
    """The register of a session as it stands ``today``; the same for the same session."""
    rnd = random.Random(session.year)  # noqa: S311  (a repeatable world, no secret)
    members = list(Member.objects.filter(is_active=True, user=None).select_related("sector").order_by("code"))
    matters = [(matter, place) for matter in RECURRING for place in rnd.sample(PLACES, per_matter)]
    rnd.shuffle(matters)
    number = 0
    for serial, (matter, place) in enumerate(matters, 1):
        row = _received(serial, session, matter, place, rnd.choice(members), rnd)
        if row["提交日期"] > today:
            continue
        if rnd.random() < 0.12:
            row |= {
                "审查意见": rnd.choice(("转为社情民意", "不予立案", "退回修改")),
                "备注": "与已在办理的事项重复或不够具体",
            }
        else:
            number += 1
            row |= {"案号": f"第{number:03d}号", "审查意见": "立案"}
            row |= _handled(number, session, matter, today, rnd, complete=complete)
        yield row


def _received(serial: int, session: Session, matter: Recurring, place: str, author: Member, rnd) -> dict[str, Any]:
    asks = "\n".join(f"{at}.{ask}。" for at, ask in enumerate(matter.asks, 1))
    return {
        "序号": serial,
        "案由": matter.title.format(place=place),
        "提案人": author.name,
        "提案人类别": "委员",
        "界别": author.sector.name if author.sector else None,
        "提交日期": session.opens - timedelta(days=rnd.randrange(2, 40)),
        "类别": matter.category,
        "提案内容": f"一、基本情况\n{matter.situation.format(place=place)}\n二、建议\n{asks}",
        "是否重点": "否",
        "是否公开": "是" if rnd.random() < 0.85 else "否",
    }


def _handled(
    number: int, session: Session, matter: Recurring, today: date, rnd: random.Random, *, complete: bool
) -> dict[str, Any]:
    """What the units did by ``today``: handed over in March, most replied between April and June."""
    assigned = _workday(session.closes + timedelta(days=rnd.randrange(18, 27)))
    signed, replied = (
        _workday(assigned + timedelta(days=rnd.randrange(1, 4))),
        _workday(assigned + timedelta(days=rnd.randrange(35, 86))),
    )
    row: dict[str, Any] = {"主办单位": matter.unit}
    if number % 23 == 0:
        row |= {"是否重点": "是", "领衔督办": "区政协副主席"}
    if assigned <= today:
        row["交办日期"] = assigned
    if signed <= today:
        row["签收日期"] = signed
    if replied > today or (not complete and number % SLOW == 0):
        return row
    letter = rnd.choices("ABC", (62, 28, 10))[0]
    row |= {"答复日期": replied, "答复类别": letter, "答复文号": f"汉函〔{session.year}〕{number}号"}
    if letter == "B":
        row["承诺完成时间"] = _workday(date(session.year, 12, 20))
    if replied + timedelta(days=20) <= today:
        result = rnd.choices(("满意", "基本满意"), (78, 22) if complete else (84, 16))[0]
        row |= {"办理态度": "满意", "办理结果": result}
    return row


def _workday(day: date) -> date:
    """The day itself, or the next working day."""
    return day if workdays.is_workday(day) else workdays.add_working_days(day, 1).due
