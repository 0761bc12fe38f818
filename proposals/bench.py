"""Measurements 测速: pages against a bare view in the same run, and the reminder sweep.

The floor of a page is a plain Django view behind the same middleware, for the same signed-in
person. It does one query by a primary key index (for a list: as many rows as the page shows, with
the columns and names that the list shows; for an item: the one case with all of its columns; for
the form: one row), and draws them with ``render()`` in one template that holds a loop and nothing
else: no frame, no menu, no filter, no count, no paging, no rights. Blanks fill its body to the
size of the page.

Ratios travel between machines; single times do not. Each value is the median of the counted runs
after a warm-up, page and floor taken in turn. ``…_first`` is the page just after an act of the
person, when no count of the frame or of the list is kept.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path
from django.utils import timezone

from core import badges, reminders
from core.models import Deadline, Reminder
from proposals.models import Proposal

RUNS, WARM_UP = 15, 3
SHOWN = (
    "id", "status", "number", "intake_no", "session__name", "title", "kind", "proposer_name", "sector__short_name",
    "lead_unit__short_name", "round", "is_key", "next_due", "next_due_label", "closed_on",
)  # fmt: skip
"""What a row of the list shows."""


@dataclass(frozen=True)
class Measure:
    """One line of the table: ``floor`` is the bare view's value, ``ratio`` the value over it; None where there is none."""

    name: str
    size: int
    value: float
    unit: str
    ratio: float | None
    floor: float | None = None


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """The bare view: the newest ``rows`` cases, or the case ``item`` with all its columns; ``bytes`` of body."""
    if pk := request.GET.get("item"):
        shown = {"case": Proposal.objects.order_by().values().get(pk=pk)}
    else:
        shown = {"rows": Proposal.objects.order_by("-id").values(*SHOWN)[: int(request.GET["rows"])]}
    response = render(request, "proposals/bench_floor.html", shown)
    response.content = response.content.ljust(int(request.GET["bytes"]))
    return response


urlpatterns = [path("bench-floor/", floor), path("", include("hanbin_cppcc.urls"))]


def pages(user) -> Iterator[Measure]:
    """List, filtered list, search, item and form as seen by ``user``."""
    size = Proposal.objects.count()
    newest = Proposal.objects.visible_to(user).order_by("-id").values_list("pk", flat=True)[0]
    unit = Proposal.objects.exclude(lead_unit=None).values_list("lead_unit_id", flat=True).first()
    addresses = {
        "list": "/proposals/",
        "list_first": "/proposals/",
        "list_filtered": f"/proposals/?lead={unit}&state=handling",
        "list_search": "/proposals/?q=富硒茶叶",
        "list_search_first": "/proposals/?q=富硒茶叶",
        "list_search_rare": "/proposals/?q=第17号",
        "item": f"/proposals/{newest}/",
        "form": "/proposals/new/",
    }
    with override_settings(ROOT_URLCONF="proposals.bench", ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in addresses.items():
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} 回答 {answer.status_code}")
            bare = f"/bench-floor/?bytes={len(answer.content)}&"
            shown = answer.content.count(b"row-link")
            bare += f"item={newest}" if name == "item" else f"rows={shown or 1}"
            before = (lambda: badges.forget([user.pk])) if name.endswith("_first") else (lambda: None)
            page, least = _pair(lambda url=address: client.get(url), lambda url=bare: client.get(url), before)
            yield Measure(name, size, round(page * 1000, 2), "ms", round(page / least, 2), round(least * 1000, 2))


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


def table(rows: Iterator[Measure]) -> Iterator[dict]:
    """The measures as plain dicts, one JSON line each."""
    return (asdict(row) for row in rows)


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


def _pair(one: Callable, other: Callable, before: Callable) -> tuple[float, float]:
    """Median seconds of two calls taken in turn, so that a drifting machine touches both; ``before`` is not timed."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(WARM_UP + RUNS):
        before()
        for place, call in enumerate((one, other)):
            start = time.perf_counter()
            call()
            if run >= WARM_UP:
                times[place].append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])
