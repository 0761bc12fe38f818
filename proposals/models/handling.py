"""Handling: the unit's task 承办, contact with the proposer 面商, reply 答复, promises 承诺, feedback 征询意见."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.fields import EncryptedCharField
from members.models import HandlingUnit
from proposals.models.proposal import Proposal, Proposer, Suggestion
from proposals.models.queries import PromiseQuerySet, UnitTaskQuerySet
from proposals.models.reference import ResultClass


class TaskStatus(models.TextChoices):
    """States of a unit's task (domain rules §1.9)."""

    PENDING = "pending", "待签收"
    SIGNED = "signed", "已签收"
    WORKING = "working", "办理中"
    SUBMITTED = "submitted", "已报送"
    DONE = "done", "已完成"
    TRANSFER_REQUESTED = "transfer_requested", "申请改办"
    UPHELD = "upheld", "维持交办"
    REASSIGNED = "reassigned", "已改办"
    EXTENSION_REQUESTED = "extension_requested", "申请延期"


class UnitTask(models.Model):
    """What one unit has to do for one proposal; ``status`` is written by core.workflow only."""

    class Role(models.TextChoices):
        LEAD = "lead", "主办"
        SUPPORT = "support", "会办"
        SPLIT = "split", "分办"

    Status = TaskStatus

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="tasks", verbose_name="提案")
    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="tasks", verbose_name="承办单位")
    role = models.CharField("承办方式", max_length=8, choices=Role.choices)
    status = models.CharField("状态", max_length=20, choices=TaskStatus.choices, default=TaskStatus.PENDING)
    assigned_on = models.DateField("交办日期")
    signed_on = models.DateField("签收日期", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    urged_on = models.DateField("最近催办日期", null=True, blank=True)
    urged_times = models.PositiveSmallIntegerField("催办次数", default=0)
    opinion = models.TextField("会办意见", blank=True)
    opinion_on = models.DateField("会办意见日期", null=True, blank=True)
    transfer_reason = models.TextField("改办理由", blank=True)
    transfer_to = models.ForeignKey(
        HandlingUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="建议改给"
    )
    transfer_asked_on = models.DateField("申请改办日期", null=True, blank=True)
    extension_reason = models.TextField("延期理由", blank=True)
    extension_until = models.DateField("申请延至", null=True, blank=True)
    extension_count = models.PositiveSmallIntegerField("已延期次数", default=0)
    is_unit_key = models.BooleanField("本单位重点件", default=False)
    responsible_leader = models.CharField("分管领导", max_length=40, blank=True)

    objects = UnitTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承办任务"
        ordering = ["proposal", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "unit"],
                condition=~models.Q(status="reassigned"),
                name="one_task_per_unit_and_proposal",
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=models.Q(role="lead") & ~models.Q(status="reassigned"),
                name="one_lead_per_proposal",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "status"], name="task_unit_status"),
            models.Index(fields=["proposal", "role"], name="task_proposal"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.unit}（{self.get_role_display()}）"

    @property
    def replies(self) -> bool:
        """Whether this unit answers the proposer itself: lead and split units do, support units never."""
        return self.role != self.Role.SUPPORT


class ContactLog(models.Model):
    """One contact 面商 of the unit with a proposer before the reply."""

    class Method(models.TextChoices):
        MEETING = "meeting", "面谈"
        FORUM = "forum", "座谈会"
        SITE = "site", "现场"
        PHONE = "phone", "电话"
        LETTER = "letter", "书信"
        MAIL = "mail", "邮件"

    task = models.ForeignKey(UnitTask, models.CASCADE, related_name="contacts", verbose_name="承办任务")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    held_on = models.DateField("日期")
    method = models.CharField("方式", max_length=10, choices=Method.choices)
    persons = models.CharField("参加人", max_length=120)
    content = models.TextField("内容")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "沟通记录"
        ordering = ["held_on", "id"]


class ReplyStatus(models.TextChoices):
    """States of a reply (domain rules §1.9)."""

    DRAFT = "draft", "起草中"
    COSIGN = "cosign", "会签中"
    UNIT_APPROVED = "unit_approved", "已签发"
    OFFICE_REVIEW = "office_review", "督查室审核"
    ISSUED = "issued", "已送达"


