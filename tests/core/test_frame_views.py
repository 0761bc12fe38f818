"""Change of theme, sign of life, messages."""

import pytest
from django.urls import reverse

from core.models import Notice
from core.notices import notify
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_elder_theme_is_chosen_by_a_link_and_stays(client):
    answer = client.get("/elder/", {"to": "on", "next": "/accessibility/"})
    assert (answer.status_code, answer.url) == (302, "/accessibility/")
    page = client.get("/accessibility/").content.decode()
    assert 'data-theme="elder"' in page
    assert "回普通版" in page


def test_elder_theme_is_left_again(client):
    client.get("/elder/", {"to": "on"})
    client.get("/elder/", {"to": "off"})
    assert "data-theme" not in client.get("/accessibility/").content.decode()


@pytest.mark.parametrize(
    "next_url", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "99", "home:index"]
)
def test_elder_theme_never_leads_to_another_host(client, next_url):
    assert client.get("/elder/", {"to": "on", "next": next_url}).url == "/"


def test_ping_tells_a_visitor_that_nobody_is_signed_in(client):
    answer = client.post("/ping/")
    assert (answer.status_code, answer.json()) == (401, {"signed_in": False})


def test_ping_gives_a_form_token_that_works(client):
    client = type(client)(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.get(reverse("frame:notices"))
    token = client.post("/ping/", headers={"X-CSRFToken": client.cookies["csrftoken"].value}).json()["token"]
    answer = client.post(reverse("frame:notices_read"), {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_messages_are_a_persons_own_with_the_newest_first(client):
    user, other = UserFactory(), UserFactory()
    notify([user.pk], key="a", title="先来的消息")
    notify([user.pk], key="b", title="后来的消息")
    notify([other.pk], key="c", title="别人的消息")
    client.force_login(user)
    page = client.get(reverse("frame:notices")).content.decode()
    assert page.index("后来的消息") < page.index("先来的消息")
    assert "别人的消息" not in page


def test_opening_a_message_marks_it_read_and_leads_on(client):
    user = UserFactory()
    notify([user.pk], key="a", title="请反馈", url="/accessibility/")
    notice = Notice.objects.get()
    client.force_login(user)
    assert client.get(reverse("frame:notice", args=[notice.pk])).url == "/accessibility/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_another_persons_message_does_not_exist(client):
    notify([UserFactory().pk], key="a", title="不是您的")
    client.force_login(UserFactory())
    assert client.get(reverse("frame:notice", args=[Notice.objects.get().pk])).status_code == 404


def test_all_messages_are_marked_read_at_once(client):
    user = UserFactory()
    for key in "abc":
        notify([user.pk], key=key, title=key)
    client.force_login(user)
    page = client.post(reverse("frame:notices_read"), follow=True).content.decode()
    assert "3条消息已标为已读" in page
    assert not Notice.objects.filter(read_at=None).exists()


def test_messages_turn_pages_without_repeating(client):
    user = UserFactory()
    for n in range(32):
        notify([user.pk], key=f"{n}", title=f"消息{n:02}号")
    client.force_login(user)
    first = client.get(reverse("frame:notices"))
    second = client.get(reverse("frame:notices"), {"before": first.context["older"]})
    assert [notice.title for notice in second.context["notices"]] == ["消息01号", "消息00号"]


@pytest.mark.parametrize("rows", [1, 3])
def test_message_page_asks_a_constant_number_of_queries(client, rows, django_assert_max_num_queries):
    user = UserFactory()
    for n in range(rows):
        notify([user.pk], key=f"{n}", title="消息")
    client.force_login(user)
    client.get(reverse("frame:notices"))  # the first request after signing in stores the session
    with django_assert_max_num_queries(10):
        client.get(reverse("frame:notices"))
