"""Owns writing accounts: their court, roles and passwords, and letting a locked one in again.

Terms: the *administrators* of a prefecture are its active accounts with the admin role; one of
them must always remain. Never decides who may call it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courts import database_clock
from courts.ballots.services import people
from courts.frame import events
from courts.frame.listing import enumerated
from courts.models import AccountMaking, Court, CredentialChange, User
from courts.permissions import Role, desk_roles, role_choices


def check_account(*, account: User, roles: Collection[str]) -> None:
    """Refuse an account that could not work, or would leave its prefecture without administrator.

    Called inside the transaction that writes the account: the group's row is held until it ends,
    so that two administrators cannot take each other's role at the same time.
    Raises `ValidationError`.
    """
    if roles and account.court is None:
        raise ValidationError({"court": _("有角色的账号必须有所属法院。")})
    if account.court is not None and account.court.parent_id is not None:
        names = dict(role_choices(account.court.root))
        # What is no desk is work of the court that runs the assessment, for all below it.
        central = [
            names.get(role, role) for role in sorted(set(roles) - desk_roles(account.court.root))
        ]
        if central:
            text = _("只有中级法院的账号可以担任：%(roles)s。")
            raise ValidationError({"roles": text % {"roles": enumerated(central)}})
    if Role.ADMIN in roles and len(roles) > 1:
        raise ValidationError({"roles": _("系统管理员不得兼任其他角色。")})
    Group.objects.select_for_update().get(name=Role.ADMIN)
    people.check_roles(account=account, roles=roles)
    if account._state.adding:
        return
    before = User.objects.select_related("court__parent").get(pk=account.pk)
    if not before.is_active or before.court is None or not _is_administrator(before):
        return
    root = before.court.root
    remains = account.is_active and Role.ADMIN in roles and account.court in (root, before.court)
    if not remains and not administrators(root).exclude(pk=account.pk).exists():
        raise ValidationError(_("这是最后一个可用的系统管理员账号，不能停用、调离或取消角色。"))


def administrators(root: Court) -> QuerySet[User]:
    """The active accounts with the admin role in the prefecture of an intermediate court."""
    return User.objects.filter(
        court__in=Court.objects.under(root), is_active=True, groups__name=Role.ADMIN
    ).distinct()


def _is_administrator(account: User) -> bool:
    return account.groups.filter(name=Role.ADMIN).exists()


@transaction.atomic
def save_account(
    *, account: User, roles: Collection[str], reason: str, actor: User | None = None
) -> None:
    """Store an account, new or changed, with exactly these roles, under one reason.

    `actor` is who makes a new account and knows its first password; without one nobody is noted.
    """
    check_account(account=account, roles=roles)
    is_new = account._state.adding
    account.must_change_password = account.must_change_password or (is_new and actor is not None)
    account.full_clean()
    account._change_reason = reason  # type: ignore[attr-defined]
    account.save()
    account.groups.set(Group.objects.filter(name__in=roles))
    if is_new and actor is not None:
        note_making(account=account, by=actor, kind=AccountMaking.Kind.MADE)


def note_making(*, account: User, by: User, kind: str) -> None:
    """Note that somebody proposed or made the account, or set its password."""
    row = AccountMaking(account=account, by=by, kind=kind, at=database_clock.now())
    row.full_clean()
    row.save()


@contextmanager
def own_credentials(account: User) -> Iterator[None]:
    """Hold what is written inside for a change that the account itself made."""
    with CredentialChange.made_by(user=account, by=account):
        yield


@transaction.atomic
def set_own_password(account: User) -> None:
    """Note that the account's owner has set a password that nobody else knows."""
    if account.must_change_password:
        account.must_change_password = False
        account.save(update_fields=["must_change_password"])


@transaction.atomic
def record_password(*, account: User, actor: User) -> None:
    """Note that somebody set an account's password; the password itself is Django's business.

    Its owner has to set another at the next login.
    """
    if actor.pk != account.pk:
        User.objects.filter(pk=account.pk).update(must_change_password=True)
        note_making(account=account, by=actor, kind=AccountMaking.Kind.PASSWORD)
    events.record(action="set_password", actor=actor, data={"account": account.username})


@transaction.atomic
def unlock_logins(*, attempts: Iterable[AccessAttempt], actor: User) -> list[str]:
    """Forget the failed logins of these account and address pairs; return the account names."""
    pairs = {(attempt.username, attempt.ip_address) for attempt in attempts}
    for username, address in pairs:
        AccessAttempt.objects.filter(username=username, ip_address=address).delete()
    names = sorted({username or "" for username, _address in pairs})
    if pairs:
        logins = [{"account": name, "address": address} for name, address in sorted(pairs)]
        events.record(action="unlock_login", actor=actor, data={"logins": logins})
    return names
