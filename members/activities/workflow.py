"""The machines of an activity 履职活动 and of a research topic 调研课题. Data, and the reasons against."""

from django.db.models import Q
from django.utils import timezone

from core import attachments, options
from core.workflow import Process, Transition
from members.models.activities import Activity, Attendance, ResearchTopic
from members.models.activities import ActivityStatus as A
from members.models.activities import TopicStatus as T

PARTICULARS = (
    "kind", "title", "on", "ends_on", "starts_at", "ends_at", "place", "organizer", "topic", "text", "headcount",
    "quantity", "unit_word", "amount", "must_attend", "sign_up_until", "places", "note",
)  # fmt: skip
"""What staff may write about an activity."""

REPORTED = ("kind", "title", "on", "ends_on", "place", "organizer", "text", "quantity", "unit_word", "amount")
"""What a member may write in a report of his own."""

TOPIC = ("year", "title", "leader_name", "leader", "body", "plan", "due_on", "uptake")
"""What staff may write about a research topic."""

P = "members."

options.declare(
    "activities.plenary_words",
    type="list",
    default=["全体会议", "常务委员会会议", "常委会会议"],
    label="名称里有这些字的会议，请假由委员联络室批",
    group="履职活动",
)


def is_plenary(activity: Activity) -> bool:
    """Whether leave from it is decided by the members' liaison office, whoever runs it (see ``plenary_rows``)."""
    words = options.value("activities.plenary_words")
    return activity.must_attend and activity.kind == Activity.Kind.MEETING and any(w in activity.title for w in words)


def plenary_rows() -> Q:
    """The same as a condition on rows; no row where no word is set."""
    titles = Q(pk__in=[])
    for word in options.value("activities.plenary_words"):
        titles |= Q(title__contains=word)
    return Q(must_attend=True, kind=Activity.Kind.MEETING) & titles


def somebody_asked(activity: Activity, actor) -> str | None:
    """Nobody can be told while nobody is invited and nobody may sign up."""
    if activity.sign_up_until or activity.attendances.exists():
        return None
    return "还没有请人。先点“请哪些委员”选人，或写明报名截止日期。"


def took_place(activity: Activity, actor) -> str | None:
    """Held is what took place, with every request for leave decided."""
    if activity.on > timezone.localdate():
        return f"活动在{activity.on:%Y年%-m月%-d日}，还没有到，不能登记举行。"
    asked = activity.attendances.filter(state=Attendance.State.LEAVE_ASKED).count()
    return f"还有{asked}人的请假没有批。先批了，再登记举行。" if asked else None


def not_ones_own(activity: Activity, actor) -> str | None:
    """Nobody verifies what he reported himself."""
    own = actor is not None and activity.reported_by_id and activity.reported_by_id == actor.member_id
    return "这是您自己报的，请另一位同事核实。" if own else None


def paper_is_there(topic: ResearchTopic, actor) -> str | None:
    """A topic is reported by its paper."""
    found = attachments.files_of(topic).filter(kind="paper").exists()
    return None if found else "还没有传调研报告。先在“调研报告”里传上去，再登记。"


def uptake_is_told(topic: ResearchTopic, actor) -> str | None:
    """An adopted topic says what came of it."""
    return None if topic.uptake.strip() else "请先写明采纳转化情况：谁批示、采纳到哪个文件、办成了什么。"


ACTIVITY = Process(
    "members.activity",
    "履职活动",
    [
        Transition("change", "改活动", (A.PLANNED, A.NOTIFIED, A.HELD), None, P + "run_activity", PARTICULARS, None, (P + "activity_changed",)),
        Transition("notify", "发通知", (A.PLANNED,), A.NOTIFIED, P + "run_activity", (), somebody_asked, (P + "activity_invited",)),
        Transition("invite", "请委员", (A.PLANNED, A.NOTIFIED), None, P + "run_activity", (), None, (P + "activity_invited",)),
        Transition("open_sign_in", "开始签到", (A.NOTIFIED,), None, P + "run_activity", ("sign_in_open",)),
        Transition("close_sign_in", "停止签到", (A.NOTIFIED,), None, P + "run_activity", ("sign_in_open",)),
        Transition("hold", "登记举行", (A.PLANNED, A.NOTIFIED), A.HELD, P + "run_activity", ("headcount", "quantity", "amount", "sign_in_open"), took_place, confirm="没有签到、也没有请假的，记为缺席。出席记入履职档案；以后更正要写理由。"),
        Transition("cancel", "取消活动", (A.PLANNED, A.NOTIFIED), A.CANCELLED, P + "run_activity", ("sign_in_open",), None, (P + "activity_cancelled",), needs_reason=True, confirm="取消后不能恢复，请到的委员都会收到消息。"),
        Transition("annul", "作废", (A.HELD,), A.CANCELLED, P + "run_activity", (), None, (), needs_reason=True, confirm="作废后，这次活动在履职档案里的记录全部冲销。"),
        Transition("correct", "更正出席", (A.HELD,), None, P + "run_activity", (), None, (), needs_reason=True),
        Transition("report_again", "再报", (A.REPORTED, A.RETURNED), A.REPORTED, P + "write_report", REPORTED),
        Transition("withdraw", "撤回自报", (A.REPORTED, A.RETURNED), A.CANCELLED, P + "write_report", confirm="撤回后不能恢复。"),
        Transition("verify", "核实", (A.REPORTED,), A.VERIFIED, P + "verify_report", ("verified_by",), not_ones_own, (P + "report_decided",)),
        Transition("return", "退回补充", (A.REPORTED,), A.RETURNED, P + "verify_report", ("verified_by",), not_ones_own, (P + "report_decided",), needs_reason=True),
        Transition("unverify", "撤销核实", (A.VERIFIED,), A.RETURNED, P + "verify_report", ("verified_by",), not_ones_own, (P + "report_decided",), needs_reason=True, confirm="撤销后，履职档案里的这一条冲销，退给委员补充。"),
    ],
)  # fmt: skip

TOPIC_PROCESS = Process(
    "members.researchtopic",
    "调研课题",
    [
        Transition("change", "改课题", (T.PLANNED, T.RESEARCHING, T.REPORTED, T.ADOPTED), None, P + "run_topic", TOPIC),
        Transition("start", "开始调研", (T.PLANNED,), T.RESEARCHING, P + "run_topic", (), None, (P + "topic_moved",)),
        Transition("report", "形成报告", (T.RESEARCHING,), T.REPORTED, P + "run_topic", ("reported_on",), paper_is_there, (P + "topic_moved",)),
        Transition("reopen", "退回调研", (T.REPORTED,), T.RESEARCHING, P + "run_topic", ("reported_on",), None, (P + "topic_moved",), needs_reason=True),
        Transition("adopt", "登记采纳", (T.REPORTED,), T.ADOPTED, P + "run_topic", ("uptake",), uptake_is_told, (P + "topic_moved",)),
        Transition("close", "结题", (T.REPORTED, T.ADOPTED), T.CLOSED, P + "run_topic", (), None, (), confirm="结题后不再改动。"),
    ],
)  # fmt: skip
