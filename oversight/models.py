"""Host units 受派单位 and the supervisors 民主监督员 dispatched to them (domain rules §6)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from members.models import Member


class HostUnitQuerySet(models.QuerySet):
    """Host units by who may see them."""

    def visible_to(self, user) -> "HostUnitQuerySet":
        """Every unit for whoever signed in: where supervisors are dispatched is public inside the committee."""
        return self if user.is_authenticated else self.none()


class HostUnit(models.Model):
    """A window unit 窗口单位 to which supervisors are dispatched; one of its leaders is the contact."""

    name = models.CharField("单位名称", max_length=80, unique=True)
    category = models.CharField("类型", max_length=20, blank=True, db_index=True)
    contact = models.CharField("驻点联系人", max_length=40, blank=True, help_text="职务即可，如：分管负责人")
    order = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在派", default=True, help_text="不再派驻的，去掉这个勾；记录仍在")
    note = models.CharField("备注", max_length=200, blank=True)

    objects = HostUnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "受派单位"
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["order", "id"], name="host_unit_order")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The unit's page."""
        return reverse("oversight:item", args=[self.pk])


class SupervisorQuerySet(models.QuerySet):
    """Supervisors by when they serve; a day counts as served up to its end."""

    def visible_to(self, user) -> "SupervisorQuerySet":
        """The same readers as their units."""
        return self if user.is_authenticated else self.none()

    def serving(self, day: date) -> "SupervisorQuerySet":
        """Those who serve on a day."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)

    def over(self, day: date) -> "SupervisorQuerySet":
        """Those whose time ended before a day."""
        return self.filter(ends__lt=day)

    def within(self, year: int) -> "SupervisorQuerySet":
        """Those who served at some time in a year."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=date(year, 1, 1)), starts__lte=date(year, 12, 31))


class Supervisor(models.Model):
    """A member dispatched to a unit for a time; the row is ended, never deleted. ``ends`` empty: until recalled."""

    unit = models.ForeignKey(HostUnit, models.PROTECT, related_name="supervisors", verbose_name="受派单位")
    member = models.ForeignKey(Member, models.PROTECT, related_name="oversight_posts", verbose_name="民主监督员")
    starts = models.DateField("聘期开始")
    ends = models.DateField("聘期结束", null=True, blank=True)
    end_reason = models.CharField("提前结束的原因", max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    objects = SupervisorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "民主监督员"
        ordering = ["unit", "-starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "member"], condition=Q(ends__isnull=True), name="supervisor_open_once"
            ),
            models.UniqueConstraint(fields=["unit", "member", "starts"], name="supervisor_term_once"),
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="supervisor_days"),
        ]
        indexes = [models.Index(fields=["starts", "ends"], name="supervisor_time")]

    def __str__(self) -> str:
        return f"{self.member}（{self.unit}）"
