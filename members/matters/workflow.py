"""The machine of a matter 民情事项: recorded, sent on its way, answered, the visitor told, closed (domain rules §5).

Data only. Who may do what stands in ``members.rules``; the deadlines that a state opens are set by
``members.services.matters``.
"""

from core.options import declare
from core.workflow import Process, Transition
from members.models import Matter
from members.models import MatterStatus as S

GROUP = "民情事项"
ROUTE = Matter.Route

declare(
    "matters.triage_days", type="int", default=2, label="登记后几个工作日内分流", group=GROUP, minimum=1, maximum=60
)
declare(
    "matters.answer_days", type="int", default=15, label="单位几个工作日内答复", group=GROUP, minimum=1, maximum=250
)
declare(
    "matters.onward_days", type="int", default=15, group=GROUP, minimum=1, maximum=250,
    label="转提案、社情民意、微协商的，几个工作日内转出",
)  # fmt: skip
declare(
    "matters.inform_days",
    type="int",
    default=3,
    label="有结果后几个工作日内告知来访人",
    group=GROUP,
    minimum=1,
    maximum=60,
)
declare(
    "matters.keep_days", type="int", default=365, group=GROUP, minimum=30, maximum=3650,
    label="办结多少天后清除来访人的姓名、电话", help="清除后只留事情和结果，不能恢复。",
)  # fmt: skip
declare(
    "matters.categories", type="list", group=GROUP, label="民情事项的类别",
    default=[
        "物业管理", "消费维权", "市政设施", "交通出行", "农业生产", "城市管理", "教育", "就业创业", "养老服务",
        "住房保障", "社会保障", "医疗卫生", "环境卫生", "邻里纠纷", "其他",
    ],
)  # fmt: skip

ONWARD = (ROUTE.TO_PROPOSAL, ROUTE.TO_OPINION, ROUTE.TO_MICRO)
"""Ways on which the matter becomes another record."""

HANDLE, ANSWER = "members.handle_matter", "members.answer_matter"


def answered_by_unit(matter, actor) -> str | None:
    """The unit answers only what was sent to it."""
    return None if matter.route == ROUTE.TO_UNIT else "这件事没有转给单位办，不用单位答复。"


def outcome_is_ours(matter, actor) -> str | None:
    """The studio writes down what came of other ways; a unit's answer is entered by the liaison office for it."""
    from members.rules import is_liaison

    # Old registers say that it went to a unit, but not to which: then nobody else can write it down.
    if matter.route != ROUTE.TO_UNIT or matter.unit_id is None or actor is None or is_liaison(actor):
        return None
    return f"这件事已转{matter.unit}，由它在系统里答复；它答复不了系统里的，由委员联络室代录。"


def has_result(matter, actor) -> str | None:
    """A matter is closed with words that the visitor may read."""
    return None if matter.result.strip() else "请先写好公开的结果，来访人凭回执号看到的就是它。"


SENT = ("route", "unit")
ANSWERED = ("answer", "result", "answered_on")
TOLD = ("informed_on", "informed_how", "rating", "result")

MATTER = Process(
    "members.matter",
    "民情事项",
    [
        Transition("answer_on_spot", "当场答复", (S.RECORDED,), S.INFORMED, HANDLE, ("route", *ANSWERED, *TOLD)),
        Transition("triage", "分流", (S.RECORDED,), S.TRIAGED, HANDLE, SENT, None, ("members.matter_sent",)),
        Transition("reroute", "改变去向", (S.TRIAGED, S.IN_PROGRESS), S.TRIAGED, HANDLE, SENT, None, ("members.matter_sent",), needs_reason=True),
        Transition("start", "开始办理", (S.TRIAGED,), S.IN_PROGRESS, ANSWER, (), answered_by_unit),
        Transition("hand_over", "转出", (S.RECORDED, S.TRIAGED), S.IN_PROGRESS, "", ("route", "unit")),
        Transition("send_back", "不归本单位，退回", (S.TRIAGED, S.IN_PROGRESS), S.RECORDED, ANSWER, SENT, answered_by_unit, ("members.matter_sent_back",), needs_reason=True, confirm="退回后由工作室重新分流。"),
        Transition("come_back", "回到工作室", (S.IN_PROGRESS,), S.RECORDED, "", SENT, None, ("members.matter_sent_back",)),
        Transition("answer", "答复", (S.TRIAGED, S.IN_PROGRESS), S.ANSWERED, ANSWER, ANSWERED, answered_by_unit, ("members.matter_answered",)),
        Transition("record_outcome", "登记结果", (S.TRIAGED, S.IN_PROGRESS), S.ANSWERED, HANDLE, ANSWERED, outcome_is_ours, ("members.matter_answered",)),
        Transition("edit_result", "修改公开的结果", (S.ANSWERED, S.INFORMED, S.CLOSED), None, HANDLE, ("result",)),
        Transition("inform", "登记已告知", (S.ANSWERED,), S.INFORMED, HANDLE, TOLD),
        Transition("close", "办结", (S.INFORMED,), S.CLOSED, HANDLE, ("closed_on", "rating"), has_result),
        Transition("reopen", "重新办理", (S.ANSWERED, S.INFORMED, S.CLOSED), S.RECORDED, HANDLE, (*SENT, *ANSWERED, "informed_on", "informed_how", "rating", "closed_on"), needs_reason=True, confirm="原来的答复留在经过里，这件事从分流重新办。"),
    ],
)  # fmt: skip
