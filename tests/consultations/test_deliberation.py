"""An online deliberation from the window to the digest: who may do what when, and what stays of whom."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document

from consultations.deliberation import digest as deliberation_digest
from consultations.deliberation import jobs as deliberation_jobs
from consultations.deliberation import selectors
from consultations.deliberation.participants import member_key, token_key
from consultations.models import Consultation, Deliberation, Opinion, Outcome, Participant, Vote
from consultations.services import deliberation, deliberation_moderation
from core import outbox, todos, workflow
from core.errors import Refusal
from core.models import AuditEntry, Job, Notice
from members.models import DutyEntry
from members.services import duty
from tests.factories_deliberation import DeliberationFactory, OpinionFactory, ParticipantFactory, VoteFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def window(house, **values) -> Deliberation:
    """One of the committee's, opened for members, looked through first."""
    now = timezone.now()
    session = house.planned(form="network")
    defaults = {"question": "怎样停车不难？", "opens_at": now - HOUR, "closes_at": now + HOUR}
    row = deliberation.prepare(session, actor=house.staff, **{**defaults, **values})
    return deliberation.open_window(row, actor=house.staff)


def test_a_deliberation_goes_all_the_way_to_its_digest(house):
    row = window(house)
    outbox.run_pending()
    assert Notice.objects.filter(recipient=house.members[0].user, title__contains="开放了").exists()
    first = deliberation.say(row, text="利用夜间空置的机关车位", member=house.members[0])
    assert first.status == "waiting"
    deliberation_moderation.publish(first, actor=house.staff)
    deliberation.vote(row, first.pk, 1, key=member_key(row, house.members[1].pk), member_id=house.members[1].pk)
    outcome = deliberation.close(row, actor=house.staff)
    assert (outcome.kind, outcome.consultation.status, outcome.consultation.suggestions_count) == ("digest", "held", 1)
    assert "利用夜间空置的机关车位" in outcome.text
    outbox.run_pending()
    assert Job.objects.filter(kind=deliberation_jobs.KIND, params__deliberation=row.pk).count() == 1
    assert DutyEntry.objects.filter(member=house.members[0], act="consultation.written").count() == 1
    duty.catch_up()
    assert DutyEntry.objects.filter(act="consultation.written").count() == 1


def test_only_a_network_session_has_a_window_and_only_one(house):
    now = timezone.now()
    values = {"question": "？", "opens_at": now, "closes_at": now + HOUR}
    with pytest.raises(Refusal, match="形式是网络议政"):
        deliberation.prepare(house.planned(), actor=house.staff, **values)
    row = window(house)
    with pytest.raises(Refusal, match="已经设置过"):
        deliberation.prepare(row.consultation, actor=house.staff, **values)
    with pytest.raises(Refusal, match="晚"):
        deliberation.extend(row, actor=house.staff, closes_at=row.closes_at - timedelta(minutes=1))
    assert deliberation.extend(row, actor=house.staff, closes_at=row.closes_at + HOUR).closes_at > row.closes_at - HOUR


def test_nobody_but_the_office_runs_it(house):
    row = window(house)
    for stranger in (house.members[0].user, house.leader, house.convener, house.operator):
        with pytest.raises(Refusal, match="权限"):
            deliberation.close(row, actor=stranger)
    assert {move.verb for move in workflow.allowed(row, house.liaison)} == {"extend", "close"}


def test_a_vote_again_is_the_same_vote_and_another_replaces_it():
    opinion = OpinionFactory()
    for value in (1, 1, 1):
        deliberation.vote(opinion.deliberation, opinion.pk, value, key="a")
    opinion.refresh_from_db()
    assert (Vote.objects.count(), opinion.votes) == (1, 1)
    deliberation.vote(opinion.deliberation, opinion.pk, -1, key="a")
    opinion.refresh_from_db()
    assert (Vote.objects.get().value, opinion.votes) == (-1, 1)


