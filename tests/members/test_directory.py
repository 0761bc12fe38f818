"""The directory: who sees whose number, what is logged, how many queries a page costs."""

import pytest

from core import audit
from core.errors import Refusal
from core.models import AuditEntry
from members.models import Role
from members.selectors import SEES_PHONES, mask_phone
from members.services.units import change_unit
from tests.factories import HandlingUnitFactory, MemberFactory, StudioFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(client, *roles):
    user = UserFactory(roles=roles)
    client.force_login(user, backend=BACKEND)
    return user


@pytest.mark.parametrize(
    ("phone", "shown"), [("13812345678", "138****5678"), ("0915-0000101", "091****0101"), ("8801", "****01"), ("", "")]
)
def test_mask_phone_keeps_the_ends_only(phone, shown):
    assert mask_phone(phone) == shown


def test_a_member_sees_masked_numbers(client):
    enter(client, Role.MEMBER)
    member = MemberFactory()
    for url in ("/members/", f"/members/{member.pk}/"):
        page = client.get(url).content.decode()
        assert "138****5678" in page
        assert "13812345678" not in page
    assert not AuditEntry.objects.filter(verb__startswith="member.phone").exists()


@pytest.mark.parametrize("role", [*SEES_PHONES])
def test_the_offices_see_a_full_number_only_after_saying_why_and_it_is_logged(client, role):
    officer = enter(client, role)
    member = MemberFactory()
    for url in ("/members/", f"/members/{member.pk}/"):
        page = client.get(url).content.decode()
        assert "138****5678" in page
        assert "13812345678" not in page
    refused = client.post(f"/members/{member.pk}/phone/", {"reason": "其他"})
    assert refused.status_code == 422
    assert "13812345678" not in refused.content.decode()
    assert not AuditEntry.objects.filter(verb="member.phone").exists()
    shown = client.post(f"/members/{member.pk}/phone/", {"reason": "联系工作", "note": "送会议材料"})
    assert "13812345678" in shown.content.decode()
    entry = AuditEntry.objects.get(verb="member.phone")
    assert (entry.actor, entry.subject_id, entry.reason) == (officer, member.pk, "联系工作，送会议材料")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEADER, Role.AUDITOR, Role.COMMITTEE])
def test_a_full_number_is_not_there_for_others(client, role):
    enter(client, role)
    member = MemberFactory()
    assert "显示完整号码" not in client.get(f"/members/{member.pk}/").content.decode()
    assert client.post(f"/members/{member.pk}/phone/", {"reason": "联系工作"}).status_code == 404


def test_a_member_sees_his_own_number_without_a_log_entry(client):
    user = enter(client, Role.MEMBER)
    own = MemberFactory(user=user)
    assert "13812345678" in client.get(f"/members/{own.pk}/").content.decode()
    assert not AuditEntry.objects.filter(verb="member.phone").exists()


def test_filters_narrow_the_directory(client):
    enter(client, Role.MEMBER)
    studio = StudioFactory()
    inside, outside = MemberFactory(name="赵一", studio=studio), MemberFactory(name="钱二", is_standing=True)
    for query, found in (
        (f"studio={studio.pk}", inside), (f"sector={outside.sector_id}", outside), ("q=赵一", inside), ("post=standing", outside), (f"q={inside.code}", inside),
    ):  # fmt: skip
        assert [row.pk for row in client.get(f"/members/?{query}").context["rows"]] == [found.pk]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.LIAISON])
@pytest.mark.parametrize("count", [1, 3])
def test_the_directory_costs_at_most_ten_queries(client, role, count, django_assert_max_num_queries):
    enter(client, role)
    MemberFactory.create_batch(count, political_status="中共党员")
    client.get("/members/")
    with django_assert_max_num_queries(10):
        page = client.get("/members/")
    assert len(page.context["rows"]) == count


def test_the_directory_turns_its_pages(client):
    enter(client, Role.MEMBER)
    MemberFactory.create_batch(40)
    first = client.get("/members/")
    rest = client.get(f"/members/{first.context['page'].next_url}")
    codes = [row.code for page in (first, rest) for row in page.context["rows"]]
    assert len(set(codes)) == 40
    assert codes == sorted(codes)


@pytest.mark.parametrize("page", ["0", "-1", "99", "abc", "９", "1" * 30])
def test_an_odd_page_number_is_brought_back(client, page):
    enter(client, Role.MEMBER)
    MemberFactory()
    assert client.get("/members/", {"page": page}).status_code == 200


def test_studio_page_shows_its_members_in_office(client):
    enter(client, Role.MEMBER)
    studio = StudioFactory(place="老城街道", reception_rule="每月15日")
    MemberFactory(name="在任的", studio=studio)
    MemberFactory(name="离任的", studio=studio, is_active=False)
    page = client.get(f"/members/studios/{studio.pk}/").content.decode()
    assert "在任的" in page
    assert "每月15日" in page
    assert "离任的" not in page


def test_units_are_for_the_offices(client):
    enter(client, Role.MEMBER)
    assert client.get("/members/units/").status_code == 404


def test_an_alias_of_another_unit_is_refused():
    clerk = UserFactory(roles=[Role.PROPOSAL_CLERK])
    first, second = HandlingUnitFactory(aliases=["农业局"]), HandlingUnitFactory()
    with pytest.raises(Refusal, match="农业局"):
        change_unit(second, actor=clerk, aliases=["农业局"])
    change_unit(second, actor=clerk, aliases=["水务局"])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.aliases, second.aliases) == (["农业局"], ["水务局"])
    assert AuditEntry.objects.filter(verb="unit.change", subject_id=second.pk).count() == 1


def test_the_log_is_for_the_auditor_only(client):
    enter(client, Role.SYSADMIN)
    assert client.get("/settings/audit/").status_code == 404
    enter(client, Role.AUDITOR)
    assert client.get("/settings/audit/").status_code == 200


def test_the_log_filters_pages_and_exports(client):
    auditor = enter(client, Role.AUDITOR)
    audit.record_many(audit.Event("account.test", f"第{number}次", actor=auditor) for number in range(60))
    audit.record(verb="party.test", summary="=1+1", actor=auditor)
    page = client.get("/settings/audit/?area=账号与权限&q=次")
    assert len(page.context["rows"]) == 50
    assert {row.area for row in page.context["rows"]} == {"账号与权限"}
    older = client.get(f"/settings/audit/{page.context['older']}")
    assert [row.summary for row in older.context["rows"]][-1] == "第0次"
    export = b"".join(client.get("/settings/audit/?area=委员&format=csv").streaming_content).decode()
    assert "'=1+1" in export
    assert "第5次" not in export
    assert AuditEntry.objects.filter(verb="audit.export").exists()
