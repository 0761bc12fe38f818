"""Pages of the roll: filters, export, print list, batches, changes with their forms, photographs, corrections."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import Attachment, AuditEntry, Notice
from core.todos import collect
from members.models import (
    CorrectionRequest,
    Member,
    Membership,
    Placement,
    Role,
    RoleGrant,
    Term,
)
from members.services import membership
from tests.factories import (
    MemberFactory,
    SectorFactory,
    SpecialCommitteeFactory,
    StudioFactory,
    TermFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = date(2024, 3, 1)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def enter(client, *roles):
    user = UserFactory(roles=roles)
    client.force_login(user, backend=BACKEND)
    return user


@pytest.fixture
def office(client):
    return enter(client, Role.LIAISON)


def names(client, query):
    return [row.name for row in client.get(f"/members/?{query}").context["rows"]]


def test_filters_by_party_post_term_and_standing(client, office):
    term, old = TermFactory(), Term.objects.create(number=15, name="十五届", starts=date(2017, 2, 1))
    ours, theirs = (
        MemberFactory(name="甲", political_status="党员"),
        MemberFactory(name="乙", political_status="民盟盟员"),
    )
    gone = MemberFactory(name="丙", is_active=False)
    Membership.objects.create(member=ours, term=term, post="副主席")
    Membership.objects.create(member=gone, term=old)
    committee = SpecialCommitteeFactory()
    Placement.objects.create(member=theirs, body=committee, post="主任", starts=DAY)
    Placement.objects.create(member=ours, body=committee, post="主任", starts=DAY, ends=DAY)
    for query, found in (
        ("party=yes", ["甲"]), ("party=no", ["乙"]), ("party=民盟盟员", ["乙"]), ("post=副主席", ["甲"]),
        ("post=committee:主任", ["乙"]), ("state=past", ["丙"]), ("state=all", ["甲", "乙", "丙"]), ("sort=name", ["乙", "甲"]),
        (f"term={old.pk}&state=all", ["丙"]), ("post=没有的职务", ["甲", "乙"]), ("sector=abc", ["甲", "乙"]),
        (f"ids={ours.pk}", ["甲"]),
    ):  # fmt: skip
        assert sorted(names(client, query)) == sorted(found), query


def test_whoever_is_placed_nowhere_is_found_and_counted_on_the_studios_page(client, office):
    MemberFactory(name="甲", studio=StudioFactory(), committee=SpecialCommitteeFactory())
    MemberFactory(name="乙", committee=SpecialCommitteeFactory())
    MemberFactory(name="丙", is_active=False)
    assert names(client, "studio=none") == ["乙"]
    assert names(client, "committee=none") == []
    assert "没有编入" in client.get("/members/?studio=none").content.decode()
    assert "1名委员</a>没有编入工作室" in client.get("/members/studios/").content.decode()
    enter(client, Role.MEMBER)
    assert "没有编入工作室" not in client.get("/members/studios/").content.decode()


def test_nothing_found_says_which_condition_to_drop(client, office):
    page = client.get("/members/?q=没有这个人").content.decode()
    assert "没有符合的委员" in page
    assert "全部条件去掉" in page


def test_party_gaps_are_not_told_to_those_who_may_not_see_them(client):
    MemberFactory(name="有支部的", political_status="中共党员")
    enter(client, Role.MEMBER)
    page = client.get("/members/?gap=contact")
    assert [row.name for row in page.context["rows"]] == ["有支部的"]
    assert "党建缺口" not in page.content.decode()


def sheet(response):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values]


def test_the_export_holds_exactly_what_is_filtered_with_masked_numbers(client):
    enter(client, Role.MEMBER)
    inside, _ = MemberFactory(name="=里面"), MemberFactory(name="外面")
    response = client.post(f"/members/export/?sector={inside.sector_id}")
    rows = sheet(response)
    assert len(rows) == 2
    assert rows[1][1] == "=里面"
    assert rows[1][-1] == "138****5678"
    assert "性别" not in rows[0]


def test_the_office_says_why_before_it_exports_full_numbers(client, office):
    MemberFactory(name="张三", sex="男")
    assert client.post("/members/export/", {"full": "on"}).status_code == 422
    assert not AuditEntry.objects.filter(verb="member.export").exists()
    rows = sheet(client.post("/members/export/", {"reason": "其他", "note": "报区委", "full": "on"}))
    assert rows[1][-1] == "13812345678"
    assert "性别" in rows[0]
    entry = AuditEntry.objects.get(verb="member.export")
    assert (entry.reason, entry.detail["full"], entry.detail["rows"]) == ("其他，报区委", True, 1)


def test_the_print_list_masks_numbers(client, office):
    MemberFactory(name="张三")
    page = client.get("/members/print/").content.decode()
    assert "张三" in page
    assert "138****5678" in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(client, office, count, django_assert_max_num_queries):
    term = TermFactory()
    for _ in range(count):
        member = MemberFactory(political_status="中共党员")
        Membership.objects.create(member=member, term=term, starts=DAY)
        Placement.objects.create(member=member, body=member.sector, starts=DAY)
        CorrectionRequest.objects.create(member=member, made_by=office)
    for url, most in (
        ("/members/print/", 11), ("/members/corrections/", 6), ("/members/party/", 9), ("/members/terms/", 6),
        (f"/members/{member.pk}/history/", 8), ("/members/export/", 6),
    ):  # fmt: skip
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_picked_members_go_to_the_page_of_the_batch(client, office):
    first, second = MemberFactory(), MemberFactory()
    committee = SpecialCommitteeFactory()
    TermFactory()
    asked = client.post("/members/batch/", {"verb": "committee", "pick": [first.pk, second.pk]})
    assert asked.url == f"/members/place/committee/?ids={first.pk}%2C{second.pk}"
    assert "选中的2人" in client.get(asked.url).content.decode()
    client.post(asked.url, {"body": committee.pk, "on": "2024-03-01"})
    assert list(Member.objects.filter(committee=committee)) == [first, second]
    assert Placement.objects.filter(body=committee, ends=None).count() == 2
    again = client.post(asked.url, {"body": committee.pk, "on": "2024-03-01"}, follow=True).content.decode()
    assert "没有变动" in again


def test_a_batch_needs_its_right_and_somebody_picked(client):
    enter(client, Role.LEADER)
    assert client.post("/members/batch/", {"verb": "committee", "pick": ["1"]}).status_code == 404
    assert client.post("/members/batch/", {"verb": "print"}).url == "/members/"
    enter(client, Role.MEMBER)
    assert client.post("/members/batch/", {"verb": "print", "pick": ["1"]}).status_code == 404


def test_the_office_co_opts_moves_and_ends_a_membership_on_its_pages(client, office):
    TermFactory()
    sector, other = SectorFactory(), SectorFactory()
    facts = {
        "code": "N9", "name": "新委员", "sector": sector.pk, "on": "2024-03-01", "reviewed": "十六届十次主席会议",
        "decided": "十六届三次常委会会议", "phone": "13900001111",
    }  # fmt: skip
    assert client.post("/members/new/", {**facts, "decided": ""}).status_code == 422
    client.post("/members/new/", facts)
    member = Member.objects.get(code="N9")
    client.post(f"/members/{member.pk}/change/sector/", {"body": other.pk, "on": "2024-04-01", "post": "召集人"})
    client.post(f"/members/{member.pk}/change/appoint/", {"post": "常委", "on": "2024-04-02", "decision": "四次会议"})
    page = client.get(f"/members/{member.pk}/").content.decode()
    assert "增补，十六届十次主席会议审议，十六届三次常委会会议协商决定" in page
    assert "召集人" in page
    assert "选举，四次会议" in page
    form = {"kind": "resigned", "on": "2024-05-01", "decision": "常委会接受"}
    asked = client.post(f"/members/{member.pk}/change/leave/", form).content.decode()
    assert "提案委能看到" in asked
    assert Member.objects.get(code="N9").is_active
    done = client.post(f"/members/{member.pk}/change/leave/", {**form, "confirmed": "1"}, follow=True).content.decode()
    assert "已不在任" in done
    history = client.get(f"/members/{member.pk}/history/")
    assert [line.change.kind for line in history.context["lines"]] == ["resigned", "post", "sector", "coopted"]
    change = member.changes.first()
    client.post(f"/members/{member.pk}/undo/", {"change": change.pk, "reason": "选错了人"})
    assert Member.objects.get(code="N9").is_active
    assert "已撤回" in client.get(f"/members/{member.pk}/history/").content.decode()


def test_a_refused_change_says_why_at_its_field(client, office):
    term = TermFactory()
    member = MemberFactory()
    Membership.objects.create(member=member, term=term, starts=date(2022, 2, 20))
    form = {"kind": "resigned", "on": "2020-05-01", "decision": "常委会接受", "confirmed": "1"}
    answer = client.post(f"/members/{member.pk}/change/leave/", form)
    assert answer.status_code == 422
    assert "早于原来的开始日期" in str(answer.context["form"].errors["on"])
    assert client.get(f"/members/{member.pk}/change/nonsense/").status_code == 404


def test_somebody_elses_change_cannot_be_undone_under_this_member(client, office):
    TermFactory()
    first, second = MemberFactory(), MemberFactory()
    change = membership.move(first, actor=office, kind="sector", body=SectorFactory(), on=DAY)
    client.post(f"/members/{second.pk}/undo/", {"change": change.pk, "reason": "错"})
    change.refresh_from_db()
    assert change.undone_at is None


def test_a_photograph_is_replaced_shown_and_released_by_the_office_only(client):
    user = enter(client, Role.MEMBER)
    member = MemberFactory(user=user)
    url = f"/members/{member.pk}/photo/"
    for content in (PNG, PNG + b"2"):
        client.post(url, {"verb": "put", "photo": SimpleUploadedFile("我.png", content)})
    stored = Attachment.objects.get(kind="photo", removed_at=None)
    assert f"/files/{stored.uuid}/" in client.get("/members/").content.decode()
    shown = client.get(f"/files/{stored.uuid}/")
    assert b"".join(shown.streaming_content) == PNG + b"2"
    client.post(url, {"verb": "release"})
    assert not Member.objects.get(pk=member.pk).photo_released
    enter(client, Role.LIAISON)
    client.post(url, {"verb": "release"})
    assert Member.objects.get(pk=member.pk).photo_released
    public = f"/open/photos/{member.pk}/"
    assert b"".join(Client().get(public).streaming_content) == PNG + b"2"
    client.post(url, {"verb": "withhold"})
    assert Client().get(public).status_code == 404
    client.post(url, {"verb": "release"})
    client.post(url, {"verb": "drop"})
    assert Client().get(public).status_code == 404
    assert not Member.objects.get(pk=member.pk).photo_released
    assert not Attachment.objects.filter(kind="photo", removed_at=None).exists()
    client.logout()
    assert client.get(f"/files/{stored.uuid}/").status_code in (302, 404)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("我.pdf", b"%PDF-1.4\n", "只收JPG"),
        ("我.png", b"GIF89a", "内容却不是"),
        ("我.png", PNG + b"0" * 2_200_000, "2 MB"),
    ],
)
def test_what_is_no_photograph_is_refused(client, office, name, content, words):
    member = MemberFactory()
    upload = SimpleUploadedFile(name, content)
    answer = client.post(f"/members/{member.pk}/photo/", {"verb": "put", "photo": upload})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Attachment.objects.exists()


def test_nobody_changes_somebody_elses_photograph(client):
    enter(client, Role.MEMBER)
    assert client.get(f"/members/{MemberFactory().pk}/photo/").status_code == 404


def test_a_member_asks_for_a_correction_and_the_office_decides(client):
    officer = UserFactory(roles=[Role.LIAISON])
    user = enter(client, Role.MEMBER)
    member = MemberFactory(user=user, post="旧单位")
    url = f"/members/{member.pk}/correct/"
    assert "没有要更正的内容" in client.post(url, {"post": "旧单位"}).content.decode()
    client.post(url, {"post": "新单位 主任", "phone": "13911112222", "political_status": "中共"})
    asked = CorrectionRequest.objects.get()
    assert [todo.url for todo in collect(officer, DAY)] == [f"/members/corrections/{asked.pk}/"]
    assert Notice.objects.filter(recipient=officer).count() == 1
    client.force_login(officer, backend=BACKEND)
    page = client.get(f"/members/corrections/{asked.pk}/").content.decode()
    assert "139****2222" in page
    assert "13911112222" not in page
    assert client.post(f"/members/corrections/{asked.pk}/", {"accept": "0"}).status_code == 422
    client.post(f"/members/corrections/{asked.pk}/", {"accept": "1"})
    member.refresh_from_db()
    assert (member.post, member.phone, member.political_status) == ("新单位 主任", "13911112222", "中共党员")
    entry = AuditEntry.objects.get(verb="member.correct")
    assert "13911112222" not in str(entry.detail)
    assert Notice.objects.filter(recipient=user, title__contains="已更正").exists()
    assert "已经办过" in client.post(f"/members/corrections/{asked.pk}/", {"accept": "1"}).content.decode()


def test_one_correction_at_a_time_and_only_of_ones_own(client):
    user = enter(client, Role.MEMBER)
    member = MemberFactory(user=user)
    url = f"/members/{member.pk}/correct/"
    client.post(url, {"note": "请改界别"})
    assert "已经有一份" in client.post(url, {"note": "再来"}).content.decode()
    assert CorrectionRequest.objects.count() == 1
    assert client.get(f"/members/{MemberFactory().pk}/correct/").status_code == 404


def test_personal_data_is_for_the_office_and_the_member(client):
    member = MemberFactory(ethnicity="回族", born=date(1980, 5, 1))
    enter(client, Role.PROPOSAL_CLERK)
    assert "回族" not in client.get(f"/members/{member.pk}/").content.decode()
    user = enter(client, Role.LIAISON)
    assert "1980年5月" in client.get(f"/members/{member.pk}/").content.decode()
    RoleGrant.objects.filter(user=user).update(role=Role.MEMBER)
    Member.objects.filter(pk=member.pk).update(user=user)
    assert "回族" in client.get(f"/members/{member.pk}/").content.decode()


def test_the_empty_roll_has_every_heading_and_an_example_that_is_not_read(client, office):
    from core.papers.importing import import_papers
    from members.papers.rolls import MEMBER_COLUMNS

    response = client.get("/members/template.xlsx")
    data = io.BytesIO(b"".join(response.streaming_content))
    rows = list(openpyxl.load_workbook(data).active.values)
    assert list(rows[0]) == [column.labels[0] for column in MEMBER_COLUMNS]
    data.seek(0)
    result = import_papers({"样表.xlsx": data}, actor=office, year=2024).files["样表.xlsx"]
    assert (result.read, result.created, result.skipped) == (1, 0, 1)


def test_the_liaison_office_imports_rolls_and_nothing_else(client, office):
    from core.papers.importing import import_papers
    from tests.core.papers.books import book

    roll = book(("名册", [["委员编号", "姓名", "界别", "届次"], ["R1", "李四", "教育", "十六届"]]))
    units = book(("单位", [["单位名称", "简称", "类别"], ["汉滨区水利局", "区水利局", "政府部门"]]))
    page = client.get("/settings/imports/").content.decode()
    assert "委员名册" in page
    assert "下载样表" in page
    assert "承办单位名录" not in page
    result = import_papers({"名册.xlsx": roll, "单位.xlsx": units}, actor=office, year=2024)
    assert result.files["名册.xlsx"].created == 1
    assert result.files["单位.xlsx"].created == 0
    assert "不归您导入" in result.files["单位.xlsx"].problems[0].message
    member = Member.objects.get(code="R1")
    assert member.placements.get().body_id == member.sector_id


def test_a_roll_that_is_read_again_brings_nobody_back(client, office):
    from core.papers.importing import import_papers
    from tests.core.papers.books import book

    def read(post):
        rows = [
            ["委员编号", "姓名", "界别", "工作单位及职务", "专委会", "届次"],
            ["R1", "李四", "教育", post, "提案委", "十六届"],
        ]
        import_papers({"名册.xlsx": book(("名册", rows))}, actor=None, year=2024)

    read("某校 教师")
    member = Member.objects.get(code="R1")
    membership.leave(member, actor=office, kind="resigned", on=DAY, decision="常委会接受")
    read("某校 校长")
    member.refresh_from_db()
    assert (member.post, member.is_active, member.committee_id) == ("某校 校长", False, None)
    assert not member.memberships.filter(ends=None).exists()
    assert not member.placements.filter(ends=None).exists()


def test_studio_conveners_of_the_roll_hold_the_post():
    TermFactory()
    studio = StudioFactory()
    member = MemberFactory(studio=studio)
    membership.record_present([member])
    studio.convener = member
    studio.save()
    membership.record_present([member])
    assert member.placements.get(body=studio).post == "召集人"
