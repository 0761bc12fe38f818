"""Excellent proposals 优秀提案: named on the item or from the list, shown, counted, taken back with a reversal."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.errors import Refusal
from members.models import DutyEntry
from members.services import duty as ledger
from proposals.models import Proposal
from proposals.services import excellence
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    user = make.UserFactory(roles=["proposal_clerk"])
    client.force_login(user)
    return user


def closed(**facts) -> Proposal:
    """An answered and closed case."""
    today = timezone.localdate()
    return make.ProposalFactory(**{"status": "closed", "submitted_on": today, "filed_on": today, "number": 7, **facts})


def excellent_rows(case: Proposal) -> list[int]:
    rows = DutyEntry.objects.filter(act="proposal.excellent", subject_id=case.pk)
    return [int(row.quantity) for row in rows.order_by("pk")]


def test_a_case_named_excellent_counts_for_its_proposer_and_a_revocation_reverses_it(clerk):
    case = closed()
    excellence.mark_excellent(case, actor=clerk, on=date(2026, 1, 8))
    outbox.run_pending()
    entry = DutyEntry.objects.get(act="proposal.excellent")
    assert (entry.on, entry.member_id) == (date(2026, 1, 8), case.proposers.get(order=0).member_id)
    assert ledger.catch_up() >= 0
    assert excellent_rows(case) == [1]
    case = excellence.revoke_excellent(case, actor=clerk, reason="评选名单更正")
    outbox.run_pending()
    assert not case.is_excellent
    assert excellent_rows(case) == [1, -1]
    ledger.catch_up()
    assert excellent_rows(case) == [1, -1]


def test_a_case_named_excellent_again_counts_again(clerk):
    case = closed()
    for day in (date(2026, 1, 8), date(2026, 1, 8)):
        excellence.mark_excellent(case, actor=clerk, on=day)
        outbox.run_pending()
        excellence.revoke_excellent(case, actor=clerk, reason="名单更正")
        outbox.run_pending()
    excellence.mark_excellent(case, actor=clerk, on=date(2026, 1, 8))
    outbox.run_pending()
    assert sum(excellent_rows(case)) == 1


def test_twice_a_day_to_come_and_an_open_case_are_refused(clerk):
    case = closed()
    with pytest.raises(Refusal, match="还没有到"):
        excellence.mark_excellent(case, actor=clerk, on=timezone.localdate() + timedelta(1))
    excellence.mark_excellent(case, actor=clerk)
    with pytest.raises(Refusal, match="已经是优秀提案"):
        excellence.mark_excellent(case, actor=clerk)
    with pytest.raises(Refusal):
        excellence.mark_excellent(closed(status="handling", number=8), actor=clerk)


def test_the_list_names_many_at_once_after_asking_and_says_what_could_not_be(client, clerk):
    good, young = closed(title="关于甲的建议"), closed(title="关于乙的建议", status="handling", number=8)
    sent = {"verb": "mark_excellent", "pick": [good.pk, young.pk]}
    asked = client.post(reverse("proposals:batch"), sent)
    assert "把选中的2件评为优秀提案？" in asked.content.decode()
    assert not Proposal.objects.filter(excellent_on__isnull=False).exists()
    page = client.post(reverse("proposals:batch"), {**sent, "confirmed": "1"}, follow=True).content.decode()
    assert "已评为优秀提案1件" in page
    assert "第8号没有评为优秀提案" in page
    assert "关于甲的建议" in page
    assert "关于乙的建议" not in page
    good.refresh_from_db()
    assert good.excellent_on == timezone.localdate()


def test_the_item_shows_the_honour_and_offers_to_take_it_back_to_the_office_alone(client, clerk):
    case = closed()
    act = reverse("proposals:act", args=[case.pk, "mark_excellent"])
    client.post(act, {"on": "2026-01-08"})
    page = client.get(case.get_absolute_url()).content.decode()
    assert "2026年1月8日评定" in page
    assert "撤销优秀提案" in page
    client.force_login(make.UserFactory(roles=["leader"]))
    page = client.get(case.get_absolute_url()).content.decode()
    assert "2026年1月8日评定" in page
    assert "撤销优秀提案" not in page
    back = reverse("proposals:act", args=[case.pk, "revoke_excellent"])
    client.post(back, {"reason": "不该", "confirmed": "1"})
    case.refresh_from_db()
    assert case.is_excellent


def test_nobody_else_may_name_from_the_list(client):
    case = closed()
    client.force_login(make.UserFactory(roles=["leader"]))
    sent = {"verb": "mark_excellent", "pick": [case.pk], "confirmed": "1"}
    assert client.post(reverse("proposals:batch"), sent).status_code in (403, 404)
    case.refresh_from_db()
    assert not case.is_excellent
