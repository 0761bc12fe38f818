"""Party building: who counts as a Party member, branches, contacts, and the two coverages with their gaps."""

import re
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.errors import Refusal
from members.models import BranchPlace, Member, PartyBranch, PartyContact, Role
from members.people.filters import lacking
from members.people.political import is_party_member, usual_wording
from members.services import party
from tests.factories import MemberFactory, SpecialCommitteeFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = date(2024, 3, 1)


@pytest.fixture
def office():
    return UserFactory(roles=[Role.LIAISON])


def ours(**facts):
    return MemberFactory(**{"political_status": "中共党员", **facts})


def theirs(**facts):
    return MemberFactory(**{"political_status": "民盟盟员", **facts})


@pytest.mark.parametrize("words", ["中共党员", "中共", "党员", "中共 党员", "中国共产党党员", "中共预备党员"])
def test_every_wording_of_a_party_member_is_one(words):
    assert is_party_member(words)
    assert usual_wording(words) == "中共党员"


@pytest.mark.parametrize("words", ["民革党员", "民盟盟员", "群众", "无党派人士", "", "农工党党员"])
def test_others_are_not(words):
    assert not is_party_member(words)
    assert usual_wording(words) == words


def test_a_new_branch_ends_the_place_in_the_old_one(office):
    first = party.save_branch(None, actor=office, name="第一支部")
    second = party.save_branch(None, actor=office, name="第二支部")
    member = ours()
    assert party.place_in_branch([member], first, actor=office, on=DAY) == 1
    assert party.place_in_branch([member], first, actor=office, on=DAY) == 0
    party.place_in_branch([member], second, actor=office, on=DAY + timedelta(9))
    rows = member.branch_places.order_by("id").values_list("branch_id", "starts", "ends")
    assert list(rows) == [(first.pk, DAY, DAY + timedelta(9)), (second.pk, DAY + timedelta(9), None)]


def test_branches_take_party_members_in_office_only(office):
    branch = party.save_branch(None, actor=office, name="支部")
    member = ours()
    for other, words in ((theirs(), "不是中共党员"), (ours(is_active=False), "已不在任")):
        with pytest.raises(Refusal, match=words):
            party.place_in_branch([member, other], branch, actor=office, on=DAY)
    with pytest.raises(Refusal, match="还没有到"):
        party.place_in_branch([member], branch, actor=office, on=timezone.localdate() + timedelta(1))
    assert not BranchPlace.objects.exists()


def test_a_branch_is_named_once_led_by_its_member_and_emptied_before_it_goes(office):
    secretary = ours()
    branch = party.save_branch(None, actor=office, name="支部", secretary=secretary)
    assert BranchPlace.objects.get(ends=None).member == secretary
    with pytest.raises(Refusal, match="已经有"):
        party.save_branch(None, actor=office, name="支部")
    with pytest.raises(Refusal, match="不能任书记"):
        party.save_branch(branch, actor=office, name="支部", secretary=theirs())
    with pytest.raises(Refusal, match="支部里还有"):
        party.save_branch(branch, actor=office, name="支部", is_active=False)
    other = party.save_branch(None, actor=office, name="另一支部")
    party.place_in_branch([secretary], other, actor=office, on=timezone.localdate())
    assert PartyBranch.objects.get(pk=branch.pk).secretary is None


