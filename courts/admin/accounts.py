"""Accounts: who they are, where they work, which roles they have."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, SetPasswordMixin
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courts.accounts.services import accounts
from courts.admin.base import EditedAdmin, acting
from courts.admin.filters import CourtFilter, RoleFilter
from courts.admin.forms import EditForm
from courts.admin.history import yes_or_no
from courts.admin.site import site
from courts.ballots.services import people
from courts.frame.listing import enumerated
from courts.models import Court, CredentialChange, User
from courts.permissions import group_label, own_root, role_choices, sees_every_court


class AccountForm(EditForm):
    roles = forms.MultipleChoiceField(
        label=_("角色"),
        choices=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("角色决定能看什么、做什么；没有角色的账号什么也看不到。"),
    )

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "roles" and self.instance.pk:
            return sorted(self.current_roles())
        return super().get_initial_for_field(field, field_name)

    def current_roles(self) -> Collection[str]:
        return set(self.instance.groups.values_list("name", flat=True)) & set(
            dict(role_choices(None))
        )

    def wanted_roles(self) -> Collection[str]:
        """The roles chosen, or those it has where the form does not ask."""
        return self.cleaned_data["roles"] if "roles" in self.fields else self.current_roles()

    def check_whole(self) -> None:
        super().check_whole()
        accounts.check_account(account=self.instance, roles=self.wanted_roles())


class OwnAccountForm(AccountForm):
    """The reader's own account; the form has no roles, so posted roles change nothing."""

    roles = None  # type: ignore[assignment]


class NewAccountForm(SetPasswordMixin, AccountForm):
    password1, password2 = SetPasswordMixin.create_password_fields()

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        return super().clean()

    def check_whole(self) -> None:
        # Only now does the account have the name that its password must not resemble.
        self.validate_password_for_user(self.instance)
        self.instance.set_password(self.cleaned_data["password1"])
        super().check_whole()


class PasswordForm(AdminPasswordChangeForm):
    """A new password; an account that shall not log in is made inactive instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The package adds the choice here, so here it goes.
        self.fields.pop("usable_password", None)


@admin.register(User, site=site)
class AccountAdmin(EditedAdmin, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = None
    change_password_form = PasswordForm
    list_display = ["username", "name", "court", "role_names", "active_shown", "last_login"]
    list_filter = [CourtFilter, RoleFilter, "is_active"]
    list_select_related = ["court"]
    filter_horizontal = []
    search_fields = ["username", "name", "court__short_name", "court__code"]
    ordering = ["court__order", "username"]
    readonly_fields = ["password_link", "role_names", "last_login", "date_joined", "active_shown"]
    fixed = ("username",)

    @admin.display(description=User._meta.get_field("is_active").verbose_name, ordering="is_active")
    def active_shown(self, account: User) -> str:
        return yes_or_no(account.is_active)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        is_own = obj is not None and obj == request.user
        duties = ["court", "roles", "is_active"]
        if is_own:
            duties = ["court", "role_names", "active_shown"]
        if obj is None:
            who = ["username", "name", "password1", "password2"]
        else:
            who = ["username", "name", "password_link", "last_login", "date_joined"]
        return [
            (None, {"fields": who}),
            (_("所属法院与角色"), {"fields": duties}),
            self.reason_section(),
        ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None and obj == request.user:
            kwargs["form"] = OwnAccountForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if form.base_fields.get("roles") is not None:
            root = None if sees_every_court(request.user) else own_root(request.user)
            roles = deepcopy(form.base_fields["roles"])
            roles.choices = role_choices(root)  # type: ignore[attr-defined]
            form.base_fields["roles"] = roles
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Nobody gives themselves another court or role, or shuts themselves out."""
        fields = super().get_readonly_fields(request, obj)
        is_own = obj is not None and obj == request.user
        return (*fields, "court") if is_own else fields

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Without a court an account would vanish from the sight of who made it."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.related_model is Court:
            field.required = not sees_every_court(request.user)
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups__side_roles")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        accounts.save_account(
            account=obj,
            roles=form.wanted_roles(),
            reason=form.cleaned_data["reason"],
            actor=acting(request),
        )
        for text in people.losses(account=obj, roles=form.wanted_roles()):
            self.message_user(request, text, messages.WARNING)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002
        form_url: str = "",
    ) -> HttpResponse:
        known = self.get_queryset(request).filter(pk=id) if id.isdigit() else None
        account = known.first() if known is not None else None
        if request.method != "POST" or account is None:
            return super().user_change_password(request, id, form_url)
        with CredentialChange.made_by(user=account, by=acting(request)):
            response = super().user_change_password(request, id, form_url)
            if response.status_code == HTTPStatus.FOUND:
                accounts.record_password(account=account, actor=acting(request))
        return response

    @admin.display(description=_("角色"))
    def role_names(self, account: User) -> str:
        return enumerated(sorted(group_label(group) for group in account.groups.all())) or "—"

    @admin.display(description=_("密码"))
    def password_link(self, account: User) -> SafeString:
        address = reverse(f"{self.admin_site.name}:auth_user_password_change", args=[account.pk])
        return format_html('<a href="{}">{}</a>', address, _("设置新密码"))
