"""The register of visits: days that were held, matters in the state that their row proves, hosts by studio."""

import datetime as dt

import pytest

from core import audit
from core.models import AuditEntry
from core.papers.importing import import_papers
from members.models import Matter, Member, ReceptionDay, Role, Studio
from members.services import matters
from tests.core.papers.books import book
from tests.factories import UserFactory

D = dt.date
ROW = {
    "工作室": "“恒口”委员工作室", "接待日期": "2022.4.5", "接待委员": "袁立禾", "来访群众": "毛先生",
    "反映事项": "反映公司拖欠三个月工资", "类别": "劳动权益", "处理方式": "转有关单位", "办结日期": "2022年5月17日", "群众评价": "满意",
}  # fmt: skip


@pytest.fixture
def world(db):
    """Two studios with a member of the same name in each."""
    studios = [Studio.objects.create(name=f"“{name}”委员工作室", place="某街道") for name in ("恒口", "同心")]
    for number, studio in enumerate(studios, 1):
        Member.objects.create(code=f"HB1600{number}", name="袁立禾", studio=studio)
    Member.objects.create(code="HB16003", name="毛维涛", studio=studios[1])


def take(*rows: dict, title: bool = True, dry_run: bool = False):
    headings = list(dict.fromkeys(key for row in rows for key in row))
    body = [headings, *([row.get(key) for key in headings] for row in rows)]
    if title:
        body.insert(0, ["2022年委员工作室接待日来访登记表"])
    merge = [f"A1:{chr(64 + len(headings))}1"] if title else []
    data = book(("表", body), merge=merge)
    return import_papers({"a.xlsx": data}, actor=None, year=2022, dry_run=dry_run).files["a.xlsx"]


def said(file) -> dict[str, str]:
    return {p.column: p.message for p in file.problems}


@pytest.mark.usefixtures("world")
def test_visit_becomes_a_held_day_and_a_closed_matter():
    file = take(ROW)
    assert (file.created, file.problems) == (1, [])
    matter = Matter.objects.get()
    assert (matter.status, matter.route, matter.rating) == ("closed", "to_unit", "satisfied")
    assert (matter.received_on, matter.closed_on) == (D(2022, 4, 5), D(2022, 5, 17))
    assert (matter.visitor_name, matter.host.code) == ("毛先生", "HB16001")
    assert len(matter.receipt_code) == 10
    day = ReceptionDay.objects.get()
    assert (day.studio.name, day.on, day.held_at is not None) == ("“恒口”委员工作室", D(2022, 4, 5), True)
    assert [seat.member.code for seat in day.seats.all()] == ["HB16001"]
    log = AuditEntry.objects.filter(root_type="members.matter", root_id=matter.pk).order_by("seq")
    assert [(entry.verb, entry.occurred_on) for entry in log] == [
        ("matter.record", D(2022, 4, 5)),
        ("matter.triage", D(2022, 4, 5)),
        ("matter.record_outcome", D(2022, 5, 17)),
        ("matter.close", D(2022, 5, 17)),
    ]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"处理方式": "当场答复", "办结日期": "2022-04-05"}, "closed"),
        ({"处理方式": "当场答复", "办结日期": None}, "informed"),
        ({"处理方式": "转有关单位", "办结日期": None, "群众评价": None}, "triaged"),
        ({"处理方式": "微协商", "办结日期": None, "群众评价": "未评价"}, "triaged"),
        ({"处理方式": None, "办结日期": None, "群众评价": None}, "recorded"),
    ],
)
def test_row_proves_a_state(change, status):
    assert take(ROW | change).created == 1
    assert Matter.objects.get().status == status


@pytest.mark.usefixtures("world")
def test_second_reading_changes_nothing_and_a_trial_writes_nothing():
    assert take(ROW, dry_run=True).created == 1
    assert not Matter.objects.exists()
    assert not ReceptionDay.objects.exists()
    other = ROW | {"来访群众": "汤女士", "接待委员": "毛维涛"}
    take(ROW, other)
    code = Matter.objects.first().receipt_code
    again = take(ROW, other)
    assert (again.unchanged, again.created, again.updated) == (2, 0, 0)
    assert ReceptionDay.objects.count() == 1
    assert Matter.objects.filter(receipt_code=code).count() == 1


