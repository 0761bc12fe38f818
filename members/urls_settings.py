"""Addresses of the operation log, mounted at settings/audit/."""

from django.urls import URLPattern, URLResolver, path

from members.views import audit

app_name = "audit"

urlpatterns: list[URLPattern | URLResolver] = [path("", audit.audit_list, name="list")]
