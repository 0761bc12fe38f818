"""The load of votes: sent to a real server it stores each vote once, and its judge finds what is not so."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from consultations.deliberation import vote_load
from consultations.models import Opinion, Vote

OK = {"lost": 0, "doubled": 0, "otherwise": 0, "miscounted": 0}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_members_and_residents_vote_at_once_and_each_vote_is_there_once(live_server):
    port = int(live_server.url.rpartition(":")[2])
    row, opinions, members = vote_load.world(6, 5)
    people = vote_load.everybody(row, members, 3, port)
    votes = vote_load.ballots(people, opinions, seed=1)
    told = vote_load.run(votes, port, a_minute=None)
    judged = vote_load.judge(row, votes)
    assert not told.wrong
    assert judged == {"sent": 30, "stored": 30, **OK}
    assert row.participants.filter(is_member=True).count() == 3
    line = vote_load.line("votes", told, judged)
    assert 0 < line["p50"] <= line["p95"] <= line["max"]
    assert len(told.votes) == len(told.pages) == 30


@pytest.mark.django_db
def test_the_judge_finds_what_is_lost_changed_or_miscounted():
    row, opinions, members = vote_load.world(2, 2)
    key = vote_load.member_key(row, members[0].pk)
    person = vote_load.Person("", "", "", "", key)
    votes = [(person, opinions[0].pk, 1), (person, opinions[1].pk, -1)]
    vote_load.deliberation.vote(row, opinions[0].pk, 1, key=key, member_id=members[0].pk)
    assert vote_load.judge(row, votes)["lost"] == 1
    vote_load.deliberation.vote(row, opinions[1].pk, -1, key=key, member_id=members[0].pk)
    assert vote_load.judge(row, votes) == {"sent": 2, "stored": 2, **OK}
    Vote.objects.filter(opinion=opinions[1]).update(value=1)
    assert vote_load.judge(row, votes)["otherwise"] > 0
    Opinion.objects.filter(pk=opinions[0].pk).update(votes=7)
    assert vote_load.judge(row, votes)["miscounted"] == 6


def test_the_load_runs_only_on_a_database_of_its_own(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "hanbin")
    with pytest.raises(CommandError, match="名字以 bench 开头"):
        call_command("bench_votes", stdout=io.StringIO())


def test_a_line_is_json():
    told = vote_load.Load(votes=[0.01, 0.02], pages=[0.02, 0.03], seconds=1)
    line = vote_load.line("votes_paced", told, {"sent": 2, "stored": 2, **OK})
    assert json.loads(json.dumps(line))["p50"] == 15.0
