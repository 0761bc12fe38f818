"""A consultation from plan to what came of it, with its people, terms and ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Consultation, Outcome
from consultations.services import conversions, outcomes, plans, sessions, speaking
from consultations.services import uptake as uptakes
from core import handover, outbox
from core.errors import Refusal
from core.models import Deadline, Notice
from members.models import DutyEntry, Role
from tests.factories import HandlingUnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_session_goes_all_the_way_and_everyone_is_told(house):
    row = house.held()
    assert Deadline.objects.open().filter(kind="report", root_id=row.pk).exists()
    outcome = outcomes.write(row, actor=house.staff, kind="brief", title="关于高坪河治理的专报", text="十一条建议")
    outcome = outcomes.send(outcome, actor=house.staff, sent_to="区委、区政府")
    row.refresh_from_db()
    assert (row.status, row.next_due) == ("reported", None)
    outcomes.note(outcome, actor=house.staff, leader="区长", text="请区水利局研究办理")
    (uptake,) = outcomes.assign(outcome, [house.unit], actor=house.staff)
    assert Deadline.objects.open().filter(kind="uptake").exists()
    uptakes.answer(uptake, actor=house.operator, result="partly", text="采纳八条")
    outcome.refresh_from_db()
    assert outcome.status == "taken_up"
    conversions.convert(outcome, actor=house.staff, kind="policy", name="河道管护办法")
    outcomes.close(outcome, actor=house.staff, feedback="采纳八条，出台管护办法。")
    assert sessions.close(Consultation.objects.get(pk=row.pk), actor=house.staff).status == "closed"
    outbox.run_pending()
    assert Notice.objects.filter(recipient=house.operator, title__contains="请参加").exists()
    assert Notice.objects.filter(recipient=house.operator, title__contains="采纳情况").exists()


def test_attendance_is_kept_by_the_activity_that_goes_with_it(house):
    row = house.held()
    assert row.activity.attendances.count() == 2
    assert row.activity.status == "held"
    assert row.activity.title.endswith(row.title)


def test_nobody_is_told_before_somebody_is_invited(house):
    with pytest.raises(Refusal, match="还没有请委员"):
        sessions.notify(house.planned(), actor=house.staff)


def test_session_that_lies_ahead_has_not_been_held(house):
    row = house.invited(on=timezone.localdate() + timedelta(days=3))
    with pytest.raises(Refusal, match="日期还没有到"):
        sessions.hold(row, actor=house.staff)


def test_moved_session_moves_its_activity(house):
    row = sessions.notify(house.invited(on=timezone.localdate() + timedelta(days=3)), actor=house.staff)
    later = timezone.localdate() + timedelta(days=5)
    row = sessions.change(row, actor=house.staff, on=later)
    row.activity.refresh_from_db()
    assert row.activity.on == later


def test_committee_holds_only_its_own(house):
    with pytest.raises(Refusal, match="您负责的"):
        sessions.plan(
            actor=house.staff, title="别家的", form="topical", on=timezone.localdate(), organizer=house.studio
        )


def test_micro_consultation_needs_four_fields_and_counts_for_its_studio(house):
    values = {
        "actor": house.convener,
        "organizer": house.studio,
        "on": timezone.localdate(),
        "parties": "居民代表、社区",
    }
    with pytest.raises(Refusal, match="形成的共识"):
        sessions.record_light(title="停车", consensus=" ", **values)
    row = sessions.record_light(title="停车", consensus="划十个车位", member_ids=[house.members[0].pk], **values)
    assert (row.status, row.form) == ("held", "micro")
    assert not Deadline.objects.open().filter(root_id=row.pk, root_type="consultations.consultation").exists()
    outbox.run_pending()
    assert DutyEntry.objects.filter(studio=house.studio, act="studio.micro").count() == 1


def test_speech_counts_once_and_a_member_hands_in_his_own_opinion(house):
    row = sessions.notify(house.invited(), actor=house.staff)
    member = house.members[0]
    speaking.hand_in(row, actor=member.user, title="治河要先治源", text="书面意见")
    speaking.add_speech(row, member, actor=house.staff, way="spoken", title="治河")
    speaking.add_speech(row, member, actor=house.staff, way="spoken", title="治河要先治源")
    with pytest.raises(Refusal, match="权限"):
        speaking.add_speech(row, house.members[1], actor=member.user, way="written")
    sessions.hold(row, actor=house.staff)
    outbox.run_pending()
    acts = DutyEntry.objects.filter(member=member, act__startswith="consultation.").values_list("act", flat=True)
    assert sorted(acts) == ["consultation.spoken", "consultation.written"]


def test_unit_answers_once_and_only_its_own(house):
    outcome = outcomes.write(house.held(), actor=house.staff, kind="brief", title="专报")
    outcome = outcomes.send(outcome, actor=house.staff, sent_to="区政府")
    (uptake,) = outcomes.assign(outcome, [house.unit], actor=house.staff)
    assert outcomes.assign(Outcome.objects.get(pk=outcome.pk), [house.unit], actor=house.staff) == []
    with pytest.raises(Refusal, match="请填写"):
        uptakes.answer(uptake, actor=house.operator, result="not", text=" ")
    uptakes.answer(uptake, actor=house.operator, result="not", text="不属本级职权")
    with pytest.raises(Refusal, match="已经答复过"):
        uptakes.answer(uptake, actor=house.operator, result="adopted", text="改主意")


def test_plan_is_decided_step_by_step_and_then_stands(house):
    plan = plans.begin_plan(2026, actor=house.liaison)
    assert plans.begin_plan(2026, actor=house.liaison) == plan
    plans.move(plan, "draft", actor=house.liaison)
    with pytest.raises(Refusal, match="还没有议题"):
        plans.move(plan, "review", actor=house.liaison)
    plans.set_item(plan, actor=house.liaison, topic="全域旅游", form="standing", month=6, units=[HandlingUnitFactory()])
    plans.move(plan, "review", actor=house.liaison)
    with pytest.raises(Refusal, match="不能再改"):
        plans.set_item(plan, actor=house.liaison, topic="又一个", form="standing")
    plans.move(plan, "decide", actor=house.liaison)
    plan = plans.move(plan, "issue", actor=house.liaison, document_no="汉办发〔2026〕5号")
    with pytest.raises(Refusal, match="请填写调整的理由"):
        plans.set_item(plan, actor=house.liaison, topic="又一个", form="standing")
    row = house.planned(plan_item=plan.items.get())
    assert row.plan_item.plan == plan


def test_what_was_held_is_read_by_the_committees_people_and_not_by_administrators(house):
    row = house.held()
    assert Consultation.objects.visible_to(house.operator).filter(pk=row.pk).exists()
    for role in (Role.MEMBER, Role.INSPECTION, Role.PROPOSAL_CLERK):
        assert Consultation.objects.visible_to(UserFactory(roles=[role])).filter(pk=row.pk).exists(), role
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.NEWS_EDITOR, Role.INFORMANT):
        assert not Consultation.objects.visible_to(UserFactory(roles=[role])).exists(), role


def test_members_see_what_they_are_invited_to_once_told(house):
    stranger = house.convener
    row = house.invited()
    invited = house.members[0].user
    assert not Consultation.objects.visible_to(invited).filter(pk=row.pk).exists()
    sessions.notify(row, actor=house.staff)
    assert Consultation.objects.visible_to(invited).filter(pk=row.pk).exists()
    assert Consultation.objects.visible_to(house.operator).filter(pk=row.pk).exists()
    assert not Consultation.objects.visible_to(stranger).filter(pk=row.pk).exists()
    assert handover.named(row)[0] == "专题协商《高坪河流域治理》"
