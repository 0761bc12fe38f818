"""The load of an online deliberation 网络议政的压力: many people vote at once on a real web server, and nothing may be lost.

Half of them are members who have signed in, half residents with their cookie, each at an address of
his own. Everybody votes on every opinion once, as a browser does: the vote is posted, and the page
to which it leads is read. Every tenth vote is posted a second time in the same moment, as a double
click or a phone that repeats itself would; it must change nothing.
"""

import http.client
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from consultations.deliberation.participants import member_key
from consultations.models import Consultation, Deliberation, Opinion, Vote
from consultations.services import deliberation, sessions
from members.models import Member, Role, RoleGrant, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
HANDS = 24
"""Requests on their way at once; the web server of two cores works on fewer, so that some wait."""
REPLAY = 10
"""Every so many votes are posted twice at once."""


@dataclass(frozen=True)
class Person:
    """Somebody who votes: his cookies, his address, where his votes go."""

    cookie: str
    token: str
    address: str
    path: str
    key: str = ""


@dataclass
class Load:
    """What came of one load: seconds for each vote and each page after it, and what was refused."""

    votes: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    late: float = 0.0
    """By how many seconds the slowest start lagged behind its hour."""
    seconds: float = 0.0


def world(people: int, opinions: int) -> tuple[Deliberation, list[Opinion], list[Member]]:
    """An open deliberation, its opinions and half of ``people`` as members with accounts."""
    office, created = User.objects.get_or_create(username="bench-votes", defaults={"name": "测速"})
    if created:
        RoleGrant.objects.create(user=office, role=Role.LIAISON)
    now = timezone.now()
    session = sessions.plan(actor=office, title="测速议政", form=Consultation.Form.NETWORK, on=now.date())
    row = deliberation.prepare(
        session, actor=office, question="怎样停车不难？", opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1), audience=Deliberation.Audience.PUBLIC, moderated=False,
    )  # fmt: skip
    row = deliberation.open_window(row, actor=office)
    said = [deliberation.say(row, text=f"把第{n}块空地改成车位", actor=office) for n in range(opinions)]
    start = User.objects.count()
    users = User.objects.bulk_create(
        User(username=f"bench-vote-{start + n}", name=f"测速{start + n}") for n in range(people // 2)
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=Role.MEMBER) for user in users)
    members = Member.objects.bulk_create(Member(code=f"V{user.pk:07d}", name=user.name, user=user) for user in users)
    return row, said, list(members)


def everybody(row: Deliberation, members: Sequence[Member], residents: int, port: int) -> list[Person]:
    """Members with a session, and residents who have agreed on the portal's page."""
    token = get_random_string(CSRF_SECRET_LENGTH)
    path = reverse("consultations:deliberation_vote", args=[row.pk])
    found = []
    for number, member in enumerate(members):
        client = Client()
        client.force_login(member.user, backend=BACKEND)
        cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
        found.append(Person(cookie, token, _address(number), path, member_key(row, member.pk)))
    page = reverse("portal:deliberation", args=[row.pk])
    path = reverse("portal:deliberation_vote", args=[row.pk])
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in range(residents):
        address = _address(len(members) + number)
        before = Person(f"csrftoken={token}", token, address, page)
        answer = _send(wire, "POST", before, page, {"consent": "on"})
        if answer.status != 302:
            raise RuntimeError(f"{page} 回答 {answer.status}")
        given = SimpleCookie(answer.headers.get("Set-Cookie", ""))["deliberation"]
        found.append(Person(f"deliberation={given.coded_value}; csrftoken={token}", token, address, path))
    wire.close()
    return found


def _address(number: int) -> str:
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def ballots(people: Sequence[Person], opinions: Sequence[Opinion], seed: int) -> list[tuple[Person, int, int]]:
    """Everybody's vote on every opinion, in the order in which they arrive."""
    chance = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    found = [(one, opinion.pk, chance.choice((1, -1, 0))) for one in people for opinion in opinions]
    chance.shuffle(found)
    return found


