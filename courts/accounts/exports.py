"""Owns the list of who may do what as a file, and the empty list that makes accounts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.accounts.selectors.accounts import AccountLine, AccountsPage
from courts.accounts.services.lists import COURT, NAME, ROLES, USERNAME
from courts.files.lists import Column, ListFile, moment, named


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


def of_blank() -> ListFile:
    """An empty list to fill in and bring back: a line an account, several roles in one cell."""
    return ListFile(
        name=named(_("账号名单"), _("空白表")),
        title=_("账号名单"),
        about=[],
        columns=[str(heading) for heading in (USERNAME, NAME, COURT, ROLES)],
        rows=[],
    )
