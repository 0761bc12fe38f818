"""Personal data of residents 群众来信人: name, telephone and traces of the sender go when their time is over."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

from core import audit, options
from core.models import AuditEntry
from sentiment.models import OpinionReport, Reporter, ReportStatus
from sentiment.services.public_voice import ANONYMOUS

BATCH = 500
KIND = "sentiment.opinionreport"


def clear_personal_data(on: date) -> int:
    """Clear the letters that ended so many days before ``on`` (``sentiment.keep_days``); how many.

    A letter ends with its closing, with that of the composite it went into, or when it was kept 留存.
    Called every day by the sweep; running it again finds nothing.
    """
    before = on - timedelta(days=options.value("sentiment.keep_days"))
    cleared = 0
    while ids := list(_due(before).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        cleared += _clear(ids)
    if cleared:
        audit.record(verb="opinionreport.clear", summary=f"按约定清除{cleared}封群众来信的称呼、电话")
    return cleared


def _due(before: date):
    kept = AuditEntry.objects.filter(root_type=KIND, root_id=OuterRef("pk"), verb="opinionreport.keep")
    personal = Reporter.objects.filter(report=OuterRef("pk")).exclude(name=ANONYMOUS, phone="", post="")
    rows = OpinionReport.objects.filter(source=OpinionReport.Source.PUBLIC).annotate(
        ended=Coalesce(
            F("closed_on"),
            F("combined_into__closed_on"),
            Subquery(kept.order_by("-seq").values(day=TruncDate("at"))[:1]),
        )
    )
    over = Q(status=ReportStatus.CLOSED) | Q(status=ReportStatus.KEPT) | Q(status=ReportStatus.COMBINED)
    left = ~Q(sender_digest="") | Q(pk__in=personal.filter(identity=Reporter.Identity.RESIDENT).values("report_id"))
    return rows.filter(over, left, ended__lte=before)


@transaction.atomic
def _clear(ids: list[int]) -> int:
    Reporter.objects.filter(report__in=ids).update(name=ANONYMOUS, phone="", post="")
    return OpinionReport.objects.filter(pk__in=ids).update(reporter_name=ANONYMOUS, sender_digest="")
