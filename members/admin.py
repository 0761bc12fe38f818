"""/admin/ 系统管理: accounts, roles, terms, sessions, bodies and units; no committee business.

The system administrator keeps accounts and reference data, the security administrator grants
roles. Every write goes through ``members.services`` or is logged here; nobody grants himself a role.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from core import audit
from core.errors import Refusal
from members.models import Body, HandlingUnit, Role, RoleGrant, Sector, SpecialCommittee, Studio, User
from members.services import accounts


class RoleAdmin(admin.ModelAdmin):
    """Permissions by role of the three administrators; nothing is deleted, only retired."""

    may_change = (Role.SYSADMIN,)
    may_view = (Role.SYSADMIN, Role.SECADMIN)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model appears on the first page."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        """Who may look."""
        return request.user.is_authenticated and request.user.has_role(*self.may_view)

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        """Who may add."""
        return request.user.is_authenticated and request.user.has_role(*self.may_change)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        """Who may change."""
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        """Nobody: what was used stays readable."""
        return False

    def save_model(self, request: HttpRequest, obj, form, change: bool) -> None:
        """Save, and log what changed."""
        super().save_model(request, obj, form, change)
        audit.record(
            verb=f"{obj._meta.model_name}.{'change' if change else 'add'}",
            summary=f"{'修改' if change else '新增'}{obj._meta.verbose_name}：{obj}",
            actor=request.user, subject=obj, detail={"fields": list(form.changed_data)},
        )  # fmt: skip


class GrantForm(forms.ModelForm):
    """A new role of a person; refuses what the service would refuse, beside its field."""

    class Meta:
        model = RoleGrant
        fields = ["role", "unit", "body"]


class GrantFormSet(forms.BaseInlineFormSet):
    """The roles of one person; the person signed in may not be that one."""

    request: HttpRequest

    def clean(self) -> None:
        """Nobody changes his own roles."""
        super().clean()
        if self.has_changed() and self.instance.pk == self.request.user.pk:
            raise ValidationError("不能给自己授予或撤销角色，请由另一位管理员办理。")


class GrantInline(admin.TabularInline):
    """The roles on the page of an account."""

    model = RoleGrant
    form = GrantForm
    formset = GrantFormSet
    extra = 1
    autocomplete_fields = ["unit", "body"]

    def get_formset(self, request, obj=None, **kwargs):
        """Tell the forms who is signed in."""
        return type("Grants", (super().get_formset(request, obj, **kwargs),), {"request": request})

    def has_add_permission(self, request, obj=None) -> bool:
        """System and security administrators, never for themselves."""
        return request.user.has_role(*accounts.GRANTERS) and (obj is None or obj.pk != request.user.pk)

    def has_change_permission(self, request, obj=None) -> bool:
        """A grant is taken back and given anew, not rewritten."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Taking back, by whoever may grant."""
        return self.has_add_permission(request, obj)

    def has_view_permission(self, request, obj=None) -> bool:
        """Whoever sees the account sees its roles."""
        return request.user.has_role(*accounts.GRANTERS)


