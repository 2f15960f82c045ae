"""Owns that organiser, voter and scrutineer of a round stay different people while it lives.

Called by the services that write accounts. The ballot asks again at every act
(`courts.permissions`), so that a role given at the server's prompt opens nothing either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.models import BallotRound, Scrutineer, User, Voter
from courts.permissions import APART_ROLES, Role

State = BallotRound.State
ENDED = (State.CLOSED, State.INCOMPLETE)
LIVE = (State.DRAFT, State.KEYS, State.OPEN, *ENDED)


def check_roles(*, account: User, roles: Collection[str]) -> None:
    """Refuse roles that would make a voter or a scrutineer of a living round an organiser of it.

    Raises `ValidationError`.
    """
    if account._state.adding:
        return
    before = User.objects.get(pk=account.pk)
    held = set(before.groups.values_list("name", flat=True))
    given = sorted((set(roles) - held) & APART_ROLES)
    names = [str(Role(role).label) for role in given]
    if account.is_superuser and not before.is_superuser:
        names.append(_("超级用户"))
    if not names:
        return
    rows: list[Voter | Scrutineer] = [*_voters(account), *_scrutineers(account)]
    for row in rows:
        if row.round.keeps_apart:
            part = _("参评人") if isinstance(row, Voter) else _("监票人")
            text = _(
                "%(name)s是“%(title)s”的%(part)s，这轮投票结束以前不能授予：%(roles)s。"
                "投票还在准备的，可请办公室先把此人从名单中去掉。"
            )
            values = {"name": account, "title": row.round.title, "part": part}
            raise ValidationError({"roles": text % {**values, "roles": enumerated(names)}})


def losses(*, account: User, roles: Collection[str]) -> list[str]:
    """What rounds lose by an account that is switched off or without its role now, in sentences."""
    is_at_work = account.is_active and not account.is_superuser and Role.ADMIN not in roles
    found = []
    if not (is_at_work and Role.LEADER in roles):
        text = _("%(name)s是“%(title)s”的参评人，现在不能投票；已投的票仍然有效。")
        found += _sentences(text, account, _voters(account).exclude(round__state__in=ENDED))
    if not (is_at_work and roles):
        text = _("%(name)s是“%(title)s”的监票人，现在不能开票；不恢复账号，这轮投票就没有结果。")
        found += _sentences(text, account, _scrutineers(account).filter(partial__isnull=True))
    return found


def _sentences(text: str, account: User, rows: Iterable[Voter | Scrutineer]) -> list[str]:
    return [text % {"name": account, "title": row.round.title} for row in rows]


def _voters(account: User) -> QuerySet[Voter]:
    return Voter.objects.filter(user=account, round__state__in=LIVE).select_related("round")


def _scrutineers(account: User) -> QuerySet[Scrutineer]:
    return Scrutineer.objects.filter(user=account, round__state__in=LIVE).select_related("round")
