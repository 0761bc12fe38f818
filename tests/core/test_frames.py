"""The frames, skeletons and parts, shown on sample pages; and the pages for what went wrong."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from core import errors_views
from tests.conftest import SIZES
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.gallery.urls")]

SAMPLES = ["list", "empty", "item", "form", "parts", "components--confirm_page"]
BUDGET = 150 * 1024


def render(source, **context):
    """A fragment of template as a page would draw it."""
    return engines["django"].from_string(source).render(context)


@pytest.fixture
def signed_in(client):
    """A client of a clerk."""
    client.force_login(UserFactory(name="苏砚清", roles=["proposal_clerk"]))
    return client


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_page_has_one_heading_landmarks_and_a_way_past_the_menu(signed_in, name):
    page = signed_in.get(f"/sample/{name}/").content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert page.index('class="skip-link" href="#main"') < page.index("<header")
    assert 'id="main"' in page
    assert "<title>－" not in page


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_page_holds_nothing_inline_and_no_other_host(signed_in, name):
    page = signed_in.get(f"/sample/{name}/").content.decode()
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_top_bar_names_the_person_and_counts_unread_messages(signed_in):
    page = signed_in.get("/sample/parts/").content.decode()
    assert '苏砚清<span class="wide">（提案委经办人）</span>' in page
    assert 'action="/accounts/logout/" method="post"' in page


def test_message_after_an_act_is_told_to_screen_readers(signed_in):
    page = signed_in.get("/sample/parts/?say=1").content.decode()
    assert re.search(r'alert-success" role="status">已送达三位委员', page)
    assert re.search(r'alert-danger" role="alert">没有存上', page)


def test_list_says_how_many_and_offers_export_of_just_these(signed_in):
    page = signed_in.get("/sample/list/").content.decode()
    assert "导出这46件（Excel）" in page
    assert "共46件，本页3件" in page
    assert 'aria-label="去掉条件：届次：十六届五次"' in page


def test_empty_list_says_so_and_draws_no_table(signed_in, monkeypatch):
    from tests.core.gallery import urls

    whole = urls._context
    monkeypatch.setattr(urls, "_context", lambda request: whole(request) | {"rows": []})
    page = signed_in.get("/sample/empty/").content.decode()
    assert "没有符合的提案" in page
    assert "<table" not in page
    assert "导出" not in page


def test_form_repeats_each_error_at_the_top_and_at_its_field(signed_in):
    page = signed_in.get("/sample/form/").content.decode()
    for field, label, words in [("title", "案由", "现在60字，请删到50字以内。"), ("category", "类别", "还没有选。")]:
        assert f'<a href="#id_{field}">{label}：{words}</a>' in page
        assert f'<div id="id_{field}_error" class="invalid-feedback-group"><p class="invalid-feedback">{words}' in page
    assert "还有4处要改" in page


def test_form_puts_help_between_label_and_control_and_says_what_is_required(signed_in):
    page = signed_in.get("/sample/form/?fresh=1").content.decode()
    label, help_text, control = (
        page.index(mark) for mark in ('for="id_title"', 'id="id_title_helptext"', 'id="id_title"')
    )
    assert label < help_text < control
    assert '案由<span class="need">必填</span>' in page
    assert "哪天以前</label>" in page
    assert 'aria-describedby="id_title_helptext"' in page


def test_group_of_choices_is_a_fieldset_described_by_its_help_and_error(signed_in):
    page = signed_in.get("/sample/form/").content.decode()
    assert re.search(
        r'<fieldset id="div_id_kind" class="field" aria-describedby="id_kind_helptext id_kind_error">', page
    )


def test_confirmation_works_as_a_page_without_scripts(signed_in):
    page = signed_in.get("/sample/components--confirm_page/").content.decode()
    assert "编了案号不能再改" in page
    assert '<input type="hidden" name="verb" value="file">' in page
    assert '<input type="hidden" name="confirmed" value="1">' in page


def test_breadcrumb_links_every_step_but_the_last():
    shown = render('{% load frame %}{% breadcrumb "待办" "/home/" here %}', here="<第1号>")
    assert '<a href="/home/">待办</a>' in shown
    assert '<li class="breadcrumb-item" aria-current="page">&lt;第1号&gt;</li>' in shown


def test_dates_and_numbers_are_written_as_officials_write_them():
    when = timezone.make_aware(timezone.datetime(2022, 3, 5, 14, 30))
    shown = render(
        "{% load frame %}{{ when|cn_date }} {{ when|cn_day }} {{ when|cn_time }} {{ n|number }} {{ none|cn_date }}",
        when=when, n=1204, none=None,
    )  # fmt: skip
    assert shown == "2022年3月5日 3月5日 2022年3月5日 14:30 1,204 "


def test_text_as_typed_becomes_paragraphs_and_stays_text():
    assert render("{% load frame %}{{ text|paragraphs }}", text="一是<b>\n\n  二是 ") == (
        "<p>一是&lt;b&gt;</p><p>二是</p>"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "读不懂"),
        (403, "没有存上"),
        (404, "没有这一页"),
        (413, "文件太大"),
        (429, "歇一下"),
        (500, "系统出了错"),
        (503, "正在维护"),
    ],
)
def test_error_page_says_in_plain_words_what_happened(client, code, words):
    answer = client.get(f"/sample/error/{code}/")
    page = answer.content.decode()
    assert answer.status_code == code
    assert words in page
    body = re.sub(r"<[^>]+>", "", page.partition("<main")[2])
    assert str(code) not in body
    assert "Error" not in body


def test_page_for_a_breakdown_needs_neither_database_nor_request(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert errors_views.server_error(RequestFactory().get("/")).status_code == 500
        assert errors_views.unavailable(RequestFactory().get("/"))["Retry-After"]


def test_too_many_requests_says_when_to_come_back(rf, client):
    request = client.get("/accessibility/").wsgi_request
    answer = errors_views.too_many(request, retry_after=130)
    assert answer["Retry-After"] == "130"
    assert "约3分钟以后" in answer.content.decode()


def test_forbidden_looks_just_like_missing(client):
    request = client.get("/accessibility/").wsgi_request
    missing, forbidden = errors_views.not_found(request), errors_views.permission_denied(request)
    assert forbidden.status_code == missing.status_code == 404
    assert forbidden.content == missing.content


def test_stale_form_is_refused_with_a_page_that_says_what_to_do(client):
    client = type(client)(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    answer = client.post("/messages/read/")
    assert answer.status_code == 403
    assert "请再交一次" in answer.content.decode()


def weight(page, *, skip=()):
    """Bytes over the wire of a page with its style sheets and scripts, compressed."""
    total = len(gzip.compress(page))
    for path in re.findall(rb'(?:src|href)="/static/([^"#]+)', page):
        name = path.decode()
        found = finders.find(name)
        if found and name not in skip:
            skip = (*skip, name)
            total += len(gzip.compress(Path(found).read_bytes()))
    return total


@pytest.mark.parametrize("name", ["list", "item", "form"])
def test_page_of_the_workspace_is_light(signed_in, name):
    assert finders.find("vendor/bootstrap/css/bootstrap.min.css"), "the front-end libraries are not fetched"
    assert weight(signed_in.get(f"/sample/{name}/").content) < BUDGET


def test_page_of_the_portal_is_lighter_still(client):
    page = client.get("/accessibility/").content
    assert b"bootstrap" not in page
    assert weight(page) < BUDGET / 3


def test_every_symbol_that_a_template_asks_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', Path(finders.find("img/icons.svg")).read_text(encoding="utf-8")))
    asked = set()
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        asked |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8")))
    assert asked <= drawn


# --- In the browser ---------------------------------------------------------------------------


@pytest.fixture
def clerk_page(page, live_server, client):
    """A browser page in which a clerk is signed in."""
    client.force_login(UserFactory(name="苏砚清", roles=["proposal_clerk"]))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("theme", ["plain", "elder"])
def test_sample_pages_are_accessible_and_fit_every_width(clerk_page, live_server, axe, theme):
    page = clerk_page
    if theme == "elder":
        page.goto(f"{live_server.url}/elder/?to=on&next=/sample/parts/")
    for name in [*SAMPLES, "error/404", "error/500"]:
        for size in ({"width": 320, "height": 700}, *SIZES.values()):
            page.set_viewport_size(size)
            page.goto(f"{live_server.url}/sample/{name}/")
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert too_wide <= 0, f"{name} at {size['width']} px"
            axe(page)


def test_confirmation_asks_before_it_sends(clerk_page, live_server):
    page = clerk_page
    page.goto(f"{live_server.url}/sample/item/")
    page.get_by_role("button", name="准予立案").click()
    dialog = page.get_by_role("dialog")
    assert "编了案号不能再改" in dialog.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "再看看"
    dialog.get_by_role("button", name="再看看").click()
    assert not dialog.is_visible()
    page.get_by_role("button", name="准予立案").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        dialog.get_by_role("button", name="准予立案").click()
    assert "verb=file" in sent.value.post_data
    assert "confirmed=1" in sent.value.post_data


def test_picking_rows_counts_them_and_opens_the_batch_verbs(clerk_page, live_server):
    page = clerk_page
    page.goto(f"{live_server.url}/sample/list/")
    remind = page.get_by_role("button", name="批量催办")
    assert remind.is_disabled()
    page.get_by_label("选第2号").check()
    assert page.get_by_text("已选1件").is_visible()
    assert remind.is_enabled()
    page.get_by_label("选本页全部").check()
    assert page.get_by_text("已选3件").is_visible()


def test_suggestions_are_added_removed_and_numbered_again(clerk_page, live_server):
    page = clerk_page
    page.goto(f"{live_server.url}/sample/form/")
    page.get_by_label("第二条建议").fill("留下的一条")
    page.get_by_role("button", name="再加一条").click()
    assert page.get_by_label("第三条建议").evaluate("field => document.activeElement === field")
    page.get_by_role("button", name="删去这一条").first.click()
    assert page.get_by_label("第一条建议").input_value() == "留下的一条"
    assert page.locator("[data-rows] .no").all_inner_texts() == ["（一）", "（二）"]
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == page.evaluate(
        "document.querySelectorAll('[id]').length"
    )


def test_form_saves_itself_and_says_when(clerk_page, live_server):
    page = clerk_page
    page.goto(f"{live_server.url}/sample/form/?fresh=1")
    page.route("**/sample/saved/", lambda route: route.fulfill(json={"saved_at": "14:32"}))
    page.get_by_label("情况与问题").fill("北部山区12个镇。")
    page.get_by_text("已保存 14:32").wait_for()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length") == 0


def test_what_was_typed_survives_an_expired_session(clerk_page, live_server):
    page = clerk_page
    page.goto(f"{live_server.url}/sample/form/?fresh=1")
    page.route("**/sample/saved/", lambda route: route.fulfill(status=401, json={}))
    page.get_by_label("情况与问题").fill("北部山区12个镇。")
    page.get_by_text("字留在这台设备上；请重新登录").wait_for()
    page.goto(f"{live_server.url}/sample/form/?fresh=1")
    assert page.get_by_label("情况与问题").input_value() == ""
    page.get_by_role("button", name="恢复").click()
    assert page.get_by_label("情况与问题").input_value() == "北部山区12个镇。"


def test_form_is_sent_once_however_often_the_button_is_pressed(clerk_page, live_server):
    page = clerk_page
    page.goto(f"{live_server.url}/sample/form/?fresh=1")
    sent = []

    def hold(route):
        sent.append(route)

    page.route("**/sample/form/**", hold)
    page.evaluate("for (let i = 0; i < 3; i += 1) document.querySelector('.actionbar .btn-primary').click()")
    page.wait_for_timeout(300)
    assert len(sent) == 1
    sent[0].abort()


def test_menu_opens_on_the_phone_without_scripts(browser, live_server, client):
    client.force_login(UserFactory(roles=["proposal_clerk"]))
    context = browser.new_context(viewport=SIZES["phone"], java_script_enabled=False, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/sample/parts/")
    menu = page.get_by_role("navigation", name="主导航")
    assert not menu.is_visible()
    page.get_by_role("link", name="菜单", exact=True).click()
    assert menu.is_visible()
    page.get_by_role("link", name="关闭菜单").click()
    assert not menu.is_visible()
    context.close()
