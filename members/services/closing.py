"""Close the account 账号 of a member who left: his roles end, and so do his sessions.

Roles that he holds besides, as staff or for a unit, stay; only then the account stays open.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.models import Session as WebSession
from django.utils import timezone

from core import audit
from members.models import Body, HandlingUnit, Member, Role, RoleGrant, User

MEMBERS_ROLES = (Role.MEMBER, Role.CONVENER, Role.BODY_CONTACT)
"""Roles that a person has because he is a member."""


def close_account(member: Member, *, actor: User | None) -> tuple[dict[str, Any], str]:
    """Take a member's roles back and close his account; what was done, to undo it, and the same in words."""
    user = User.objects.select_for_update().filter(pk=member.user_id).first() if member.user_id else None
    if user is None:
        return {}, "他没有账号。"
    grants = list(RoleGrant.objects.filter(user=user, role__in=MEMBERS_ROLES))
    done = {"grants": [[grant.role, grant.unit_id, grant.body_id] for grant in grants], "closed": False}
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in grants]).delete()
    if RoleGrant.objects.filter(user=user).exists():
        words = "他另有别的角色，账号还能用；委员的角色已收回。"
    elif user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        done["closed"] = True
        words = "他的账号已停用，正在登录的已退出，委员的角色已收回。"
    else:
        words = "他的账号早已停用。"
    end_sessions(user)
    audit.record(verb="account.left", summary=f"{member.name}不再担任委员：{words}", actor=actor, subject=user)
    return done, words


def reopen_account(member: Member, done: dict[str, Any], *, actor: User | None) -> None:
    """Give back what :func:`close_account` took."""
    user = User.objects.filter(pk=member.user_id).first() if done and member.user_id else None
    if user is None:
        return
    for role, unit_id, body_id in done["grants"]:
        unit = HandlingUnit.objects.filter(pk=unit_id).first()
        RoleGrant.objects.get_or_create(user=user, role=role, unit=unit, body=Body.objects.filter(pk=body_id).first())
    if done["closed"]:
        user.is_active = True
        user.save(update_fields=["is_active"])
    audit.record(verb="account.back", summary=f"恢复{member.name}的账号和角色", actor=actor, subject=user)


def close_accounts(members: Iterable[Member], *, actor: User) -> int:
    """The same for many at once, at the end of a term; how many accounts were closed."""
    ids = [member.user_id for member in members if member.user_id]
    users = list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    RoleGrant.objects.filter(user__in=users, role__in=MEMBERS_ROLES).delete()
    kept = set(RoleGrant.objects.filter(user__in=users).values_list("user_id", flat=True))
    closed = [user for user in users if user.is_active and user.pk not in kept]
    User.objects.filter(pk__in=[user.pk for user in closed]).update(is_active=False)
    end_sessions(*users)
    audit.record_many(
        audit.Event(
            "account.left",
            f"{user.name}不再担任委员：{'账号已停用' if user in closed else '委员的角色已收回'}",
            actor=actor,
            subject=user,
        )
        for user in users
    )
    return len(closed)


def end_sessions(*users: User) -> int:
    """End every running session of these people; how many there were."""
    ended, keys = 0, {str(user.pk) for user in users}
    for session in WebSession.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") in keys:
            session.delete()
            ended += 1
    return ended
