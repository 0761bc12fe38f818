"""Changes of membership: dated rows are added and ended, the present follows, contradictions are refused."""

import threading
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session as WebSession
from django.db import close_old_connections
from django.utils import timezone

from core import audit
from core.errors import Refusal
from core.models import AuditEntry, Notice
from members.models import (
    BranchPlace,
    Member,
    Membership,
    MembershipChange,
    PartyBranch,
    PartyContact,
    Placement,
    Role,
    RoleGrant,
    Studio,
    User,
)
from members.services import changes, membership
from tests.factories import (
    MemberFactory,
    SectorFactory,
    SpecialCommitteeFactory,
    StudioFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 1)
WHY = "十六届十次常委会会议接受"


@pytest.fixture
def office():
    return UserFactory(roles=[Role.LIAISON])


@pytest.fixture
def term():
    return TermFactory()


def seated(term, **facts) -> Member:
    """A member with the open row of the present term."""
    member = MemberFactory(**facts)
    Membership.objects.create(member=member, term=term, starts=term.starts)
    return member


def co_opt(office, **changed):
    facts = {
        "code": "N001", "name": "新增补", "sector": SectorFactory(), "on": DAY, "reviewed": "十六届十次主席会议",
        "decided": "十六届三次常委会会议", "post": "某校 校长", "phone": "13900001111",
    }  # fmt: skip
    return membership.co_opt(actor=office, **(facts | changed))


def test_co_opting_makes_a_member_with_dated_rows_and_the_decision(office, term):
    committee, studio = SpecialCommitteeFactory(), StudioFactory()
    change = co_opt(office, committee=committee, studio=studio, political_status="党员")
    member = Member.objects.get(code="N001")
    row = member.memberships.get()
    assert (row.began_by, row.starts, row.ends, row.recorded_by) == ("coopted", DAY, None, office)
    assert row.decision == "十六届十次主席会议审议，十六届三次常委会会议协商决定"
    assert member.political_status == "中共党员"
    assert (member.is_active, member.committee_id, member.studio_id) == (True, committee.pk, studio.pk)
    assert member.placements.filter(ends=None, starts=DAY).count() == 3
    assert change.kind == "coopted"
    assert AuditEntry.objects.filter(verb="member.coopted", subject_id=member.pk).exists()


@pytest.mark.parametrize("missing", ["reviewed", "decided"])
def test_co_opting_needs_both_decisions(office, term, missing):
    with pytest.raises(Refusal, match="主席会议"):
        co_opt(office, **{missing: " "})
    assert not Member.objects.filter(code="N001").exists()


def test_whoever_is_a_member_cannot_be_co_opted_again(office, term):
    member = seated(term, code="N001", name="新增补")
    with pytest.raises(Refusal, match="现在就是委员"):
        co_opt(office)
    with pytest.raises(Refusal, match="请换一个编号"):
        co_opt(office, name="另一人")
    assert member.memberships.count() == 1


def test_a_former_member_may_come_back_and_keeps_his_history(office, term):
    member = seated(term, code="N001", name="新增补")
    membership.leave(member, actor=office, kind="resigned", on=DAY, decision=WHY)
    co_opt(office, on=DAY + timedelta(30))
    assert [row.ends for row in member.memberships.order_by("id")] == [DAY, None]
    assert Member.objects.get(pk=member.pk).is_active


@pytest.mark.parametrize("kind", ["resigned", "revoked", "deceased"])
def test_leaving_ends_everything_and_overwrites_nothing(office, term, kind):
    studio = StudioFactory()
    member = seated(term, studio=studio, political_status="中共党员", is_standing=True)
    other = seated(term)
    membership.record_present([member])
    Studio.objects.filter(pk=studio.pk).update(convener=member)
    branch = PartyBranch.objects.create(name="第一支部", secretary=member)
    BranchPlace.objects.create(branch=branch, member=member, starts=term.starts)
    PartyContact.objects.create(contact=member, member=other, starts=term.starts)
    change = membership.leave(member, actor=office, kind=kind, on=DAY, decision=WHY)
    member.refresh_from_db()
    assert (member.is_active, member.is_standing, member.studio_id) == (False, False, None)
    assert member.sector_id is not None
    assert member.memberships.get().ended_by == kind
    assert not member.placements.filter(ends=None).exists()
    assert not BranchPlace.objects.filter(ends=None).exists()
    assert not PartyContact.objects.filter(ends=None).exists()
    assert Studio.objects.get(pk=studio.pk).convener_id is None
    told = "".join(change.detail["told"])
    assert "没有召集人" in told
    assert "1位委员现在没有党员联系" in told
    assert "提案委能看到" in told


