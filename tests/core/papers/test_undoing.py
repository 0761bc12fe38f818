"""An import is taken back: what it made goes, what somebody built on stays and is named, nothing is half done."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from consultations.models import Consultation, Outcome
from core import audit, jobs
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Job, PaperRow, SearchDocument, SimilarTerm
from core.papers import takebacks, undoing, uploads
from members.models import Activity, Attendance, DutyEntry, HandlingUnit, Matter, Member, RoleGrant, Studio
from oversight.models import HostUnit, Supervisor
from proposals.models import Proposal, Proposer, Reply, UnitTask
from sentiment.models import Bulletin, OpinionReport
from tests.core.papers.books import book
from tests.core.papers.test_imports_pages import person
from tests.proposals.test_papers import FULL

FOLDER = Path(__file__).resolve().parents[3] / "data" / "hanbin-2022"


@pytest.fixture
def clerk(client, db):
    user = person("proposal_clerk")
    for role in ("info_editor", "liaison"):
        RoleGrant.objects.create(user=user, role=role)
    client.force_login(user)
    return user


def imported(client, *names: str, files=()) -> Job:
    chosen = [SimpleUploadedFile(name, (FOLDER / name).read_bytes()) for name in names]
    chosen += [SimpleUploadedFile(name, content) for name, content in files]
    client.post(reverse("settings:imports"), {"papers": chosen, "year": "2022"})
    trial = Job.objects.latest("id")
    jobs.run(trial.pk)
    client.post(reverse("settings:import_write", args=[trial.pk]))
    run = Job.objects.latest("id")
    jobs.run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.message
    return run


def looked_at(client, run: Job) -> Job:
    response = client.post(reverse("settings:import_look", args=[run.pk]))
    job = Job.objects.latest("id")
    assert response.url == reverse("settings:import_undo", args=[job.pk])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


def undone(client, looked: Job) -> Job:
    response = client.post(reverse("settings:import_undo", args=[looked.pk]))
    job = Job.objects.latest("id")
    assert response.url == reverse("settings:import_undo", args=[job.pk])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


def register(*rows: dict) -> bytes:
    headings = list(rows[0])
    return book(("提案", [headings, *([row[name] for name in headings] for row in rows)])).getvalue()


def count() -> dict[str, int]:
    kinds = (Proposal, Proposer, UnitTask, Reply, OpinionReport, Bulletin, Consultation, Outcome, Matter, Activity)
    kinds += (Attendance, HostUnit, Supervisor, PaperRow, Deadline, SimilarTerm)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def test_whole_year_is_taken_back_and_can_be_read_in_again(client, clerk):
    rolls = imported(client, "units.xlsx", "members.xlsx", "studios.xlsx")
    before = count()
    run = imported(
        client, "proposals.xlsx", "receptions.xlsx", "activities.xlsx", "window_units.xlsx", "sentiment.xlsx",
        "consultations.xlsx",
    )  # fmt: skip
    after = count()
    assert DutyEntry.objects.exists()
    looked = looked_at(client, run)
    assert count() == after  # a look removes nothing
    assert looked.result["kept"] == []
    assert looked.result["removed"] == {
        "协商议政活动": 31, "社情民意信息来稿": 120, "窗口单位与民主监督员": 42, "委员履职活动": 255, "接待日来访登记": 150, "提案登记": 382,
    }  # fmt: skip
    page = client.get(reverse("settings:import_undo", args=[looked.pk])).content.decode()
    assert "删掉这980条" in page
    done = undone(client, looked)
    assert done.result["total"] == 980
    assert count() == before
    assert not SearchDocument.objects.filter(subject_type="proposals.proposal").exists()
    assert AuditEntry.objects.filter(verb="papers.undo").count() == 1
    assert AuditEntry.objects.filter(verb="papers.undone").count() == 980
    assert audit.verify() == []
    # What the ledger had counted of them is taken back too.
    assert sum(DutyEntry.objects.filter(act="proposal.filed").values_list("quantity", flat=True)) == 0
    assert "撤回了980条" in client.get(reverse("settings:import_job", args=[run.pk])).content.decode()
    out = io.StringIO()
    call_command("year_figures", "2022", stdout=out, stderr=io.StringIO())
    assert '"proposals_submitted"' not in out.getvalue()

    again = imported(client, "proposals.xlsx")
    assert again.result["sums"]["created"] == 382
    # Members bear rows of the ledger, which nobody removes: they stay, and the page says why.
    kept = looked_at(client, rolls).result
    assert any("履职" in row["reason"] for row in kept["kept"] if row["kind"] == "委员名册")


def test_rolls_alone_are_taken_back_whatever_order_they_refer_in(client, clerk):
    run = imported(client, "units.xlsx", "members.xlsx", "studios.xlsx")
    looked = looked_at(client, run)
    assert looked.result["kept"] == []
    assert undone(client, looked).result["removed"] == {"委员工作室": 26, "委员名册": 312, "承办单位名录": 58}
    assert [model.objects.count() for model in (Member, Studio, HandlingUnit)] == [0, 0, 0]


def test_record_that_somebody_worked_on_stays_with_what_it_needs(client, clerk):
    Member.objects.create(code="HB16001", name="李正康")
    second = FULL | {"案号": "第2号", "案由": "另一件"}
    run = imported(client, "units.xlsx", files=[("2022.xlsx", register(FULL, second))])
    case = Proposal.objects.get(number=1)
    audit.record(verb="proposal.archive", summary="归档", actor=person("proposal_chief"), subject=case)
    looked = looked_at(client, run)
    reasons = {row["label"]: row["reason"] for row in looked.result["kept"]}
    worked = next(reason for label, reason in reasons.items() if "2022.xlsx”第2行" in label)
    assert worked.startswith("导入以后办理过（")
    assert "归档" in worked
    # Its units stay, since the case refers to them; the others go.
    assert sorted(row["reason"] for row in looked.result["kept"] if row["kind"] == "承办单位名录")[0].endswith(
        "还用着它"
    )
    page = client.get(reverse("settings:import_undo", args=[looked.pk])).content.decode()
    assert case.get_absolute_url() in page
    undone(client, looked)
    assert list(Proposal.objects.values_list("number", flat=True)) == [1]
    assert case.tasks.count() == 3
    assert HandlingUnit.objects.count() == 3


def test_record_corrected_by_a_later_import_stays(client, clerk):
    Member.objects.create(code="HB16001", name="李正康")
    imported(client, "units.xlsx")
    run = imported(client, files=[("a.xlsx", register(FULL))])
    later = imported(client, files=[("b.xlsx", register(FULL | {"案由": "改过的案由"}))])
    assert "又按别的表更正过" in looked_at(client, run).result["kept"][0]["reason"]
    # The later import made nothing, so there is nothing of it to take back.
    page = client.get(reverse("settings:import_job", args=[later.pk])).content.decode()
    assert "撤回这次导入</button>" not in page
    refused = client.post(reverse("settings:import_look", args=[later.pk]), follow=True).content.decode()
    assert "没有可撤回的" in refused


def test_taking_back_twice_or_halfway_does_nothing_twice(client, clerk, monkeypatch):
    run = imported(client, "units.xlsx")
    looked = looked_at(client, run)
    address = reverse("settings:import_undo", args=[looked.pk])
    first = client.post(address).url
    assert client.post(address).url == first  # a double click
    job = Job.objects.latest("id")

    def fails(*args, **kwargs):
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(undoing.audit, "record", fails)
        jobs.run(job.pk)
    assert HandlingUnit.objects.count() == 58
    assert "一条也没有删" in client.get(first).content.decode()
    client.post(reverse("settings:import_restart", args=[job.pk]))
    jobs.run(job.pk)
    assert HandlingUnit.objects.count() == 0
    with pytest.raises(Refusal, match="没有可撤回的"):
        takebacks.undo(looked, actor=clerk)
    assert "已经撤回过" in client.get(address).content.decode()


def test_undo_is_only_for_those_who_may_import_what_it_made(client, clerk):
    run = imported(client, "units.xlsx")
    looked = looked_at(client, run)
    client.force_login(person("info_editor"))
    for address in (reverse("settings:import_undo", args=[looked.pk]), reverse("settings:import_look", args=[run.pk])):
        assert client.post(address).status_code == 404
    assert uploads.jobs_for(person("member")).count() == 0