def test_contacts_are_party_members_who_keep_to_others(office):
    keeper, other, member = ours(), ours(), theirs()
    party.give_contact([member], keeper, actor=office, on=DAY)
    party.give_contact([member], other, actor=office, on=DAY + timedelta(5))
    rows = member.party_contacts.order_by("id").values_list("contact_id", "ends")
    assert list(rows) == [(keeper.pk, DAY + timedelta(5)), (other.pk, None)]
    for people, contact, words in (
        ([member], theirs(), "不能作党员联系人"), ([keeper], keeper, "不能自己联系自己"), ([other], keeper, "由支部覆盖"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            party.give_contact(people, contact, actor=office, on=DAY)


@pytest.mark.parametrize("role", [Role.LEADER, Role.PROPOSAL_CHIEF, Role.MEMBER, Role.SYSADMIN])
def test_only_the_liaison_office_edits(role):
    branch = PartyBranch.objects.create(name="支部")
    stranger = UserFactory(roles=[role])
    for act in (
        lambda: party.save_branch(None, actor=stranger, name="又一个"),
        lambda: party.place_in_branch([ours()], branch, actor=stranger, on=DAY),
        lambda: party.give_contact([theirs()], ours(), actor=stranger, on=DAY),
    ):
        with pytest.raises(Refusal, match="委员联络室"):
            act()


def test_every_number_of_the_coverage_opens_exactly_its_rows(client, office):
    client.force_login(office, backend=BACKEND)
    committee = SpecialCommitteeFactory()
    placed, unplaced, kept, lonely = ours(committee=committee), ours(committee=committee), theirs(), theirs()
    ours(is_active=False)
    theirs(is_active=False)
    branch = party.save_branch(None, actor=office, name="支部")
    party.place_in_branch([placed], branch, actor=office, on=DAY)
    party.give_contact([kept], placed, actor=office, on=DAY)
    page = client.get("/members/party/")
    assert [figure["value"] for figure in page.context["figures"]] == [1, 1, 2]
    lines = [line for _, table in page.context["tables"] for line in table]
    assert len(lines) == 5
    for line in lines:
        for number in (line.everybody, line.party, line.without_branch, line.without_contact):
            assert len(client.get(number.url).context["rows"]) == number.value, number.url
    gap, alone = (client.get(figure["url"]).context["rows"] for figure in page.context["figures"][:2])
    assert ([row.pk for row in gap], [row.pk for row in alone]) == ([unplaced.pk], [lonely.pk])


def test_a_gap_is_closed_from_its_list(client, office):
    client.force_login(office, backend=BACKEND)
    branch = party.save_branch(None, actor=office, name="支部")
    member, keeper, other = ours(), ours(), theirs()
    asked = client.post("/members/batch/", {"verb": "branch", "pick": [member.pk, keeper.pk]})
    assert client.post(asked.url, {"branch": branch.pk, "on": "2024-03-01"}).url == "/members/party/"
    asked = client.post("/members/batch/", {"verb": "contact", "pick": [other.pk]})
    refused = client.post(asked.url, {"contact": other.pk, "on": "2024-03-01"})
    assert refused.status_code == 422
    client.post(asked.url, {"contact": keeper.pk, "on": "2024-03-01"})
    assert not Member.objects.filter(lacking("branch") | lacking("contact"), is_active=True).exists()
    page = client.get(f"/members/party/{branch.pk}/").content.decode()
    assert member.name in page
    assert "支部" in page


@pytest.mark.parametrize(("role", "told"), [(Role.LEADER, True), (Role.LIAISON, True), (Role.PROPOSAL_CLERK, False)])
def test_a_members_page_names_branch_or_contact_to_those_who_may_see_it(client, role, told):
    client.force_login(UserFactory(roles=[role]), backend=BACKEND)
    for member, words in ((ours(), "党支部"), (theirs(), "党员联系人")):
        assert (f"<dt>{words}</dt>" in client.get(f"/members/{member.pk}/").content.decode()) is told


def test_leaders_read_and_see_no_buttons(client):
    branch = PartyBranch.objects.create(name="支部")
    client.force_login(UserFactory(roles=[Role.LEADER]), backend=BACKEND)
    assert "设立支部" not in client.get("/members/party/").content.decode()
    page = client.get(f"/members/party/{branch.pk}/").content.decode()
    assert not re.search("更改支部|编入党员", page)
    assert "指定党员联系人" not in client.get("/members/?gap=contact").content.decode()


def test_the_export_of_a_gap_names_branch_and_contact(client, office):
    import io

    import openpyxl

    client.force_login(office, backend=BACKEND)
    branch = party.save_branch(None, actor=office, name="第一支部")
    keeper, other = ours(), theirs()
    party.place_in_branch([keeper], branch, actor=office, on=DAY)
    party.give_contact([other], keeper, actor=office, on=DAY)
    response = client.post("/members/export/", {"reason": "核对信息"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)
    at = rows[0].index("党支部")
    assert {(row[at] or "", row[at + 1] or "") for row in rows[1:]} == {("第一支部", ""), ("", keeper.name)}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_placing_one_member_leave_one_place():
    member = ours()
    branches = [PartyBranch.objects.create(name=name) for name in ("甲支部", "乙支部")]
    office = UserFactory(roles=[Role.LIAISON])
    start = threading.Barrier(2)

    def place(branch):
        try:
            start.wait(timeout=10)
            party.place_in_branch([member], branch, actor=office, on=DAY)
        finally:
            connection.close()

    threads = [threading.Thread(target=place, args=[branch]) for branch in branches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert BranchPlace.objects.filter(member=member, ends=None).count() == 1
    assert BranchPlace.objects.filter(member=member).count() == 2
    assert not PartyContact.objects.exists()
