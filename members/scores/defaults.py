"""The rules that a new installation begins with: members as domain rules §4, studios as §5; staff change them.

Only acts that some app declares come in, so that the rules grow with the systems that record.
"""

from typing import Any

from members.duty import acts as duty_acts

Data = list[dict[str, Any]]

_MEMBER_HEADINGS: tuple[tuple[str, str, int, int, tuple[tuple, ...]], ...] = (
    ("meetings", "会议出席", 30, 0, (
        ("activity.meeting", 10), ("activity.leave", -1), ("activity.absent", -5),
    )),
    ("proposals", "提案", 20, 10, (
        ("proposal.submitted", 5, None, "half"), ("proposal.filed", 15, None, "half"),
        ("proposal.merged", 5, None, "half"), ("proposal.key", 5, None, "half", True),
        ("proposal.excellent", 5, None, "half", True),
    )),
    ("opinions", "社情民意", 15, 5, (
        ("opinion.submitted", 1, 5), ("opinion.adopted.district", 3), ("opinion.adopted.city", 6),
        ("opinion.adopted.province", 10), ("opinion.adopted.nation", 20),
        ("opinion.note.district", 5, None, "", True), ("opinion.note.city", 8, None, "", True),
        ("opinion.note.province", 15, None, "", True), ("opinion.note.nation", 15, None, "", True),
    )),
    ("speeches", "会议发言", 5, 0, (
        ("activity.speech", 5), ("consultation.spoken", 5), ("consultation.written", 2),
    )),
    ("research", "调研视察", 15, 0, (
        ("activity.research", 5), ("activity.inspection", 5), ("topic.member", 5),
        ("activity.central_work", 3), ("oversight.visit", 3), ("oversight.advice", 5),
    )),
    ("study", "学习培训", 5, 0, (
        ("activity.training", 3), ("activity.study", 2), ("activity.reading", 1), ("activity.essay", 2),
        ("activity.reading_video", 1), ("activity.short_video", 1), ("activity.history", 2),
    )),
    ("service", "工作室和公益", 10, 0, (
        ("reception.hosted", 1), ("matter.received", "0.5", 3), ("matter.solved", 1), ("activity.donation", 2), ("activity.exchange", 1),
    )),
)  # fmt: skip
_STUDIO_HEADINGS: tuple[tuple[str, str, int, int, tuple[tuple, ...]], ...] = (
    ("setup", "阵地建设（五有）", 15, 0, (("studio.requisite", 3),)),
    ("ledgers", "制度台账", 15, 0, (("studio.record", 1),)),
    ("reception", "接待日", 20, 0, (("studio.reception_day", 2),)),
    ("activities", "学习活动", 15, 0, (("studio.activity", 3),)),
    ("consultation", "微协商", 15, 0, (("studio.micro", 5),)),
    ("outputs", "成果转化", 20, 10, (
        ("studio.converted", 4), ("studio.proposal", 5), ("studio.opinion", 2), ("studio.honour", 5, None, "", True),
    )),
)  # fmt: skip
_MEMBER_BANDS = (("优秀", 90), ("良好", 80), ("称职", 60), ("不称职", 0))
_STUDIO_BANDS = (("五星", 90), ("四星", 75), ("三星", 60), ("未评星", 0))


def rules_of(target: str) -> tuple[Data, Data]:
    """Headings and bands of the first version for ``target``, "member" or "studio"."""
    member = target == "member"
    known = {act.code for act in duty_acts.of_target(target)}
    headings = [
        _heading(code, label, cap, bonus, [row for row in items if row[0] in known])
        for code, label, cap, bonus, items in (_MEMBER_HEADINGS if member else _STUDIO_HEADINGS)
    ]
    bands = [{"label": label, "from": str(start)} for label, start in (_MEMBER_BANDS if member else _STUDIO_BANDS)]
    return headings, bands


def acts_of(target: str) -> set[str]:
    """Every act that the first rules for ``target`` would count, declared or not."""
    rows = _MEMBER_HEADINGS if target == "member" else _STUDIO_HEADINGS
    return {item[0] for *_, items in rows for item in items}


def _heading(code: str, label: str, cap: int, bonus: int, items: list[tuple]) -> dict[str, Any]:
    return {
        "code": code, "label": label, "cap": str(cap), "bonus": str(bonus), "floor": "0",
        "items": [_item(*row) for row in items],
    }  # fmt: skip


def _item(act: str, points: int | str, most: int | None = None, share: str = "", bonus: bool = False) -> dict[str, Any]:
    return {
        "act": act, "label": duty_acts.label_of(act), "points": str(points),
        "most": "" if most is None else str(most), "share": share, "bonus": bonus,
    }  # fmt: skip
