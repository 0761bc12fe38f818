"""The machines of the yearly plan 年度协商计划 and of topics put in for it 议题建议 (domain rules §3). Data only."""

from consultations.models import PlanStatus as P
from consultations.models import TopicStatus as T
from consultations.plans import guards
from core.workflow import Process, Transition

MAKE = "consultations.manage_plan"
CALL = ("opens_on", "closes_on", "call_text")

PLAN = Process(
    "consultations.annualplan",
    "年度协商计划",
    [
        Transition("call", "发布征集", (P.COLLECTING,), None, MAKE, CALL, None, ("consultations.topics_called",)),
        Transition("draft", "汇总起草", (P.COLLECTING,), P.DRAFTING, MAKE, (), None, (), confirm="汇总起草以后不再收议题建议；已经收到的还能列入。"),
        Transition("review", "主席会议审议通过", (P.DRAFTING,), P.REVIEWED, MAKE, (), guards.plan_has_items),
        Transition("decide", "区委常委会审定", (P.REVIEWED,), P.DECIDED, MAKE),
        Transition("issue", "印发", (P.DECIDED,), P.ISSUED, MAKE, ("document_no", "issued_on"), guards.every_topic_answered, ("consultations.plan_issued",), confirm="印发后大家都能看到，议题要改须登记调整和理由。"),
        Transition("tell", "登记通报", (P.ISSUED,), P.NOTED, MAKE),
        Transition("reopen", "退回修改", (P.REVIEWED, P.DECIDED), P.DRAFTING, MAKE, needs_reason=True),
    ],
)  # fmt: skip

TOPIC = Process(
    "consultations.topicsuggestion",
    "议题建议",
    [
        Transition("take", "列入计划", (T.SUBMITTED, T.KEPT), T.TAKEN, MAKE, ("item", "reply", "decided_on"), guards.plan_takes_topics, ("consultations.topic_decided",)),
        Transition("keep", "留作备选", (T.SUBMITTED,), T.KEPT, MAKE, ("reply", "decided_on"), guards.plan_not_issued, ("consultations.topic_decided",)),
        Transition("decline", "不列入", (T.SUBMITTED, T.KEPT), T.DECLINED, MAKE, ("reply", "decided_on"), guards.plan_not_issued, ("consultations.topic_decided",), needs_reason=True),
        Transition("reconsider", "重新研究", (T.KEPT, T.TAKEN, T.DECLINED), T.SUBMITTED, MAKE, ("item", "reply", "decided_on"), guards.plan_takes_topics, needs_reason=True),
        Transition("withdraw", "撤回", (T.SUBMITTED,), T.WITHDRAWN, "consultations.own_topic", (), None, confirm="撤回以后不再研究这条建议。"),
    ],
    root=lambda topic: topic.plan,
)  # fmt: skip
