"""A member appeals, the office answers with a reason in time, and a correction is a reversal and a new row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core import outbox, workflow
from core.errors import Refusal
from core.models import Deadline, Effect
from members.duty import acts as duty_acts
from members.models import DutyEntry, Role, ScoreAppeal, ScoreYear
from members.services import appeals, duty, scores
from members.services.appeals import Correction
from tests import factories as make
from tests.factories_duty import ACTS, DutyEntryFactory, ScoreAppealFactory, ScoreRulesFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """The acts that the tests' rules name."""
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    for act in ACTS:
        duty_acts.declare(act, act)


@pytest.fixture
def member():
    return make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]))


@pytest.fixture
def liaison():
    return make.UserFactory(roles=[Role.LIAISON], name="温守恒")


TODAY = timezone.localdate()


def made(member, **values) -> ScoreAppeal:
    """An appeal of today's year."""
    return appeals.appeal(
        member, actor=member.user, **{"year": TODAY.year, "text": "4月23日参加了调研，没有记。", **values}
    )


def deliver() -> None:
    """Carry out what follows."""
    outbox.run_pending()
    assert not Effect.objects.filter(done_at=None).exists()


def test_appeal_opens_ten_working_days_and_tells_the_office(member, liaison):
    row = made(member, heading="meetings")
    deliver()
    deadline = Deadline.objects.get(root_type="members.scoreappeal", root_id=row.pk)
    assert (deadline.kind, deadline.amount, deadline.unit) == ("appeal", 10, "working_days")
    notice = liaison.notices.get()
    assert (notice.title, notice.url) == (f"{member}申诉{TODAY.year}年履职记录", row.get_absolute_url())
    assert appeals.told([deadline])[deadline.pk].people[3] == [liaison.pk]


def test_appeals_only_for_ones_own_file_and_rows(member):
    other = make.MemberFactory(user=make.UserFactory())
    with pytest.raises(Refusal, match="自己的"):
        appeals.appeal(other, actor=member.user, year=TODAY.year, text="改")
    with pytest.raises(Refusal, match="不是您这一年的"):
        made(member, entry=DutyEntryFactory(member=other, on=TODAY))
    with pytest.raises(Refusal, match="不是您这一年的"):
        made(member, entry=DutyEntryFactory(member=member, on=date(TODAY.year - 1, 3, 1)))
    for text, words in ((" ", "请填写"), ("长" * 1001, "最多1000字")):
        with pytest.raises(Refusal, match=words):
            made(member, text=text)


def test_one_row_is_appealed_once_at_a_time_and_appeals_are_bounded(member):
    entry = DutyEntryFactory(member=member, on=TODAY)
    made(member, entry=entry)
    with pytest.raises(Refusal, match="已经申诉过"):
        made(member, entry=entry)
    ScoreAppealFactory.create_batch(appeals.OPEN_AT_ONCE - 1, member=member)
    with pytest.raises(Refusal, match="等答复以后"):
        made(member)


def test_correction_is_a_reversal_and_a_new_row_and_the_score_follows(member, liaison):
    ScoreRulesFactory()
    entry = DutyEntryFactory(member=member, on=TODAY, act="t.absent")
    DutyEntryFactory(member=member, on=TODAY)
    row = made(member, entry=entry)
    row = appeals.correct(
        row, actor=liaison, answer="签到表上有本人签名，改为到会。", take_back=True,
        new=Correction("t.meeting", TODAY, "一季度常委会议，列席"),
    )  # fmt: skip
    deliver()
    assert row.status == "corrected"
    back, new = DutyEntry.objects.order_by("id")[2:]
    assert (back.reverses_id, back.quantity, back.reason) == (entry.pk, -1, "申诉更正：签到表上有本人签名，改为到会。")
    assert (new.act, new.subject, new.made_by) == ("t.meeting", row, liaison)
    result = ScoreYear.objects.get(year=TODAY.year).results.get(member=member)
    assert result.points == 40
    notice = member.user.notices.get()
    assert (notice.title, notice.body) == ("您的积分申诉有答复：已更正", "签到表上有本人签名，改为到会。")
    assert Deadline.objects.get(root_id=row.pk, root_type="members.scoreappeal").met_on == TODAY
    assert duty.catch_up() == 0


