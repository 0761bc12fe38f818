"""The settings pages: options and the working calendar, as staff use them."""

import datetime as dt
import io

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import options, workdays
from core.models import AuditEntry, CalendarDay, OptionValue
from core.seeds import calendar as seeds
from members.models import RoleGrant

D = dt.date
GROUP = "试验页"

options.declare("page.days", type="int", default=15, label="页上天数", group=GROUP, minimum=1, maximum=90)
options.declare("page.share", type="decimal", default=0, label="页上比例", group=GROUP)
options.declare("page.open", type="bool", default=True, label="页上开关", group=GROUP)
options.declare("page.list", type="list", default=["甲", "乙"], label="页上名单", group=GROUP)
TYPED = {"page.days": "15", "page.share": "0", "page.open": "on", "page.list": "甲\r\n乙"}
DRAWN = {
    "initial-page.days": "15",
    "initial-page.share": "0",
    "initial-page.open": "True",
    "initial-page.list": "甲\r\n乙",
}


def person(role: str):
    user = get_user_model().objects.create(username=role, name=role)
    RoleGrant.objects.create(user=user, role=role)
    return user


@pytest.fixture(autouse=True)
def _calendar(db):
    seeds.load()


@pytest.fixture
def chief(client):
    user = person("proposal_chief")
    client.force_login(user)
    return user


def log(verb: str) -> list[str]:
    return list(AuditEntry.objects.filter(verb=verb).values_list("summary", flat=True))


def post_group(client, **typed: str):
    data = {"group": GROUP, **DRAWN, **TYPED, **typed}
    return client.post(reverse("settings:options"), {k: v for k, v in data.items() if v is not None}, follow=True)


ADDRESSES = [
    "/settings/options/",
    "/settings/calendar/",
    "/settings/calendar/new/",
    "/settings/calendar/import/",
    "/settings/calendar/2026-05-01/",
    "/settings/calendar/2026-05-01/delete/",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("role", "status"),
    [("proposal_chief", 200), ("secadmin", 200), ("proposal_clerk", 404), ("sysadmin", 404)],
)
def test_settings_pages_open_for_chief_and_secadmin_only(client, role, status, address):
    client.force_login(person(role))
    assert client.get(address).status_code == status


def test_reset_is_closed_to_others(client):
    client.force_login(person("proposal_clerk"))
    assert client.post("/settings/options/reset/", {"key": "page.days"}).status_code == 404


def test_options_page_shows_each_control_with_the_value_it_was_drawn_with(client, chief):
    html = client.get("/settings/options/").content.decode()
    assert '<input type="hidden" name="initial-page.days" value="15"' in html
    assert 'name="page.days" value="15" class="form-control" min="1" max="90"' in html


def test_saving_a_group_keeps_and_logs_only_what_was_changed(client, chief):
    response = post_group(client, **{"page.days": "20", "page.list": "丙\r\n丁", "page.open": None})
    assert "已保存“试验页”：页上天数、页上开关、页上名单。" in response.content.decode()
    assert options.value("page.days") == 20
    assert options.value("page.open") is False
    assert options.value("page.list") == ["丙", "丁"]
    assert OptionValue.objects.count() == 3
    assert log("option.change") == [
        "参数“页上天数”由15改为20",
        "参数“页上开关”由是改为否",
        "参数“页上名单”由甲、乙改为丙、丁",
    ]


def test_saving_leaves_what_another_person_changed_meanwhile(client, chief):
    options.set_value("page.days", 30, actor=chief)
    post_group(client, **{"page.share": "0.5"})
    assert options.value("page.days") == 30