def test_the_database_itself_keeps_one_vote_a_participant():
    ballot = VoteFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(participant=ballot.participant, opinion=ballot.opinion, value=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoteFactory(value=2)


def test_a_window_that_closed_between_reading_and_voting_takes_nothing():
    opinion = OpinionFactory()
    row = opinion.deliberation
    Deliberation.objects.filter(pk=row.pk).update(closes_at=timezone.now())
    with pytest.raises(Refusal, match="已经截止"):
        deliberation.vote(row, opinion.pk, 1, key="a")
    with pytest.raises(Refusal, match="已经截止"):
        deliberation.say(row, text="晚了一步", participant=ParticipantFactory(deliberation=row))
    assert not Vote.objects.exists()
    early = DeliberationFactory(opens_at=timezone.now() + HOUR)
    with pytest.raises(Refusal, match="还没有到"):
        deliberation.vote(early, OpinionFactory(deliberation=early).pk, 1, key="a")


def test_forged_numbers_take_no_vote():
    row, other = DeliberationFactory(), OpinionFactory()
    hidden = OpinionFactory(deliberation=row, status="waiting")
    for pk in (other.pk, hidden.pk, 999_999):
        with pytest.raises(Refusal, match="不公开"):
            deliberation.vote(row, pk, 1, key="a")
    with pytest.raises(Refusal, match="请选"):
        deliberation.vote(row, OpinionFactory(deliberation=row).pk, 7, key="a")
    assert not Vote.objects.exists()


def test_nobody_votes_on_his_own(house):
    row = DeliberationFactory()
    mine = deliberation.say(row, text="我的意见", member=house.members[0])
    who = ParticipantFactory(deliberation=row)
    resident = deliberation.say(row, text="群众的意见", participant=who)
    with pytest.raises(Refusal, match="自己"):
        deliberation.vote(row, mine.pk, 1, key="k", member_id=house.members[0].pk)
    with pytest.raises(Refusal, match="自己"):
        deliberation.vote(row, resident.pk, 1, key=who.key)
    assert deliberation.deal(row, key=who.key, participant=who) == mine


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("请给13812345678回电话", "手机号"),
        ("请给１３８１２３４５６７８回电话", "手机号"),
        ("身份证612401199001011234", "身份证号"),
        ("陕G12345天天占位", "车牌号"),
        ("打0915-3212345问", "电话号码"),
        ("3号楼2单元101室占道", "门牌号"),
        ("村民张三把路堵了", "人名"),
        ("王先生家的车", "人名"),
    ],
)
def test_an_opinion_that_seems_to_name_a_person_waits_even_unmoderated(text, flag):
    who = ParticipantFactory()
    opinion = deliberation.say(who.deliberation, text=text, participant=who)
    assert opinion.status == "waiting"
    assert flag in opinion.flags


@pytest.mark.parametrize("text", ["2026年建1200个车位", "高峰期7:30到8:30错时开放", "每月收费150元"])
def test_plain_figures_are_no_personal_data(text):
    who = ParticipantFactory()
    assert deliberation.say(who.deliberation, text=text, participant=who).status == "published"


def test_an_opinion_is_short_and_not_sent_twice():
    who = ParticipantFactory()
    with pytest.raises(Refusal, match="最多140字"):
        deliberation.say(who.deliberation, text="长" * 141, participant=who)
    for _ in range(2):
        deliberation.say(who.deliberation, text="错时开放", participant=who)
    assert Opinion.objects.count() == 1
    for number in range(9):
        deliberation.say(who.deliberation, text=f"第{number}条", participant=who)
    with pytest.raises(Refusal, match="最多提10条"):
        deliberation.say(who.deliberation, text="再来一条", participant=who)


def test_the_author_reads_what_became_of_his_opinion(house):
    row = window(house)
    opinion = deliberation.say(row, text="老张家的车天天占道", member=house.members[0])
    with pytest.raises(Refusal, match="理由"):
        deliberation_moderation.refuse(opinion, actor=house.staff, reason=" ")
    deliberation_moderation.refuse(opinion, actor=house.staff, reason="点了个人的名")
    outbox.run_pending()
    assert "点了个人的名" in Notice.objects.get(recipient=house.members[0].user, title__contains="没有公开").body
    at = selectors.Seat("k", None, house.members[0].pk)
    assert [one.reason for one in selectors.own_opinions(row, at)] == ["点了个人的名"]
    assert deliberation.deal(row, key="x", participant=None) is None