def test_corrected_joint_proposal_keeps_its_share(member, liaison):
    ScoreRulesFactory()
    entry = DutyEntryFactory(member=member, on=TODAY, act="t.filed", detail={"role": "joint", "signers": 3})
    row = made(member, entry=entry)
    appeals.correct(row, actor=liaison, answer="日期改正", take_back=True, new=Correction("t.filed", TODAY, "第5号"))
    row = scores.compute_year("member", TODAY.year)
    assert row.results.get(member=member).points == Decimal("3.75")


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (Correction("no.such", TODAY, "会议"), "哪一种事项"),
        (Correction("t.meeting", date(TODAY.year - 1, 5, 1), "会议"), "也要在"),
        (Correction("t.meeting", TODAY + timedelta(1), "会议"), "还没有到|也要在"),
        (Correction("t.meeting", TODAY, " "), "请填写说明"),
        (Correction("t.meeting", TODAY, "会议", Decimal(0)), "数量要大于0"),
    ],
)
def test_unsound_correction_is_refused_and_leaves_no_trace(member, liaison, new, words):
    row = made(member)
    with pytest.raises(Refusal, match=words):
        appeals.correct(row, actor=liaison, answer="改", take_back=False, new=new)
    assert not DutyEntry.objects.exists()
    assert ScoreAppeal.objects.get().status == "submitted"


def test_correction_that_changes_nothing_is_refused(member, liaison):
    with pytest.raises(Refusal, match="维持原记录"):
        appeals.correct(made(member), actor=liaison, answer="改", take_back=True)


def test_upheld_with_a_reason_and_withdrawn_by_the_member(member, liaison):
    row = made(member)
    with pytest.raises(Refusal, match="请填写复核意见"):
        appeals.uphold(row, actor=liaison, answer="")
    row = appeals.uphold(row, actor=liaison, answer="当天的签到表上没有。")
    deliver()
    assert (row.status, row.decided_by) == ("upheld", liaison)
    assert member.user.notices.get().title == "您的积分申诉有答复：维持原记录"
    second = made(member)
    with pytest.raises(Refusal):
        appeals.withdraw(second, actor=liaison)
    assert appeals.withdraw(second, actor=member.user).status == "withdrawn"
    assert not Deadline.objects.open().filter(root_id=second.pk, root_type="members.scoreappeal").exists()


def test_closed_year_is_not_corrected(member, liaison):
    ScoreRulesFactory()
    last = TODAY.year - 1
    row = ScoreAppealFactory(member=member, year=last)
    scores.close_year("member", last, actor=liaison)
    with pytest.raises(Refusal, match="已经封存"):
        appeals.appeal(member, actor=member.user, year=last, text="改")
    with pytest.raises(Refusal, match="已经封存"):
        appeals.correct(
            row, actor=liaison, answer="改", take_back=False, new=Correction("t.meeting", date(last, 3, 1), "会议")
        )
    assert appeals.uphold(row, actor=liaison, answer="已封存").status == "upheld"


def test_nobody_decides_on_his_own_appeal():
    both = make.UserFactory(roles=[Role.LIAISON, Role.MEMBER])
    row = made(make.MemberFactory(user=both))
    with pytest.raises(Refusal, match="您自己的申诉"):
        appeals.uphold(row, actor=both, answer="可以")
    assert [step.verb for step in workflow.allowed(row, both)] == ["withdraw"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LIAISON, Role.UNIT_OPERATOR, Role.UNIT_LEADER}))
def test_no_other_role_answers(role, member):
    row = ScoreAppealFactory(member=member)
    assert workflow.allowed(row, make.UserFactory(roles=[role])) == []
