"""Pages of activities 履职活动: the list, inviting by list, answering, marking, correcting, exporting."""

from datetime import time, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import todos
from members.activities import feed as activity_feed
from members.activities import lists as activity_lists
from members.models import DutyEntry
from members.models.activities import Activity, Attendance
from tests.factories import BodyFactory, MemberFactory, SpecialCommitteeFactory, UserFactory
from tests.factories_activities import ActivityFactory, AttendanceFactory

pytestmark = pytest.mark.django_db
State = Attendance.State


@pytest.fixture
def office(client):
    """The members' liaison office, signed in."""
    user = UserFactory(roles=["liaison"])
    client.force_login(user)
    return user


@pytest.fixture
def member():
    """A member with an account."""
    return MemberFactory(user=UserFactory(roles=["member"]))


def page(name, activity):
    return reverse(f"members:{name}", args=[activity.pk])


def words(response):
    return response.content.decode()


def test_list_shows_what_concerns_a_person_and_no_more(client, member):
    mine = AttendanceFactory(member=member, activity__title="请我的", activity__status="notified").activity
    AttendanceFactory(member=member, activity__title="还在筹备的")
    ActivityFactory(title="别人的", status="notified")
    ActivityFactory(title="能报名的", status="notified", sign_up_until=timezone.localdate())
    client.force_login(member.user)
    shown = words(client.get(reverse("members:activities")))
    assert "请我的" in shown
    assert "能报名的" in shown
    assert "还在筹备的" not in shown
    assert "别人的" not in shown
    assert client.get(mine.get_absolute_url()).status_code == 200


def test_list_takes_ten_queries_however_long(client, office, django_assert_max_num_queries):
    for _ in range(35):
        AttendanceFactory(activity__organizer=SpecialCommitteeFactory())
    client.get(reverse("members:activities"))  # what a process and a person's menu remember is remembered now
    with django_assert_max_num_queries(10):
        shown = words(client.get(reverse("members:activities")))
    assert shown.count("<tr") == 31


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=donation", {"捐赠"}),
        ("year=2024", {"前年"}),
        ("state=held", {"前年"}),
        ("q=捐", {"捐赠"}),
        ("member=HB-9", {"捐赠"}),
        ("member=王小丫", {"捐赠"}),
        ("kind=nonsense", set()),
    ],
)
def test_list_is_filtered_by_its_address(client, office, query, found):
    ActivityFactory(title="前年", on="2024-05-01", status="held")
    AttendanceFactory(
        activity__title="捐赠", activity__kind="donation", member=MemberFactory(code="HB-9", name="王小丫")
    )
    ActivityFactory(title="其他")
    response = client.get(f"{reverse('members:activities')}?{query}")
    assert {row.title for row in response.context["rows"]} == found


def test_member_cannot_ask_where_another_took_part(client, member):
    row = AttendanceFactory(activity__status="notified", activity__sign_up_until=timezone.localdate())
    client.force_login(member.user)
    for name in (row.member.name, "没有这人"):
        response = client.get(f"{reverse('members:activities')}?member={name}")
        assert [found.pk for found in response.context["rows"]] == [row.activity_id]


def test_export_holds_what_is_filtered_and_no_formula(client, office):
    AttendanceFactory(activity__title="=1+1", activity__kind="study", state=State.PRESENT)
    ActivityFactory(title="不导的")
    response = client.get(f"{reverse('members:activities')}?kind=study&format=xlsx")
    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert len(rows) == 2
    assert rows[1][3] == "=1+1"
    assert rows[1][8] == 1


def test_invited_by_sector_and_by_list_where_the_unknown_are_named(client, office):
    activity = ActivityFactory()
    in_sector = MemberFactory()
    twin, other_twin = MemberFactory(name="王芳", code="HB1001"), MemberFactory(name="王芳", code="HB1002")
    known = MemberFactory(name="李四", code="HB1003")
    list_ = "李四\n王芳、没有这人\nHB1001，9999"
    response = client.post(page("activity_invite", activity), {"sector": [in_sector.sector_id], "people": list_})
    shown = words(response)
    assert set(activity.attendances.values_list("member_id", flat=True)) == {in_sector.pk, known.pk, twin.pk}
    assert "“没有这人”：名册里没有这个人。" in shown
    assert "同名的有2位" in shown
    assert other_twin.code in shown
    assert "“9999”：名册里没有这个编号。" in shown
    assert response.context["form"].initial["people"].splitlines() == ["王芳", "没有这人", "9999"]