@pytest.mark.usefixtures("world")
def test_row_that_changed_is_taken_again_until_somebody_works_on_the_matter():
    take(ROW | {"办结日期": None, "群众评价": None})
    assert take(ROW).updated == 1
    matter = Matter.objects.get()
    assert matter.status == "closed"
    audit.record(verb="matter.inform", summary="登记已告知", subject=matter)
    file = take(ROW | {"群众评价": "不满意"})
    assert (file.skipped, file.updated) == (1, 0)
    assert "已在系统里办理过" in file.problems[-1].message
    assert Matter.objects.get().rating == "satisfied"


@pytest.mark.usefixtures("world")
def test_host_is_looked_for_in_the_studio_and_doubts_are_named():
    file = take(
        ROW | {"工作室": "同心委员工作室"},
        ROW | {"接待委员": "毛维涛", "来访群众": "甲"},
        ROW | {"接待委员": "没有此人", "来访群众": "乙"},
    )
    assert file.created == 3
    hosts = list(Matter.objects.order_by("id").values_list("host__code", flat=True))
    assert hosts == ["HB16002", "HB16003", None]
    by_row = {p.row: (p.column, p.value, p.message) for p in file.problems}
    assert by_row[4][0:2] == ("接待委员", "毛维涛")
    assert "没有编在“恒口”委员工作室" in by_row[4][2]
    assert by_row[5][1] == "没有此人"
    assert "没有此人" in Matter.objects.first().note


@pytest.mark.usefixtures("world")
def test_same_name_twice_in_one_studio_is_left_open():
    Member.objects.filter(code="HB16002").update(studio=Studio.objects.first())
    file = take(ROW)
    assert Matter.objects.get().host is None
    assert "分不清是哪一位" in said(file)["接待委员"]


@pytest.mark.usefixtures("world")
def test_wrong_rows_are_refused_or_named_and_the_rest_is_taken():
    file = take(
        ROW,
        ROW | {"工作室": "“没有的”委员工作室"},
        ROW | {"接待日期": "2022-13-05"},
        ROW | {"反映事项": None, "来访群众": "丙"},
        ROW | {"来访群众": "丁", "办结日期": "2022-03-01", "群众评价": "很好吗"},
        ROW | {"来访群众": "戊", "群众评价": "非常满意"},
        ROW,
    )
    assert (file.read, file.created, file.refused) == (7, 3, 4)
    errors = {(p.row, p.column) for p in file.problems if p.severity == "error"}
    assert errors == {(4, "工作室"), (5, "接待日期"), (6, "反映事项"), (9, "工作室")}
    assert {(p.row, p.column) for p in file.problems if p.severity == "warning"} == {(7, "办结日期"), (7, "群众评价")}
    assert "非常满意" in Matter.objects.get(visitor_name="戊").note


@pytest.mark.usefixtures("world")
def test_worse_kept_register_is_read_by_meaning():
    rows = [
        {"群众姓名": "毛先生", "反映问题": "路灯不亮", "接待地点": "恒口委员工作室", "值班委员": "袁立禾、毛维涛", "接待时间": "4月5日",
         "办理方式": "现场答复", "办结时间": "20220405", "满意度": "很满意"},
    ]  # fmt: skip
    file = take(*rows, title=False)
    assert file.created == 1
    assert {p.severity for p in file.problems} == {"warning"}  # the year is assumed; one host is of another studio
    day = ReceptionDay.objects.get()
    assert (day.on, day.seats.count()) == (D(2022, 4, 5), 2)
    assert Matter.objects.get().status == "closed"


@pytest.mark.usefixtures("world")
def test_studio_writes_down_what_came_of_a_matter_whose_unit_the_register_does_not_name():
    convener = UserFactory(roles=[Role.MEMBER])
    Member.objects.filter(code="HB16001").update(user=convener)
    Studio.objects.filter(name="“恒口”委员工作室").update(convener=Member.objects.get(code="HB16001"))
    take(ROW | {"办结日期": None, "群众评价": None})
    matter = matters.record_outcome(Matter.objects.get(), actor=convener, answer="已要回工资。", result="工资已补发。")
    assert matter.status == "answered"
