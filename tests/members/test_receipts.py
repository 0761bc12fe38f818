"""Receipt codes: ten digits, never one that is in use."""

import datetime as dt
from itertools import chain, repeat

import pytest

from members.matters import receipts
from members.models import Matter
from tests import factories

pytestmark = pytest.mark.django_db


def test_new_code_is_ten_digits_and_differs_each_time():
    codes = {receipts.new_code() for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 10 and code.isdecimal() for code in codes)


def test_new_code_passes_over_a_code_in_use(monkeypatch):
    Matter.objects.create(
        receipt_code="0000000007", studio=factories.StudioFactory(), received_on=dt.date(2026, 3, 2),
        visitor_name="张三", text="路灯不亮",
    )  # fmt: skip
    drawn = chain([7, 7, 8], repeat(9))
    monkeypatch.setattr(receipts.secrets, "randbelow", lambda most: next(drawn))
    assert receipts.new_code() == "0000000008"
