"""Letters of residents 群众来信: from the portal straight into the office's queue, with a receipt code."""

from django.db import transaction
from django.utils import timezone

from core import audit, options, secrets, workflow
from core.errors import Refusal
from members.matters.receipts import new_code
from sentiment import terms
from sentiment.models import OpinionReport, Reporter, ReportStatus, ReportVersion
from sentiment.services.writing import keep_version, next_code, reindex

PURPOSE = "sentiment.voice"
ANONYMOUS = "群众"


@transaction.atomic
def receive(
    *,
    title: str,
    text: str,
    suggestions: str = "",
    category: str = "",
    name: str = "",
    phone: str = "",
    village: str = "",
    address: str = "",
) -> OpinionReport:
    """Take a letter in; who writes may stay unnamed.

    ``address`` is the network address, kept as a digest only. Raises ``Refusal`` when the same
    telephone (or, without one, the same address) has written enough within a day.
    """
    sender = secrets.digest(phone or address, PURPOSE) if phone or address else ""
    _check_limit(sender)
    today = timezone.localdate()
    report = workflow.begin(
        OpinionReport(
            year=today.year,
            code=next_code(today.year),
            source=OpinionReport.Source.PUBLIC,
            title=title.strip()[:80],
            situation="\n".join(
                part for part in (text.strip(), f"（{village.strip()}）" if village.strip() else "") if part
            ),
            suggestions=suggestions.strip(),
            category=category,
            reporter_name=name.strip()[:20] or ANONYMOUS,
            submitted_on=today,
            receipt_code=new_code(),
            sender_digest=sender,
        ),
        ReportStatus.SUBMITTED,
    )
    report.save()
    Reporter.objects.create(
        report=report, name=report.reporter_name, identity=Reporter.Identity.RESIDENT, phone=phone.strip()
    )
    audit.record(verb="opinionreport.receive", summary="群众从门户来信", actor=None, subject=report)
    keep_version(report, ReportVersion.Stage.AUTHOR, actor=None)
    terms.open_accept(report, start=today)
    reindex(report)
    return report


def _check_limit(sender: str) -> None:
    """So many letters on one day from one telephone or address."""
    if not sender:
        return
    most = options.value("sentiment.public_daily")
    today = OpinionReport.objects.filter(sender_digest=sender, submitted_on=timezone.localdate())
    if today.count() >= most:
        raise Refusal(f"一天最多写{most}封，今天已经写满了，请明天再写。写好的内容还在页面上。")
