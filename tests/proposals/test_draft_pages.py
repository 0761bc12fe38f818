"""Writing a proposal in the browser: two screens, saving by itself, conflicts, co-signers, handing in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import attachments
from members.models import Body, Member, RoleGrant
from proposals.models import Category, Proposal, Proposer
from proposals.services import drafting
from tests import handled

pytestmark = pytest.mark.django_db
NEW = "/proposals/new/"
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def body(response) -> str:
    """The page as text."""
    return response.content.decode()


def text(**changes) -> dict:
    """What screen one posts."""
    return {
        "kind": "individual",
        "title": "关于完善供水管护的建议",
        "category": str(Category.objects.get(code="society").pk),
        "situation": "管护责任不清。",
        "analysis": "重建轻管。",
        "ask": ["建立管护责任清单。", "经费列入预算。"],
        "page_token": "t1",
        "next": "1",
    } | changes


def second(**changes) -> dict:
    """What screen two posts."""
    return {
        "publish_consent": "1",
        "page_token": "t2",
        "contact_name": "刘玥",
        "contact_phone": "13812345678",
    } | changes


def draft(world, kind="individual", **values) -> Proposal:
    """A complete draft of ``member``."""
    values = {
        "title": "关于甲的建议", "situation": "情况。", "analysis": "分析。", "suggestions": ["第一条建议。"],
        "category": Category.objects.get(code="society"),
    } | values  # fmt: skip
    return drafting.create_draft(actor=world["member"], kind=kind, **values)


def test_new_stores_the_draft_and_goes_to_screen_two(client, world):
    client.force_login(world["member"])
    answer = client.post(NEW, text())
    case = Proposal.objects.get()
    assert answer.url == reverse("proposals:finish", args=[case.pk])
    assert case.title == "关于完善供水管护的建议"
    assert [row.text for row in case.suggestions.all()] == ["建立管护责任清单。", "经费列入预算。"]
    assert case.proposer_name == world["member"].member.name


def test_new_names_every_error_at_the_top_and_at_its_field_and_keeps_the_words(client, world):
    client.force_login(world["member"])
    page = body(client.post(NEW, text(title="长" * 58, category="", ask=["第一条。", ""])))
    assert "现在58字，请删去8字" in page
    assert page.count("拿不准选“其他”") == 2
    assert "请写上内容，或者删去这一条" in page
    assert "长" * 58 in page
    assert "管护责任不清。" in page
    assert not Proposal.objects.exists()


def test_draft_may_be_left_incomplete(client, world):
    client.force_login(world["member"])
    data = text(later="1", category="", situation="", ask=[""])
    del data["next"]
    answer = client.post(NEW, data)
    case = Proposal.objects.get()
    assert answer.url == reverse("proposals:edit", args=[case.pk])
    assert case.status == "draft"


def test_suggestions_are_added_and_taken_out_without_scripts(client, world):
    client.force_login(world["member"])
    page = client.post(NEW, text(add="1"))
    assert [row["text"] for row in page.context["form"].ask_rows] == ["建立管护责任清单。", "经费列入预算。", ""]
    page = client.post(NEW, text(drop="1"))
    assert [row["text"] for row in page.context["form"].ask_rows] == ["经费列入预算。"]
    assert not Proposal.objects.exists()


def test_autosave_makes_one_draft_however_often_it_saves(client, world):
    client.force_login(world["member"])
    answer = client.post("/proposals/autosave/", text(title="关于", ask=[""])).json()
    case = Proposal.objects.get()
    assert answer["url"] == reverse("proposals:autosave", args=[case.pk])
    assert len(answer["saved_at"]) == 5
    client.post(answer["url"], text(title="关于甲", version=""))
    client.post(NEW, text(title="关于甲的建议"))
    assert Proposal.objects.get().title == "关于甲的建议"


def test_autosave_keeps_the_page_that_saved_from_conflicting_with_itself(client, world):
    case = draft(world)
    client.force_login(world["member"])
    url = reverse("proposals:autosave", args=[case.pk])
    for title in ("一稿", "二稿", "三稿"):
        assert client.post(url, text(title=title, version=str(case.version))).status_code == 200
    answer = client.post(reverse("proposals:edit", args=[case.pk]), text(title="四稿的建议", version=str(case.version)))
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.title == "四稿的建议"


def test_autosave_of_somebody_elses_draft_is_not_found(client, world):
    case = draft(world)
    client.force_login(world["member2"])
    assert client.post(reverse("proposals:autosave", args=[case.pk]), text()).status_code == 404
    assert client.post(reverse("proposals:autosave_finish", args=[case.pk]), second()).status_code == 404
    client.force_login(world["leader"])
    assert client.post("/proposals/autosave/", text()).status_code == 404
    assert client.get(NEW).status_code == 404


def test_conflict_shows_theirs_beside_ours_and_stores_what_is_chosen(client, world):
    case = draft(world)
    drafting.save_draft(case, actor=world["member"], title="别处改的案由", situation="别处改的情况。")
    client.force_login(world["member"])
    url = reverse("proposals:edit", args=[case.pk])
    mine = text(title="我改的案由", situation="我改的情况。", version=str(case.version))
    answer = client.post(url, mine)
    page = body(answer)
    assert answer.status_code == 409
    for words in ("别处改的案由", "我改的案由", "照选的存"):
        assert words in page
    current = Proposal.objects.get(pk=case.pk)
    chosen = mine | {
        "resolve": "chosen", "choose_title": "theirs", "choose_situation": "mine",
        "version": str(current.version), "page_token": "t9",
    }  # fmt: skip
    assert client.post(url, chosen).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.situation) == ("别处改的案由", "我改的情况。")


def test_submit_asks_first_then_gives_the_intake_number(client, world):
    case = draft(world)
    client.force_login(world["member"])
    url = reverse("proposals:finish", args=[case.pk])
    assert "退回以前不能再改" in body(client.post(url, second(submit="1")))
    assert Proposal.objects.get(pk=case.pk).status == "draft"
    page = client.post(url, second(submit="1", confirmed="1"), follow=True)
    case.refresh_from_db()
    assert case.status == "submitted"
    assert case.intake_no in body(page)
    assert case.proposers.get(order=0).contact_phone == "13812345678"


def test_submit_of_an_incomplete_text_says_what_is_missing(client, world):
    case = draft(world, situation="", category=None)
    client.force_login(world["member"])
    page = body(client.post(reverse("proposals:finish", args=[case.pk]), second(submit="1", confirmed="1")))
    assert "还缺情况与问题、类别" in page
    assert Proposal.objects.get(pk=case.pk).status == "draft"


def test_refusing_publication_needs_a_reason(client, world):
    case = draft(world)
    client.force_login(world["member"])
    url = reverse("proposals:finish", args=[case.pk])
    assert "请写明不公开的理由" in body(client.post(url, second(submit="1", publish_consent="0")))
    client.post(url, second(later="1", publish_consent="0", publish_refusal="涉及个人"))
    case.refresh_from_db()
    assert (case.publish_consent, case.publish_refusal) == (False, "涉及个人")


def test_more_units_than_allowed_are_refused_at_the_field(client, world):
    from members.models import HandlingUnit

    case = draft(world)
    client.force_login(world["member"])
    names = [f"第{n}号办事处" for n in "一二三四五六"]
    for name in names:
        HandlingUnit.objects.create(name=name, short_name=name, category="x")
    url = reverse("proposals:finish", args=[case.pk])
    page = body(client.post(url, second(later="1", suggested_units="、".join(names))))
    assert "选了6家，最多5家" in page
    assert case.suggested_units.count() == 0
    assert "没有“火星局”这家单位" in body(client.post(url, second(later="1", suggested_units="火星局")))
    client.post(url, second(later="1", suggested_units="、".join(names[:2])))
    assert case.suggested_units.count() == 2


def test_files_are_stored_and_a_lying_one_is_named(client, world):
    case = draft(world)
    client.force_login(world["member"])
    url = reverse("proposals:finish", args=[case.pk])
    good = SimpleUploadedFile("说明.pdf", PDF)
    bad = SimpleUploadedFile("视频.pdf", b"MZ not a pdf")
    page = body(client.post(url, second(upload="1", files=[good, bad]), follow=True))
    assert "说明.pdf" in page
    assert "“视频.pdf”没有收" in page
    row = attachments.files_of(case).get()
    client.post(url, second(drop_file=str(row.pk)))
    assert not attachments.files_of(case).exists()


def invited(client, world) -> Proposal:
    """A joint proposal whose co-signer was asked by the page."""
    case = draft(world, kind="joint")
    client.force_login(world["member"])
    url = reverse("proposals:finish", args=[case.pk])
    name = world["member2"].member.name
    client.post(url, second(add_co="1", add_cosigner=name, cosign_until=""))
    asked = case.proposers.get(order=1)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    client.post(url, second(invite="1", cosigners=[asked.member_id], cosign_until=until))
    return Proposal.objects.get(pk=case.pk)


def test_cosigner_is_asked_answers_himself_and_is_named(client, world):
    case = invited(client, world)
    assert case.status == "cosigning"
    url = reverse("proposals:cosign", args=[case.pk])
    client.force_login(world["member2"])
    assert "同意联名" in body(client.get(url))
    client.post(url, {"answer": "agree"})
    assert case.proposers.get(order=1).state == Proposer.State.CONFIRMED
    client.force_login(world["member"])
    client.post(reverse("proposals:finish", args=[case.pk]), {"submit": "1", "confirmed": "1"})
    case.refresh_from_db()
    assert case.status == "submitted"
    assert world["member2"].member.name in body(client.get(case.get_absolute_url()))


def test_cosigner_who_declines_is_told_so_and_not_named(client, world):
    case = invited(client, world)
    client.force_login(world["member2"])
    answer = client.post(reverse("proposals:cosign", args=[case.pk]), {"answer": "decline"}, follow=True)
    assert "已回复不联名" in body(answer)
    assert case.proposers.get(order=1).state == Proposer.State.DECLINED


def test_cosign_page_is_for_the_invited_only(client, world):
    case = invited(client, world)
    client.force_login(world["convener"])
    assert client.get(reverse("proposals:cosign", args=[case.pk])).status_code == 404
    client.force_login(world["member"])
    assert client.get(reverse("proposals:cosign", args=[case.pk])).status_code == 404


def test_unknown_cosigner_is_named_at_the_field(client, world):
    case = draft(world, kind="joint")
    client.force_login(world["member"])
    page = body(client.post(reverse("proposals:finish", args=[case.pk]), second(add_co="1", add_cosigner="查无此人")))
    assert "名册里没有“查无此人”" in page
    assert "查无此人" in page


def test_members_of_one_name_are_told_apart_by_sector(client, world):
    sectors = [Body.objects.create(kind="sector", name=name) for name in ("甲界", "乙界")]
    for number, sector in enumerate(sectors):
        Member.objects.create(code=f"S{number}", name="王芳", sector_id=sector.pk)
    case = draft(world, kind="joint")
    client.force_login(world["member"])
    url = reverse("proposals:finish", args=[case.pk])
    assert "有2位同名" in body(client.post(url, second(add_co="1", add_cosigner="王芳")))
    client.post(url, second(add_co="1", add_cosigner="王芳 乙界"))
    assert case.proposers.get(order=1).sector_name == "乙界"


def test_office_enters_a_paper_for_a_member(client, world):
    client.force_login(world["proposal-clerk"])
    name = world["member2"].member.name
    answer = client.post(NEW, text(member=name))
    case = Proposal.objects.get()
    assert answer.url == reverse("proposals:finish", args=[case.pk])
    assert (case.proposer_name, case.is_entered, case.created_by) == (name, True, world["proposal-clerk"])
    assert "名册里没有“某某”" in body(client.post(NEW, text(member="某某", page_token="t5")))


def test_contact_of_a_body_proposes_in_its_name(client, world):
    party = Body.objects.create(kind="party", name="民盟汉滨区总支")
    RoleGrant.objects.create(user=world["member2"], role="body_contact", body=party)
    client.force_login(world["member2"])
    assert "民盟汉滨区总支" in body(client.get(NEW))
    client.post(NEW, text(kind=f"party:{party.pk}"))
    case = Proposal.objects.get()
    assert (case.kind, case.proposer_name) == ("party", "民盟汉滨区总支")
    other = Body.objects.create(kind="party", name="别的党派")
    page = client.post(NEW, text(kind=f"party:{other.pk}", page_token="t6"))
    assert page.status_code == 200
    assert Proposal.objects.count() == 1


def test_returned_proposal_shows_the_opinion_and_is_handed_in_again(client, world):
    from proposals.services import review

    case = drafting.submit(draft(world), actor=world["member"])
    number = case.intake_no
    review.recommend(case, actor=world["proposal-clerk"], outcome="return", note="请补充数据。")
    client.force_login(world["member"])
    assert "请补充数据。" in body(client.get(reverse("proposals:edit", args=[case.pk])))
    client.post(reverse("proposals:finish", args=[case.pk]), second(submit="1", confirmed="1"))
    case.refresh_from_db()
    assert (case.status, case.intake_no) == ("submitted", number)


def test_submitted_text_cannot_be_opened_for_writing(client, world):
    case = drafting.submit(draft(world), actor=world["member"])
    client.force_login(world["member"])
    page = client.post(reverse("proposals:edit", args=[case.pk]), text(title="偷偷改"), follow=True)
    assert "不能再改" in body(page)
    case.refresh_from_db()
    assert case.title == "关于甲的建议"


def test_draft_is_deleted_after_asking(client, world):
    case = draft(world)
    client.force_login(world["member"])
    url = reverse("proposals:act", args=[case.pk, "delete"])
    assert "删除后不能恢复" in body(client.post(url, {"sure": "1"}))
    assert client.post(url, {"confirmed": "1"}).url == "/proposals/"
    assert not Proposal.objects.exists()
