"""Review in the browser: queue, two opinions by two people, filing many at once, the waiting list."""

import pytest
from django.urls import reverse

from core import options
from proposals.models import Category, Ground, Proposal
from proposals.services import drafting, review
from tests import handled

pytestmark = pytest.mark.django_db
QUEUE = "/proposals/review/"
BATCH = "/proposals/review/batch/"


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def body(response) -> str:
    """The page as text."""
    return response.content.decode()


def submitted(world, title="关于完善农村供水管护的建议") -> Proposal:
    """A proposal of ``member`` that waits for review."""
    case = drafting.create_draft(
        actor=world["member"], kind="individual", title=title, situation="情况。", analysis="分析。",
        suggestions=["建立管护责任清单，逐处明确责任。"], category=Category.objects.get(code="society"),
    )  # fmt: skip
    return drafting.submit(case, actor=world["member"])


def item(case) -> str:
    """The review page of a proposal."""
    return reverse("proposals:review_item", args=[case.pk])


def opinion(outcome="file", **values) -> dict:
    """What the form of the conclusion posts."""
    return {"outcome": outcome, "category": "", "main_case": "", "ground": "", "disposition": "", "note": ""} | values


def test_queue_opens_the_first_that_this_person_may_decide(client, world):
    first, second = submitted(world), submitted(world, "关于别的建议")
    client.force_login(world["proposal-clerk"])
    assert client.get(QUEUE).url == item(first)
    review.recommend(first, actor=world["proposal-clerk"], outcome="file")
    assert client.get(QUEUE).url == item(second)
    client.force_login(world["proposal-chief"])
    assert client.get(QUEUE).url == item(first)


def test_queue_is_for_the_office_only(client, world):
    case = submitted(world)
    for name in ("member", "inspection", "unit", "leader", "sysadmin"):
        client.force_login(world[name])
        assert client.get(QUEUE).status_code == 404, name
        assert client.get(item(case)).status_code == 404, name
        assert client.get(BATCH).status_code == 404, name


def test_empty_queue_says_so(client, world):
    client.force_login(world["proposal-clerk"])
    assert "没有等审查的提案" in body(client.get(QUEUE))


def test_two_people_file_a_proposal(client, world):
    case = submitted(world)
    client.force_login(world["proposal-clerk"])
    client.post(item(case), opinion(note="符合条件"))
    case.refresh_from_db()
    assert (case.first_opinion, case.status) == ("file", "reviewing")
    assert "初审和复审不能是同一个人" in body(client.get(item(case)))
    client.force_login(world["proposal-chief"])
    page = body(client.get(item(case)))
    assert "初审意见：准予立案" in page
    assert "符合条件" in page
    assert "案号不能收回" in body(client.post(item(case), opinion()))
    client.post(item(case), opinion(confirmed="1"))
    case.refresh_from_db()
    assert (case.status, case.number, case.second_reviewer) == ("filed", 1, world["proposal-chief"])


def test_one_person_cannot_do_both(client, world):
    case = submitted(world)
    client.force_login(world["proposal-clerk"])
    client.post(item(case), opinion())
    page = body(client.post(item(case), opinion(confirmed="1")))
    assert "初审和复审不能是同一个人" in page
    assert Proposal.objects.get(pk=case.pk).status == "reviewing"


def test_return_needs_a_reason_and_keeps_what_was_chosen(client, world):
    case = submitted(world)
    client.force_login(world["proposal-clerk"])
    page = body(client.post(item(case), opinion("return")))
    assert "请写明理由" in page
    assert 'value="return" checked' in page
    client.post(item(case), opinion("return", note="请补充数据。"))
    case.refresh_from_db()
    assert (case.status, case.decision_note) == ("returned", "请补充数据。")


def test_refusal_needs_a_ground_and_keeps_where_it_goes(client, world):
    case, ground = submitted(world), Ground.objects.first()
    client.force_login(world["proposal-clerk"])
    assert "不立案要选依据" in body(client.post(item(case), opinion("refuse")))
    client.post(item(case), opinion("refuse", ground=str(ground.pk), disposition="to_opinion"))
    client.force_login(world["proposal-chief"])
    client.post(item(case), opinion("refuse", ground=str(ground.pk), disposition="to_opinion", confirmed="1"))
    case.refresh_from_db()
    assert (case.status, case.ground, case.disposition) == ("not_filed", ground, "to_opinion")


def test_merge_finds_the_main_case_by_its_number(client, world):
    main, case = world.filed(), submitted(world)
    client.force_login(world["proposal-clerk"])
    assert "并案要写并入哪一件" in body(client.post(item(case), opinion("merge")))
    assert "没有第99号" in body(client.post(item(case), opinion("merge", main_case="99")))
    client.post(item(case), opinion("merge", main_case=f"第{main.number}号"))
    client.force_login(world["proposal-chief"])
    client.post(item(case), opinion("merge", main_case=str(main.number), confirmed="1"))
    case.refresh_from_db()
    assert (case.status, case.merged_into) == ("merged", main)


