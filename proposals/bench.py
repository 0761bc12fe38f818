"""Measurements 测速: pages against a bare view in the same run, and the reminder sweep.

The floor of a page is a Django view behind the same middleware that does one indexed query for the
same number of rows and answers with a body of the same size. Ratios travel between machines; single
times do not. Each value is the median of the counted runs after a warm-up.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path
from django.utils import timezone

from core import reminders
from core.models import Deadline, Reminder
from proposals.models import Proposal

RUNS, WARM_UP = 15, 3


@dataclass(frozen=True)
class Measure:
    """One line of the table: ``ratio`` is the value over its floor, None where there is none."""

    name: str
    size: int
    value: float
    unit: str
    ratio: float | None


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """The bare view: one indexed query for ``rows`` rows, a body of ``bytes`` bytes."""
    rows = int(request.GET["rows"])
    titles = list(Proposal.objects.order_by("-id").values_list("id", "title")[:rows])
    body = "".join(f"<li>{pk} {title}</li>" for pk, title in titles)
    size = int(request.GET["bytes"])
    return HttpResponse(body.encode().ljust(size, b" ")[:size])


urlpatterns = [path("bench-floor/", floor), path("", include("hanbin_cppcc.urls"))]


def pages(user) -> Iterator[Measure]:
    """List, filtered list, search, item and form as seen by ``user``."""
    size = Proposal.objects.count()
    newest = Proposal.objects.visible_to(user).order_by("-id").values_list("pk", flat=True)[0]
    unit = Proposal.objects.exclude(lead_unit=None).values_list("lead_unit_id", flat=True).first()
    addresses = {
        "list": ("/proposals/", 30),
        "list_filtered": (f"/proposals/?lead={unit}&state=handling", 30),
        "list_search": ("/proposals/?q=富硒茶叶", 30),
        "list_search_rare": ("/proposals/?q=第17号", 30),
        "item": (f"/proposals/{newest}/", 1),
        "form": ("/proposals/new/", 1),
    }
    with override_settings(ROOT_URLCONF="proposals.bench", ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, (address, rows) in addresses.items():
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} 回答 {answer.status_code}")
            bare = f"/bench-floor/?rows={rows}&bytes={len(answer.content)}"
            page, least = _pair(lambda url=address: client.get(url), lambda url=bare: client.get(url))
            yield Measure(name, size, round(page * 1000, 2), "ms", round(page / least, 2))


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


def _pair(one: Callable, other: Callable) -> tuple[float, float]:
    """Median seconds of two calls taken in turn, so that a drifting machine touches both."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(WARM_UP + RUNS):
        for place, call in enumerate((one, other)):
            start = time.perf_counter()
            call()
            if run >= WARM_UP:
                times[place].append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])
