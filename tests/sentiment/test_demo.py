"""The demo world's reports: every stage stands there once, and building again doubles nothing."""

import pytest
from django.utils import timezone

from core import audit
from members.demo.clock import workday_before
from members.demo.people import seed_accounts, seed_offices, seed_terms
from members.models import Body
from sentiment import demo
from sentiment.models import Bulletin, OpinionReport, ReportStatus

pytestmark = pytest.mark.django_db


def test_demo_has_every_stage_once_and_again_changes_nothing():
    today = timezone.localdate()
    seed_terms(today)
    seed_offices()
    Body.objects.get_or_create(kind=Body.Kind.COMMITTEE, name="经济委员会")
    seed_accounts("Demo-test-1")
    demo.seed(today)

    rows = list(OpinionReport.objects.order_by("pk").values_list("title", "status"))
    assert {status for _, status in rows} == set(ReportStatus.values) - {ReportStatus.WITHDRAWN}
    days = list(Bulletin.objects.order_by("total_no").values_list("issued_on", flat=True))
    assert len(days) == 5
    assert days == sorted(days)
    waits = OpinionReport.objects.get(status=ReportStatus.FORWARDED)
    assert waits.next_due < today, "the forwarded one is overdue, so that it is seen"
    first = audit.timeline(OpinionReport.objects.get(status=ReportStatus.CLOSED)).order_by("seq").first()
    assert timezone.localdate(first.at) == workday_before(today, 151), "acts bear their own day"

    demo.seed(today)
    assert list(OpinionReport.objects.order_by("pk").values_list("title", "status")) == rows
