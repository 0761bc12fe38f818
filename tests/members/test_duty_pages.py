"""Duty files and ledgers: who sees them, what they say, how few queries they take."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from members.duty import acts as duty_acts
from members.models import DutyEntry, Membership, Placement, Role, ScoreAppeal
from members.scores import cards as score_cards
from members.services import duty, scores
from tests import factories as make
from tests.factories_duty import ACTS, DutyEntryFactory, ScoreRulesFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = TODAY.year


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """The acts that the tests' rules name."""
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    for act, label in zip(ACTS, ("参加会议", "会议缺席", "提案立案", "重点提案"), strict=True):
        duty_acts.declare(act, label)


@pytest.fixture
def rules():
    return ScoreRulesFactory()


@pytest.fixture
def member():
    return make.MemberFactory(name="刘玥", user=make.UserFactory(roles=[Role.MEMBER]))


def user(*roles):
    return make.UserFactory(roles=roles)


def text(response) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def page(name: str, member, query: str = "") -> str:
    return reverse(f"members:{name}", args=[member.pk]) + query


PAGES = ["duty", "duty_print", "duty_docx", "duty_report", "duty_ledger"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "role", [Role.CONVENER, Role.MEMBER, Role.COMMITTEE, Role.PROPOSAL_CHIEF, Role.DISTRICT_LEADER]
)
def test_points_are_nobody_elses_business(client, member, rules, name, role):
    studio = make.StudioFactory()
    member.studio = studio
    member.save()
    place = studio if role in (Role.CONVENER, Role.COMMITTEE) else None
    client.force_login(user((role, place)))
    assert client.get(page(name, member)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER])
def test_liaison_and_leaders_see_every_file(client, member, rules, name, role):
    client.force_login(user(role))
    assert client.get(page(name, member)).status_code == 200


def test_file_says_points_caps_evidence_and_what_is_missing(client, member, rules):
    case = make.ProposalFactory(member=member, status="filed")
    DutyEntryFactory.create_batch(4, member=member, on=TODAY)
    DutyEntryFactory(
        member=member, on=TODAY, act="t.absent", subject_type="proposals.proposal", subject_id=case.pk,
        summary="缺席的那次",
    )  # fmt: skip
    client.force_login(member.user)
    response = client.get(reverse("members:my_duty"))
    words = text(response)
    assert "60分今年得分" in words
    assert "合计75分，超过上限，记60分。" in words
    assert "良好要80分，还差20分" in words
    assert "参加会议每次20分；会议缺席每次−5分。" in words
    assert "今年还缺1项提案，还没有得分" in words
    assert case.get_absolute_url() in response.content.decode()
    assert client.get(page("duty", member, "?year=2025")).headers["Location"].endswith("/members/duty/?year=2025")


def test_reversed_rows_stay_and_count_nothing(client, member, rules):
    entry = DutyEntryFactory(member=member, on=TODAY, summary="登记错的会议")
    duty.reverse_duty(entry, actor=user(Role.LIAISON), reason="记错人")
    client.force_login(member.user)
    words = text(client.get(reverse("members:my_duty")))
    assert "0分今年得分" in words
    assert "登记错的会议20分" in words
    assert "冲销：登记错的会议记错人−20分" in words


def test_closed_year_shows_what_it_was_closed_with(client, member, rules):
    DutyEntryFactory(member=member, on=date(YEAR - 1, 5, 1))
    scores.close_year("member", YEAR - 1, actor=user(Role.LIAISON))
    DutyEntryFactory(member=member, on=date(YEAR - 1, 6, 1))
    ScoreRulesFactory(from_year=YEAR - 1, headings=[{**rules.headings[0], "cap": "1"}, rules.headings[1]])
    client.force_login(member.user)
    response = client.get(page("duty", member, f"?year={YEAR - 1}"), follow=True)
    assert "20分全年得分" in text(response)
    assert "已封存" in text(response)
    assert response.context["form"] is None


def test_file_without_rules_says_so(client, member):
    client.force_login(member.user)
    assert "还没有施行的计分办法" in text(client.get(reverse("members:my_duty")))


def test_word_file_holds_base_data_points_and_evidence(client, member, rules):
    Membership.objects.create(member=member, term=make.TermFactory(), post="委员", starts=date(2022, 2, 20))
    Placement.objects.create(
        member=member, body=make.SpecialCommitteeFactory(name="经济委员会"), starts=date(2022, 3, 1),
        ends=date(2024, 3, 1),
    )  # fmt: skip
    DutyEntryFactory(member=member, on=TODAY, summary="一季度常委会议")
    client.force_login(member.user)
    response = client.get(page("duty_docx", member))
    document = Document(io.BytesIO(response.content))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["姓名", "刘玥"] in cells
    assert ["十六届", "委员（2022.02起）"] in cells
    assert ["专委会", "经济委员会（2022.03—2024.03）"] in cells
    assert ["会议出席", "60", "0", "20"] in cells
    assert ["合计", "100", "", "20"] in cells
    assert [f"{TODAY.month}月{TODAY.day}日", "参加会议　一季度常委会议", "20"] in cells
    assert "filename*=UTF-8''" in response["Content-Disposition"]


def test_print_holds_all_evidence_open(client, member, rules):
    DutyEntryFactory(member=member, on=TODAY, summary="一季度常委会议")
    client.force_login(member.user)
    response = client.get(page("duty_print", member))
    assert "一季度常委会议" in text(response)
    assert b"<details" not in response.content


