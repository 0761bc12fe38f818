"""Mails about new messages 提醒邮件: at most one a person and working day, for those who seldom sign in.

A mail names what waits by title and link, never more, and even the title only for areas whose apps said that
it may leave the house. It is claimed before it is sent: whatever is killed or retried, no mail goes out twice;
what one mail did not tell, the next working day's does.
"""

import logging
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, F, Max
from django.urls import reverse
from django.utils import timezone

from core import audit, outbox, secrets, site, workdays
from core.errors import Refusal
from core.models import Notice
from members.models import Mail, MailAddress, User

logger = logging.getLogger(__name__)

SHOWN = 20
MOST_ATTEMPTS = 5
WAIT_MINUTES = 15
CONFIRM_DAYS = 3
CONFIRM, STOP = "members.mail.confirm", "members.mail.stop"
EFFECT = "members.mail_confirm"
_open_areas: set[str] = set()
_QUIET = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def titles_may_leave(area: str) -> None:
    """Let mails tell the titles of messages that lead into ``area`` (such as ``/proposals/``)."""
    _open_areas.add(area)


# --- The address ------------------------------------------------------------------------------


@transaction.atomic
def set_address(user: User, *, address: str, is_on: bool, actor: User) -> MailAddress:
    """Keep where a person wants to be told; a new address is asked by a mail to confirm itself."""
    row, _ = MailAddress.objects.select_for_update().get_or_create(user=user)
    changed = row.address != address
    row.address, row.is_on = address, is_on
    if changed:
        row.confirmed_at = None
        latest = Notice.objects.filter(recipient=user).aggregate(last=Max("pk"))["last"]
        row.told_upto = latest or 0  # what came before is no news
        if address:
            mark = f"{user.pk}:{secrets.digest(address, 'mail')[:16]}:{timezone.now():%Y%m%d%H%M%S%f}"
            outbox.add(EFFECT, key=f"mail-confirm:{mark}", payload={"user": user.pk})
    row.save()
    audit.record(verb="account.mail", summary="改了提醒邮件的设置", actor=actor, subject=user)
    return row


@outbox.effect(EFFECT)
def ask_to_confirm(payload: dict) -> None:
    """Send the link that proves that an address belongs to the person; on failure the outbox tries again."""
    row = MailAddress.objects.select_related("user").filter(user_id=payload["user"], confirmed_at=None).first()
    if row is None or not row.address or not settings.MAIL_ON:
        return
    link = _link("accounts:mail_confirm", CONFIRM, row)
    text = (
        f"{row.user}，您好：\n\n有人（应当是您）在汉滨智慧政协填了这个邮箱，用来接收提醒。"
        f"请在{CONFIRM_DAYS}天内点开确认：\n\n{link}\n\n不是您填的，不用理会，以后不会再收到邮件。\n"
    )
    EmailMessage(f"【{_name()}】请确认邮箱", text, to=[row.address], headers=_QUIET).send()


def holder(token: str, purpose: str) -> MailAddress:
    """The address for which a link was made; refuses one that is false, too old or of an earlier address."""
    try:
        age = timedelta(days=CONFIRM_DAYS) if purpose == CONFIRM else None
        user, mark = signing.loads(token, salt=purpose, max_age=age)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refusal("这个链接不对，或者过了期限。") from None
    row = MailAddress.objects.filter(user=user).first()
    if row is None or mark != secrets.digest(row.address, purpose)[:16]:
        raise Refusal("这个链接是给以前填的邮箱的，不能用了。")
    return row


def confirm(token: str) -> None:
    """Take an address as confirmed."""
    row = holder(token, CONFIRM)
    MailAddress.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def stop(token: str) -> None:
    """Send no more mails to a person, by the link at the foot of each."""
    MailAddress.objects.filter(pk=holder(token, STOP).pk).update(is_on=False)


# --- The mail of a day ------------------------------------------------------------------------


def run(now: datetime) -> int:
    """Write down whom to mail today and send what is due; returns how many were sent."""
    day = timezone.localdate(now)
    if not settings.MAIL_ON or not workdays.is_workday(day):
        return 0
    prepare(day, now)
    due = Mail.objects.filter(day=day, state=Mail.State.WAITING, run_after__lte=now).order_by("pk")
    return sum(deliver(pk) for pk in list(due.values_list("pk", flat=True)))


