"""Sign-in 签到: a code is good once, now, here, and for who is invited; everything else is told in words."""

import time
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from core.errors import Refusal
from members.activities import signin_codes
from members.models.activities import Attendance
from members.services import activities, attendance, signin
from tests.factories import MemberFactory, UserFactory
from tests.factories_activities import ActivityFactory, AttendanceFactory
from tests.races import at_once, split

pytestmark = pytest.mark.django_db
State = Attendance.State


@pytest.fixture
def host():
    """A person of the members' liaison office at the door."""
    return UserFactory(roles=["liaison"])


@pytest.fixture
def clock(monkeypatch):
    """The time, which the test moves on by seconds."""

    class Clock:
        now = 1_800_000_000.0

        def on(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(time, "time", lambda: clock.now)
    return clock


def opened(**values):
    """An activity that takes codes, with one member invited."""
    return AttendanceFactory(activity__status="notified", activity__sign_in_open=True, **values)


def shown(row) -> str:
    """The digits on the member's phone now."""
    return signin.personal_code(row.activity, row.member_id)[0]


def test_code_signs_in_and_says_when(host):
    row = opened()
    taken = signin.take(row.activity, shown(row), actor=host)
    assert (taken.state, taken.way, taken.member) == (State.PRESENT, "code", row.member)
    assert taken.signed_at is not None


def test_replayed_code_is_refused_with_the_hour(host):
    row = opened()
    digits = shown(row)
    signin.take(row.activity, digits, actor=host)
    with pytest.raises(Refusal, match="已经签到，这个码不能再用"):
        signin.take(row.activity, digits, actor=host)


def test_used_code_stays_used_when_presence_was_taken_back(host):
    row = opened()
    digits = shown(row)
    signin.take(row.activity, digits, actor=host)
    row.activity.attendances.update(state=State.COMING)
    with pytest.raises(Refusal, match="这个码用过了"):
        signin.take(row.activity, digits, actor=host)


def test_photographed_code_is_refused_with_its_age(host, clock):
    row = opened()
    digits = shown(row)
    clock.on(15)
    assert signin.check(row.activity, digits, actor=host).attendance == row
    clock.on(120)
    with pytest.raises(Refusal, match="2分钟前的码，可能是照片或截屏"):
        signin.take(row.activity, digits, actor=host)


def test_code_of_another_activity_is_named(host):
    row = opened()
    other = opened(activity__title="另一场座谈会")
    with pytest.raises(Refusal, match="“另一场座谈会”的码"):
        signin.take(row.activity, shown(other), actor=host)


def test_code_of_who_is_not_invited_is_named(host):
    row = opened()
    stranger = MemberFactory(name="没请的")
    digits = signin_codes.code(row.activity.sign_in_secret, stranger.pk, signin_codes.window_at())
    with pytest.raises(Refusal, match="没请的不在这次活动的名单里"):
        signin.take(row.activity, digits, actor=host)
    attendance.admit(row.activity, stranger, actor=host)
    assert row.activity.attendances.get(member=stranger).state == State.PRESENT


@pytest.mark.parametrize(("typed", "says"), [("1234", "码是8位数字"), ("00000000", "没有这个码"), ("", "码是8位数字")])
def test_slip_of_the_finger_is_told(host, typed, says):
    with pytest.raises(Refusal, match=says):
        signin.take(opened().activity, typed, actor=host)


def test_blanks_between_the_digits_do_not_matter(host):
    row = opened()
    digits = shown(row)
    assert signin.take(row.activity, f" {digits[:4]} {digits[4:]}", actor=host).state == State.PRESENT


def test_two_people_with_the_same_digits_wait_for_the_next(host, monkeypatch):
    row = opened()
    AttendanceFactory(activity=row.activity)
    monkeypatch.setattr(signin_codes, "code", lambda *args: "12345678")
    with pytest.raises(Refusal, match="碰巧一样"):
        signin.take(row.activity, "12345678", actor=host)


def test_no_code_is_taken_before_after_and_by_others(host):
    row = AttendanceFactory(activity__status="notified")
    with pytest.raises(Refusal, match="签到还没有开始"):
        signin.take(row.activity, shown(row), actor=host)
    signin.open_sign_in(row.activity, actor=host)
    with pytest.raises(Refusal, match="不是这次活动的签到人员"):
        signin.take(row.activity, shown(row), actor=UserFactory(roles=["member"]))
    activities.hold(row.activity, actor=host)
    with pytest.raises(Refusal, match="已举行"):
        signin.take(row.activity, shown(row), actor=host)


def test_sign_in_opens_on_the_day(host):
    activity = ActivityFactory(status="notified", on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refusal, match="当天才能开始签到"):
        signin.open_sign_in(activity, actor=host)


def test_ticket_is_of_this_activity_and_of_now(host, monkeypatch):
    row, other = opened(), opened()
    ticket = signin.check(row.activity, shown(row), actor=host).ticket
    with pytest.raises(Refusal, match="另一项活动的码"):
        signin.confirm(other.activity, ticket, actor=host)
    with pytest.raises(Refusal, match="不是从刚才的码来的"):
        signin.confirm(row.activity, ticket + "x", actor=host)
    monkeypatch.setattr(signin, "CONFIRM_SECONDS", -1)
    with pytest.raises(Refusal, match="确认得太晚"):
        signin.confirm(row.activity, ticket, actor=host)
    assert signing.loads(ticket, salt=signin.SALT)[1] == row.pk


def test_member_with_leave_who_comes_after_all_is_signed_in(host):
    row = opened(state=State.ON_LEAVE, reason="因公外出")
    assert signin.take(row.activity, shown(row), actor=host).state == State.PRESENT


# --- On the phones ------------------------------------------------------------------------------


def test_phone_shows_code_and_renews_itself_without_scripts(client):
    row = opened()
    client.force_login(row.member.user)
    response = client.get(reverse("members:signin_code", args=[row.activity_id]))
    words = response.content.decode()
    digits = shown(row)
    assert f"{digits[:4]} {digits[4:]}" in words
    assert '<noscript><meta http-equiv="refresh"' in words
    assert "<svg" in words
    assert "no-store" in response["Cache-Control"]


def test_script_gets_the_box_without_the_frame_in_few_queries(client, django_assert_max_num_queries):
    row = opened()
    client.force_login(row.member.user)
    url = reverse("members:signin_code", args=[row.activity_id])
    client.get(url)
    with django_assert_max_num_queries(7):
        words = client.get(url, headers={"X-Requested-With": "fetch"}).content.decode()
    assert 'id="signin"' in words
    assert "<html" not in words
    assert len(words) < 20_000


def test_scanned_address_asks_and_signs_in_on_a_post(client, host):
    row = opened()
    client.force_login(host)
    url = reverse("members:signin_check", args=[row.activity_id])
    address = f"{url}?m={row.member_id}&code={shown(row)}"
    response = client.get(address)
    assert row.member.name in response.content.decode()
    row.refresh_from_db()
    assert row.state == State.INVITED
    ticket = response.context["checked"].ticket
    assert client.post(url, {"ticket": ticket}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.PRESENT
    again = client.get(address)
    assert again.status_code == 422
    assert "已经签到，这个码不能再用" in again.content.decode()
    assert "已经签到，这个码不能再用" in client.post(url, {"ticket": ticket}).content.decode()


def test_host_types_the_digits(client, host):
    row = opened()
    client.force_login(host)
    url = reverse("members:signin_host", args=[row.activity_id])
    assert client.post(url, {"code": shown(row)}, follow=True).status_code == 200
    assert row.member.name in client.get(url).content.decode()
    assert "没有这个码" in client.post(url, {"code": "00000001"}).content.decode()


# --- Two at once, on PostgreSQL -----------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hosts_scan_the_same_code_at_once():
    hosts = [UserFactory(roles=["liaison"]) for _ in range(2)]
    row = opened()
    tickets = [signin.check(row.activity, shown(row), actor=host).ticket for host in hosts]
    won, lost = split(
        at_once(
            *[
                lambda host=host, ticket=ticket: signin.confirm(row.activity, ticket, actor=host)
                for host, ticket in zip(hosts, tickets, strict=True)
            ]
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "已经签到" in str(lost[0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_last_place_goes_to_one_of_many():
    activity = ActivityFactory(status="notified", places=2, sign_up_until=timezone.localdate())
    people = [MemberFactory(user=UserFactory(roles=["member"])) for _ in range(6)]
    won, lost = split(
        at_once(*[lambda member=member: attendance.come(activity, actor=member.user) for member in people])
    )
    assert (len(won), len(lost)) == (2, 4)
    assert activity.attendances.filter(state=State.COMING).count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_code_taken_while_the_activity_is_ended_is_either_counted_or_refused():
    host, runner = (UserFactory(roles=["liaison"]) for _ in range(2))
    row = opened(activity__must_attend=True)
    ticket = signin.check(row.activity, shown(row), actor=host).ticket
    results = at_once(
        lambda: signin.confirm(row.activity, ticket, actor=host),
        lambda: activities.hold(row.activity, actor=runner),
    )
    row.refresh_from_db()
    assert row.state == (State.ABSENT if isinstance(results[0], Refusal) else State.PRESENT)
    assert row.activity.attendances.exclude(state__in=[State.PRESENT, State.ABSENT]).count() == 0
