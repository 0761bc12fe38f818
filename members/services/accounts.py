"""Accounts 账号: open one, hand out an activation link 开通链接, set passwords, grant roles.

Nobody ever learns another person's password: an account begins without one, and a link that works
once lets its owner choose it. Raises ``core.errors.Refusal``.
"""

import hashlib
import secrets
from datetime import timedelta

from axes.utils import reset as reset_axes
from django.contrib.sessions.models import Session as WebSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import audit, options
from core.errors import Refusal
from members.models import ActivationLink, OldPassword, Role, RoleGrant, User
from members.passwords import REMEMBERED

options.declare(
    "accounts.link_days", type="int", default=7, minimum=1, maximum=30,
    label="开通链接几天内有效", group="账号",
)  # fmt: skip
options.declare(
    "accounts.password_days", type="int", default=90, minimum=0, maximum=365,
    label="密码用多少天提醒更换", group="账号", help="填0就不提醒。",
)  # fmt: skip

GRANTERS = (Role.SYSADMIN, Role.SECADMIN)


@transaction.atomic
def open_account(username: str, *, actor: User | None, name: str, phone: str = "") -> User:
    """Open an account without a password; ``actor`` None is the machine's operator."""
    if actor is not None and not actor.has_role(Role.SYSADMIN):
        raise Refusal("只有系统管理员能开账号。")
    if User.objects.filter(username__iexact=username).exists():
        raise Refusal(f"账号“{username}”已经有了，请换一个。", field="username")
    user = User(username=username, name=name, phone=phone)
    user.set_unusable_password()
    user.save()
    audit.record(verb="account.open", summary=f"开账号：{name}（{username}）", actor=actor, subject=user)
    return user


@transaction.atomic
def make_link(user: User, *, actor: User | None) -> str:
    """Make a new activation link and return its secret; earlier unused links stop working."""
    if actor is not None and not actor.has_role(Role.SYSADMIN):
        raise Refusal("只有系统管理员能生成开通链接。")
    if not user.is_active:
        raise Refusal("这个账号已停用，请先启用。")
    now = timezone.now()
    user.activation_links.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    secret = secrets.token_urlsafe(32)
    days = options.value("accounts.link_days")
    ActivationLink.objects.create(
        user=user, digest=_digest(secret), made_by=actor, made_at=now, expires_at=now + timedelta(days=days)
    )
    audit.record(
        verb="account.link", summary=f"为{user.name}（{user.username}）生成开通链接，{days}天有效",
        actor=actor, subject=user,
    )  # fmt: skip
    return secret


def find_link(secret: str) -> ActivationLink | None:
    """The link of this secret if it still works."""
    return (
        ActivationLink.objects.select_related("user")
        .filter(digest=_digest(secret), used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )


@transaction.atomic
def activate(secret: str, *, password: str) -> User:
    """Set the first (or a forgotten) password by link; of two at once the second is refused."""
    link = ActivationLink.objects.select_for_update().filter(digest=_digest(secret)).first()
    if link is None or link.used_at or link.expires_at <= timezone.now() or not link.user.is_active:
        raise Refusal("这个开通链接已经用过或过期了，请再要一条新的。")
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    user = link.user
    _set_password(user, password)
    reset_axes(username=user.username)
    audit.record(verb="account.activate", summary="用开通链接定了密码", actor=user, subject=user)
    return user


@transaction.atomic
def change_password(user: User, *, actor: User, password: str) -> User:
    """Change one's own password; the form has checked the old one and the rules."""
    if actor.pk != user.pk:
        raise Refusal("密码只能由本人更换。")
    _set_password(user, password)
    audit.record(verb="account.password", summary="换了密码", actor=actor, subject=user)
    return user


@transaction.atomic
def grant_role(user: User, *, actor: User | None, role: str, unit=None, body=None) -> RoleGrant:
    """Give a person a role; nobody gives one to himself."""
    _check_granter(user, actor)
    grant = RoleGrant(user=user, role=role, unit=unit, body=body)
    try:
        grant.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refusal(messages[0], field=field) from error
    grant.save()
    audit.record(verb="role.grant", summary=f"授予{user.name}：{grant}", actor=actor, subject=user)
    forget_roles(user)
    return grant


@transaction.atomic
def revoke_role(grant: RoleGrant, *, actor: User | None) -> None:
    """Take a role back; nobody takes one from himself, and the last security administrator stays."""
    _check_granter(grant.user, actor)
    last = not RoleGrant.objects.filter(role=grant.role, user__is_active=True).exclude(pk=grant.pk).exists()
    if grant.role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR) and last:
        raise Refusal(f"这是最后一位{grant.get_role_display()}，不能撤销；请先另定一位。")
    audit.record(verb="role.revoke", summary=f"撤销{grant.user.name}：{grant}", actor=actor, subject=grant.user)
    user = grant.user
    grant.delete()
    forget_roles(user)


def forget_roles(user: User) -> None:
    """Let a loaded account read its roles anew."""
    for name in ("grants", "roles", "body_ids", "role_label"):
        user.__dict__.pop(name, None)


@transaction.atomic
def unlock(user: User, *, actor: User) -> None:
    """Lift the lock after wrong passwords, once the person's identity was checked."""
    if not actor.has_role(Role.SYSADMIN):
        raise Refusal("只有系统管理员能解锁。")
    reset_axes(username=user.username)
    audit.record(verb="account.unlock", summary=f"解锁{user.name}（{user.username}）", actor=actor, subject=user)


@transaction.atomic
def drop_second_factor(user: User, *, actor: User) -> int:
    """Remove a person's authenticators and backup codes: by himself, or by the system administrator for a lost phone."""
    if actor.pk != user.pk and not actor.has_role(Role.SYSADMIN):
        raise Refusal("只有本人或系统管理员能解除绑定。")
    removed, _ = TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    audit.record(verb="account.otp_off", summary=f"解除{user.name}的验证器", actor=actor, subject=user)
    return removed


def keep_one_session(user: User, session_key: str) -> None:
    """End an administrator's earlier session: each of the three has one at a time (domain rules §8)."""
    if user.session_key and user.session_key != session_key:
        WebSession.objects.filter(session_key=user.session_key).delete()
    User.objects.filter(pk=user.pk).update(session_key=session_key)
    user.session_key = session_key


def _check_granter(user: User, actor: User | None) -> None:
    if actor is None:
        return
    if not actor.has_role(*GRANTERS):
        raise Refusal("只有系统管理员和安全管理员能授予或撤销角色。")
    if actor.pk == user.pk:
        raise Refusal("不能给自己授予或撤销角色，请由另一位管理员办理。")


def _set_password(user: User, password: str) -> None:
    """Store a password with its date, and remember the one before."""
    if user.has_usable_password():
        OldPassword.objects.create(user=user, password=user.password)
        kept = user.old_passwords.values_list("pk", flat=True)[:REMEMBERED]
        user.old_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
