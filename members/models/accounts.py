"""Accounts 账号 and the roles 角色 granted to them."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import ClassVar

import rules
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from core.fields import EncryptedCharField
from core.prepared import Prepared


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
    INFO_CHECKER = "info_checker", "信息核稿人"
    INFO_SIGNER = "info_signer", "信息签发人"
    INFORMANT = "informant", "特邀信息员"
    COMMITTEE = "committee", "专委会"
    LIAISON = "liaison", "委员联络室"
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


ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
"""The three administrators 三员: one person is at most one of them and does no committee business."""

UNIT_ROLES = (Role.UNIT_OPERATOR, Role.UNIT_LEADER)

STAFF = (
    Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INSPECTION, Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER,
    Role.LIAISON, Role.NEWS_EDITOR, Role.NEWS_REVIEW1, Role.NEWS_REVIEW2, Role.NEWS_CHIEF, *ADMINISTRATORS,
)  # fmt: skip
"""Roles of the offices' own staff, who should sign in with a second factor."""


@dataclass(frozen=True)
class Standing:
    """All of a person that may decide which records he reads, as the key of a query that is kept for such pages.

    ``visible_to`` takes it in place of the person; one that asks for anything else of him fails at once.
    """

    pk: int
    is_active: bool
    member_id: int | None
    body_ids: frozenset[int]
    roles: frozenset[str]
    places: frozenset[tuple[str, int]]
    is_authenticated: ClassVar[bool] = True

    def has_role(self, *codes: str) -> bool:
        """Whether the person holds any of the roles."""
        return not self.roles.isdisjoint(codes)

    def unit_ids(self, *codes: str) -> frozenset[int]:
        """Units for which the person holds any of the roles, as ``User.unit_ids``."""
        wanted = codes or UNIT_ROLES
        return frozenset(unit for role, unit in self.places if role in wanted)


class User(AbstractUser):
    """A person who signs in; what he may do comes from his roles, never from ``is_superuser``."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40)
    phone = EncryptedCharField("手机号", max_length=20, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密码时间", null=True, blank=True)
    session_key = models.CharField("管理员的会话", max_length=40, blank=True, editable=False)

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
        """This person's roles with their unit or body; one query per request, which finds the member too.

        It tells besides whether the member convenes a studio, so that nobody else is asked for his studios.
        """
        if "role_grants" in getattr(self, "_prefetched_objects_cache", {}):
            return list(self.role_grants.all())
        return _grants().rows(self.pk)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Codes of the roles held."""
        return frozenset(grant.role for grant in self.grants)

    @cached_property
    def standing(self) -> Standing:
        """What of this person decides which records he reads."""
        places = frozenset((grant.role, grant.unit_id) for grant in self.grants if grant.unit_id)
        return Standing(self.pk, self.is_active, self.member_id, self.body_ids, self.roles, places)

    @property
    def is_administrator(self) -> bool:
        """Whether the person is one of the three administrators 三员."""
        return self.has_role(*ADMINISTRATORS)

    def has_perm(self, perm: str, obj=None) -> bool:
        """What the person's roles allow; ``is_superuser`` opens nothing."""
        return rules.has_perm(perm, self, obj) if self.is_active and rules.perm_exists(perm) else False

    def has_module_perms(self, app_label: str) -> bool:
        """Whether /admin/ shows an app; its pages ask for their own roles."""
        return self.is_active and self.has_role(Role.SYSADMIN, Role.SECADMIN)

    def has_role(self, *codes: str) -> bool:
        """Whether the person holds any of the roles."""
        return not self.roles.isdisjoint(codes)

    def unit_ids(self, *codes: str) -> frozenset[int]:
        """Units for which the person holds any of the roles (unit roles when none is named)."""
        wanted = codes or UNIT_ROLES
        return frozenset(grant.unit_id for grant in self.grants if grant.role in wanted and grant.unit_id)

    @cached_property
    def body_ids(self) -> frozenset[int]:
        """Bodies that the person acts for."""
        return frozenset(grant.body_id for grant in self.grants if grant.body_id)

    @cached_property
    def member_id(self) -> int | None:
        """The member of the committee that this account belongs to, if any; found with the roles."""
        if self.grants and hasattr(self.grants[0], "account_member"):
            return self.grants[0].account_member
        from members.models.people import Member

        return Member.objects.filter(user_id=self.pk).values_list("pk", flat=True).first()

    @cached_property
    def convened_by_post(self) -> frozenset[int]:
        """Studios whose convener this person's member is, with or without the role; one query for those alone."""
        if self.grants and not getattr(self.grants[0], "account_convenes", True):
            return frozenset()
        from members.models.bodies import Studio

        return frozenset(Studio.objects.filter(convener__user_id=self.pk).values_list("pk", flat=True))

    @cached_property
    def role_label(self) -> str:
        """The first role in words, for the top bar."""
        return next((grant.get_role_display() for grant in self.grants), "")


@cache
def _grants() -> "Prepared[RoleGrant]":
    """The roles of a person, with the member that the account belongs to and whether that one convenes a studio."""
    from members.models.bodies import Studio

    convenes = models.Exists(Studio.objects.filter(convener=models.OuterRef("user__member")))
    rows = RoleGrant.objects.annotate(account_member=models.F("user__member"), account_convenes=convenes)
    return Prepared(lambda account: rows.filter(user=account))


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
                fields=["user", "role"],
                condition=models.Q(unit__isnull=True, body__isnull=True),
                name="role_grant_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=models.Q(unit__isnull=False, body__isnull=True),
                name="role_grant_once_for_unit",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "body"],
                condition=models.Q(body__isnull=False),
                name="role_grant_once_for_body",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=["unit_operator", "unit_leader"]) | models.Q(unit__isnull=False),
                name="role_grant_unit_named",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(role__in=["sysadmin", "secadmin", "auditor"]),
                name="one_administrator_role",
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"], name="role_grant_role_unit")]

    def __str__(self) -> str:
        where = self.unit or self.body
        return f"{self.get_role_display()}（{where}）" if where else self.get_role_display()

    def clean(self) -> None:
        """Refuse an incomplete grant, and an administrator who is anything else besides."""
        if self.role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) and self.unit_id is None:
            raise ValidationError({"unit": "请选择承办单位。"})
        if self.role == Role.BODY_CONTACT and self.body_id is None:
            raise ValidationError({"body": "请选择所代表的组织。"})
        others = set(RoleGrant.objects.filter(user_id=self.user_id).exclude(pk=self.pk).values_list("role", flat=True))
        if self.role in ADMINISTRATORS and others:
            raise ValidationError({"role": "系统、安全、审计管理员只能任其一，也不能兼做业务；请另开账号。"})
        if others.intersection(ADMINISTRATORS):
            raise ValidationError({"role": "这个账号是管理员，不能再兼别的角色；请另开账号。"})


class ActivationLink(models.Model):
    """A link 开通链接 by which a person sets a password; used once, and void after its time.

    Only the digest of the secret is stored, so nobody who reads the table can use it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="activation_links", verbose_name="账号")
    digest = models.CharField("密文摘要", max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="生成人")
    made_at = models.DateTimeField("生成时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "开通链接"
        ordering = ["-id"]


class OldPassword(models.Model):
    """The hash of a password that the person had, so that the last ones are not taken again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords", verbose_name="账号")
    password = models.CharField("散列", max_length=128, editable=False)
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        ordering = ["-id"]
