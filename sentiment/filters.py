"""The conditions of the report list 筛选, read from the address; a value that means nothing finds nothing."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core import search
from sentiment import figures
from sentiment.forms.filter import AGES, ReportFilter
from sentiment.models import Forward, ForwardStatus, LeaderNote, Reporter
from sentiment.models.queries import mine_of
from sentiment.ranking import named, opens_lists
from sentiment.selectors import waiting_of

__all__ = ["AGES", "WAITS", "aged", "found", "narrow"]
LEAST_NAME, MOST_NAME = 2, 20
WEEK, MONTH = 7, 30
WAITS = Q(Exists(Forward.objects.filter(report=OuterRef("pk"), status=ForwardStatus.SENT)))
"""Reports of which a unit has not answered yet."""


def narrow(rows: QuerySet, form: ReportFilter, user: Any) -> QuerySet:
    """The reports that the conditions leave of ``rows``."""
    if not form.is_valid():
        return rows.none()
    asked, today = form.cleaned_data, timezone.localdate()
    if asked["q"]:
        rows = found(rows, asked["q"], user)
    if asked["state"]:
        rows = rows.filter(status__in=form.GROUPS.get(asked["state"], (asked["state"],)))
    for name in ("source", "category", "year"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    if asked["level"]:
        rows = rows.filter(figures.taken_up(*([] if asked["level"] == "any" else [asked["level"]])))
    if asked["due"] == "overdue":
        rows = rows.filter(next_due__lt=today)
    elif asked["due"]:
        rows = rows.filter(next_due__isnull=False)
    if asked["mine"]:
        rows = rows.filter(mine_of(user))
    if asked["turn"]:
        rows = rows.filter(waiting_of(user))
    return _of_board(rows, asked, user, today)


def _of_board(rows: QuerySet, asked: dict[str, Any], user: Any, today: date) -> QuerySet:
    """The conditions that stand behind the numbers of the board."""
    if asked["counted"]:
        rows = rows.filter(figures.CAME_IN)
    if asked["nocategory"]:
        rows = rows.filter(category="")
    if asked["aged"]:
        rows = rows.filter(aged(asked["aged"], today))
    if asked["unit"] or asked["answer"]:
        sent = Forward.objects.filter(report=OuterRef("pk"))
        sent = sent.filter(unit=asked["unit"]) if asked["unit"] else sent
        rows = rows.filter(Exists(sent))
        waits = Exists(sent.filter(status=ForwardStatus.SENT))
        if asked["answer"]:
            rows = rows.filter(waits if asked["answer"] == "waiting" else ~waits)
    if asked["noted"]:
        notes = LeaderNote.objects.filter(report=OuterRef("pk"), removed_at__isnull=True)
        rows = rows.filter(Exists(notes)) if user.has_perm("sentiment.see_notes") else rows.none()
    if asked.get("by"):
        who = named(asked["by"])
        if who is None:
            return rows.none()
        rows = rows.filter(pk__in=Reporter.objects.filter(**who).values("report_id"))
    return rows


def aged(age: str, today: date) -> Q:
    """Came in so long ago: within a week, within a month, or longer."""
    week, month = today - timedelta(days=WEEK), today - timedelta(days=MONTH)
    return {
        "week": Q(submitted_on__gte=week),
        "month": Q(submitted_on__lt=week, submitted_on__gte=month),
        "older": Q(submitted_on__lt=month),
    }[age]


def found(rows: QuerySet, text: str, user: Any) -> QuerySet:
    """By the words of the text; by who reports too, for the office, and for others among their own only."""
    hits = search.match(rows, text, code_field="code")
    name = text.strip()
    if not LEAST_NAME <= len(name) <= MOST_NAME:
        return hits
    people = Reporter.objects.filter(name__startswith=name)
    if not opens_lists(user):
        people = people.filter(report__in=rows.filter(mine_of(user)).values("pk"))
    if not people.exists():
        return hits
    return rows.filter(Q(pk__in=hits.order_by().values("pk")) | Q(pk__in=people.values("report_id")))
