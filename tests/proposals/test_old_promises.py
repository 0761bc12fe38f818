"""Promises of old registers that do not say what became of them: nobody is reminded, the office records the outcome."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import outbox, reminders
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Notice
from proposals.models import Promise, Proposal
from proposals.services import feedback, promises
from tests.proposals.test_papers import FULL, register, rolls_for_one, take

PAST, AHEAD = date(2022, 12, 30), timezone.localdate() + timedelta(days=400)


@pytest.fixture
def read(db, tmp_path):
    """Read a register of one case, answered with a promise for a day."""
    rolls_for_one()

    def one(due: date) -> Promise:
        row = FULL | {"答复类别": "B", "承诺完成时间": due.isoformat()}
        assert take(register([row], tmp_path / "register.xlsx")).created == 1
        return Promise.objects.get()

    return one


@pytest.fixture
def old(world, read) -> Promise:
    """A promise of 2022 that nobody knows more of."""
    return read(PAST)


def test_promise_whose_day_has_passed_is_marked_and_nobody_is_reminded(old):
    case = old.reply.task.proposal
    assert (old.unrecorded, old.is_unknown, case.status) == (True, True, "follow_up")
    assert not Deadline.objects.of(old).open().exists()
    assert case.next_due is None
    assert reminders.run(timezone.localdate())["due"] == 0
    assert not Notice.objects.exists()


def test_promise_that_is_still_ahead_runs_as_any_other(read):
    promise = read(AHEAD)
    case = promise.reply.task.proposal
    assert not promise.unrecorded
    assert Deadline.objects.of(promise).open().get().due == AHEAD
    assert (case.next_due, case.next_due_label) == (AHEAD, "兑现承诺")


def test_case_and_ledger_say_so_in_words(client, world, old):
    client.force_login(world.clerk)
    case = old.reply.task.proposal
    assert "登记簿未载结果" in client.get(case.get_absolute_url()).content.decode()
    ledger = reverse("proposals:promises")
    for state, shown in (("unknown", True), ("open", False), ("over", False), ("all", True)):
        page = client.get(ledger, {"state": state}).content.decode()
        assert (reverse("proposals:promise", args=[old.pk]) in page) is shown, state
    page = client.get(ledger, {"state": "all"}).content.decode()
    assert case.title in page
    assert "已超期" not in page


@pytest.mark.parametrize(("kept", "word"), [("1", "已兑现"), ("0", "未兑现")])
def test_office_records_what_became_of_it(client, world, old, kept, word):
    client.force_login(world.clerk)
    url = reverse("proposals:promise", args=[old.pk])
    assert "登记结果" in client.get(url).content.decode()
    page = client.post(url, {"kept": kept, "on": "2023-03-01", "note": "现场查看过"}, follow=True).content.decode()
    assert "结果已登记" in page
    assert word in page
    assert "登记簿未载结果" not in page
    old.refresh_from_db()
    assert (old.kept_on, old.missed_on) == ((date(2023, 3, 1), None) if kept == "1" else (None, date(2023, 3, 1)))
    entry = AuditEntry.objects.get(verb="promise.keep" if kept == "1" else "promise.miss")
    assert (entry.occurred_on, entry.detail["note"]) == (date(2023, 3, 1), "现场查看过")


def test_outcome_needs_its_words_and_a_day_that_has_come(client, world, old):
    client.force_login(world.clerk)
    url = reverse("proposals:promise", args=[old.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = client.post(url, {"on": tomorrow.isoformat(), "note": ""})
    html = page.content.decode()
    assert page.status_code == 422
    assert "请选兑现还是未兑现" in html
    assert "这一天还没有到" in html
    with pytest.raises(Refusal, match="没有办成"):
        promises.record_outcome(old, actor=world.clerk, kept=False, on=PAST, note=" ")


def test_only_the_office_records_and_only_once(client, world, old):
    client.force_login(world.inspection)
    assert "登记结果</button>" not in client.get(reverse("proposals:promise", args=[old.pk])).content.decode()
    with pytest.raises(Refusal, match="没有“登记承诺结果”的权限"):
        promises.record_outcome(old, actor=world.inspection, kept=True, on=PAST, note="查过")
    promises.record_outcome(old, actor=world.clerk, kept=False, on=PAST, note="查过")
    with pytest.raises(Refusal, match="登记簿没有载明结果"):
        promises.record_outcome(old, actor=world.clerk, kept=True, on=PAST, note="再查")


def test_outcome_of_a_promise_given_here_is_the_units_to_report(world):
    case = world.handling()
    world.replied(case, letter="B", promises=[world.promise(case)])
    with pytest.raises(Refusal, match="登记簿没有载明结果"):
        promises.record_outcome(Promise.objects.get(), actor=world.clerk, kept=False, on=PAST, note="没办")


def test_follow_up_ends_when_the_outcome_is_known(world, old):
    promises.record_outcome(old, actor=world.clerk, kept=False, on=PAST, note="规划调整，不再办")
    while outbox.run_pending():
        pass
    assert Notice.objects.filter(recipient=world.clerk, title__startswith="承诺都有了结果").exists()
    case = Proposal.objects.get(pk=old.reply.task.proposal_id)
    case = feedback.end_follow_up(case, actor=world.clerk, result_class=case.result_class, reason="已查实")
    assert case.status == "closed"
