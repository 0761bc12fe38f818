"""Party building 党建: branches of the committee system, and the two coverages 两个全覆盖.

Every Party member among the members belongs to a branch (党的组织全覆盖), and every member has a
contact among them (党的工作全覆盖). Rows are dated and ended, never overwritten.
"""

from django.db import models
from django.db.models import Q

from members.models.bodies import Body
from members.models.people import Member


class PartyBranch(models.Model):
    """A branch 党支部 or functional branch 功能型党支部 of the committee system."""

    name = models.CharField("名称", max_length=80, unique=True)
    body = models.ForeignKey(
        Body, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="设在哪个专委会、界别"
    )
    secretary = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="书记")
    founded_on = models.DateField("成立日期", null=True, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "党支部"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class BranchPlace(models.Model):
    """A Party member's place in a branch."""

    branch = models.ForeignKey(PartyBranch, models.PROTECT, related_name="places", verbose_name="党支部")
    member = models.ForeignKey(Member, models.CASCADE, related_name="branch_places", verbose_name="党员委员")
    starts = models.DateField("编入日期")
    ends = models.DateField("转出日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "编入支部"
        ordering = ["-starts", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(ends__isnull=True), name="one_branch_at_a_time")
        ]


class PartyContact(models.Model):
    """A Party member who keeps contact with another member."""

    contact = models.ForeignKey(Member, models.PROTECT, related_name="contacts_kept", verbose_name="党员委员")
    member = models.ForeignKey(Member, models.CASCADE, related_name="party_contacts", verbose_name="联系的委员")
    starts = models.DateField("开始")
    ends = models.DateField("结束", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "党员联系委员"
        ordering = ["-starts", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(ends__isnull=True), name="one_contact_at_a_time"),
            models.CheckConstraint(condition=~Q(contact=models.F("member")), name="contact_is_another"),
        ]
