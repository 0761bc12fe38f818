"""What waits for each person at each stage, and that it goes away when it is done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import revisions
from members.models import RoleGrant
from proposals import todos
from proposals.services import assignment, drafting, replying, review
from tests import factories as make
from tests.proposals.story import BAD


def again(user):
    """The account as a new request would load it."""
    return type(user).objects.get(pk=user.pk)


def kinds(user) -> list[str]:
    """What waits for a person."""
    return sorted(todo.kind for todo in todos.todos(again(user), timezone.localdate()))


def test_each_stage_waits_for_the_right_person(world):
    people = {
        "member": world.member.user, "clerk": world.clerk, "second": world.second,
        "inspection": world.inspection, "operator": world.operator, "leader": world.leader,
    }  # fmt: skip

    def waiting() -> dict[str, list[str]]:
        return {name: found for name, person in people.items() if (found := kinds(person))}

    case = world.draft()
    assert waiting() == {"member": ["draft"]}
    case = drafting.submit(case, actor=world.member.user)
    assert waiting() == {"clerk": ["first_review"], "second": ["first_review"]}
    case = review.recommend(case, actor=world.clerk, outcome="file")
    assert waiting() == {"second": ["second_review"]}
    case = review.decide(case, actor=world.second, outcome="file")
    assert waiting() == {"clerk": ["assign"], "second": ["assign"], "inspection": ["assign"]}
    case = world.assigned(case)
    assert waiting() == {"operator": ["sign"], "leader": ["sign"]}
    task = assignment.sign_receipt(world.task(case), actor=world.operator)
    assert waiting() == {"operator": ["contact"], "leader": ["contact"]}
    reply = world.written(case)
    assert waiting() == {"operator": ["reply"], "leader": ["approve", "reply"]}
    reply = replying.approve(reply, actor=world.leader)
    assert waiting() == {"operator": ["send"], "leader": ["send"]}
    reply = replying.send_to_office(reply, actor=world.operator, document_no="发〔2026〕1号")
    assert waiting() == {"inspection": ["check_reply"]}
    replying.issue(reply, actor=world.inspection)
    assert waiting() == {"member": ["feedback"]}
    case = world.judge(type(case).objects.get(pk=case.pk))
    assert waiting() == {"clerk": ["archive"], "second": ["archive"]}
    assert task.pk


def test_row_says_what_where_until_when_and_since_when(world):
    case = world.assigned()
    row = todos.todos(world.operator, timezone.localdate())[0]
    task = world.task(case)
    assert (row.title, row.action, row.since) == (case.title, "签收", timezone.localdate())
    assert row.url == f"/proposals/tasks/{task.pk}/"
    assert row.due == case.next_due
    assert "第1号" in row.sub
    assert "主办" in row.sub


def test_requests_wait_for_the_inspection_office(world):
    task = world.task(world.assigned())
    assignment.request_transfer(task, actor=world.operator, reason="不归我局管")
    assert kinds(world.inspection) == ["transfer"]
    assert kinds(world.operator) == []


def test_support_unit_has_its_opinion_and_its_agreement(world):
    case = world.assigned(supports=[world.support])
    assert kinds(world.support_operator) == ["sign"]
    assignment.sign_receipt(case.tasks.get(role="support"), actor=world.support_operator)
    assert kinds(world.support_operator) == ["opinion"]
    replying.give_opinion(case.tasks.get(role="support"), actor=world.support_operator, opinion="同意")
    assert kinds(world.support_operator) == []
    assignment.sign_receipt(world.task(case), actor=world.operator)
    reply = replying.send_cosign(world.written(case), actor=world.operator)
    assert kinds(world.support_operator) == ["cosign"]
    assert kinds(world.leader) == []
    replying.answer_cosign(reply.cosigns.get(), actor=world.support_operator, agree=True)
    assert kinds(world.leader) == ["approve"]


def test_invited_member_is_asked_and_the_first_submits(world):
    case = drafting.save_draft(world.draft(kind="joint"), actor=world.member.user, cosigners=[world.other])
    drafting.invite_cosigners(case, actor=world.member.user, until=timezone.localdate())
    assert kinds(world.other.user) == ["invited"]
    assert kinds(world.member.user) == ["cosigning"]


def test_second_unsatisfied_waits_for_the_office(world):
    case = world.judge(world.replied(), judgement=BAD)
    assert kinds(world.operator) == ["contact"]
    world.judge(world.replied(case), judgement=BAD)
    assert kinds(world.chief) == ["coordinate"]


def test_nearest_day_comes_first_and_the_limit_holds(world):
    late = world.assigned()
    signed = world.handling()
    today = timezone.localdate()
    rows = todos.todos(world.operator, today)
    assert [row.proposal_id for row in rows] == [late.pk, signed.pk]
    assert len(todos.todos(world.operator, today, limit=1)) == 1


def test_counts_agree_with_the_rows(world):
    world.assigned()
    world.handling()
    counted = todos.counts(world.operator)
    assert {kind: number for kind, number in counted.items() if number} == {"sign": 1, "contact": 1}


def test_account_without_duties_has_none(db):
    person = make.UserFactory()
    assert todos.todos(person, timezone.localdate()) == []
    assert todos.counts(person) == {}


@pytest.mark.parametrize("cases", [1, 3])
def test_queries_do_not_grow_with_the_rows(world, cases, django_assert_max_num_queries):
    for _ in range(cases):
        world.assigned()
    person = again(world.operator)
    with revisions.scope(), django_assert_max_num_queries(4):  # roles, all duties, the marks and names of units
        assert len(todos.todos(person, timezone.localdate())) == cases


def test_many_closed_cases_are_told_as_one_line(world):
    closed = [make.ProposalFactory(status="closed") for _ in range(3)]
    assert len(todos.todos(again(world.clerk), timezone.localdate())) == 3
    closed.append(make.ProposalFactory(status="closed"))
    [line] = todos.todos(again(world.clerk), timezone.localdate())
    assert (line.kind, line.title, line.action) == ("archive", "4件等着归档", "成批归档")
    assert line.url == "/proposals/?state=closed"


def test_all_duties_of_a_person_with_every_role_are_one_query(world, django_assert_max_num_queries):
    person = make.UserFactory(roles=["proposal_clerk", "inspection", "member"])
    RoleGrant.objects.create(user=person, role="unit_leader", unit=world.unit)
    make.MemberFactory(user=person)
    world.assigned()
    world.handling()
    person = again(person)
    with revisions.scope(), django_assert_max_num_queries(4):
        found = {todo.kind for todo in todos.todos(person, timezone.localdate())}
    assert found == {"sign", "contact"}


def test_filing_away_never_pushes_out_a_proposal_that_waits_for_review(world):
    for _ in range(4):
        make.ProposalFactory(status="follow_up", closed_on=timezone.localdate() - timedelta(days=900))
    case = world.submitted()
    rows = todos.todos(again(world.clerk), timezone.localdate(), limit=4)
    assert (rows[0].kind, rows[0].proposal_id) == ("first_review", case.pk)
    assert [row.kind for row in rows[1:]] == ["end_follow_up"] * 3