def test_invited_by_whole_term_party_and_committee(client, office):
    party = BodyFactory(name="民盟汉滨区支部")
    committee = SpecialCommitteeFactory()
    of_party = MemberFactory(political_status="民盟盟员")
    of_committee = MemberFactory(committee=committee)
    MemberFactory(is_active=False)
    activity = ActivityFactory()
    client.post(page("activity_invite", activity), {"party": [party.pk], "committee": [committee.pk]})
    assert set(activity.attendances.values_list("member_id", flat=True)) == {of_party.pk, of_committee.pk}
    MemberFactory()
    client.post(page("activity_invite", activity), {"whole": "on"})
    assert activity.attendances.count() == 3


def test_names_with_blanks_numbers_and_hints_are_read():
    one = MemberFactory(name="王磊", code="HB2001", sector__name="农业")
    two = MemberFactory(name="王磊", code="HB2002", sector__name="教育")
    three = MemberFactory(name="赵大年", code="HB2003")
    found = activity_lists.read("1. 王 磊（教育）\n赵大年  王磊（农业）\nhb2003", activity_lists.in_office())
    assert found.ids == [two.pk, three.pk, one.pk]
    assert found.problems == []


def test_member_answers_on_two_taps(client, member):
    activity = AttendanceFactory(member=member, activity__status="notified", activity__must_attend=True).activity
    client.force_login(member.user)
    assert "请假" in words(client.get(activity.get_absolute_url()))
    client.post(page("activity_answer", activity), {"answer": "come"})
    assert activity.attendances.get().state == State.COMING
    client.post(page("activity_answer", activity), {"quick": "因公外出"})
    row = activity.attendances.get()
    assert (row.state, row.reason) == (State.LEAVE_ASKED, "因公外出")


def test_leave_is_decided_on_the_page(client, office):
    activity = ActivityFactory(status="notified", must_attend=True)
    one, two, three = (AttendanceFactory(activity=activity, state=State.LEAVE_ASKED, reason="有事") for _ in range(3))
    assert "请假待批 3人" in words(client.get(activity.get_absolute_url()))
    url = page("activity_leave", activity)
    assert "为什么不准假" in words(client.post(url, {"decision": f"refuse:{one.pk}"}, follow=True))
    client.post(url, {"decision": f"refuse:{one.pk}", f"reason-{one.pk}": "会上要发言"})
    client.post(url, {"decision": "all"})
    states = {row.pk: row.state for row in activity.attendances.all()}
    assert states == {one.pk: State.LEAVE_REFUSED, two.pk: State.ON_LEAVE, three.pk: State.ON_LEAVE}


def test_paper_list_is_marked_by_ticks_and_numbers_and_the_unknown_are_named(client, office):
    activity = ActivityFactory(status="notified")
    ticked = AttendanceFactory(activity=activity)
    listed = AttendanceFactory(activity=activity, member__code="HB3007")
    stranger = MemberFactory(name="没请的", code="HB3008")
    sheet = words(client.get(page("activity_paper", activity)))
    assert "HB3007" in sheet
    assert "□" in sheet
    data = {"pick": [ticked.member_id], "people": "3007\n4444\n没请的", "way": "paper"}
    response = client.post(page("activity_mark", activity), data)
    assert set(activity.attendances.values_list("member_id", "state", "way")) == {
        (ticked.member_id, "present", "paper"), (listed.member_id, "present", "paper"),
    }  # fmt: skip
    assert "“4444”：名册里没有这个编号。" in words(response)
    assert "没请的（HB3008）" in words(response)
    client.post(page("activity_mark", activity), {"admit": [stranger.pk]})
    assert activity.attendances.get(member=stranger).state == State.PRESENT


