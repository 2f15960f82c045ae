"""Owns what happens to an account after it was made: confirmed, closed, looked through, deputies.

Never decides who may: `courts.permissions` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.accounts.selectors.accounts import left_by, makers_of, overseen
from courts.accounts.services.accounts import check_account, save_account
from courts.ballots.services.people import losses
from courts.files.attachments import GivenFile, kind_of
from courts.frame import events
from courts.frame.refusals import ReturnError, StateError
from courts.frame.texts import longest_history_reason, stated
from courts.models import AccountMaking, AccountReview, Deputyship, Handover, User
from courts.permissions import (
    deputy_choices,
    may_close_account,
    may_confirm_account,
    may_keep_deputies,
    may_review_accounts,
    may_view_account,
    may_view_handover,
    own_root,
    role_names,
)

# A leave, not a change of post.
LONGEST_DAYS = 366


@transaction.atomic
def confirm_account(*, user: User, account: User) -> int:
    """Say that the account is its owner's; how many makings were open.

    Raises `PermissionDenied` and `StateError`.
    """
    rows = list(
        AccountMaking.objects.select_for_update().filter(account=account, confirmed_at=None)
    )
    if not rows:
        raise StateError(_("这个账号没有待确认的建立或密码设置。"))
    makers = {row.by_id for row in rows}
    if not may_confirm_account(user, account, makers, makers_of(user)):
        raise PermissionDenied(
            _("确认人须是另一人：不是账号本人、不是建立人，也不是同一人建立而未经确认的账号。")
        )
    now = database_clock.now()
    for row in rows:
        row.confirmed_by, row.confirmed_at = user, now
        row.full_clean()
        row.save()
    data = {"account": account.username, "kinds": sorted({row.kind for row in rows})}
    events.record(action="confirm_account", actor=user, data=data)
    return len(rows)


def left_open(account: User) -> tuple[str, ...]:
    """What somebody leaves open, in sentences, and what ballots lose by it."""
    leaving = User(pk=account.pk, username=account.username, name=account.name, is_active=False)
    return (*left_by(account), *losses(account=leaving, roles=()))


@transaction.atomic
def close_account(
    *, user: User, account: User, reason: str, successor: User | None = None
) -> Handover:
    """Switch an account off whose owner leaves; the successor gets its roles and its open work.

    Raises `PermissionDenied`, `StateError` and `ReturnError`.
    """
    if not may_close_account(user, account):
        raise PermissionDenied(_("只有本地区的系统管理员可以停用别人的账号。"))
    reason = stated(reason, _("请写明停用的原因。"))
    held = User.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if not held.is_active:
        raise StateError(_("这个账号已经停用。"))
    roles = sorted(_roles_of(held))
    work = left_open(held)
    if successor is not None:
        _check_successor(held, successor)
    why = reason[: longest_history_reason()]
    held.is_active = False
    try:
        save_account(account=held, roles=roles, reason=why)
        if successor is not None:
            own = _roles_of(successor)
            save_account(account=successor, roles=own | set(roles), reason=why)
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    row = Handover(
        account=held,
        successor=successor,
        roles=roles,
        work=list(work),
        by=user,
        at=database_clock.now(),
        reason=reason,
    )
    row.full_clean()
    row.save()
    for deputyship in Deputyship.objects.filter(deputy=held, ended_at=None):
        _end(deputyship, user)
    data = {
        "account": held.username,
        "successor": successor.username if successor else "",
        "roles": roles,
        "left": len(work),
    }
    events.record(action="close_account", actor=user, reason=reason, data=data)
    return row


def _roles_of(account: User) -> set[str]:
    return set(role_names(account.groups.values_list("name", flat=True)))


def _check_successor(account: User, successor: User) -> None:
    if successor.pk == account.pk or not successor.is_active:
        raise ReturnError(_("接手人必须是另一个在用的账号。"))
    if successor.court_id != account.court_id:
        raise ReturnError(_("接手人必须是同一法院的账号。"))


@transaction.atomic
def take_over(*, user: User, handover: Handover) -> None:
    """Say that the successor has taken over. Raises `PermissionDenied` and `StateError`."""
    if not may_view_handover(user, handover) or handover.successor_id != user.pk:
        raise PermissionDenied(_("只有接手人可以确认接手。"))
    row = Handover.objects.select_for_update().get(pk=handover.pk)
    if row.taken_at is not None:
        raise StateError(_("已经确认接手。"))
    row.taken_at = database_clock.now()
    row.full_clean()
    row.save()
    events.record(action="take_over", actor=user, data={"account": row.account.username})


@transaction.atomic
def review_accounts(*, user: User, note: str) -> AccountReview:
    """Sign that one looked through who may do what in the prefecture.

    Raises `PermissionDenied` and `ReturnError`.
    """
    root = own_root(user)
    if root is None or not may_review_accounts(user):
        raise PermissionDenied(_("只有两个办公室和领导小组可以核对账号；建立账号的人不核对自己。"))
    row = AccountReview(
        court=root,
        by=user,
        at=database_clock.now(),
        accounts=overseen(user).filter(is_active=True).count(),
        note=stated(note, _("请写明核对的结论。")),
    )
    row.full_clean()
    row.save()
    events.record(
        action="review_accounts", actor=user, reason=row.note, data={"accounts": row.accounts}
    )
    return row


@dataclass(frozen=True, slots=True)
class DeputyValues:
    """Who stands in for whom, in which role, between which days, why."""

    principal: User
    deputy: User
    role: str
    from_day: date
    until_day: date
    reason: str


@transaction.atomic
def register_deputy(*, user: User, values: DeputyValues, file: GivenFile) -> Deputyship:
    """Register that somebody stands in for a second person on leave, by the document given.

    Raises `PermissionDenied` and `ReturnError`.
    """
    people = (values.principal, values.deputy)
    if not may_keep_deputies(user) or not all(may_view_account(user, one) for one in people):
        raise PermissionDenied(_("只有本地区的系统管理员可以登记代理。"))
    _check_deputy(values)
    row = Deputyship(
        principal=values.principal,
        deputy=values.deputy,
        role=values.role,
        from_day=values.from_day,
        until_day=values.until_day,
        reason=stated(values.reason, _("请写明代理的原因。")),
        file_name=file.name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-255:] or _("附件"),
        file_kind=kind_of(file.content),
        content=file.content,
        sha256=sha256(file.content).hexdigest(),
        made_by=user,
        made_at=database_clock.now(),
    )
    try:
        row.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    row.save()
    _record_deputy("register_deputy", user, row)
    return row


def _check_deputy(values: DeputyValues) -> None:
    principal, deputy = values.principal, values.deputy
    held = set(principal.groups.values_list("name", flat=True))
    root = own_root(principal)
    if root is None or values.role not in dict(deputy_choices(root)):
        raise ReturnError(_("这个角色不能代理。"))
    if not principal.is_active or values.role not in held:
        raise ReturnError(_("被代理人现在没有这个角色。"))
    if not deputy.is_active or deputy.court_id != principal.court_id:
        raise ReturnError(_("代理人必须是同一法院在用的账号。"))
    own = _roles_of(deputy)
    if not own:
        raise ReturnError(_("代理人必须是有岗位的账号。"))
    if values.role in own:
        raise ReturnError(_("代理人自己就有这个角色，不需要代理。"))
    if values.until_day < database_clock.today():
        raise ReturnError(_("截止日期已经过了。请改成今天以后的日期。"))
    if (values.until_day - values.from_day).days >= LONGEST_DAYS:
        raise ReturnError(_("代理最长一年；更久的请改角色。"))
    try:
        # A voter or scrutineer of a living round may not come to organise it by standing in.
        check_account(account=deputy, roles=own | {values.role})
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error


@transaction.atomic
def end_deputy(*, user: User, deputyship: Deputyship) -> None:
    """End a deputyship before its day. Raises `PermissionDenied` and `StateError`."""
    row = Deputyship.objects.select_for_update(of=("self",)).get(pk=deputyship.pk)
    if not may_keep_deputies(user) or not may_view_account(user, row.principal):
        raise PermissionDenied(_("只有本地区的系统管理员可以终止代理。"))
    if row.ended_at is not None:
        raise StateError(_("代理已经终止。"))
    _end(row, user)


def _end(row: Deputyship, user: User) -> None:
    row.ended_by, row.ended_at = user, database_clock.now()
    row.full_clean()
    row.save()
    _record_deputy("end_deputy", user, row)


def _record_deputy(action: str, user: User, row: Deputyship) -> None:
    data = {
        "principal": row.principal.username,
        "deputy": row.deputy.username,
        "role": row.role,
        "from": row.from_day.isoformat(),
        "until": row.until_day.isoformat(),
        "sha256": row.sha256,
    }
    events.record(action=action, actor=user, reason=row.reason, data=data)
