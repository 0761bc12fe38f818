"""The board: every number opens just the rows that it counts; rates keep their denominators; queries stay bounded."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from consultations import board
from consultations.models import AnnualPlan, Consultation, PlanItem
from consultations.services import conversions, outcomes, sessions
from consultations.services import uptake as uptakes
from tests.factories import HandlingUnitFactory

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'<a[^>]*href="(/consultations/[^"]*\?[^"]*)"[^>]*>(.*?)</a>', re.S)


@pytest.fixture
def year(house) -> int:
    """Two plans with items in many states, sessions outside the plan, outcomes, uptakes; returns the year."""
    today = timezone.localdate()
    for back in (0, 1):
        plan = AnnualPlan.objects.create(year=today.year - back, status="issued", issued_on=today)
        for number, (form, month) in enumerate(
            (("topical", 1), ("topical", 4), ("standing", 7), ("counterpart", 12), ("sector", None), ("topical", 10))
        ):
            PlanItem.objects.create(plan=plan, topic=f"{plan.year}议题{number}", form=form, month=month, order=number)
        items = list(plan.items.all())
        PlanItem.objects.filter(pk=items[5].pk).update(dropped_on=today)
        for item in items[: 3 - back]:
            _held(house, item, back)
    house.held(title="计划外的", form="network")
    house.planned(title="还没办的")
    return today.year


def _held(house, item: PlanItem, back: int) -> Consultation:
    """Held, with an outcome given to two units: one takes it up, the other owes an answer; some converted."""
    other = HandlingUnitFactory()
    row = sessions.hold(house.planned(title=item.topic, form=item.form, plan_item=item), actor=house.staff)
    outcome = outcomes.write(row, actor=house.staff, kind="brief", title=f"专报{item.topic}")
    outcome = outcomes.send(outcome, actor=house.staff, sent_to="区委")
    made = {uptake.unit_id: uptake for uptake in outcomes.assign(outcome, [house.unit, other], actor=house.staff)}
    own = made[house.unit.pk]
    uptakes.answer(own, actor=house.operator, result="partly" if item.order else "adopted", text="研究采纳")
    outcome.refresh_from_db()
    if item.order == 1:
        conversions.convert(outcome, actor=house.operator, uptake=own, kind="policy", name="管护办法")
    if item.order == 0:
        conversions.convert(outcome, actor=house.staff, kind="budget", name="管护经费")
    shift = {"on": date(item.plan.year, 3, 5)} if back else {}
    if shift:
        Consultation.objects.filter(pk=row.pk).update(**shift)
        for uptake in made.values():
            type(uptake).objects.filter(pk=uptake.pk).update(assigned_on=date(item.plan.year, 3, 10))
        row.outcomes.get().uptakes.update(due_on=timezone.localdate() - timedelta(3))
    return row


def numbers(page: str) -> list[tuple[str, int]]:
    """Each number on the board with its address."""
    main = page.partition("<main")[2]
    found = [
        (unescape(url), re.sub(r"<small>.*|<[^>]+>|,", "", text, flags=re.S)) for url, text in NUMBER.findall(main)
    ]
    told = [(url, re.search(r"(\d+)个?$", text.strip())) for url, text in found]
    return [(url, int(number[1])) for url, number in told if number]


@pytest.mark.parametrize("who", ["liaison", "leader", "staff"])
def test_every_number_opens_just_its_rows(client, house, year, who):
    client.force_login(getattr(house, who))
    page = client.get("/consultations/board/")
    assert page.status_code == 200
    found = numbers(page.content.decode())
    assert len(found) > 60
    assert len({value for _, value in found}) > 3
    for url, value in found:
        assert client.get(url).context["page"].total == value, url


def test_every_number_on_the_plans_pages_opens_just_its_rows(client, house, year):
    client.force_login(house.liaison)
    for path in ("/consultations/plans/", f"/consultations/plans/{year}/"):
        found = numbers(client.get(path).content.decode())
        assert found
        for url, value in found:
            assert client.get(url).context["page"].total == value, url


def test_figures_by_hand(house, year):
    now, before = board.count(house.liaison, year, timezone.localdate())
    assert now.planned() == before.planned() == 5
    assert now.planned(states=board.progress.DONE) == 3
    assert before.planned(states=("overdue",)) == 3
    taken, given = board._taken(now)
    assert (taken.value, given.value) == (3, 6)
    turned, sent = board._turned(now)
    assert (turned.value, sent.value) == (2, 3)
    rates = {line.name: (line.percent, line.percent_before) for line in board.rates(now, before)}
    assert rates == {"计划完成率": (60, 40), "采纳率": (50, 50), "转化率": (67, 100)}
    assert now.sessions["network"] == 1
    units = board.by_unit(house.liaison, now, timezone.localdate())
    assert board.late_total(units) == 2
    assert units[0].numbers[3].value == 1


def test_board_is_for_its_readers_and_a_bad_year_is_this_year(client, house, year):
    client.force_login(house.members[0].user)
    assert client.get("/consultations/board/").status_code in (403, 404)
    client.force_login(house.leader)
    for text in ("", "0", "99999", "去年"):
        assert client.get("/consultations/board/", {"year": text}).context["year"] == year
    assert client.get("/consultations/board/", {"year": year - 3}).context["empty"]


def test_files_hold_what_the_pages_show(client, house, year):
    client.force_login(house.liaison)
    file = client.get("/consultations/board/?format=xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.iter_rows(values_only=True))
    assert ("率", "采纳率（%）", 50, 50) in rows


def test_board_keeps_to_its_queries_however_much_there_is(client, house, year, django_assert_max_num_queries):
    client.force_login(house.liaison)
    client.get("/consultations/board/")
    with django_assert_max_num_queries(12):
        client.get("/consultations/board/")
    plan = AnnualPlan.objects.get(year=year)
    for number in range(4):
        item = PlanItem.objects.create(plan=plan, topic=f"又一个{number}", form="plenary", month=2, order=9)
        _held(house, item, 0)
    with django_assert_max_num_queries(12):
        client.get("/consultations/board/")
