"""The method of the summary: the same votes give the same picture; small groups stay hidden."""

import random
import subprocess
import sys

import pytest

from consultations.deliberation.summary import Limits, summarise


def camps(people: int, opinions: int, *, sizes=(0.5, 0.3, 0.2), seed: int = 7, seen: float = 0.8):
    """Votes of camps that stand apart on two of three opinions and agree on every third."""
    dice = random.Random(seed)
    bounds = [sum(sizes[: number + 1]) * people for number in range(len(sizes))]
    votes = []
    for person in range(people):
        camp = next(number for number, bound in enumerate(bounds) if person < bound)
        for opinion in range(opinions):
            if dice.random() > seen:
                continue
            likes = 0.95 if opinion % 3 == 0 else (0.92 if (opinion + camp) % len(sizes) == 0 else 0.08)
            votes.append((person, opinion, 1 if dice.random() < likes else -1))
    return votes


def test_camps_are_found_and_ordered_by_size():
    told = summarise(camps(100, 18), range(18), Limits())
    assert [group["name"] for group in told["groups"]] == ["甲组", "乙组", "丙组"]
    assert [group["size"] for group in told["groups"]] == [50, 30, 20]
    assert all(pk % 3 == 0 for pk in told["agree"])
    assert told["divides"]
    assert all(pk % 3 for pk in told["divides"])
    assert all(group["stands"] for group in told["groups"])
    assert (told["participants"], told["mapped"], len(told["points"])) == (100, 100, 100)


def test_the_same_votes_give_the_same_picture_whoever_is_named_and_whatever_comes_first():
    votes = camps(80, 15)
    shuffled = [(1000 - person * 3, opinion, value) for person, opinion, value in votes]
    random.Random(1).shuffle(shuffled)
    assert summarise(votes, range(15), Limits()) == summarise(shuffled, range(15), Limits())


def test_a_group_below_the_minimum_is_hidden_with_its_points():
    told = summarise(camps(100, 18), range(18), Limits(group_minimum=25))
    assert [group["size"] for group in told["groups"]] == [50, 30]
    assert (told["hidden"], len(told["points"])) == (20, 80)
    assert all(len(line["groups"]) == 2 for line in told["opinions"])


def test_few_votes_keep_a_person_off_the_map_but_in_the_counts():
    votes = [*camps(40, 12), (900, 0, 1), (901, 0, -1)]
    told = summarise(votes, range(12), Limits(map_votes=5))
    assert told["participants"] - told["mapped"] == 2
    before = summarise(camps(40, 12), range(12), Limits(map_votes=5))
    assert told["opinions"][0]["votes"] == before["opinions"][0]["votes"] + 2
    assert told["points"] == before["points"]


@pytest.mark.parametrize("votes", [[], [(1, 0, 1)], [(p, o, 1) for p in range(30) for o in range(8)]])
def test_without_division_there_are_no_groups(votes):
    told = summarise(votes, range(8), Limits())
    assert (told["groups"], told["points"]) == ([], [])


def test_votes_on_opinions_that_are_not_shown_do_not_count():
    told = summarise([(1, 5, 1), (2, 6, 1)], [5], Limits())
    assert (told["participants"], told["votes"]) == (1, 1)


def test_two_halves_of_one_mind_each_are_two_groups():
    votes = [
        (person, opinion, 1 if (person < 6) == (opinion < 4) else -1) for person in range(12) for opinion in range(8)
    ]
    assert [group["size"] for group in summarise(votes, range(8), Limits())["groups"]] == [6, 6]


def test_the_web_server_starts_without_the_heavy_libraries():
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "assert not {'scipy', 'sklearn'} & set(sys.modules), 'loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