class Reply(models.Model):
    """The reply 答复函 of one unit in one round; ``status`` is written by core.workflow only."""

    Status = ReplyStatus

    task = models.ForeignKey(UnitTask, models.CASCADE, related_name="letters", verbose_name="承办任务")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    status = models.CharField("状态", max_length=14, choices=ReplyStatus.choices, default=ReplyStatus.DRAFT)
    document_no = models.CharField("发文字号", max_length=60, blank=True)
    result_class = models.ForeignKey(ResultClass, models.PROTECT, null=True, blank=True, verbose_name="办理结果分类")
    opening = models.TextField("开头", blank=True)
    closing = models.TextField("结尾", blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = EncryptedCharField("联系电话", max_length=30, blank=True)
    may_publish = models.BooleanField("可以公开", default=True)
    sent_back_reason = models.TextField("退回理由", blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="起草人"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    issued_on = models.DateField("送达日期", null=True, blank=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保存人"
    )
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "答复函"
        ordering = ["round", "id"]
        constraints = [models.UniqueConstraint(fields=["task", "round"], name="one_reply_per_round")]


class ReplyItem(models.Model):
    """The answer to one suggestion, with its own class."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="items", verbose_name="答复函")
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, null=True, related_name="answers", verbose_name="建议")
    text = models.TextField("答复", blank=True)
    result_class = models.ForeignKey(ResultClass, models.PROTECT, null=True, blank=True, verbose_name="分类")

    class Meta:
        verbose_name = verbose_name_plural = "逐条答复"
        ordering = ["suggestion__order", "id"]
        constraints = [models.UniqueConstraint(fields=["reply", "suggestion"], name="one_answer_per_suggestion")]


class Promise(models.Model):
    """A dated promise 承诺 given in a reply.

    ``unrecorded``: it came from an old register that does not say what became of it; nobody is
    reminded of it, and the proposals office records the outcome when it is known.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="promises", verbose_name="答复函")
    item = models.ForeignKey(
        ReplyItem, models.CASCADE, null=True, blank=True, related_name="promises", verbose_name="答复"
    )
    text = models.CharField("做成什么", max_length=300)
    due_on = models.DateField("哪天以前")
    owner = models.CharField("责任人", max_length=60, blank=True)
    kept_on = models.DateField("兑现日期", null=True, blank=True)
    missed_on = models.DateField("认定未兑现日期", null=True, blank=True)
    unrecorded = models.BooleanField("登记簿未载结果", default=False)
    note = models.CharField("兑现情况", max_length=300, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承诺"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on"], name="promise_open", condition=models.Q(kept_on__isnull=True))]

    @property
    def settled_on(self) -> date | None:
        """The day on which it was clear what became of it: kept, or found not kept."""
        return self.kept_on or self.missed_on

    @property
    def is_unknown(self) -> bool:
        """Whether an old register left open what became of it, and nobody has recorded it since."""
        return self.unrecorded and self.settled_on is None


class CosignOpinion(models.Model):
    """What a support unit says of the lead's draft 会签."""

    class State(models.TextChoices):
        WAITING = "waiting", "待会签"
        AGREED = "agreed", "同意"
        OBJECTED = "objected", "有意见"

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="cosigns", verbose_name="答复函")
    task = models.ForeignKey(UnitTask, models.CASCADE, related_name="cosigns", verbose_name="会办任务")
    state = models.CharField("结果", max_length=10, choices=State.choices, default=State.WAITING)
    opinion = models.TextField("意见", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="会签人"
    )
    answered_at = models.DateTimeField("会签时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会签"
        constraints = [models.UniqueConstraint(fields=["reply", "task"], name="one_cosign_per_task")]


class Feedback(models.Model):
    """One proposer's answer 征询意见表 to the replies of one round; nobody else may give it."""

    class State(models.TextChoices):
        WAITING = "waiting", "待反馈"
        ANSWERED = "answered", "已反馈"
        NO_RESPONSE = "no_response", "到期未反馈"

    class Targeting(models.TextChoices):
        ON_POINT = "on_point", "针对"
        PARTLY = "partly", "基本针对"
        OFF_POINT = "off_point", "未针对"

    class ContactWay(models.TextChoices):
        MEETING = "meeting", "面谈"
        PHONE = "phone", "电话"
        OTHER = "other", "其他"
        NONE = "none", "未联系"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="feedback", verbose_name="提案")
    proposer = models.ForeignKey(Proposer, models.CASCADE, related_name="feedback", verbose_name="提案者")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.WAITING)
    contact_way = models.CharField("沟通方式", max_length=10, choices=ContactWay.choices, blank=True)
    targeting = models.CharField("答复针对性", max_length=10, choices=Targeting.choices, blank=True)
    attitude = models.CharField("办理态度", max_length=12, choices=Proposal.Rating.choices[:3], blank=True)
    result = models.CharField("办理结果", max_length=12, choices=Proposal.Rating.choices[:3], blank=True)
    leader_answered = models.BooleanField("领导是否参加答复", null=True, blank=True)
    text = models.TextField("意见", blank=True)
    answered_on = models.DateField("反馈日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代录人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "征询意见表"
        ordering = ["round", "proposer__order"]
        constraints = [models.UniqueConstraint(fields=["proposer", "proposal", "round"], name="one_feedback_per_round")]
        indexes = [models.Index(fields=["proposal", "round"], name="feedback_round")]
