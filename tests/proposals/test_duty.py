"""What proposals add to the duty ledger, and when it is taken back."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from core import outbox
from members.duty import acts as duty_acts
from members.models import DutyEntry
from members.services import duty as ledger
from proposals import duty
from proposals.models import Proposal, Proposer
from proposals.services import assignment, review
from tests import factories as make

pytestmark = pytest.mark.django_db


def standing(member) -> dict[str, Decimal]:
    """Quantities of a member's acts that stand."""
    rows = DutyEntry.objects.filter(member=member).values_list("act").annotate(total=Sum("quantity"))
    return {act: total for act, total in rows if total}


def test_submitting_filing_and_key_are_recorded_by_effects_once(world):
    case = world.submitted()
    outbox.run_pending()
    assert standing(world.member) == {"proposal.submitted": 1}
    case = review.recommend(case, actor=world.clerk, outcome="file")
    case = review.decide(case, actor=world.second, outcome="file")
    assignment.mark_key(case, actor=world.chief)
    outbox.run_pending()
    wanted = {"proposal.submitted": 1, "proposal.filed": 1, "proposal.key": 1}
    assert standing(world.member) == wanted
    assert ledger.catch_up() == 0
    entry = DutyEntry.objects.get(act="proposal.filed")
    assert (entry.detail, entry.subject) == ({"role": "first", "signers": 1}, case)


def test_withdrawal_takes_everything_back(world):
    case = world.submitted()
    outbox.run_pending()
    review.withdraw(case, actor=world.member.user, reason="另行提出")
    outbox.run_pending()
    assert standing(world.member) == {}
    assert DutyEntry.objects.filter(reverses__isnull=False).count() == 1
    assert ledger.catch_up() == 0


def filed(**values) -> Proposal:
    """A filed case without its history, as papers bring it."""
    return make.ProposalFactory(
        status="filed", submitted_on=date(2026, 2, 20), filed_on=date(2026, 3, 1), number=5, **values
    )


def test_sweep_finds_imported_joint_proposals_with_their_roles():
    case = filed(kind="joint")
    others = [make.ProposerFactory(proposal=case, member=make.MemberFactory(), order=order) for order in (1, 2)]
    make.ProposerFactory(proposal=case, member=make.MemberFactory(), order=3, state=Proposer.State.DROPPED)
    assert ledger.catch_up() == 6
    details = DutyEntry.objects.filter(act="proposal.filed").values_list("member_id", "detail")
    first = case.proposers.get(order=0).member_id
    assert dict(details) == {
        first: {"role": "first", "signers": 3},
        **{row.member_id: {"role": "joint", "signers": 3} for row in others},
    }
    assert {row.year for row in DutyEntry.objects.all()} == {2026}


def test_a_corrected_list_of_signers_makes_new_rows_and_takes_the_old_back():
    case = filed(kind="joint")
    gone = make.ProposerFactory(proposal=case, member=make.MemberFactory(), order=1)
    ledger.catch_up()
    first, other = case.proposers.get(order=0).member, gone.member
    gone.delete()
    ledger.catch_up()
    assert standing(other) == {}
    assert standing(first) == {"proposal.submitted": 1, "proposal.filed": 1}
    assert ledger.catch_up() == 0


def test_collective_proposals_count_for_a_studio_alone():
    studio, party = make.StudioFactory(), make.BodyFactory()
    for kind, body in (("studio", studio), ("party", party)):
        case = make.ProposalFactory(
            status="filed", kind=kind, submitted_on=date(2026, 2, 20), filed_on=date(2026, 3, 1)
        )
        case.proposers.all().delete()
        make.ProposerFactory(proposal=case, body=body)
    ledger.catch_up()
    assert list(DutyEntry.objects.values_list("studio_id", "act")) == [(studio.pk, "studio.proposal")]


def test_merged_counts_as_merged_and_a_refusal_only_as_submitted():
    main = filed()
    for status, into in (("merged", main), ("not_filed", None)):
        make.ProposalFactory(status=status, merged_into=into, submitted_on=date(2026, 2, 20))
    ledger.catch_up()
    acts = DutyEntry.objects.exclude(subject_id=main.pk).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["proposal.submitted", "proposal.merged", "proposal.submitted"]


def test_evidence_is_linked_only_for_those_who_may_see_it(world, django_assert_num_queries):
    case = world.submitted()
    pair = ("proposals.proposal", case.pk)
    assert duty_acts.addresses_of(world.member.user, [pair]) == {pair: case.get_absolute_url()}
    assert duty_acts.addresses_of(make.UserFactory(), [pair]) == {}
    assert list(duty.LABELS) == [row.code for row in duty_acts.of_target("member") if row.code.startswith("proposal.")]
