"""Activities 履职活动 with attendance and leave, and research topics 一领导一课题."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from members.models.bodies import Body
from members.models.people import Member


class ActivityStatus(models.TextChoices):
    """States: the office plans and holds; a member reports and the staff verify."""

    PLANNED = "planned", "筹备中"
    NOTIFIED = "notified", "已通知"
    HELD = "held", "已举行"
    CANCELLED = "cancelled", "已取消"
    REPORTED = "reported", "待核实"
    RETURNED = "returned", "退回补充"
    VERIFIED = "verified", "已核实"


class TopicStatus(models.TextChoices):
    """States of a research topic."""

    PLANNED = "planned", "已立题"
    RESEARCHING = "researching", "调研中"
    REPORTED = "reported", "已形成报告"
    ADOPTED = "adopted", "已采纳"
    CLOSED = "closed", "已结题"


class TopicQuerySet(models.QuerySet):
    """Research topics by who may see them."""

    def visible_to(self, user) -> "TopicQuerySet":
        """All for the offices; for a member those in whose team he is."""
        from members.activities.access import visible_topics

        return visible_topics(self, user)


class ActivityQuerySet(models.QuerySet):
    """Activities by who may see them."""

    def visible_to(self, user) -> "ActivityQuerySet":
        """Those one runs, is invited to, took part in or reported; all for the members' liaison office."""
        from members.activities.access import visible

        return visible(self, user)


class ResearchTopic(models.Model):
    """A research topic 一领导一课题: a leader, a team, visits, a paper, what came of it."""

    Status = TopicStatus

    status = models.CharField("状态", max_length=12, choices=TopicStatus.choices, default=TopicStatus.PLANNED)
    year = models.PositiveSmallIntegerField("年份")
    title = models.CharField("课题", max_length=120)
    leader_name = models.CharField("牵头领导", max_length=40)
    leader = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头领导（委员）"
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办专委会")
    team = models.ManyToManyField(Member, blank=True, related_name="research_topics", verbose_name="课题组")
    plan = models.TextField("调研计划", blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    reported_on = models.DateField("形成报告日期", null=True, blank=True)
    uptake = models.TextField("采纳转化情况", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调研课题"
        ordering = ["-year", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The topic's page."""
        return reverse("members:topic", args=[self.pk])


def new_secret() -> str:
    """A key from which an activity's sign-in codes follow."""
    return secrets.token_hex(32)


class Activity(models.Model):
    """One activity, planned by the body that runs it, or reported by a member who took part elsewhere.

    ``quantity`` (pieces, sessions) and ``amount`` (yuan) are of the whole activity; a share of one
    member stands with his attendance. ``status`` is written by core.workflow only.
    """

    class Kind(models.TextChoices):
        STUDY = "study", "集中学习"
        TRAINING = "training", "培训"
        MEETING = "meeting", "会议"
        RESEARCH = "research", "调研"
        INSPECTION = "inspection", "视察"
        READING = "reading", "读书"
        ESSAY = "essay", "征文"
        READING_VIDEO = "reading_video", "读书视频"
        SHORT_VIDEO = "short_video", "短视频"
        HISTORY = "history", "文史"
        EXCHANGE = "exchange", "交流活动"
        DONATION = "donation", "公益捐赠"
        CENTRAL_WORK = "central_work", "中心工作"
        SPEECH = "speech", "会议发言"

    Status = ActivityStatus

    status = models.CharField("状态", max_length=10, choices=ActivityStatus.choices, default=ActivityStatus.PLANNED)
    kind = models.CharField("类别", max_length=14, choices=Kind.choices)
    title = models.CharField("名称", max_length=160)
    on = models.DateField("日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    organizer = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="组织单位"
    )
    topic = models.ForeignKey(
        ResearchTopic, models.SET_NULL, null=True, blank=True, related_name="activities", verbose_name="所属课题"
    )
    text = models.TextField("内容", blank=True)
    headcount = models.PositiveIntegerField("人数", null=True, blank=True)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    unit_word = models.CharField("数量单位", max_length=6, blank=True)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    must_attend = models.BooleanField("应到，不能来要请假", default=False)
    sign_up_until = models.DateField("报名截止", null=True, blank=True)
    places = models.PositiveIntegerField("名额", null=True, blank=True)
    sign_in_secret = models.CharField(max_length=64, default=new_secret, editable=False)
    sign_in_open = models.BooleanField("正在签到", default=False)
    note = models.CharField("备注", max_length=200, blank=True)
    reported_by = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="自报委员"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人"
    )
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    source_key = models.CharField("原始登记", max_length=80, unique=True, null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "履职活动"
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["-on", "-id"], name="activity_newest"),
            models.Index(fields=["kind", "-on", "-id"], name="activity_by_kind"),
            models.Index(fields=["status", "-on"], name="activity_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The activity's page."""
        return reverse("members:activity", args=[self.pk])


class Attendance(models.Model):
    """One member at one activity: invited, on leave, present or absent; ``part`` 1 is the whole of it."""

    class State(models.TextChoices):
        INVITED = "invited", "未回复"
        COMING = "coming", "参加"
        LEAVE_ASKED = "leave_asked", "请假待批"
        ON_LEAVE = "on_leave", "已准假"
        LEAVE_REFUSED = "leave_refused", "未准假"
        PRESENT = "present", "到会"
        ABSENT = "absent", "缺席"

    class Way(models.TextChoices):
        CODE = "code", "动态码"
        PAPER = "paper", "纸质签到"
        STAFF = "staff", "工作人员登记"
        IMPORT = "import", "登记簿"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances", verbose_name="活动")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances", verbose_name="委员")
    state = models.CharField("情况", max_length=14, choices=State.choices, default=State.INVITED)
    way = models.CharField("签到方式", max_length=8, choices=Way.choices, blank=True)
    signed_at = models.DateTimeField("签到时间", null=True, blank=True)
    window = models.BigIntegerField("用过的码", null=True, blank=True, editable=False)
    part = models.DecimalField("参加多少", max_digits=4, decimal_places=2, default=1)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    reason = models.CharField("请假事由", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批假人"
    )
    changed_at = models.DateTimeField("更新时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "出席"
        ordering = ["activity", "member__code"]
        constraints = [models.UniqueConstraint(fields=["activity", "member"], name="attendance_once")]
        indexes = [models.Index(fields=["member", "state"], name="attendance_of_member")]