def test_wrong_value_is_refused_beside_its_field_and_nothing_is_saved(client, chief):
    response = post_group(client, **{"page.days": "100", "page.share": "0.5"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "“页上天数”不能大于90。" in html
    assert 'name="page.share" value="0.5"' in html
    assert not OptionValue.objects.exists()


def test_reset_puts_the_default_back(client, chief):
    options.set_value("page.days", 20, actor=chief)
    assert "默认：15" in client.get("/settings/options/").content.decode()
    response = client.post("/settings/options/reset/", {"key": "page.days"}, follow=True)
    assert "“页上天数”已恢复默认：15。" in response.content.decode()
    assert options.value("page.days") == 15


def test_options_page_costs_a_fixed_number_of_queries(client, chief, django_assert_max_num_queries):
    options.set_value("page.days", 20, actor=chief)
    client.get("/settings/options/")
    with django_assert_max_num_queries(8):
        client.get("/settings/options/")


def test_calendar_page_lists_the_year_and_warns_of_missing_ones(client, chief):
    html = client.get("/settings/calendar/?year=2026").content.decode()
    assert "已录入正式安排，全年248个工作日" in html
    assert html.count('datetime="2026-') == 39
    assert "还没有录入正式安排" in client.get("/settings/calendar/?year=2028").content.decode()
    assert client.get("/settings/calendar/?year=99999").status_code == 404


def test_day_can_be_entered_changed_and_deleted(client, chief):
    day = {"date": "2026-06-01", "kind": "holiday", "name": "停课", "source": "区政府通知"}
    response = client.post("/settings/calendar/new/", day, follow=True)
    assert "已保存2026年6月1日。" in response.content.decode()
    assert not workdays.is_workday(D(2026, 6, 1))
    assert "已经在表里" in client.post("/settings/calendar/new/", day).content.decode()

    client.post("/settings/calendar/2026-06-01/", day | {"name": "防汛", "provisional": "on"})
    row = CalendarDay.objects.get(date=D(2026, 6, 1))
    assert (row.name, row.provisional) == ("防汛", True)

    asked = client.post("/settings/calendar/2026-06-01/delete/")
    assert "删除2026年6月1日的“防汛放假”？" in asked.content.decode()
    assert CalendarDay.objects.filter(date=D(2026, 6, 1)).exists()
    client.post("/settings/calendar/2026-06-01/delete/", {"confirmed": "1"})
    assert workdays.is_workday(D(2026, 6, 1))
    assert log("calendar.change") == [
        "工作日历2026年6月1日由没有列出改为停课放假",
        "工作日历2026年6月1日由停课放假改为防汛放假（暂定）",
        "工作日历2026年6月1日由防汛放假（暂定）改为没有列出",
    ]


def test_made_up_work_day_must_fall_on_a_weekend(client, chief):
    day = {"date": "2026-06-01", "kind": "workday", "name": "端午节", "source": "通知"}
    response = client.post("/settings/calendar/new/", day)
    assert response.status_code == 422
    assert "只有周末才列为调休上班" in response.content.decode()
    assert not CalendarDay.objects.filter(date=D(2026, 6, 1)).exists()


NOTICE = """一、元旦：1月1日至3日放假，共3天。
二、春节：2月5日至11日放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（周日）上班。"""


def test_year_is_read_first_and_entered_on_the_second_press(client, chief):
    form = {"year": "2027", "source": "国办发明电〔2026〕1号", "text": NOTICE}
    assert workdays.add_working_days(D(2027, 9, 24), 3).provisional

    read = client.post("/settings/calendar/import/", form)
    html = read.content.decode()
    assert "读到2027年：放假17天，调休上班3天" in html
    assert "会去掉：4月5日、5月1日" in html  # the provisional rows that the notice does not name
    assert CalendarDay.objects.filter(date__year=2027, provisional=False).count() == 0

    client.post("/settings/calendar/import/", form | {"confirmed": "1"})
    assert CalendarDay.objects.filter(date__year=2027).count() == 20
    assert not CalendarDay.objects.filter(date__year=2027, provisional=True).exists()
    due = workdays.add_working_days(D(2027, 9, 24), 3)
    assert (due.due, due.provisional) == (D(2027, 9, 28), False)
    assert log("calendar.import") == ["录入2027年放假安排：放假17天、调休上班3天"]


def test_notice_half_understood_enters_nothing(client, chief):
    form = {"year": "2027", "source": "通知", "text": NOTICE + "\n2027-02-30 放假 春节"}
    before = CalendarDay.objects.count()
    response = client.post("/settings/calendar/import/", form | {"confirmed": "1"})
    assert response.status_code == 422
    assert "第4行“2027-02-30 放假 春节”" in response.content.decode()
    assert CalendarDay.objects.count() == before
    assert CalendarDay.objects.filter(date__year=2027, provisional=False).count() == 0


def test_year_can_come_from_a_spreadsheet(client, chief):
    book = openpyxl.Workbook()
    for row in (["日期", "种类", "节日"], [D(2027, 10, 1), "放假", "国庆节"]):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    upload = SimpleUploadedFile("2027.xlsx", data.getvalue())
    form = {"year": "2027", "source": "通知", "file": upload}
    html = client.post("/settings/calendar/import/", form).content.decode()
    assert "读到2027年：放假1天，调休上班0天" in html
    assert "2027-10-01 放假 国庆节" in html


def test_next_years_new_year_days_survive_a_new_arrangement(client, chief):
    text = "\n".join(
        f"{row.date} {row.get_kind_display()} {row.name}"
        for row in CalendarDay.objects.filter(date__year=2022)
        if row.date != D(2022, 12, 31)
    )
    form = {"year": "2022", "source": "重录", "text": text, "confirmed": "1"}
    client.post("/settings/calendar/import/", form)
    assert CalendarDay.objects.get(date=D(2022, 12, 31)).name == "元旦"
    assert CalendarDay.objects.get(date=D(2022, 1, 1)).source == "重录"
