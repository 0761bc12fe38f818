"""Dispatching and recalling supervisors: by the office only, once at a time, never to one's own employer."""

from datetime import date

import pytest

from core.errors import Refusal
from core.models import AuditEntry
from members.models import Role
from oversight import services
from oversight.conflicts import works_there
from oversight.models import HostUnit, Supervisor
from tests.factories import MemberFactory, UserFactory
from tests.factories_oversight import HostUnitFactory, SupervisorFactory

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def liaison():
    return UserFactory(roles=[Role.LIAISON])


def test_dispatch_writes_the_row_and_the_unit_s_log(liaison):
    unit, member = HostUnitFactory(), MemberFactory(post="区特色农业协会 会长")
    row = services.dispatch(unit, member=member, starts=D(2026, 5, 1), ends=D(2028, 4, 30), actor=liaison)
    assert (row.unit, row.member, row.recorded_by) == (unit, member, liaison)
    entry = AuditEntry.objects.get(verb="supervisor.dispatch")
    assert (entry.root_type, entry.root_id) == ("oversight.hostunit", unit.pk)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.PROPOSAL_CHIEF, Role.LEADER, Role.SYSADMIN])
def test_only_the_liaison_office_writes(role):
    person = UserFactory(roles=[role])
    row = SupervisorFactory()
    acts = (
        lambda: services.dispatch(row.unit, member=MemberFactory(), starts=D(2026, 5, 1), ends=None, actor=person),
        lambda: services.recall(row, on=D(2026, 6, 1), reason="调动", actor=person),
        lambda: services.keep_unit(HostUnit(), actor=person, name="某所"),
    )
    for act in acts:
        with pytest.raises(Refusal, match="没有"):
            act()
    assert (Supervisor.objects.count(), HostUnit.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("starts", "ends"), [(D(2026, 5, 1), None), (D(2025, 1, 1), D(2026, 1, 1)), (D(2026, 12, 31), D(2027, 1, 1))]
)
def test_nobody_serves_twice_at_one_unit_at_one_time(liaison, starts, ends):
    row = SupervisorFactory(ends=D(2026, 12, 31))
    with pytest.raises(Refusal, match="重叠"):
        services.dispatch(row.unit, member=row.member, starts=starts, ends=ends, actor=liaison)
    assert services.dispatch(row.unit, member=row.member, starts=D(2027, 1, 1), ends=None, actor=liaison)
    assert services.dispatch(HostUnitFactory(), member=row.member, starts=D(2026, 5, 1), ends=None, actor=liaison)


@pytest.mark.parametrize(
    ("post", "unit", "conflict"),
    [
        ("汉滨区税务局 股长", "汉滨区税务局第一税务所办税厅", True),
        ("国家税务总局汉滨区税务局 副局长", "汉滨区税务局第一税务所办税厅", True),
        ("公安汉滨分局新城派出所 所长", "新城派出所", True),
        ("汉滨区新城街道金桥社区 书记", "新城派出所", False),
        ("区特色农业协会 会长", "汉滨区农业综合执法大队", False),
        ("", "新城派出所", False),
    ],
)
def test_own_employer_is_recognised_by_its_name(post, unit, conflict):
    assert works_there(post, unit) is conflict


def test_nobody_is_sent_to_his_own_employer(liaison):
    unit = HostUnitFactory(name="新城派出所")
    member = MemberFactory(post="新城派出所 指导员")
    with pytest.raises(Refusal, match="应当回避") as refused:
        services.dispatch(unit, member=member, starts=D(2026, 5, 1), ends=None, actor=liaison)
    assert refused.value.field == "member"


def test_former_members_and_closed_units_are_refused(liaison):
    with pytest.raises(Refusal, match="已不在任"):
        services.dispatch(
            HostUnitFactory(), member=MemberFactory(is_active=False), starts=D(2026, 5, 1), ends=None, actor=liaison
        )
    closed = HostUnitFactory(is_active=False)
    with pytest.raises(Refusal, match="不再派驻"):
        services.dispatch(closed, member=MemberFactory(), starts=D(2026, 5, 1), ends=None, actor=liaison)


def test_recall_ends_the_row_with_a_reason_and_only_once(liaison):
    row = SupervisorFactory(ends=D(2026, 12, 31))
    with pytest.raises(Refusal, match="原因"):
        services.recall(row, on=D(2026, 6, 1), reason=" ", actor=liaison)
    with pytest.raises(Refusal, match="才开始"):
        services.recall(row, on=D(2025, 6, 1), reason="调动", actor=liaison)
    with pytest.raises(Refusal, match="就结束了"):
        services.recall(row, on=D(2027, 6, 1), reason="调动", actor=liaison)
    services.recall(row, on=D(2026, 6, 1), reason="工作调动", actor=liaison)
    row.refresh_from_db()
    assert (row.ends, row.end_reason) == (D(2026, 6, 1), "工作调动")
    with pytest.raises(Refusal, match="已经提前结束"):
        services.recall(row, on=D(2026, 5, 1), reason="调动", actor=liaison)


def test_unit_names_are_taken_once_and_changes_are_logged(liaison):
    unit = services.keep_unit(HostUnit(), actor=liaison, name=" 新城派出所 ", category="基层站所")
    assert (unit.name, unit.order) == ("新城派出所", 1)
    with pytest.raises(Refusal, match="已经在名单里"):
        services.keep_unit(HostUnit(), actor=liaison, name="新城派出所")
    services.keep_unit(unit, actor=liaison, name="新城派出所", contact="所长")
    services.keep_unit(unit, actor=liaison, name="新城派出所", contact="所长")
    log = AuditEntry.objects.filter(subject_type="oversight.hostunit").order_by("seq")
    assert [entry.verb for entry in log] == ["hostunit.add", "hostunit.change"]
    assert log[1].detail["changes"] == {"contact": ["", "所长"]}
