"""Owns what pages show of accounts: who may do what, what waits to be confirmed, what one leaves.

A constant number of queries, however many accounts. Never decides who may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.attachments import TYPES
from courts.frame.choices import Choice
from courts.frame.listing import enumerated, itemized, labelled, noted
from courts.models import (
    AccountMaking,
    AccountProposal,
    AccountReview,
    Court,
    Deputyship,
    Handover,
    Motion,
    User,
)
from courts.permissions import (
    Account,
    Role,
    deputy_choices,
    may_close_account,
    may_confirm_account,
    may_decide_proposal,
    may_keep_deputies,
    may_view_account,
    may_view_deputyship,
    may_view_handover,
    own_root,
    proposable_roles,
    role_names,
    running_deputyships,
    sees_every_court,
)
from courts.years.open_work import open_work


class NoAccountError(Exception):
    """There is no such account, deputyship or handover for the reader."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account in words. `makers` are those whose making nobody has confirmed yet."""

    pk: int
    username: str
    name: str
    court: str
    roles: tuple[str, ...]
    stands_in: tuple[str, ...]
    makers: tuple[str, ...]
    may_confirm: bool
    is_active: bool
    must_change_password: bool
    last_login: datetime | None

    @property
    def role_names(self) -> str:
        return enumerated(self.roles) or "—"

    @property
    def stand_in_names(self) -> str:
        return itemized(self.stands_in)

    @property
    def maker_names(self) -> str:
        return enumerated(self.makers)


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """An account that an office asks for; `may_decide` for an administrator."""

    pk: int
    username: str
    name: str
    court: str
    roles: str
    by: str
    at: datetime
    may_decide: bool


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """Who may do what in a prefecture, what is proposed, and when it was looked through last."""

    lines: tuple[AccountLine, ...]
    closed: tuple[AccountLine, ...]
    proposals: tuple[ProposalLine, ...]
    review: AccountReview | None

    @property
    def unconfirmed(self) -> int:
        return sum(bool(line.makers) for line in self.lines)

    @property
    def may_decide(self) -> bool:
        return any(line.may_decide for line in self.proposals)


def overseen(user: Account) -> QuerySet[User]:
    """The accounts of the reader's prefecture, by court; all of them for who stands outside."""
    rows = User.objects.select_related("court__parent").order_by("court__order", "username")
    if sees_every_court(user):
        return rows
    root = own_root(user)
    return rows.filter(court__in=Court.objects.under(root)) if root else rows.none()


def makers_of(account: Account) -> frozenset[int]:
    """Who proposed, made or set the password of the account, by key, while nobody confirmed it."""
    rows = AccountMaking.objects.filter(account=account.pk or 0, confirmed_at=None)
    return frozenset(rows.values_list("by", flat=True))


def accounts_page(user: Account) -> AccountsPage:
    """Everything of the list of accounts. Eight queries."""
    rows = list(overseen(user).prefetch_related("groups"))
    lines = _lines(user, rows)
    root = own_root(user)
    reviews = AccountReview.objects.filter(court=root).select_related("by") if root else None
    return AccountsPage(
        lines=tuple(line for line in lines if line.is_active),
        closed=tuple(line for line in lines if not line.is_active),
        proposals=_proposals(user),
        review=reviews.first() if reviews is not None else None,
    )


def _lines(user: Account, rows: Sequence[User]) -> list[AccountLine]:
    makings = AccountMaking.objects.filter(confirmed_at=None, account__in=[row.pk for row in rows])
    makers: dict[int, dict[int, str]] = defaultdict(dict)
    for making in makings.select_related("by"):
        makers[making.account_id][making.by_id] = str(making.by)
    own_makers = makers.get(user.pk or 0, {}) if isinstance(user, User) else {}
    lent: dict[int, list[str]] = defaultdict(list)
    running = list(running_deputyships().select_related("principal"))
    held = [group.name for row in rows for group in row.groups.all()]
    names = role_names([*held, *(row.role for row in running)])
    for row in running:
        text = _("代%(name)s任%(role)s至%(day)s")
        role = names.get(row.role, row.role)
        values = {"name": row.principal, "role": role, "day": row.until_day}
        lent[row.deputy_id].append(text % values)
    return [
        _line(user, row, names, makers.get(row.pk, {}), own_makers, tuple(lent.get(row.pk, ())))
        for row in rows
    ]


