"""Measurements 测速 of proposals: pages against a bare view in the same run, and the reminder sweep.

How a page is measured stands in ``core.measuring``. ``…_after_act`` is the page just after an act of
the person, when his counts are worked out anew; ``…_first`` the page when nothing is kept at all.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from core import badges, reminders
from core.measuring import Measure, Page, against_floor, bare
from core.models import Deadline, Reminder
from proposals.models import Proposal

SHOWN = (
    "id", "status", "number", "intake_no", "session__name", "title", "kind", "proposer_name", "sector__short_name",
    "lead_unit__short_name", "round", "is_key", "next_due", "next_due_label", "closed_on",
)  # fmt: skip
"""What a row of the list shows."""


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """The bare view: the newest ``rows`` cases, or the case ``item`` with all its columns; ``bytes`` of body."""
    return bare(request, "proposals/bench_floor.html", Proposal.objects.order_by("-id"), SHOWN)


urlpatterns = [path("bench-floor/", floor), path("", include("hanbin_cppcc.urls"))]


def pages(user) -> Iterator[Measure]:
    """List, filtered list, search, item and form as seen by ``user``."""
    newest = Proposal.objects.visible_to(user).order_by("-id").values_list("pk", flat=True)[0]
    rare = Proposal.objects.exclude(intake_no=None).order_by("id").values_list("intake_no", flat=True).first() or "L1"
    unit = Proposal.objects.exclude(lead_unit=None).values_list("lead_unit_id", flat=True).first()

    def act() -> None:
        badges.forget([user.pk])

    def nothing_kept() -> None:
        badges.forget_all([user.pk])

    listed = [
        Page("list", "/proposals/"),
        Page("list_after_act", "/proposals/", before=act),
        Page("list_first", "/proposals/", before=nothing_kept),
        Page("list_filtered", f"/proposals/?lead={unit}&state=handling"),
        Page("list_search", "/proposals/?q=富硒茶叶"),
        Page("list_search_first", "/proposals/?q=富硒茶叶", before=nothing_kept),
        Page("list_search_number", "/proposals/?q=第17号"),
        Page("list_search_rare", f"/proposals/?q={rare}"),
        Page("item", f"/proposals/{newest}/", item=newest),
        Page("form", "/proposals/new/"),
    ]
    return against_floor(user, "proposals.bench", Proposal.objects.count(), listed)


def sweep(open_tasks: int, due: int) -> Iterator[Measure]:
    """The reminder sweep over ``open_tasks`` open deadlines of which ``due`` have a stage to record."""
    today = timezone.localdate()
    _arrange_deadlines(open_tasks, due, today)
    start = time.perf_counter()
    counts = reminders.sweep(today)
    chunks = reminders.undelivered_chunks()
    yield Measure("sweep", open_tasks, round(time.perf_counter() - start, 3), "s", None)
    yield Measure("sweep_sent", open_tasks, counts["sent"], "reminders", None)
    yield Measure("sweep_messages", open_tasks, len(chunks), "messages", None)


def _arrange_deadlines(open_tasks: int, due: int, today: date) -> None:
    """Replace all deadlines by ``open_tasks`` open ones, ``due`` of them due today."""
    Reminder.objects.all().delete()
    Deadline.objects.all()._raw_delete("default")
    far = today + timedelta(days=90)
    Deadline.objects.bulk_create(
        [
            Deadline(
                subject_type="proposals.unittask",
                subject_id=number + 1,
                root_type="proposals.proposal",
                root_id=number + 1,
                kind="reply",
                label="答复",
                starts=today - timedelta(days=30),
                due=today if number < due else far,
                unit=Deadline.Unit.MONTHS,
                amount=3,
                rule="交办起3个月",
            )
            for number in range(open_tasks)
        ],
        batch_size=5000,
    )