def prepare(day: date, now: datetime) -> int:
    """One row for each person who has something new that he has not read; a person has one a day."""
    fresh = Notice.objects.filter(
        read_at=None,
        recipient__is_active=True,
        recipient__mail_address__is_on=True,
        recipient__mail_address__confirmed_at__isnull=False,
        pk__gt=F("recipient__mail_address__told_upto"),
    )
    people = fresh.values("recipient").annotate(n=Count("pk")).order_by("recipient").values_list("recipient", "n")
    rows = [Mail(user_id=pk, day=day, notices=n, run_after=now) for pk, n in people]
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def deliver(pk: int) -> bool:
    """Claim one mail, then send it; a server that refuses is asked again later, a killed worker's mail is not."""
    if not Mail.objects.filter(pk=pk, state=Mail.State.WAITING).update(
        state=Mail.State.SENDING, attempts=F("attempts") + 1
    ):
        return False
    mail = Mail.objects.select_related("user__mail_address").get(pk=pk)
    row = mail.user.mail_address
    fresh = list(
        Notice.objects.filter(recipient=mail.user, read_at=None, pk__gt=row.told_upto).order_by("-urgent", "pk")
    )
    if not fresh or not row.is_on or row.confirmed_at is None or not row.address:
        mail.state = Mail.State.NOTHING
        mail.save(update_fields=["state"])
        return False
    try:
        compose(mail, row, fresh).send()
    except (SMTPException, OSError) as error:
        logger.warning("mail %s was not taken: %s", mail.pk, type(error).__name__)
        mail.state = Mail.State.FAILED if mail.attempts >= MOST_ATTEMPTS else Mail.State.WAITING
        mail.run_after = timezone.now() + timedelta(minutes=WAIT_MINUTES * mail.attempts)
        mail.error = f"{type(error).__name__}"[:300]
        mail.save(update_fields=["state", "run_after", "error"])
        return False
    mail.state, mail.sent_at, mail.notices = Mail.State.SENT, timezone.now(), len(fresh)
    mail.save(update_fields=["state", "sent_at", "notices"])
    MailAddress.objects.filter(pk=row.pk).update(told_upto=max(notice.pk for notice in fresh))
    return True


def compose(mail: Mail, row: MailAddress, fresh: list[Notice]) -> EmailMessage:
    """The letter: how many are new, each by its title and link, and how to stop."""
    lines = [f"· {_told(one)}\n  {settings.SITE_URL}{reverse('frame:notice', args=[one.pk])}" for one in fresh[:SHOWN]]
    if len(fresh) > SHOWN:
        lines.append(f"另有{len(fresh) - SHOWN}条，请登录后看。")
    stop_link = _link("accounts:mail_stop", STOP, row)
    text = (
        f"{mail.user}，您好：\n\n汉滨智慧政协里，您有{len(fresh)}条没看过的消息。\n\n"
        + "\n\n".join(lines)
        + f"\n\n看全部待办：{settings.SITE_URL}{reverse('home:index')}\n\n"
        + f"这封信由系统自动发出，每个工作日最多一封。不想再收：{stop_link}\n"
    )
    host = settings.SITE_URL.rpartition("/")[2].partition(":")[0]
    headers = _QUIET | {
        "Message-ID": f"<notices.{mail.user_id}.{mail.day:%Y%m%d}@{host}>",
        "List-Unsubscribe": f"<{stop_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(f"【{_name()}】您有{len(fresh)}条新消息", text, to=[row.address], headers=headers)


def _told(notice: Notice) -> str:
    if any(notice.url.startswith(area) for area in _open_areas):
        return " ".join(notice.title.split())
    return "有一条新消息，内容请登录后看"


def _link(name: str, purpose: str, row: MailAddress) -> str:
    token = signing.dumps([row.user_id, secrets.digest(row.address, purpose)[:16]], salt=purpose)
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def _name() -> str:
    return site.site().organiser_short
