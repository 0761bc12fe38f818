"""The settings pages in a real browser: nothing runs off the page, and axe finds nothing."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from core import options
from core.seeds import calendar as seeds
from members.models import RoleGrant
from tests.conftest import SIZES

PAGES = [
    "/settings/options/",
    "/settings/calendar/?year=2026",
    "/settings/calendar/?year=2028",
    "/settings/calendar/2026-05-09/",
    "/settings/calendar/2026-05-09/delete/",
    "/settings/calendar/import/",
]


@pytest.fixture
def chief_page(page, live_server, transactional_db):
    seeds.load()
    chief = get_user_model().objects.create(username="chief", name="提案委主任")
    RoleGrant.objects.create(user=chief, role="proposal_chief")
    options.set_value("deadlines.soon_days", 5, actor=chief)
    client = Client()
    client.force_login(chief)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", PAGES)
def test_settings_page_fits_and_is_accessible(chief_page, live_server, axe, address, size):
    chief_page.set_viewport_size(SIZES[size])
    chief_page.goto(live_server.url + address)
    wide = chief_page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    axe(chief_page)


def test_reading_a_notice_and_entering_it(chief_page, live_server, axe):
    chief_page.goto(f"{live_server.url}/settings/calendar/import/?year=2027")
    chief_page.get_by_label("依据").fill("国办发明电")
    chief_page.get_by_role("textbox", name="放假安排").fill("七、国庆节：10月1日至7日放假调休，共7天。")
    chief_page.get_by_role("button", name="试读").click()
    axe(chief_page)
    chief_page.get_by_role("button", name="录入2027年安排").click()
    assert "已录入正式安排" in chief_page.locator("main").inner_text()
    assert chief_page.locator("tbody tr").count() == 7
