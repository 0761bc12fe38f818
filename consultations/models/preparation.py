"""What goes before a session 会前准备: the research team and its visits, who a unit sends, the list of things to do."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consultations.models.sessions import Consultation
from members.models import HandlingUnit, Member


class TeamMember(models.Model):
    """One member of the research team 调研组; one of them leads it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="team", verbose_name="协商")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="委员")
    leads = models.BooleanField("组长", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "调研组成员"
        ordering = ["-leads", "id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "member"], name="team_member_once"),
            models.UniqueConstraint(fields=["consultation"], condition=Q(leads=True), name="team_one_leader"),
        ]


class Visit(models.Model):
    """One visit 实地调研 before the session: when, where, what was found."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="visits", verbose_name="协商")
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=120)
    findings = models.TextField("了解到的情况", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "调研"
        ordering = ["on", "id"]


class Delegation(models.Model):
    """What an invited unit answers: whom it sends, or why nobody comes."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="delegations", verbose_name="协商")
    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="+", verbose_name="单位")
    comes = models.BooleanField("参加")
    people = models.CharField("参加人员", max_length=300, blank=True)
    reason = models.CharField("不能参加的原因", max_length=300, blank=True)
    answered_at = models.DateTimeField("回复时间", default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回复人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "单位回复"
        ordering = ["unit", "id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "unit"], name="delegation_once")]


class Task(models.Model):
    """One thing to do before the session 准备事项 that the staff wrote down besides those that every session needs."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="tasks", verbose_name="协商")
    text = models.CharField("事项", max_length=120)
    done_on = models.DateField("办好日期", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办好的人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "准备事项"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["consultation", "text"], name="task_once")]
