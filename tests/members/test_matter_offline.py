"""Recording a visit on a phone 登记来访 without signal: nothing lost, nothing doubled, whatever is cut off when."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from members.models import Matter
from tests import factories as make
from tests.conftest import SIZES
from tests.factories_matters import host

NEW = "/members/matters/new/"
SYNC = "**/members/matters/sync/"


def session_of(user) -> str:
    """A signed-in session of an account."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(context, live_server, user) -> None:
    """Give the browser a session."""
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": live_server.url}])


@pytest.fixture
def member(transactional_db):
    """A member with a studio."""
    return host()


@pytest.fixture
def phone(browser, browser_context_args, live_server, member):
    """The page for recording on the member's phone; ``phone.worker`` asks for one with a service worker."""
    made = []

    def open_phone(*, worker: bool = False, user=None):
        options = {**browser_context_args, "viewport": SIZES["phone"]}
        context = browser.new_context(**options, service_workers="allow" if worker else "block")
        made.append(context)
        sign_in(context, live_server, user or member.user)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(live_server.url + NEW)
        return page

    yield open_phone
    for context in made:
        context.close()


def write(page, text: str = "村口三盏路灯坏了半个月。") -> None:
    """Fill in a visit answered on the spot, and press the button."""
    page.locator("[name=text]").fill(text)
    page.locator("label.tile", has_text="市政设施").click()
    page.locator("[name=answer]").fill("明天就去修。")
    page.get_by_role("button", name="登记", exact=True).click()


def unsent(page) -> str:
    """The heading of what was not sent, or nothing."""
    box = page.locator("#unsent")
    return box.locator("h2").inner_text() if box.is_visible() else ""


def test_visit_is_recorded_in_four_touches(phone, axe):
    page = phone()
    axe(page)
    write(page)
    page.locator("#sent").wait_for()
    matter = Matter.objects.get()
    assert matter.receipt_code in re.sub(r"\D", "", page.locator(".visit-code").inner_text())
    assert (matter.category, matter.status) == ("市政设施", "closed")
    assert unsent(page) == ""
    assert page.locator("[name=text]").input_value() == ""
    axe(page)
    write(page, "第二位来访人")
    page.locator("#sent li").nth(1).wait_for()
    assert Matter.objects.count() == 2
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_two_visits_without_signal_are_sent_once_when_it_is_back(phone):
    page = phone()
    page.context.set_offline(True)
    write(page)
    page.locator("#unsent", has_text="未发出1条").wait_for()
    write(page, "第二位来访人")
    page.locator("#unsent", has_text="未发出2条").wait_for()
    assert "没有信号" in page.locator("#unsent-why").inner_text()
    assert Matter.objects.count() == 0
    page.context.set_offline(False)  # the browser says that it is back, and the page sends by itself
    page.locator("#sent li").nth(1).wait_for()
    assert unsent(page) == ""
    assert sorted(Matter.objects.values_list("text", flat=True)) == sorted(["村口三盏路灯坏了半个月。", "第二位来访人"])


def test_page_opens_without_signal_and_keeps_what_was_written_before(phone, live_server):
    page = phone(worker=True)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    write(page)
    page.locator("#unsent", has_text="未发出1条").wait_for()
    assert page.evaluate(f"caches.match('{NEW}').then(Boolean)")
    answer = page.goto(live_server.url + NEW)  # closed and opened again, still without signal
    assert answer.from_service_worker
    page.locator("#unsent", has_text="未发出1条").wait_for()
    assert page.locator(".topbar").evaluate("bar => getComputedStyle(bar).display") != "inline"
    write(page, "第二位来访人")
    page.locator("#unsent", has_text="未发出2条").wait_for()
    page.context.set_offline(False)
    page.locator("#send-now").click()
    page.locator("#sent li").nth(1).wait_for()
    assert Matter.objects.count() == 2


