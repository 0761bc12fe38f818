"""Accounts 账号 and the roles 角色 granted to them."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class Role(models.TextChoices):
    """What a person does in the system; one person may hold several (domain rules §8)."""

    MEMBER = "member", "委员"
    BODY_CONTACT = "body_contact", "集体提案联络人"
    CONVENER = "convener", "工作室召集人"
    PROPOSAL_CLERK = "proposal_clerk", "提案委经办人"
    PROPOSAL_CHIEF = "proposal_chief", "提案委主任"
    INSPECTION = "inspection", "督查室"
    UNIT_OPERATOR = "unit_operator", "承办单位经办人"
    UNIT_LEADER = "unit_leader", "承办单位负责人"
    INFO_EDITOR = "info_editor", "信息编辑"
    INFO_SIGNER = "info_signer", "信息签发人"
    COMMITTEE = "committee", "专委会"
    SUPERVISOR = "supervisor", "民主监督员"
    NEWS_EDITOR = "news_editor", "门户编辑"
    NEWS_REVIEW1 = "news_review1", "门户一审"
    NEWS_REVIEW2 = "news_review2", "门户二审"
    NEWS_CHIEF = "news_chief", "门户终审"
    LEADER = "leader", "政协领导"
    DISTRICT_LEADER = "district_leader", "区领导"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


class User(AbstractUser):
    """A person who signs in; what he may do comes from his roles, never from ``is_superuser``."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机号", max_length=20, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密码时间", null=True, blank=True)

    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name, as Django's own pages ask for it."""
        return str(self)

    @cached_property
    def grants(self) -> list["RoleGrant"]:
        """This person's roles with their unit or body; one query per request."""
        return list(self.role_grants.all())

    @cached_property
    def roles(self) -> frozenset[str]:
        """Codes of the roles held."""
        return frozenset(grant.role for grant in self.grants)

    def has_role(self, *codes: str) -> bool:
        """Whether the person holds any of the roles."""
        return not self.roles.isdisjoint(codes)

    def unit_ids(self, *codes: str) -> frozenset[int]:
        """Units for which the person holds any of the roles (unit roles when none is named)."""
        wanted = codes or (Role.UNIT_OPERATOR, Role.UNIT_LEADER)
        return frozenset(grant.unit_id for grant in self.grants if grant.role in wanted and grant.unit_id)

    @cached_property
    def body_ids(self) -> frozenset[int]:
        """Bodies that the person acts for."""
        return frozenset(grant.body_id for grant in self.grants if grant.body_id)

    @cached_property
    def member_id(self) -> int | None:
        """The member of the committee that this account belongs to, if any; one query."""
        from members.models.people import Member

        return Member.objects.filter(user_id=self.pk).values_list("pk", flat=True).first()

    @cached_property
    def role_label(self) -> str:
        """The first role in words, for the top bar."""
        return next((grant.get_role_display() for grant in self.grants), "")


class RoleGrant(models.Model):
    """One role of one person, for a unit or a body where the role needs one."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    unit = models.ForeignKey("members.HandlingUnit", models.PROTECT, null=True, blank=True, verbose_name="承办单位")
    body = models.ForeignKey("members.Body", models.PROTECT, null=True, blank=True, verbose_name="所代表的组织")

    class Meta:
        verbose_name = verbose_name_plural = "角色授予"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit", "body"], name="role_grant_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=["unit_operator", "unit_leader"]) | models.Q(unit__isnull=False),
                name="role_grant_unit_named",
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"], name="role_grant_role_unit")]
