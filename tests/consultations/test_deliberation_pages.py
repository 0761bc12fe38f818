"""The pages of an online deliberation, in the office and on the portal: without names, counts or sign-in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.deliberation import jobs as deliberation_jobs
from consultations.models import Deliberation, Opinion, Participant, Vote
from consultations.services import deliberation
from core import jobs
from core.models import Job
from tests.factories_deliberation import DeliberationFactory, OpinionFactory

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(row: Deliberation, name: str = "portal:deliberation", *more) -> str:
    return reverse(name, args=[row.pk, *more])


@pytest.fixture
def row(house) -> Deliberation:
    """Open to everybody, of the committee."""
    return DeliberationFactory(consultation=house.planned(form="network"))


@pytest.fixture
def resident(client, row) -> Client:
    """Somebody who has agreed."""
    assert client.post(page(row), {"consent": "on"}).status_code == 302
    return client


def test_a_resident_agrees_before_he_takes_part_and_nothing_of_him_is_stored(client, row):
    OpinionFactory(deliberation=row)
    assert 'value="1"' not in client.get(page(row)).content.decode()
    assert "请先勾选" in client.post(page(row), {"csrfmiddlewaretoken": "x"}).content.decode()
    client.post(page(row), {"consent": "on"})
    cookie = client.cookies["deliberation"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert not Participant.objects.exists()
    opinion = Opinion.objects.get()
    for _ in range(2):
        client.post(page(row, "portal:deliberation_vote"), {"opinion": opinion.pk, "value": "1"})
    assert Vote.objects.count() == 1
    assert cookie.value.split(":")[0] not in str(Participant.objects.values().get())
    assert "都表过态了" in client.get(page(row)).content.decode()


def test_a_forged_cookie_and_a_missing_one_take_no_vote(client, row, resident):
    opinion = OpinionFactory(deliberation=row)
    resident.cookies["deliberation"] = "abc:def"
    for one in (resident, Client()):
        one.post(page(row, "portal:deliberation_vote"), {"opinion": opinion.pk, "value": "1"})
        one.post(page(row, "portal:deliberation_say"), {"text": "一条意见"})
    assert not Vote.objects.exists()
    assert Opinion.objects.count() == 1


def test_what_cannot_be_read_is_refused_in_words(resident, row):
    answer = resident.post(page(row, "portal:deliberation_vote"), {"opinion": "x", "value": ""}, follow=True)
    assert "没有看懂" in answer.content.decode()


def test_votes_may_be_changed_and_opinions_followed(resident, row):
    opinion = OpinionFactory(deliberation=row)
    resident.post(page(row, "portal:deliberation_vote"), {"opinion": opinion.pk, "value": "1"})
    answer = resident.post(
        page(row, "portal:deliberation_vote"), {"opinion": opinion.pk, "value": "-1", "next": "mine"}, follow=True
    )
    assert Vote.objects.get().value == -1
    assert opinion.text in answer.content.decode()
    resident.post(page(row, "portal:deliberation_say"), {"text": "打13812345678找我"})
    assert "待审核" in resident.get(page(row, "portal:deliberation_mine")).content.decode()
    assert "13812345678" not in Client().get(page(row)).content.decode()


def test_residents_find_only_what_is_open_to_them(client, row):
    hidden = DeliberationFactory(audience="members", question="委员内部的题目")
    draft = DeliberationFactory(status="draft", question="还没有开放的题目")
    text = client.get(reverse("portal:deliberations")).content.decode()
    assert row.question in text
    for other in (hidden, draft):
        assert other.question not in text
        assert client.get(page(other)).status_code == 404
        assert client.post(page(other, "portal:deliberation_vote"), {"opinion": 1, "value": 1}).status_code == 404


def test_too_many_votes_from_one_address_wait(resident, row, settings):
    opinion = OpinionFactory(deliberation=row)
    answers = {
        resident.post(page(row, "portal:deliberation_vote"), {"opinion": opinion.pk, "value": "1"}).status_code
        for _ in range(122)
    }
    assert 429 in answers
    assert Vote.objects.count() == 1


def test_nobody_sees_support_before_it_closes(house, row):
    opinion = OpinionFactory(deliberation=row)
    for number in range(17):
        deliberation.vote(row, opinion.pk, 1, key=f"k{number}")
    member = signed_in(house.members[0].user)
    for text in (
        member.get(row.get_absolute_url()).content.decode(),
        Client().get(page(row)).content.decode(),
    ):
        told = re.sub(r"\d+月\d+日 \d+:\d+", "", text.partition("<main")[2].partition("</main>")[0])
        assert not re.search(r"(?<!\d)17(?!\d)", re.sub(r"<[^>]*>", " ", told))
    assert member.get(page(row, "consultations:deliberation_summary")).status_code == 404
    assert signed_in(house.leader).get(page(row, "consultations:deliberation_summary")).status_code == 404
    assert signed_in(house.staff).get(page(row, "consultations:deliberation_summary")).status_code == 200


def test_the_moderator_decides_in_a_batch_and_says_why(house, row):
    rows = [OpinionFactory(deliberation=row, status="waiting") for _ in range(3)]
    url = page(row, "consultations:deliberation_moderate")
    office = signed_in(house.staff)
    picked = [one.pk for one in rows[:2]]
    assert "请选不公开的理由" in office.post(url, {"verb": "refuse", "pick": picked}).content.decode()
    assert Opinion.objects.filter(status="waiting").count() == 3
    office.post(url, {"verb": "publish", "pick": picked})
    assert Opinion.objects.filter(status="published").count() == 2
    office.post(url, {"verb": "merge", "pick": [rows[2].pk], "into": rows[0].pk})
    assert Opinion.objects.get(pk=rows[2].pk).merged_into_id == rows[0].pk
    other = OpinionFactory(status="waiting")
    assert "重新选" in office.post(url, {"verb": "publish", "pick": [other.pk]}).content.decode()
    assert signed_in(house.members[0].user).get(url).status_code == 404


def test_the_office_sets_opens_extends_and_closes_in_the_browser(house):
    session = house.planned(form="network")
    office = signed_in(house.staff)
    now = timezone.localtime()
    form = {
        "question": "怎样停车不难？", "opens_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "closes_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}", "audience": "public", "moderated": "on",
    }  # fmt: skip
    assert "设置网络议政" in office.get(session.get_absolute_url()).content.decode()
    assert office.post(page(session, "consultations:deliberation_prepare"), form).status_code == 302
    row = Deliberation.objects.get()
    assert "不能再改" in office.post(page(row, "consultations:deliberation_act", "open")).content.decode()
    office.post(page(row, "consultations:deliberation_act", "open"), {"confirmed": "1"})
    later = f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}"
    office.post(page(row, "consultations:deliberation_act", "extend"), {"closes_at": later})
    row.refresh_from_db()
    assert (row.status, f"{timezone.localtime(row.closes_at):%Y-%m-%dT%H:%M}") == ("open", later)
    office.post(page(row, "consultations:deliberation_say"), {"seed": "1", "text": "错时开放机关车位"})
    assert Opinion.objects.get().status == "published"
    office.post(page(row, "consultations:deliberation_act", "close"), {"confirmed": "1"})
    row.refresh_from_db()
    assert row.status == "closed"
    digest = office.get(page(row, "consultations:deliberation_digest"))
    assert digest.content.startswith(b"PK")


def test_the_summary_is_computed_by_a_job_and_read_by_leaders_and_residents(
    house, row, django_capture_on_commit_callbacks
):
    opinions = [OpinionFactory(deliberation=row) for _ in range(8)]
    for person in range(14):
        for number, opinion in enumerate(opinions):
            value = 1 if number < 4 or (person < 7) == (number % 2 == 0) else -1
            deliberation.vote(row, opinion.pk, value, key=f"p{person}")
    deliberation.close(row, actor=house.staff)
    assert signed_in(house.members[0].user).post(page(row, "consultations:deliberation_compute")).status_code == 404
    signed_in(house.staff).post(page(row, "consultations:deliberation_compute"))
    job = Job.objects.get(kind=deliberation_jobs.KIND)
    leader = signed_in(house.leader)
    assert "data-poll" in leader.get(page(row, "consultations:deliberation_summary")).content.decode()
    assert jobs.run(job.pk)
    for text in (
        leader.get(page(row, "consultations:deliberation_summary")).content.decode(),
        Client().get(page(row)).content.decode(),
    ):
        assert "看法分成2组" in text
        assert "map-data" in text
        assert opinions[0].text in text
        assert "归纳" in text


def test_lists_and_pages_keep_to_ten_queries(house, row, django_assert_max_num_queries):
    for number in range(30):
        OpinionFactory(deliberation=row, status="waiting" if number % 2 else "published", member=house.members[1])
    office, member = signed_in(house.staff), signed_in(house.members[0].user)
    for client, url in (
        (member, reverse("consultations:deliberations")),
        (member, row.get_absolute_url()),
        (office, page(row, "consultations:deliberation_moderate")),
        (Client(), reverse("portal:deliberations")),
    ):
        client.get(url)
        with django_assert_max_num_queries(14 if "moderate" in url else 12):
            assert client.get(url).status_code == 200
