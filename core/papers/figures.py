"""Figures of the yearly report (年度统计): what each is called, and which app computes it.

An app registers a function of the year for each key that it knows; nothing here is a constant.
A figure that no app computes yet, or that the year has no data for, is left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal

REPORT = {
    "proposals_submitted": "提交提案（件）",
    "proposals_filed": "立案提案（件）",
    "key_proposals": "重点提案（件）",
    "supervision_batches": "联合督办批次",
    "proposals_answered": "已答复提案（件）",
    "closed_rate": "办结率（%）",
    "satisfied_rate": "满意率（%）",
    "joint_proposals": "联名提案（件）",
    "sentiment_submitted": "社情民意来稿（篇）",
    "sentiment_issues": "社情民意信息刊发期数",
    "sentiment_issues_answered": "已答复办理的期数",
    "sentiment_adopted": "社情民意采用篇数",
    "members": "委员数",
    "standing_members": "常委数",
    "studios": "委员工作室（个）",
    "members_in_studios": "编入工作室的委员",
    "receptions": "工作室接待来访（人次）",
    "window_units": "派驻民主监督员的窗口单位（家）",
    "supervisors": "派驻民主监督员（名）",
    "standing_committee_topics": "专题议政性常委会（次）",
    "consultation_sessions": "专题、界别、对口协商（场次）",
    "micro_consultations": "微协商和一线协商（场次）",
    "network_consultations": "网络议政（次）",
    "consultation_suggestions": "协商意见建议（条）",
    "study_sessions": "党组理论学习中心组集中学习（次）",
    "trainings": "培训（次）",
    "inspections": "视察（次）",
    "research": "调研（次）",
    "essays": "征文（篇）",
    "essay_authors": "征文作者（委员）",
    "reading_videos": "读书视频（个）",
    "short_videos": "履职短视频（个）",
    "exchanges": "交流活动（场次）",
    "donation_members": "公益捐赠委员数",
    "donation_amount": "公益捐赠金额（元）",
    "gift_books": "互赠文史资料（册）",
    "assigned_staff": "中心工作选派干部（人次）",
    "articles": "门户文章（篇）",
}
"""Every figure of the report in its order, with its Chinese name."""


@dataclass(frozen=True)
class Figure:
    """One figure of one year."""

    key: str
    label: str
    value: Number

    @property
    def shown(self) -> str:
        """The value as a report writes it: thousands parted, no empty decimals."""
        value = self.value
        return f"{value:,.1f}".removesuffix(".0") if isinstance(value, (float, Decimal)) else f"{value:,}"


_providers: dict[str, Callable[[int], Number | None]] = {}


def provide(key: str, compute: Callable[[int], Number | None]) -> None:
    """Let ``compute(year)`` give the figure of a key of REPORT; None means the year has no data."""
    if key not in REPORT:
        raise ValueError(f"没有这项统计：{key}")
    _providers[key] = compute


def of_year(year: int) -> tuple[list[Figure], list[str]]:
    """The figures of a year in the report's order, and the keys that are left out."""
    found: list[Figure] = []
    missing: list[str] = []
    for key, label in REPORT.items():
        value = _providers[key](year) if key in _providers else None
        if value is None:
            missing.append(key)
        else:
            found.append(Figure(key, label, value))
    return found, missing


def as_text(year: int, figures: Iterable[Figure]) -> str:
    """The figures one a line, as one reads them out."""
    return "\n".join([f"{year}年工作数据", *(f"{figure.label}：{figure.shown}" for figure in figures)]) + "\n"
