"""Owns accounts from a list: checked whole, made by administrators, proposed by offices.

A list is all or nothing. A one-time password is drawn here and told once, to whoever makes the
account; stored is only its hash.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from courts import database_clock
from courts.accounts.services.accounts import check_account, note_making, save_account
from courts.files.headings import in_every_language
from courts.files.sheets import Column, Problem, Row, SourceFile, read
from courts.frame import events
from courts.frame.listing import enumerated, noted
from courts.frame.refusals import StateError
from courts.frame.texts import stated
from courts.models import AccountMaking, AccountProposal, Court, CredentialChange, User
from courts.permissions import (
    may_close_account,
    may_decide_proposal,
    may_make_account_at,
    may_make_accounts,
    may_propose_accounts,
    own_root,
    proposable_roles,
    role_choices,
    role_names,
    sees_every_court,
)

USERNAME, NAME = gettext_lazy("用户名"), gettext_lazy("姓名")
COURT, ROLES = gettext_lazy("所属法院"), gettext_lazy("角色")
COLUMNS = (
    Column("username", in_every_language(USERNAME)),
    Column("name", in_every_language(NAME)),
    Column("court", in_every_language(COURT)),
    Column("roles", in_every_language(ROLES)),
)
# Every password takes part of a second to hash, and a page answers within half a minute.
MOST_ROWS = 60
# Without the signs that a slip makes look like others.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_SIGNS = 3, 4
BETWEEN_ROLES = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a list that is right."""

    username: str
    name: str
    court: Court
    roles: tuple[str, ...]

    @property
    def role_labels(self) -> str:
        return enumerated(role_names(self.roles).values())


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to an account's owner on paper; the password is kept nowhere else."""

    username: str
    name: str
    court: str
    roles: str
    password: str


