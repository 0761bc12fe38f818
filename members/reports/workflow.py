"""The machine of a yearly duty report 年度履职报告: drafted, handed in, returned or accepted. Data only."""

from core.options import declare
from core.workflow import Process, Transition
from members.models import ReportStatus as S

declare(
    "reports.ask_from", type="int", default=11, group="履职积分", minimum=1, maximum=12,
    label="年度履职报告从几月起布置",
    help="到了这个月还没有布置，提醒委员联络室。",
)  # fmt: skip
declare(
    "reports.due", type="str", default="12-20", group="履职积分", label="年度履职报告一般哪天前交",
    help="月-日，如12-20；布置时先填上，可以改。",
)  # fmt: skip

WRITE, KEEP = "members.write_yearly_report", "members.keep_yearly_reports"
DECIDED = ("answer", "decided_by", "decided_at")
KEPT = (*DECIDED, "times_kept")
TOLD = ("members.yearly_report_decided",)
FULL = {"done": "履职情况", "gains": "体会和不足"}
"""What must be written before a report is handed in."""


def round_is_open(report, actor) -> str | None:
    """Nothing is handed in or returned after the round was closed."""
    ended = report.round.closed_at is not None
    return f"{report.round}的收交已经结束。要补交，请与委员联络室联系。" if ended else None


def may_be_handed_in(report, actor) -> str | None:
    """A report says what was done and what was gained."""
    if problem := round_is_open(report, actor):
        return problem
    missing = [label for name, label in FULL.items() if not getattr(report, name).strip()]
    return f"还没有写{'、'.join(missing)}。写好再交，草稿都在。" if missing else None


def not_ones_own(report, actor) -> str | None:
    """Nobody decides on his own report."""
    own = actor is not None and report.member_id == actor.member_id
    return "这是您自己的报告，请由其他工作人员收阅。" if own else None


def may_be_returned(report, actor) -> str | None:
    """Returned while it can come again, by somebody else."""
    if report.on_paper:
        return "这一份是纸质交来的，请当面说。"
    return not_ones_own(report, actor) or round_is_open(report, actor)


REPORT = Process(
    "members.dutyreport",
    "年度履职报告",
    [
        Transition("submit", "交给委员联络室", (S.DRAFT, S.RETURNED), S.SUBMITTED, WRITE, ("handed_in_on", "submitted_at"), may_be_handed_in),
        Transition("take_back", "撤回再改", (S.SUBMITTED,), S.DRAFT, WRITE, (), round_is_open),
        Transition("accept", "收下", (S.SUBMITTED,), S.ACCEPTED, KEEP, KEPT, not_ones_own, TOLD),
        Transition("return", "退回修改", (S.SUBMITTED, S.ACCEPTED), S.RETURNED, KEEP, DECIDED, may_be_returned, TOLD, needs_reason=True),
        Transition("paper", "登记纸质报告", (S.DRAFT, S.RETURNED), S.ACCEPTED, KEEP, (*KEPT, "handed_in_on", "submitted_at", "on_paper"), not_ones_own, TOLD),
    ],
)  # fmt: skip
