"""The list of proposals: conditions, order, pages, budget of queries, export."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from core import options, search
from core.models import AuditEntry
from members.models import HandlingUnit, RoleGrant
from proposals.models import Category, Proposal, ResultClass
from tests.factories import (
    HandlingUnitFactory,
    MemberFactory,
    ProposalFactory,
    SectorFactory,
    SessionFactory,
    TermFactory,
    UnitTaskFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/proposals/"
BUDGET = 10


@pytest.fixture
def clerk(client):
    """A clerk of the proposals office, signed in."""
    user = UserFactory(roles=["proposal_clerk"], name="苏砚清")
    client.force_login(user)
    return user


def case(**values):
    """A proposal that was submitted."""
    values = {"status": "filed", "submitted_on": date(2026, 1, 5)} | values
    return ProposalFactory(**values)


def titles(client, query=""):
    """Titles on the page, in order."""
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return [row.title for row in response.context["rows"]]


def test_list_shows_only_what_the_person_may_read(client):
    member = MemberFactory(user=UserFactory(roles=["member"]))
    own = ProposalFactory(title="关于甲的建议", member=member)
    case(title="关于乙的建议")
    client.force_login(member.user)
    assert titles(client) == [own.title]
    client.force_login(UserFactory(roles=["sysadmin"]))
    assert titles(client) == []


def test_list_without_sign_in_goes_to_sign_in(client):
    assert client.get(LIST).status_code == 302


def test_list_filters_by_each_condition(client, clerk):
    unit, other = HandlingUnitFactory(), HandlingUnitFactory()
    sector = SectorFactory()
    economy = Category.objects.get(code="economy")
    old = SessionFactory(number=2, name="十六届二次会议", is_current=False)
    wanted = case(
        title="要的", session=old, year=2023, number=7, status="handling", kind="party", is_key=True, category=economy,
        sector_id=sector.pk, lead_unit=unit, rating="satisfied", attitude="basically", in_session=False,
        result_class=ResultClass.objects.get(letter="B"), submitted_on=date(2023, 3, 1), assigned_on=date(2023, 4, 1),
        published_on=date(2023, 9, 1), intake_no="2023-0007",
    )  # fmt: skip
    UnitTaskFactory(proposal=wanted, unit=other, role="support")
    case(title="另一件", year=2026, number=8, rating="unsatisfied", lead_unit=other, in_session=True)
    for query in (
        f"session={old.pk}", "year=2023", "state=handling", "status=handling", "state=open", "state=handling,replied",
        "state=handling&state=replied", f"category={economy.pk}", f"sector={sector.pk}", f"unit={unit.pk}",
        f"lead={unit.pk}", f"unit={other.pk}&role=support", "kind=party", "kind=collective", "from=2023-01-01&to=2023-12-31",
        "date=assigned&from=2023-04-01&to=2023-04-01", "key=1", "rating=satisfied", "attitude=basically", "number=7",
        "in_session=0", "result=B", "published=1", "stage=assigned&by=2023-04-01", "q=第7号", "q=7", "q=2023-0007",
    ):  # fmt: skip
        assert titles(client, query) == ["要的"], query
    assert set(titles(client, f"unit={other.pk}&role=any")) == {"要的"}
    assert titles(client, f"unit={other.pk}") == ["另一件"]
    assert len(titles(client, f"lead={unit.pk},{other.pk}")) == 2


def test_list_filters_by_what_is_due(client, clerk):
    today = timezone.localdate()
    case(title="超期", next_due=today - timedelta(days=1))
    case(title="今天", next_due=today)
    case(title="以后", next_due=today + timedelta(days=200))
    case(title="没有期限")
    assert titles(client, "due=overdue") == ["超期"]
    assert titles(client, "due=soon") == ["今天"]
    assert titles(client, "due=overdue,soon") == ["今天", "超期"]
    assert titles(client, "sort=due") == ["超期", "今天", "以后", "没有期限"]
    assert titles(client, "sort=-due")[:3] == ["以后", "今天", "超期"]


def test_list_with_a_condition_that_means_nothing_is_empty_and_says_so(client, clerk):
    case()
    for query, words in (
        ("year=abc", "要填数字"),
        ("state=nonsense", "没有“nonsense”这一项"),
        ("from=gestern", "要写成"),
    ):
        response = client.get(f"{LIST}?{query}")
        assert list(response.context["rows"]) == []
        assert words in response.content.decode()


def test_list_finds_words_of_the_text(client, clerk):
    wanted, other = case(title="关于甲的建议"), case(title="关于乙的建议")
    search.index(wanted, wanted.title, "农村集中供水工程")
    search.index(other, other.title, "农村公路")
    assert titles(client, "q=供水") == [wanted.title]
    assert len(titles(client, "q=农村")) == 2
    assert titles(client, "q=农村 供水&state=filed") == [wanted.title]
    assert titles(client, "q=航天器") == []


def test_chips_name_each_condition_and_lead_to_the_list_without_it(client, clerk):
    case(is_key=True)
    response = client.get(f"{LIST}?key=1&state=filed,handling&sort=due")
    chips = {name: (value, url) for name, value, url in response.context["active_filters"]}
    assert chips["重点提案"] == ("是", "?state=filed%2Chandling&sort=due")
    assert chips["状态"][0] == "待交办等2项"
    assert "待交办等2项</option>" in response.content.decode()


def walk(client, query, link="next_url"):
    """Every page from the first on, and the ids on each."""
    pages, url = [], f"{LIST}?{query}"
    while url:
        page = client.get(url).context["page"]
        pages.append([row.pk for row in page.rows])
        url = f"{LIST}{getattr(page, link)}" if getattr(page, link) else ""
    return pages


@pytest.mark.parametrize("sort", ["new", "old", "number", "-number", "due", "-due"])
def test_pages_hold_every_row_once_in_both_directions(client, clerk, sort):
    today = timezone.localdate()
    member = MemberFactory()
    for place in range(65):
        due = today + timedelta(days=place % 4) if place % 3 else None
        case(member=member, number=place + 1 if place % 5 else None, next_due=due)
    pages = walk(client, f"sort={sort}")
    assert [len(page) for page in pages] == [30, 30, 5]
    rows = [pk for page in pages for pk in page]
    assert len(set(rows)) == 65
    last = client.get(f"{LIST}?sort={sort}")
    for _ in range(2):
        last = client.get(f"{LIST}{last.context['page'].next_url}")
    back = [[row.pk for row in last.context["page"].rows]]
    while last.context["page"].previous_url:
        last = client.get(f"{LIST}{last.context['page'].previous_url}")
        back.insert(0, [row.pk for row in last.context["page"].rows])
    assert back == pages


def test_pages_stay_whole_when_rows_arrive_in_between(client, clerk):
    member = MemberFactory()
    for _ in range(40):
        case(member=member)
    first = client.get(LIST).context["page"]
    case(member=member)
    second = client.get(f"{LIST}{first.next_url}").context["page"]
    assert len({row.pk for row in first.rows} & {row.pk for row in second.rows}) == 0
    assert len(second.rows) == 10


def test_page_understands_a_plain_number_and_forgives_nonsense(client, clerk):
    member = MemberFactory()
    for _ in range(35):
        case(member=member)
    assert len(titles(client, "page=2")) == 5
    for place in ("nAAAA", "p####", "0", "-1", "n" + "A" * 500):
        assert len(titles(client, f"page={place}")) == 30


def test_total_is_counted_to_the_cap_only(client, clerk, monkeypatch):
    member = MemberFactory()
    monkeypatch.setattr("core.paging.CAP", 33)
    for _ in range(35):
        case(member=member)
    response = client.get(LIST)
    assert "超过33件" in response.content.decode()
    assert response.context["page"].capped


def test_total_of_a_long_list_is_counted_once_while_its_pages_are_turned(client, clerk):
    member = MemberFactory()
    for _ in range(65):
        case(member=member)

    def counted(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "共65件" in client.get(url).content.decode()
        return sum("COUNT(*)" in row["sql"] and "proposals_proposal" in row["sql"] for row in queries)

    assert [counted(LIST), counted(f"{LIST}?page=2"), counted(f"{LIST}?sort=old"), counted(f"{LIST}?state=filed")] == [
        1,
        0,
        0,
        1,
    ]


def test_what_words_find_is_counted_to_its_own_cap(client, clerk, monkeypatch):
    monkeypatch.setattr("core.paging.FOUND", 31)
    member = MemberFactory()
    for _ in range(33):
        search.index(case(member=member), "农村公路")
    assert "超过31件" in client.get(f"{LIST}?q=公路").content.decode()
    assert "共33件" in client.get(LIST).content.decode()


@pytest.mark.parametrize("count", [1, 3, 40])
def test_list_needs_at_most_ten_queries_whatever_it_holds(client, clerk, count):
    unit = HandlingUnitFactory()
    for number in range(count):
        case(number=number + 1, lead_unit=unit, sector_id=SectorFactory().pk)
    client.get(LIST)  # the session is written once a minute
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    assert len(queries) <= BUDGET, "\n".join(row["sql"][:120] for row in queries)
    rows = [row["sql"] for row in queries if "proposals_proposal" in row["sql"]]
    assert not any('"situation"' in sql or '"analysis"' in sql for sql in rows)


def test_list_and_count_cost_a_fixed_number_of_queries(client, clerk, django_assert_num_queries):
    for count in (1, 2):
        for _ in range(count):
            case(lead_unit=HandlingUnitFactory())
        client.get(LIST)
        with django_assert_num_queries(EXPECTED):
            client.get(LIST)


EXPECTED = 5


def test_list_names_units_as_they_are_called_now(client, clerk):
    unit = HandlingUnitFactory(short_name="水利局")
    case(lead_unit=unit)
    assert "水利局</td>" in client.get(LIST).content.decode()
    unit.short_name = "水务局"
    unit.save()
    page = client.get(LIST).content.decode()
    assert "水务局</td>" in page
    assert f'<option value="{unit.pk}">水务局</option>' in page
    [written] = HandlingUnit.objects.bulk_create([HandlingUnit(name="汉滨区农业局", short_name="农业局")])
    case(lead_unit=written)
    assert "农业局</td>" in client.get(LIST).content.decode()


def test_filter_bar_shows_the_conditions_of_its_own_page(client, clerk):
    case(title="一件")
    marked = '<option value="handling" selected>办理中</option>'
    assert marked not in client.get(LIST).content.decode()
    assert marked in client.get(f"{LIST}?state=handling").content.decode()
    assert marked not in client.get(LIST).content.decode()
    assert 'value="&lt;b&gt;"' in client.get(f"{LIST}?q=<b>").content.decode()


def test_near_days_follow_the_option(client, clerk):
    today = timezone.localdate()
    case(title="两周后", next_due=today + timedelta(days=14))
    assert titles(client, "due=soon") == []
    options.set_value("deadlines.soon_days", 12, actor=clerk)
    assert titles(client, "due=soon") == ["两周后"]
    assert "12个工作日内" in client.get(LIST).content.decode()


def test_export_holds_exactly_what_is_filtered(client, clerk):
    unit = HandlingUnitFactory(name="汉滨区水利局")
    wanted = case(title="关于甲的建议", number=3, lead_unit=unit, is_key=True, next_due=date(2026, 3, 1))
    UnitTaskFactory(proposal=wanted, unit=HandlingUnitFactory(name="汉滨区财政局"), role="support")
    case(title="关于乙的建议", number=4)
    response = client.get(f"{LIST}?key=1&format=xlsx")
    assert "attachment" in response["Content-Disposition"]
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    line = dict(zip(rows[0], rows[1], strict=True))
    assert (line["案由"], line["案号"], line["主办单位"]) == ("关于甲的建议", 3, "汉滨区水利局")
    assert line["会办、分办单位"] == "汉滨区财政局"
    entry = AuditEntry.objects.get(verb="proposals.export")
    assert entry.actor == clerk
    assert entry.detail == {"query": "key=1&format=xlsx", "rows": 1}


def test_export_keeps_the_order_and_goes_beyond_one_page(client, clerk):
    member = MemberFactory()
    for number in range(1, 36):
        case(member=member, number=number)
    response = client.get(f"{LIST}?sort=number&format=xlsx")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == list(range(1, 36))


def test_export_never_computes_what_somebody_typed(client, clerk):
    evil = ['=HYPERLINK("http://x","y")', "+1+1", "-1", "@SUM(A1)", "\t=1"]
    member = MemberFactory()
    for title in evil:
        case(title=title, member=member)
    response = client.get(f"{LIST}?sort=old&format=xlsx")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    cells = [row[3] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == evil
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_export_holds_only_what_the_person_may_read(client):
    case(title="别人的")
    client.force_login(UserFactory(roles=["member"]))
    response = client.get(f"{LIST}?format=xlsx")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert sheet.max_row == 1


def test_batch_goes_to_the_page_of_the_act_with_what_was_picked(client, clerk):
    one, two = case(status="submitted"), case(status="submitted")
    response = client.post("/proposals/batch/", {"verb": "recommend", "pick": [one.pk, two.pk]})
    assert response.url == f"/proposals/review/batch/?ids={one.pk},{two.pk}&step=recommend"
    assert client.post("/proposals/batch/", {"verb": "assign", "pick": [one.pk]}).url.startswith("/proposals/handover/")
    assert client.post("/proposals/batch/", {"verb": "recommend"}).url == LIST
    assert client.post("/proposals/batch/", {"verb": "drop", "pick": [one.pk]}).url == LIST


def test_empty_list_says_why_and_how_to_go_on(client, clerk):
    page = client.get(f"{LIST}?key=1").content.decode()
    assert "没有符合的提案" in page
    assert "去掉“重点提案 是”" in page
    assert "这里还没有提案" in client.get(LIST).content.decode()


def test_unit_lists_what_was_given_to_it(client):
    unit = HandlingUnitFactory()
    user = UserFactory()
    RoleGrant.objects.create(user=user, role="unit_operator", unit=unit)
    task = UnitTaskFactory(unit=unit)
    ProposalFactory(status="handling")
    client.force_login(user)
    assert titles(client) == [task.proposal.title]


def test_session_may_be_named_current(client, clerk):
    TermFactory()
    current = SessionFactory()
    old = SessionFactory(number=2, is_current=False, name="二次")
    case(title="现在的", session=current)
    case(title="过去的", session=old)
    assert titles(client, "session=current") == ["现在的"]
    assert Proposal.objects.count() == 2


def test_batch_archive_asks_first_then_puts_away_what_is_closed(client, clerk):
    closed, open_case = ProposalFactory(status="closed"), ProposalFactory(status="handling")
    data = {"verb": "archive", "pick": [closed.pk, open_case.pk]}
    assert "归档选中的2件提案" in client.post(f"{LIST}batch/", data).content.decode()
    closed.refresh_from_db()
    assert closed.status == "closed"
    page = client.post(f"{LIST}batch/", {**data, "confirmed": "1"}, follow=True).content.decode()
    assert "已归档1件" in page
    assert "没有归档" in page
    assert dict(Proposal.objects.values_list("pk", "status")) == {closed.pk: "archived", open_case.pk: "handling"}
