"""The menu: who sees which link, what it counts, and which one is marked as the present page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from core import navigation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(monkeypatch):
    """An empty menu for the test to fill."""
    monkeypatch.setattr(navigation, "_entries", [])


def menu(path="/messages/", user=None):
    """The menu of a person on a page."""
    request = RequestFactory().get(path)
    request.user = user or UserFactory()
    return navigation.Menu(request)


def labels(found):
    """Headings and labels of a menu, in order."""
    return [(section.label, [link.label for link in section.links]) for section in found.sections()]


def test_menu_groups_links_by_job_in_the_agreed_order(entries):
    navigation.register("统计", "领导看板", "frame:notices")
    navigation.register("我的工作", "消息", "frame:notices", order=20)
    navigation.register("我的工作", "待办", "frame:notices", order=10)
    assert labels(menu()) == [("我的工作", ["待办", "消息"]), ("统计", ["领导看板"])]


def test_menu_holds_a_link_once_however_often_it_is_registered(entries):
    for _ in range(2):
        navigation.register("提案", "全部提案", "frame:notices")
    assert labels(menu()) == [("提案", ["全部提案"])]


def test_menu_leaves_out_what_a_person_may_not_see_and_what_nobody_serves(entries):
    navigation.register("提案", "待审查", "frame:notices", show=lambda user: user.name == "苏砚清")
    navigation.register("提案", "没有的页", "nowhere:page")
    assert labels(menu(user=UserFactory(name="贺青川"))) == []
    assert labels(menu(user=UserFactory(name="苏砚清"))) == [("提案", ["待审查"])]


def test_menu_is_empty_for_a_visitor(entries):
    navigation.register("提案", "全部提案", "frame:notices")
    assert labels(menu(user=AnonymousUser())) == []


def test_links_that_share_a_count_ask_for_it_once(entries):
    asked = []

    def counts(user):
        asked.append(user)
        return {"review": 9, "assign": 1204}

    navigation.register("提案", "待审查", "frame:notices", query="a=1", badge=(counts, "review"))
    navigation.register("提案", "待交办", "frame:notices", query="a=2", badge=(counts, "assign"))
    navigation.register("提案", "督办", "frame:notices", query="a=3", badge=(counts, "unknown"))
    [section] = menu().sections()
    assert [link.count_text for link in section.links] == ["9", "999+", ""]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/messages/", "消息"),
        ("/messages/?state=new", "未读"),
        ("/messages/?state=new&page=2", "未读"),
        ("/messages/17/", "消息"),
        ("/other/", None),
    ],
)
def test_the_most_exact_link_is_marked_as_the_present_page(entries, path, current):
    navigation.register("我的工作", "消息", "frame:notices")
    navigation.register("我的工作", "未读", "frame:notices", query="state=new")
    marked = [link.label for section in menu(path).sections() for link in section.links if link.current]
    assert marked == ([current] if current else [])


def test_a_page_whose_address_does_not_tell_says_where_it_belongs(rf):
    request = rf.get("/members/7/duty/ledger/")
    urls = ["/members/", "/members/duty/"]
    assert navigation.current(request, urls) == "/members/"
    navigation.belongs(request, "members:my_duty")
    assert navigation.current(request, urls) == "/members/duty/"


def test_the_phone_bar_holds_the_first_three(entries):
    for place in (3, 1, 2, 5, 4):
        navigation.register("提案", f"第{place}项", "frame:notices", query=f"p={place}", phone_order=place)
    navigation.register("提案", "不上手机", "frame:notices")
    assert [link.label for link in menu().phone()] == ["第1项", "第2项", "第3项"]


def test_the_phone_bar_holds_a_word_once(entries):
    for label in ("我的提案", "全部提案"):
        navigation.register("提案", label, "frame:notices", query=f"l={label}", phone_label="提案", phone_order=2)
    navigation.register("提案", "消息", "frame:notices", phone_order=4)
    assert [link.label for link in menu().phone()] == ["我的提案", "消息"]