def test_ledger_of_two_thousand_rows_takes_few_queries(client, member, rules, django_assert_max_num_queries):
    cases = [make.ProposalFactory(member=member, status="filed") for _ in range(3)]
    DutyEntry.objects.bulk_create(
        DutyEntry(
            member=member, act=ACTS[at % 4], on=date(YEAR - at % 5, 1 + at % 12, 1 + at % 28), year=YEAR - at % 5,
            summary=f"第{at}次", key=f"many:{at}", subject_type="proposals.proposal", subject_id=cases[at % 3].pk,
        )
        for at in range(2000)
    )  # fmt: skip
    client.force_login(member.user)
    client.get(page("duty_ledger", member))
    with django_assert_max_num_queries(10):
        first = client.get(page("duty_ledger", member))
    assert "共2,000条，本页50条" in text(first)
    with django_assert_max_num_queries(10):
        second = client.get(page("duty_ledger", member, first.context["page"].next_url))
    seen = [line.entry.pk for line in [*first.context["rows"], *second.context["rows"]]]
    assert len(set(seen)) == 100
    only = client.get(page("duty_ledger", member, f"?act=t.key&year={YEAR}"))
    assert {line.entry.act for line in only.context["rows"]} == {"t.key"}
    with django_assert_max_num_queries(25):
        client.get(reverse("members:my_duty"))


def test_member_appeals_from_his_file_and_withdraws(client, member, rules):
    client.force_login(member.user)
    bad = client.post(page("appeal_new", member), {"year": YEAR, "about": "meetings", "text": " "})
    assert (bad.status_code, ScoreAppeal.objects.count()) == (422, 0)
    done = client.post(page("appeal_new", member), {"year": YEAR, "about": "meetings", "text": "没有记"}, follow=True)
    row = ScoreAppeal.objects.get()
    assert (row.heading, row.entry, row.year) == ("meetings", None, YEAR)
    assert "哪一项会议出席没有记" in text(done)
    client.post(reverse("members:appeal_withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_member_appeals_a_row_of_the_ledger(client, member, rules):
    entry = DutyEntryFactory(member=member, on=TODAY, act="t.absent", summary="供水协商会")
    client.force_login(member.user)
    ledger = client.get(page("duty_ledger", member)).content.decode()
    assert f"about=row:{entry.pk}#appeal" in ledger
    form = client.get(reverse("members:my_duty"), {"about": f"row:{entry.pk}"})
    assert f'value="row:{entry.pk}" selected' in form.content.decode()
    client.post(page("appeal_new", member), {"year": YEAR, "about": f"row:{entry.pk}", "text": "我到了"})
    assert ScoreAppeal.objects.get().entry == entry
    stranger = DutyEntryFactory(on=TODAY)
    answer = client.post(page("appeal_new", member), {"year": YEAR, "about": f"row:{stranger.pk}", "text": "不是我的"})
    assert answer.status_code == 422


def test_office_corrects_after_being_asked(client, member, rules):
    entry = DutyEntryFactory(member=member, on=TODAY, act="t.absent")
    row = ScoreAppeal.objects.create(member=member, year=YEAR, entry=entry, text="我到了")
    client.force_login(user(Role.LIAISON))
    url = row.get_absolute_url()
    typed = {
        "verdict": "correct", "take_back": "on", "act": "t.meeting", "on": str(TODAY), "quantity": "1",
        "summary": "供水协商会", "answer": "签到表上有签名。",
    }  # fmt: skip
    assert "请填写补记的日期" in text(client.post(url, typed | {"on": ""}))
    assert "冲销原来的一条、补上新的一条" in text(client.post(url, typed))
    assert ScoreAppeal.objects.get().status == "submitted"
    done = client.post(url, typed | {"confirmed": "1"}, follow=True)
    words = text(done)
    assert ScoreAppeal.objects.get().status == "corrected"
    assert "补记：" in words
    assert "供水协商会+20分" in words
    assert "+5分" in words


def test_studio_file_is_for_its_convener_the_office_and_leaders(client):
    duty_acts.declare("t.day", "接待日", target="studio")
    convener = make.MemberFactory(user=user(Role.MEMBER))
    studio = make.StudioFactory(convener=convener)
    headings = [
        {"code": "d", "label": "接待日", "cap": "100", "items": [{"act": "t.day", "label": "接待日", "points": "50"}]}
    ]
    ScoreRulesFactory(
        target="studio", headings=headings, bands=[{"label": "五星", "from": "50"}, {"label": "未评星", "from": "0"}]
    )
    DutyEntryFactory(member=None, studio=studio, act="t.day", on=TODAY)
    url = reverse("members:studio_score", args=[studio.pk])
    for person in (convener.user, user(Role.LIAISON), user(Role.LEADER)):
        client.force_login(person)
        assert "五星照现在算的星级" in text(client.get(url))
    client.force_login(make.MemberFactory(studio=studio, user=user(Role.MEMBER)).user)
    assert client.get(url).status_code == 404


def test_standing_card_is_one_query_and_names_what_is_empty(member, rules, django_assert_num_queries):
    DutyEntryFactory(member=member, on=TODAY)
    assert score_cards.card(member.user) is None
    scores.compute_year("member", YEAR)
    person = member.user
    assert person.member_id == member.pk
    with django_assert_num_queries(1):
        found = score_cards.card(person)
    assert (found.year, found.points, found.band, found.missing) == (YEAR, 20, "不称职", [("proposals", "提案")])
    assert found.to_next == "称职要60分，还差40分"
    assert score_cards.card(user(Role.LIAISON)) is None