def run(votes: Sequence[tuple[Person, int, int]], port: int, *, a_minute: int | None) -> Load:
    """Post the votes, ``a_minute`` of them each minute or as fast as they are taken, and read the page after each."""
    told, own, lock = Load(), threading.local(), threading.Lock()
    wires: list[http.client.HTTPConnection] = []
    begin = time.perf_counter()

    def cast(number: int, twin: bool) -> None:
        person, opinion, value = votes[number]
        if a_minute:
            due = begin + number * 60 / a_minute
            time.sleep(max(0.0, due - time.perf_counter()))
            late = time.perf_counter() - due
        else:
            late = 0.0
        if not hasattr(own, "wire"):
            own.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            wires.append(own.wire)
        try:
            start = time.perf_counter()
            answer = _send(own.wire, "POST", person, person.path, {"opinion": opinion, "value": value})
            posted = time.perf_counter() - start
            problem = "" if answer.status == 302 else f"POST {answer.status}"
            read = 0.0
            if not twin and not problem:
                start = time.perf_counter()
                page = _send(own.wire, "GET", person, answer.headers["Location"])
                read = time.perf_counter() - start
                problem = "" if page.status == 200 else f"GET {page.status}"
        except (OSError, http.client.HTTPException) as error:
            own.wire.close()
            posted, read, problem = 0.0, 0.0, type(error).__name__
        with lock:
            told.late = max(told.late, late)
            if problem:
                told.wrong.append(problem)
            elif not twin:
                told.votes.append(posted)
                told.pages.append(read)

    with ThreadPoolExecutor(HANDS) as hands:
        for number in range(len(votes)):
            hands.submit(cast, number, False)
            if number % REPLAY == 0:
                hands.submit(cast, number, True)
    told.seconds = time.perf_counter() - begin
    for wire in wires:
        wire.close()
    return told


def _send(wire: http.client.HTTPConnection, method: str, person: Person, path: str, form: dict[str, Any] | None = None):
    headers = {"Cookie": person.cookie, "X-Forwarded-For": person.address, "Accept": "text/html"}
    body = None
    if form is not None:
        body = urlencode({**form, "csrfmiddlewaretoken": person.token})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    wire.request(method, path, body, headers)
    answer = wire.getresponse()
    answer.read()
    return answer


def judge(row: Deliberation, votes: Sequence[tuple[Person, int, int]]) -> dict[str, int]:
    """What the database holds against what was sent: stored, lost, doubled, otherwise than said, miscounted."""
    sent: dict[int, list[int]] = {}
    for _, opinion, value in votes:
        sent.setdefault(opinion, []).append(value)
    stored = Vote.objects.filter(opinion__deliberation=row)
    kept: dict[int, list[int]] = {}
    for opinion, value in stored.values_list("opinion_id", "value"):
        kept.setdefault(opinion, []).append(value)
    known = {person.key: (opinion, value) for person, opinion, value in votes if person.key}
    of_members = set(stored.filter(participant__key__in=known).values_list("participant__key", "opinion_id", "value"))
    wanted = {(person.key, opinion, value) for person, opinion, value in votes if person.key}
    counted = Opinion.objects.filter(deliberation=row).aggregate(n=Sum("votes"))["n"] or 0
    number = stored.count()
    return {
        "sent": len(votes), "stored": number, "lost": max(0, len(votes) - number), "doubled": max(0, number - len(votes)),
        "otherwise": len(wanted ^ of_members)
        + sum(1 for opinion in sent if sorted(sent[opinion]) != sorted(kept.get(opinion, []))),
        "miscounted": abs(counted - number),
    }  # fmt: skip


def line(name: str, told: Load, judged: dict[str, int]) -> dict[str, Any]:
    """One line of the benchmark table; its value is the 95th percentile of taking a vote, in milliseconds."""
    rank = dict(_ranks(told.votes))
    return {
        "name": name, "size": judged["sent"], "value": rank["p95"], "unit": "ms", "ratio": None, **rank,
        "page_p95": dict(_ranks(told.pages))["p95"], "a_minute": round(judged["sent"] * 60 / told.seconds),
        "seconds": round(told.seconds, 1), "late_s": round(told.late, 2), "refused": len(told.wrong), **judged,
    }  # fmt: skip


def _ranks(seconds: list[float]) -> Iterator[tuple[str, float]]:
    if len(seconds) < 2:
        seconds = [*seconds, 0.0, 0.0]
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    for name, value in (("p50", cuts[49]), ("p95", cuts[94]), ("p99", cuts[98]), ("max", max(seconds))):
        yield name, round(value * 1000, 1)
