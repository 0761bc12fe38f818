"""The machine of a quality evaluation 质量评价: open, closed, its grade published; who may do what with it. Data only."""

import rules

from consultations.models import EvaluationStatus as S
from consultations.rules import is_liaison, runs_it
from core.options import declare
from core.workflow import Process, Transition
from members.models import Role

GROUP = "质量评价"
RUN = "consultations.evaluate"

declare(
    "consultations.evaluation_minimum", type="int", default=5, minimum=3, maximum=100, group=GROUP,
    label="至少收回几份才出结果", help="开始评价时定下，以后改了不影响已经开始的。",
)  # fmt: skip
declare(
    "consultations.evaluation_days", type="int", default=10, minimum=1, maximum=60, group=GROUP,
    label="评价开放几天",
)  # fmt: skip
declare(
    "consultations.evaluation_remind_days", type="int", default=2, minimum=0, maximum=30, group=GROUP,
    label="截止前几天提醒还没有评价的", help="填0就不自动提醒。",
)  # fmt: skip


@rules.predicate
def is_leader(user) -> bool:
    """Leaders of the committee and of the district."""
    return user.has_role(Role.LEADER, Role.DISTRICT_LEADER)


@rules.predicate
def runs_its_session(user, evaluation) -> bool:
    """Staff of the body that held it, once the grade is published."""
    return evaluation is not None and evaluation.status == S.PUBLISHED and bool(runs_it(user, evaluation.consultation))


rules.add_perm("consultations.manage_indicators", is_liaison)
rules.add_perm(RUN, is_liaison)
rules.add_perm("consultations.read_evaluations", is_liaison | is_leader)
rules.add_perm("consultations.read_result", is_liaison | is_leader | runs_its_session)


def has_result(evaluation, actor) -> str | None:
    """A grade can only be published where there is one."""
    if evaluation.points is None:
        return f"只收回{evaluation.answered}份，不足{evaluation.minimum}份，不出结果。"
    return None


EVALUATION = Process(
    "consultations.evaluation",
    "质量评价",
    [
        Transition("extend", "改截止日期", (S.OPEN,), None, RUN, ("ends_on",)),
        Transition("close", "截止评价", (S.OPEN,), S.CLOSED, RUN, ("closed_on", "answered", "invited", "points", "grade", "result"), None, ("consultations.evaluation_closed",), confirm="截止后不再收评价，马上算出结果，不能重新打开。"),
        Transition("publish", "公布等次", (S.CLOSED,), S.PUBLISHED, RUN, ("published_on",), has_result, ("consultations.evaluation_published",), confirm="参加协商的委员、单位会看到等次，承办的专委会看到全部结果。"),
    ],
    root=lambda evaluation: evaluation.consultation,
)  # fmt: skip