def test_leaving_closes_the_account_and_ends_its_sessions(client, office, term):
    user = UserFactory(roles=[Role.MEMBER])
    clerk = UserFactory(roles=[Role.PROPOSAL_CLERK])
    member = seated(term, user=user)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/members/").status_code == 200
    change = membership.leave(member, actor=office, kind="revoked", on=DAY, decision=WHY)
    assert not User.objects.get(pk=user.pk).is_active
    assert not RoleGrant.objects.filter(user=user).exists()
    assert not WebSession.objects.exists()
    assert client.get("/members/").status_code == 302
    assert "账号已停用" in "".join(change.detail["told"])
    assert Notice.objects.filter(recipient=clerk, title__contains=member.name).exists()


def test_whoever_is_staff_besides_keeps_that_role_and_the_account(office, term):
    user = UserFactory(roles=[Role.MEMBER, Role.SUPERVISOR])
    membership.leave(seated(term, user=user), actor=office, kind="resigned", on=DAY, decision=WHY)
    assert User.objects.get(pk=user.pk).is_active
    assert [grant.role for grant in RoleGrant.objects.filter(user=user)] == ["supervisor"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"on": date(2021, 1, 1)}, "早于原来的开始日期"),
        ({"on": date(2999, 1, 1)}, "还没有到"),
        ({"decision": "  "}, "依据"),
        ({"kind": "moved"}, "请选"),
    ],
)
def test_a_leaving_that_contradicts_is_refused(office, term, changed, words):
    member = seated(term)
    with pytest.raises(Refusal, match=words):
        membership.leave(member, actor=office, **({"kind": "resigned", "on": DAY, "decision": WHY} | changed))
    member.refresh_from_db()
    assert member.is_active
    assert not MembershipChange.objects.exists()


def test_nobody_leaves_twice(office, term):
    member = seated(term)
    membership.leave(member, actor=office, kind="resigned", on=DAY, decision=WHY)
    with pytest.raises(Refusal, match="已不在任"):
        membership.leave(member, actor=office, kind="revoked", on=DAY, decision=WHY)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.LIAISON])
def test_only_the_liaison_office_records_changes(term, role):
    from tests.factories import HandlingUnitFactory

    needs = (role, HandlingUnitFactory()) if role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) else role
    stranger, member = UserFactory(roles=[needs]), seated(term)
    acts = (
        lambda: membership.leave(member, actor=stranger, kind="resigned", on=DAY, decision=WHY),
        lambda: membership.move(member, actor=stranger, kind="sector", body=SectorFactory(), on=DAY),
        lambda: membership.appoint(member, actor=stranger, post="常委", on=DAY, decision=WHY),
        lambda: membership.dismiss(member, actor=stranger, post="常委", on=DAY, decision=WHY),
        lambda: co_opt(stranger),
    )
    for act in acts:
        with pytest.raises(Refusal, match="委员联络室"):
            act()
    assert not MembershipChange.objects.exists()


def test_moving_ends_one_placement_and_begins_another(office, term):
    member = seated(term)
    was = member.sector
    to = SectorFactory()
    membership.move(member, actor=office, kind="sector", body=to, on=DAY, decision=WHY)
    member.refresh_from_db()
    assert member.sector_id == to.pk
    rows = member.placements.order_by("id").values_list("body_id", "starts", "ends")
    assert list(rows) == [(was.pk, term.starts, DAY), (to.pk, DAY, None)]
    with pytest.raises(Refusal, match="没有变动"):
        membership.move(member, actor=office, kind="sector", body=to, on=DAY)
    with pytest.raises(Refusal, match="早于"):
        membership.move(member, actor=office, kind="sector", body=was, on=DAY - timedelta(1))
    with pytest.raises(Refusal, match="都要有界别"):
        membership.move(member, actor=office, kind="sector", body=None, on=DAY)


def test_a_body_has_one_head_and_the_studio_repeats_its_convener(office, term):
    studio = StudioFactory()
    first, second = seated(term), seated(term)
    membership.move(first, actor=office, kind="studio", body=studio, on=DAY, post="召集人")
    assert Studio.objects.get(pk=studio.pk).convener_id == first.pk
    with pytest.raises(Refusal, match=first.name):
        membership.move(second, actor=office, kind="studio", body=studio, on=DAY, post="召集人")
    membership.move(first, actor=office, kind="studio", body=studio, on=DAY)
    assert Studio.objects.get(pk=studio.pk).convener_id is None
    membership.move(second, actor=office, kind="studio", body=studio, on=DAY, post="召集人")
    membership.move(second, actor=office, kind="studio", body=None, on=DAY)
    assert Studio.objects.get(pk=studio.pk).convener_id is None
    assert Placement.objects.filter(body=studio, ends=None).count() == 1
    with pytest.raises(Refusal, match="没有“主任”"):
        membership.move(second, actor=office, kind="studio", body=studio, on=DAY, post="主任")


