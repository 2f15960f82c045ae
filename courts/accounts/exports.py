"""Owns the list of who may do what as a file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.accounts.selectors.accounts import AccountLine, AccountsPage
from courts.files.lists import Column, ListFile, moment


def of_accounts(page: AccountsPage) -> ListFile:
    """The accounts in use and those that were closed, by court."""
    columns: list[Column[AccountLine]] = [
        Column(_("所属法院"), lambda line: line.court),
        Column(_("用户名"), lambda line: line.username),
        Column(_("姓名"), lambda line: line.name),
        Column(_("角色"), lambda line: line.role_names),
        Column(_("代理"), lambda line: line.stand_in_names),
        Column(_("待确认：建立人"), lambda line: line.maker_names),
        Column(_("状态"), lambda line: _("在用") if line.is_active else _("已停用")),
        Column(_("上次登录"), lambda line: line.last_login),
    ]
    last = page.review
    about = [
        (
            _("上次核对"),
            f"{moment(last.at)} {last.by} {last.note}" if last else _("还没有核对过"),
        )
    ]
    return ListFile(
        name=_("账号与权限"),
        title=_("账号与权限"),
        about=about,
        columns=columns,
        rows=[*page.lines, *page.closed],
    )
