"""Who may read which opinion report: confidential until issued, reporters and notes inside."""

import pytest

from members.models import Role
from sentiment.models import OpinionReport
from sentiment.services import aftermath
from tests.factories import HandlingUnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def sees(person, report):
    """Whether a person finds the report by its queryset."""
    return OpinionReport.objects.visible_to(person).filter(pk=report.pk).exists()


def readers(report, people):
    return {name for name, person in people.items() if sees(person, report)}


def everybody(house):
    """One account of every role, and those of the story."""
    people = {}
    for role in Role:
        place = HandlingUnitFactory() if role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) else None
        people[role.value] = UserFactory(roles=[(role, place) if place else role])
    return people | {"author": house.author, "own_unit": house.operator}


OFFICE = {"info_editor", "info_checker", "info_signer", "proposal_clerk", "proposal_chief"}


def test_draft_is_its_authors_alone(house):
    assert readers(house.draft(), everybody(house)) == {"author"}


@pytest.mark.parametrize("stage", ["submitted", "editing", "edited", "signed"])
def test_unpublished_report_stays_with_author_and_office(house, stage):
    assert readers(getattr(house, stage)(), everybody(house)) == OFFICE | {"author"}


def test_issued_report_reaches_leaders_and_forwarded_one_its_unit(house):
    people = everybody(house)
    issued = house.issued()
    assert readers(issued, people) == OFFICE | {"author", "leader", "district_leader"}
    aftermath.forward(issued, [house.unit], actor=house.editor)
    assert readers(issued, people) == OFFICE | {"author", "leader", "district_leader", "own_unit", "inspection"}


def test_public_sees_only_what_was_cleared(house):
    report = house.issued()
    assert not OpinionReport.objects.public().exists()
    aftermath.publish(report, actor=house.signer, title="路灯", abstract="路灯不亮")
    assert OpinionReport.objects.public().count() == 1
    aftermath.unpublish(report, actor=house.signer, reason="要更正")
    assert not OpinionReport.objects.public().exists()
