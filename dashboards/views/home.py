"""待办, the first page after signing in: what waits for this person, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import navigation, todos
from dashboards.figures import this_year
from members.models import Role, Session
from members.scores import cards as score_cards
from proposals.choices import current_session
from proposals.models import Promise, Proposal, Proposer
from proposals.selectors_unit import promises_for, unit_counts

LIMIT = 50
OWN_SHOWN = 12
PROMISES_SHOWN = 3
SEES_FIGURES = (
    Role.PROPOSAL_CLERK,
    Role.PROPOSAL_CHIEF,
    Role.INSPECTION,
    Role.COMMITTEE,
)
LEADS = (Role.LEADER, Role.DISTRICT_LEADER)
PROPOSES = (Role.MEMBER, Role.BODY_CONTACT, Role.CONVENER)
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Group:
    """One group of what waits: its anchor, heading, the word of the tally and the rows."""

    code: str
    label: str
    tally: str
    note: str
    rows: list


@dataclass(frozen=True)
class Figure:
    """A number in the side card and the list that it counts."""

    name: str
    value: int
    url: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Draw what waits for the person, grouped by urgency, with the figures of the own work beside it."""
    user = request.user
    now = timezone.localtime()
    waiting = todos.collect(user, now.date(), limit=LIMIT)
    groups = grouped(waiting, now.date())
    return render(
        request,
        "dashboards/home.html",
        {
            "today": now.date(),
            "weekday": WEEKDAYS[now.weekday()],
            "greeting": greeting(now.hour),
            "groups": groups,
            "waiting": len(waiting),
            "first": next((row for group in groups for row in group.rows), None),
            "more": len(waiting) >= LIMIT,
            "six": this_year(Proposal.objects.visible_to(user), now.date()) if user.has_role(*LEADS) else [],
            **_aside(user),
            "starts": first_steps(user),
        },
    )


def greeting(hour: int) -> str:
    """The greeting of the hour."""
    if hour < 6:
        return "夜深了"
    return "上午好" if hour < 12 else "下午好" if hour < 18 else "晚上好"


def grouped(rows: Iterable, today: date) -> list[Group]:
    """Rows by their due day: overdue, today, the rest of this week, later; those without a day come last."""
    sunday = today + timedelta(days=6 - today.weekday())
    boxes: dict[str, list] = {"over": [], "today": [], "week": [], "later": []}
    for row in rows:
        if row.due is None or row.due > sunday:
            boxes["later"].append(row)
        elif row.due < today:
            boxes["over"].append(row)
        else:
            boxes["today" if row.due == today else "week"].append(row)
    boxes["later"].sort(key=lambda row: (row.due is None, row.due or today))
    words = (
        ("over", "已超期", "件已超期", "，先办这些"),
        ("today", "今天到期", "件今天到期", ""),
        ("week", "本周到期", "件本周到期", ""),
        ("later", "以后", "件以后办", ""),
    )
    return [Group(code, label, tally, note, boxes[code]) for code, label, tally, note in words]


def first_steps(user) -> list[tuple[str, str, str]]:
    """What a person with nothing waiting can begin with: label, address, a word about it."""
    offers = []
    if user.has_role(*PROPOSES):
        offers.append(("写一件提案", "proposals:new", "两屏，写一半可以存着"))
    if user.unit_ids():
        offers.append(("看本单位承办的提案", "proposals:tasks", "签收、沟通、答复都从这里进"))
    if user.has_role(Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF):
        offers.append(("看待审查的提案", "proposals:review", "左边排队，右边一件"))
    if user.has_role(Role.INSPECTION):
        offers.append(("看督查室的几张清单", "proposals:inspection", "改办、延期、答复、超期"))
    if user.has_role(*SEES_FIGURES, *LEADS):
        offers.append(("看领导看板", "dashboards:leadership", "每个数字点开都是清单"))
    offers.append(("看提案清单", "proposals:list", "您能看的都在这里"))
    offers.append(("核对账号和第二步验证", "accounts:security", "两分钟，只做一次"))
    found = [(label, navigation.address(name), note) for label, name, note in offers]
    return [offer for offer in found if offer[1]][:3]


def _aside(user) -> dict:
    """The side cards: figures of the session, the unit's own, a member's standing and proposals, promises due."""
    cards: dict = {"own": [], "figures": [], "unit_figures": [], "promises": [], "standing": None}
    if user.has_role(Role.MEMBER, Role.CONVENER):
        cards["standing"] = score_cards.card(user)
    if user.has_role(*SEES_FIGURES):
        cards["session"], cards["figures"] = _session_figures(user)
    if user.has_role(*SEES_FIGURES, *LEADS):
        cards["promises"] = _promises_due(user)
    if user.unit_ids():
        cards["unit_figures"] = _unit_figures(user)
    if user.has_role(*PROPOSES):
        cards["own"] = _own(user)
    return cards


def _session_figures(user) -> tuple[Session | None, list[Figure]]:
    """How many proposals of the current session stand in each state that people ask for; one query."""
    session = current_session()
    if session is None:
        return None, []
    rows = Proposal.objects.received_by(user).filter(session=session)
    by_status = dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
    wanted = (
        ("收到", None),
        ("待审查", ("submitted", "reviewing")),
        ("待交办", ("filed",)),
        ("待签收", ("assigned",)),
        ("办理中", ("handling", "rehandling")),
        ("待反馈", ("replied",)),
        ("已办结", ("closed", "follow_up", "archived")),
    )
    figures = []
    for name, statuses in wanted:
        value = sum(n for code, n in by_status.items() if statuses is None or code in statuses)
        query = urlencode([("session", session.pk), *(("status", code) for code in statuses or ())])
        figures.append(Figure(name, value, navigation.address("proposals:list", query)))
    return session, figures


def _unit_figures(user) -> list[Figure]:
    """The unit's tasks by what they wait for; the menu shares the query."""
    by_status = unit_counts(user)
    wanted = (
        ("待签收", "sign", ("pending", "upheld")),
        ("办理中", "working", ("signed", "working", "extension_requested", "transfer_requested")),
        ("已报送", "submitted", ("submitted",)),
        ("已完成", "done", ("done",)),
    )
    base = reverse("proposals:tasks")
    return [
        Figure(name, sum(by_status.get(code, 0) for code in codes), f"{base}?state={state}")
        for name, state, codes in wanted
    ]


def _own(user) -> list[Proposal]:
    """The person's own proposals, the latest first, with where each stands; one query."""
    proposed = Proposer.objects.filter(Q(member_id=user.member_id, member__isnull=False) | Q(body_id__in=user.body_ids))
    own = Q(pk__in=proposed.values("proposal_id")) | Q(created_by=user, status__in=["draft", "cosigning"])
    return list(Proposal.objects.visible_to(user).for_list().filter(own).order_by("-id")[:OWN_SHOWN])


def _promises_due(user) -> list[Promise]:
    """The open promises that fall due first, of the cases the person may read; one query."""
    rows = promises_for(user).running().select_related("reply__task__unit", "reply__task__proposal")
    return list(rows.order_by("due_on", "id")[:PROMISES_SHOWN])
