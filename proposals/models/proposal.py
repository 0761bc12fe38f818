"""The proposal 提案, its numbered suggestions 建议, proposers 提案者 and revisions."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from core.fields import EncryptedCharField
from core.navigation import item_address
from members.models import Body, HandlingUnit, Member, Session
from proposals.models.queries import ProposalQuerySet
from proposals.models.reference import Category, Ground, Handover, ResultClass

TEXT_LIMIT = 20000


class Status(models.TextChoices):
    """States of a proposal (domain rules §1.9)."""

    DRAFT = "draft", "草稿"
    COSIGNING = "cosigning", "联名中"
    SUBMITTED = "submitted", "待审查"
    REVIEWING = "reviewing", "审查中"
    RETURNED = "returned", "退回修改"
    FILED = "filed", "待交办"
    MERGED = "merged", "已并案"
    NOT_FILED = "not_filed", "不立案"
    WITHDRAWN = "withdrawn", "已撤案"
    ASSIGNED = "assigned", "待签收"
    HANDLING = "handling", "办理中"
    REPLIED = "replied", "待反馈"
    REHANDLING = "rehandling", "再办理"
    CLOSED = "closed", "已办结"
    FOLLOW_UP = "follow_up", "跟踪承诺"
    ARCHIVED = "archived", "已归档"


class Proposal(models.Model):
    """One proposal 提案 from draft to archive; ``status`` is written by core.workflow only.

    ``proposer_name``, ``sector``, ``lead_unit``, ``result_class``, ``rating``, ``next_due`` repeat
    facts of other rows so that a list reads one table; services keep them true.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "委员个人"
        JOINT = "joint", "委员联名"
        PARTY = "party", "党派"
        ORGANIZATION = "organization", "人民团体"
        COMMITTEE = "committee", "专委会"
        SECTOR = "sector", "界别"
        GROUP = "group", "委员小组"
        STUDIO = "studio", "委员工作室"

    class Mode(models.TextChoices):
        SOLE = "sole", "单办"
        LEAD_SUPPORT = "lead_support", "主办会办"
        SPLIT = "split", "分办"

    class Disposition(models.TextChoices):
        NONE = "", "不另处理"
        TO_OPINION = "to_opinion", "转社情民意"
        TO_REFERENCE = "to_reference", "作意见建议转送参考"
        TO_UPPER = "to_upper", "转上级政协"

    class Rating(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY = "basically", "基本满意"
        UNSATISFIED = "unsatisfied", "不满意"
        NO_RESPONSE = "no_response", "未反馈"

    COLLECTIVE_KINDS = (Kind.PARTY, Kind.ORGANIZATION, Kind.COMMITTEE, Kind.SECTOR, Kind.GROUP, Kind.STUDIO)
    Status = Status

    status = models.CharField("状态", max_length=12, choices=Status.choices, default=Status.DRAFT)
    intake_no = models.CharField("流水号", max_length=12, unique=True, null=True, blank=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="proposals", verbose_name="届次")
    in_session = models.BooleanField("大会提案", default=True)
    number = models.PositiveIntegerField("案号", null=True, blank=True)
    year = models.PositiveSmallIntegerField("年份")

    title = models.CharField("案由", max_length=120)
    kind = models.CharField("提案者类别", max_length=12, choices=Kind.choices, default=Kind.INDIVIDUAL)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="类别")
    situation = models.TextField("情况与问题", blank=True, validators=[MaxLengthValidator(TEXT_LIMIT)])
    analysis = models.TextField("分析", blank=True, validators=[MaxLengthValidator(TEXT_LIMIT)])
    suggested_units = models.ManyToManyField(HandlingUnit, blank=True, related_name="+", verbose_name="建议承办单位")
    publish_consent = models.BooleanField("同意公开", default=True)
    publish_refusal = models.CharField("不同意公开的理由", max_length=200, blank=True)
    cosign_until = models.DateField("联名截止", null=True, blank=True)

    proposer_name = models.CharField("第一提案者", max_length=80, blank=True)
    sector = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="界别")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    is_entered = models.BooleanField("纸质代录", default=False)
    source_key = models.CharField("原始登记", max_length=80, unique=True, null=True, blank=True)

    first_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="初审人"
    )
    first_opinion = models.CharField("初审意见", max_length=12, blank=True)
    first_note = models.CharField("初审说明", max_length=500, blank=True)
    second_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复审人"
    )
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, blank=True, verbose_name="不立案理由")
    disposition = models.CharField("处理去向", max_length=14, choices=Disposition.choices, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_cases", verbose_name="并入"
    )
    decision_note = models.CharField("审查说明", max_length=500, blank=True)

    handling_mode = models.CharField("办理方式", max_length=12, choices=Mode.choices, blank=True)
    handover = models.ForeignKey(Handover, models.PROTECT, null=True, blank=True, verbose_name="交办会")
    lead_unit = models.ForeignKey(
        HandlingUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主办单位"
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    is_key = models.BooleanField("重点提案", default=False)
    key_leader = models.CharField("领衔督办", max_length=60, blank=True)
    supervision_batch = models.CharField("督办批次", max_length=20, blank=True)
    excellent_on = models.DateField("评为优秀提案日期", null=True, blank=True)
    excellent_times = models.PositiveSmallIntegerField("评为优秀提案次数", default=0, editable=False)
    result_class = models.ForeignKey(ResultClass, models.PROTECT, null=True, blank=True, verbose_name="答复类别")
    rating = models.CharField("办理结果评价", max_length=12, choices=Rating.choices, blank=True)
    attitude = models.CharField("办理态度评价", max_length=12, choices=Rating.choices, blank=True)
    published_on = models.DateField("公开日期", null=True, blank=True)
    withheld_on = models.DateField("决定不公开日期", null=True, blank=True)
    withheld_reason = models.CharField("不公开的审查意见", max_length=300, blank=True)

    submitted_on = models.DateField("提交日期", null=True, blank=True)
    filed_on = models.DateField("立案日期", null=True, blank=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    next_due = models.DateField("最近期限", null=True, blank=True)
    next_due_label = models.CharField("最近期限名称", max_length=40, blank=True)

    created_at = models.DateTimeField("建立时间", default=timezone.now)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保存人"
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提案"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="proposal_number_once"),
            models.CheckConstraint(
                condition=~models.Q(status="merged") | models.Q(merged_into__isnull=False), name="merged_has_main_case"
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="proposal_not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["year", "-id"], name="proposal_year"),
            models.Index(fields=["session", "status", "-id"], name="proposal_session_status"),
            # With created_by all that visible_to() asks of the offices: counted without touching the table.
            models.Index(fields=["status", "-id", "created_by"], name="proposal_status"),
            models.Index(fields=["number", "-id"], name="proposal_number"),
            models.Index(fields=["lead_unit", "-id"], name="proposal_lead_unit"),
            models.Index(fields=["sector", "-id"], name="proposal_sector"),
            models.Index(fields=["category", "-id"], name="proposal_category"),
            models.Index(fields=["kind", "-id"], name="proposal_kind"),
            # Descending orders with empty values last have indexes on PostgreSQL alone: migration 0005.
            models.Index(fields=["next_due", "id"], name="proposal_next_due"),
            models.Index(
                fields=["-published_on", "-id"],
                name="proposal_public",
                condition=models.Q(published_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_no or self.intake_no or '草稿'} {self.title}"

    def get_absolute_url(self) -> str:
        """The one page of this proposal."""
        return item_address("proposals:item", self.pk)

    @property
    def case_no(self) -> str:
        """The case number 案号 in words, «第123号»; empty before filing."""
        return f"第{self.number}号" if self.number else ""

    @property
    def is_collective(self) -> bool:
        """Whether a body, not persons, proposes."""
        return self.kind in self.COLLECTIVE_KINDS

    @property
    def is_excellent(self) -> bool:
        """Whether the committee has named it an excellent proposal 优秀提案 (domain rules §1.9)."""
        return self.excellent_on is not None

    @property
    def review_state(self) -> str:
        """Where the review stands, in words: which of the two reviewers is awaited."""
        return review_state(bool(self.first_reviewer_id))


def review_state(reviewed_once: bool) -> str:
    """Which of the two reviewers is awaited, in words."""
    return "待复审" if reviewed_once else "待初审"


class Suggestion(models.Model):
    """One numbered suggestion 建议; replies answer them one by one."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="suggestions", verbose_name="提案")
    order = models.PositiveSmallIntegerField("序号")
    text = models.TextField("建议", validators=[MaxLengthValidator(TEXT_LIMIT)])

    class Meta:
        verbose_name = verbose_name_plural = "建议"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["proposal", "order"], name="suggestion_order_once")]


class Proposer(models.Model):
    """One proposer 提案者 of a proposal: a member or a body, with the contact as it was at submission.

    A name that no member could be found for (old papers) is kept in ``name`` alone.
    """

    class State(models.TextChoices):
        INVITED = "invited", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未同意"
        DROPPED = "dropped", "到期未确认"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="proposers", verbose_name="提案")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="proposed", verbose_name="委员"
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="proposed", verbose_name="组织")
    name = models.CharField("名称", max_length=80)
    sector_name = models.CharField("界别", max_length=40, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=0)
    state = models.CharField("联名状态", max_length=10, choices=State.choices, default=State.CONFIRMED)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_post = models.CharField("单位及职务", max_length=120, blank=True)
    contact_phone = EncryptedCharField("联系电话", max_length=30, blank=True)
    contact_address = models.CharField("通信地址", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提案者"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "member"], condition=models.Q(member__isnull=False), name="proposer_member_once"
            ),
            models.UniqueConstraint(
                fields=["proposal", "body"], condition=models.Q(body__isnull=False), name="proposer_body_once"
            ),
        ]
        indexes = [
            models.Index(fields=["member", "proposal"], name="proposer_member"),
            models.Index(fields=["body", "proposal"], name="proposer_body"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_first(self) -> bool:
        """Whether this is the first proposer 第一提案人."""
        return self.order == 0


class ProposalRevision(models.Model):
    """The text as it was before a change, so that the author sees what became of his words."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="revisions", verbose_name="提案")
    title = models.CharField("案由", max_length=120)
    situation = models.TextField("情况与问题", blank=True)
    analysis = models.TextField("分析", blank=True)
    suggestions = models.JSONField("建议", default=list)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人")
    changed_at = models.DateTimeField("修改时间", default=timezone.now)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文字修订"
        ordering = ["-id"]
