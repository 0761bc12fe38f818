"""Deadlines 期限 and the reminders 提醒 that watch them."""

from django.db import models
from django.utils import timezone

from core.subjects import SubjectModel


class DeadlineQuerySet(models.QuerySet):
    """Reads of deadlines."""

    def open(self):
        """Deadlines that still run: neither met nor void."""
        return self.filter(met_on__isnull=True, void=False)

    def of(self, obj):
        """Deadlines whose subject is ``obj``."""
        return self.filter(subject_type=obj._meta.label_lower, subject_id=obj.pk)

    def of_case(self, obj):
        """Deadlines of a case, its tasks and replies included."""
        return self.filter(root_type=obj._meta.label_lower, root_id=obj.pk)


class Deadline(SubjectModel):
    """A day by which something must be done, with the rule that gave it.

    ``starts`` is the day from which it is counted: with ``DAYS_BEFORE`` the day of the event that lies ahead.
    ``pauses`` holds pairs of days between which the clock stood still 改办待定.
    ``stage`` counts the reminder stages already reached (see ``core.reminders``).
    Overdue is derived: open and ``due`` before today.
    """

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", "工作日"
        DAYS_BEFORE = "days_before", "前若干工作日"
        MONTHS = "months", "月"
        DATE = "date", "指定日期"

    root_type = models.CharField("事项类型", max_length=60)
    root_id = models.BigIntegerField("事项编号")
    kind = models.CharField("种类", max_length=40)
    label = models.CharField("名称", max_length=40)
    starts = models.DateField("起算日")
    due = models.DateField("到期日")
    unit = models.CharField("计法", max_length=12, choices=Unit.choices)
    amount = models.PositiveSmallIntegerField("数量", default=0)
    rule = models.CharField("依据", max_length=200)
    provisional = models.BooleanField("暂定", default=False)
    pauses = models.JSONField("暂停", default=list, blank=True)
    met_on = models.DateField("完成日", null=True, blank=True)
    void = models.BooleanField("作废", default=False)
    stage = models.PositiveSmallIntegerField("已到提醒级", default=0)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "期限"
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=models.Q(met_on__isnull=True, void=False),
                name="deadline_one_open_per_kind",
            )
        ]
        indexes = [
            models.Index(
                fields=["due", "stage"],
                name="deadline_open_due",
                condition=models.Q(met_on__isnull=True, void=False),
            ),
            models.Index(fields=["root_type", "root_id"], name="deadline_root"),
            models.Index(fields=["subject_type", "subject_id"], name="deadline_subject"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether the deadline still runs."""
        return self.met_on is None and not self.void


class Reminder(models.Model):
    """One reminder of one deadline at one stage; the constraint makes it happen once."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders", verbose_name="期限")
    stage = models.PositiveSmallIntegerField("级")
    due = models.DateField("当时的到期日")
    on = models.DateField("提醒日")
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        constraints = [models.UniqueConstraint(fields=["deadline", "stage", "due"], name="reminder_once")]
        indexes = [
            models.Index(fields=["id"], name="reminder_undelivered", condition=models.Q(delivered_at__isnull=True))
        ]
