"""What follows from the plan 年度协商计划: messages, who is reminded, what the daily run settles, and what a receipt code tells."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from consultations.effects import on, tell
from consultations.models import (
    PUBLISHED,
    AnnualPlan,
    Consultation,
    PlanItem,
    TopicSender,
    TopicStatus,
    TopicSuggestion,
)
from consultations.plans import options as terms
from consultations.plans.progress import AHEAD, HELD
from core import audit, deadlines, notices, options, reminders
from core.models import Deadline
from core.reminders import Line
from core.templatetags.frame import cn_date
from core.tracking import Step
from members.models import Role, RoleGrant, User

ITEM = "consultations.planitem"
CALLED = (Role.MEMBER, Role.COMMITTEE, Role.BODY_CONTACT, Role.UNIT_OPERATOR, Role.UNIT_LEADER)
LATEST = 365
"""Days after a plan's call closed, beyond the term, when contacts go even if the plan was never issued."""


def office() -> list[int]:
    """Accounts of the liaison office."""
    rows = User.objects.filter(is_active=True, role_grants__role=Role.LIAISON)
    return list(rows.distinct().values_list("pk", flat=True))


def staff_of(body_ids: set[int]) -> dict[int, list[int]]:
    """Accounts of the staff of bodies."""
    found: dict[int, list[int]] = {}
    grants = RoleGrant.objects.filter(body__in=body_ids, user__is_active=True)
    for body_id, user_id in grants.values_list("body_id", "user_id"):
        found.setdefault(body_id, []).append(user_id)
    return found


# --- Messages ---------------------------------------------------------------------------------


@on("topics_called")
def topics_called(plan: AnnualPlan, payload: dict) -> None:
    """Whoever may put topics in hears of the call, and again when its last day is moved."""
    told = User.objects.filter(is_active=True, role_grants__role__in=CALLED).distinct().values_list("pk", flat=True)
    if plan.closes_on is None:
        return
    notices.notify(
        told, key=f"topics-called:{plan.pk}:{plan.closes_on.isoformat()}", url="/consultations/suggestions/",
        title=f"征集{plan.year}年协商议题", body=f"到{cn_date(plan.closes_on)}截止。{plan.call_text[:200]}",
    )  # fmt: skip


@on("topic_decided")
def topic_decided(topic: TopicSuggestion, payload: dict) -> None:
    """Whoever put it in from an account hears what became of it."""
    if topic.user_id is None:
        return
    said = {TopicStatus.TAKEN: "列入计划草案", TopicStatus.KEPT: "留作备选", TopicStatus.DECLINED: "没有列入"}
    if topic.status not in said:
        return
    parts = [f"列入的议题：《{topic.item.topic}》。" if topic.item else "", topic.reply]
    tell(
        [topic.user_id], payload, title=f"您提的议题《{topic.title}》{said[TopicStatus(topic.status)]}",
        body="".join(parts), url=topic.get_absolute_url(),
    )  # fmt: skip


@on("plan_issued")
def plan_issued(plan: AnnualPlan, payload: dict) -> None:
    """Committees and units that answer for a topic, and whoever put one in, read the plan."""
    units = PlanItem.objects.filter(plan=plan).values("units")
    partners = PlanItem.objects.filter(plan=plan).values("partner_units")
    bodies = PlanItem.objects.filter(plan=plan).values("body")
    grants = Q(role_grants__unit__in=units) | Q(role_grants__unit__in=partners) | Q(role_grants__body__in=bodies)
    told = set(User.objects.filter(grants, is_active=True).values_list("pk", flat=True))
    told |= set(plan.suggestions.filter(user__is_active=True).values_list("user_id", flat=True))
    tell(
        list(told), payload, title=f"{plan}印发了", url=plan.get_absolute_url(),
        body=f"{plan.document_no}，{plan.items.count()}个议题。看看有没有您单位承办、参加的。",
    )  # fmt: skip


# --- Reminders --------------------------------------------------------------------------------


def lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who is told of a plan's terms: the office; of an item's month: the committee that holds it, then the office."""
    plans = AnnualPlan.objects.in_bulk({row.root_id for row in rows})
    items = PlanItem.objects.in_bulk([row.subject_id for row in rows if row.subject_type == ITEM])
    bodies = staff_of({item.body_id for item in items.values() if item.body_id})
    staff = office()
    found: dict[int, Line] = {}
    for row in rows:
        plan = plans.get(row.root_id)
        if plan is None:
            continue
        item = items.get(row.subject_id) if row.subject_type == ITEM else None
        title = f"{plan}《{item.topic}》" if item else str(plan)
        first = bodies.get(item.body_id, staff) if item and item.body_id else staff
        found[row.pk] = Line(title, plan.get_absolute_url(), {1: first, 2: staff, 3: []})
    return found


def every_day(today: date) -> None:
    """Settle the terms of items that were held, say whose month has come without a session, let contacts go."""
    settle()
    month_has_come(today)
    clear_contacts(today)


def settle() -> int:
    """Meet the terms of items whose session took place; how many. Safe to repeat."""
    open_rows = Deadline.objects.open().filter(subject_type=ITEM, kind="hold")
    held = Consultation.objects.filter(status__in=HELD, plan_item__in=open_rows.values("subject_id")).order_by("-on")
    days = dict(held.values_list("plan_item_id", "on"))
    for item in PlanItem.objects.filter(pk__in=days):
        deadlines.meet(item, "hold", on=days[item.pk])
    return len(days)


def month_has_come(today: date) -> int:
    """Tell who holds an item that its month is here and nothing is arranged: once an item and month, whatever day was missed."""
    arranged = Consultation.objects.filter(plan_item=OuterRef("pk"), status__in=(*AHEAD, *HELD))
    rows = PlanItem.objects.standing().filter(
        ~Exists(arranged), plan__status__in=PUBLISHED, plan__year=today.year, month__lte=today.month
    )
    found = list(rows.select_related("plan"))
    bodies, staff = staff_of({item.body_id for item in found if item.body_id}), office()
    for item in found:
        due = f"到{item.month}月{terms.month_end(item.plan.year, item.month or 12).day}日到期。"
        late = (item.month or 12) < today.month
        notices.notify(
            {*bodies.get(item.body_id or 0, []), *staff}, key=f"plan-month:{item.pk}:{item.month}:{late}",
            title=f"计划{item.month}月的协商{'还没有办' if late else '还没有安排'}：{item.topic}",
            body="已经逾期，请尽快安排，或者登记调整和理由。" if late else f"{due}请登记协商，选上对应的计划议题。",
            url=item.plan.get_absolute_url(), urgent=late,
        )  # fmt: skip
    return len(found)


def clear_contacts(today: date) -> int:
    """Names and telephones of the public go so many days after the issue (``consultations.keep_days``); how many."""
    before = today - timedelta(days=options.value("consultations.keep_days"))
    over = Q(plan__issued_on__lte=before) | Q(plan__closes_on__lte=before - timedelta(days=LATEST))
    rows = TopicSender.objects.filter(over).exclude(name="", phone="", phone_digest="")
    cleared = rows.update(name="", phone="", phone_digest="")
    if cleared:
        audit.record(verb="topicsuggestion.clear", summary=f"按约定清除{cleared}位群众的称呼、电话")
    return cleared


def register() -> None:
    """Join the registry of reminders and the daily run."""
    reminders.resolve_with(terms.ROOT, lines)
    reminders.on_sweep(every_day)


# --- What a receipt code tells ----------------------------------------------------------------


def steps(sender: TopicSender) -> list[Step]:
    """How the topics of one sender stand, in words without names: taken in, merged, kept or not, and what was held."""
    topics = list(sender.topics.select_related("plan", "item").order_by("id"))
    plan = sender.plan
    found = [Step(sender.sent_on, f"收到您为{plan.year}年协商计划提的{len(topics)}个议题。")]
    for topic in topics:
        found += _told(topic)
    if plan.status in PUBLISHED:
        found.append(Step(plan.issued_on, f"{plan}印发了。"))
    elif any(topic.status == TopicStatus.TAKEN for topic in topics):
        found.append(Step(None, "计划经区政协主席会议审议、区委常委会审定以后印发。", open=True))
    items = [topic.item_id for topic in topics if topic.item_id]
    for row in (
        Consultation.objects.filter(plan_item__in=items, status__in=HELD).order_by("on").only("on", "form", "title")
    ):
        found.append(Step(row.on, f"开展了{row.get_form_display()}。"))
    return found


def _told(topic: TopicSuggestion) -> list[Step]:
    name = f"《{topic.title}》"
    because = f"：{topic.reply}" if topic.reply else "。"
    if topic.status == TopicStatus.TAKEN and topic.item:
        others = topic.item.suggestions.filter(status=TopicStatus.TAKEN).count() - 1
        merged = f"，和另外{others}条建议并在一起" if others else ""
        draft = "" if topic.plan.status in PUBLISHED else "草案"
        return [Step(topic.decided_on, f"{name}列入计划{draft}，议题是《{topic.item.topic}》{merged}{because}")]
    if topic.status == TopicStatus.KEPT:
        return [Step(topic.decided_on, f"{name}留作备选{because}")]
    if topic.status == TopicStatus.DECLINED:
        return [Step(topic.decided_on, f"{name}这次没有列入{because}")]
    return [Step(None, f"区政协正在研究{name}。", open=True)]
