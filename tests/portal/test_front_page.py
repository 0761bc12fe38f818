"""The front page beyond proposals: cleared abstracts, open deliberations, the receipt box; the resident's form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import options
from portal import selectors
from sentiment.services import aftermath, public_voice
from tests.factories import StudioFactory, UserFactory
from tests.factories_deliberation import DeliberationFactory
from tests.sentiment.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """The information office with an author."""
    return build()


def cleared(house, number):
    """A report of which title and abstract are public."""
    return aftermath.publish(house.issued(), actor=house.signer, title=f"公开的{number}", abstract=f"摘要{number}")


def test_front_page_shows_the_newest_cleared_abstracts_only(client, house):
    inside = house.issued(title="没有公开的一篇")
    for number in range(1, 5):
        cleared(house, number)
    page = client.get("/").content.decode()
    assert [row.public_title for row in client.get("/").context["opinions"]] == ["公开的4", "公开的3", "公开的2"]
    assert inside.title not in page
    assert house.member.name not in page
    assert "学生上学摸黑" not in page


def test_numbers_of_opinions_and_studios_open_just_so_many(client, house):
    for number in range(4):
        cleared(house, number)
    for is_active in (True, True, False):
        StudioFactory(is_active=is_active)
    figures = {figure.name: figure for figure in client.get("/").context["figures"]}
    assert {name: figure.value for name, figure in figures.items()} == {"公开的社情民意": 4, "委员工作室": 2}
    for figure in figures.values():
        assert len(client.get(figure.url).context["rows"]) == figure.value


def test_zero_stands_nowhere_in_the_strip(client):
    assert client.get("/").context["figures"] == []
    assert selectors.strip(0, 0) == []


def test_front_page_leads_to_the_receipt_and_to_the_form(client):
    page = client.get("/").content.decode()
    assert 'action="/track/"' in page
    assert 'name="code"' in page
    assert 'href="/voice/"' in page


def test_open_deliberation_is_announced_until_it_closes(client):
    now = timezone.now()
    going = DeliberationFactory(
        audience="public", status="open", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=3)
    )
    over = DeliberationFactory(
        audience="public", status="open", opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
    )
    context = client.get("/").context
    assert context["deliberations"] == [going]
    told = [notice.url for notice in context["announcements"]]
    assert told == [f"/deliberations/{going.pk}/"], over


def test_resident_learns_beforehand_what_happens_and_how_data_is_used(client):
    boss = UserFactory()
    options.set_value("sentiment.accept_days", 7, actor=boss)
    options.set_value("sentiment.answer_days", 20, actor=boss)
    page = client.get("/voice/").content.decode()
    for words in ("7个工作日内", "20个工作日内答复", "办结一年后自动删去", "这里不办的", "/track/", "/studios/"):
        assert words in page, words


def test_receipt_page_shows_the_code_in_two_parts_and_what_comes_next(client):
    said = {"title": "路口积水", "text": "下雨就积水"}
    page = client.post("/voice/", said, follow=True).content.decode()
    code = client.session["voice_receipt"]
    assert f"{code[:5]} {code[5:]}" in page
    assert "5个工作日内" in page
    assert "收到您反映的情况" in client.get("/track/", {"code": f"{code[:5]} {code[5:]}"}).content.decode()


def test_letter_with_script_and_lies_stays_text(client, house):
    public_voice.receive(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    client.force_login(house.editor)
    page = client.get("/sentiment/").content.decode()
    assert "<script>alert(1)" not in page
