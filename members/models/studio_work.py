"""What a studio 委员工作室 keeps of itself: its five requisites 五有 and its ledgers 台账."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from members.models.bodies import Studio


class StudioRequisite(models.Model):
    """One of the five requisites 五有 of a studio: whether it is there, since when, who looked."""

    class Item(models.TextChoices):
        PLACE = "place", "有场所"
        TEAM = "team", "有队伍"
        MECHANISM = "mechanism", "有机制"
        RULES = "rules", "有制度"
        EQUIPMENT = "equipment", "有设施"

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="requisites", verbose_name="工作室")
    item = models.CharField("项目", max_length=10, choices=Item.choices)
    is_met = models.BooleanField("已具备", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    checked_on = models.DateField("核对日期", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核对人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "五有"
        ordering = ["studio", "id"]
        constraints = [models.UniqueConstraint(fields=["studio", "item"], name="studio_requisite_once")]


class StudioRecord(models.Model):
    """One entry of a studio's ledgers; an entry is taken off the page, never deleted."""

    class Ledger(models.TextChoices):
        POLICY = "policy", "政策资料"
        ACTIVITY = "activity", "活动记录"
        OPINION = "opinion", "社情民意"
        MINUTES = "minutes", "会议记录"
        TRAINING = "training", "学习培训"
        HONOUR = "honour", "表彰报道"

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="records", verbose_name="工作室")
    ledger = models.CharField("台账", max_length=10, choices=Ledger.choices)
    on = models.DateField("日期")
    title = models.CharField("题目", max_length=120)
    text = models.TextField("内容", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    removed_at = models.DateTimeField("删去时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作室台账"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["studio", "ledger", "-on"], name="studio_record_ledger")]
