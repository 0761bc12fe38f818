"""Which proposals and tasks a person may see, and the public ones: the start of every list, page, count and export."""

from django.db import models
from django.db.models import Q

from members.models import Role

PRIVATE = ("draft", "cosigning")
FILED_ON = ("filed", "assigned", "handling", "replied", "rehandling", "closed", "follow_up", "archived")
SEES_ALL_SUBMITTED = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.LEADER)
SEES_FILED = (Role.INSPECTION, Role.COMMITTEE, Role.DISTRICT_LEADER)


class ProposalQuerySet(models.QuerySet):
    """Reads of proposals."""

    def visible_to(self, user):
        """Proposals that ``user`` may read (domain rules §8); an account without a role sees none.

        Proposers read their own at every moment, invited co-signers from the invitation on; the
        proposals office and the chairmen all that were submitted; inspection, special committees
        and district leaders those filed; a unit those given to it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        allowed = Q(pk__in=[])
        if user.has_role(*SEES_ALL_SUBMITTED):
            allowed |= ~Q(status__in=PRIVATE) | Q(created_by=user)
        elif user.has_role(*SEES_FILED):
            allowed |= Q(status__in=FILED_ON)
        if user.member_id or user.body_ids:
            allowed |= Q(pk__in=self._own_ids(user))
            allowed |= Q(created_by=user)
        if units := user.unit_ids():
            from proposals.models.handling import UnitTask

            given = UnitTask.objects.filter(unit_id__in=units).exclude(status="reassigned")
            allowed |= Q(pk__in=given.values("proposal_id"))
        return self.filter(allowed)

    def _own_ids(self, user):
        from proposals.models.proposal import Proposer

        own = Q(body_id__in=user.body_ids)
        if user.member_id:
            own |= Q(member_id=user.member_id)
        live = Proposer.objects.filter(own).exclude(state__in=["declined", "dropped"])
        return live.values("proposal_id")

    def public(self):
        """Proposals that anyone may read on the portal."""
        return self.filter(published_on__isnull=False, publish_consent=True)

    def received(self):
        """Proposals that were submitted, whatever became of them."""
        return self.exclude(status__in=PRIVATE)

    def filed(self):
        """Cases that were filed 立案 (merged ones are counted apart)."""
        return self.filter(status__in=FILED_ON)

    def for_list(self):
        """The columns of a list row, without any text column, with their joins."""
        return self.select_related("lead_unit", "category", "sector", "session").only(
            "status", "intake_no", "number", "year", "in_session", "title", "kind", "proposer_name", "is_key",
            "rating", "round", "next_due", "next_due_label", "submitted_on", "closed_on", "first_reviewer_id",
            "lead_unit__name", "lead_unit__short_name", "category__name", "sector__name", "sector__short_name",
            "session__name",
        )  # fmt: skip


class UnitTaskQuerySet(models.QuerySet):
    """Reads of unit tasks."""

    def live(self):
        """Tasks that were not given to another unit."""
        return self.exclude(status="reassigned")

    def visible_to(self, user):
        """Tasks whose proposal the person may read; a unit sees the other units of its case too."""
        from proposals.models.proposal import Proposal

        return self.filter(proposal__in=Proposal.objects.visible_to(user))
