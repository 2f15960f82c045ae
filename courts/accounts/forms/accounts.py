"""Owns the words of signing in; who may sign in is decided by the authentication backends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """Account and password."""

    username = UsernameField(label=_("账号"), widget=forms.TextInput(attrs={"autofocus": True}))
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _("账号或密码不对。请检查大小写和输入法后再试一次。"),
        "inactive": _("这个账号已经停用，请联系系统管理员。"),
    }


class NewPasswordForm(PasswordChangeForm):
    """One's own new password; the old one again would leave it to whoever else knows it."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("new_password1") and found["new_password1"] == found.get("old_password"):
            self.add_error("new_password1", _("新密码不能与原来的相同。请另想一个。"))
        return found
