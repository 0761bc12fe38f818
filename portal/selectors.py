"""What anyone may read of the domain (公开): proposals with their replies, figures, notices, studios.

Everything starts from ``Proposal.objects.public()``: published, with the proposer's consent. Of a
reply only what was issued and may be published is read; contacts, the names of the unit's staff and
the proposers' ratings never are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils import timezone

from consultations.models import PUBLISHED, AnnualPlan, Deliberation, PlanStatus
from core.templatetags.frame import cn_date
from members.models import Session, Studio
from members.studios import selectors as selectors_studios
from proposals.models import Promise, Proposal, Proposer, Reply, ReplyItem, ReplyStatus
from sentiment.models import OpinionReport

REPLIED = ("replied", "rehandling", "closed", "follow_up", "archived")
CLOSED = ("closed", "follow_up", "archived")
NOTICES = 5
VOW_DAYS = ("due_on", "kept_on", "missed_on")
STRIP = 6
"""Numbers that stand in the strip of the front page."""


@dataclass(frozen=True)
class Figure:
    """A number of the strip; ``url`` opens the list that has just so many rows."""

    value: int
    unit: str
    name: str
    url: str


@dataclass(frozen=True)
class Announcement:
    """A notice (通知公告) that follows from the domain's own dates."""

    title: str
    on: date
    url: str = ""


def open_proposals() -> QuerySet[Proposal]:
    """Published proposals with what a row shows; no text column."""
    return (
        Proposal.objects.public()
        .select_related("lead_unit", "result_class", "category", "session")
        .only(
            "title", "number", "proposer_name", "kind", "is_key", "excellent_on", "status", "published_on", "replied_on", "year",
            "lead_unit__name", "lead_unit__short_name", "result_class__letter", "result_class__name",
            "category__name", "session__name",
        )
    )  # fmt: skip


def figures() -> list[Figure]:
    """The strip of the newest year: published proposals and what became of them, in one query.

    Empty while nothing is published.
    """
    counted = (
        Proposal.objects.public()
        .values("year")
        .annotate(
            published=Count("pk"),
            replied=Count("pk", Q(status__in=REPLIED)),
            solved=Count("pk", Q(result_class__letter="A")),
            planned=Count("pk", Q(result_class__letter="B")),
            closed=Count("pk", Q(status__in=CLOSED)),
            key=Count("pk", Q(is_key=True)),
        )
        .order_by("-year")
        .first()
    )
    if counted is None:
        return []
    year = counted["year"]

    def figure(column: str, name: str, **filters: str) -> Figure:
        query = urlencode({"year": year, **filters})
        return Figure(counted[column], "件", name, f"{reverse('portal:open_list')}?{query}")

    return [
        figure("published", f"{year}年公开提案"),
        figure("replied", "已答复", replied="1"),
        figure("solved", "已解决或采纳", result="A"),
        figure("planned", "列入计划", result="B"),
        figure("closed", "已办结", closed="1"),
        figure("key", "重点提案", key="1"),
    ]


def strip(opinions: int, studios: int) -> list[Figure]:
    """The strip of the front page: the proposals' figures that are not zero, cleared abstracts, studios."""
    rows = [figure for figure in figures() if figure.value][: STRIP - 2]
    others = (
        Figure(opinions, "条", "公开的社情民意", reverse("portal:opinions")),
        Figure(studios, "个", "委员工作室", reverse("portal:studios")),
    )
    return [*rows, *(figure for figure in others if figure.value)]


def announcements(today: date, deliberations: Sequence[Deliberation] = ()) -> list[Announcement]:
    """What the office has to tell: proposals published by day, open deliberations and collections; newest first."""
    days = (
        Proposal.objects.public().values("published_on").annotate(count=Count("pk")).order_by("-published_on")[:NOTICES]
    )
    found = [
        Announcement(
            f"新公开提案和答复{row['count']}件",
            row["published_on"],
            f"{reverse('portal:open_list')}?{urlencode({'on': row['published_on']})}",
        )
        for row in days
    ]
    session = Session.objects.filter(is_current=True, collects_from__lte=today, cut_off__date__gte=today).first()
    if session:
        found.append(
            Announcement(f"{session.name}提案征集，大会提案到{cn_date(session.cut_off)}截止", session.collects_from)
        )
    for row in deliberations:
        begun, ends = timezone.localtime(row.opens_at).date(), cn_date(timezone.localtime(row.closes_at))
        address = reverse("portal:deliberation", args=[row.pk])
        found.append(Announcement(f"网络议政“{row}”到{ends}截止", begun, address))
    calls, issued = _plans(today)
    latest = sorted([*found, *issued], key=lambda notice: notice.on, reverse=True)
    return [*calls, *latest][:NOTICES]


def _plans(today: date) -> tuple[list[Announcement], list[Announcement]]:
    """Open calls for topics of the yearly plan, which stand first since they end; and the newest plan that was issued."""
    calling = Q(status=PlanStatus.COLLECTING, opens_on__lte=today, closes_on__gte=today)
    found = AnnualPlan.objects.filter(calling | Q(status__in=PUBLISHED, issued_on__isnull=False)).order_by("-year")
    calls, issued = [], []
    url = reverse("portal:topics")
    for plan in found.only("year", "status", "opens_on", "closes_on", "issued_on")[:3]:
        if plan.is_published and plan.issued_on:
            issued.append(Announcement(f"{plan}印发", plan.issued_on, url))
        elif plan.opens_on:
            calls.append(
                Announcement(f"征集{plan.year}年协商议题，到{cn_date(plan.closes_on)}截止", plan.opens_on, url)
            )
    return calls, issued[:1]


