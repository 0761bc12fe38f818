"""Members 委员 and their dated membership."""

from django.conf import settings
from django.db import models

from core.fields import EncryptedCharField
from members.models.bodies import Body, Sector, SpecialCommittee, Studio
from members.models.terms import Term


class Member(models.Model):
    """A member 委员; told apart by the code, for names repeat."""

    code = models.CharField("委员编号", max_length=20, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="member", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=40, db_index=True)
    sex = models.CharField("性别", max_length=2, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    born = models.DateField("出生年月", null=True, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="+", verbose_name="界别")
    committee = models.ForeignKey(
        SpecialCommittee, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="专委会"
    )
    studio = models.ForeignKey(
        Studio, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name="所属工作室"
    )
    post = models.CharField("工作单位及职务", max_length=120, blank=True)
    phone = EncryptedCharField("手机号", max_length=20, blank=True)
    is_standing = models.BooleanField("常委", default=False)
    is_active = models.BooleanField("在任", default=True)
    photo_released = models.BooleanField("照片可以公开", default=False)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "委员"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A member's time in a term 届, with how it began and ended; rows are added, never overwritten."""

    class Change(models.TextChoices):
        ELECTED = "elected", "换届"
        COOPTED = "coopted", "增补"
        RESIGNED = "resigned", "辞去"
        REVOKED = "revoked", "撤销"
        MOVED = "moved", "转任"
        ENDED = "ended", "届满"
        DECEASED = "deceased", "去世或调离"

    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships", verbose_name="委员")
    term = models.ForeignKey(Term, models.PROTECT, related_name="memberships", verbose_name="届")
    post = models.CharField("职务", max_length=40, default="委员")
    starts = models.DateField("开始", null=True, blank=True)
    ends = models.DateField("结束", null=True, blank=True)
    began_by = models.CharField("起因", max_length=10, choices=Change.choices, default=Change.ELECTED)
    ended_by = models.CharField("终因", max_length=10, choices=Change.choices, blank=True)
    decision = models.CharField("依据", max_length=120, blank=True, help_text="哪次会议、哪个文件决定的")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["-term__number", "starts"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "term", "post"], condition=models.Q(ends__isnull=True), name="one_open_membership"
            )
        ]


class Placement(models.Model):
    """A member's time in a sector, special committee or studio; ``Member`` repeats the present one."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="placements", verbose_name="委员")
    body = models.ForeignKey(Body, models.PROTECT, related_name="placements", verbose_name="组织")
    post = models.CharField("职务", max_length=20, blank=True, help_text="如：召集人、主任、副主任")
    starts = models.DateField("开始")
    ends = models.DateField("结束", null=True, blank=True)
    reason = models.CharField("原因", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "编入"
        ordering = ["-starts", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "body"], condition=models.Q(ends__isnull=True), name="one_open_placement"
            )
        ]


__all__ = ["Body", "Member", "Membership", "Placement"]
