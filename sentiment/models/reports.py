"""The opinion report 社情民意信息: its text, who reports, every version of its wording (domain rules §2)."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from core.fields import EncryptedCharField
from core.navigation import item_address
from members.models import Body, Member
from sentiment.models.queries import OpinionReportQuerySet

TEXT_LIMIT = 20000


class ReportStatus(models.TextChoices):
    """States of an opinion report."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待收稿"
    RETURNED = "returned", "退回修改"
    EDITING = "editing", "编辑中"
    KEPT = "kept", "留存"
    TO_PROPOSAL = "to_proposal", "转为提案"
    COMBINED = "combined", "编入综合"
    EDITED = "edited", "待核稿"
    CHECKED = "checked", "待签发"
    SIGNED = "signed", "待刊发"
    ISSUED = "issued", "已刊发"
    FORWARDED = "forwarded", "已转办"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class OpinionReport(models.Model):
    """One report on one matter; ``status`` is written by core.workflow only.

    ``reporter_name`` repeats the first reporter, ``next_due`` the nearest open term. A 综合 is a
    report of its own (``source`` composite) into which others are combined; each keeps its credit.
    """

    class Source(models.TextChoices):
        MEMBER = "member", "委员"
        STUDIO = "studio", "委员工作室"
        COMMITTEE = "committee", "专委会"
        SECTOR = "sector", "界别"
        PARTY = "party", "党派团体"
        TOWNSHIP = "township", "镇（街道）"
        INFORMANT = "informant", "特邀信息员"
        PUBLIC = "public", "群众"
        COMPOSITE = "composite", "综合"

    has_files: bool
    has_links: bool
    """Whether files and handovers belong to it: set on the record by ``selectors.get_report`` alone."""

    Status = ReportStatus
    PARTS = ("title", "situation", "analysis", "suggestions")

    status = models.CharField("状态", max_length=12, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    code = models.CharField("来稿编号", max_length=12, unique=True, null=True, blank=True)
    year = models.PositiveSmallIntegerField("年份")
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.MEMBER)
    title = models.CharField("标题", max_length=80)
    situation = models.TextField("情况反映", blank=True, validators=[MaxLengthValidator(TEXT_LIMIT)])
    analysis = models.TextField("问题分析", blank=True, validators=[MaxLengthValidator(TEXT_LIMIT)])
    suggestions = models.TextField("对策建议", blank=True, validators=[MaxLengthValidator(TEXT_LIMIT)])
    category = models.CharField("类别", max_length=20, blank=True)
    reporter_name = models.CharField("第一反映人", max_length=80, blank=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="opinion_reports", verbose_name="报送单位"
    )
    publish_consent = models.BooleanField("同意公开", default=True)

    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="编辑"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核稿人"
    )
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    editor_note = models.CharField("编辑意见", max_length=500, blank=True)
    combined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts_combined", verbose_name="编入"
    )

    public_title = models.CharField("公开的标题", max_length=80, blank=True)
    public_abstract = models.TextField("公开的摘要", blank=True, validators=[MaxLengthValidator(600)])
    published_on = models.DateField("公开日期", null=True, blank=True)

    submitted_on = models.DateField("来稿日期", null=True, blank=True)
    issued_on = models.DateField("刊发日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    next_due = models.DateField("最近期限", null=True, blank=True)
    next_due_label = models.CharField("最近期限名称", max_length=40, blank=True)
    receipt_code = models.CharField("回执号", max_length=10, unique=True, null=True, blank=True)
    sender_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    reply_to_sender = models.TextField("给来信人的答复", blank=True, validators=[MaxLengthValidator(1000)])
    replied_on = models.DateField("答复来信人日期", null=True, blank=True)

    version = models.PositiveIntegerField("版次", default=1)
    saved_at = models.DateTimeField("保存时间", default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保存人"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录入人"
    )
    source_key = models.CharField("原始登记", max_length=80, unique=True, null=True, blank=True)

    objects = OpinionReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "社情民意信息"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "-id"], name="report_by_status"),
            models.Index(fields=["year", "-id"], name="report_by_year"),
            models.Index(fields=["next_due", "id"], name="report_by_due"),
            models.Index(fields=["combined_into"], name="report_combined"),
            models.Index(fields=["-published_on", "-id"], name="report_published"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The report's page."""
        return item_address("sentiment:item", self.pk)

    @property
    def is_composite(self) -> bool:
        """Whether it was put together from several."""
        return self.source == self.Source.COMPOSITE

    @property
    def text(self) -> str:
        """The three parts one after the other."""
        return "\n".join(part for part in (self.situation, self.analysis, self.suggestions) if part)


class Reporter(models.Model):
    """One who reports 反映人, the first first: a member, a body, or a person from outside with a name."""

    class Identity(models.TextChoices):
        NATIONAL = "national", "全国政协委员"
        PROVINCE = "province", "省政协委员"
        CITY = "city", "市政协委员"
        DISTRICT = "district", "区政协委员"
        PARTY = "party", "党派成员"
        INFORMANT = "informant", "特邀信息员"
        RESIDENT = "resident", "群众"
        OTHER = "other", "其他"

    report = models.ForeignKey(OpinionReport, models.CASCADE, related_name="reporters", verbose_name="来稿")
    order = models.PositiveSmallIntegerField("次序", default=0)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="opinion_reports", verbose_name="委员"
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=80)
    identity = models.CharField("身份", max_length=10, choices=Identity.choices, default=Identity.DISTRICT)
    post = models.CharField("单位及职务", max_length=120, blank=True)
    phone = EncryptedCharField("电话", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "反映人"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="reporter_order_once")]
        indexes = [
            models.Index(fields=["member", "report"], name="reporter_member"),
            models.Index(fields=["name", "report"], name="reporter_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ReportVersion(models.Model):
    """The wording at one moment, from the author's hand to the signed text; rows are only added."""

    class Stage(models.TextChoices):
        AUTHOR = "author", "来稿"
        EDIT = "edit", "编辑"
        CHECK = "check", "核稿"

    report = models.ForeignKey(OpinionReport, models.CASCADE, related_name="versions", verbose_name="来稿")
    number = models.PositiveSmallIntegerField("第几稿")
    stage = models.CharField("阶段", max_length=8, choices=Stage.choices)
    title = models.CharField("标题", max_length=80)
    situation = models.TextField("情况反映", blank=True)
    analysis = models.TextField("问题分析", blank=True)
    suggestions = models.TextField("对策建议", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "文稿版本"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]
