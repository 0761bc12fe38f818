"""Who is told of which deadline of a proposal, and that the list's nearest day stays true."""

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from core import deadlines, reminders
from core.models import Deadline, Notice
from proposals.models import Feedback
from tests import factories as make


def run(on) -> dict[str, int]:
    """The daily run by hand."""
    out = StringIO()
    call_command("send_reminders", "--on", on.isoformat(), stdout=out)
    return json.loads(out.getvalue())


def told() -> set[str]:
    """Names of those who have a message of a reminder, publication apart (see test_publishing)."""
    rows = Notice.objects.filter(key__startswith="reminder:").exclude(title__contains="审看公开")
    return set(rows.values_list("recipient__name", flat=True))


def test_receipt_climbs_from_operator_to_leader_to_inspection(world):
    case = world.assigned()
    due = Deadline.objects.of(world.task(case)).get(kind="receipt").due
    assert run(due - timedelta(days=1))["sent"] == 0
    assert run(due)["sent"] == 1
    assert told() == {"承办经办"}
    run(due + timedelta(days=1))
    assert told() == {"承办经办", "承办负责"}
    run(due + timedelta(days=5))
    assert told() == {"承办经办", "承办负责", "督查"}
    first, *_, last = Notice.objects.filter(recipient=world.operator, key__startswith="reminder:").order_by("id")
    assert first.url == f"/proposals/tasks/{world.task(case).pk}/"
    assert first.title.endswith("签收今天到期")
    assert not first.urgent
    assert "签收已超期5天" in last.title + last.body
    assert last.urgent


def test_unit_without_an_operator_is_reached_through_its_leader(world):
    world.operator.role_grants.all().delete()
    case = world.assigned()
    run(Deadline.objects.of(world.task(case)).get(kind="receipt").due)
    assert told() == {"承办负责"}


def test_feedback_is_the_proposers_until_it_lapses(world):
    case = world.replied()
    due = Deadline.objects.of(case.feedback.get()).get().due
    run(due)
    assert told() == {"张立"}
    run(due + timedelta(days=1))
    case.refresh_from_db()
    assert (case.status, case.rating) == ("closed", "no_response")
    assert told() == {"张立"}


def test_assignment_is_the_offices(world):
    case = world.filed()
    run(Deadline.objects.of(case).get(kind="assign").due)
    assert told() == {"经办一", "经办二", "督查"}


def test_decision_is_the_inspections(world):
    from proposals.services import assignment

    task = assignment.request_transfer(world.task(world.assigned()), actor=world.operator, reason="不归我局管")
    run(Deadline.objects.of(task).open().get(kind="transfer_decision").due)
    assert told() == {"督查"}


def test_promise_is_the_units(world):
    case = world.handling()
    case = world.replied(case, letter="B", promises=[world.promise(case)])
    world.judge(case)
    run(Deadline.objects.open().get(kind="promise").due)
    assert told() == {"承办经办"}


def test_body_is_reached_through_its_contact(world):
    contact = make.UserFactory(name="联络人")
    body = make.BodyFactory()
    contact.role_grants.create(role="body_contact", body=body)
    case = world.filed()
    case.proposers.update(member=None, body=body)
    case = world.replied(world.handling(case))
    run(Deadline.objects.of(Feedback.objects.get()).get().due)
    assert told() == {"联络人"}


def test_everybody_is_found_with_a_constant_number_of_queries(world, django_assert_num_queries):
    for _ in range(3):
        world.assigned()
    rows = list(Deadline.objects.open().filter(kind="receipt"))
    with django_assert_num_queries(6):
        assert len(reminders._lines(rows)) == 3


def test_list_shows_the_nearest_day_of_a_case(world):
    case = world.assigned()
    task = world.task(case)
    today = timezone.localdate()
    deadlines.set_date(task, "extra", root=case, label="加急", start=today, due=today, rule="测试")
    case.refresh_from_db()
    assert (case.next_due, case.next_due_label) == (today, "加急")
    deadlines.meet(task, "extra", on=today)
    case.refresh_from_db()
    assert case.next_due_label == "签收"
    deadlines.void_case(case)
    case.refresh_from_db()
    assert (case.next_due, case.next_due_label) == (None, "")