def _public_replies() -> QuerySet[Reply]:
    """Issued replies that may be published, with their promises, the last round last."""
    return (
        Reply.objects.filter(status=ReplyStatus.ISSUED, may_publish=True)
        .select_related("task__unit", "result_class")
        .order_by("round", "id")
        .prefetch_related(Prefetch("promises", Promise.objects.order_by("due_on", "id")))
    )


def _by_proposal(proposals: Sequence[Proposal], replies: QuerySet[Reply]) -> dict[int, list[Reply]]:
    """These replies by proposal, as far as they belong to one of ``proposals``."""
    found: dict[int, list[Reply]] = {proposal.pk: [] for proposal in proposals}
    if found:
        for reply in replies.filter(task__proposal_id__in=found):
            found[reply.task.proposal_id].append(reply)
    return found


def replies_of(proposals: Sequence[Proposal]) -> dict[int, list[Reply]]:
    """The public replies of these proposals with every answer, by proposal; three queries however many."""
    items = Prefetch("items", ReplyItem.objects.select_related("suggestion", "result_class"))
    return _by_proposal(proposals, _public_replies().prefetch_related(items))


def _said_first(proposals: Sequence[Proposal]) -> dict[int, list[Reply]]:
    """The public replies of these proposals, each with its ``first_answer`` and its nearest ``vow``; one query."""
    answers = ReplyItem.objects.filter(reply=OuterRef("pk")).exclude(text="").order_by("suggestion__order", "id")
    settled = Case(When(kept_on__isnull=True, missed_on__isnull=True, then=0), default=1)
    vows = Promise.objects.filter(reply=OuterRef("pk")).order_by(settled, "unrecorded", "due_on", "id")
    vow = JSONObject(text="text", unrecorded="unrecorded", **{name: Cast(name, CharField()) for name in VOW_DAYS})
    rows = _public_replies().prefetch_related(None)
    rows = rows.annotate(first_answer=Subquery(answers.values("text")[:1]), vow=Subquery(vows.values(vow=vow)[:1]))
    return _by_proposal(proposals, rows)


def _vow_of(reply: Reply) -> list[Promise]:
    """The nearest promise of a reply of the front page, as a record that is not stored; none or one."""
    told = getattr(reply, "vow", None)
    if not told:
        return []
    days = {name: date.fromisoformat(told[name]) for name in VOW_DAYS if told[name]}
    return [Promise(text=told["text"], unrecorded=bool(told["unrecorded"]), **days)]


@dataclass(frozen=True)
class Opened:
    """A proposal of the front page with its last reply in one sentence and its nearest promise."""

    proposal: Proposal
    unit: str
    answer: str
    promise: Promise | None


def answered_lately(count: int = 5) -> list[Opened]:
    """The proposals published last, each with what was answered."""
    rows = list(open_proposals().order_by("-published_on", "-id")[:count])
    replies = _said_first(rows)
    return [_opened(row, replies[row.pk]) for row in rows]


def _opened(row: Proposal, replies: list[Reply]) -> Opened:
    """One proposal and what its last reply says; a promise not yet kept comes before a kept one."""
    last = replies[-1] if replies else None
    promises = sorted(
        (promise for reply in replies for promise in _vow_of(reply)),
        key=lambda promise: (promise.settled_on is not None, promise.is_unknown, promise.due_on),
    )
    unit = str(last.task.unit) if last else str(row.lead_unit or "")
    answer = getattr(last, "first_answer", None) or ""
    return Opened(row, unit, answer, promises[0] if promises else None)


def cleared_lately(count: int = 3) -> list[OpinionReport]:
    """The opinion reports cleared last, each with ``of_all``, how many there are; one query."""
    rows = OpinionReport.objects.public().annotate(of_all=Window(Count("pk")))
    columns = ("public_title", "public_abstract", "published_on", "status")
    return list(rows.only(*columns).order_by("-published_on", "-id")[:count])


def open_deliberations(count: int = 2) -> list[Deliberation]:
    """Deliberations that residents may join now, those that end first before the others."""
    rows = Deliberation.objects.public().open_at(timezone.now())
    return list(rows.select_related("consultation").order_by("closes_at", "id")[:count])


def open_item(pk: int) -> Proposal | None:
    """One published proposal with its suggestions and confirmed proposers, or None."""
    proposers = Proposer.objects.filter(state=Proposer.State.CONFIRMED).only(
        "proposal_id", "name", "sector_name", "order"
    )
    return (
        Proposal.objects.public()
        .select_related("lead_unit", "result_class", "category", "session")
        .prefetch_related("suggestions", Prefetch("proposers", proposers))
        .filter(pk=pk)
        .first()
    )


def open_studios(today: date) -> QuerySet[Studio]:
    """Studios at work with ``next_on``, those that receive next first."""
    return selectors_studios.studios(today=today).order_by(F("next_on").asc(nulls_last=True), "order", "id")
