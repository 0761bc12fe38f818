"""Typed options that staff change."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from core import options, revisions
from core.errors import Refusal
from core.models import AuditEntry, OptionValue, Revision

options.declare("tests.days", type="int", default=15, label="试验天数", group="试验", minimum=1, maximum=90)
options.declare("tests.open", type="bool", default=False, label="试验开关", group="试验")
options.declare("tests.share", type="decimal", default=Decimal("0.5"), label="试验比例", group="试验", minimum=0)
options.declare("tests.day", type="date", default=dt.date(2026, 6, 30), label="截止", group="试验")
options.declare(
    "tests.base",
    type="choice",
    default="returned",
    label="分母",
    group="试验",
    choices=[("returned", "收回的表"), ("assigned", "交办的案")],
)
options.declare("tests.name", type="str", default="提案委", label="名称", group="试验")
options.declare("tests.list", type="list", default=["甲", "乙"], label="名单", group="试验")


@pytest.fixture
def chief(db):
    return get_user_model().objects.create(username="chief")


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("tests.days", "２0", 20),
        ("tests.open", "on", True),
        ("tests.share", "0.75", Decimal("0.75")),
        ("tests.day", "2026-07-31", dt.date(2026, 7, 31)),
        ("tests.base", "assigned", "assigned"),
        ("tests.name", " 提案委员会 ", "提案委员会"),
        ("tests.list", "丙\n\n 丁 \n", ["丙", "丁"]),
    ],
)
def test_option_of_each_type_is_kept_and_put_back(chief, key, typed, value):
    assert options.set_value(key, typed, actor=chief)
    assert options.value(key) == value
    assert options.is_changed(key)
    row = OptionValue.objects.get(key=key)
    assert row.changed_by == chief
    assert options.reset(key, actor=chief)
    assert options.value(key) == options.declared(key).default
    assert not OptionValue.objects.filter(key=key).exists()


@pytest.mark.parametrize(
    ("key", "typed", "told"),
    [
        ("tests.days", "十五", "“试验天数”要填整数，如 15。"),
        ("tests.days", "1.5", "“试验天数”要填整数，如 15。"),
        ("tests.days", "0", "“试验天数”不能小于1。"),
        ("tests.days", 91, "“试验天数”不能大于90。"),
        ("tests.open", "也许", "“试验开关”只能选是或否。"),
        ("tests.share", "NaN", "“试验比例”要填数字，如 0.5。"),
        ("tests.day", "2026-02-30", "“截止”要填日期，如 2026-03-05。"),
        ("tests.base", "all", "“分母”只能是收回的表、交办的案之一。"),
        ("tests.name", "长" * 501, "“名称”不能超过500字。"),
    ],
)
def test_option_refuses_wrong_values_in_chinese_and_keeps_the_old(chief, key, typed, told):
    with pytest.raises(Refusal) as refused:
        options.set_value(key, typed, actor=chief)
    assert str(refused.value) == told
    assert refused.value.field == key
    assert options.value(key) == options.declared(key).default
    assert not AuditEntry.objects.exists()


def test_option_change_is_logged_once_with_old_and_new(chief):
    assert options.set_value("tests.days", 20, actor=chief)
    assert not options.set_value("tests.days", "20", actor=chief)
    entry = AuditEntry.objects.get()
    assert entry.summary == "参数“试验天数”由15改为20"
    assert entry.actor == chief
    assert entry.detail == {"tests.days": [15, 20]}


def test_undeclared_option_is_a_programming_error(db):
    with pytest.raises(LookupError):
        options.value("tests.nothing")


def test_declaring_twice_differently_or_with_a_bad_default_fails():
    options.declare("tests.name", type="str", default="提案委", label="名称", group="试验")
    with pytest.raises(ValueError, match="twice"):
        options.declare("tests.name", type="str", default="别的", label="名称", group="试验")
    with pytest.raises(ValueError, match="not a valid"):
        options.declare("tests.bad", type="int", default=0, label="坏", group="试验", minimum=1)


def test_stored_value_that_is_no_longer_allowed_counts_as_unset(chief):
    OptionValue.objects.create(key="tests.days", value=365, changed_by=chief)
    assert options.value("tests.days") == 15
    options.set_value("tests.days", 30, actor=chief)
    assert options.value("tests.days") == 30


def test_default_list_cannot_be_spoiled_by_a_caller(db):
    options.value("tests.list").append("丙")
    assert options.value("tests.list") == ["甲", "乙"]


def test_all_options_of_a_request_cost_one_query(chief, django_assert_num_queries):
    options.value("tests.days")
    with revisions.scope(), django_assert_num_queries(1):
        assert [options.value(f"tests.{name}") for name in ("days", "open", "share", "list")]


def test_change_by_another_process_is_seen_by_the_next_request(chief):
    with revisions.scope():
        assert options.value("tests.days") == 15
        # What another process leaves behind: a row and a new mark, no signal in this process.
        OptionValue.objects.bulk_create([OptionValue(key="tests.days", value=20)])
        Revision.objects.update_or_create(name=options.TABLE, defaults={"token": "another"})
        assert options.value("tests.days") == 15
    with revisions.scope():
        assert options.value("tests.days") == 20


def test_change_within_a_request_is_seen_at_once(chief):
    with revisions.scope():
        assert options.value("tests.days") == 15
        options.set_value("tests.days", 20, actor=chief)
        assert options.value("tests.days") == 20
