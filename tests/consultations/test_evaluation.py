"""Quality evaluation 质量评价: opened once, answered once a link, closed, published; what is hidden stays hidden."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from consultations.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationComment,
    EvaluationInvitation,
    EvaluationStatus,
)
from consultations.services import evaluation as services
from consultations.services import indicators
from core import options, outbox, todos
from core.errors import Refusal
from core.models import AuditEntry, Notice

GOOD = {"q1": 0, "q2": 0, "q3": 0, "q4": 0, "q5": 0, "q6": 0, "q7": 0}
FAIR = dict.fromkeys(GOOD, 1)


def later(days: int = 5):
    """A day ahead."""
    return timezone.localdate() + timedelta(days)


@pytest.fixture
def running(house):
    """An open evaluation of a session with two members, and codes for eight guests."""
    row = services.open_evaluation(house.held(), actor=house.liaison, ends_on=later())
    codes = [code for _, code in services.print_slips(row, 8, actor=house.liaison)]
    return row, codes


def test_opening_invites_who_took_part_and_asks_each_once(house):
    row = services.open_evaluation(house.held(), actor=house.liaison, ends_on=later())
    outbox.run_pending()
    assert (row.status, row.invited, row.minimum) == (EvaluationStatus.OPEN, 2, 5)
    notice = Notice.objects.get(recipient=house.members[0].user, key=f"evaluation-opened:{row.pk}")
    assert notice.url == f"/consultations/evaluations/{row.pk}/mine/"
    waiting = todos.collect(house.members[0].user, timezone.localdate())
    assert [todo.url for todo in waiting if todo.kind == "consultations.evaluate"] == [notice.url]


def test_a_session_is_evaluated_once_and_only_after_it_was_held(house):
    with pytest.raises(Refusal, match="举行以后才能评价"):
        services.open_evaluation(house.planned(), actor=house.liaison, ends_on=later())
    session = house.held()
    services.open_evaluation(session, actor=house.liaison, ends_on=later())
    with pytest.raises(Refusal, match="已经在评价"):
        services.open_evaluation(session, actor=house.liaison, ends_on=later())
    with pytest.raises(Refusal, match="没有“开始质量评价”的权限"):
        services.open_evaluation(session, actor=house.staff, ends_on=later())


@pytest.mark.parametrize("days", [-1, 91])
def test_the_end_lies_ahead_and_not_too_far(house, days):
    with pytest.raises(Refusal, match="截止日期") as told:
        services.open_evaluation(house.held(), actor=house.liaison, ends_on=later(days))
    assert told.value.field == "ends_on"


def test_a_link_takes_one_answer(running):
    row, codes = running
    services.answer(codes[0], GOOD, comment="办得实")
    with pytest.raises(services.Gone, match="已经用过"):
        services.answer(codes[0], FAIR)
    assert list(row.answers.values_list("marks", flat=True)) == [GOOD]
    assert row.invitations.filter(used=True).count() == row.answers.count() == row.comments.count() == 1


def test_a_code_is_read_as_people_type_it(running):
    _, codes = running
    code = codes[0].lower()
    assert services.by_code(f" {code[:4]}-{code[4:8]} {code[8:]}")


def test_a_forged_link_leads_nowhere(running):
    row, codes = running
    for forged in ("", "AAAAAAAAAAAA", codes[0][:-1], services.digest(codes[0])):
        with pytest.raises(services.Unknown):
            services.answer(forged, GOOD)
    assert not row.answers.exists()


def test_a_new_link_of_a_member_voids_the_former(house, running):
    row, _ = running
    first = services.own_code(row, house.members[0])
    second = services.own_code(row, house.members[0])
    with pytest.raises(services.Unknown):
        services.answer(first, GOOD)
    services.answer(second, GOOD)
    with pytest.raises(Refusal, match="已经评价过"):
        services.own_code(row, house.members[0])


def test_nothing_is_taken_after_the_end(running):
    row, codes = running
    Evaluation.objects.filter(pk=row.pk).update(ends_on=later(-1))
    with pytest.raises(services.Gone, match="已经截止"):
        services.answer(codes[0], GOOD)
    services.every_day(timezone.localdate())
    row.refresh_from_db()
    assert (row.status, row.answered, row.points, row.result) == (EvaluationStatus.CLOSED, 0, None, {})
    with pytest.raises(services.Gone, match="已经截止"):
        services.by_code(codes[0])


@pytest.mark.parametrize(
    "marks", [{}, {"q1": 0}, {**GOOD, "q1": 3}, {**GOOD, "q1": "0"}, {**GOOD, "x": 1}, dict.fromkeys(GOOD, -1)]
)
def test_marks_that_are_no_answer_are_refused_and_the_link_stays_good(running, marks):
    row, codes = running
    with pytest.raises(Refusal):
        services.answer(codes[0], marks)
    assert not row.answers.exists()
    services.answer(codes[0], GOOD)


def test_below_the_minimum_there_is_no_result(house, running):
    row, codes = running
    for code in codes[:4]:
        services.answer(code, GOOD)
    row = services.close(row, actor=house.liaison)
    assert (row.answered, row.invited, row.points, row.grade, row.result) == (4, 10, None, "", {})
    with pytest.raises(Refusal, match="不足5份"):
        services.publish(row, actor=house.liaison)


def test_the_result_has_points_grade_and_spread(house, running):
    row, codes = running
    for code in codes[:4]:
        services.answer(code, GOOD)
    services.answer(codes[4], FAIR)
    row = services.close(row, actor=house.liaison)
    assert (str(row.points), row.grade) == ("96.00", "优秀")
    assert (row.result["n"], row.result["sd"], row.result["median"]) == (5, "8.00", "100.00")
    assert row.result["items"]["q7"]["counts"] == [4, 1, 0]


def test_lowering_the_minimum_later_shows_nobodys_answers(house, running):
    row, codes = running
    for code in codes[:3]:
        services.answer(code, GOOD)
    options.set_value("consultations.evaluation_minimum", 3, actor=None)
    assert services.close(row, actor=house.liaison).points is None


def test_publishing_lets_those_who_took_part_read_the_grade(house, running):
    row, codes = running
    member = house.members[0].user
    seen = Evaluation.objects.visible_to
    assert not seen(member).exists()
    assert not seen(house.operator).exists()
    assert not seen(house.staff).exists()
    assert seen(house.leader).exists()
    for code in codes[:5]:
        services.answer(code, GOOD)
    row = services.publish(services.close(row, actor=house.liaison), actor=house.liaison)
    outbox.run_pending()
    assert seen(member).exists()
    assert seen(house.operator).exists()
    assert not seen(house.convener).exists()
    assert not member.has_perm("consultations.read_result", row)
    assert house.staff.has_perm("consultations.read_result", row)
    assert Notice.objects.filter(recipient=house.operator, key=f"evaluation-published:{row.pk}").exists()


def test_reminders_go_to_unused_links_only_and_once_a_day(house, running):
    row, _ = running
    services.answer(services.own_code(row, house.members[0]), GOOD)
    assert services.remind(row, actor=house.liaison) == 1
    services.remind(row, actor=None)
    told = Notice.objects.filter(key__startswith="evaluation-remind")
    assert [notice.recipient_id for notice in told] == [house.members[1].user_id]


def test_the_daily_run_reminds_before_the_end(house, running):
    row, _ = running
    services.every_day(row.ends_on - timedelta(2))
    assert Notice.objects.filter(key__startswith="evaluation-remind").count() == 2


def test_void_slips_open_nothing(house, running):
    row, codes = running
    services.answer(codes[0], GOOD)
    ((number, fresh),) = services.print_slips(row, 1, actor=house.liaison, replace=True)
    assert number == 2
    with pytest.raises(services.Unknown):
        services.answer(codes[1], GOOD)
    services.answer(fresh, GOOD)
    with pytest.raises(Refusal, match="最多200张"):
        services.print_slips(row, 199, actor=house.liaison)


# --- Nothing leads from an answer to a person (decision 0011) ----------------------------------

TIMES = (models.DateTimeField, models.TimeField, models.DateField)


def test_no_field_leads_from_an_answer_to_a_person():
    allowed = {EvaluationAnswer: {"id", "evaluation", "marks"}, EvaluationComment: {"id", "evaluation", "text"}}
    for model, names in allowed.items():
        fields = model._meta.get_fields()
        assert {field.name for field in fields} == names  # nothing points at it from elsewhere either
        assert isinstance(model._meta.pk, models.UUIDField)
        assert [field.related_model for field in fields if field.is_relation] == [Evaluation]
        assert not [field for field in fields if isinstance(field, TIMES)]
    generic = [one for one in apps.get_models() if one not in allowed]
    assert not [
        field for one in generic for field in one._meta.get_fields() if field.related_model in allowed
        and one is not Evaluation
    ]  # fmt: skip


def test_an_invitation_says_no_more_than_that_it_was_used():
    fields = EvaluationInvitation._meta.get_fields()
    assert {field.name for field in fields} == {"id", "evaluation", "member", "slip", "digest", "used"}
    assert not [field for field in fields if isinstance(field, TIMES)]


def test_answering_writes_nothing_but_the_use_and_the_answer(running, django_assert_max_num_queries):
    _, codes = running
    log, told = AuditEntry.objects.count(), Notice.objects.count()
    with django_assert_max_num_queries(10) as asked:
        services.answer(codes[0], GOOD, comment="好")
    written = [
        query["sql"].split('"')[1] for query in asked.captured_queries if query["sql"][:6] in ("INSERT", "UPDATE")
    ]
    assert written == [
        "consultations_evaluationinvitation", "consultations_evaluationanswer", "consultations_evaluationcomment",
    ]  # fmt: skip
    assert (AuditEntry.objects.count(), Notice.objects.count()) == (log, told)


def test_the_code_is_stored_nowhere(running):
    row, codes = running
    stored = {str(value) for invitation in row.invitations.values() for value in invitation.values()}
    assert not stored & set(codes)
    assert not AuditEntry.objects.filter(detail__icontains=codes[0]).exists()


def test_closing_mixes_the_rows_under_new_keys(house, running):
    row, codes = running
    for code in codes[:6]:
        services.answer(code, GOOD, comment="好")
    before = set(row.answers.values_list("pk", flat=True)) | set(row.comments.values_list("pk", flat=True))
    services.close(row, actor=house.liaison)
    after = set(row.answers.values_list("pk", flat=True)) | set(row.comments.values_list("pk", flat=True))
    assert len(after) == 12
    assert not before & after


def test_an_evaluation_keeps_the_version_it_was_opened_under(house, running):
    row, codes = running
    draft = indicators.draft(actor=house.liaison)
    year = timezone.localdate().year
    indicators.put_in_force(draft, actor=house.liaison, from_year=year)
    for code in codes[:5]:
        services.answer(code, GOOD)
    assert services.close(row, actor=house.liaison).indicators.number == 1
    assert indicators.in_force(year).number == 2
