"""Online deliberation 网络议政: the window, opinions, votes without names, the computed summary.

What is stored of whom is decided in docs/decisions/0010: a vote belongs to a participant, who is a
key without a name; the salt that leads from a member to his key is thrown away at closing.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from consultations.models.sessions import Consultation
from members.activities.access import run_bodies
from members.models import Member, Role


class DeliberationStatus(models.TextChoices):
    """States of the window."""

    DRAFT = "draft", "准备中"
    OPEN = "open", "开放中"
    CLOSED = "closed", "已结束"


class OpinionStatus(models.TextChoices):
    """What became of an opinion."""

    WAITING = "waiting", "待审核"
    PUBLISHED = "published", "已公开"
    REFUSED = "refused", "没有公开"
    MERGED = "merged", "已合并"


def new_salt() -> str:
    """A secret of one deliberation."""
    return secrets.token_hex(16)


class DeliberationQuerySet(models.QuerySet):
    """Deliberations by who may read them."""

    def visible_to(self, user):
        """The liaison office and whoever runs the body see all; members and leaders what was opened."""
        if user.has_role(Role.LIAISON):
            return self
        mine = Q(consultation__organizer_id__in=run_bodies(user))
        roles = (Role.LEADER, Role.DISTRICT_LEADER, Role.COMMITTEE, Role.INFO_EDITOR, Role.INFO_SIGNER)
        if user.member_id or user.has_role(*roles):
            mine |= ~Q(status=DeliberationStatus.DRAFT)
        return self.filter(mine)

    def public(self):
        """Those that residents may open."""
        return self.filter(audience=Deliberation.Audience.PUBLIC).exclude(status=DeliberationStatus.DRAFT)

    def open_at(self, now: datetime):
        """Those in which opinions and votes are taken at this moment."""
        return self.filter(status=DeliberationStatus.OPEN, opens_at__lte=now, closes_at__gt=now)


class Deliberation(models.Model):
    """The window of one session of the form 网络议政; ``status`` is written by core.workflow only."""

    class Audience(models.TextChoices):
        MEMBERS = "members", "只限委员"
        PUBLIC = "public", "委员和群众"

    Status = DeliberationStatus

    status = models.CharField(
        "状态", max_length=8, choices=DeliberationStatus.choices, default=DeliberationStatus.DRAFT
    )
    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="deliberation", verbose_name="协商")
    question = models.CharField("请大家说什么", max_length=200)
    opens_at = models.DateTimeField("开放时间")
    closes_at = models.DateTimeField("截止时间")
    audience = models.CharField("谁可以参加", max_length=8, choices=Audience.choices, default=Audience.MEMBERS)
    moderated = models.BooleanField("先审核再公开", default=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    salt = models.CharField("盐", max_length=32, default=new_salt, blank=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    objects = DeliberationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "网络议政"
        ordering = ["-closes_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="deliberation_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["status", "-closes_at"], name="deliberation_by_status")]

    def __str__(self) -> str:
        return self.consultation.title

    def get_absolute_url(self) -> str:
        """The page on which it is taken part in."""
        return reverse("consultations:deliberation", args=[self.pk])

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether opinions and votes are taken at this moment."""
        moment = now or timezone.now()
        return self.status == DeliberationStatus.OPEN and self.opens_at <= moment < self.closes_at

    @property
    def is_over(self) -> bool:
        """Whether its time has passed and the office has not yet closed it."""
        return self.status == DeliberationStatus.OPEN and self.closes_at <= timezone.now()


class Participant(models.Model):
    """Somebody who votes: a key, and whether it is a member or a resident; no name, no address, no time."""

    deliberation = models.ForeignKey(Deliberation, models.CASCADE, related_name="participants", verbose_name="议政")
    key = models.CharField("代号", max_length=64)
    is_member = models.BooleanField("委员", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "参与者"
        constraints = [models.UniqueConstraint(fields=["deliberation", "key"], name="participant_once")]


class Opinion(models.Model):
    """A short opinion 意见: of a member (by name, for the ledger), of a resident (by key), or begun by the office."""

    Status = OpinionStatus

    status = models.CharField("状态", max_length=10, choices=OpinionStatus.choices, default=OpinionStatus.WAITING)
    deliberation = models.ForeignKey(Deliberation, models.CASCADE, related_name="opinions", verbose_name="议政")
    text = models.CharField("意见", max_length=300)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="opinions", verbose_name="委员"
    )
    participant = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="opinions", verbose_name="群众代号"
    )
    flags = models.CharField("提示", max_length=120, blank=True)
    reason = models.CharField("不公开的理由", max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )
    votes = models.PositiveIntegerField("表态人数", default=0)
    made_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "议政意见"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(participant__isnull=True), name="opinion_never_ties_name_to_key"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="opinion_merged_says_into_which",
            ),
        ]
        indexes = [models.Index(fields=["deliberation", "status"], name="opinion_by_status")]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """What one participant says to one opinion, once; it may change while the window is open."""

    class Value(models.IntegerChoices):
        AGREE = 1, "同意"
        DISAGREE = -1, "不同意"
        PASS = 0, "说不准"

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes", verbose_name="参与者")
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="ballots", verbose_name="意见")
    value = models.SmallIntegerField("表态", choices=Value.choices)

    class Meta:
        verbose_name = verbose_name_plural = "表态"
        constraints = [
            models.UniqueConstraint(fields=["participant", "opinion"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=(-1, 0, 1)), name="vote_is_one_of_three"),
        ]


class DeliberationSummary(models.Model):
    """The summary as it was last computed, with the hash of what it was computed from."""

    deliberation = models.OneToOneField(Deliberation, models.CASCADE, related_name="summary", verbose_name="议政")
    input_hash = models.CharField("输入摘要", max_length=64)
    stamp = models.CharField("变化标记", max_length=80)
    result = models.JSONField("结果", default=dict)
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "议政摘要"
