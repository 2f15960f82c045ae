"""Owns finding the account of whom a portal names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.frame.refusals import PortalError
from courts.models import User


def account_named(name: str) -> User:
    """The account of that very name that may sign in. One query; `PortalError` without one."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        text = _(
            "门户认识您（%(name)s），但这里没有这个名字的账号，或者它已停用。请告诉系统管理员。"
        )
        raise PortalError(text % {"name": name})
    return user
