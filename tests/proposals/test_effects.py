"""Who learns what after each move, once, with the page of the next act."""

import pytest

from core import audit, outbox
from core.models import Effect, Notice
from proposals.services import assignment, drafting, replying, review
from tests import factories as make


def deliver() -> None:
    """Carry out all consequences; none may fail."""
    outbox.run_pending()
    assert not Effect.objects.filter(done_at=None).exists()


def titles(person) -> list[str]:
    """What a person was told, oldest first."""
    return list(person.notices.order_by("id").values_list("title", flat=True))


def test_every_person_concerned_is_told_along_the_way(world):
    case = world.submitted()
    deliver()
    assert [title.split("《")[0] for title in titles(world.member.user)] == ["提案"]
    assert [title.split("《")[0] for title in titles(world.clerk)] == ["收到提案"]
    case = review.recommend(case, actor=world.clerk, outcome="file")
    case = review.decide(case, actor=world.second, outcome="file")
    case = world.handling(case)
    case = world.replied(case)
    deliver()
    world.judge(case)
    deliver()
    assert [title.split("《")[0] for title in titles(world.member.user)] == [
        "提案", "提案已立案", "提案已交办", "答复已送达，请您反馈", "提案已办结",
    ]  # fmt: skip
    assert [title.split("《")[0] for title in titles(world.operator)] == [
        "新交办提案", "答复函已签发", "答复函已送达委员", "提案已办结",
    ]  # fmt: skip
    assert any(title.endswith("（第1号）") for title in titles(world.inspection))


def test_units_never_learn_who_judged_how(world):
    case = world.judge(world.replied())
    deliver()
    told = "".join(f"{row.title}{row.body}" for row in Notice.objects.filter(recipient=world.operator))
    logged = [row for row in audit.timeline(case) if row.verb == "feedback.answer"]
    assert [row.summary for row in logged] == ["张立反馈意见"]
    assert "满意" not in told
    assert "satisfied" not in str(logged[0].detail)


def test_carried_out_twice_tells_once(world):
    world.submitted()
    deliver()
    before = Notice.objects.count()
    Effect.objects.update(done_at=None)
    deliver()
    assert Notice.objects.count() == before


def test_returned_text_comes_with_its_reason_each_time(world):
    case = world.submitted()
    for reason in ("请补充数据", "请分成两件"):
        case = review.recommend(case, actor=world.clerk, outcome="return", note=reason)
        case = drafting.submit(case, actor=world.member.user)
    deliver()
    bodies = world.member.user.notices.filter(title__startswith="提案退回修改").values_list("body", flat=True)
    assert sorted(bodies) == ["理由：请分成两件\n请修改后重新提交。", "理由：请补充数据\n请修改后重新提交。"]


def test_refusal_names_ground_and_disposition(world):
    ground = make.GroundFactory(name="属于学术研讨")
    case = review.recommend(
        world.submitted(), actor=world.clerk, outcome="refuse", ground=ground, disposition="to_opinion"
    )
    review.decide(case, actor=world.second, outcome="refuse")
    deliver()
    body = world.member.user.notices.get(title__startswith="提案未予立案").body
    assert body == "理由：属于学术研讨。去向：转社情民意。"


@pytest.mark.parametrize("agree", [True, False])
def test_transfer_and_its_decision_reach_the_right_units(world, agree):
    new = make.HandlingUnitFactory()
    new_operator = make.UserFactory(roles=[("unit_operator", new)])
    task = assignment.request_transfer(world.task(world.assigned()), actor=world.operator, reason="不归我局管")
    assignment.decide_transfer(task, actor=world.inspection, agree=agree, new_unit=new, reason="职责所在")
    deliver()
    assert any("申请改办" in title for title in titles(world.inspection))
    assert any(title.startswith("同意改办" if agree else "维持交办") for title in titles(world.operator))
    assert bool(titles(new_operator)) is agree


def test_co_signers_are_asked_and_their_answers_told(world):
    case = drafting.save_draft(world.draft(kind="joint"), actor=world.member.user, cosigners=[world.other])
    case = drafting.invite_cosigners(case, actor=world.member.user, until=case.created_at.date().replace(year=2099))
    for _ in range(2):
        drafting.remind_cosigners(case, actor=world.member.user)
    deliver()
    drafting.answer_invitation(case, actor=world.other.user, agree=True)
    deliver()
    assert [title.split("：")[0] for title in titles(world.other.user)] == [
        "张立请您联名", "张立提醒您答复联名邀请",
    ]  # fmt: skip
    assert titles(world.member.user) == [f"李芳同意联名：{case.title}"]


def test_letter_sent_back_tells_its_writer_why(world):
    reply = world.at_office(world.handling())
    replying.office_return(reply, actor=world.inspection, reason="分类不当")
    deliver()
    message = world.operator.notices.get(title__startswith="答复函退回修改")
    assert message.body.startswith("理由：分类不当")
    assert message.url == f"/proposals/replies/{reply.pk}/"


def test_merged_proposers_are_told_of_the_common_answer(world):
    main = world.filed()
    twin = review.recommend(world.submitted(world.other), actor=world.clerk, outcome="merge", main_case=main)
    review.decide(twin, actor=world.second, outcome="merge")
    world.replied(world.handling(main))
    deliver()
    assert any(title.startswith("您的提案已并案") for title in titles(world.other.user))
    assert any(title.startswith("答复已送达，请您反馈") for title in titles(world.other.user))