def test_first_note_is_carried_into_the_second_form_but_is_no_reason_to_disagree(client, world):
    case, note = submitted(world), "内容与第12号相近，数据请核。"
    client.force_login(world["proposal-clerk"])
    client.post(item(case), opinion("refuse", ground=str(Ground.objects.first().pk), note=note))
    client.force_login(world["proposal-chief"])
    response = client.get(item(case))
    assert response.context["form"]["note"].value() == note
    assert "初审的说明已带入" in body(response)
    assert "这是初审的原话" in body(client.post(item(case), opinion("disagree", note=note)))
    assert Proposal.objects.get(pk=case.pk).first_note == note


def test_second_may_disagree_with_a_reason(client, world):
    case = submitted(world)
    review.recommend(case, actor=world["proposal-clerk"], outcome="file")
    client.force_login(world["proposal-chief"])
    client.post(item(case), opinion("disagree", note="再看看依据"))
    case.refresh_from_db()
    assert (case.status, case.first_reviewer) == ("reviewing", None)


def test_checks_are_hints_about_length_and_near_titles(client, world):
    near, case = world.filed("关于加强农村供水管护的建议"), submitted(world)
    options.set_value("proposals.text_limit", 100, actor=world["proposal-chief"])
    Proposal.objects.filter(pk=case.pk).update(situation="字" * 200)
    client.force_login(world["proposal-clerk"])
    checks = {row.name: row for row in client.get(item(case)).context["checks"]}
    assert checks["字数"].look == "soon"
    assert any(near.get_absolute_url() == url for url, _ in checks["相近的"].links)
    client.post(item(case), opinion())
    assert Proposal.objects.get(pk=case.pk).first_opinion == "file"


def test_reviewed_proposal_leads_to_its_page(client, world):
    case = world.filed()
    client.force_login(world["proposal-clerk"])
    assert client.get(item(case)).url == case.get_absolute_url()


def test_batch_shows_the_numbers_to_come_and_gives_them_in_order(client, world):
    cases = [submitted(world, f"关于第{n}件事的建议") for n in range(3)]
    for case in cases:
        review.recommend(case, actor=world["proposal-clerk"], outcome="file")
    client.force_login(world["proposal-chief"])
    ids = ",".join(str(case.pk) for case in reversed(cases))
    page = client.get(f"{BATCH}?step=decide&ids={ids}")
    assert [number for _, number in page.context["rows"]] == [1, 2, 3]
    data = {"step": "decide", "go": "1", "pick": [case.pk for case in cases], "note": ""}
    assert "编了案号不能再改" in body(client.post(BATCH, data))
    done = body(client.post(BATCH, data | {"confirmed": "1"}, follow=True))
    assert "准予立案3件，编第1至3号" in done
    assert [Proposal.objects.get(pk=case.pk).number for case in cases] == [1, 2, 3]


def test_batch_leaves_out_what_cannot_be_done_and_says_why(client, world):
    mine, fresh, filed = submitted(world), submitted(world, "关于乙的建议"), world.filed()
    review.recommend(mine, actor=world["proposal-chief"], outcome="file")
    client.force_login(world["proposal-chief"])
    page = client.get(f"{BATCH}?step=decide&ids={mine.pk},{fresh.pk},{filed.pk},abc,999999")
    reasons = [reason for _, reason in page.context["unable"]]
    assert len(reasons) == 3
    assert any("初审是您提的" in reason for reason in reasons)
    assert page.context["rows"] == []
    client.post(BATCH, {"step": "decide", "go": "1", "pick": [mine.pk], "confirmed": "1"})
    assert Proposal.objects.get(pk=mine.pk).status == "reviewing"


def test_batch_of_nothing_leads_back(client, world):
    client.force_login(world["proposal-chief"])
    page = body(client.get(BATCH))
    assert "还没有选提案" in page
    assert f'href="{QUEUE}"' in page


def test_batch_of_first_opinions(client, world):
    cases = [submitted(world, f"关于第{n}件事的建议") for n in range(2)]
    client.force_login(world["proposal-clerk"])
    data = {"step": "recommend", "go": "1", "pick": [case.pk for case in cases], "note": "同意"}
    client.post(BATCH, data)
    assert set(Proposal.objects.values_list("first_opinion", flat=True)) == {"file"}
    assert client.get(f"{BATCH}?step=nonsense").status_code == 404


def test_waiting_list_holds_what_is_filed_and_leads_to_assignment(client, world):
    case = world.filed()
    submitted(world)
    client.force_login(world["inspection"])
    page = client.get("/proposals/assign/")
    assert [row.pk for row in page.context["rows"]] == [case.pk]
    assert reverse("proposals:assign", args=[case.pk]) in body(page)
    client.force_login(world["member"])
    assert client.get("/proposals/assign/").status_code == 404