@admin.register(User)
class UserAdmin(RoleAdmin):
    """Accounts: opened without a password, then a link; unlocked and unbound after checking identity."""

    list_display = ["username", "name", "roles_text", "is_active", "last_login"]
    list_filter = ["is_active", "role_grants__role"]
    search_fields = ["username", "name"]
    fields = ["username", "name", "phone", "is_active", "must_change_password", "last_login", "password_changed_at"]
    inlines = [GrantInline]
    change_form_template = "admin/members/user/change_form.html"

    @admin.display(description="角色")
    def roles_text(self, user: User) -> str:
        """The roles in words."""
        return "、".join(grant.get_role_display() for grant in user.grants)

    def get_queryset(self, request: HttpRequest):
        """Accounts with their roles, in two queries."""
        return super().get_queryset(request).prefetch_related("role_grants__unit", "role_grants__body")

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        """The security administrator comes in for the roles; the other fields are then only shown."""
        return request.user.is_authenticated and request.user.has_role(*accounts.GRANTERS)

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        """An account keeps its name; only the system administrator changes the rest, and not his own standing."""
        shown = ["last_login", "password_changed_at"]
        if obj is None:
            return shown
        if not request.user.has_role(Role.SYSADMIN):
            return [*self.fields]  # type: ignore[list-item]
        own = ["is_active"] if obj.pk == request.user.pk else []
        return ["username", *own, *shown]

    def get_urls(self):
        """The three acts on an account, each by POST."""
        acts = [("link", self.link_view), ("unlock", self.unlock_view), ("unbind", self.unbind_view)]
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"members_user_{name}")
            for name, view in acts
        ]
        return [*own, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: User, form, change: bool) -> None:
        """A new account goes through the service; a changed one is logged."""
        if change:
            super().save_model(request, obj, form, change)
            return
        data = form.cleaned_data
        made = accounts.open_account(data["username"], actor=request.user, name=data["name"], phone=data["phone"])
        obj.pk, obj.password = made.pk, made.password
        obj._state.adding = False

    def save_formset(self, request: HttpRequest, form, formset, change: bool) -> None:
        """Grants and withdrawals go through the service."""
        if formset.model is not RoleGrant:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        try:
            for grant in formset.deleted_objects:
                accounts.revoke_role(grant, actor=request.user)
            for grant in formset.new_objects:
                accounts.grant_role(
                    form.instance, actor=request.user, role=grant.role, unit=grant.unit, body=grant.body
                )
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    def _post_on(self, request: HttpRequest, pk: int) -> User:
        if request.method != "POST" or not request.user.has_role(Role.SYSADMIN):
            raise PermissionDenied
        return get_object_or_404(User, pk=pk)

    def link_view(self, request: HttpRequest, pk: int):
        """Make an activation link and show it once, to be handed over in person."""
        user = self._post_on(request, pk)
        try:
            secret = accounts.make_link(user, actor=request.user)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:members_user_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request), "title": "开通链接", "account": user,
            "link": request.build_absolute_uri(reverse("accounts:activate", args=[secret])),
        }  # fmt: skip
        response = TemplateResponse(request, "admin/members/user/link.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def unlock_view(self, request: HttpRequest, pk: int):
        """Lift the lock after wrong passwords."""
        user = self._post_on(request, pk)
        accounts.unlock(user, actor=request.user)
        self.message_user(request, f"{user}已解锁。", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:members_user_change", args=[pk]))

    def unbind_view(self, request: HttpRequest, pk: int):
        """Remove the authenticator of a person who lost the phone."""
        user = self._post_on(request, pk)
        accounts.drop_second_factor(user, actor=request.user)
        self.message_user(request, f"{user}的验证器已解除。", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:members_user_change", args=[pk]))


@admin.register(Sector, SpecialCommittee)
class KindAdmin(RoleAdmin):
    """Sectors 界别 and special committees 专委会."""

    list_display = ["name", "short_name", "order", "is_active"]
    search_fields = ["name", "short_name"]
    fields = ["name", "short_name", "aliases", "order", "is_active"]

    def save_model(self, request: HttpRequest, obj, form, change: bool) -> None:
        """The kind follows from the page."""
        obj.kind = obj.KIND
        super().save_model(request, obj, form, change)


@admin.register(Body)
class BodyAdmin(RoleAdmin):
    """All bodies: parties, people's organizations, groups and offices too."""

    list_display = ["name", "kind", "short_name", "order", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "short_name"]


@admin.register(Studio)
class StudioAdmin(RoleAdmin):
    """Studios 委员工作室."""

    list_display = ["name", "place", "convener", "reception_rule", "is_active"]
    list_select_related = ["convener"]
    search_fields = ["name"]
    fields = ["name", "short_name", "convener", "sector", "place", "founded_on", "reception_rule", "note", "is_active"]
    raw_id_fields = ["sector"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Conveners are chosen among members in office."""
        if db_field.name == "convener":
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(HandlingUnit)
class UnitAdmin(RoleAdmin):
    """Handling units 承办单位."""

    list_display = ["name", "short_name", "category", "side", "is_active"]
    list_filter = ["side", "category", "is_active"]
    search_fields = ["name", "short_name"]
