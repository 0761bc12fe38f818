"""Consultation sessions 协商会议活动 in every form, and what was said there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consultations.models.plans import PlanItem
from core.navigation import item_address
from members.models import Activity, Attendance, Body, HandlingUnit, Member, Role


class ConsultationStatus(models.TextChoices):
    """States of a session."""

    PLANNED = "planned", "筹备中"
    NOTIFIED = "notified", "已通知"
    HELD = "held", "已举行"
    REPORTED = "reported", "成果已报送"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"


SEES_ALL = (Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER, Role.INFO_EDITOR, Role.INFO_SIGNER)
READS_HELD = (
    Role.MEMBER, Role.BODY_CONTACT, Role.CONVENER, Role.COMMITTEE, Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INSPECTION,
    Role.UNIT_OPERATOR, Role.UNIT_LEADER, Role.INFO_CHECKER, Role.SUPERVISOR,
)  # fmt: skip


class ConsultationQuerySet(models.QuerySet):
    """Sessions by who may see them."""

    def visible_to(self, user):
        """Those in charge and leaders see all; who reads what was held also his invitations and his body's own.

        Administrators and the portal's editors have no part in the committee's business (domain rules §8).
        """
        if user.has_role(*SEES_ALL):
            return self
        mine = Q(organizer_id__in=user.body_ids) | Q(made_by_id=user.pk)
        if user.has_role(*READS_HELD):
            mine |= Q(status__in=("held", "reported", "closed")) & ~Q(form="micro")
        told = ~Q(status="planned")
        if user.member_id:
            from consultations.models.preparation import TeamMember

            mine |= Q(activity__in=Attendance.objects.filter(member_id=user.member_id).values("activity_id")) & told
            mine |= Q(pk__in=TeamMember.objects.filter(member_id=user.member_id).values("consultation_id"))
        if units := user.unit_ids():
            asked = Consultation.units.through.objects.filter(handlingunit__in=units)
            mine |= Q(pk__in=asked.values("consultation_id")) & told
        return self.filter(mine)

    def for_list(self):
        """The columns of a list row, without any text column."""
        return self.select_related("organizer").only(
            "status", "form", "title", "on", "starts_at", "place", "suggestions_count", "organizer__name",
            "organizer__short_name", "reported_on", "next_due",
        )  # fmt: skip


class Consultation(models.Model):
    """One session; whom it invites and who came is the activity that goes with it.

    A micro-consultation 微协商 of a studio needs no more than topic, parties, day and consensus.
    ``version`` counts what was saved, so that of two people who write at once the second is told;
    ``sequence`` counts changes of time and place for calendars, ``moved_at`` is the last of another day.
    ``status`` is written by core.workflow only.
    """

    class Form(models.TextChoices):
        PLENARY = "plenary", "全体会议"
        STANDING = "standing", "专题议政性常委会"
        TOPICAL = "topical", "专题协商"
        COUNTERPART = "counterpart", "对口协商"
        SECTOR = "sector", "界别协商"
        PROPOSAL = "proposal", "提案办理协商"
        NETWORK = "network", "网络议政"
        FRONTLINE = "frontline", "一线协商"
        MICRO = "micro", "微协商"

    Status = ConsultationStatus
    LIGHT = (Form.MICRO, Form.FRONTLINE)

    status = models.CharField(
        "状态", max_length=10, choices=ConsultationStatus.choices, default=ConsultationStatus.PLANNED
    )
    form = models.CharField("形式", max_length=12, choices=Form.choices)
    title = models.CharField("题目", max_length=120)
    on = models.DateField("日期")
    starts_at = models.TimeField("时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    organizer = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name="承办单位"
    )
    plan_item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name="计划议题"
    )
    activity = models.OneToOneField(
        Activity, models.PROTECT, null=True, blank=True, related_name="consultation", verbose_name="出席"
    )
    units = models.ManyToManyField(HandlingUnit, blank=True, related_name="consultations", verbose_name="邀请单位")
    parties = models.CharField("参加各方", max_length=300, blank=True)
    background = models.TextField("背景和材料", blank=True)
    work_plan = models.TextField("工作方案", blank=True)
    agenda = models.TextField("议程", blank=True)
    minutes = models.TextField("会议记录", blank=True)
    consensus = models.TextField("形成的共识", blank=True)
    suggestions_count = models.PositiveIntegerField("意见建议条数", null=True, blank=True)
    follow_up_on = models.DateField("回头看日期", null=True, blank=True)
    reported_on = models.DateField("报送日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    next_due = models.DateField("最近期限", null=True, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    version = models.PositiveIntegerField("存过几次", default=0)
    saved_at = models.DateTimeField("存下时间", null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="存下的人"
    )
    sequence = models.PositiveIntegerField("日历更正次数", default=0)
    moved_at = models.DateTimeField("改期时间", null=True, blank=True)
    source_key = models.CharField("原始登记", max_length=80, unique=True, null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协商"
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["-on", "-id"], name="consultation_newest"),
            models.Index(fields=["form", "-on", "-id"], name="consultation_by_form"),
            models.Index(fields=["status", "-on", "-id"], name="consultation_by_status"),
            models.Index(fields=["organizer", "-on", "-id"], name="consultation_by_organizer"),
            models.Index(fields=["next_due", "-on", "-id"], name="consultation_by_due"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The session's page."""
        return item_address("consultations:item", self.pk)

    @property
    def is_light(self) -> bool:
        """Whether it is one of the short forms on the spot."""
        return self.form in self.LIGHT


class SpeechQuerySet(models.QuerySet):
    """Contributions by what became of them."""

    def on_the_list(self):
        """The speaking list 发言顺序, in its order."""
        return self.filter(way="spoken").order_by("order", "id")

    def counted(self):
        """What counts for a member's ledger: handed in, or really spoken."""
        return self.filter(member__isnull=False, dropped=False)


class Speech(models.Model):
    """A contribution: spoken at the session, or handed in in writing (发言材料、书面意见).

    A member hands in what he wrote; the office puts it on the speaking list, which makes it ``SPOKEN``.
    Guests (a bureau's leader, an expert) have a name instead of a member.
    """

    class Way(models.TextChoices):
        SPOKEN = "spoken", "会上发言"
        WRITTEN = "written", "书面意见"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="speeches", verbose_name="协商")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="speeches", verbose_name="委员"
    )
    guest = models.CharField("其他发言人", max_length=60, blank=True)
    way = models.CharField("方式", max_length=8, choices=Way.choices, default=Way.SPOKEN)
    order = models.PositiveSmallIntegerField("次序", default=0)
    minutes = models.PositiveSmallIntegerField("分钟", null=True, blank=True)
    title = models.CharField("题目", max_length=120, blank=True)
    text = models.TextField("内容", blank=True)
    asks_to_speak = models.BooleanField("请求会上发言", default=False)
    handed_in_at = models.DateTimeField("交来时间", null=True, blank=True)
    dropped = models.BooleanField("没有发言", default=False)

    objects = SpeechQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发言"
        ordering = ["way", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "member", "way"], name="speech_once_a_way"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, guest="") | Q(member__isnull=True) & ~Q(guest=""),
                name="speech_of_one_speaker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}：{self.title}" if self.title else self.speaker

    @property
    def speaker(self) -> str:
        """Who speaks, in words."""
        return self.member.name if self.member is not None else self.guest
