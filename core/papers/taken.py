"""Tell which records somebody has worked on since their paper was read in (读入以后办理过)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Max

from core.models import AuditEntry, PaperRow
from core.papers.importing import Plan


def worked_on(kind: str, root_type: str, stored: Mapping[str, int], plans: Sequence[Plan]) -> list[str]:
    """Keys of those planned records whose log is younger than their paper; two queries.

    ``kind`` is the kind of paper, ``root_type`` the model label of the records, ``stored`` their
    primary keys by key.
    """
    pks = {stored[plan.key]: plan.key for plan in plans}
    taken = dict(PaperRow.objects.filter(kind=kind, key__in=pks.values()).values_list("key", "taken_at"))
    acts = AuditEntry.objects.filter(root_type=root_type, root_id__in=list(pks))
    latest = acts.values("root_id").annotate(last=Max("at")).values_list("root_id", "last")
    return [pks[pk] for pk, last in latest if pk and (pks[pk] not in taken or last > taken[pks[pk]])]
