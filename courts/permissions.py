"""Who may see and do what: the only place that decides.

A *role* is a group an account is in; an account may hold several. Views, admin and templates ask
the functions here and never look at groups themselves.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from courts.models import Court, QualityYear, User


class Role(models.TextChoices):
    """Groups, by name. Created by a migration."""

    LITIGATION = "litigation", _("诉讼报表岗")
    ENFORCEMENT = "enforcement", _("执行报表岗")
    OFFICE = "office", _("审判管理办公室")
    CENTRE = "centre", _("执行指挥中心")
    LEADER = "leader", _("领导小组")
    PARTY = "party", _("院党组")
    ADMIN = "admin", _("系统管理员")


class Basis(models.TextChoices):
    """Which returns count: those verified, or all that courts have handed in."""

    VERIFIED = "verified", _("已核实数据")
    REPORTED = "reported", _("已上报数据")


Account = User | AnonymousUser


def roles(user: Account) -> frozenset[str]:
    """The roles of an account; none for an anonymous or inactive one. One query, then cached."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    cached: frozenset[str] | None = user.__dict__.get("_roles")
    if cached is None:
        names = user.groups.values_list("name", flat=True)
        cached = frozenset(names) & frozenset(Role.values)
        user.__dict__["_roles"] = cached
    return cached


def may_view_year(user: Account, year: QualityYear) -> bool:
    """Whether the account belongs to the courts that this year assesses."""
    if not isinstance(user, User) or not roles(user) or user.court is None:
        return False
    return user.court.root.pk == year.court_id


def may_view_court(user: Account, court: Court) -> bool:
    """Whether the account may open this court's published or verified scorecards."""
    if not isinstance(user, User) or not roles(user) or user.court is None:
        return False
    return user.court.root.pk == court.root.pk


def may_use_basis(user: Account, basis: str) -> bool:
    """Figures that nobody has verified yet are for those who verify and lead."""
    if basis == Basis.REPORTED:
        return bool(roles(user) & {Role.OFFICE, Role.CENTRE, Role.LEADER})
    return bool(roles(user))
