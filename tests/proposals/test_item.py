"""The page of one proposal: who sees it, what it offers, what it says, its budget of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import deadlines
from proposals.models import Feedback, Proposal, UnitTask
from proposals.services import drafting, review
from tests import handled

pytestmark = pytest.mark.django_db
BUDGET = 12
"""Queries of the page of a case that was answered with promises, frame included."""


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def show(client, world, name, case, query=""):
    """The item page as ``name`` sees it."""
    client.force_login(world[name])
    return client.get(reverse("proposals:item", args=[case.pk]) + query)


def body(response) -> str:
    """The page as text."""
    return response.content.decode()


def draft(world, **values):
    """A draft of ``member``."""
    values = {
        "title": "关于甲的建议",
        "situation": "情况。",
        "analysis": "分析。",
        "suggestions": ["第一条建议应当具体。"],
    } | values
    return drafting.create_draft(actor=world["member"], kind="individual", **values)


def offers(response) -> list[str]:
    """The labels of what the person may do now."""
    return [button.label for button in response.context["buttons"]]


def test_item_that_may_not_be_read_is_not_found(client, world):
    case = draft(world)
    for name in ("member2", "proposal-clerk", "inspection", "unit", "leader", "sysadmin"):
        assert show(client, world, name, case).status_code == 404, name
        for page in ("print", "edit", "finish", "cosign", "assign"):
            answer = client.get(reverse(f"proposals:{page}", args=[case.pk]))
            assert answer.status_code == 404, (name, page)
    assert show(client, world, "member", case).status_code == 200
    assert client.get("/proposals/999999/").status_code == 404


def test_item_offers_what_the_engine_allows(client, world):
    case = draft(world)
    assert offers(show(client, world, "member", case))[0] == "接着写"
    filed = world.filed()
    assert offers(show(client, world, "proposal-clerk", filed))[0] == "交办"
    assert "列为重点提案" not in offers(show(client, world, "proposal-clerk", filed))
    assert "列为重点提案" in offers(show(client, world, "proposal-chief", filed))
    assert offers(show(client, world, "leader", filed)) == []
    task = world.assigned()
    assert offers(show(client, world, "unit", task.proposal))[0] == "签收"


def test_item_marks_one_button_as_the_next(client, world):
    response = show(client, world, "proposal-chief", world.filed())
    assert body(response).count("btn-primary") == 1


def test_item_shows_document_deadlines_steps_and_timeline(client, world):
    task = world.assigned()
    page = body(show(client, world, "proposal-clerk", task.proposal))
    for words in (
        handled.TITLE,
        "一、情况与问题",
        "（二）",
        "签收",
        "次日起",
        "走到哪一步",
        "准予立案，编为第1号",
        "全部经过",
    ):
        assert words in page, words


def test_item_names_the_day_of_an_event_entered_later(client, world):
    case = world.filed()
    from core import audit

    audit.record(
        verb="proposal.note",
        summary="补登的事",
        root=case,
        subject=case,
        occurred_on=timezone.localdate() - timedelta(days=400),
    )
    page = body(show(client, world, "proposal-clerk", case, "?all=1"))
    assert "补登的事" in page
    assert str((timezone.localdate() - timedelta(days=400)).year) in page


def test_item_folds_the_earlier_events(client, world):
    reply = world.issued()
    case = reply.task.proposal
    first = show(client, world, "proposal-clerk", case)
    assert len(first.context["timeline"]) == 8
    assert len(show(client, world, "proposal-clerk", case, "?all=1").context["timeline"]) > 8


def test_first_opinion_stays_inside_the_office(client, world):
    case = drafting.submit(draft(world, category=world.filed().category), actor=world["member"])
    review.recommend(case, actor=world["proposal-clerk"], outcome="file", note="初审的话")
    assert "初审的话" in body(show(client, world, "proposal-chief", case, "?all=1"))
    assert "初审的话" not in body(show(client, world, "member", case, "?all=1"))


def test_reply_and_promises_stand_suggestion_by_suggestion(client, world):
    case = world.issued().task.proposal
    page = body(show(client, world, "member", case))
    for words in ("已完成62所学校登记", "40套周转房全部交付使用", "列入计划", "汉滨农函〔2026〕31号"):
        assert words in page, words


def test_unit_does_not_see_ratings_before_the_round_is_over(client, world):
    case = world.issued().task.proposal
    row = Feedback.objects.get(proposal=case)
    Feedback.objects.filter(pk=row.pk).update(
        state="answered", attitude="satisfied", result="basically", text="很尽心", answered_on=timezone.localdate()
    )
    assert "很尽心" not in body(show(client, world, "unit", case))
    assert "本轮结束以后公布" in body(show(client, world, "unit", case))
    assert "很尽心" in body(show(client, world, "proposal-clerk", case))
    assert "很尽心" in body(show(client, world, "member", case))


def test_contact_is_shown_to_who_handles_the_case_only(client, world):
    task = world.assigned()
    phone = task.proposal.proposers.get(order=0)
    phone.contact_phone = "13899990000"
    phone.save()
    assert "13899990000" in body(show(client, world, "unit", task.proposal))
    assert "13899990000" not in body(show(client, world, "district-leader", task.proposal))


def test_changed_words_are_marked_beside_the_old_ones(client, world):
    case = world.filed()
    client.force_login(world["proposal-clerk"])
    url = reverse("proposals:act", args=[case.pk, "edit_wording"])
    data = {
        "title": case.title, "situation": "教师住得很远，留不住人。", "analysis": case.analysis, "reason": "补一个字",
        "suggestion_1": handled.ASKS[0], "suggestion_2": handled.ASKS[1],
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    page = body(show(client, world, "member", case))
    assert "<ins>很</ins>" in page
    assert "补一个字" in page


def test_wording_form_keeps_fields_when_the_reason_is_missing(client, world):
    case = world.filed()
    client.force_login(world["proposal-clerk"])
    url = reverse("proposals:act", args=[case.pk, "edit_wording"])
    data = {
        "title": "改过的案由",
        "situation": "改过。",
        "analysis": "",
        "reason": "",
        "suggestion_1": "一",
        "suggestion_2": "二",
    }
    page = body(client.post(url, data))
    assert "请写明修改的理由" in page
    assert "改过的案由" in page
    assert Proposal.objects.get(pk=case.pk).title == case.title


def test_withdrawal_asks_for_a_reason_and_for_certainty(client, world):
    case = drafting.submit(draft(world, category=world.filed().category), actor=world["member"])
    client.force_login(world["member"])
    url = reverse("proposals:act", args=[case.pk, "withdraw"])
    assert "请写明理由" in body(client.post(url, {"reason": ""}))
    assert "撤案后这件提案不再办理" in body(client.post(url, {"reason": "另有打算"}))
    assert Proposal.objects.get(pk=case.pk).status == "submitted"
    client.post(url, {"reason": "另有打算", "confirmed": "1"})
    assert Proposal.objects.get(pk=case.pk).status == "withdrawn"


@pytest.mark.parametrize("verb", ["mark_key", "publish", "withhold", "archive", "edit_wording", "end_follow_up"])
def test_act_that_is_not_allowed_says_so_and_changes_nothing(client, world, verb):
    case = world.filed()
    client.force_login(world["member"])
    answer = client.post(reverse("proposals:act", args=[case.pk, verb]), {"reason": "x", "confirmed": "1"}, follow=True)
    assert "没有" in body(answer)
    case.refresh_from_db()
    assert (case.status, case.is_key, case.published_on) == ("filed", False, None)


def test_unknown_act_is_not_found(client, world):
    case = world.filed()
    client.force_login(world["proposal-clerk"])
    assert client.post(reverse("proposals:act", args=[case.pk, "explode"])).status_code == 404


def test_key_proposal_gets_its_leader(client, world):
    case = world.filed()
    client.force_login(world["proposal-chief"])
    client.post(reverse("proposals:act", args=[case.pk, "mark_key"]), {"leader": "王主席", "batch": "第一批"})
    assert "王主席领衔督办" in body(show(client, world, "member", case))


def test_print_is_a_document_without_menu_and_telephone(client, world):
    task = world.assigned()
    client.force_login(world["proposal-clerk"])
    page = body(client.get(reverse("proposals:print", args=[task.proposal_id])))
    assert handled.TITLE in page
    assert 'class="side"' not in page
    assert task.proposal.proposers.get(order=0).contact_phone not in page


def test_merged_case_leads_to_the_main_one(client, world):
    main = world.filed()
    case = drafting.submit(draft(world, category=main.category), actor=world["member"])
    case = review.recommend(case, actor=world["proposal-clerk"], outcome="merge", main_case=main)
    review.decide(case, actor=world["proposal-chief"], outcome="merge")
    assert f'href="{main.get_absolute_url()}"' in body(show(client, world, "member", case))
    assert case.title in body(show(client, world, "proposal-clerk", main))


def test_item_costs_a_bounded_number_of_queries(client, world):
    case = world.issued().task.proposal
    for _ in range(2):
        show(client, world, "proposal-clerk", case)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("proposals:item", args=[case.pk]))
    for unit in (world.unit2,):
        UnitTask.objects.create(proposal=case, unit=unit, role="support", assigned_on=timezone.localdate())
    deadlines.void_case(case)
    with CaptureQueriesContext(connection) as more:
        client.get(reverse("proposals:item", args=[case.pk]))
    assert len(more) <= len(one) <= BUDGET, len(one)
