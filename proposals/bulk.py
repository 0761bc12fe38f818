"""A large world of proposals for measurements: made in batches, the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from core import revisions
from core.bulk_words import MATTERS
from members.models import HandlingUnit, Member, Sector, Session, Term
from proposals.bulk_cases import Cases, World
from proposals.models import Category, ResultClass

BATCH = 2000


def seed(count: int, *, key: int, today: date, progress=None) -> int:
    """Add ``count`` proposals with texts, proposers, tasks, letters, feedback, terms and log; returns how many.

    Each batch is stored whole or not at all. Duty entries and scores are left to their own sweep.
    """
    rnd, made = random.Random(key), 0  # noqa: S311  (a repeatable world, no secret)
    with revisions.scope():
        cases = Cases(_world(today), rnd, today)
        for size in _batches(count):
            with transaction.atomic():
                cases.batch(size)
            made += size
            if progress:
                progress(made)
        cases.finish()
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
        opens = date(today.year - 5 + number, 2, 22)
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
