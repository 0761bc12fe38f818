"""Values of the yearly plan 年度协商计划 that staff may change, and the terms that follow from them."""

from calendar import monthrange
from datetime import date

from consultations.models import AnnualPlan, PlanItem
from core import deadlines, options
from core.models import Deadline

GROUP = "协商计划"
ROOT = "consultations.annualplan"
CLOSES = "11-20"

options.declare(
    "consultations.topics_close", type="str", default=CLOSES, label="议题征集默认截止日", group=GROUP,
    help="前一年的月-日，如 11-20。",
)  # fmt: skip
options.declare(
    "consultations.topics_each",
    type="int",
    default=2,
    label="一个人一次征集最多提几个议题",
    group=GROUP,
    minimum=1,
    maximum=10,
)
options.declare(
    "consultations.topics_each_body", type="int", default=5, label="一个单位、组织一次征集最多提几个议题", group=GROUP,
    minimum=1, maximum=50,
)  # fmt: skip
options.declare(
    "consultations.keep_days", type="int", default=365, label="计划印发多少天后清除群众的称呼、电话", group=GROUP,
    minimum=30, maximum=3650, help="清除后只留议题和答复，不能恢复；征集那一页的约定跟着改。",
)  # fmt: skip

STEPS = {
    "draft": ("汇总起草", "征集截止", 15),
    "review": ("主席会议审议", "汇总起草", 10),
    "decide": ("区委常委会审定", "主席会议审议", 15),
    "issue": ("印发计划", "区委审定", 10),
}
"""Each step: its name, what starts its term, working days."""

for verb, (label, event, days) in STEPS.items():
    options.declare(
        f"consultations.plan_{verb}_days", type="int", default=days, label=f"{event}后{label}（工作日）", group=GROUP,
        minimum=1, maximum=90,
    )  # fmt: skip


def closing_day(year: int) -> date:
    """The day on which the call for the plan of ``year`` closes unless the office names another."""
    for text in (options.value("consultations.topics_close"), CLOSES):
        try:
            return date.fromisoformat(f"{year - 1}-{text.strip()}")
        except ValueError:
            continue
    raise AssertionError("the default is a day of every year")


def open_step(plan: AnnualPlan, verb: str, *, start: date) -> Deadline:
    """The next step of a plan is due so many working days after ``start``."""
    label, event, _ = STEPS[verb]
    days = options.value(f"consultations.plan_{verb}_days")
    return deadlines.set_working_days(plan, verb, root=plan, label=label, start=start, days=days, event=event)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def open_item(item: PlanItem, *, start: date) -> None:
    """An item is to be held by the end of its month; one without a month, by the end of the year."""
    plan = item.plan
    month = item.month or 12
    words = f"年度协商计划安排在{item.month}月" if item.month else "年度协商计划没有定月份，年底前"
    deadlines.set_date(
        item, "hold", root=plan, label="组织协商", start=start, due=month_end(plan.year, month), rule=words
    )
