"""Small lists are taken away at once; large ones by a job, whose file is for one person and expires."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import audit, exporting, jobs, options
from core.models import Attachment, AuditEntry, Job, Notice
from members.models import RoleGrant
from proposals.models import Proposal
from tests.factories import ProposalFactory, UserFactory

LIST = reverse("proposals:list")
QUERY = "?key=1&format=xlsx"


@pytest.fixture
def clerk(client, db, monkeypatch):
    user = UserFactory(roles=["proposal_clerk"])
    client.force_login(user)
    value = options.value
    monkeypatch.setattr(options, "value", lambda key: 2 if key == "exports.at_once" else value(key))
    return user


def cases(count: int, **values) -> list[Proposal]:
    return [ProposalFactory(status="filed", title=f"第{at}件", **values) for at in range(count)]


def titles(data: bytes) -> list[str]:
    sheet = load_workbook(io.BytesIO(data)).active
    at = [cell.value for cell in sheet[1]].index("案由")
    return sorted(row[at] for row in sheet.iter_rows(min_row=2, values_only=True))


def asked(client) -> Job:
    response = client.get(LIST + QUERY)
    job = Job.objects.latest("id")
    assert response.url == reverse("frame:export", args=[job.pk])
    return job


def fetched(client, job) -> bytes:
    return b"".join(client.get(reverse("frame:export_file", args=[job.pk])).streaming_content)


def test_small_list_is_answered_at_once(client, clerk):
    cases(2, is_key=True)
    cases(3)
    response = client.get(LIST + QUERY)
    assert titles(b"".join(response.streaming_content)) == ["第0件", "第1件"]
    assert not Job.objects.exists()


def test_large_list_is_made_in_the_background_and_holds_just_what_is_filtered(client, clerk):
    cases(3, is_key=True)
    cases(4)
    job = asked(client)
    page = reverse("frame:export", args=[job.pk])
    assert f'data-poll="{page}"' in client.get(page).content.decode()
    assert asked(client).pk == job.pk  # asking again while it is made starts nothing
    assert client.get(reverse("frame:export_file", args=[job.pk])).status_code == 404
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"], job.done) == ("done", 3, 3)
    assert "3行" in client.get(page).content.decode()
    assert titles(fetched(client, job)) == ["第0件", "第1件", "第2件"]
    assert Notice.objects.get(recipient=clerk).url == page
    assert "可以下载" in client.get(reverse("frame:exports")).content.decode()
    verbs = AuditEntry.objects.filter(actor=clerk).values_list("verb", flat=True)
    assert {"proposals.export", "exports.take"} <= set(verbs)


def test_large_export_holds_what_the_person_may_see_when_it_is_made(client, clerk):
    cases(3, is_key=True)
    job = asked(client)
    RoleGrant.objects.filter(user=clerk).delete()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == ("done", 0)
    again = asked_by_nobody = Job.objects.create(kind=exporting.KIND, created_by=clerk, params=job.params)
    clerk.is_active = False
    clerk.save()
    jobs.run(again.pk)
    asked_by_nobody.refresh_from_db()
    assert (asked_by_nobody.state, "停用" in asked_by_nobody.message) == ("failed", True)


def test_file_is_only_for_who_asked_by_every_address(client, clerk):
    cases(3, is_key=True)
    job = asked(client)
    jobs.run(job.pk)
    row = Attachment.objects.get(kind=exporting.FILE)
    for role in ("proposal_chief", "proposal_clerk", "auditor", "sysadmin"):
        client.force_login(UserFactory(roles=[role]))
        for name in ("export", "export_file"):
            assert client.get(reverse(f"frame:{name}", args=[job.pk])).status_code == 404
        assert client.post(reverse("frame:export_restart", args=[job.pk])).status_code == 404
        assert client.get(reverse("core:file", args=[row.uuid])).status_code == 404
        assert "提案清单" not in client.get(reverse("frame:exports")).content.decode()
    client.force_login(clerk)
    assert client.get(reverse("core:file", args=[row.uuid])).status_code == 404


def test_file_expires_is_thrown_away_and_can_be_made_again(client, clerk):
    cases(3, is_key=True)
    job = asked(client)
    jobs.run(job.pk)
    row = Attachment.objects.get(kind=exporting.FILE)
    stored = row.file.storage, row.file.name
    hours = options.value("exports.keep_hours")
    assert exporting.discard_expired() == 0
    Attachment.objects.filter(pk=row.pk).update(uploaded_at=timezone.now() - timedelta(hours=hours, minutes=1))
    assert client.get(reverse("frame:export_file", args=[job.pk])).status_code == 404
    page = reverse("frame:export", args=[job.pk])
    assert "已经过期" in client.get(page).content.decode()
    assert exporting.discard_expired() == 1
    assert exporting.discard_expired() == 0
    assert not stored[0].exists(stored[1])
    client.post(reverse("frame:export_restart", args=[job.pk]))
    cases(1, is_key=True)
    jobs.run(job.pk)
    assert len(titles(fetched(client, job))) == 4


def test_export_that_broke_off_is_started_again_and_leaves_one_file(client, clerk, monkeypatch):
    cases(3, is_key=True)
    job = asked(client)
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=timezone.now() - jobs.NO_LIFE * 2)
    jobs.sweep()
    page = reverse("frame:export", args=[job.pk])
    assert "办到一半断了" in client.get(page).content.decode()
    client.post(reverse("frame:export_restart", args=[job.pk]))
    jobs.run(job.pk)
    client.post(reverse("frame:export_restart", args=[job.pk]))
    jobs.run(job.pk)
    assert Attachment.objects.filter(kind=exporting.FILE, removed_at__isnull=True).count() == 1
    assert len(titles(fetched(client, job))) == 3


@pytest.mark.parametrize("count", [1, 40])
def test_list_of_exports_asks_as_little_for_many(client, clerk, count, django_assert_max_num_queries):
    params = {"list": "proposals", "query": "", "label": "提案清单"}
    for _ in range(count):
        Job.objects.create(kind=exporting.KIND, created_by=clerk, params=params, state="done", result={"rows": 1})
    with django_assert_max_num_queries(10):
        page = client.get(reverse("frame:exports")).content.decode()
    assert page.count("已过期") == count


@pytest.mark.parametrize(
    "name", ["proposals:list", "sentiment:list", "consultations:list", "members:activities", "members:matters"]
)
def test_every_registered_list_answers_an_empty_filter(client, name, db):
    user = UserFactory(roles=["proposal_clerk", "info_editor", "liaison", "committee"])
    client.force_login(user)
    response = client.get(reverse(name), {"format": "xlsx", "q": "没有这样的词"})
    assert response.status_code == 200
    assert load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.max_row == 1


def test_long_log_is_made_in_the_background_and_nothing_is_left_out(client, db, monkeypatch):
    from members.views import audit as page

    auditor = UserFactory(roles=["auditor"])
    client.force_login(auditor)
    for at in range(4):
        audit.record(verb="proposal.submit", summary=f"=第{at}条", actor=auditor)
    monkeypatch.setattr(page, "EXPORT_LIMIT", 3)
    response = client.get(reverse("audit:list"), {"format": "csv", "q": "条"})
    job = Job.objects.latest("id")
    assert response.url == reverse("frame:export", args=[job.pk])
    jobs.run(job.pk)
    sheet = load_workbook(io.BytesIO(fetched(client, job))).active
    rows = list(sheet.iter_rows(min_row=2))
    assert sorted(row[6].value for row in rows) == [f"=第{at}条" for at in range(4)]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert rows[0][1].is_date
    RoleGrant.objects.all().delete()
    client.post(reverse("frame:export_restart", args=[job.pk]))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, "不能看" in job.message) == ("failed", True)
