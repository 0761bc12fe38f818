"""Publication: the term from the reply, who is reminded, and the two ways in which it is met."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import options, reminders, workdays
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Notice
from proposals import reminding, todos
from proposals.models import Proposal, Reply
from proposals.services import publishing, replying
from tests.proposals.story import BAD

LATER = timedelta(days=1)


def term(case: Proposal) -> Deadline | None:
    """The open term of publication."""
    return Deadline.objects.of(case).open().filter(kind="publish").first()


def told(on) -> set[str]:
    """Who has a message after the sweep of that day."""
    reminders.sweep(on)
    for ids in reminders.undelivered_chunks():
        reminders.deliver(ids)
    return set(Notice.objects.filter(key__startswith="reminder:").values_list("recipient__name", flat=True))


def test_reply_opens_the_term_and_publishing_meets_it(world):
    case = world.replied()
    row = term(case)
    assert row.due == workdays.add_working_days(timezone.localdate(), 20).due
    assert row.rule == "答复送达次日起20个工作日"
    publishing.publish(case, actor=world.clerk)
    row.refresh_from_db()
    assert row.met_on == timezone.localdate()


def test_length_of_the_term_is_the_offices_to_set(world):
    options.set_value("proposals.publish_days", 5, actor=world.chief)
    assert term(world.replied()).due == workdays.add_working_days(timezone.localdate(), 5).due


def test_deciding_not_to_publish_meets_it_with_a_reason_that_is_kept(world):
    case = world.replied()
    with pytest.raises(Refusal, match="理由"):
        publishing.withhold(case, actor=world.clerk, reason=" ")
    case = publishing.withhold(case, actor=world.clerk, reason="涉及未定规划")
    assert (case.withheld_on, case.withheld_reason) == (timezone.localdate(), "涉及未定规划")
    assert term(case) is None
    assert AuditEntry.objects.get(verb="proposal.withhold").reason == "涉及未定规划"
    with pytest.raises(Refusal, match="已经定为不公开"):
        publishing.withhold(case, actor=world.clerk, reason="再定一次")


def test_what_was_withheld_may_be_published_later(world):
    case = publishing.withhold(world.replied(), actor=world.clerk, reason="规划未定")
    case = publishing.publish(case, actor=world.clerk)
    assert (case.published_on, case.withheld_on, case.withheld_reason) == (timezone.localdate(), None, "")
    with pytest.raises(Refusal, match="已经公开"):
        publishing.withhold(case, actor=world.clerk, reason="收回")


def test_nobody_is_asked_where_the_proposer_does_not_consent(world):
    case = world.handling(world.filed(publish_consent=False, publish_refusal="涉及个人"))
    assert term(world.replied(case)) is None


def test_nobody_is_asked_where_a_units_reply_stays_closed(world):
    reply = world.at_office(world.handling())
    Reply.objects.filter(pk=reply.pk).update(may_publish=False)
    replying.issue(reply, actor=world.inspection)
    assert term(reply.task.proposal) is None


def test_rehandling_stops_the_term_until_the_next_reply(world):
    case = world.judge(world.replied(), judgement=BAD)
    assert case.status == "rehandling"
    assert term(case) is None
    world.replied(case)
    assert term(case) is not None


def test_office_and_answering_unit_are_reminded_then_those_above_them(world):
    case = world.replied()
    Deadline.objects.open().exclude(kind="publish").update(void=True)
    due = term(case).due
    assert told(due) == {"经办一", "经办二", "承办经办"}
    notice = Notice.objects.get(recipient=world.clerk, key__startswith="reminder:")
    assert "审看公开今天到期" in notice.title
    assert notice.url == case.get_absolute_url()
    assert told(due + timedelta(days=1)) == {"经办一", "经办二", "承办经办", "主任", "承办负责"}
    assert "督查" in told(due + timedelta(days=5))


def test_people_are_found_with_a_constant_number_of_queries(world, django_assert_num_queries):
    rows = [term(world.replied()) for _ in range(3)]
    for some in (rows[:1], rows):
        with django_assert_num_queries(7):
            assert len(reminding.lines(some)) == len(some)


def test_case_answered_in_time_is_not_late_for_want_of_publication(world):
    case = world.judge(world.replied())
    case.refresh_from_db()
    assert term(case) is not None
    assert case.next_due is None
    late = term(case).due + LATER
    assert not Proposal.objects.overdue_on(late).exists()
    assert Proposal.objects.overdue_on(late, kinds=("publish",)).get() == case


def test_publication_waits_for_the_office_when_its_day_comes_near(world):
    def waiting(user) -> list[str]:
        return [todo.action for todo in todos.todos(user, timezone.localdate()) if todo.kind == "publish"]

    case = world.replied()
    assert waiting(world.clerk) == []
    Deadline.objects.of(case).filter(kind="publish").update(due=timezone.localdate() + timedelta(days=10))
    assert waiting(world.clerk) == waiting(world.chief) == ["审看公开"]
    assert waiting(world.operator) == waiting(world.member.user) == []
    publishing.withhold(case, actor=world.clerk, reason="涉及未定规划")
    assert waiting(world.clerk) == []


def test_office_decides_on_the_page_of_the_case(client, world):
    case = world.replied()
    client.force_login(world.clerk)
    url = reverse("proposals:act", args=[case.pk, "withhold"])
    page = client.get(case.get_absolute_url()).content.decode()
    assert url in page
    assert "审看公开" in page
    page = client.post(url, {"reason": "涉及未定规划"}, follow=True).content.decode()
    assert "定为不公开：涉及未定规划" in page
    assert url not in page
    client.post(reverse("proposals:act", args=[case.pk, "publish"]), {"confirmed": "1", "sure": "1"})
    page = client.get(case.get_absolute_url()).content.decode()
    assert "在门户公开。" in page
    assert reverse("proposals:act", args=[case.pk, "publish"]) not in page
