"""The site /admin/ 系统管理: who enters, and that one signs in at the project's own page."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from members.models.accounts import Role

MAY_ENTER = (Role.SYSADMIN, Role.SECADMIN)


class OfficeAdminSite(AdminSite):
    """/admin/ for system and security administrators; ``is_staff`` and ``is_superuser`` open nothing."""

    site_header = site_title = "汉滨智慧政协 系统管理"
    index_title = "账号和基础资料"
    site_url = "/home/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may open /admin/ at all."""
        user = request.user
        return user.is_authenticated and user.is_active and user.has_role(*MAY_ENTER)

    def login(self, request: HttpRequest, extra_context=None):
        """Sign in at the project's own page; a person without the role learns nothing of /admin/."""
        if request.user.is_authenticated:
            from django.http import Http404

            raise Http404
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': request.get_full_path()})}")
