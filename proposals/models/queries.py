"""Which proposals and tasks a person may see, and the public ones: the start of every list, page, count and export."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from core.models import Deadline
from members.models import Role

PRIVATE = ("draft", "cosigning")
FILED_ON = ("filed", "assigned", "handling", "replied", "rehandling", "closed", "follow_up", "archived")
SEES_ALL_SUBMITTED = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.LEADER)
THE_OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
SEES_FILED = (Role.INSPECTION, Role.COMMITTEE, Role.DISTRICT_LEADER)

WITHDRAWN_OUT = ~Q(status__in=("withdrawn", "merged", "not_filed"))
STAGES = {
    "received": ("submitted_on", None),
    "filed": ("filed_on", WITHDRAWN_OUT),
    "assigned": ("assigned_on", WITHDRAWN_OUT),
    "replied": ("replied_on", WITHDRAWN_OUT),
    "closed": ("closed_on", WITHDRAWN_OUT),
}
"""Steps of the funnel: the date that proves the step, and which cases still count in it."""


_LEFT_BEHIND = RawSQL(
    "SELECT p.proposal_id FROM proposals_proposer p JOIN members_member m ON m.id = p.member_id"
    " JOIN proposals_proposal d ON d.id = p.proposal_id"
    ' WHERE d.status IN (%s, %s) AND p."order" = 0 AND NOT m.is_active',
    PRIVATE,
)
"""Drafts of first proposers whose membership ended; as SQL, for every page of the office would build it anew."""


class ProposalQuerySet(models.QuerySet):
    """Reads of proposals."""

    def visible_to(self, user):
        """Proposals that ``user`` may read (domain rules §8); an account without a role sees none.

        Proposers read their own and the case that theirs was merged into, invited co-signers from
        the invitation on; the proposals office and the chairmen all that were submitted; inspection, special committees
        and district leaders those filed; a unit those given to it. The office also reads the drafts that members
        left behind who are no longer in office.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        allowed = Q(pk__in=[])
        if user.has_role(*SEES_ALL_SUBMITTED):
            allowed |= ~Q(status__in=PRIVATE) | Q(created_by=user.pk)
            if user.has_role(*THE_OFFICE):
                allowed |= Q(pk__in=_LEFT_BEHIND)
        elif user.has_role(*SEES_FILED):
            allowed |= Q(status__in=FILED_ON)
        if user.member_id or user.body_ids:
            own = self.own_ids(user)
            allowed |= Q(pk__in=own)
            # Whoever's proposal was merged 并案 reads the main case: its reply is for him too.
            main_cases = self.model._base_manager.filter(pk__in=own, status="merged")
            allowed |= Q(pk__in=main_cases.values("merged_into_id"), status__in=FILED_ON)
            allowed |= Q(created_by=user.pk)
        if units := user.unit_ids():
            from proposals.models.handling import UnitTask

            given = UnitTask.objects.filter(unit_id__in=units).exclude(status="reassigned")
            allowed |= Q(pk__in=given.values("proposal_id"))
        return self.filter(allowed)

    def own_ids(self, user):
        """Keys of the person's own proposals and his bodies', without those whose invitation was declined."""
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

    def received_by(self, user):
        """Proposals that were submitted and that ``user`` may read.

        Whoever reads all of them is not asked about each: that leaves the count to an index.
        """
        sees_all = user.is_authenticated and user.is_active and user.has_role(*SEES_ALL_SUBMITTED)
        return self.received() if sees_all else self.visible_to(user).received()

    def filed(self):
        """Cases that were filed 立案 (merged ones are counted apart)."""
        return self.filter(status__in=FILED_ON)

    def in_stage(self, stage: str, by=None):
        """Cases that have reached a step of ``STAGES``, by the day ``by`` when one is given."""
        column, open_states = STAGES[stage]
        rows = self.filter(**{f"{column}__isnull": False}) if by is None else self.filter(**{f"{column}__lte": by})
        return rows.filter(open_states) if open_states else rows

    def overdue_on(self, day, *, unit_id: int | None = None, kinds: tuple[str, ...] = ()):
        """Cases of which some deadline (of one unit, of some kinds) had passed unmet on ``day``."""
        from proposals.models.handling import Promise, UnitTask

        late = Deadline.objects.filter(root_type="proposals.proposal", void=False, due__lt=day)
        late = late.filter(Q(met_on__isnull=True) | Q(met_on__gt=day))
        # Publication is no part of the handling: a case answered in time is not late for want of it.
        late = late.filter(kind__in=kinds) if kinds else late.exclude(kind="publish")
        if unit_id is not None:
            tasks = UnitTask.objects.filter(unit_id=unit_id)
            promises = Promise.objects.filter(reply__task__unit_id=unit_id)
            late = late.filter(
                Q(subject_type="proposals.unittask", subject_id__in=tasks.values("pk"))
                | Q(subject_type="proposals.promise", subject_id__in=promises.values("pk"))
            )
        return self.filter(pk__in=late.values("root_id"))

    def for_list(self):
        """The columns of a list row, without any text column, with their joins."""
        return self.select_related("lead_unit", "category", "sector", "session").only(
            "status", "intake_no", "number", "year", "in_session", "title", "kind", "proposer_name", "is_key", "excellent_on",
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


class PromiseQuerySet(models.QuerySet):
    """Reads of promises."""

    def running(self):
        """Promises of which somebody still owes the outcome."""
        return self.filter(kept_on__isnull=True, missed_on__isnull=True, unrecorded=False)

    def unknown(self):
        """Promises of old registers that say nothing of the outcome 登记簿未载结果."""
        return self.filter(kept_on__isnull=True, missed_on__isnull=True, unrecorded=True)
