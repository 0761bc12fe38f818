"""What follows in an online deliberation 网络议政: members are told, the ledger counts, the summary is computed.

Also what waits for the office, and the links in the menu.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from consultations.deliberation import jobs as deliberation_jobs
from consultations.deliberation.rules import READERS
from consultations.duty import WRITTEN
from consultations.effects import on, tell
from consultations.menu import GROUP
from consultations.models import Deliberation, DeliberationStatus, Opinion, OpinionStatus
from core import navigation, todos
from core.templatetags.frame import cn_date
from core.todos import Todo
from members.activities.access import run_bodies
from members.duty import acts as duty_acts
from members.models import Member, Role, User
from members.services import duty
from members.services.duty import Act

MOST = 20


def register() -> None:
    """Put the links into the menu, what waits onto the first page, and the written opinions into the ledger."""
    link = navigation.register
    link(GROUP, "网络议政", "consultations:deliberations", show=reads, order=15)
    todos.provide(waiting)
    duty_acts.sweep_with(every_act)


def reads(user: Any) -> bool:
    """Whether the person finds online deliberations in the menu."""
    return bool(user.member_id) or user.has_role(Role.LIAISON, *READERS) or bool(run_bodies(user))


@on("deliberation_opened")
def opened(row: Deliberation, payload: dict) -> None:
    """Every member with an account is asked to take part."""
    told = list(User.objects.filter(is_active=True, member__is_active=True).values_list("pk", flat=True))
    body = f"{row.question}。截止{cn_date(timezone.localtime(row.closes_at).date())}。"
    tell(told, payload, title=f"网络议政《{row}》开放了，请来表态", body=body, url=row.get_absolute_url())


@on("deliberation_closed")
def closed(row: Deliberation, payload: dict) -> None:
    """The ledger counts, the summary is computed, whoever put an opinion hears that the result is there."""
    duty.record_duties(list(_acts([row.pk])))
    actor = User.objects.filter(pk=payload.get("actor")).first()
    if actor is not None:
        deliberation_jobs.start(row, actor=actor)
    told = User.objects.filter(is_active=True, member__opinions__deliberation=row).distinct()
    url = reverse("consultations:deliberation_summary", args=[row.pk])
    tell(
        list(told.values_list("pk", flat=True)),
        payload,
        title=f"网络议政《{row}》结束了",
        body="点开看大家的共识和分歧。",
        url=url,
    )


@on("opinion_refused")
def refused(opinion: Opinion, payload: dict) -> None:
    """A member reads why his opinion is not shown; a resident finds it on his page."""
    if opinion.member_id and opinion.member.user_id:
        url = reverse("consultations:deliberation_mine", args=[opinion.deliberation_id])
        body = f"“{opinion.text}”\n理由：{opinion.reason}"
        tell([opinion.member.user_id], payload, title="您的一条议政意见没有公开", body=body, url=url)


def every_act() -> Iterator[Act]:
    """Written opinions of all deliberations that were closed."""
    yield from _acts(list(Deliberation.objects.filter(status=DeliberationStatus.CLOSED).values_list("pk", flat=True)))


def _acts(ids: list[int]) -> Iterator[Act]:
    """A member's opinions count once a session, if one of them was published or merged into one that was.

    The key is that of a written opinion of the session, so that handing one in besides adds nothing.
    """
    counted = Q(status__in=(OpinionStatus.PUBLISHED, OpinionStatus.MERGED), member__isnull=False)
    rows = Deliberation.objects.filter(pk__in=ids).select_related("consultation").defer("consultation__minutes")
    for row in rows:
        authors = Opinion.objects.filter(counted, deliberation=row).order_by().values("member").annotate(n=Count("pk"))
        numbers = {found["member"]: found["n"] for found in authors}
        session, day = row.consultation, timezone.localtime(row.closed_at).date()
        for member in Member.objects.filter(pk__in=numbers):
            key = f"{WRITTEN}:{session.pk}:m{member.pk}"
            yield Act(member, WRITTEN, day, session, key, f"网络议政《{session.title}》提意见{numbers[member.pk]}条")


def waiting(user: Any, today: date) -> Iterable[Todo]:
    """The office: opinions to look through, windows to close. Members: windows in which they have no say yet."""
    runs = user.has_role(Role.LIAISON)
    bodies = run_bodies(user)
    if runs or bodies:
        mine = Deliberation.objects.filter(status=DeliberationStatus.OPEN)
        if not runs:
            mine = mine.filter(consultation__organizer__in=bodies)
        held = Count("opinions", filter=Q(opinions__status=OpinionStatus.WAITING))
        for row in mine.select_related("consultation").annotate(held=held)[:MOST]:
            due = timezone.localtime(row.closes_at).date()
            if row.held:
                url = reverse("consultations:deliberation_moderate", args=[row.pk])
                yield Todo(
                    "consultations.moderate", str(row), f"网络议政，{row.held}条待审核", url, "审核意见", today, None
                )
            elif row.is_over:
                yield Todo("consultations.close", str(row), "网络议政", row.get_absolute_url(), "结束并汇编", due, due)
    elif user.member_id:
        for row in Deliberation.objects.open_at(timezone.now()).select_related("consultation")[:MOST]:
            due = timezone.localtime(row.closes_at).date()
            yield Todo(
                "consultations.deliberate", str(row), "网络议政", row.get_absolute_url(), "提意见、表态", due, None
            )