def test_server_saved_but_its_answer_was_lost(phone):
    page = phone()
    lost = []

    def cut_off(route):
        route.fetch()  # the server does all of it …
        lost.append(route.request)
        route.abort()  # … and the phone hears nothing

    page.route(SYNC, cut_off)
    write(page)
    page.locator("#unsent-why", has_text="没有信号").wait_for()
    assert unsent(page) == "未发出1条"
    assert (len(lost), Matter.objects.count()) == (1, 1)
    page.unroute(SYNC)
    page.locator("#send-now").click()
    page.locator("#sent li").wait_for()
    assert unsent(page) == ""
    assert Matter.objects.count() == 1


def test_tab_closed_in_mid_send_sends_again_and_doubles_nothing(phone, live_server):
    page = phone()
    page.route(SYNC, lambda route: None)  # sent, and never answered
    write(page)
    page.locator("#unsent", has_text="未发出1条").wait_for()
    page.close()
    page = page.context.new_page()
    page.goto(live_server.url + NEW)
    page.locator("#sent li").wait_for()
    page.goto(live_server.url + NEW)
    page.wait_for_load_state("networkidle")
    assert Matter.objects.count() == 1
    assert unsent(page) == ""


def test_expired_session_keeps_the_entries_and_says_so(phone, live_server, member):
    page = phone()
    page.context.clear_cookies()
    write(page)
    page.locator("#unsent-why", has_text="登录已过期").wait_for()
    assert (
        page.locator("#unsent-why a", has_text="去登录")
        .get_attribute("href")
        .endswith(f"?next={NEW.replace('/', '%2F')}")
    )
    assert Matter.objects.count() == 0
    sign_in(page.context, live_server, member.user)
    page.locator("#send-now").click()
    page.locator("#sent li").wait_for()
    assert Matter.objects.get().recorded_by == member.user


def test_another_persons_session_does_not_send_ones_entries(phone, live_server):
    page = phone()
    page.context.set_offline(True)
    write(page)
    page.locator("#unsent", has_text="未发出1条").wait_for()
    other = host()
    sign_in(page.context, live_server, other.user)
    page.context.set_offline(False)
    page.locator("#unsent-why", has_text="另一个账号").wait_for()
    assert Matter.objects.count() == 0
    page.goto(live_server.url + NEW)
    assert unsent(page) == ""


def test_what_the_server_refuses_comes_back_into_the_form(phone, live_server, member):
    page = phone()
    page.context.set_offline(True)
    write(page)
    page.locator("#unsent", has_text="未发出1条").wait_for()
    other = make.StudioFactory()
    member.studio = other  # moved to another studio meanwhile
    member.save()
    page.context.set_offline(False)
    page.locator("#unsent", has_text="要改").wait_for()
    assert Matter.objects.count() == 0
    page.get_by_role("button", name="改", exact=True).click()
    assert page.locator("[name=text]").input_value() == "村口三盏路灯坏了半个月。"
    page.goto(live_server.url + NEW)  # the draft stays through it, with its key
    assert page.locator("[name=text]").input_value() == "村口三盏路灯坏了半个月。"


def test_what_is_missing_is_said_at_once_even_without_signal(phone):
    page = phone()
    page.context.set_offline(True)
    page.locator("[name=visitor_name]").fill("欧阳小曼")
    page.get_by_role("button", name="登记", exact=True).click()
    words = page.locator("#visit-wrong").inner_text()
    for part in ("请写来访人反映的事", "征得来访人同意", "当场怎样答复"):
        assert part in words
    assert unsent(page) == ""


def test_half_written_visit_outlives_the_tab(phone, live_server):
    page = phone()
    page.locator("[name=text]").fill("写到一半")
    page.goto(live_server.url + "/home/")
    page.goto(live_server.url + NEW)
    assert page.locator("[name=text]").input_value() == "写到一半"


def test_without_scripts_the_form_still_works(browser, browser_context_args, live_server, member):
    context = browser.new_context(**{**browser_context_args, "viewport": SIZES["phone"], "java_script_enabled": False})
    sign_in(context, live_server, member.user)
    page = context.new_page()
    page.goto(live_server.url + NEW)
    page.locator("[name=text]").fill("没有脚本")
    page.locator("[name=answer]").fill("说清楚了。")
    page.get_by_role("button", name="登记", exact=True).click()
    matter = Matter.objects.get()
    assert page.url.endswith(reverse("members:matter_receipt", args=[matter.pk]))
    context.close()
