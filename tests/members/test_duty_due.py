"""What the duty file says is still owed 今年还缺: feedback on answers; and the yearly report that is drafted for the member."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from members.duty import acts as duty_acts
from members.models import Role
from members.services import reports
from members.views import duty as duty_views
from proposals.models import Feedback
from tests import factories as make
from tests.factories_duty import ACTS, DutyEntryFactory, ScoreRulesFactory

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def member(monkeypatch):
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    for act, label in zip(ACTS, ("参加会议", "会议缺席", "提案立案", "重点提案"), strict=True):
        duty_acts.declare(act, label)
    ScoreRulesFactory()
    return make.MemberFactory(name="刘玥", user=make.UserFactory(roles=[Role.MEMBER]))


def file_of(client, member) -> str:
    client.force_login(member.user)
    return client.get(reverse("members:duty", args=[member.pk]), follow=True).content.decode()


def test_feedback_that_waits_stands_in_the_file_with_the_way_to_it(client, member):
    case = make.ProposalFactory(member=member, status="replied", title="关于农村供水的建议")
    row = Feedback.objects.create(proposal=case, proposer=case.proposers.get(order=0), round=1)
    page = file_of(client, member)
    assert "《关于农村供水的建议》的征询意见表没有填" in page
    assert reverse("proposals:feedback", args=[row.pk]) in page
    Feedback.objects.update(state=Feedback.State.ANSWERED)
    assert "的征询意见表没有填" not in file_of(client, member)


def test_the_yearly_report_is_offered_at_the_end_of_the_year(client, member, monkeypatch):
    monkeypatch.setattr(duty_views, "REPORT_FROM", 13)
    assert "年度履职报告" not in file_of(client, member)
    monkeypatch.setattr(duty_views, "REPORT_FROM", 1)
    assert "年度履职报告的初稿" in file_of(client, member)
    liaison = make.UserFactory(roles=[Role.LIAISON])
    due_on = timezone.localdate() + timedelta(20)
    row = reports.open_round(actor=liaison, year=YEAR, due_on=due_on)
    page = file_of(client, member)
    assert "年度履职报告的初稿" not in page
    assert f"{row}，初稿已拟好" in page
    assert reverse("members:my_report") in page
    saved = reports.save(row, member, actor=member.user, done="会议", gains="体会")
    reports.submit(saved, actor=member.user)
    page = file_of(client, member)
    assert "初稿已拟好" not in page
    assert saved.get_absolute_url() in page


def test_the_drafted_report_says_what_the_ledger_proves(client, member):
    DutyEntryFactory(member=member, year=YEAR, on=date(YEAR, 3, 5), summary="一季度常委会议")
    DutyEntryFactory(member=member, year=YEAR, on=date(YEAR, 3, 5) + timedelta(20), summary="协商座谈会")
    client.force_login(member.user)
    answer = client.get(reverse("members:duty_report", args=[member.pk]))
    words = "".join(row.text for row in Document(io.BytesIO(answer.content)).paragraphs)
    assert f"{YEAR}年度履职报告" in words
    assert "参加会议2次，计40分" in words
    assert words.index("3月5日一季度常委会议") < words.index("3月25日协商座谈会")
    assert "体会和不足" in words
    assert "%E5%B9%B4%E5%BA%A6" in answer["Content-Disposition"]
