"""Two people at once, on PostgreSQL: one wins, the other is told; numbers have no gaps or twins."""

import pytest

from core.models import AuditEntry, Effect
from proposals.models import Proposal, UnitTask
from proposals.services import assignment, drafting, feedback, review
from tests.proposals.story import GOOD, World
from tests.races import at_once, split

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    """People, units and the current session, in real transactions."""
    return World()


def test_two_officers_decide_one_case(world):
    case = world.reviewed()
    results = at_once(
        lambda: review.decide(case, actor=world.second, outcome="file"),
        lambda: review.decide(Proposal.objects.get(pk=case.pk), actor=world.chief, outcome="file"),
    )
    won, lost = split(results)
    assert (len(won), len(lost)) == (1, 1)
    assert "刷新后再看" in str(lost[0])
    assert won[0].number == 1
    assert AuditEntry.objects.filter(verb="proposal.file").count() == 1
    assert Effect.objects.filter(name="proposals.filed").count() == 1


def test_many_cases_filed_at_once_are_numbered_without_gaps(world):
    cases = [world.reviewed() for _ in range(6)]
    won, lost = split(
        at_once(*[lambda case=case: review.decide(case, actor=world.second, outcome="file") for case in cases])
    )
    assert lost == []
    assert sorted(case.number for case in won) == [1, 2, 3, 4, 5, 6]
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, AuditEntry.objects.count() + 1)
    )


def test_two_officers_give_one_case_to_two_units(world):
    case = world.filed()
    acts = [
        lambda unit=unit: assignment.assign(case, actor=world.inspection, mode="sole", lead=unit)
        for unit in (world.unit, world.support)
    ]
    won, lost = split(at_once(*acts))
    assert (len(won), len(lost)) == (1, 1)
    assert UnitTask.objects.count() == 1


def test_submitting_twice_gives_one_number(world):
    case = world.draft()
    acts = [lambda: drafting.submit(case, actor=world.member.user)] * 2
    won, lost = split(at_once(*acts))
    assert (len(won), len(lost)) == (1, 1)
    assert world.submitted().intake_no.endswith("-0002")


def test_last_two_judgements_at_once_close_the_case_once(world):
    main = world.filed()
    twin = review.recommend(world.submitted(world.other), actor=world.clerk, outcome="merge", main_case=main)
    review.decide(twin, actor=world.second, outcome="merge")
    main = world.replied(world.handling(main))
    acts = [
        lambda row=row, member=member: feedback.answer(row, actor=member.user, **GOOD)
        for member in (world.member, world.other)
        for row in main.feedback.filter(proposer__member=member)
    ]
    won, lost = split(at_once(*acts))
    assert (len(won), lost) == (2, [])
    main.refresh_from_db()
    assert main.status == "closed"
    assert AuditEntry.objects.filter(verb="proposal.close").count() == 1


def test_two_saves_of_one_version_keep_the_first(world):
    case = world.draft()
    acts = [
        lambda title=title: drafting.save_draft(case, actor=world.member.user, version=case.version, title=title)
        for title in ("关于甲的建议", "关于乙的建议")
    ]
    won, lost = split(at_once(*acts))
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].field == "version"
    assert Proposal.objects.get(pk=case.pk).title == won[0].title