def test_posts_of_the_term_are_rows_of_their_own(office, term):
    member, other = seated(term), seated(term)
    membership.appoint(member, actor=office, post="主席", on=DAY, decision="十六届三次会议选举")
    member.refresh_from_db()
    assert member.is_standing
    assert sorted(member.memberships.filter(ends=None).values_list("post", flat=True)) == ["主席", "委员"]
    with pytest.raises(Refusal, match="现在就是主席"):
        membership.appoint(member, actor=office, post="主席", on=DAY, decision=WHY)
    with pytest.raises(Refusal, match=member.name):
        membership.appoint(other, actor=office, post="主席", on=DAY, decision=WHY)
    membership.dismiss(member, actor=office, post="主席", on=DAY, decision=WHY)
    member.refresh_from_db()
    assert (member.is_active, member.is_standing) == (True, False)


def test_a_standing_member_read_from_paper_stays_a_member_when_the_post_ends(office, term):
    member = MemberFactory(is_standing=True)
    Membership.objects.create(member=member, term=term, post="常委")
    membership.dismiss(member, actor=office, post="常委", on=DAY, decision=WHY)
    member.refresh_from_db()
    assert (member.is_active, member.is_standing) == (True, False)
    assert member.memberships.get(ends=None).post == "委员"


def test_the_last_change_of_the_day_can_be_taken_back_whole(office, term):
    user = UserFactory(roles=[Role.MEMBER])
    studio = StudioFactory()
    member = seated(term, user=user, studio=studio, is_standing=True)
    membership.record_present([member])
    Studio.objects.filter(pk=studio.pk).update(convener=member)
    change = membership.leave(member, actor=office, kind="resigned", on=DAY, decision=WHY)
    with pytest.raises(Refusal, match="为什么"):
        changes.undo(change, actor=office, reason=" ")
    changes.undo(change, actor=office, reason="选错了人")
    member.refresh_from_db()
    assert (member.is_active, member.is_standing, member.studio_id) == (True, True, studio.pk)
    assert (member.memberships.get().ends, member.memberships.get().ended_by) == (None, "")
    assert member.placements.filter(ends=None).count() == 2
    assert Studio.objects.get(pk=studio.pk).convener_id == member.pk
    user.refresh_from_db()
    assert user.is_active
    assert RoleGrant.objects.get(user=user).role == Role.MEMBER
    change.refresh_from_db()
    assert (change.undone_by, change.undo_reason) == (office, "选错了人")
    assert AuditEntry.objects.filter(verb="member.undo").exists()
    assert audit.verify() == []
    with pytest.raises(Refusal, match="已经撤回过"):
        changes.undo(change, actor=office, reason="再来")


def test_only_the_last_change_of_to_day_can_be_taken_back(office, term):
    member = seated(term)
    first = membership.move(member, actor=office, kind="sector", body=SectorFactory(), on=DAY)
    second = membership.move(member, actor=office, kind="committee", body=SpecialCommitteeFactory(), on=DAY)
    with pytest.raises(Refusal, match="最近的一次"):
        changes.undo(first, actor=office, reason="写错")
    MembershipChange.objects.filter(pk=second.pk).update(recorded_at=timezone.now() - timedelta(days=2))
    second.refresh_from_db()
    with pytest.raises(Refusal, match="当天"):
        changes.undo(second, actor=office, reason="写错")


def test_taking_a_co_option_back_leaves_the_line(office, term):
    change = co_opt(office)
    changes.undo(change, actor=office, reason="编号写错")
    member = Member.objects.get(code="N001")
    assert not member.is_active
    assert not member.memberships.exists()
    assert not member.placements.exists()
    assert member.changes.count() == 1


def test_members_of_the_paper_roll_get_their_placements_once(office, term, django_assert_num_queries):
    people = [MemberFactory(studio=StudioFactory(), committee=SpecialCommitteeFactory()) for _ in range(3)]
    gone = MemberFactory(is_active=False)
    assert membership.record_present([*people, gone]) == 9
    assert membership.record_present([*people, gone]) == 0
    assert set(Placement.objects.values_list("starts", flat=True)) == {term.starts}
    changed = people[0]
    changed.sector = SectorFactory()
    assert membership.record_present([changed], on=DAY) == 1
    rows = changed.placements.filter(body__kind="sector").order_by("id").values_list("starts", "ends")
    assert list(rows) == [(term.starts, DAY), (DAY, None)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_end_a_membership_once():
    term = TermFactory()
    member = seated(term)
    officers = [UserFactory(roles=[Role.LIAISON]), UserFactory(roles=[Role.LIAISON])]
    start, outcomes = threading.Barrier(2), []

    def leave(officer):
        try:
            start.wait(timeout=10)
            membership.leave(member, actor=officer, kind="resigned", on=DAY, decision=WHY)
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(str(refusal))
        finally:
            close_old_connections()
            from django.db import connection

            connection.close()

    threads = [threading.Thread(target=leave, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == sorted(["done", f"{member.name}已不在任，不能登记这项变动。"])
    assert MembershipChange.objects.count() == 1
    assert Membership.objects.filter(member=member).count() == 1
