"""The machine of an appeal 申诉: submitted, then corrected, upheld or withdrawn. Data only."""

from core.options import declare
from core.workflow import Process, Transition
from members.models import AppealStatus as S

declare(
    "scores.appeal_days", type="int", default=10, group="履职积分", minimum=1, maximum=60,
    label="申诉几个工作日内答复",
)  # fmt: skip

ANSWER, WITHDRAW = "members.answer_appeal", "members.withdraw_appeal"
FIELDS = ("answer", "decided_by", "decided_at")


def not_ones_own(appeal, actor) -> str | None:
    """Nobody decides on his own appeal."""
    own = actor is not None and appeal.member_id == actor.member_id
    return "这是您自己的申诉，请由其他工作人员复核。" if own else None


APPEAL = Process(
    "members.scoreappeal",
    "积分申诉",
    [
        Transition("correct", "更正", (S.SUBMITTED,), S.CORRECTED, ANSWER, FIELDS, not_ones_own, ("members.appeal_decided",), confirm="台账里冲销原来的一条、补上新的一条，得分随之改变，并通知委员。"),
        Transition("uphold", "维持原记录", (S.SUBMITTED,), S.UPHELD, ANSWER, FIELDS, not_ones_own, ("members.appeal_decided",), confirm="答复后通知委员，得分不变。"),
        Transition("withdraw", "撤回申诉", (S.SUBMITTED,), S.WITHDRAWN, WITHDRAW),
    ],
)  # fmt: skip
