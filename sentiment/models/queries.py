"""Which reports who may see, and the columns of a list row."""

from django.db import models
from django.db.models import Q

from members.models import Role

OUT = ("issued", "forwarded", "answered", "closed")
"""States from which a report has left the house as part of an issue."""
PRIVATE = ("draft",)
OFFICE = (Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER)


def mine_of(user) -> Q:
    """Reports that the person wrote, or of which he or his body is a reporter."""
    from sentiment.models.reports import Reporter

    own = Q(user_id=user.pk)
    if user.member_id:
        own |= Q(member_id=user.member_id)
    if user.body_ids:
        own |= Q(body_id__in=user.body_ids)
    named = Reporter.objects.filter(own)
    return (
        Q(created_by_id=user.pk)
        | Q(pk__in=named.exclude(report__status__in=PRIVATE).values("report_id"))
        | Q(status__in=OUT, pk__in=named.values("report__combined_into_id"))
    )


class OpinionReportQuerySet(models.QuerySet):
    """Reads of opinion reports."""

    def visible_to(self, user):
        """The office sees all but others' drafts; leaders what was issued; units what was sent to them;
        authors their own, and the composite that theirs went into once it was issued."""
        if not user.is_authenticated:
            return self.none()
        if user.has_role(*OFFICE, Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF):
            # Whatever else is one's own is no draft, so the short condition says it all.
            return self.filter(~Q(status__in=PRIVATE) | Q(created_by_id=user.pk))
        mine = mine_of(user)
        if user.has_role(Role.LEADER, Role.DISTRICT_LEADER):
            mine |= Q(status__in=OUT)
        if user.has_role(Role.INSPECTION):
            mine |= Q(status__in=OUT, pk__in=self._forwarded().values("report_id"))
        if units := user.unit_ids():
            mine |= Q(status__in=OUT, pk__in=self._forwarded().filter(unit_id__in=units).values("report_id"))
        return self.filter(mine)

    def _forwarded(self):
        from sentiment.models.aftermath import Forward

        return Forward.objects.all()

    def public(self):
        """What was cleared for the portal; only its public title and abstract may be shown."""
        return self.filter(published_on__isnull=False, publish_consent=True, status__in=OUT)

    def for_list(self):
        """The columns of a list row, without any text column."""
        return self.select_related("body").only(
            "status", "code", "year", "source", "title", "category", "reporter_name", "submitted_on", "issued_on",
            "closed_on", "next_due", "next_due_label", "editor_id", "body__name", "body__short_name",
        )  # fmt: skip
