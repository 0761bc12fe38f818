"""Whole stories at the level of services: feedback, closing, re-handling, merging, promises."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import options
from core.errors import Refusal
from core.models import Deadline
from proposals.models import Feedback, Promise, Proposal, ProposalRevision, Proposer, ResultClass
from proposals.services import assignment, drafting, feedback, promises, publishing, replying, review
from tests import factories as make
from tests.proposals.story import BAD, GOOD


def kinds(case) -> dict[str, int]:
    """Open deadlines of a case by kind."""
    found: dict[str, int] = {}
    for kind in Deadline.objects.of_case(case).open().values_list("kind", flat=True):
        found[kind] = found.get(kind, 0) + 1
    return found


def test_case_goes_from_draft_to_archive(world):
    case = world.submitted()
    assert case.status == "submitted"
    assert case.intake_no == f"{timezone.localdate().year}-0001"
    assert case.in_session is False
    first = case.proposers.get()
    assert (first.contact_name, first.contact_phone) == ("张立", "13812345678")

    case = review.recommend(case, actor=world.clerk, outcome="file")
    assert (case.status, case.first_reviewer, case.number) == ("reviewing", world.clerk, None)
    case = review.decide(case, actor=world.second, outcome="file")
    assert (case.status, case.number) == ("filed", 1)
    assert kinds(case) == {"assign": 1}

    case = world.assigned(case)
    assert (case.status, case.lead_unit) == ("assigned", world.unit)
    assert kinds(case) == {"receipt": 1, "contact": 1, "reply": 1}
    assert case.next_due_label == "签收"

    task = assignment.sign_receipt(world.task(case), actor=world.operator)
    case.refresh_from_db()
    assert (task.status, case.status) == ("signed", "handling")
    assert case.next_due_label == "面商"

    case = world.replied(case)
    assert (case.status, case.result_class.letter) == ("replied", "A")
    assert kinds(case) == {"feedback": 1, "publish": 1}

    case = world.judge(case)
    assert (case.status, case.rating, case.attitude) == ("closed", "satisfied", "satisfied")
    assert kinds(case) == {"publish": 1}
    assert case.next_due is None
    assert feedback.archive(case, actor=world.clerk).status == "archived"


def test_intake_number_stays_when_submitted_again(world):
    case = world.submitted()
    number, first_day = case.intake_no, case.submitted_on
    case = review.recommend(case, actor=world.clerk, outcome="return", note="请分成两件")
    assert case.status == "returned"
    case = drafting.save_draft(case, actor=world.member.user, title="关于一件事的建议")
    case = drafting.submit(case, actor=world.member.user)
    assert (case.intake_no, case.submitted_on, case.status) == (number, first_day, "submitted")
    assert world.submitted().intake_no.endswith("-0002")


def test_case_number_only_at_filing_and_without_gaps(world):
    first, second = world.reviewed(), world.reviewed()
    with pytest.raises(Refusal, match="同一个人"):
        review.decide(first, actor=world.clerk, outcome="file")
    assert review.decide(second, actor=world.second, outcome="file").number == 1
    assert review.decide(first, actor=world.second, outcome="file").number == 2


def test_batch_decides_in_order_of_intake_and_names_the_refused(world):
    cases = [world.reviewed() for _ in range(3)]
    review.decide(cases[1], actor=world.second, outcome="refuse", ground=make.GroundFactory())
    result = review.decide_many([row.pk for row in reversed(cases)], actor=world.second, outcome="file")
    assert [row.number for row in result.done] == [1, 2]
    assert [row.intake_no for row in result.done] == [cases[0].intake_no, cases[2].intake_no]
    assert [(row.pk, "不立案" in why) for row, why in result.refused] == [(cases[1].pk, True)]


def test_second_review_takes_over_the_first_opinion(world):
    ground = make.GroundFactory()
    case = review.recommend(
        world.submitted(), actor=world.clerk, outcome="refuse", ground=ground, disposition="to_opinion"
    )
    case = review.decide(case, actor=world.second, outcome="refuse")
    assert (case.status, case.ground, case.disposition) == ("not_filed", ground, "to_opinion")


def test_filing_against_the_first_opinion_clears_its_ground(world):
    case = review.recommend(
        world.submitted(), actor=world.clerk, outcome="refuse", ground=make.GroundFactory(), disposition="to_upper"
    )
    case = review.decide(case, actor=world.second, outcome="file")
    assert (case.status, case.ground, case.disposition) == ("filed", None, "")


def test_disagreement_asks_for_a_new_first_opinion(world):
    case = review.decide(world.reviewed(), actor=world.second, outcome="disagree", note="宜并案")
    assert (case.status, case.first_reviewer, case.first_opinion) == ("reviewing", None, "")


def test_refusal_without_a_ground_is_refused(world):
    case = world.submitted()
    with pytest.raises(Refusal) as caught:
        review.recommend(case, actor=world.clerk, outcome="refuse")
    assert caught.value.field == "ground"
    case.refresh_from_db()
    assert (case.status, case.first_reviewer) == ("submitted", None)


def test_joint_case_takes_the_worst_judgement_and_is_handled_again(world):
    case = drafting.save_draft(
        world.draft(kind="joint"), actor=world.member.user, cosigners=[world.other, make.MemberFactory()]
    )
    case = drafting.invite_cosigners(case, actor=world.member.user, until=timezone.localdate())
    drafting.answer_invitation(case, actor=world.other.user, agree=True)
    case = drafting.submit(case, actor=world.member.user)
    assert sorted(case.proposers.values_list("state", flat=True)) == ["confirmed", "confirmed", "dropped"]
    case = review.recommend(case, actor=world.clerk, outcome="file")
    case = world.replied(world.handling(review.decide(case, actor=world.second, outcome="file")))
    assert case.feedback.count() == 2

    case = world.judge(case)
    assert case.status == "replied"
    case = world.judge(case, world.other, BAD)
    assert (case.status, case.round, case.rating) == ("rehandling", 2, "unsatisfied")
    assert kinds(case) == {"reply": 1}
    assert world.task(case).status == "working"
    reply = replying.draft_reply(world.task(case), actor=world.operator)
    done = ResultClass.objects.get(letter="A")
    items = {row.pk: {"text": "已办。", "result_class": done} for row in case.suggestions.all()}
    reply = replying.save_reply(reply, actor=world.operator, items=items, result_class=done)
    with pytest.raises(Refusal, match="沟通"):
        replying.approve(reply, actor=world.leader)

    case = world.replied(case)
    assert (case.status, case.feedback.filter(round=2).count()) == ("replied", 2)
    case = world.judge(world.judge(case), world.other)
    assert (case.status, case.rating) == ("closed", "satisfied")


def test_first_proposers_judgement_counts_where_staff_chose_so(world):
    options.set_value("proposals.joint_rating", "first", actor=world.chief)
    case = world.filed()
    Proposer.objects.create(proposal=case, member=world.other, name="李芳", order=1)
    case = world.replied(world.handling(case))
    case = world.judge(case)
    case = world.judge(case, world.other, {**GOOD, "result": "basically"})
    assert (case.status, case.rating) == ("closed", "satisfied")


def test_unsatisfied_needs_its_reason(world):
    case = world.replied()
    with pytest.raises(Refusal) as caught:
        world.judge(case, judgement={**BAD, "text": "  "})
    assert caught.value.field == "text"
    assert Feedback.objects.get().state == "waiting"


def test_only_the_proposer_answers_and_the_office_enters_paper(world):
    row = world.replied().feedback.get()
    for actor in (world.other.user, world.operator, world.clerk):
        with pytest.raises(Refusal, match="本人"):
            feedback.answer(row, actor=actor, **GOOD)
    with pytest.raises(Refusal, match="权限"):
        feedback.answer(row, actor=world.operator, entered=True, **GOOD)
    day = timezone.localdate() - timedelta(days=1)
    row = feedback.answer(row, actor=world.clerk, entered=True, on=day, **GOOD)
    assert (row.state, row.entered_by, row.answered_on) == ("answered", world.clerk, day)


def test_silence_is_not_satisfaction(world):
    case = world.replied()
    due = Deadline.objects.of(case.feedback.get()).get().due
    assert feedback.lapse_due(due) == 0
    assert feedback.lapse_due(due + timedelta(days=1)) == 1
    assert feedback.lapse_due(due + timedelta(days=1)) == 0
    case.refresh_from_db()
    assert (case.status, case.rating, case.attitude) == ("closed", "no_response", "no_response")
    assert case.feedback.get().state == "no_response"


def test_second_unsatisfied_asks_the_office_to_coordinate(world):
    from core import outbox

    case = world.judge(world.replied(), judgement=BAD)
    case = world.judge(world.replied(case), judgement=BAD)
    assert (case.status, case.round) == ("rehandling", 3)
    outbox.run_pending()
    titles = list(world.chief.notices.values_list("title", flat=True))
    assert any(title.startswith("再次不满意，请协调") for title in titles)


def test_proposers_of_merged_cases_judge_each_for_himself(world):
    main = world.filed()
    twin = review.recommend(world.submitted(world.other), actor=world.clerk, outcome="merge", main_case=main)
    twin = review.decide(twin, actor=world.second, outcome="merge")
    assert (twin.status, twin.merged_into, twin.number) == ("merged", main, None)
    main = world.replied(world.handling(main))
    assert {row.proposer.name for row in main.feedback.all()} == {"张立", "李芳"}
    assert Proposal.objects.visible_to(world.other.user).filter(pk=main.pk).exists()
    main = world.judge(main)
    assert main.status == "replied"
    assert world.judge(main, world.other, BAD).status == "rehandling"


def test_merging_into_an_answered_case_asks_the_newcomer_only(world):
    main = world.replied()
    main_feedback = main.feedback.get()
    twin = review.recommend(world.submitted(world.other), actor=world.clerk, outcome="merge", main_case=main)
    review.decide(twin, actor=world.second, outcome="merge")
    assert main.feedback.count() == 2
    assert Feedback.objects.get(proposer__member=world.other).proposal == main
    assert main.feedback.filter(pk=main_feedback.pk, state="waiting").exists()


@pytest.mark.parametrize("wrong", ["itself", "unfiled", "closed"])
def test_merging_needs_a_running_filed_case(world, wrong):
    case = world.submitted(world.other)
    main = {"itself": lambda: case, "unfiled": world.submitted, "closed": lambda: world.judge(world.replied())}[wrong]()
    with pytest.raises(Refusal) as caught:
        review.recommend(case, actor=world.clerk, outcome="merge", main_case=main)
    assert caught.value.field == "main_case"


def test_reply_with_promises_is_followed_until_they_are_kept(world):
    case = world.handling()
    case = world.replied(case, letter="B", promises=[world.promise(case)])
    case = world.judge(case)
    assert case.status == "follow_up"
    assert kinds(case) == {"promise": 1, "publish": 1}
    promise = promises.keep_promise(Promise.objects.get(), actor=world.operator, on=timezone.localdate(), note="已完成")
    assert promise.kept_on == timezone.localdate()
    assert kinds(case) == {"publish": 1}
    done = ResultClass.objects.get(letter="A")
    with pytest.raises(Refusal, match="理由"):
        feedback.end_follow_up(case, actor=world.clerk, result_class=done, reason="")
    case = feedback.end_follow_up(case, actor=world.clerk, result_class=done, reason="现场核实")
    assert (case.status, case.result_class) == ("closed", done)


def test_class_that_needs_a_promise_is_not_signed_without_one(world):
    case = world.handling()
    with pytest.raises(Refusal, match="承诺"):
        replying.approve(world.written(case, letter="B"), actor=world.leader)


def test_broken_promise_reopens_the_follow_up_and_tells_the_proposer(world):
    from core import outbox

    case = world.handling()
    case = world.replied(case, letter="A", promises=[world.promise(case, days=5)])
    case = world.judge(case)
    assert case.status == "closed"
    feedback.lapse_due(timezone.localdate() + timedelta(days=6))
    feedback.lapse_due(timezone.localdate() + timedelta(days=7))
    case.refresh_from_db()
    assert case.status == "follow_up"
    outbox.run_pending()
    late = world.member.user.notices.filter(title__startswith="承诺到期未兑现")
    assert late.count() == 1


def test_lead_waits_for_every_support_unit_to_agree(world):
    case = world.handling(supports=[world.support])
    with pytest.raises(Refusal, match="会签"):
        replying.approve(world.written(case), actor=world.leader)
    reply = case.tasks.get(role="lead").letters.get()
    reply = replying.send_cosign(reply, actor=world.operator)
    opinion = reply.cosigns.get()
    with pytest.raises(Refusal, match="没有同意"):
        replying.approve(reply, actor=world.leader)
    with pytest.raises(Refusal, match="权限"):
        replying.answer_cosign(opinion, actor=world.operator, agree=True)
    replying.answer_cosign(opinion, actor=world.support_operator, agree=False, text="资金来源不实")
    reply.refresh_from_db()
    assert (reply.status, "资金来源不实" in reply.sent_back_reason) == ("draft", True)
    reply = replying.send_cosign(reply, actor=world.operator)
    replying.answer_cosign(reply.cosigns.get(), actor=world.support_operator, agree=True)
    assert replying.approve(reply, actor=world.leader).status == "unit_approved"


def test_split_case_is_replied_when_every_unit_has(world):
    third = make.HandlingUnitFactory()
    third_user = make.UserFactory(roles=[("unit_operator", third), ("unit_leader", third)])
    case = assignment.assign(world.filed(), actor=world.inspection, mode="split", splits=[world.unit, third])
    mine, theirs = (case.tasks.get(unit=unit) for unit in (world.unit, third))
    assignment.sign_receipt(mine, actor=world.operator)
    assert Proposal.objects.get(pk=case.pk).status == "assigned"
    assignment.sign_receipt(theirs, actor=third_user)
    assert Proposal.objects.get(pk=case.pk).status == "handling"
    for task, operator, leader, letter in (
        (mine, world.operator, world.leader, "C"),
        (theirs, third_user, third_user, "A"),
    ):
        assert Proposal.objects.get(pk=case.pk).status == "handling"
        reply = replying.approve(world.written(case, task=task, operator=operator, letter=letter), actor=leader)
        reply = replying.send_to_office(reply, actor=operator, document_no="发〔2026〕2号")
        replying.issue(reply, actor=world.inspection)
    case = Proposal.objects.get(pk=case.pk)
    assert (case.status, case.result_class.letter) == ("replied", "C")


def test_letter_needs_its_number_and_the_office_may_send_it_back(world):
    case = world.handling()
    reply = replying.approve(world.written(case), actor=world.leader)
    with pytest.raises(Refusal, match="发文字号"):
        replying.send_to_office(reply, actor=world.operator)
    reply = replying.send_to_office(reply, actor=world.operator, document_no="发〔2026〕3号")
    assert world.task(case).status == "submitted"
    reply = replying.office_return(reply, actor=world.inspection, reason="分类不当")
    assert (reply.status, reply.signed_by, world.task(case).status) == ("draft", None, "working")


def test_transfer_stops_the_clock_of_the_unit_that_keeps_the_case(world, today_is):
    today_is(date(2026, 4, 1))
    case = world.assigned()
    before = Deadline.objects.of(world.task(case)).open().get(kind="receipt").due
    today_is(date(2026, 4, 2))
    task = assignment.request_transfer(world.task(case), actor=world.operator, reason="不归我局管")
    assert kinds(case) == {"transfer_decision": 1}
    today_is(date(2026, 4, 8))
    task = assignment.decide_transfer(task, actor=world.inspection, agree=False, reason="职责清单写明")
    assert task.status == "upheld"
    row = Deadline.objects.of(task).open().get(kind="receipt")
    assert row.due > before
    assert row.pauses == [["2026-04-02", "2026-04-08"]]
    assert kinds(case) == {"receipt": 1, "contact": 1, "reply": 1}
    assert assignment.sign_receipt(task, actor=world.operator).status == "signed"


def test_agreed_transfer_gives_the_case_to_the_new_unit(world):
    case = world.assigned()
    old = assignment.request_transfer(
        world.task(case), actor=world.operator, reason="不归我局管", suggested=world.support
    )
    new = assignment.decide_transfer(old, actor=world.inspection, agree=True)
    case.refresh_from_db()
    old.refresh_from_db()
    assert (old.status, new.status, new.unit, case.lead_unit) == ("reassigned", "pending", world.support, world.support)
    assert not Deadline.objects.of(old).open().exists()
    assert not Proposal.objects.visible_to(world.operator).filter(pk=case.pk).exists()


def test_transfer_is_refused_after_its_term(world):
    case = world.assigned()
    task = world.task(case)
    task.assigned_on = timezone.localdate() - timedelta(days=30)
    task.save()
    with pytest.raises(Refusal, match="已经过了"):
        assignment.request_transfer(task, actor=world.operator, reason="不归我局管")


def test_granted_extension_moves_the_term_and_arms_its_reminders_again(world):
    case = world.handling()
    task = world.task(case)
    old = Deadline.objects.of(task).open().get(kind="reply")
    Deadline.objects.filter(pk=old.pk).update(stage=2)
    with pytest.raises(Refusal) as caught:
        assignment.request_extension(task, actor=world.operator, until=old.due + timedelta(days=200), reason="工程量大")
    assert caught.value.field == "until"
    until = old.due + timedelta(days=30)
    task = assignment.request_extension(task, actor=world.operator, until=until, reason="工程量大")
    task = assignment.decide_extension(task, actor=world.inspection, agree=True)
    new = Deadline.objects.of(task).open().get(kind="reply")
    assert (task.status, task.extension_count, new.due, new.stage) == ("working", 1, until, 0)
    old.refresh_from_db()
    assert old.void


def test_withdrawn_case_is_nobodys_work_any_more(world):
    case = world.assigned()
    with pytest.raises(Refusal, match="权限"):
        review.withdraw(case, actor=world.member.user, reason="已解决")
    case = review.withdraw(case, actor=world.chief, reason="提案者来函，已解决")
    assert (case.status, kinds(case)) == ("withdrawn", {})
    with pytest.raises(Refusal, match="已撤案"):
        assignment.sign_receipt(world.task(case), actor=world.operator)


def test_two_editors_of_one_draft_are_told_of_each_other(world):
    case = world.draft()
    drafting.save_draft(case, actor=world.member.user, version=case.version, title="关于甲的建议")
    with pytest.raises(Refusal, match="张立在") as caught:
        drafting.save_draft(case, actor=world.member.user, version=case.version, title="关于乙的建议")
    assert caught.value.field == "version"


def test_wording_edit_keeps_what_stood_before(world):
    case = drafting.edit_wording(
        world.submitted(),
        actor=world.clerk,
        title="关于改善农村饮水安全的建议",
        situation="部分村组饮水困难。",
        analysis="管网老化。",
        suggestions=["改造旧管网。", "定期检测水质。"],
        reason="规范案由",
    )
    kept = ProposalRevision.objects.get(proposal=case)
    assert (kept.title, kept.suggestions) == ("关于改善农村饮水的建议", ["改造管网。", "定期检测水质。"])
    assert (case.title, case.suggestions.first().text) == ("关于改善农村饮水安全的建议", "改造旧管网。")


def test_submission_names_everything_that_is_missing(world):
    case = drafting.create_draft(actor=world.member.user, kind="individual")
    with pytest.raises(Refusal, match="案由、情况与问题、至少一条建议、类别"):
        drafting.submit(case, actor=world.member.user)


def test_office_enters_a_paper_proposal_for_a_member(world):
    case = drafting.create_draft(actor=world.clerk, kind="individual", member=world.member, is_entered=True)
    assert (case.proposer_name, case.is_entered, case.created_by) == ("张立", True, world.clerk)
    with pytest.raises(Refusal, match="自己的名义"):
        drafting.create_draft(actor=world.other.user, kind="individual", member=world.member)


def test_publication_needs_consent(world):
    case = world.replied()
    Proposal.objects.filter(pk=case.pk).update(publish_consent=False)
    with pytest.raises(Refusal, match="不同意公开"):
        publishing.publish(case, actor=world.clerk)
    Proposal.objects.filter(pk=case.pk).update(publish_consent=True)
    assert publishing.publish(case, actor=world.clerk).published_on == timezone.localdate()
