"""Import in the browser: a trial in the background, its problems, then the writing."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.errors import Refusal
from core.models import AuditEntry, Job, Notice
from core.papers import uploads
from members.models import HandlingUnit, RoleGrant
from tests.core.papers.books import book

FOLDER = Path(__file__).resolve().parents[3] / "data" / "hanbin-2022"
UNITS = [
    ["单位名称", "简称", "类别"],
    ["汉滨区水利局", "区水利局", "政府部门"],
    ["汉滨区林业局", "区林业局", None],
    ["=1+1", "x", "镇"],
]


def person(role: str):
    user = get_user_model().objects.create(username=role, name=role)
    RoleGrant.objects.create(user=user, role=role)
    return user


@pytest.fixture
def clerk(client, db):
    user = person("proposal_clerk")
    client.force_login(user)
    return user


def upload(name: str = "units.xlsx", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else book(("单位", UNITS)).getvalue())


def put_down(client, *files, **data):
    response = client.post(reverse("settings:imports"), {"papers": list(files), **data})
    assert response.status_code == 302, response.content.decode()
    return Job.objects.latest("id"), response.url


def test_import_is_tried_first_and_written_on_demand(client, clerk):
    job, url = put_down(client, upload(), year="2022")
    page = client.get(url).content.decode()
    assert "等待开始" in page
    assert f'data-poll="{url}"' in page
    assert 'http-equiv="refresh"' in page
    assert jobs.run(job.pk)
    assert HandlingUnit.objects.count() == 0
    page = client.get(url).content.decode()
    assert "data-poll" not in page
    assert "写入1条" in page
    assert "第3行" not in page
    assert "没有写类别，请补上。" in page
    assert Notice.objects.get(recipient=clerk).url == url

    written = client.post(reverse("settings:import_write", args=[job.pk]))
    second = Job.objects.latest("id")
    assert written.url == uploads.page_of(second)
    jobs.run(second.pk)
    assert HandlingUnit.objects.get().name == "汉滨区水利局"
    assert "已经写入" in client.get(written.url).content.decode()
    assert "已经写过了" in client.get(url).content.decode()
    again = client.post(reverse("settings:import_write", args=[job.pk]), follow=True)
    assert "写过了" in again.content.decode()
    assert Job.objects.count() == 2
    assert list(AuditEntry.objects.filter(verb__startswith="papers.").values_list("verb", flat=True)) == [
        "papers.trial",
        "papers.write",
    ]
    assert "试读，有1条可写" in client.get(reverse("settings:imports")).content.decode()


def test_import_of_the_folder_of_2022_then_finds_nothing_to_write(client, clerk):
    names = ("units.xlsx", "members.xlsx", "studios.xlsx", "sentiment.xlsx")
    files = [upload(name, (FOLDER / name).read_bytes()) for name in names]
    job, url = put_down(client, *files)
    jobs.run(job.pk)
    page = client.get(url).content.decode()
    assert "写入396条" in page
    assert "不归您导入" in page  # opinion reports are read by the information office only
    client.post(reverse("settings:import_write", args=[job.pk]))
    jobs.run(Job.objects.latest("id").pk)
    job, url = put_down(client, *[upload(name, (FOLDER / name).read_bytes()) for name in names])
    jobs.run(job.pk)
    page = client.get(url).content.decode()
    assert "都已在系统里" in page
    assert (
        client.post(reverse("settings:import_write", args=[job.pk]), follow=True).content.decode().count("没有要写的")
        >= 1
    )


def test_trial_is_read_again_after_what_was_missing_was_mended(client, clerk):
    job, url = put_down(client, upload())
    again = reverse("settings:import_again", args=[job.pk])
    assert "办完再来" in client.post(again, follow=True).content.decode()
    jobs.run(job.pk)
    assert "再读一遍" in client.get(url).content.decode()
    HandlingUnit.objects.create(name="汉滨区水利局", short_name="区水利局")
    client.post(again)
    job.refresh_from_db()
    assert (job.state, job.result) == ("waiting", {})
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["files"]["units.xlsx"]["created"]) == ("done", 0)

    client.post(reverse("settings:import_write", args=[job.pk]))
    assert uploads.writing_of(job).state == "waiting"
    assert "再读一遍" not in client.get(url).content.decode()
    assert "请重新选文件" in client.post(again, follow=True).content.decode()


def test_broken_files_are_named_and_the_others_read(client, clerk):
    job, url = put_down(
        client,
        upload(),
        upload("坏.xlsx", b"PK\x03\x04 no"),
        upload("旧.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99),
        upload("空.csv", b""),
    )
    jobs.run(job.pk)
    page = client.get(url).content.decode()
    assert "已损坏" in page
    assert "很旧的格式或已损坏" in page
    assert "空文件" in page
    assert "写入1条" in page


def test_problem_list_is_a_spreadsheet_without_formulas(client, clerk):
    rows = [
        ["单位名称", "简称", "类别", "联系电话"],
        ["汉滨区水利局", "区水利局", "镇", "@SUM(A1)"],
        ["汉滨区林业局", "区林业局", "镇", "'=1+1"],
    ]
    job, _ = put_down(client, upload(content=book(("单位", rows)).getvalue()))
    jobs.run(job.pk)
    response = client.get(reverse("settings:import_problems", args=[job.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == ("文件", "表", "行", "列", "表里写的", "怎么改", "结果")
    assert [line[:5] for line in lines[1:]] == [
        ("units.xlsx", "单位", 2, "联系电话", "@SUM(A1)"),
        ("units.xlsx", "单位", 3, "联系电话", "'=1+1"),
    ]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("files", "says"),
    [([], "还没有选文件"), (["a.xlsx", "a.xlsx"], "有两个文件都叫"), (["a.xlsx", "b.xlsx", "c.xlsx"], "一次最多2个")],
)
def test_import_form_says_what_is_wrong_with_the_choice(client, clerk, monkeypatch, files, says):
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    response = client.post(reverse("settings:imports"), {"papers": [upload(name) for name in files]})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", ["member", "sysadmin", "unit_operator_free", "leader", "auditor"])
def test_import_pages_do_not_exist_for_others(client, db, role):
    job = Job.objects.create(kind=uploads.TRIAL, created_by=person("proposal_chief"))
    user = get_user_model().objects.create(username=role, name=role)
    if role != "unit_operator_free":
        RoleGrant.objects.create(user=user, role=role)
    client.force_login(user)
    assert client.get(reverse("settings:imports")).status_code == 404
    for name in ("import_job", "import_problems"):
        assert client.get(reverse(f"settings:{name}", args=[job.pk])).status_code == 404
    for name in ("import_write", "import_restart"):
        assert client.post(reverse(f"settings:{name}", args=[job.pk])).status_code == 404


def test_import_pages_show_no_other_kind_of_job(client, clerk):
    other = Job.objects.create(kind="something", created_by=clerk)
    assert client.get(reverse("settings:import_job", args=[other.pk])).status_code == 404


def test_import_that_breaks_off_is_found_by_the_sweep_and_started_again(client, clerk, monkeypatch):
    job, url = put_down(client, upload())
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=timezone.now() - jobs.NO_LIFE - timedelta(seconds=1))
    assert jobs.sweep() == 1
    page = client.get(url).content.decode()
    assert "办到一半断了" in page
    assert jobs.run(job.pk) is False
    client.post(reverse("settings:import_restart", args=[job.pk]))
    assert jobs.run(job.pk)
    assert "写入1条" in client.get(url).content.decode()
    with pytest.raises(Refusal, match="不用重新开始"):
        jobs.restart(job)


def test_import_whose_handler_fails_says_so_and_can_be_repeated(client, clerk, monkeypatch):
    job, url = put_down(client, upload())

    def fails(*args, **kwargs):
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "import_papers", fails)
        assert jobs.run(job.pk)
    assert "办理时出了错" in client.get(url).content.decode()
    client.post(reverse("settings:import_restart", args=[job.pk]))
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"


def test_waiting_job_is_asked_for_again_by_the_sweep(client, clerk, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "_request", asked.append)
    job, _ = put_down(client, upload())
    asked.clear()
    assert jobs.sweep() == 0
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert jobs.sweep() == 1
    assert asked == [job.pk]


def packed(*files: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return data.getvalue()


def test_packed_folder_is_read_like_its_files(client, clerk):
    sheet = book(("单位", UNITS)).getvalue()
    job, url = put_down(client, upload("2021年底稿.zip", packed(("底稿/units.xlsx", sheet), ("底稿/说明.docx", b"x"))))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.result["year"], list(job.result["files"])) == (2021, ["units.xlsx"])
    page = client.get(url).content.decode()
    assert "压缩包里不是表格的没有读：说明.docx" in page
    response = client.post(reverse("settings:imports"), {"papers": [upload("空.zip", packed(("a.docx", b"x")))]})
    assert (response.status_code, "里没有表格" in response.content.decode()) == (422, True)


def test_problems_are_narrowed_by_file_and_outcome_and_downloaded_so(client, clerk):
    other = [["单位名称", "简称", "类别", "联系电话"], ["汉滨区财政局", "区财政局", "镇", "12"]]
    job, url = put_down(client, upload(), upload("其他.xlsx", book(("表", other)).getvalue()))
    jobs.run(job.pk)
    page = client.get(f"{url}?file=其他.xlsx").content.decode()
    assert ("号码有2位数字" in page, "没有写类别" in page) == (True, False)
    assert "这样筛选没有问题" in client.get(f"{url}?file=其他.xlsx&severity=error").content.decode()
    assert "没有写类别" in client.get(f"{url}?file=不存在.xlsx").content.decode()
    response = client.get(reverse("settings:import_problems", args=[job.pk]), {"file": "其他.xlsx"})
    lines = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == ["其他.xlsx"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_paper_is_taken_back_with_its_faults_marked_and_reads_the_same_again(client, clerk, ending):
    rows = [
        ["单位名称", "简称", "类别", "联系电话"],
        ["汉滨区水利局", "区水利局", "镇", "12"],
        ["=1+1", "甲", None, None],
    ]
    text = "\n".join(",".join(value or "" for value in row) for row in rows).encode("gb18030")
    content = text if ending == "csv" else book(("单位", rows)).getvalue()
    job, url = put_down(client, upload(f"单位.{ending}", content))
    jobs.run(job.pk)
    assert "下载标注的原表</a>" not in client.get(url).content.decode()
    assert "下载标注的原表</a>" in client.get(f"{url}?file=单位.{ending}").content.decode()
    response = client.get(reverse("settings:import_marked", args=[job.pk]), {"file": f"单位.{ending}"})
    data = b"".join(response.streaming_content)
    found = openpyxl.load_workbook(io.BytesIO(data))
    listed, sheet = found.worksheets[:2]
    assert listed["D2"].data_type != "f"
    assert sheet["E1"].value == "导入时发现"
    assert sheet["E2"].value == "请核对：联系电话，号码有2位数字，手机应是11位，座机应带区号，请核对。"
    assert sheet["D2"].fill.fgColor.rgb == "FFFFF0C8"
    assert sheet["E3"].value.startswith("没有收：")
    assert sheet["A2"].fill.fgColor.rgb == "00000000"
    assert AuditEntry.objects.filter(verb="papers.take_marked").count() == 1
    again, _ = put_down(client, upload(f"单位.{ending}" if ending == "xlsx" else "单位.xlsx", data))
    jobs.run(again.pk)
    job.refresh_from_db()
    again.refresh_from_db()
    counts = [next(iter(j.result["files"].values()))["created"] for j in (job, again)]
    assert counts == [1, 1]


def test_marked_paper_is_only_for_whoever_put_it_down(client, clerk):
    job, url = put_down(client, upload())
    jobs.run(job.pk)
    client.force_login(person("proposal_chief"))
    address = reverse("settings:import_marked", args=[job.pk])
    assert "标注的原表" not in client.get(f"{url}?file=units.xlsx").content.decode()
    assert "只有传这个文件的人" in client.get(address, {"file": "units.xlsx"}, follow=True).content.decode()
    assert client.get(address, {"file": "../x"}).status_code == 404


def test_history_lists_every_import_in_pages_with_few_queries(client, clerk, django_assert_max_num_queries):
    job, _ = put_down(client, upload())
    jobs.run(job.pk)
    address = reverse("settings:import_history")
    with django_assert_max_num_queries(10):
        page = client.get(address).content.decode()
    assert "units.xlsx" in page
    assert "试读，已完成" in page
    for _ in range(30):
        Job.objects.create(kind=uploads.TRIAL, created_by=clerk, params={"names": ["甲.xlsx", "乙.xlsx"]})
    with django_assert_max_num_queries(10):
        page = client.get(address).content.decode()
    assert "甲.xlsx等2个文件" in page
    older = re.search(r'href="(\?before=\d+)"', page)[1]
    assert "units.xlsx" in client.get(address + older).content.decode()
    client.force_login(person("info_editor"))
    assert "units.xlsx" not in client.get(address).content.decode()


@pytest.mark.worker
def test_import_survives_a_killed_worker(celery_worker, client, django_user_model):
    user = person("proposal_clerk")
    client.force_login(user)
    files = [
        upload(name, (FOLDER / name).read_bytes())
        for name in ("units.xlsx", "members.xlsx", "studios.xlsx", "proposals.xlsx")
    ]
    job, _ = put_down(client, *files)
    from tests.conftest import wait_until

    def state():
        job.refresh_from_db()
        return job.state

    wait_until(lambda: state() == "done", seconds=60)
    client.post(reverse("settings:import_write", args=[job.pk]))
    job = Job.objects.latest("id")
    wait_until(lambda: state() == "running" or job.state == "done", seconds=30)
    celery_worker.kill()
    Job.objects.filter(pk=job.pk, state="running").update(beat_at=timezone.now() - jobs.NO_LIFE * 2)
    jobs.sweep()
    celery_worker.start()
    if state() == "failed":
        client.post(reverse("settings:import_restart", args=[job.pk]))
    wait_until(lambda: state() == "done", seconds=60)
    again, _ = put_down(client, *[upload(f.name, (FOLDER / f.name).read_bytes()) for f in files])
    job = again
    wait_until(lambda: state() == "done", seconds=60)
    assert uploads.to_write(job) == 0
