"""A name that a paper gives becomes another name of a unit, and the trial is read again without its problem."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import jobs
from core.models import AuditEntry, Job
from members.models import HandlingUnit
from tests.core.papers.books import book
from tests.core.papers.test_imports_pages import person
from tests.proposals.test_papers import FULL, rolls_for_one


@pytest.fixture
def clerk(client, db):
    user = person("proposal_clerk")
    client.force_login(user)
    return user


def trial(client, row) -> Job:
    sheet = book(("提案", [list(row), list(row.values())])).getvalue()
    client.post(reverse("settings:imports"), {"papers": [SimpleUploadedFile("2022.xlsx", sheet)], "year": "2022"})
    job = Job.objects.latest("id")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_alias_from_the_problem_list_makes_the_problem_go(client, clerk):
    rolls_for_one()
    job = trial(client, FULL | {"主办单位": "区水务管理处"})
    page = client.get(reverse("settings:import_job", args=[job.pk])).content.decode()
    address = (
        f"{reverse('members:unit_alias')}?name=%E5%8C%BA%E6%B0%B4%E5%8A%A1%E7%AE%A1%E7%90%86%E5%A4%84&amp;job={job.pk}"
    )
    assert address in page
    form = client.get(address.replace("&amp;", "&")).content.decode()
    assert "区水务管理处" in form
    unit = HandlingUnit.objects.get(short_name="区水利局")
    data = {"name": "区水务管理处", "job": job.pk, "unit": unit.pk}
    for _ in range(2):  # a double click adds it once
        response = client.post(reverse("members:unit_alias"), data)
    assert response.url == reverse("settings:import_job", args=[job.pk])
    unit.refresh_from_db()
    assert unit.aliases.count("区水务管理处") == 1
    assert AuditEntry.objects.filter(verb="unit.change").count() == 1
    jobs.run(job.pk)
    job.refresh_from_db()
    file = job.result["files"]["2022.xlsx"]
    assert (file["created"], file["refused"]) == (1, 0)


def test_alias_that_is_another_units_name_is_refused_and_nothing_chosen_is_said(client, clerk):
    rolls_for_one()
    unit = HandlingUnit.objects.get(short_name="区水利局")
    address = reverse("members:unit_alias")
    response = client.post(address, {"name": "区林业局", "unit": unit.pk})
    assert (response.status_code, "已经是" in response.content.decode()) == (422, True)
    assert client.post(address, {"name": "区水务处"}).status_code == 422
    assert client.post(address, {"name": "", "unit": unit.pk}).status_code == 422
    assert client.post(address, {"name": "区水务处", "unit": unit.pk, "job": "999"}).url == reverse("members:units")


@pytest.mark.parametrize("role", ["member", "info_editor", "auditor", "leader"])
def test_alias_page_is_for_those_who_keep_the_units(client, db, role):
    client.force_login(person(role))
    assert client.get(reverse("members:unit_alias"), {"name": "x"}).status_code in (403, 404)


def test_alias_is_not_offered_to_who_may_not_keep_units(client, db):
    rolls_for_one()
    client.force_login(person("proposal_clerk"))
    job = trial(client, FULL | {"主办单位": "区水务管理处"})
    Job.objects.filter(pk=job.pk).update(kind="papers.write")
    assert "记作别名</a>" not in client.get(reverse("settings:import_job", args=[job.pk])).content.decode()