def test_correction_on_its_page_asks_for_a_reason(client, office):
    row = AttendanceFactory(activity__status="held", activity__must_attend=True, state=State.ABSENT)
    url, data = page("activity_correct", row.activity), {"pick": [row.member_id], "state": "present", "part": "1"}
    assert "请写明理由" in words(client.post(url, data))
    assert client.post(url, data | {"reason": "漏录"}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.PRESENT


def test_plan_invite_notify_and_hold_by_the_pages(client, office):
    today = timezone.localdate().isoformat()
    member = MemberFactory(name="李四")
    data = {"kind": "meeting", "title": "协商座谈会", "on": today}
    client.post(reverse("members:activity_new"), data)
    activity = Activity.objects.get()
    assert "还没有请人" in words(client.post(page_act(activity, "notify"), follow=True))
    client.post(page("activity_invite", activity), {"people": "李四"})
    client.post(page_act(activity, "notify"))
    assert "记为缺席" in words(client.get(page_act(activity, "hold")))
    assert "再看看" in words(client.post(page_act(activity, "hold"), {}))
    client.post(page("activity_mark", activity), {"people": "李四"})
    client.post(page_act(activity, "hold"), {"confirmed": "1", "headcount": "12"})
    activity.refresh_from_db()
    assert (activity.status, activity.headcount) == ("held", 12)
    assert DutyEntry.objects.get().member == member


def page_act(activity, verb):
    return reverse("members:activity_act", args=[activity.pk, verb])


def test_held_before_is_entered_with_its_list_or_not_at_all(client, office):
    member = MemberFactory(name="李四")
    data = {"kind": "study", "title": "学习", "on": "2026-01-05", "held": "1", "people": "李四、不认识"}
    response = client.post(reverse("members:activity_new"), data)
    assert response.status_code == 422
    assert "不认识" in words(response)
    assert not Activity.objects.exists()
    client.post(reverse("members:activity_new"), data | {"people": "李四"})
    assert DutyEntry.objects.get().member == member


def test_report_with_evidence_is_verified_from_the_list(client, member):
    client.force_login(member.user)
    picture = SimpleUploadedFile("票据.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    data = {"kind": "donation", "title": "捐书", "on": timezone.localdate().isoformat(), "amount": "500"}
    client.post(reverse("members:activity_report"), data | {"files": [picture]})
    activity = Activity.objects.get()
    assert "票据.png" in words(client.get(activity.get_absolute_url()))
    office = UserFactory(roles=["liaison"])
    client.force_login(office)
    response = client.post(reverse("members:activities_batch"), {"verb": "verify", "pick": [activity.pk]}, follow=True)
    assert "已核实1项" in words(response)
    again = client.post(reverse("members:activities_batch"), {"verb": "verify", "pick": [activity.pk]}, follow=True)
    assert "“捐书”没有核实" in words(again)


def test_stranger_and_other_member_find_nothing(client, member):
    activity = AttendanceFactory(activity__status="notified").activity
    client.force_login(member.user)
    for name in ("activity", "activity_people", "activity_mark", "signin_host", "signin_code", "activity_invite"):
        assert client.get(page(name, activity)).status_code == 404


def test_what_waits_for_member_runner_and_verifier(member):
    today = timezone.localdate()
    body = SpecialCommitteeFactory()
    office, staff = UserFactory(roles=["liaison"]), UserFactory(roles=[("committee", body)])
    asked = AttendanceFactory(member=member, activity__status="notified", activity__organizer=body).activity
    late = AttendanceFactory(
        activity__status="notified", activity__organizer=body, activity__on=today - timedelta(days=2),
        activity__must_attend=True, state=State.LEAVE_ASKED,
    ).activity  # fmt: skip
    ActivityFactory(status="reported", reported_by=member)
    assert [(row.kind, row.title) for row in todos.collect(member.user, today) if "请您" in row.kind] == [
        ("请您参加", asked.title)
    ]
    for person, kinds in ((staff, {"请假待批", "活动收尾"}), (office, {"请假待批", "活动收尾", "自报活动"})):
        found = todos.collect(person, today)
        assert {row.kind for row in found} == kinds
        assert all(row.title == late.title for row in found if row.kind != "自报活动")


def test_calendar_holds_what_one_is_invited_to(member):
    today = timezone.localdate()
    invited = AttendanceFactory(member=member, activity__status="notified", activity__starts_at=time(9)).activity
    AttendanceFactory(member=member, activity__status="notified", state=State.ON_LEAVE)
    AttendanceFactory(member=member, activity__status="planned")
    AttendanceFactory(activity__status="notified")
    found = list(activity_feed.events(member.user, today - timedelta(days=1), today + timedelta(days=1)))
    assert [(row.title, row.starts.hour, row.ends.hour) for row in found] == [(invited.title, 9, 11)]
    assert list(activity_feed.events(UserFactory(), today, today)) == []


def test_members_page_shows_his_activities_to_who_may_see_them(client, member, office):
    row = AttendanceFactory(member=member, activity__status="notified")
    url = reverse("members:item", args=[member.pk])
    assert row.activity.title in words(client.get(url))
    other = MemberFactory(user=UserFactory(roles=["member"]))
    client.force_login(other.user)
    assert row.activity.title not in words(client.get(url))


def test_print_and_people_pages_show_the_list(client, office):
    row = AttendanceFactory(activity__status="held", state=State.PRESENT)
    for name in ("activity_print", "activity_people"):
        assert row.member.name in words(client.get(page(name, row.activity)))
    response = client.get(f"{page('activity_people', row.activity)}?format=xlsx")
    assert b"PK" in b"".join(response.streaming_content)[:4]
