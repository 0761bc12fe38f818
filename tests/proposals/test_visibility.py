"""List and page agree: for every role and every state a case is in the list exactly when its page opens."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import search
from members.models import Body, HandlingUnit, Member, Role, User
from members.services import membership
from proposals.models import Proposal, Proposer, Status, UnitTask
from proposals.services import review
from tests import factories as make
from tests.proposals.story import World

pytestmark = pytest.mark.django_db
LIST = "/proposals/"
PRIVATE = {Status.DRAFT, Status.COSIGNING}
FILED = {
    Status.FILED, Status.ASSIGNED, Status.HANDLING, Status.REPLIED, Status.REHANDLING, Status.CLOSED,
    Status.FOLLOW_UP, Status.ARCHIVED,
}  # fmt: skip
GIVEN = FILED - {Status.FILED}
EVERY, NONE = set(Status), set()

# Who reads what (domain rules §8). Roles that are not named here read no proposal at all.
READS = {
    Role.PROPOSAL_CLERK: EVERY - PRIVATE,
    Role.PROPOSAL_CHIEF: EVERY - PRIVATE,
    Role.LEADER: EVERY - PRIVATE,
    Role.INSPECTION: FILED,
    Role.COMMITTEE: FILED,
    Role.DISTRICT_LEADER: FILED,
}
OWNERS = {
    "the first proposer": EVERY,
    "a confirmed co-signer": EVERY,
    "a co-signer who is asked": EVERY,
    "a co-signer who declined": NONE,
    "the lead unit's operator": GIVEN,
    "the lead unit's leader": GIVEN,
    "the support unit's operator": GIVEN,
    "a unit that gave it back": NONE,
    "a unit without it": NONE,
    "another member": NONE,
    "an account without roles": NONE,
    "a clerk who is also the lead unit's operator": EVERY - PRIVATE,
}


@dataclass
class Town:
    """One case in each state, and everybody who may have to do with them."""

    cases: dict[str, Proposal]
    people: dict[str, User]


@pytest.fixture
def town(db) -> Town:
    """The cases are all of one proposer, with the same co-signers and units."""
    first, signed, asked, declined, other = (
        make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER])) for _ in range(5)
    )
    lead, support, gave_back, stranger = (make.HandlingUnitFactory() for _ in range(4))
    cases: dict[str, Proposal] = {}
    for state in Status:
        main = cases[Status.FILED] if state == Status.MERGED else None
        cases[state] = _case(state, first, (signed, asked, declined), (lead, support, gave_back), main)
    people = {
        "the first proposer": first.user,
        "a confirmed co-signer": signed.user,
        "a co-signer who is asked": asked.user,
        "a co-signer who declined": declined.user,
        "another member": other.user,
        "the lead unit's operator": make.UserFactory(roles=[(Role.UNIT_OPERATOR, lead)]),
        "the lead unit's leader": make.UserFactory(roles=[(Role.UNIT_LEADER, lead)]),
        "the support unit's operator": make.UserFactory(roles=[(Role.UNIT_OPERATOR, support)]),
        "a unit that gave it back": make.UserFactory(roles=[(Role.UNIT_OPERATOR, gave_back)]),
        "a unit without it": make.UserFactory(roles=[(Role.UNIT_OPERATOR, stranger)]),
        "an account without roles": make.UserFactory(),
        "a clerk who is also the lead unit's operator": make.UserFactory(
            roles=[Role.PROPOSAL_CLERK, (Role.UNIT_OPERATOR, lead)]
        ),
    }
    body = make.BodyFactory(kind=Body.Kind.COMMITTEE)
    for role in Role:
        place = {Role.UNIT_OPERATOR: stranger, Role.UNIT_LEADER: stranger}.get(role)
        place = body if role in (Role.BODY_CONTACT, Role.CONVENER, Role.COMMITTEE) else place
        people[role] = make.UserFactory(roles=[(role, place)])
    return Town(cases, people)


def _case(
    state: str, first: Member, cosigners: tuple[Member, ...], units: tuple[HandlingUnit, ...], main: Proposal | None
) -> Proposal:
    """A case in ``state`` with its proposers and, from the assignment on, its units."""
    case = make.ProposalFactory(
        member=first, status=state, kind="joint", title=f"关于“{state}”的建议", merged_into=main,
        submitted_on=None if state in PRIVATE else timezone.localdate(),
    )  # fmt: skip
    for order, (member, answer) in enumerate(zip(cosigners, ("confirmed", "invited", "declined"), strict=True), 1):
        Proposer.objects.create(proposal=case, member=member, name=member.name, order=order, state=answer)
    if state in GIVEN:
        lead, support, gave_back = units
        make.UnitTaskFactory(proposal=case, unit=lead, status="working")
        make.UnitTaskFactory(proposal=case, unit=support, role=UnitTask.Role.SUPPORT, status="working")
        make.UnitTaskFactory(proposal=case, unit=gave_back, role=UnitTask.Role.SUPPORT, status="reassigned")
    search.index(case, case.title)
    return case


def listed(client, query: str = "") -> set[str]:
    """States of the cases in the list."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return {row.status for row in page.context["rows"]}


