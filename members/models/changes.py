"""What happened to a membership 任职变动, and what members ask to have corrected 个人信息更正."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.fields import EncryptedCharField
from members.models.people import Member


class MembershipChange(models.Model):
    """One change in a member's standing, with the decision behind it; changes are added, never rewritten.

    ``detail`` names the dated rows that the change opened and closed and the values of the member
    before it, so that a typing mistake can be taken back; what was taken back stays as a line.
    """

    class Kind(models.TextChoices):
        COOPTED = "coopted", "增补"
        RESIGNED = "resigned", "辞去"
        REVOKED = "revoked", "撤销"
        DECEASED = "deceased", "去世或调离"
        SECTOR = "sector", "转任界别"
        COMMITTEE = "committee", "调整专委会"
        STUDIO = "studio", "调整工作室"
        POST = "post", "任职"
        POST_ENDED = "post_ended", "免去职务"
        ELECTED = "elected", "换届连任"
        ENDED = "ended", "届满"

    member = models.ForeignKey(Member, models.PROTECT, related_name="changes", verbose_name="委员")
    kind = models.CharField("变动", max_length=10, choices=Kind.choices)
    on = models.DateField("日期")
    summary = models.CharField("内容", max_length=200)
    decision = models.CharField("依据", max_length=200, blank=True)
    detail = models.JSONField("所动的记录", default=dict, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    undo_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职变动"
        ordering = ["-id"]
        indexes = [models.Index(fields=["member", "-id"], name="membership_change_member")]

    def __str__(self) -> str:
        return self.summary


class CorrectionRequest(models.Model):
    """A member asks that his own data be corrected; an empty field asks for no change.

    ``accepted`` is empty until the liaison office has decided.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="correction_requests", verbose_name="委员")
    post = models.CharField("工作单位及职务", max_length=120, blank=True)
    phone = EncryptedCharField("手机号", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    born = models.DateField("出生年月", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    made_at = models.DateTimeField("提出时间", default=timezone.now)
    accepted = models.BooleanField("同意", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "个人信息更正"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(accepted__isnull=True), name="one_open_correction")
        ]

    def __str__(self) -> str:
        return f"{self.member}的个人信息更正"

    def get_absolute_url(self) -> str:
        """The page on which it is decided."""
        return reverse("members:correction", args=[self.pk])