@dataclass(frozen=True, slots=True)
class ListResult:
    """The accounts that the list brings, how many were there, or all that is wrong with it.

    `slips` only where the accounts were made.
    """

    wanted: tuple[Wanted, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    slips: tuple[Slip, ...] = ()


def take_list(*, user: User, file: SourceFile, apply: bool) -> ListResult:
    """Make or propose the accounts of a list that are not there yet; nothing unless `apply`.

    Administrators make, offices propose their courts' desks. Raises `PermissionDenied`.
    """
    if not (may_make_accounts(user) or may_propose_accounts(user)):
        raise PermissionDenied(_("只有系统管理员和两个办公室可以导入账号。"))
    rows, problems = read(file, COLUMNS)
    if len(rows) > MOST_ROWS:
        text = _("一次最多%(most)s个账号，请分成几个文件。") % {"most": MOST_ROWS}
        return ListResult((), 0, (Problem(file.name, None, "", "", text),))
    wanted, unchanged, wrong = _read(user, rows)
    if problems or wrong:
        return ListResult((), 0, (*problems, *wrong))
    slips: tuple[Slip, ...] = ()
    if apply and wanted:
        with transaction.atomic():
            slips = _make(user, wanted, file) if may_make_accounts(user) else ()
            if not may_make_accounts(user):
                _propose(user, wanted, file)
    return ListResult(tuple(wanted), unchanged, (), slips)


def one_time_password() -> str:
    """Twelve signs in three groups, some 59 bits."""
    drawn = ("".join(secrets.choice(SIGNS) for _sign in range(GROUP_SIGNS)) for _g in range(GROUPS))
    return "-".join(drawn)


# --- Reading ---------------------------------------------------------------------------------


def _read(user: User, rows: Sequence[Row]) -> tuple[list[Wanted], int, list[Problem]]:
    courts, roles = _courts(user), _roles_by_name(user)
    names = [str(row.cells["username"]) for row in rows]
    there = {
        one.username: one
        for one in User.objects.filter(username__in=names).prefetch_related("groups")
    }
    asked = set(
        AccountProposal.objects.filter(
            username__in=names, state=AccountProposal.State.WAITING
        ).values_list("username", flat=True)
    )
    found: list[Wanted] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    unchanged = 0
    for row in rows:
        one, wrong = _line(user, row, courts, roles)
        problems += wrong
        if one is None:
            continue
        if one.username in seen:
            problems.append(
                row.problem("username", _("用户名重复出现。请删去一行，或者换一个用户名。"))
            )
        elif one.username in there:
            if _is_same(there[one.username], one):
                unchanged += 1
            else:
                expected = _("已有这个账号而内容不同；已有的账号请在它自己的页面上改。")
                problems.append(row.problem("username", expected))
        elif one.username in asked and not may_make_accounts(user):
            problems.append(row.problem("username", _("已经提出过，正等系统管理员建立。")))
        else:
            found.append(one)
        seen.add(one.username)
    return found, unchanged, problems


def _line(
    user: User, row: Row, courts: Mapping[str, Court], roles: Mapping[str, str]
) -> tuple[Wanted | None, list[Problem]]:
    """The line, or what is wrong with it."""
    username, name = (str(row.cells[code]).strip() for code in ("username", "name"))
    court = courts.get(str(row.cells["court"]).strip().casefold())
    problems = []
    if not name:
        problems.append(row.problem("name", _("请填写姓名。")))
    if court is None:
        problems.append(row.problem("court", _("应为本地区法院的代码、简称或全称。")))
    said = [one for one in BETWEEN_ROLES.split(str(row.cells["roles"]).strip()) if one]
    held = [roles.get(one.casefold(), "") for one in said]
    if not said or "" in held:
        expected = _("应为角色的名称或代码，多个用顿号隔开：%(roles)s。")
        names = enumerated(noted(name, role) for role, name in role_choices(own_root(user)))
        problems.append(row.problem("roles", expected % {"roles": names}))
    if problems or court is None:
        return None, problems
    one = Wanted(username, name, court, tuple(dict.fromkeys(held)))
    refused = _refused(user, one)
    return (None if refused else one), [
        row.problem(column, text) for column, text in refused.items()
    ]


def _refused(user: User, one: Wanted) -> dict[str, str]:
    """What speaks against an account, by column."""
    if not may_make_accounts(user):
        if not set(one.roles) <= proposable_roles(user):
            own = enumerated(role_names(proposable_roles(user)).values())
            return {"roles": _("办公室只提出这些岗位的账号：%(roles)s。") % {"roles": own}}
    elif not may_make_account_at(user, one.court):
        return {"court": _("应为本地区法院的代码、简称或全称。")}
    account = User(username=one.username, name=one.name, court=one.court)
    try:
        account.clean_fields(exclude=["password"])
        check_account(account=account, roles=one.roles)
    except ValidationError as error:
        known = {column.code for column in COLUMNS}
        return {
            field if field in known else "": " ".join(texts)
            for field, texts in error.message_dict.items()
        }
    return {}


def _courts(user: User) -> dict[str, Court]:
    """The courts the account may name, by every name they have."""
    root = own_root(user)
    rows = Court.objects.under(root) if root else Court.objects.all()
    if root is None and not sees_every_court(user):
        return {}
    return {
        name.casefold(): court
        for court in rows.select_related("parent")
        for name in (court.code, court.short_name, court.name, court.name_ko, court.name_en)
        if name
    }


def _roles_by_name(user: User) -> dict[str, str]:
    """The roles of the prefecture by their codes, and by their names in every language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for role, name in role_choices(own_root(user)):
                found |= dict.fromkeys(
                    (role, name.casefold().replace(" ", ""), name.casefold()), role
                )
    return found


def _is_same(account: User, one: Wanted) -> bool:
    held = set(role_names({group.name for group in account.groups.all()}))
    return account.name == one.name and account.court_id == one.court.pk and held == set(one.roles)


# --- Writing ---------------------------------------------------------------------------------


def _make(user: User, wanted: Sequence[Wanted], file: SourceFile) -> tuple[Slip, ...]:
    slips = tuple(_made(user, one, _("导入 %(names)s") % {"names": file.name}) for one in wanted)
    # What an office asked for and the list brings is no longer asked for.
    waiting = AccountProposal.objects.filter(
        username__in=[one.username for one in wanted], state=AccountProposal.State.WAITING
    )
    for proposal in waiting.exclude(proposed_by=user).select_for_update():
        _decide(proposal, user, AccountProposal.State.MADE, file.name)
        note_making(
            account=User.objects.get(username=proposal.username),
            by=proposal.proposed_by,
            kind=AccountMaking.Kind.PROPOSED,
        )
    _record("import_accounts", user, wanted, file)
    return slips


def _made(user: User, one: Wanted, reason: str) -> Slip:
    password = one_time_password()
    account = User(username=one.username, name=one.name, court=one.court)
    account.set_password(password)
    save_account(account=account, roles=one.roles, reason=reason[:100], actor=user)
    return Slip(one.username, one.name, one.court.name, one.role_labels, password)


def _propose(user: User, wanted: Sequence[Wanted], file: SourceFile) -> None:
    now = database_clock.now()
    for one in wanted:
        row = AccountProposal(
            court=one.court,
            username=one.username,
            name=one.name,
            roles=list(one.roles),
            proposed_by=user,
            proposed_at=now,
        )
        row.full_clean()
        row.save()
    _record("propose_accounts", user, wanted, file)


def make_proposed(*, user: User, proposals: Collection[int]) -> tuple[Slip, ...]:
    """Make the accounts that were proposed; their slips. All of them or none.

    Raises `PermissionDenied` and `StateError`.
    """
    with transaction.atomic():
        slips = []
        for row in _held(user, proposals):
            one = Wanted(row.username, row.name, row.court, tuple(row.roles))
            if User.objects.filter(username=row.username).exists():
                raise StateError(_("已有用户名%(name)s。请换一个用户名。") % {"name": row.username})
            try:
                slips.append(_made(user, one, _("由%(name)s提出") % {"name": row.proposed_by}))
            except ValidationError as error:
                raise StateError(" ".join(error.messages)) from error
            account = User.objects.get(username=row.username)
            note_making(account=account, by=row.proposed_by, kind=AccountMaking.Kind.PROPOSED)
            _decide(row, user, AccountProposal.State.MADE, "")
        _record("make_proposed_accounts", user, slips)
    return tuple(slips)


@transaction.atomic
def refuse_proposed(*, user: User, proposals: Collection[int], reason: str) -> None:
    """Make none of these accounts, and say why. Raises `PermissionDenied` and `StateError`."""
    reason = stated(reason, _("不同意须说明原因。"))
    rows = list(_held(user, proposals))
    for row in rows:
        _decide(row, user, AccountProposal.State.REFUSED, reason)
    _record("refuse_proposed_accounts", user, rows, reason=reason)


def _held(user: User, proposals: Collection[int]) -> Iterator[AccountProposal]:
    rows = list(
        AccountProposal.objects.filter(pk__in=proposals, state=AccountProposal.State.WAITING)
        .select_related("court__parent", "proposed_by")
        .select_for_update(of=("self",))
    )
    if not rows or len(rows) != len(set(proposals)):
        raise StateError(_("这些申请已经办理过，请查看最新情况。"))
    for row in rows:
        if not may_decide_proposal(user, row):
            raise PermissionDenied(_("只有系统管理员可以建立账号，提出人除外。"))
        yield row


def _decide(row: AccountProposal, user: User, state: str, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = (
        state,
        user,
        database_clock.now(),
        reason,
    )
    row.full_clean()
    row.save()


@transaction.atomic
def renew_password(*, user: User, account: User) -> Slip:
    """Give an account a new one-time password; what it was logged in to ends.

    Raises `PermissionDenied`.
    """
    if not may_close_account(user, account):
        raise PermissionDenied(_("只有本地区的系统管理员可以给别人设置密码。"))
    password = one_time_password()
    with CredentialChange.made_by(user=account, by=user):
        account.set_password(password)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
    note_making(account=account, by=user, kind=AccountMaking.Kind.PASSWORD)
    events.record(action="set_password", actor=user, data={"account": account.username})
    labels = enumerated(role_names(account.groups.values_list("name", flat=True)).values())
    court = account.court.name if account.court else ""
    return Slip(account.username, account.name, court, labels, password)


def _record(
    action: str,
    user: User,
    accounts: Sequence[Wanted | Slip | AccountProposal],
    file: SourceFile | None = None,
    reason: str = "",
) -> None:
    data: dict[str, object] = {"accounts": [one.username for one in accounts]}
    if file is not None:
        data["file"] = {"name": file.name, "sha256": file.sha256}
    events.record(action=action, actor=user, reason=reason, data=data)
