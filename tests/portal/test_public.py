"""What a visitor reads without signing in: nothing unpublished, nothing private, every number true."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import selectors
from proposals.models import ResultClass
from proposals.search import reindex
from tests.conftest import SIZES
from tests.factories import (
    HandlingUnitFactory,
    MemberFactory,
    PromiseFactory,
    ProposalFactory,
    ReplyFactory,
    ReplyItemFactory,
    SessionFactory,
    StudioFactory,
    UnitTaskFactory,
)

pytestmark = pytest.mark.django_db

PAGES = ["/", "/open/proposals/", "/studios/", "/accessibility/", "/site-map/"]
SECRET = "13899990000"


def published(**fields):
    """A published proposal, closed unless the test says otherwise."""
    defaults = {"status": "closed", "published_on": date(2022, 6, 30), "number": None, "year": 2022}
    proposal = ProposalFactory(**defaults | fields)
    reindex(proposal)
    return proposal


def replied(proposal, *, text="已组建维修队。", role="lead", **fields):
    """The public reply of a unit to a proposal."""
    task = UnitTaskFactory(proposal=proposal, unit=HandlingUnitFactory(), role=role)
    reply = ReplyFactory(task=task, **{"status": "issued", "contact_phone": SECRET} | fields)
    ReplyItemFactory(reply=reply, suggestion=proposal.suggestions.first(), text=text)
    return reply


def rows_of(client, url):
    """How many rows the list behind an address has, over all its pages."""
    count = 0
    while url:
        answer = client.get(url)
        count += len(answer.context["rows"])
        url = answer.context["page"].next_url and "/open/proposals/" + answer.context["page"].next_url
    return count


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_without_signing_in(client, path):
    assert client.get(path).status_code == 200


def test_front_page_says_so_while_nothing_is_published(client):
    ProposalFactory(status="closed", title="关于没有公开的建议")
    page = client.get("/").content.decode()
    assert "还没有公开的提案" in page
    assert "关于没有公开的建议" not in page


@pytest.mark.parametrize(
    "fields",
    [{"published_on": None}, {"publish_consent": False}, {"status": "draft", "published_on": None}],
)
def test_unpublished_proposal_does_not_exist_for_visitors(client, fields):
    proposal = published(title="关于内部事项的建议", **fields)
    assert client.get(reverse("portal:open_item", args=[proposal.pk])).status_code == 404
    for path in ("/", "/open/proposals/", "/open/proposals/?q=内部事项"):
        assert "关于内部事项的建议" not in client.get(path).content.decode()


def test_item_shows_text_reply_and_promise_but_no_contact(client):
    member = MemberFactory(name="贺青川", phone=SECRET)
    proposal = published(title="关于农村供水的建议", number=123, member=member, situation="第一段。\n第二段。")
    proposal.proposers.update(contact_phone=SECRET, contact_address="某街某号")
    reply = replied(proposal, document_no="汉滨水函〔2022〕18号")
    PromiseFactory(reply=reply, text="年底前通水", due_on=date(2022, 12, 31), owner="不公开的经办人")
    page = client.get(reverse("portal:open_item", args=[proposal.pk])).content.decode()
    for words in ("关于农村供水的建议", "第123号", "贺青川", "已组建维修队。", "汉滨水函〔2022〕18号", "年底前通水"):
        assert words in page
    assert "<p>第一段。</p><p>第二段。</p>" in page
    for words in (SECRET, "某街某号", "不公开的经办人"):
        assert words not in page


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"may_publish": False}, {"status": "office_review"}])
def test_reply_that_is_not_public_stays_hidden(client, fields):
    proposal = published()
    replied(proposal, text="内部的答复", **fields)
    assert "内部的答复" not in client.get(reverse("portal:open_item", args=[proposal.pk])).content.decode()
    assert "内部的答复" not in client.get("/").content.decode()


def test_proposer_who_did_not_confirm_is_not_named(client):
    proposal = published()
    proposal.proposers.create(name="没有确认的人", state="invited", order=1)
    page = client.get(reverse("portal:open_item", args=[proposal.pk])).content.decode()
    assert "没有确认的人" not in page


def test_every_figure_opens_a_list_of_just_so_many_rows(client):
    session = SessionFactory(year=2022)
    solved, planned = ResultClass.objects.get(letter="A"), ResultClass.objects.get(letter="B")
    for n in range(23):
        published(session=session, result_class=solved if n % 3 else planned, is_key=n < 2)
    published(session=session, status="handling")
    published(session=session, status="rehandling", year=2021)
    ProposalFactory(session=session, status="closed", year=2022)
    figures = selectors.figures()
    assert [figure.value for figure in figures] == [24, 23, 15, 8, 23, 2]
    for figure in figures:
        assert rows_of(client, figure.url) == figure.value, figure.name


def test_notice_opens_the_proposals_published_that_day(client):
    published(published_on=date(2022, 6, 30))
    for _ in range(2):
        published(published_on=date(2022, 7, 7))
    newest, _ = selectors.announcements(date(2022, 8, 1))
    assert newest.title == "新公开提案和答复2件"
    assert rows_of(client, newest.url) == 2


def test_open_collection_is_announced_until_its_last_day():
    today = timezone.localdate()
    SessionFactory(name="十六届二次会议", collects_from=today - timedelta(days=3), cut_off=timezone.now())
    assert [notice.title[:7] for notice in selectors.announcements(today)] == ["十六届二次会议"]
    assert selectors.announcements(today + timedelta(days=1)) == []
    assert selectors.announcements(today - timedelta(days=4)) == []


def test_front_page_leads_with_the_newest_and_its_open_promise(client):
    published(title="关于旧事的建议", published_on=date(2022, 5, 1))
    newest = published(title="关于新事的建议", published_on=date(2022, 7, 1))
    reply = replied(newest)
    PromiseFactory(reply=reply, text="已经做成的事", due_on=date(2022, 7, 1), kept_on=date(2022, 7, 1))
    PromiseFactory(reply=reply, text="还没做成的事", due_on=date(2022, 12, 1))
    page = client.get("/").content.decode()
    lead = re.search(r'class="lead-story.*?</section>', page, re.DOTALL)[0]
    assert "关于新事的建议" in lead
    assert "还没做成的事" in lead
    assert "已经做成的事" not in lead


def test_list_is_searched_in_chinese_and_by_number(client):
    published(title="关于农村饮水安全的建议", number=12)
    published(title="关于城区停车的建议", number=13)
    assert [row.number for row in client.get("/open/proposals/?q=饮水").context["rows"]] == [12]
    assert [row.number for row in client.get("/open/proposals/?q=13").context["rows"]] == [13]


@pytest.mark.parametrize("query", ["result=Z", "year=abc", "on=yesterday", "unit=x", "category=nothing"])
def test_condition_that_means_nothing_finds_nothing(client, query):
    published()
    answer = client.get(f"/open/proposals/?{query}")
    assert answer.status_code == 200
    assert answer.context["rows"] == []


def test_each_condition_can_be_taken_away(client):
    published(is_key=True)
    answer = client.get("/open/proposals/?year=2022&key=1&page=x")
    assert ("重点提案", "是", "?year=2022") in answer.context["active_filters"]


def test_studio_page_tells_where_and_when(client):
    StudioFactory(name="新城街道委员工作室", place="便民服务中心二楼", reception_rule="每月15日")
    StudioFactory(name="停用的工作室", is_active=False)
    page = client.get("/studios/").content.decode()
    for words in ("新城街道委员工作室", "便民服务中心二楼", "每月15日"):
        assert words in page
    assert "停用的工作室" not in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/", 10), ("/open/proposals/", 6), ("/studios/", 4)])
def test_page_asks_a_constant_number_of_queries(client, django_assert_max_num_queries, path, queries, rows):
    for _ in range(rows):
        proposal = published()
        PromiseFactory(reply=replied(proposal), text="承诺", due_on=date(2022, 12, 1))
        StudioFactory()
    client.get(path)
    with django_assert_max_num_queries(queries):
        client.get(path)


def test_item_asks_few_queries(client, django_assert_max_num_queries):
    proposal = published()
    for role in ("lead", "split"):
        replied(proposal, role=role)
    with django_assert_max_num_queries(8):
        client.get(reverse("portal:open_item", args=[proposal.pk]))


def test_facts_of_the_organiser_come_from_the_options(client):
    from core import options
    from tests.factories import UserFactory

    assert "ICP" not in client.get("/").content.decode()
    options.set_value("site.icp", "陕ICP备12345678号", actor=UserFactory())
    assert "陕ICP备12345678号" in client.get("/").content.decode()


@pytest.mark.parametrize("theme", ["plain", "elder"])
def test_portal_is_accessible_and_fits_every_width(page, live_server, axe, theme):
    proposal = published(
        title="关于农村供水的建议", number=123, is_key=True, result_class=ResultClass.objects.get(letter="B")
    )
    PromiseFactory(reply=replied(proposal), text="年底前通水", due_on=timezone.localdate())
    published()
    StudioFactory(place="二楼", reception_rule="每月15日")
    if theme == "elder":
        page.goto(f"{live_server.url}/elder/?to=on")
    for path in [*PAGES, reverse("portal:open_item", args=[proposal.pk]), "/open/proposals/?q=没有的&year=2022"]:
        for size in ({"width": 320, "height": 700}, *SIZES.values()):
            page.set_viewport_size(size)
            page.goto(live_server.url + path)
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert too_wide <= 0, f"{path} at {size['width']} px"
            axe(page)