def _line(
    user: Account,
    row: User,
    names: Mapping[str, str],
    makers: Mapping[int, str],
    own_makers: Mapping[int, str],
    lent: tuple[str, ...],
) -> AccountLine:
    held = {group.name for group in row.groups.all()}
    return AccountLine(
        pk=row.pk,
        username=row.username,
        name=row.name,
        court=row.court.label(get_language() or "") if row.court else "",
        roles=tuple(name for role, name in names.items() if role in held),
        stands_in=lent,
        makers=tuple(makers.values()),
        may_confirm=bool(makers)
        and may_confirm_account(user, row, makers.keys(), own_makers.keys()),
        is_active=row.is_active,
        must_change_password=row.must_change_password,
        last_login=row.last_login,
    )


def waiting_proposals(root: Court | None) -> QuerySet[AccountProposal]:
    """What offices ask for in a prefecture, the oldest first; everywhere without one."""
    rows = AccountProposal.objects.filter(state=AccountProposal.State.WAITING)
    rows = rows.select_related("court__parent", "proposed_by")
    return rows.filter(court__in=Court.objects.under(root)) if root else rows


def _proposals(user: Account) -> tuple[ProposalLine, ...]:
    root = own_root(user)
    if root is None and not sees_every_court(user):
        return ()
    rows = list(waiting_proposals(root))
    names = role_names(role for row in rows for role in row.roles)
    return tuple(
        ProposalLine(
            pk=row.pk,
            username=row.username,
            name=row.name,
            court=row.court.label(get_language() or ""),
            roles=enumerated(names.get(role, role) for role in row.roles),
            by=str(row.proposed_by),
            at=row.proposed_at,
            may_decide=may_decide_proposal(user, row),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class MakingLine:
    """Who proposed, made or set the password of an account, and who confirmed it."""

    kind: str
    by: str
    at: datetime
    confirmed_by: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account: what it may do, how it came about, what it would leave open."""

    account: User
    line: AccountLine
    makings: tuple[MakingLine, ...]
    handovers: tuple[Handover, ...]
    may_close: bool
    successors: tuple[Choice, ...]


def find_account(user: Account, pk: int) -> User:
    """The account, if the reader sees it. `NoAccountError`."""
    found = User.objects.select_related("court__parent").filter(pk=pk).first()
    if found is None or not may_view_account(user, found):
        raise NoAccountError(_("没有这个账号。请刷新页面后再选。"))
    return found


def account_page(user: Account, account: User) -> AccountPage:
    """Everything of an account's page."""
    makings = AccountMaking.objects.filter(account=account).select_related("by", "confirmed_by")
    closes = may_close_account(user, account) and account.is_active
    return AccountPage(
        account=account,
        line=_own_line(user, account),
        makings=tuple(
            MakingLine(
                row.get_kind_display(),
                str(row.by),
                row.at,
                str(row.confirmed_by or ""),
                row.confirmed_at,
            )
            for row in makings
        ),
        handovers=tuple(Handover.objects.filter(account=account).select_related("successor", "by")),
        may_close=closes,
        successors=_successors(account) if closes else (),
    )


def _own_line(user: Account, account: User) -> AccountLine:
    rows = [account] if not isinstance(user, User) or user.pk == account.pk else [account, user]
    return _lines(user, rows)[0]


def _successors(account: User) -> tuple[Choice, ...]:
    rows = User.objects.filter(court=account.court_id, is_active=True, is_superuser=False)
    return tuple(
        Choice(str(row.pk), noted(row, row.username))
        for row in rows.exclude(pk=account.pk).exclude(groups__name=Role.ADMIN)
    )


def find_successor(account: User, key: str) -> User | None:
    """The account of that key, if it can take over; None for an empty one. `NoAccountError`."""
    if not key:
        return None
    if key not in {choice.value for choice in _successors(account)}:
        raise NoAccountError(_("没有这个账号。请刷新页面后再选。"))
    return User.objects.select_related("court__parent").get(pk=int(key))


def left_by(account: User) -> tuple[str, ...]:
    """What somebody leaves open, in sentences: what waits for them, what of theirs waits."""
    found = [
        labelled(group.kind.label, item.what) if item.what else str(group.kind.label)
        for group in open_work(account)
        for item in group.items
    ]
    motions = Motion.objects.filter(moved_by=account, state=Motion.State.WAITING)
    text = _("已提出、等另一人确认：%(kind)s（%(year)s）")
    found += [
        text % {"kind": row.get_kind_display(), "year": row.quality_year.year}
        for row in motions.select_related("quality_year")
    ]
    return tuple(found)


# --- Handovers and deputies ------------------------------------------------------------------


def find_handover(user: Account, pk: int) -> Handover:
    """What somebody left, if the reader may read it. `NoAccountError`."""
    rows = Handover.objects.select_related("account__court__parent", "successor", "by")
    found = rows.filter(pk=pk).first()
    if found is None or not may_view_handover(user, found):
        raise NoAccountError(_("没有这次交接。请刷新页面后再选。"))
    return found


@dataclass(frozen=True, slots=True)
class DeputyLine:
    """One deputyship in words; `state` says whether it runs."""

    pk: int
    principal: str
    deputy: str
    role: str
    from_day: date
    until_day: date
    reason: str
    file_name: str
    by: str
    state: str
    may_end: bool


def deputy_lines(user: Account) -> tuple[DeputyLine, ...]:
    """The deputyships of the prefecture, the newest first. One query."""
    root = own_root(user)
    if root is None:
        return ()
    rows = Deputyship.objects.filter(principal__court__in=Court.objects.under(root))
    rows = rows.defer("content").select_related("principal", "deputy", "made_by")
    names = role_names(row.role for row in rows)
    today, keeps = database_clock.today(), may_keep_deputies(user)
    return tuple(
        DeputyLine(
            pk=row.pk,
            principal=str(row.principal),
            deputy=str(row.deputy),
            role=names.get(row.role, row.role),
            from_day=row.from_day,
            until_day=row.until_day,
            reason=row.reason,
            file_name=row.file_name,
            by=str(row.made_by),
            state=_state(row, today),
            may_end=keeps and row.ended_at is None and row.until_day >= today,
        )
        for row in rows
    )


def _state(row: Deputyship, today: date) -> str:
    if row.ended_at is not None:
        return _("已终止")
    if row.until_day < today:
        return _("已到期")
    return _("生效中") if row.from_day <= today else _("尚未开始")


def find_deputyship(user: Account, pk: int) -> Deputyship:
    """The deputyship, if the reader sees it. `NoAccountError`."""
    rows = Deputyship.objects.select_related("principal__court__parent", "deputy")
    found = rows.filter(pk=pk).first()
    if found is None or not may_view_deputyship(user, found):
        raise NoAccountError(_("没有这份代理。请刷新页面后再选。"))
    return found


def document_type(deputyship: Deputyship) -> str:
    """The media type of a deputyship's document."""
    return TYPES[deputyship.file_kind]  # type: ignore[index]


def deputy_roles(user: Account) -> list[tuple[str, str]]:
    """The roles of the account's prefecture that have deputies, with their names."""
    root = own_root(user)
    return [] if root is None else deputy_choices(root)


def people_choices(user: Account, *, is_principal: bool) -> tuple[Choice, ...]:
    """Who can be on leave, or stand in: active accounts of the intermediate court with a role."""
    rows = overseen(user).filter(is_active=True, groups__isnull=False)
    working = Q(groups__name__in=[role for role, _label in deputy_roles(user)])
    if not is_principal:
        working = Q(groups__name__in=set(Role.values) - {Role.ADMIN}) | Q(
            groups__side_roles__isnull=False
        )
    rows = rows.filter(working, court=own_root(user)).distinct()
    return tuple(Choice(str(row.pk), noted(row, row.username)) for row in rows)


def proposable_labels(user: Account) -> tuple[str, ...]:
    """The desks for which the account may propose accounts, in words."""
    return tuple(role_names(proposable_roles(user)).values())
