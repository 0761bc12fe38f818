"""Puts the project's own /admin/ site in the place of Django's (see members.admin_site)."""

from django.contrib.admin.apps import AdminConfig


class OfficeAdminConfig(AdminConfig):
    """Reference data and accounts, for the administrators 三员 only."""

    default_site = "members.admin_site.OfficeAdminSite"
