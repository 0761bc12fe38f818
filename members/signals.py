"""Sign-ins, sign-outs and failures go to the operation log 操作记录; an administrator has one session."""

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from core import audit
from core.middleware import mark_seen
from members.services import accounts


@receiver(user_logged_in)
def signed_in(sender, request, user, **kwargs) -> None:
    """Log a sign-in, and end an administrator's earlier session."""
    audit.record(verb="account.login", summary="登录", actor=user, subject=user)
    if request is not None:
        mark_seen(request.session)
    if user.is_administrator and request is not None:
        if not request.session.session_key:
            request.session.save()
        accounts.keep_one_session(user, request.session.session_key)


@receiver(user_logged_out)
def signed_out(sender, request, user, **kwargs) -> None:
    """Log a sign-out."""
    if user is not None:
        audit.record(verb="account.logout", summary="退出", actor=user, subject=user)


@receiver(user_login_failed)
def failed(sender, credentials, request=None, **kwargs) -> None:
    """Log a failed sign-in under the name that was typed, shortened; never the password."""
    typed = str(credentials.get("username", ""))[:60]
    known = accounts.User.objects.filter(username=typed).first()
    audit.record(verb="account.login_failed", summary=f"登录失败：{typed}", subject=known)


@receiver(user_locked_out)
def locked_out(sender, request=None, username="", **kwargs) -> None:
    """Log that an account was locked for a while."""
    known = accounts.User.objects.filter(username=username).first()
    audit.record(verb="account.locked", summary=f"连续输错，锁定：{str(username)[:60]}", subject=known)
