"""What people take away opens in a sheet program with dates as dates, text as text, and nothing that computes."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core import spreadsheets
from tests.factories import ProposalFactory, UserFactory
from tests.factories_activities import ActivityFactory
from tests.factories_matters import MatterFactory
from tests.factories_oversight import SupervisorFactory
from tests.factories_sentiment import ReportFactory

DANGEROUS = ('=HYPERLINK("http://x","y")', "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def cells(*values):
    columns = [(str(at), 10, lambda row, at=at: row[at]) for at in range(len(values))]
    file, count = spreadsheets.write("表", columns, [values])
    assert count == 1
    with file:
        return list(load_workbook(file).active[2])


@pytest.mark.parametrize("text", [*DANGEROUS, "0912345678901", "2022-3-5", "1E5", "TRUE", "正常的字"])
def test_text_stays_text_whatever_it_looks_like(text):
    (cell,) = cells(text)
    assert cell.data_type in ("s", "inlineStr")
    assert str(cell.value).strip() == text.strip()
    assert bool(cell.quotePrefix) is (text[0] in "=+-@\t\r")


def test_dates_numbers_and_truths_have_their_types():
    at = dt.datetime(2022, 3, 5, 14, 30, tzinfo=timezone.get_current_timezone())
    day, moment, whole, part, yes, no, nothing = cells(dt.date(2022, 3, 5), at, 12, Decimal("3.50"), True, False, None)
    assert (day.is_date, day.value, day.number_format) == (True, dt.datetime(2022, 3, 5), "yyyy-mm-dd")
    assert (moment.is_date, moment.value) == (True, dt.datetime(2022, 3, 5, 14, 30))
    assert (whole.data_type, part.data_type, float(part.value)) == ("n", "n", 3.5)
    assert (yes.value, no.value, nothing.value) == ("是", "否", None)


def test_control_signs_long_texts_and_odd_titles_do_not_break_a_sheet():
    cell, long = cells("甲\x00\x0b乙", "字" * 40_000)
    assert (cell.value, len(long.value)) == ("甲乙", 32_767)
    file, _ = spreadsheets.write("2022/2023年[全部]：*?" + "长" * 40, [("列", 8, str)], [])
    with file:
        assert load_workbook(file).sheetnames == [("20222023年全部：" + "长" * 40)[:31]]


@pytest.mark.parametrize("bad", DANGEROUS[:4])
@pytest.mark.django_db
def test_no_list_lets_a_formula_out_and_each_keeps_dates(client, bad):
    ProposalFactory(status="filed", title=bad, submitted_on=dt.date(2022, 3, 5))
    ReportFactory(title=bad, status="submitted", submitted_on=dt.date(2022, 3, 5))
    ActivityFactory(title=bad, on=dt.date(2022, 3, 5), status="held")
    MatterFactory(text=bad, received_on=dt.date(2022, 3, 5))
    SupervisorFactory(unit__name=bad)
    user = UserFactory(roles=["proposal_clerk", "info_editor", "liaison", "committee", "leader"])
    client.force_login(user)
    found = {}
    for name in ("proposals:list", "sentiment:list", "members:activities", "members:matters", "oversight:export"):
        response = client.get(reverse(name), {"format": "xlsx"})
        sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
        rows = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        assert all(cell.data_type != "f" for cell in rows), name
        assert any(cell.value == bad and cell.quotePrefix for cell in rows), name
        found[name] = any(cell.is_date for cell in rows)
    assert found == dict.fromkeys(found, True)
