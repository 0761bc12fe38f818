"""The two machines of online deliberation 网络议政: the window and one opinion. Data only."""

from consultations.models import DeliberationStatus as D
from consultations.models import OpinionStatus as O
from core.workflow import Process, Transition

A = "consultations."
WINDOW = ("question", "opens_at", "closes_at", "audience", "moderated")
DECIDED = ("reason", "decided_at", "decided_by")

DELIBERATION = Process(
    "consultations.deliberation",
    "网络议政",
    [
        Transition("change", "修改", (D.DRAFT,), None, A + "run_deliberation", WINDOW),
        Transition("open", "开放", (D.DRAFT,), D.OPEN, A + "run_deliberation", (), None, (A + "deliberation_opened",), confirm="开放后题目和参加范围不能再改，只能延长时间。"),
        Transition("extend", "延长时间", (D.OPEN,), None, A + "run_deliberation", ("closes_at",)),
        Transition("close", "结束并汇编", (D.OPEN,), D.CLOSED, A + "run_deliberation", ("closed_at",), None, (A + "deliberation_closed",), confirm="结束后不能再提意见、不能再表态，也不能再开放。"),
    ],
    root=lambda row: row.consultation,
)  # fmt: skip

OPINION = Process(
    "consultations.opinion",
    "议政意见",
    [
        Transition("publish", "公开", (O.WAITING, O.REFUSED), O.PUBLISHED, A + "moderate", DECIDED),
        Transition("refuse", "不公开", (O.WAITING, O.PUBLISHED), O.REFUSED, A + "moderate", DECIDED, None, (A + "opinion_refused",), needs_reason=True),
        Transition("merge", "合并", (O.WAITING, O.PUBLISHED), O.MERGED, A + "moderate", (*DECIDED, "merged_into")),
    ],
    root=lambda row: row.deliberation.consultation,
)  # fmt: skip
