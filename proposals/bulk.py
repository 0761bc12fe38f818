"""A large world of proposals for measurements: made in batches, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from core import search, similar
from core.bulk_words import ACTIONS, MATTERS, MEASURES, analysis, situation, title
from core.models import Deadline
from core.workflow import adopt
from members.models import HandlingUnit, Member, Sector, Session, Term
from proposals.models import Category, Proposal, Proposer, ResultClass, Suggestion, UnitTask

BATCH = 2000
STATES = (
    ("submitted", 2), ("reviewing", 2), ("not_filed", 8), ("filed", 3), ("assigned", 4), ("handling", 36),
    ("replied", 10), ("closed", 25), ("archived", 10),
)  # fmt: skip
TASK_STATE = {"assigned": "pending", "handling": "working", "replied": "done", "closed": "done", "archived": "done"}


@dataclass
class World:
    """The reference rows that bulk proposals hang on."""

    sessions: list[Session]
    units: list[HandlingUnit]
    sectors: list[Sector]
    members: list[Member]
    categories: list[Category]
    classes: list[ResultClass]


def seed(count: int, *, key: int, today: date, progress=None) -> int:
    """Add ``count`` proposals with their texts, proposers, tasks and deadlines; returns how many were made."""
    world, rnd, made = _world(today), random.Random(key), 0  # noqa: S311  (a repeatable world, no secret)
    for size in _batches(count):
        with transaction.atomic():
            _batch(size, world, rnd, today)
        made += size
        if progress:
            progress(made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return made


def _batches(count: int) -> Iterator[int]:
    while count > 0:
        yield min(BATCH, count)
        count -= BATCH


def _world(today: date) -> World:
    """Reference rows, made where a database has none."""
    term, _ = Term.objects.get_or_create(number=16, defaults={"name": "十六届", "starts": date(2022, 2, 20)})
    for number in range(1, 6):
        opens = date(2021 + number, 2, 22)
        Session.objects.get_or_create(
            term=term,
            number=number,
            defaults={
                "name": f"十六届{'一二三四五'[number - 1]}次会议",
                "year": opens.year,
                "opens": opens,
                "closes": opens + timedelta(days=4),
                "collects_from": opens - timedelta(days=90),
                "cut_off": f"{opens:%Y-%m-%d}T12:00+08:00",
            },
        )
    for number, name in enumerate(MATTERS):
        HandlingUnit.objects.get_or_create(
            name=f"汉滨区{name}管理局", defaults={"short_name": f"{name}局", "category": "政府部门", "order": number}
        )
    sectors = [
        Sector.objects.get_or_create(kind="sector", name=name)[0] for name in ("经济", "教育", "农业农村", "医药卫生")
    ]
    if Member.objects.count() < 300:
        Member.objects.bulk_create(
            [
                Member(code=f"BULK{number:05d}", name=f"测{number:03d}", sector=sectors[number % len(sectors)])
                for number in range(300)
            ],
            ignore_conflicts=True,
        )
    for number, (letter, name) in enumerate((("A", "已解决或采纳"), ("B", "列入计划"), ("C", "留作参考"))):
        ResultClass.objects.get_or_create(
            letter=letter,
            defaults={"code": letter.lower(), "name": name, "order": number, "needs_promise": letter == "B"},
        )
    for number, name in enumerate(("经济建设", "政治建设", "文化建设", "社会建设", "生态文明建设")):
        Category.objects.get_or_create(name=name, defaults={"code": f"bulk-{number}", "order": number})
    return World(
        list(Session.objects.order_by("opens")),
        list(HandlingUnit.objects.all()),
        sectors,
        list(Member.objects.select_related("sector")[:400]),
        list(Category.objects.all()),
        list(ResultClass.objects.all()),
    )


def _batch(size: int, world: World, rnd: random.Random, today: date) -> None:
    """One batch of cases with all their rows."""
    numbers = _next_numbers(world.sessions)
    cases, people = [], []
    for _ in range(size):
        member = rnd.choice(world.members)
        cases.append(_case(world, rnd, today, numbers, member))
        people.append(member)
    Proposal.objects.bulk_create(cases, batch_size=BATCH)
    suggestions = [
        Suggestion(
            proposal=case, order=number, text=f"{rnd.choice(MEASURES)}，{rnd.choice(ACTIONS)}{rnd.choice(MATTERS)}。"
        )
        for case in cases
        for number in (1, 2, 3)
    ]
    Suggestion.objects.bulk_create(suggestions, batch_size=BATCH)
    Proposer.objects.bulk_create(
        [Proposer(proposal=case, member=who, name=who.name) for case, who in zip(cases, people, strict=True)],
        batch_size=BATCH,
    )
    _tasks(cases, rnd, today)
    search.index_many(
        [
            (case, [case.title, case.situation, *(row.text for row in suggestions[3 * place : 3 * place + 3])])
            for place, case in enumerate(cases)
        ]
    )
    similar.index_many(
        "proposals.proposal",
        (
            (
                case.pk,
                case.title,
                "\n".join([case.situation, *(row.text for row in suggestions[3 * place : 3 * place + 3])]),
            )
            for place, case in enumerate(cases)
        ),
    )


def _next_numbers(sessions: list[Session]) -> dict[int, int]:
    """The last case number of each session."""
    last = {}
    for session in sessions:
        newest = session.proposals.exclude(number=None).order_by("-number").values_list("number", flat=True).first()
        last[session.pk] = newest or 0
    return last


def _case(world: World, rnd: random.Random, today: date, numbers: dict[int, int], member: Member) -> Proposal:
    session = rnd.choice(world.sessions)
    state = rnd.choices([name for name, _ in STATES], [weight for _, weight in STATES])[0]
    submitted = min(session.opens - timedelta(days=rnd.randrange(60)), today)
    case = Proposal(
        session=session,
        year=session.year,
        title=title(rnd),
        situation=situation(rnd),
        analysis=analysis(rnd),
        category=rnd.choice(world.categories),
        sector=member.sector,
        proposer_name=member.name,
        submitted_on=submitted,
    )
    adopt(case, state)
    if state in ("submitted", "reviewing", "not_filed"):
        return case
    numbers[session.pk] += 1
    case.number = numbers[session.pk]
    case.filed_on = session.closes
    if state == "filed":
        return case
    case.lead_unit = rnd.choice(world.units)
    case.handling_mode = Proposal.Mode.SOLE
    case.assigned_on = min(session.closes + timedelta(days=rnd.randrange(30)), today)
    if state in ("assigned", "handling"):
        case.next_due = today + timedelta(days=rnd.randrange(-20, 120))
        case.next_due_label = "答复"
        return case
    case.replied_on = case.assigned_on + timedelta(days=rnd.randrange(30, 110))
    case.result_class = rnd.choice(world.classes)
    if state != "replied":
        case.closed_on = case.replied_on + timedelta(days=rnd.randrange(3, 30))
        case.rating = case.attitude = rnd.choice(("satisfied", "satisfied", "basically"))
    return case


def _tasks(cases: list[Proposal], rnd: random.Random, today: date) -> None:
    """Lead tasks and, for open ones, the reply deadline that the sweep watches."""
    tasks = []
    for case in cases:
        if case.status in TASK_STATE:
            task = UnitTask(proposal=case, unit=case.lead_unit, role="lead", assigned_on=case.assigned_on)
            tasks.append(adopt(task, TASK_STATE[case.status]))
    UnitTask.objects.bulk_create(tasks, batch_size=BATCH)
    Deadline.objects.bulk_create(
        [
            Deadline(
                subject_type="proposals.unittask",
                subject_id=task.pk,
                root_type="proposals.proposal",
                root_id=task.proposal_id,
                kind="reply",
                label="答复",
                starts=task.assigned_on,
                due=task.proposal.next_due,
                unit=Deadline.Unit.MONTHS,
                amount=3,
                rule="交办起3个月",
            )
            for task in tasks
            if task.proposal.next_due
        ],
        batch_size=BATCH,
    )