def test_merging_loses_no_vote(house):
    row = window(house, moderated=False)
    one, two = OpinionFactory(deliberation=row), OpinionFactory(deliberation=row)
    for key, votes in {"a": {one: 1}, "b": {one: -1, two: 1}, "c": {two: 0}}.items():
        for opinion, value in votes.items():
            deliberation.vote(row, opinion.pk, value, key=key)
    deliberation_moderation.merge(one, two, actor=house.staff)
    two.refresh_from_db()
    said = dict(Vote.objects.filter(opinion=two).values_list("participant__key", "value"))
    assert (said, two.votes) == ({"a": 1, "b": 1, "c": 0}, 3)
    deliberation.vote(row, one.pk, 0, key="d")  # a page that was open since before the merger
    assert Vote.objects.filter(opinion=two, participant__key="d").exists()
    with pytest.raises(Refusal, match="已经公开"):
        deliberation_moderation.merge(two, one, actor=house.staff)


def test_opinions_are_dealt_to_whoever_with_the_fewest_votes_first_in_his_own_order():
    row = DeliberationFactory()
    opinions = [OpinionFactory(deliberation=row, votes=0) for _ in range(6)]
    loud = OpinionFactory(deliberation=row, votes=50)
    firsts = {deliberation.deal(row, key=f"k{number}", participant=None) for number in range(40)}
    assert loud not in firsts
    assert len(firsts) > 3
    assert deliberation.deal(row, key="k", participant=None) == deliberation.deal(row, key="k", participant=None)
    seen = []
    for _ in range(7):
        at = selectors.seat(row, "k")
        opinion = deliberation.deal(row, key="k", participant=at.participant)
        seen.append(opinion)
        deliberation.vote(row, opinion.pk, 1, key="k")
    assert seen[-1] == loud
    assert set(seen) == {*opinions, loud}
    assert deliberation.deal(row, key="k", participant=Participant.objects.get(key="k")) is None


def test_votes_bear_no_name_and_closing_forgets_the_way_to_it(house):
    row = window(house)
    opinion = OpinionFactory(deliberation=row)
    key = member_key(row, house.members[0].pk)
    salt = row.salt
    deliberation.vote(row, opinion.pk, 1, key=key, member_id=house.members[0].pk)
    assert {field.name for field in Vote._meta.fields} == {"id", "participant", "opinion", "value"}
    assert {field.name for field in Participant._meta.fields} == {"id", "deliberation", "key", "is_member"}
    deliberation.close(row, actor=house.staff)
    row = Deliberation.objects.get(pk=row.pk)
    assert row.salt == ""
    assert member_key(row, house.members[0].pk) != key
    assert not any(salt in str(entry.detail) for entry in AuditEntry.objects.all())
    assert not AuditEntry.objects.filter(verb__contains="vote").exists()
    assert token_key(row, "t") == token_key(row, "t")


def test_closing_waits_for_the_moderator_and_happens_once(house):
    row = window(house)
    opinion = deliberation.say(row, text="错时开放", member=house.members[0])
    with pytest.raises(Refusal, match="1条意见没有审核"):
        deliberation.close(row, actor=house.staff)
    assert [
        todo.action
        for todo in todos.collect(house.staff, timezone.localdate())
        if todo.kind == "consultations.moderate"
    ]
    deliberation_moderation.publish(opinion, actor=house.staff)
    deliberation.close(row, actor=house.staff)
    with pytest.raises(Refusal, match="已结束"):
        deliberation.close(row, actor=house.staff)
    assert Outcome.objects.filter(kind="digest").count() == 1
    assert Consultation.objects.get(pk=row.consultation_id).status == "held"


def test_the_digest_says_what_the_summary_says(house):
    row = window(house, moderated=False)
    opinions = [OpinionFactory(deliberation=row, text=f"第{number}条建议") for number in range(8)]
    for person in range(12):
        for number, opinion in enumerate(opinions):
            value = 1 if number < 4 else (1 if person < 6 else -1)
            deliberation.vote(row, opinion.pk, value, key=f"p{person}")
    deliberation.close(row, actor=house.staff)
    row = Deliberation.objects.get(pk=row.pk)
    made, computed = deliberation_jobs.compute_now(row)
    assert computed
    assert not deliberation_jobs.compute_now(row)[1]
    assert not deliberation_jobs.is_stale(row, made)
    file = deliberation_digest.as_document(row, selectors.picture(row, made), timezone.localdate())
    text = "\n".join(line.text for line in Document(io.BytesIO(file)).paragraphs)
    for words in ("12人参与表态", "普遍认同的意见", "分歧较大的意见", "甲组（6人）", "100%同意", "全部意见"):
        assert words in text
