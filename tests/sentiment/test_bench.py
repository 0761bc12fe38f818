"""The large world of reports, and the measurement of its pages."""

import pytest
from django.utils import timezone

from core import measuring, similar
from core.models import SearchDocument
from sentiment import bench, bulk
from sentiment.models import OpinionReport
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_large_world_is_the_same_for_the_same_seed_and_can_be_found():
    assert bulk.seed(20, key=3, today=timezone.localdate()) == 20
    report = OpinionReport.objects.order_by("id").first()
    told = list(OpinionReport.objects.order_by("id").values_list("title", "status"))
    assert SearchDocument.objects.filter(subject_type="sentiment.opinionreport").count() == 20
    assert similar.find("sentiment.opinionreport", report.title, report.text)[0].score > 0
    bulk.seed(20, key=3, today=timezone.localdate())
    assert list(OpinionReport.objects.order_by("id").values_list("title", "status"))[20:] == told
    assert OpinionReport.objects.values("code").distinct().count() == 40


def test_each_page_is_measured_with_its_floor(monkeypatch):
    monkeypatch.setattr(measuring, "RUNS", 1)
    monkeypatch.setattr(measuring, "WARM_UP", 0)
    bulk.seed(5, key=1, today=timezone.localdate())
    rows = list(measuring.table(bench.pages(UserFactory(roles=["info_editor"]))))
    assert [row["name"] for row in rows] == [
        "reports_list", "reports_filtered", "reports_search", "report_item", "report_form",
    ]  # fmt: skip
    assert all(row["size"] == 5 and row["floor"] > 0 for row in rows)
