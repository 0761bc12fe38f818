"""Outcomes 协商成果: the paper that goes up, who passed it, its suggestions one by one, and looking back at it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from consultations.models.sessions import Consultation
from members.activities.access import run_bodies
from members.models import Role

WATCHERS = (
    Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER, Role.INFO_EDITOR, Role.INFO_SIGNER, Role.INSPECTION,
)  # fmt: skip
"""Who reads every outcome that was sent, with the leaders' notes on it."""


class OutcomeStatus(models.TextChoices):
    """States of an outcome."""

    DRAFT = "draft", "起草"
    SENT = "sent", "已报送"
    ASSIGNED = "assigned", "已交办"
    TAKEN_UP = "taken_up", "已采纳答复"
    CLOSED = "closed", "已办结"


class OutcomeQuerySet(models.QuerySet):
    """Outcomes by who may read them, and by what came of them."""

    def visible_to(self, user):
        """Whoever runs the session reads the draft; once sent, also those who see the session, and units that have it."""
        if user.has_role(Role.LIAISON):
            return self
        mine = Q(consultation__organizer_id__in=run_bodies(user))
        if user.has_role(*WATCHERS):
            return self.filter(mine | ~Q(status=OutcomeStatus.DRAFT))
        seen = Q(consultation__in=Consultation.objects.visible_to(user).order_by().values("pk"))
        if units := user.unit_ids():
            seen |= Q(pk__in=models.Subquery(Outcome._taken_by(units)))
        return self.filter(mine | (seen & ~Q(status=OutcomeStatus.DRAFT)))

    def converted(self):
        """Those that turned into something that has a name."""
        from consultations.models.uptake import Conversion

        rows = Conversion.objects.filter(outcome=OuterRef("pk"), removed_at__isnull=True)
        return self.filter(Q(Exists(rows)) | ~Q(conversion=""))

    def adopted(self):
        """Those of which a unit takes up something, or whose register says so."""
        from consultations.models.uptake import Uptake

        rows = Uptake.objects.filter(outcome=OuterRef("pk"), result__in=("adopted", "partly"))
        return self.filter(Q(Exists(rows)) | Q(adopted_count__gt=0))

    def waiting(self, on: date | None = None):
        """Those of which a unit has not answered yet; with ``on`` only where its term is over by that day."""
        from consultations.models.uptake import Uptake

        rows = Uptake.objects.filter(outcome=OuterRef("pk"), result="waiting")
        return self.filter(Exists(rows.filter(due_on__lt=on) if on else rows))

    def for_list(self):
        """The columns of a list row, without any text column."""
        return self.select_related("consultation").only(
            "status", "kind", "title", "sent_on", "adopted_count", "consultation__title", "consultation__form",
            "consultation__on",
        )  # fmt: skip


class Outcome(models.Model):
    """One paper of a session; ``status`` is written by core.workflow only.

    ``note`` and ``conversion`` are what an old register says in one sentence; what is recorded here
    stands in rows of its own (``OutcomeNote``, ``Conversion``).
    """

    class Kind(models.TextChoices):
        FORMAL = "formal_recommendation", "建议案"
        RESEARCH = "research", "调研报告"
        INSPECTION = "inspection", "视察报告"
        BRIEF = "brief", "协商专报"
        MINUTES = "minutes", "协商纪要"
        OPINIONS = "opinions", "意见建议书"
        SECTOR = "sector", "界别协商报告"
        DIGEST = "digest", "意见建议汇编"

    class Body(models.TextChoices):
        STANDING = "standing", "常委会会议"
        CHAIRMEN = "chairmen", "主席会议"

    Status = OutcomeStatus

    status = models.CharField("状态", max_length=10, choices=OutcomeStatus.choices, default=OutcomeStatus.DRAFT)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="outcomes", verbose_name="协商")
    kind = models.CharField("成果类型", max_length=24, choices=Kind.choices)
    title = models.CharField("题目", max_length=160)
    text = models.TextField("内容", blank=True)
    approved_by = models.CharField("通过的会议", max_length=10, choices=Body.choices, blank=True)
    approved_at = models.CharField("第几次会议", max_length=80, blank=True)
    approved_on = models.DateField("通过日期", null=True, blank=True)
    document_no = models.CharField("文号", max_length=40, blank=True)
    sent_on = models.DateField("报送日期", null=True, blank=True)
    sent_to = models.CharField("报送", max_length=200, blank=True)
    copies_to = models.CharField("抄送", max_length=200, blank=True)
    note = models.TextField("批示或采纳情况", blank=True)
    noted_on = models.DateField("批示日期", null=True, blank=True)
    adopted_count = models.PositiveSmallIntegerField("采纳几条", null=True, blank=True)
    conversion = models.TextField("转化落实情况", blank=True)
    feedback = models.TextField("反馈给参加的人", blank=True)
    fed_back_to = models.PositiveIntegerField("反馈几人", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协商成果"
        ordering = ["id"]
        indexes = [models.Index(fields=["-sent_on", "-id"], name="outcome_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The outcome's page."""
        return reverse("consultations:outcome", args=[self.pk])

    @property
    def needs_approval(self) -> bool:
        """Whether a meeting passes it before it goes up: a formal proposal paper 建议案 only."""
        return self.kind == self.Kind.FORMAL

    @property
    def approval(self) -> str:
        """Which meeting passed it and when, as it stands on the paper; empty before."""
        if not self.approved_on:
            return ""
        day = f"{self.approved_on.year}年{self.approved_on.month}月{self.approved_on.day}日"
        return f"{day}{self.approved_at or self.get_approved_by_display()}通过"

    @staticmethod
    def _taken_by(units):
        """Numbers of the outcomes that were given to units."""
        from consultations.models.uptake import Uptake

        return Uptake.objects.filter(unit__in=units).order_by().values("outcome")


class Suggestion(models.Model):
    """One suggestion of an outcome, which units answer by itself."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="suggestions", verbose_name="成果")
    order = models.PositiveSmallIntegerField("第几条")
    text = models.TextField("建议")

    class Meta:
        verbose_name = verbose_name_plural = "成果里的建议"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["outcome", "order"], name="suggestion_of_outcome_once")]

    def __str__(self) -> str:
        return self.text


class OutcomeNote(models.Model):
    """A leader's note 批示 on an outcome; ``for_unit`` lets it go along to the units that have it."""

    class Level(models.TextChoices):
        DISTRICT = "district", "区"
        CITY = "city", "市"
        PROVINCE = "province", "省"

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="notes", verbose_name="成果")
    leader = models.CharField("批示领导", max_length=40)
    level = models.CharField("层级", max_length=10, choices=Level.choices, default=Level.DISTRICT)
    on = models.DateField("日期")
    text = models.TextField("批示内容")
    for_unit = models.BooleanField("随交办告知承办单位", default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    removed_at = models.DateTimeField("删去时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "成果批示"
        ordering = ["on", "id"]


class FollowUp(models.Model):
    """Looking back 回头看 at what became of an outcome: a day set beforehand, and what was found on it."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="follow_ups", verbose_name="成果")
    due_on = models.DateField("哪天回头看")
    done_on = models.DateField("看的日期", null=True, blank=True)
    text = models.TextField("看到的情况", blank=True)
    percent = models.PositiveSmallIntegerField("落实百分之几", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "回头看"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(done_on__isnull=True), name="one_follow_up_ahead_at_a_time"
            ),
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__lte=100), name="follow_up_percent"),
        ]
