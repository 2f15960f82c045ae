"""Owns what the frame of every page says of the account that looks at it; never who may do what."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from courts.models import User
from courts.permissions import Role, has_desk, may_open_admin, roles
from courts.selectors.landings import places


@dataclass(frozen=True, slots=True)
class AccountCard:
    """The account's court and roles in words, and where it has business."""

    court: str = ""
    roles: tuple[str, ...] = ()
    opens_admin: bool = False
    has_desk: bool = False
    office_year: str = ""
    overseen_year: str = ""
    rules_year: str = ""
    ballot_year: str = ""
    cases_year: str = ""
    dashboard_year: str = ""


def account_card(user: User | AnonymousUser) -> AccountCard:
    """The card of an account; an empty one for nobody."""
    if not isinstance(user, User):
        return AccountCard()
    held, found = roles(user), places(user)
    return AccountCard(
        court=_court_name(user),
        roles=tuple(str(role.label) for role in Role if role in held),
        opens_admin=may_open_admin(user),
        has_desk=has_desk(user),
        office_year=found.office,
        overseen_year=found.overseen,
        rules_year=found.rules,
        ballot_year=found.ballots,
        cases_year=found.cases,
        dashboard_year=found.dashboard,
    )


def _court_name(user: User) -> str:
    if user.court is None:
        return ""
    korean = (get_language() or "").startswith("ko")
    return user.court.name_ko if korean and user.court.name_ko else user.court.name