def exported(client) -> set[str]:
    """Titles in the spreadsheet."""
    answer = client.get(f"{LIST}?format=xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    head, *rows = sheet.iter_rows(values_only=True)
    return {row[head.index("案由")] for row in rows}


def opened(client, town: Town, name: str = "item") -> dict[str, int]:
    """What each case's page answers."""
    return {
        state: client.get(reverse(f"proposals:{name}", args=[case.pk])).status_code
        for state, case in town.cases.items()
    }


@pytest.mark.parametrize("who", [*OWNERS, *Role])
def test_list_page_print_export_and_search_agree(client, town, who):
    expected = OWNERS[who] if who in OWNERS else READS.get(who, NONE)
    client.force_login(town.people[who])
    assert listed(client) == expected
    answers = {state: 200 if state in expected else 404 for state in Status}
    assert opened(client, town) == answers
    assert opened(client, town, "print") == answers
    assert exported(client) == {town.cases[state].title for state in expected}
    assert listed(client, "q=建议") == expected


def test_signed_out_are_sent_to_sign_in(client, town):
    for address in [LIST, *(case.get_absolute_url() for case in town.cases.values())]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_disabled_account_reads_nothing(client, town):
    user = town.people["the first proposer"]
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(town.cases["draft"].get_absolute_url()).status_code == 302


def test_drafts_are_private_even_from_the_office(client, world: World):
    draft = world.draft()
    for person in (world.other.user, world.clerk, world.chief, world.inspection):
        client.force_login(person)
        for name in ("item", "edit", "finish", "print"):
            assert client.get(reverse(f"proposals:{name}", args=[draft.pk])).status_code == 404
        assert draft.pk not in {row.pk for row in client.get(LIST).context["rows"]}


def test_the_office_reads_the_draft_that_it_entered_itself(client, world: World):
    draft = world.draft()
    Proposal.objects.filter(pk=draft.pk).update(created_by=world.clerk, is_entered=True)
    client.force_login(world.clerk)
    assert client.get(draft.get_absolute_url()).status_code == 200
    client.force_login(world.second)
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_office_reads_the_drafts_of_a_member_who_left(client, world: World):
    draft = world.draft()
    office = make.UserFactory(roles=[Role.LIAISON])
    membership.leave(
        draft.proposers.get().member, actor=office, kind="resigned", on=timezone.localdate(), decision="常委会会议接受"
    )
    for person, status in ((world.clerk, 200), (world.chief, 200), (world.inspection, 404), (world.other.user, 404)):
        client.force_login(person)
        assert client.get(draft.get_absolute_url()).status_code == status
    client.force_login(world.clerk)
    assert draft.pk in {row.pk for row in client.get(LIST).context["rows"]}


def test_the_proposer_of_a_merged_case_reads_the_main_case(client, town, world: World):
    main = town.cases[Status.HANDLING]
    merged = make.ProposalFactory(member=world.other, status=Status.MERGED, merged_into=main)
    client.force_login(world.other.user)
    assert {row.pk for row in client.get(LIST).context["rows"]} == {main.pk, merged.pk}
    for case in (main, merged):
        assert client.get(case.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["task", "task_transfer", "task_extension"])
def test_tasks_of_other_units_are_not_there(client, town, name):
    task = town.cases[Status.HANDLING].tasks.get(role=UnitTask.Role.LEAD)
    for who in ("a unit without it", "a unit that gave it back", "another member", "an account without roles"):
        client.force_login(town.people[who])
        assert client.get(reverse(f"proposals:{name}", args=[task.pk])).status_code == 404


def test_units_read_ratings_when_the_round_is_over(client, world: World):
    case = world.submitted(kind="joint")
    Proposer.objects.create(proposal=case, member=world.other, name=world.other.name, order=1, state="confirmed")
    case = world.replied(world.handling(_filed(world, case)))
    case = world.judge(case, judgement={"contact_way": "meeting", "targeting": "on_point", "attitude": "satisfied",
                                        "result": "basically", "text": "密封的评语"})  # fmt: skip
    address = f"{case.get_absolute_url()}?all=1"
    for person in (world.operator, world.leader):
        client.force_login(person)
        page = client.get(address).content.decode()
        assert "密封的评语" not in page
        assert "本轮结束以后公布" in page
    for person in (world.member.user, world.clerk, world.inspection):
        client.force_login(person)
        assert "密封的评语" in client.get(address).content.decode()
    world.judge(case, world.other)
    client.force_login(world.operator)
    assert "密封的评语" in client.get(address).content.decode()


def _filed(world: World, case: Proposal) -> Proposal:
    case = review.recommend(case, actor=world.clerk, outcome="file")
    return review.decide(case, actor=world.second, outcome="file")


def test_the_filter_counts_only_what_may_be_read(client, town):
    client.force_login(town.people["the lead unit's operator"])
    soon = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert listed(client, f"to={soon}&state=submitted") == set()
    assert listed(client, "state=handling") == {Status.HANDLING}
