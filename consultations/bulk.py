"""A large world of sessions 协商 for measurements: made in batches, the same for the same seed."""

import random
from datetime import date, timedelta

from django.db import connection, transaction

from consultations.models import Consultation, Outcome
from core import search
from core.bulk_words import MATTERS, MEASURES, PLACES, analysis, situation
from core.workflow import adopt
from members.models import Body

BATCH = 2000
FORMS = (("topical", 1), ("counterpart", 3), ("sector", 3), ("proposal", 2), ("frontline", 3), ("micro", 8))
STATES = (("planned", 1), ("notified", 1), ("held", 6), ("reported", 4), ("closed", 8))


def seed(count: int, *, key: int, today: date, progress=None) -> int:
    """Add ``count`` sessions with one outcome where one was reported; returns how many were made."""
    organizer, _ = Body.objects.get_or_create(kind=Body.Kind.COMMITTEE, name="测速专委会")
    rnd, made = random.Random(key), 0  # noqa: S311  (a repeatable world, no secret)
    while made < count:
        size = min(BATCH, count - made)
        with transaction.atomic():
            _batch(size, organizer, rnd, today)
        made += size
        if progress:
            progress(made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return made


def _batch(size: int, organizer: Body, rnd: random.Random, today: date) -> None:
    """One batch of sessions with all their rows."""
    sessions = [_session(organizer, rnd, today) for _ in range(size)]
    Consultation.objects.bulk_create(sessions, batch_size=BATCH)
    outcomes = [
        adopt(
            Outcome(
                consultation=row, kind=Outcome.Kind.BRIEF, title=row.title, text=situation(rnd), sent_on=row.reported_on
            ),
            Outcome.Status.SENT,
        )
        for row in sessions
        if row.reported_on
    ]
    Outcome.objects.bulk_create(outcomes, batch_size=BATCH)
    search.index_many((row, [row.title, row.place, row.parties]) for row in sessions)


def _session(organizer: Body, rnd: random.Random, today: date) -> Consultation:
    status = rnd.choices([name for name, _ in STATES], [weight for _, weight in STATES])[0]
    to_come = status in ("planned", "notified")
    on = today + timedelta(days=rnd.randrange(1, 60)) if to_come else today - timedelta(days=rnd.randrange(1500))
    place = rnd.choice(PLACES)
    session = Consultation(
        form=rnd.choices([name for name, _ in FORMS], [weight for _, weight in FORMS])[0],
        title=f"{place}{rnd.choice(MATTERS)}协商",
        on=on,
        place=place,
        organizer=organizer,
        parties="委员、单位、群众",
        background=situation(rnd),
        minutes="" if to_come else situation(rnd),
        consensus="" if to_come else f"{rnd.choice(MEASURES)}。{analysis(rnd)}",
        suggestions_count=None if to_come else rnd.randrange(1, 20),
    )
    adopt(session, status)
    if status in ("reported", "closed"):
        session.reported_on = min(on + timedelta(days=10), today)
    if status == "closed":
        session.closed_on = min(on + timedelta(days=90), today)
    return session
