"""Factories of the duty ledger and the scores."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import factory
from django.db import connection
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models import DutyEntry, ScoreAppeal, ScoreRules
from tests.factories import MemberFactory

HEADINGS = [
    {
        "code": "meetings", "label": "会议出席", "cap": "60", "bonus": "0", "floor": "0",
        "items": [
            {"act": "t.meeting", "label": "参加会议", "points": "20", "most": "", "share": "", "bonus": False},
            {"act": "t.absent", "label": "会议缺席", "points": "-5", "most": "", "share": "", "bonus": False},
        ],
    },
    {
        "code": "proposals", "label": "提案", "cap": "40", "bonus": "10", "floor": "0",
        "items": [
            {"act": "t.filed", "label": "提案立案", "points": "15", "most": "", "share": "half", "bonus": False},
            {"act": "t.key", "label": "重点提案", "points": "10", "most": "", "share": "", "bonus": True},
        ],
    },
]  # fmt: skip
BANDS = [
    {"label": "优秀", "from": "90"}, {"label": "良好", "from": "80"},
    {"label": "称职", "from": "60"}, {"label": "不称职", "from": "0"},
]  # fmt: skip
ACTS = ("t.meeting", "t.absent", "t.filed", "t.key")


class ScoreRulesFactory(DjangoModelFactory):
    """A version for members, in force from 2020 on; of two headings and acts of the tests' own."""

    class Meta:
        model = ScoreRules

    number = factory.Sequence(lambda number: number + 1)
    title = "委员积分办法"
    headings = HEADINGS
    bands = BANDS
    from_year = 2020
    in_force_at = factory.LazyFunction(timezone.now)


class DutyEntryFactory(DjangoModelFactory):
    """One meeting of a member, whose own record is the evidence."""

    class Meta:
        model = DutyEntry

    member = factory.SubFactory(MemberFactory)
    act = "t.meeting"
    on = date(2025, 3, 5)
    year = factory.LazyAttribute(lambda row: row.on.year)
    quantity = Decimal(1)
    summary = factory.Sequence(lambda number: f"第{number}次会议")
    key = factory.Sequence(lambda number: f"t:{number}")
    subject_type = "members.member"
    subject_id = factory.LazyAttribute(lambda row: row.member.pk if row.member else row.studio.pk)


class ScoreAppealFactory(DjangoModelFactory):
    """An appeal that waits."""

    class Meta:
        model = ScoreAppeal

    member = factory.SubFactory(MemberFactory)
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    heading = "meetings"
    text = "4月23日参加了恒口水厂调研，没有记。"


@contextmanager
def past_the_guard() -> Iterator[None]:
    """What somebody does who holds the database itself: its triggers keep silent."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
