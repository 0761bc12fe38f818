"""Measurements 测速 of duty records: scores of 300 members over five years, ledger and file of 2,000 rows, a booking rush."""

import http.client
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from datetime import time as hour
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from core.measuring import Measure, Page, against_floor, bare
from members.duty import acts as duty_acts
from members.models import (
    Booking,
    DutyEntry,
    Member,
    ReceptionDay,
    ReceptionSlot,
    Role,
    RoleGrant,
    Studio,
    Term,
    User,
)
from members.scores.ledger import MEMBER
from members.services import score_rules, scores

MEMBERS, YEARS, ROWS, LONGEST = 300, 5, 40, 2000
RECOMPUTED = 3
"""Times that all years are computed; the median counts."""
LIMIT_SECONDS = 5.0
"""How long all years of all members may take."""
SLOTS, VISITORS = 8, 200
SHOWN = ("id", "on", "act", "summary", "quantity", "year", "subject_type", "subject_id", "reason")


@login_not_required
def floor(request: HttpRequest) -> HttpResponse:
    """The bare view: the newest ``rows`` ledger rows, or the row ``item`` with all its columns; ``bytes`` of body."""
    return bare(request, "members/bench_floor.html", DutyEntry.objects.order_by("-on", "-id"), SHOWN)


urlpatterns = [path("bench-floor/", floor), path("", include("hanbin_cppcc.urls"))]


@transaction.atomic
def world(today: date) -> Member:
    """300 members with 40 rows in each of five years, and one of them with 2,000; gives that one. Once."""
    code = "BENCH-0"
    if found := Member.objects.filter(code=code).first():
        return found
    Term.objects.get_or_create(
        number=16, defaults={"name": "十六届", "starts": date(today.year - YEARS, 1, 1), "is_current": True}
    )
    score_rules.begin_rules()
    Member.objects.bulk_create(Member(code=f"BENCH-{at}", name=f"测速{at}") for at in range(MEMBERS))
    members = list(Member.objects.filter(code__startswith="BENCH-").order_by("pk"))
    acts = [act.code for act in duty_acts.of_target(MEMBER)]

    def row(member: Member, at: int) -> DutyEntry:
        year = today.year - at % YEARS
        return DutyEntry(
            member=member, act=acts[at % len(acts)], year=year, on=date(year, 1 + at % 12, 1 + at % 28),
            summary=f"第{at}次参加的会议、调研或者提案", key=f"bench:{member.pk}:{at}",
            subject_type="members.member", subject_id=member.pk,
        )  # fmt: skip

    many = [row(member, at) for member in members for at in range(ROWS * YEARS)]
    many += [row(members[0], at) for at in range(ROWS * YEARS, LONGEST)]
    DutyEntry.objects.bulk_create(many, batch_size=2000)
    return members[0]


def recomputed(today: date) -> Measure:
    """All results of all years anew, as the nightly run does when every row may have changed."""
    times = []
    for _ in range(RECOMPUTED):
        begun = time.perf_counter()
        for year in range(today.year - YEARS + 1, today.year + 1):
            scores.compute_year(MEMBER, year)
        times.append(time.perf_counter() - begun)
    return Measure("scores_recomputed", MEMBERS * YEARS, round(statistics.median(times), 2), "s", None)


def pages(user: User, member: Member) -> Iterator[Measure]:
    """Ledger, duty file and ranking as seen by the liaison office."""
    ledger = reverse("members:duty_ledger", args=[member.pk])
    listed = [
        Page("ledger_page", ledger),
        Page("ledger_last_page", f"{ledger}?page={LONGEST // 50}"),
        Page("duty_file", reverse("members:duty", args=[member.pk])),
        Page("ranking", reverse("members:scores")),
    ]
    return against_floor(user, "members.bench", DutyEntry.objects.filter(member=member).count(), listed)


def liaison() -> User:
    """The account through whose eyes the pages are measured."""
    user, created = User.objects.get_or_create(username="bench-liaison", defaults={"name": "测速"})
    if created:
        RoleGrant.objects.create(user=user, role=Role.LIAISON)
    return user


# --- The rush -----------------------------------------------------------------------------------


def open_day(today: date) -> list[ReceptionSlot]:
    """A new studio with one announced day in a week, and its eight slots."""
    studio = Studio.objects.create(name=f"“测速{get_random_string(6)}”委员工作室", place="老城街道")
    day = ReceptionDay.objects.create(studio=studio, on=today + timedelta(7), announced_at=timezone.now())
    return [ReceptionSlot.objects.create(day=day, starts=hour(9 + at // 3, at % 3 * 20)) for at in range(SLOTS)]


def rush(slots: list[ReceptionSlot], port: int) -> tuple[list[float], Counter]:
    """200 residents, each from an address of his own, post at the same moment; seconds and status of each."""
    address = reverse("portal:book", args=[slots[0].day.studio_id])
    start = threading.Barrier(VISITORS)

    def visit(number: int) -> tuple[float, int]:
        token = get_random_string(CSRF_SECRET_LENGTH)
        body = urlencode({
            "csrfmiddlewaretoken": token, "slot": slots[number % len(slots)].pk, "name": "群众", "village": "",
            "phone": f"139{number:08d}", "matter": "路灯坏了", "website": "", "consent": "on",
        })  # fmt: skip
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}",
            "X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}",
        }  # fmt: skip
        start.wait(timeout=60)
        begun = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            line.request("POST", address, body, headers)
            answer = line.getresponse()
            answer.read()
            return time.perf_counter() - begun, answer.status
        finally:
            line.close()

    with ThreadPoolExecutor(VISITORS) as pool:
        found = list(pool.map(visit, range(VISITORS)))
    return [seconds for seconds, _ in found], Counter(status for _, status in found)


def judged(slots: list[ReceptionSlot], seconds: list[float], answers: Counter) -> dict[str, Any]:
    """The line of the rush: how long, and what is wrong with its outcome (nothing, where all is right)."""
    standing = Booking.objects.filter(slot__in=slots, cancelled_at__isnull=True)
    taken = standing.values("slot").distinct().count()
    wrong = []
    if standing.count() != taken or taken != len(slots):
        wrong.append(f"{standing.count()}个预约占{taken}个时段")
    if answers[302] != taken or answers[302] + answers[409] != VISITORS:
        wrong.append(f"回答{dict(answers)}")
    parts = statistics.quantiles(seconds, n=20)
    return {
        "name": "booking_rush", "size": VISITORS, "unit": "ms", "value": round(statistics.median(seconds) * 1000, 1),
        "p95": round(parts[18] * 1000, 1), "max": round(max(seconds) * 1000, 1), "booked": taken,
        "told_taken": answers[409], "wrong": wrong,
    }  # fmt: skip
