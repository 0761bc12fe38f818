"""Uptake 采纳: what each unit does with an outcome, suggestion by suggestion, and what it turned into 转化."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from consultations.models.outcomes import WATCHERS, Outcome, Suggestion
from core.fields import EncryptedCharField
from members.activities.access import run_bodies
from members.models import HandlingUnit


class UptakeResult(models.TextChoices):
    """What a unit did with the suggestions."""

    WAITING = "waiting", "待答复"
    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    NOT = "not", "未采纳"


ANSWERS = (UptakeResult.ADOPTED, UptakeResult.PARTLY, UptakeResult.NOT)


class UptakeQuerySet(models.QuerySet):
    """Uptakes by who may read them."""

    def visible_to(self, user):
        """A unit its own, whoever runs the session those of its outcomes, the offices that watch all."""
        if user.has_role(*WATCHERS):
            return self
        return self.filter(Q(unit__in=user.unit_ids()) | Q(outcome__consultation__organizer_id__in=run_bodies(user)))

    def for_list(self):
        """The columns of a list row, without any text column."""
        return self.select_related("outcome__consultation", "unit").only(
            "result", "assigned_on", "answered_on", "due_on", "adopted_count", "unit__name", "unit__short_name",
            "outcome__title", "outcome__kind", "outcome__consultation__title",
        )  # fmt: skip


class Uptake(models.Model):
    """What one unit takes up of an outcome, by when; ``due_on`` repeats its term for lists."""

    Result = UptakeResult

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="uptakes", verbose_name="成果")
    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="uptakes", verbose_name="承办单位")
    result = models.CharField("结果", max_length=8, choices=UptakeResult.choices, default=UptakeResult.WAITING)
    request = models.CharField("交办要求", max_length=500, blank=True)
    assigned_on = models.DateField("交办日期")
    due_on = models.DateField("答复期限", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    adopted_count = models.PositiveSmallIntegerField("采纳几条", null=True, blank=True)
    text = models.TextField("采纳和落实的计划、理由", blank=True)
    policy = models.CharField("转化成的政策、项目或预算", max_length=200, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = EncryptedCharField("联系电话", max_length=40, blank=True)
    saved_at = models.DateTimeField("存着的时间", null=True, blank=True)
    returned_reason = models.CharField("退回的理由", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    objects = UptakeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采纳转化"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["outcome", "unit"], name="uptake_once")]
        indexes = [
            models.Index(fields=["unit", "result"], name="uptake_of_unit"),
            models.Index(fields=["result", "due_on"], name="uptake_by_term"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.get_result_display()}"

    def get_absolute_url(self) -> str:
        """The page on which the unit answers."""
        return reverse("consultations:uptake", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether the unit has not answered yet."""
        return self.result == UptakeResult.WAITING


class UptakeItem(models.Model):
    """What a unit says to one suggestion; without a result while it is still being written."""

    uptake = models.ForeignKey(Uptake, models.CASCADE, related_name="items", verbose_name="采纳")
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="answers", verbose_name="建议")
    result = models.CharField("结果", max_length=8, choices=[(one.value, one.label) for one in ANSWERS], blank=True)
    text = models.TextField("怎样落实，或不采纳的理由", blank=True)
    until = models.DateField("哪天以前落实", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "逐条答复"
        ordering = ["suggestion__order"]
        constraints = [models.UniqueConstraint(fields=["uptake", "suggestion"], name="uptake_item_once")]


class Conversion(models.Model):
    """What an outcome turned into 转化: a policy, a project or a line of the budget, by name and number."""

    class Kind(models.TextChoices):
        POLICY = "policy", "政策文件"
        PROJECT = "project", "项目"
        BUDGET = "budget", "预算安排"

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="conversions", verbose_name="成果")
    unit = models.ForeignKey(
        HandlingUnit, models.PROTECT, null=True, blank=True, related_name="conversions", verbose_name="单位"
    )
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    name = models.CharField("名称", max_length=160)
    number = models.CharField("文号或编号", max_length=60, blank=True)
    on = models.DateField("日期")
    amount = models.DecimalField("金额（万元）", max_digits=12, decimal_places=2, null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    removed_at = models.DateTimeField("删去时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "成果转化"
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "kind", "name"], condition=Q(removed_at__isnull=True), name="conversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}《{self.name}》"
