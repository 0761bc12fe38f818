"""Terms and sessions: days that contradict are refused, one is current, numbering and in-session follow; 换届."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from core.errors import Refusal
from members.models import Member, Membership, Role, Session, Term, User
from members.services import membership, terms, turnover
from members.services.terms import Days
from proposals.models import Category, Proposal
from proposals.services import drafting
from tests.factories import MemberFactory, SessionFactory, TermFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ZONE = timezone.get_default_timezone()


@pytest.fixture
def office():
    return UserFactory(roles=[Role.LIAISON])


def days(opens, **changed):
    facts = {
        "opens": opens, "closes": opens + timedelta(4), "collects_from": opens - timedelta(90),
        "cut_off": datetime.combine(opens + timedelta(3), datetime.min.time(), ZONE).replace(hour=12),
    }  # fmt: skip
    return Days(**(facts | changed))


def opened(office, term, number, opens, **changed):
    return terms.open_session(
        actor=office, term=term, number=number, name=f"十六届{number}次会议", days=days(opens, **changed)
    )


OPENS = date(2023, 2, 21)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"closes": OPENS - timedelta(1)}, "closes"),
        ({"closes": OPENS + timedelta(60)}, "closes"),
        ({"collects_from": OPENS + timedelta(1)}, "collects_from"),
        ({"collects_from": OPENS - timedelta(400)}, "collects_from"),
        ({"cut_off": datetime(2023, 3, 1, 12, tzinfo=ZONE)}, "cut_off"),
        ({"cut_off": datetime(2022, 1, 1, 12, tzinfo=ZONE)}, "cut_off"),
    ],
)
def test_days_that_contradict_each_other_are_refused(office, changed, field):
    with pytest.raises(Refusal) as refused:
        opened(office, TermFactory(), 2, OPENS, **changed)
    assert refused.value.field == field
    assert not Session.objects.exists()


def test_a_number_is_used_once_and_sessions_follow_each_other(office):
    term = TermFactory()
    opened(office, term, 2, OPENS)
    with pytest.raises(Refusal, match="已经登记过"):
        opened(office, term, 2, date(2024, 2, 21))
    with pytest.raises(Refusal, match="不能早于"):
        opened(office, term, 3, OPENS + timedelta(2))
    with pytest.raises(Refusal, match="不能晚于"):
        opened(office, term, 1, OPENS)
    with pytest.raises(Refusal, match="早于十六届的开始"):
        opened(office, term, 1, date(2021, 2, 21))
    opened(office, term, 3, date(2024, 2, 21))


@pytest.mark.parametrize("role", [Role.PROPOSAL_CLERK, Role.MEMBER, Role.SYSADMIN, Role.LEADER])
def test_terms_are_for_the_liaison_office_and_the_head_of_the_proposals_office(role):
    with pytest.raises(Refusal, match="管理届次"):
        opened(UserFactory(roles=[role]), TermFactory(), 2, OPENS)
    opened(UserFactory(roles=[Role.PROPOSAL_CHIEF]), TermFactory(), 2, OPENS)


def test_one_session_is_current_and_proposals_follow_it(office):
    term = TermFactory()
    old = SessionFactory(term=term)
    today = timezone.localdate()
    new = opened(
        office, term, 2, today + timedelta(2), collects_from=today - timedelta(30),
        cut_off=timezone.now() + timedelta(days=4),
    )  # fmt: skip
    user = UserFactory(roles=[Role.MEMBER])
    MemberFactory(user=user)

    def submitted(title):
        case = drafting.create_draft(
            actor=user, kind="individual", title=title, situation="情况", suggestions=["建议"],
            category=Category.objects.first(),
        )  # fmt: skip
        return drafting.submit(case, actor=user)

    before = submitted("关于旧届次的建议")
    terms.make_current(new, actor=office)
    after = submitted("关于新届次的建议")
    assert (before.session_id, before.in_session) == (old.pk, False)
    assert (after.session_id, after.in_session) == (new.pk, True)
    assert Session.objects.filter(is_current=True).count() == 1
    assert Proposal.objects.get(pk=before.pk).session_id == old.pk
    terms.change_session(
        new, actor=office, name=new.name,
        days=days(
            new.opens, collects_from=new.collects_from, cut_off=timezone.now() - timedelta(days=1)
        ),
    )  # fmt: skip
    late = submitted("关于截止以后的建议")
    assert (late.session_id, late.in_session) == (new.pk, False)
    assert Proposal.objects.get(pk=after.pk).in_session
    with pytest.raises(Refusal, match="现在的届次就是"):
        terms.make_current(new, actor=office)


def test_a_session_of_an_old_term_cannot_be_current(office):
    old = Term.objects.create(number=15, name="十五届", starts=date(2017, 2, 1))
    session = opened(office, old, 5, date(2021, 2, 21))
    TermFactory()
    with pytest.raises(Refusal, match="不是本届"):
        terms.make_current(session, actor=office)


def next_term(office, staying, **changed):
    facts = {
        "number": 17, "name": "十七届", "starts": timezone.localdate(), "decision": "十六届二十次常委会会议协商决定",
        "expected": Member.objects.filter(is_active=True).count(),
    }  # fmt: skip
    return turnover.open_term(actor=office, staying=staying, **(facts | changed))


def roll(term, count):
    people = [MemberFactory() for _ in range(count)]
    Membership.objects.bulk_create([Membership(member=member, term=term, starts=term.starts) for member in people])
    return people


def test_a_new_term_takes_over_those_chosen_and_ends_the_rest(office):
    old = TermFactory()
    stays, chair, leaves = roll(old, 3)
    user = UserFactory(roles=[Role.MEMBER])
    Member.objects.filter(pk=leaves.pk).update(user=user)
    membership.appoint(chair, actor=office, post="常委", on=date(2023, 1, 1), decision="选举")
    membership.record_present([stays, chair, leaves])
    plan = turnover.turnover([stays.pk, chair.pk])
    assert (len(plan.staying), len(plan.leaving), plan.posts) == (2, 1, 1)
    new = next_term(office, [stays.pk, chair.pk])
    assert Term.objects.get(is_current=True) == new
    assert Term.objects.get(pk=old.pk).ends == new.starts
    assert not Membership.objects.filter(term=old, ends=None).exists()
    assert set(Membership.objects.filter(term=old).values_list("ended_by", flat=True)) == {"ended"}
    assert set(Membership.objects.filter(term=new).values_list("member_id", "post", "began_by")) == {
        (stays.pk, "委员", "elected"), (chair.pk, "委员", "elected"),
    }  # fmt: skip
    for member in (stays, chair, leaves, user):
        member.refresh_from_db()
    assert (chair.is_active, chair.is_standing, leaves.is_active, user.is_active) == (True, False, False, False)
    assert stays.placements.filter(ends=None).exists()
    assert not leaves.placements.filter(ends=None).exists()
    assert [member.changes.first().kind for member in (stays, leaves)] == ["elected", "ended"]


def test_a_change_of_term_costs_the_same_for_few_and_for_many(office, django_assert_max_num_queries):
    people = roll(TermFactory(), 40)
    for member in people[:20]:
        member.user = UserFactory(roles=[Role.MEMBER])
        member.save()
    with django_assert_max_num_queries(45):
        next_term(office, [member.pk for member in people[10:]])
    assert User.objects.filter(is_active=False).count() == 10


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": 16}, "已经登记过"),
        ({"number": 18}, "下一届应是第17届"),
        ({"starts": date(2020, 1, 1)}, "不能早于本届"),
        ({"starts": date(2999, 1, 1)}, "还没有到"),
        ({"decision": " "}, "依据"),
        ({"expected": 7}, "再看一遍预览"),
        ({"staying": [999_999]}, "已不在任"),
    ],
)
def test_a_change_of_term_that_contradicts_changes_nothing(office, changed, words):
    people = roll(TermFactory(), 2)
    with pytest.raises(Refusal, match=words):
        next_term(office, **({"staying": [people[0].pk]} | changed))
    assert Term.objects.get(is_current=True).number == 16
    assert Membership.objects.filter(ends=None).count() == 2


def test_the_pages_preview_before_the_term_changes(client, office):
    client.force_login(office, backend=BACKEND)
    stays, leaves = roll(TermFactory(), 2)
    form = {
        "number": 17, "name": "十七届", "starts": timezone.localdate().isoformat(), "decision": "常委会协商决定",
        "codes": f"{stays.code}、T99999x",
    }  # fmt: skip
    assert "T99999x" in client.post("/members/terms/new/", form).content.decode()
    form["codes"] = stays.code
    page = client.post("/members/terms/new/", form)
    assert page.context["expected"] == 2
    assert "不再担任的1人" in page.content.decode()
    assert Term.objects.count() == 1
    del form["codes"]
    sent = {**form, "staying": [stays.pk], "expected": 2, "confirm": "1"}
    client.post("/members/terms/new/", sent)
    assert Term.objects.get(is_current=True).number == 17
    leaves.refresh_from_db()
    assert not leaves.is_active


def test_the_first_term_of_an_empty_system_is_registered_too(client, office):
    client.force_login(office, backend=BACKEND)
    assert client.get("/members/terms/session/").url == "/members/terms/new/"
    form = {"number": 16, "name": "十六届", "starts": "2022-02-20", "decision": "选举", "expected": 0, "confirm": "1"}
    client.post("/members/terms/new/", form)
    assert Term.objects.get().is_current


def test_the_pages_register_a_session_and_make_it_current(client, office):
    client.force_login(office, backend=BACKEND)
    term = TermFactory()
    assert "十六届一次会议" in client.get("/members/terms/session/").content.decode()
    form = {
        "number": 1, "name": "十六届一次会议", "opens": "2022-02-21", "closes": "2022-02-25", "current": "on",
        "collects_from": "2021-11-21", "cut_off": "2022-02-24T12:00",
    }  # fmt: skip
    assert client.post("/members/terms/session/", {**form, "closes": "2022-02-01"}).status_code == 422
    client.post("/members/terms/session/", form)
    session = Session.objects.get(term=term)
    assert session.is_current
    assert timezone.localtime(session.cut_off).hour == 12
    edit = {name: value for name, value in form.items() if name not in ("number", "current")}
    client.post(f"/members/terms/session/{session.pk}/", {**edit, "closes": "2022-02-26"})
    session.refresh_from_db()
    assert session.closes == date(2022, 2, 26)
