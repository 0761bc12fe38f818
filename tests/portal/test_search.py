"""The portal's search finds what was published, by published words only."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse

from core import search
from portal import finding, search_views
from proposals.search import index_reply
from sentiment.services import aftermath, bulletins
from tests.factories import PromiseFactory, StudioFactory
from tests.portal.test_public import published, replied
from tests.sentiment.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """The information office with an author."""
    return build()


def titles(client, text, **query):
    """What stands on the page, by kind."""
    answer = client.get("/search/", {"q": text, **query})
    assert answer.status_code == 200
    if "kind" in query:
        return {query["kind"]: [hit.title for hit in answer.context["rows"]]}
    return {one.kind.code: [hit.title for hit in one.hits] for one in answer.context["found"]}


def answered(text="已组建维修队。", **fields):
    """A published proposal with an indexed reply."""
    reply = replied(published(title="关于农村供水的建议"), text=text, **fields)
    PromiseFactory(reply=reply, text="年底前换完水表", due_on=date(2022, 12, 1))
    index_reply(reply)
    return reply


def cleared(house, *, title="兴安西路路灯开关时间", abstract="按日出日落调整"):
    """An opinion report of which a title and an abstract are public."""
    return aftermath.publish(house.issued(), actor=house.signer, title=title, abstract=abstract)


def test_each_kind_is_found_by_its_words(client, house):
    answered()
    cleared(house)
    StudioFactory(name="新城街道委员工作室", place="便民服务中心二楼")
    assert titles(client, "供水") == {"proposals": ["关于农村供水的建议"]}
    assert titles(client, "维修队") == {"replies": ["关于农村供水的建议"]}
    assert titles(client, "水表") == {"replies": ["关于农村供水的建议"]}
    assert titles(client, "路灯") == {"opinions": ["兴安西路路灯开关时间"]}
    assert titles(client, "便民服务") == {"studios": ["新城街道委员工作室"]}


def test_nothing_that_is_not_public_is_found(client, house):
    secret = published(title="关于涉密仓库的建议", publish_consent=False)
    index_reply(replied(secret, text="仓库已经搬迁"))
    index_reply(replied(published(title="公开的一件"), text="水厂选址暂不公开", may_publish=False))
    index_reply(replied(published(title="公开的又一件"), text="草稿里的话", status="draft"))
    StudioFactory(name="停用的工作室", is_active=False)
    report = cleared(house)
    assert report.situation
    inside = ("学生上学摸黑", "季节", house.author.member.name)  # the text and the reporter stay inside
    for text in ("涉密仓库", "搬迁", "水厂选址", "草稿里", "停用", *inside):
        assert titles(client, text) == {}, text
        for kind in finding.KINDS:
            assert titles(client, text, kind=kind.code) == {kind.code: []}, (text, kind.code)


def test_what_is_taken_down_is_not_found_any_more(client, house):
    report = cleared(house)
    aftermath.unpublish(report, actor=house.signer, reason="有误")
    assert titles(client, "路灯") == {}
    aftermath.publish(report, actor=house.signer, title="路灯", abstract="已调整")
    bulletins.withdraw(report.bulletins.get(), actor=house.editor, reason="有误")
    assert titles(client, "路灯") == {}
    assert client.get(reverse("portal:opinions")).context["rows"] == []


def test_reply_is_shown_with_the_words_around(client):
    answered(text="前面" * 80 + "已组建维修队" + "后面" * 80)
    (hit,) = client.get("/search/", {"q": "维修队", "kind": "replies"}).context["rows"]
    assert "维修队" in hit.said
    assert hit.said.startswith("…")
    assert hit.said.endswith("…")
    assert len(hit.said) <= finding.SAID + 2
    assert "#reply-" in hit.url


def test_one_kind_is_turned_page_by_page(client):
    for number in range(1, search_views.PAGE + 3):
        published(title=f"关于饮水的建议{number:02d}", number=number)
    first = client.get("/search/", {"q": "饮水"})
    assert [len(one.hits) for one in first.context["found"]] == [search_views.MOST]
    assert first.context["found"][0].more
    seen, url = [], "/search/?q=饮水&kind=proposals"
    while url:
        answer = client.get(url)
        seen += [hit.title for hit in answer.context["rows"]]
        url = answer.context["page"].next_url and "/search/" + answer.context["page"].next_url
    assert len(seen) == len(set(seen)) == search_views.PAGE + 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "想找什么"), ({"q": "   "}, "想找什么"), ({"q": "航天器"}, "没有找到"), ({"q": "'; DROP TABLE --"}, "没有找到"),
        ({"q": "<script>alert(1)</script>"}, "没有找到"), ({"q": "水", "kind": "forged"}, "没有找到"),
        ({"q": "水", "kind": "replies", "page": "x"}, "没有找到"), ({"q": "字" * 5000}, "没有找到"),
    ],
)  # fmt: skip
def test_page_says_what_to_do_when_nothing_is_found(client, query, words):
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "<script>alert" not in page


def test_flood_of_searches_is_slowed_down(client):
    cache.clear()
    codes = {client.get("/search/", {"q": "水"}).status_code for _ in range(search_views.A_MINUTE)}
    assert codes == {200}
    assert client.get("/search/", {"q": "水"}).status_code == 429
    cache.clear()


@pytest.mark.parametrize("rows", [1, 12])
def test_search_asks_a_constant_number_of_queries(client, django_assert_max_num_queries, rows):
    for number in range(1, rows + 1):
        proposal = published(title="关于饮水的建议", number=number)
        reply = replied(proposal, text="饮水工程已经完工")
        index_reply(reply)
        StudioFactory(name=f"饮水工作室{number}")
    client.get("/search/", {"q": "饮水"})
    with django_assert_max_num_queries(10):
        client.get("/search/", {"q": "饮水"})
    with django_assert_max_num_queries(6):
        client.get("/search/", {"q": "饮水", "kind": "replies"})


def test_search_box_of_the_portal_leads_there(client):
    assert 'action="/search/"' in client.get("/").content.decode()


def test_faces_of_a_record_are_found_apart(house):
    report = house.issued()
    search.index(report, "公开的话", face=search.PUBLIC)
    rows = type(report).objects.all()
    assert not search.match(rows, "路灯", face=search.PUBLIC).exists()
    assert search.match(rows, "公开的话", face=search.PUBLIC).get() == report
    assert not search.match(rows, "公开的话").exists()
    search.remove(report, face=search.PUBLIC)
    assert search.match(rows, "路灯").get() == report
