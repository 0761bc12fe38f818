"""Measuring 测速: a page against a bare view in the same run; each app names its pages and its bare view.

The floor of a page is a plain Django view behind the same middleware, for the same signed-in
person. It does one query by an index (for a list: as many rows as the page shows, with the columns
and names that the list shows; for an item: the one record with all of its columns; for a form: one
row), and draws them with ``render()`` in one template that holds a loop and nothing else: no frame,
no menu, no filter, no count, no paging, no rights. Blanks fill its body to the size of the page.

Ratios travel between machines; single times do not. Each value is the median of the counted runs
after a warm-up, page and floor taken in turn.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.test.utils import override_settings

RUNS, WARM_UP = 15, 3
FLOOR = "/bench-floor/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def nothing() -> None:
    """What is done before a run of a page that needs no preparation."""


@dataclass(frozen=True)
class Measure:
    """One line of the table: ``floor`` is the bare view's value, ``ratio`` the value over it; None where there is none.

    ``cpu_ratio`` is the same of the web process's own work, without waiting for the database or for
    other processes of the machine.
    """

    name: str
    size: int
    value: float
    unit: str
    ratio: float | None
    floor: float | None = None
    cpu_ratio: float | None = None


@dataclass(frozen=True)
class Page:
    """A page to measure; ``item`` is the record that it shows, ``before`` is done before each run and not timed."""

    name: str
    address: str
    item: int | None = None
    before: Callable[[], Any] = nothing


def bare(request: HttpRequest, template: str, records: QuerySet, shown: Sequence[str]) -> HttpResponse:
    """The bare view: the first ``rows`` of ``records`` with the columns ``shown``, or the record ``item`` with all."""
    if pk := request.GET.get("item"):
        context: dict[str, Any] = {"case": records.order_by().values().get(pk=pk)}
    else:
        context = {"rows": records.values(*shown)[: int(request.GET["rows"])]}
    response = render(request, template, context)
    response.content = response.content.ljust(int(request.GET["bytes"]))
    return response


def against_floor(user: Any, urlconf: str, size: int, pages: Iterable[Page]) -> Iterator[Measure]:
    """Each page as seen by ``user`` against the bare view at ``FLOOR``; ``urlconf`` knows both."""
    with override_settings(ROOT_URLCONF=urlconf, ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(user, backend=BACKEND)
        gc.collect()
        gc.freeze()  # as hanbin_cppcc.wsgi does before the first page
        for page in pages:
            answer = client.get(page.address)
            if answer.status_code != 200:
                raise RuntimeError(f"{page.address} 回答 {answer.status_code}")
            shown = f"item={page.item}" if page.item else f"rows={answer.content.count(b'row-link') or 1}"
            least = f"{FLOOR}?bytes={len(answer.content)}&{shown}"
            (value, cpu), (floor, floor_cpu) = pair(
                lambda url=page.address: client.get(url), lambda url=least: client.get(url), page.before
            )
            yield Measure(
                page.name, size, round(value * 1000, 2), "ms", round(value / floor, 2), round(floor * 1000, 2),
                round(cpu / floor_cpu, 2) if floor_cpu else None,
            )  # fmt: skip


def table(rows: Iterable[Measure]) -> Iterator[dict]:
    """The measures as plain dicts, one JSON line each."""
    return (asdict(row) for row in rows)


def pair(one: Callable, other: Callable, before: Callable = nothing) -> list[tuple[float, float]]:
    """Median seconds, by the clock and of this process, of two calls taken in turn.

    A machine that drifts touches both; ``before`` is not timed.
    """
    times: list[tuple[list[float], list[float]]] = [([], []), ([], [])]
    for run in range(WARM_UP + RUNS):
        before()
        for place, call in enumerate((one, other)):
            clock, work = time.perf_counter(), time.process_time()
            call()
            if run >= WARM_UP:
                times[place][0].append(time.perf_counter() - clock)
                times[place][1].append(time.process_time() - work)
    return [(statistics.median(clock), statistics.median(work)) for clock, work in times]
