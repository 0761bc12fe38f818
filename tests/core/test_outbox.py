"""Consequences of an act: kept with the act, carried out once, tried again, patient without a broker."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import notices, outbox
from core.models import Effect, Notice
from tests import factories as make


@pytest.fixture
def handler(monkeypatch):
    """An effect `test.effect` that remembers its payloads and fails while told to."""

    class Handler:
        broken = False

        def __init__(self) -> None:
            self.done: list[dict] = []

        def __call__(self, payload: dict) -> None:
            Notice.objects.create(recipient=payload_user, key=f"test:{len(self.done)}", title="半途而废")
            if self.broken:
                raise RuntimeError("消息服务不在")
            self.done.append(payload)

    payload_user = make.UserFactory()
    found = Handler()
    monkeypatch.setitem(outbox._handlers, "test.effect", found)
    return found


def test_known_key_adds_nothing(db, handler):
    for _ in range(2):
        outbox.add("test.effect", key="once", payload={"n": 1})
    assert Effect.objects.count() == 1


def test_effect_dies_with_its_act(db, handler):
    with transaction.atomic():
        outbox.add("test.effect", key="once", payload={})
        transaction.set_rollback(True)
    assert not Effect.objects.exists()


def test_effect_is_carried_out_once(db, handler):
    outbox.add("test.effect", key="once", payload={"n": 1})
    pk = Effect.objects.get().pk
    assert [outbox.run(pk), outbox.run(pk), outbox.run_pending()] == [True, False, 0]
    assert handler.done == [{"n": 1}]


def test_failed_effect_leaves_nothing_half_done_and_is_tried_again(db, handler, caplog):
    outbox.add("test.effect", key="once", payload={})
    handler.broken = True
    assert outbox.run_pending() == 0
    row = Effect.objects.get()
    assert (row.attempts, row.done_at) == (1, None)
    assert "消息服务不在" in row.last_error
    assert row.run_after > timezone.now()
    assert not Notice.objects.exists()
    handler.broken = False
    assert outbox.run_pending() == 0  # it waits its minute
    Effect.objects.update(run_after=timezone.now() - timedelta(seconds=1))
    assert outbox.run_pending() == 1
    assert Notice.objects.count() == 1


def test_one_broken_effect_stops_no_other(db, handler, monkeypatch, caplog):
    outbox.add("test.effect", key="first", payload={})
    monkeypatch.setitem(outbox._handlers, "test.other", lambda payload: None)
    outbox.add("test.other", key="second", payload={})
    handler.broken = True
    assert outbox.run_pending() == 1
    assert set(Effect.objects.filter(done_at=None).values_list("key", flat=True)) == {"first"}


def test_effect_that_no_handler_knows_waits(db, caplog):
    Effect.objects.create(key="unknown", name="test.unknown", payload={})
    assert outbox.run_pending() == 0
    assert "KeyError" in Effect.objects.get().last_error


def test_two_handlers_of_one_name_are_refused():
    outbox.effect("test.twice")(lambda payload: None)
    with pytest.raises(ValueError, match="重名"):
        outbox.effect("test.twice")(lambda payload: None)


@pytest.mark.django_db(transaction=True)
def test_act_goes_on_without_a_broker_and_the_sweep_finds_its_effect(handler, absent_broker, caplog):
    began = time.monotonic()
    with transaction.atomic():
        outbox.add("test.effect", key="patient", payload={"n": 1})
    assert time.monotonic() - began < 5
    assert handler.done == []
    assert "no broker" in caplog.text
    assert outbox.run_pending() == 1
    assert handler.done == [{"n": 1}]


def test_message_is_written_once_per_person(db):
    one, two = make.UserFactory(), make.UserFactory()
    notices.notify([one.pk, two.pk, one.pk], key="k", title="有事")
    notices.notify([one.pk], key="k", title="又有事")
    assert list(Notice.objects.values_list("recipient", "title").order_by("recipient")) == [
        (one.pk, "有事"), (two.pk, "有事"),
    ]  # fmt: skip


def test_people_mark_only_their_own_messages_read(db):
    one, two = make.UserFactory(), make.UserFactory()
    notices.notify([one.pk, two.pk], key="k", title="有事")
    foreign = Notice.objects.get(recipient=two)
    assert notices.mark_read(one, [foreign.pk]) == 0
    assert notices.mark_read(one) == 1
    assert (notices.unread_count(one), notices.unread_count(two)) == (0, 1)
