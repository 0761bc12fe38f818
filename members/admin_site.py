"""The site /admin/ 系统管理: who enters, and that one signs in at the project's own page."""

from functools import update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import logout as end_session
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from members.models.accounts import Role

MAY_ENTER = (Role.SYSADMIN, Role.SECADMIN)
NOT_SHOWN = {"auth", "axes", "otp_totp", "otp_static"}
"""Apps whose tables have their own pages here: groups are not used, locks and second factors are lifted on the account."""


class OfficeAdminSite(AdminSite):
    """/admin/ for system and security administrators; ``is_staff`` and ``is_superuser`` open nothing."""

    site_header = site_title = "汉滨智慧政协 系统管理"
    index_title = "账号和基础资料"
    site_url = "/home/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Take the project's own models only; keys of second factors are nobody's to read."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label not in NOT_SHOWN]
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may open /admin/ at all."""
        user = request.user
        return user.is_authenticated and user.is_active and user.has_role(*MAY_ENTER)

    def admin_view(self, view, cacheable: bool = False):
        """A signed-in person without the role learns nothing of what stands here."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    def login(self, request: HttpRequest, extra_context=None):
        """Sign in at the project's own page."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': reverse('admin:index')})}")

    def logout(self, request: HttpRequest, extra_context=None):
        """Sign out as everywhere else."""
        end_session(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)

    def password_change(self, request: HttpRequest, extra_context=None):
        """Change the password at the project's own page, which keeps the rules."""
        return redirect("accounts:password_change")
