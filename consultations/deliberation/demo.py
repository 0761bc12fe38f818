"""The demo world of online deliberation 演示网络议政: a closed one with its summary, an open one with something to moderate.

Windows and opinions go through the services; votes are written in one batch, as the same keys would
have left them, since a thousand of them one by one would hold the demo world up.
"""

import random
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from consultations.deliberation import jobs as deliberation_jobs
from consultations.deliberation.demo_texts import ELDERS, PARKING, Story
from consultations.deliberation.participants import member_key, token_key
from consultations.models import Consultation, Deliberation, Opinion, Participant, Vote
from consultations.services import deliberation, deliberation_moderation, sessions
from members.demo.clock import on_day
from members.models import Member, SpecialCommittee, User

LEANS = {"y": 0.93, "n": 0.08, "m": 0.5}
"""How likely a camp agrees, where it votes at all."""
SEEN, PASSES = 0.85, 0.06
RESIDENTS = 3
"""Of each camp one in so many is a resident."""


def seed(today: date) -> None:
    """Hold what is not there yet; nothing is doubled."""
    liaison = User.objects.filter(username="liaison").first()
    committee = SpecialCommittee.objects.filter(kind="committee", is_active=True).order_by("order", "pk").first()
    if liaison is None or committee is None:
        return
    for story in (PARKING, ELDERS):
        if not Consultation.objects.filter(title=story.title).exists():
            _tell(story, today, liaison, committee)


def _tell(story: Story, today: date, liaison: User, committee: SpecialCommittee) -> None:
    begin = today - timedelta(story.opened)
    with on_day(begin):
        row = _window(story, begin, liaison, committee)
        opinions = _opinions(row, story, liaison)
    _vote(row, story, opinions)
    for text in story.waiting:
        author = Member.objects.filter(is_active=True, user__isnull=False).order_by("-pk").first()
        deliberation.say(row, text=text, member=author, actor=author and author.user)
    if row.closes_at <= timezone.now():
        with on_day(begin + timedelta(story.days)):
            deliberation.close(row, actor=liaison)
        deliberation_jobs.compute_now(Deliberation.objects.get(pk=row.pk))


def _window(story: Story, begin: date, liaison: User, committee: SpecialCommittee) -> Deliberation:
    session = sessions.plan(
        actor=liaison, title=story.title, form="network", on=begin, organizer=committee, parties="委员、群众"
    )
    opens = datetime.combine(begin, time(9), timezone.get_default_timezone())
    row = deliberation.prepare(
        session, actor=liaison, question=story.question, opens_at=opens, closes_at=opens + timedelta(story.days),
        audience=Deliberation.Audience.PUBLIC,
    )  # fmt: skip
    return deliberation.open_window(row, actor=liaison)


def _opinions(row: Deliberation, story: Story, liaison: User) -> list[Opinion]:
    """The office begins with some, members put the others and the office publishes them."""
    authors = list(Member.objects.filter(is_active=True).order_by("pk")[:12])
    found = []
    for place, (text, _) in enumerate(story.opinions):
        if place % 3 == 0 or not authors:
            found.append(deliberation.say(row, text=text, actor=liaison))
            continue
        opinion = deliberation.say(row, text=text, member=authors[place % len(authors)])
        found.append(deliberation_moderation.publish(opinion, actor=liaison))
    return found


def _vote(row: Deliberation, story: Story, opinions: list[Opinion]) -> None:
    """Votes of every camp: most people have seen most opinions, few pass, some of each camp think otherwise."""
    chance = random.Random(story.title)  # noqa: S311 - the demo world looks the same each time
    members = list(Member.objects.filter(is_active=True, user__isnull=True).order_by("pk")[: sum(story.camps)])
    people: list[Participant] = []
    camp_of: list[int] = []
    for camp, size in enumerate(story.camps):
        for _ in range(size):
            number = len(people)
            is_member = number < len(members) and number % RESIDENTS != 0
            key = member_key(row, members[number].pk) if is_member else token_key(row, f"demo-{number}")
            people.append(Participant(deliberation=row, key=key, is_member=is_member))
            camp_of.append(camp)
    Participant.objects.bulk_create(people)
    authors = {people[n].pk: members[n].pk for n in range(len(people)) if people[n].is_member}
    votes = []
    for person, camp in zip(people, camp_of, strict=True):
        for opinion, (_, leans) in zip(opinions, story.opinions, strict=True):
            own = opinion.member_id is not None and authors.get(person.pk) == opinion.member_id
            if own or chance.random() > SEEN:
                continue
            agrees = chance.random() < LEANS[leans[camp]]
            value = Vote.Value.PASS if chance.random() < PASSES else Vote.Value.AGREE if agrees else Vote.Value.DISAGREE
            votes.append(Vote(participant=person, opinion=opinion, value=value))
    chance.shuffle(votes)
    Vote.objects.bulk_create(votes, batch_size=500)
    cast = Vote.objects.filter(opinion=OuterRef("pk")).order_by().values("opinion").annotate(n=Count("pk")).values("n")
    Opinion.objects.filter(deliberation=row).update(votes=Coalesce(Subquery(cast), 0))
