"""Owns what the frame of every page says of the account that looks at it; never who may do what."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from courts.desks.selectors.landings import places
from courts.desks.selectors.menus import MenuGroup, menu_of
from courts.frame.remembered import remembered, stamp_of_page
from courts.models import User
from courts.permissions import (
    has_desk,
    may_keep_tokens,
    may_open_admin,
    may_view_accounts,
    role_names,
    roles,
)


@dataclass(frozen=True, slots=True)
class YearLink:
    """A year the account can turn to; `is_seen` is that of the page."""

    code: str
    year: int
    is_seen: bool


@dataclass(frozen=True, slots=True)
class AccountCard:
    """The account's court and roles in words, where it has business, and which years it sees.

    `seen_year` is the page's own year by its code, empty on pages that belong to none, and
    `returns_year` the same where the account's own court has returns in it. `years` are the choices
    of the year switch, the latest first; none where there is nothing to choose.
    """

    court: str = ""
    roles: tuple[str, ...] = ()
    opens_admin: bool = False
    keeps_tokens: bool = False
    sees_accounts: bool = False
    has_desk: bool = False
    office_year: str = ""
    overseen_year: str = ""
    rules_year: str = ""
    ballot_year: str = ""
    cases_year: str = ""
    assessed_year: str = ""
    rules_have: frozenset[str] = frozenset()
    dashboard_year: str = ""
    seen_year: str = ""
    returns_year: str = ""
    own_court: str = ""
    years: tuple[YearLink, ...] = ()
    menu: tuple[MenuGroup, ...] = ()

    @property
    def seen_number(self) -> int | None:
        """The page's year as people say it."""
        return next((one.year for one in self.years if one.is_seen), None)


def account_card(user: User | AnonymousUser, seen: str = "") -> AccountCard:
    """The card of an account on a page of the year `seen`; empty without an account."""
    if not isinstance(user, User):
        return AccountCard()
    key = ("card", user.pk, seen, get_language())
    return remembered(stamp_of_page(), key, lambda: _card(user, seen))


def _card(user: User, seen: str) -> AccountCard:
    held, found = roles(user), places(user, seen)
    links = tuple(YearLink(y.code, y.year, y.code == seen) for y in found.years)
    return AccountCard(
        court=_court_name(user),
        roles=tuple(role_names(held).values()),
        opens_admin=may_open_admin(user),
        keeps_tokens=may_keep_tokens(user),
        sees_accounts=may_view_accounts(user),
        has_desk=has_desk(user),
        office_year=found.office,
        overseen_year=found.overseen,
        rules_year=found.rules,
        ballot_year=found.ballots,
        cases_year=found.cases,
        assessed_year=found.assessed,
        rules_have=found.has,
        dashboard_year=found.dashboard,
        seen_year=seen if any(link.is_seen for link in links) else "",
        returns_year=found.returns if seen else "",
        own_court=user.court.code if user.court else "",
        years=links if len(links) > 1 else (),
        menu=menu_of(found, seen, user.court.code if user.court and has_desk(user) else ""),
    )


def _court_name(user: User) -> str:
    if user.court is None:
        return ""
    return user.court.full_name(get_language() or "")
