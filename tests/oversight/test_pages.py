"""The list by condition, its export, one unit's page and the office's forms."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from members.models import Role
from oversight.models import HostUnit, Supervisor
from tests.factories import MemberFactory, UserFactory
from tests.factories_oversight import HostUnitFactory, SupervisorFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST = "/oversight/"


def enter(client, *roles):
    user = UserFactory(roles=roles)
    client.force_login(user, backend=BACKEND)
    return user


def text(client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.fixture
def posts():
    """One who serves, one whose time is over, a unit without anybody."""
    today = timezone.localdate()
    serving = SupervisorFactory(
        unit=HostUnitFactory(name="甲服务大厅", category="公共服务"), member=MemberFactory(name="赵在任"), starts=today
    )
    past = SupervisorFactory(
        unit=HostUnitFactory(name="乙派出所"),
        member=MemberFactory(name="钱期满"),
        starts=today - timedelta(days=800),
        ends=today - timedelta(days=1),
    )
    return serving, past, HostUnitFactory(name="丙空窗口")


def test_list_shows_who_serves_now_and_finds_by_condition(client, posts):
    enter(client, Role.MEMBER)
    names = ("甲服务大厅", "乙派出所", "丙空窗口")
    for query, wanted in (
        ("", (True, False, False)),
        ("?time=past", (False, True, False)),
        ("?time=all", (True, True, True)),
        ("?q=赵在任", (True, False, False)),
        ("?q=甲服务", (True, False, False)),
        ("?time=all&q=钱期满", (False, True, False)),
        ("?time=all&category=公共服务", (True, False, False)),
        ("?time=nobody", (False, True, True)),
        ("?time=nonsense", (True, False, False)),
    ):
        page = text(client, LIST + query)
        assert tuple(name in page for name in names) == wanted, query
    assert "没有派驻" in text(client, LIST + "?time=all")
    assert "新增受派单位" not in page


def test_export_holds_exactly_what_the_list_shows(client, posts):
    user = enter(client, Role.MEMBER)
    for query, wanted in (
        ("", ["赵在任"]),
        ("?time=past", ["钱期满"]),
        ("?time=nobody", ["没有派驻", "没有派驻"]),
        ("?time=all", ["赵在任", "钱期满", "没有派驻"]),
    ):
        assert f'href="export/{query or "?"}"' in text(client, LIST + query)
        body = b"".join(client.get(f"{LIST}export/{query}").streaming_content)
        sheet = openpyxl.load_workbook(io.BytesIO(body)).active
        assert [row[3].value for row in sheet.iter_rows(min_row=2)] == wanted
    assert AuditEntry.objects.filter(verb="supervisors.export", actor=user).count() == 4


@pytest.mark.parametrize("units", [1, 60])
def test_list_needs_at_most_ten_queries_whatever_it_holds(client, units):
    enter(client, Role.LIAISON)
    for _ in range(units):
        SupervisorFactory()
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    assert len(queries) <= 10, [query["sql"][:90] for query in queries]


def test_unit_page_tells_present_from_past_and_hides_the_office_s_buttons(client, posts):
    serving, past, _ = posts
    enter(client, Role.MEMBER)
    page = text(client, past.unit.get_absolute_url())
    assert "以前派驻的" in page
    assert "现在没有派驻监督员" in page
    page = text(client, serving.unit.get_absolute_url())
    assert "现在派驻的" in page
    assert "派驻监督员</a>" not in page
    assert "提前结束" not in page
    enter(client, Role.LIAISON)
    page = text(client, serving.unit.get_absolute_url())
    assert reverse("oversight:dispatch", args=[serving.unit_id]) in page
    assert reverse("oversight:recall", args=[serving.pk]) in page


def test_office_dispatches_and_recalls_on_the_pages(client):
    enter(client, Role.LIAISON)
    client.post(reverse("oversight:new"), {"name": "新城派出所", "category": "基层站所", "is_active": "on"})
    unit = HostUnit.objects.get()
    member = MemberFactory(name="孙派驻", post="某公司 经理")
    url = reverse("oversight:dispatch", args=[unit.pk])
    response = client.post(url, {"member": "孙派驻", "starts": "2026-05-01", "ends": ""}, follow=True)
    assert "已派驻孙派驻" in response.content.decode()
    row = Supervisor.objects.get()
    assert row.member == member
    response = client.post(
        reverse("oversight:recall", args=[row.pk]), {"on": "2026-06-01", "reason": "工作调动"}, follow=True
    )
    page = response.content.decode()
    assert "派驻已结束" in page
    assert "工作调动" in page


def test_forms_say_beside_the_field_what_is_wrong(client):
    enter(client, Role.LIAISON)
    unit = HostUnitFactory(name="新城派出所")
    MemberFactory(name="李同名", code="HB1")
    MemberFactory(name="李同名", code="HB2", post="新城派出所 民警")
    url = reverse("oversight:dispatch", args=[unit.pk])
    for member, words in (("没这人", "没有这个人"), ("李同名", "请写委员编号"), ("HB2", "应当回避")):
        page = client.post(url, {"member": member, "starts": "2026-05-01"}).content.decode()
        assert words in page, member
    assert not Supervisor.objects.exists()
    page = client.post(reverse("oversight:new"), {"name": "新城派出所"}).content.decode()
    assert "已经在名单里" in page


def test_member_s_page_tells_where_he_is_dispatched(client, posts):
    enter(client, Role.MEMBER)
    serving, _, _ = posts
    assert "甲服务大厅" in text(client, f"/members/{serving.member_id}/")
    assert "派驻民主监督" not in text(client, f"/members/{MemberFactory().pk}/")


def test_conditions_stand_as_chips_and_an_empty_list_leads_to_all(client, posts):
    enter(client, Role.MEMBER)
    page = client.get(f"{LIST}?time=all&q=赵在任")
    assert [(name, value) for name, value, _ in page.context["active_filters"]] == [
        ("单位、委员", "赵在任"),
        ("什么时候", "现在的和以前的"),
    ]
    assert client.get(LIST).context["active_filters"] == []
    assert "?time=all" in text(client, f"{LIST}?q=没有这个人")
