"""Who may see and do what: the only place that decides.

A *role* is a group an account is in; an account may hold several. Views, admin and templates ask
the functions here and never look at groups themselves. Which roles enter and look after a side is
the edition's to say; rows of `SideRole` hold it for a prefecture (`courts.years.services.sides`).

One file because whoever asks who may do what looks in one place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courts import database_clock
from courts.models import (
    AccountMaking,
    AccountProposal,
    Action,
    ApiToken,
    BallotRound,
    Bulletin,
    Court,
    Deputyship,
    Handover,
    MonthlyReturn,
    Motion,
    Objection,
    QualityYear,
    Restatement,
    RoundOrganizer,
    RulebookEdition,
    Scenario,
    Scrutineer,
    SideRole,
    SpecialCase,
    User,
    Voter,
    WordTemplate,
)
from courts.models.prepared import Prepared, QueryValue
from scoring.listing import listed_in
from scoring.schema import Rulebook, SideShare


class Role(models.TextChoices):
    """Groups that are always there, by name; a side may have others (`roles_of_side`)."""

    LITIGATION = "litigation", _("诉讼报表岗")
    ENFORCEMENT = "enforcement", _("执行报表岗")
    OFFICE = "office", _("审判管理办公室")
    CENTRE = "centre", _("执行指挥中心")
    LEADER = "leader", _("领导小组")
    PARTY = "party", _("院党组")
    SCRUTINEER = "scrutineer", _("监票人")
    ADMIN = "admin", _("系统管理员")


class Part(StrEnum):
    """In what part an account meets a ballot: rows of the round say so, not groups."""

    OFFICE = "office"
    VOTER = "voter"
    SCRUTINEER = "scrutineer"


class Basis(models.TextChoices):
    """Which returns count: those verified, or all that courts have handed in."""

    VERIFIED = "verified", _("已核实数据")
    REPORTED = "reported", _("已上报数据")


Account = User | AnonymousUser


def roles(user: Account) -> frozenset[str]:
    """The roles of an account; none for an anonymous or inactive one. One query, then cached.

    Among them are those in which it stands in for somebody on leave.
    """
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    cached: frozenset[str] | None = user.__dict__.get("_roles")
    if cached is None:
        held = _held_roles(user.pk, database_clock.today())
        kept = [row for row in held if row[1] is not None]
        cached = frozenset(row[0] for row in held) & {*Role.values, *(row[0] for row in kept)}
        user.__dict__["_roles"] = cached
        user.__dict__["_side_roles"] = kept
    return cached


# --- Sides: who enters them, who looks after them ----------------------------------------------

# The roles of sides of these codes, unless an edition names others.
_USUAL_ROLES: Mapping[str, tuple[str, str]] = {
    "litigation": (Role.LITIGATION.value, Role.OFFICE.value),
    "enforcement": (Role.ENFORCEMENT.value, Role.CENTRE.value),
}

_USUAL_OFFICES = frozenset(office for _desk, office in _USUAL_ROLES.values())


def roles_of_side(share: SideShare) -> tuple[str, str]:
    """The roles that enter a side and look after it: those of the edition, else its own."""
    desk, office = _USUAL_ROLES.get(share.side, (f"{share.side}_desk", f"{share.side}_office"))
    return share.desk or desk, share.office or office


def offices_of(rulebook: Rulebook) -> tuple[str, ...]:
    """The roles that look after the sides of an edition, each once, in its order."""
    return tuple(dict.fromkeys(roles_of_side(share)[1] for share in rulebook.sides))


def offices_label(rulebook: Rulebook) -> str:
    """The names of all these offices."""
    names = [office_role_label(rulebook, role) for role in offices_of(rulebook)]
    return listed_in(get_language() or "", names)


def office_role_label(rulebook: Rulebook, role: str) -> str:
    """The name of the office that has this role."""
    if role in Role.values:
        return str(Role(role).label)
    language = get_language() or ""
    sides = [
        share.label.get(language) for share in rulebook.sides if roles_of_side(share)[1] == role
    ]
    return gettext("%(sides)s管理部门") % {"sides": listed_in(get_language() or "", sides)}


def office_of(rulebook: Rulebook, side: str) -> str:
    """The role that looks after a side; empty for a side that the edition does not have."""
    return next((roles_of_side(one)[1] for one in rulebook.sides if one.side == side), "")


def office_label(rulebook: Rulebook, side: str) -> str:
    """The name of the office that looks after a side."""
    role = office_of(rulebook, side)
    return office_role_label(rulebook, role) if role else ""


def role_choices(root: Court | None) -> list[tuple[str, str]]:
    """The roles there are in a prefecture, with their names; without one those of all.

    Of the roles that keep sides only those that keep one. Two queries.
    """
    groups = Group.objects.filter(side_roles__isnull=False)
    if root is not None:
        groups = groups.filter(side_roles__court=root)
    kept = {group.name: group for group in groups.order_by("pk").prefetch_related("side_roles")}
    shown = set(Role.values)
    if root is not None and kept:
        shown -= {Role.LITIGATION, Role.ENFORCEMENT, Role.CENTRE} - kept.keys()
    found = [(role.value, str(role.label)) for role in Role if role.value in shown]
    others = [group for name, group in kept.items() if name not in Role.values]
    return found + [(group.name, group_label(group)) for group in others]


def role_names(held: Iterable[str]) -> dict[str, str]:
    """The names of those of these roles that there are, in their order.

    No query where no side has roles of its own, else two.
    """
    asked = set(held)
    found = {role.value: str(role.label) for role in Role if role.value in asked}
    others = asked - set(Role.values)
    if others:
        groups = Group.objects.filter(name__in=others, side_roles__isnull=False).distinct()
        groups = groups.order_by("pk").prefetch_related("side_roles")
        found |= {group.name: group_label(group) for group in groups}
    return found


def group_label(group: Group) -> str:
    """What a role is called: by its own name, or by the sides that it keeps."""
    if group.name in Role.values:
        return str(Role(group.name).label)
    rows = sorted(group.side_roles.all(), key=lambda row: row.pk)
    if not rows:
        return str(group.name)
    names = dict.fromkeys(row.label(get_language() or "") for row in rows)
    is_desk = rows[0].part == SideRole.Part.DESK
    text = gettext("%(sides)s报表岗") if is_desk else gettext("%(sides)s管理部门")
    return text % {"sides": listed_in(get_language() or "", names)}


def desk_roles(root: Court) -> frozenset[str]:
    """The roles of a prefecture that any court's account may have. One query."""
    found = SideRole.objects.filter(court=root, part=SideRole.Part.DESK)
    return frozenset(found.values_list("group__name", flat=True)) | {
        Role.LITIGATION.value,
        Role.ENFORCEMENT.value,
    }


def _kept(user: Account, part: SideRole.Part) -> frozenset[str]:
    """The sides that the account's roles enter, or look after, in its own prefecture."""
    return frozenset(side for _name, side in _kept_roles(user, part))


def _kept_roles(user: Account, part: SideRole.Part) -> frozenset[tuple[str, str]]:
    """The same with the role that each is kept by."""
    root = root_key(user)
    if not _working_roles(user) or root is None or not isinstance(user, User):
        return frozenset()
    rows = user.__dict__["_side_roles"]
    return frozenset(
        (name, side) for name, court, kind, side in rows if court == root and kind == part
    )


def in_office(user: Account) -> bool:
    """Whether the account is of an office: that of the rules, or one that keeps a side."""
    fixed = {Role.OFFICE, Role.CENTRE}
    return bool(_working_roles(user) & fixed or _kept(user, SideRole.Part.OFFICE))


def _at_desk(user: Account) -> bool:
    """Whether the account enters any side."""
    return bool(_kept(user, SideRole.Part.DESK))


def running_deputyships(today: date | QueryValue | None = None) -> QuerySet[Deputyship]:
    """Who stands in for whom today: between the days, not ended before, and both still there.

    A deputy has the role only while the person on leave holds it.
    """
    today = today or database_clock.today()
    return Deputyship.objects.filter(
        from_day__lte=today,
        until_day__gte=today,
        ended_at=None,
        principal__is_active=True,
        principal__groups__name=models.F("role"),
        principal__court=models.F("deputy__court"),
    )


def _own_and_lent(
    user: QueryValue, today: QueryValue
) -> QuerySet[Any, tuple[str, int | None, str | None, str | None]]:
    """Each role with every side it keeps: its prefecture, the part in it and the side's code."""
    lent = running_deputyships(today).filter(deputy_id=user).order_by().values("role")
    own = User.groups.through._default_manager.filter(user_id=user).values("group_id")
    return Group.objects.filter(Q(pk__in=own) | Q(name__in=lent)).values_list(
        "name", "side_roles__court", "side_roles__part", "side_roles__side"
    )


_held_roles = Prepared(_own_and_lent, models.BigAutoField, models.DateField)


def may_view_year(user: Account, year: QualityYear) -> bool:
    """Whether the account belongs to the courts that this year assesses."""
    if not isinstance(user, User) or not roles(user) or user.court is None:
        return False
    return user.court.root_key == year.court_id


def may_use_basis(user: Account, basis: str) -> bool:
    """Whether the account may use figures that are not verified yet: who verifies or leads may."""
    if basis == Basis.REPORTED:
        return in_office(user) or Role.LEADER in roles(user)
    return bool(roles(user))


# --- The admin -------------------------------------------------------------------------------


class Act(StrEnum):
    """What an account may do with the rows of one model in the admin."""

    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    IMPORT = "import"
    EXPORT = "export"
    UNLOCK = "unlock"


_VIEW = frozenset({Act.VIEW})
_READ = frozenset({Act.VIEW, Act.EXPORT})
_EDIT = frozenset({Act.VIEW, Act.ADD, Act.CHANGE, Act.DELETE})

# Model by its lower-case name → role → acts; what is not listed is refused. Nobody changes here
# what moves points: targets and caps are proposed and confirmed on their pages, figures come from
# the desks, or from the offices by a checked import that another person of the office verifies.
ADMIN_RULES: Mapping[str, Mapping[str, frozenset[Act]]] = {
    "court": {Role.OFFICE: _READ, Role.CENTRE: _READ, Role.ADMIN: _EDIT | _READ},
    "rulebookedition": {Role.OFFICE: _VIEW, Role.CENTRE: _VIEW, Role.ADMIN: _VIEW},
    "qualityyear": {
        Role.OFFICE: _VIEW,
        Role.CENTRE: _VIEW,
        Role.ADMIN: frozenset({Act.VIEW, Act.DELETE}),
    },
    "appraisaltarget": {Role.OFFICE: _READ, Role.CENTRE: _READ, Role.ADMIN: _READ},
    "cap": {Role.OFFICE: _READ, Role.CENTRE: _READ, Role.ADMIN: _READ},
    "monthlyreturn": {Role.OFFICE: _READ, Role.CENTRE: _READ, Role.ADMIN: _READ},
    "figure": {
        Role.OFFICE: _READ | {Act.IMPORT},
        Role.CENTRE: _READ | {Act.IMPORT},
        Role.ADMIN: _READ,
    },
    "ballotround": {Role.OFFICE: _VIEW, Role.ADMIN: _VIEW},
    **{
        model: {Role.OFFICE: _VIEW, Role.CENTRE: _VIEW, Role.ADMIN: _VIEW}
        for model in (
            "submission",
            "cellcomment",
            "followup",
            "unlockrequest",
            "reopening",
            "entryonbehalf",
            "specialcase",
            "caseverification",
            "motion",
            "assessment",
            "courtchange",
            "takensupplement",
            "wordtemplate",
        )
    },
    "event": {Role.OFFICE: _VIEW, Role.CENTRE: _VIEW, Role.ADMIN: _VIEW},
    "user": {Role.ADMIN: frozenset({Act.VIEW, Act.ADD, Act.CHANGE})},
    "accessattempt": {Role.ADMIN: frozenset({Act.VIEW, Act.UNLOCK})},
    "accesslog": {Role.ADMIN: _VIEW},
}

# Without a court a superuser belongs to no prefecture: it reads, and makes the first accounts.
_FOUNDING = frozenset({"user"})


def admin_roles(user: Account) -> frozenset[str]:
    """The roles that count in the admin: a superuser is an administrator and nothing else."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset({Role.ADMIN})
    return roles(user) if user.court_id is not None else frozenset()


def may_in_admin(user: Account, model: str, act: Act) -> bool:
    """Whether the account may do this with some row of the model (its lower-case name)."""
    rules = ADMIN_RULES.get(model, {})
    if not any(act in rules.get(role, ()) for role in admin_roles(user)):
        return False
    return act in _READ or model in _FOUNDING or not sees_every_court(user)


def may_open_admin(user: Account) -> bool:
    """Whether there is anything in the admin for the account."""
    return any(may_in_admin(user, model, Act.VIEW) for model in ADMIN_RULES)


def sees_every_court(user: Account) -> bool:
    """Whether the account stands outside the prefectures."""
    return isinstance(user, User) and user.is_active and user.is_superuser and user.court_id is None


def own_root(user: Account) -> Court | None:
    """The intermediate court whose prefecture the account sees; None without a court."""
    if not isinstance(user, User) or user.court is None:
        return None
    return user.court.root


def root_key(user: object) -> int | None:
    """The key of the intermediate court of `own_root`, without reading it."""
    if not isinstance(user, User) or user.court is None:
        return None
    return user.court.root_key


def import_sides(user: Account) -> frozenset[str]:
    """The sides whose figures the account may import."""
    return review_sides(user)


# --- Monthly returns -------------------------------------------------------------------------


def may_enter(user: Account, court: Court, side: str) -> bool:
    """Whether the account sits at the desk that enters this side of the court's returns."""
    if not isinstance(user, User) or user.court_id != court.pk:
        return False
    return side in _kept(user, SideRole.Part.DESK)


def has_desk(user: Account) -> bool:
    """Whether the account enters any side of its own court's returns."""
    return isinstance(user, User) and user.court_id is not None and _at_desk(user)


def may_review(user: Account, court: Court, side: str) -> bool:
    """Whether the account's office looks after this side of the court's returns."""
    return side in review_sides(user) and _same_prefecture(user, court)


def may_enter_on_behalf(user: Account, court: Court, side: str) -> bool:
    """Whether the account may write, with a reason, in a return of a court in its care."""
    return may_review(user, court, side)


def may_verify(user: Account, monthly_return: MonthlyReturn) -> bool:
    """Whether the account may decide on the return: its office, and never who handed it in."""
    if not isinstance(user, User) or not is_another(monthly_return.submitted_by_id, user):
        return False
    return may_review(user, monthly_return.court, monthly_return.side)


def may_discuss(user: Account, court: Court, side: str) -> bool:
    """Whether the account may comment on cells and mark them: the desk and its office."""
    return may_enter(user, court, side) or may_review(user, court, side)


def may_view_returns(user: Account, court: Court) -> bool:
    """Whether the account may look at returns that are not verified yet, of either side."""
    if not isinstance(user, User):
        return False
    held = _working_roles(user)
    if (in_office(user) or Role.LEADER in held) and _same_prefecture(user, court):
        return True
    return user.court_id == court.pk and _at_desk(user)


def may_oversee_returns(user: Account, year: QualityYear) -> bool:
    """Whether the account may look at the returns of all the year's courts at once."""
    return may_view_returns(user, year.court) and (
        in_office(user) or Role.LEADER in _working_roles(user)
    )


def may_set_deadline(user: Account, year: QualityYear) -> bool:
    """Whether the account may say until when the year's returns are entered."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def may_set_month_profile(user: Account, year: QualityYear) -> bool:
    """Whether the account may say how forecasts spread the year's cases over its months."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def may_adopt_readings(user: Account, year: QualityYear) -> bool:
    """Whether the account's office says how the notice is read (附件1·六)."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def may_upload_extracts(user: Account, year: QualityYear) -> bool:
    """Whether the account's office sets extracts beside the returns of its side."""
    return bool(review_sides(user)) and _same_prefecture(user, year.court)


def may_explain_difference(user: Account, court: Court, side: str) -> bool:
    """Whether the account may say why the court's figure is another than the extract's."""
    return may_enter(user, court, side)


def may_settle_difference(user: Account, court: Court, side: str) -> bool:
    """Whether the account may decide which of the two figures stands."""
    return may_review(user, court, side)


# --- Rulebooks and targets -------------------------------------------------------------------


def may_view_editions(user: Account) -> bool:
    """Whether the account may read the rules of its prefecture; drafts are the offices'."""
    return isinstance(user, User) and user.court_id is not None and bool(roles(user))


def may_view_edition(user: Account, edition: RulebookEdition) -> bool:
    """Whether the account may read this edition: what is or was in force, everybody's own."""
    if not isinstance(user, User) or not may_view_editions(user) or edition.court is None:
        return False
    drafts = in_office(user)
    return (drafts or edition.state in edition.ENACTED) and _same_prefecture(user, edition.court)


def may_write_editions(user: Account) -> bool:
    """Whether the account drafts rules: the trial management office keeps the rulebook."""
    return (
        isinstance(user, User) and user.court_id is not None and Role.OFFICE in _working_roles(user)
    )


def may_write_edition(user: Account, edition: RulebookEdition) -> bool:
    """Whether the account may change this edition, in a state that allows it."""
    return may_write_editions(user) and may_view_edition(user, edition)


def may_enact(user: Account, edition: RulebookEdition, writers: frozenset[int]) -> bool:
    """Whether the account may put the edition in force: either office, but none of its writers."""
    if not isinstance(user, User) or not may_view_edition(user, edition):
        return False
    own = {edition.author_id, edition.proposed_by_id, *writers}
    others = all(is_another(first, user) for first in own)
    return in_office(user) and others


def may_import_courts(user: Account, root: Court | None = None) -> bool:
    """Whether the account may bring in courts: an administrator those of its own prefecture.

    A superuser without a court founds prefectures. Without `root` the question is whether there
    is any for the account.
    """
    if sees_every_court(user):
        return True
    if Role.ADMIN not in admin_roles(user):
        return False
    own = own_root(user)
    return own is not None and (root is None or root.pk == own.pk)


def may_take_up_supplements(user: Account, year: QualityYear) -> bool:
    """Whether the account's office says which supplements stand beside the rules."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def may_keep_targets(user: Account, year: QualityYear) -> bool:
    """Whether the account may enter and change the year's appraisal targets and caps."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


# --- Motions: what courts are judged by takes two people --------------------------------------

# Figures belong to the office of their side; how the notice is read, to the trial management
# office, with a second person of either interpreting office.
OFFICE_KINDS = frozenset(
    {Motion.Kind.BASELINE, Motion.Kind.EXTRACT, Motion.Kind.SETTLEMENT, Motion.Kind.ASSESSED}
)
# What is of single courts, which see it and may object to it.
OBJECTED_KINDS = frozenset({Motion.Kind.BASELINE, Motion.Kind.ASSESSED})


def is_another(first: int | None, second: User) -> bool:
    """Whether the second person is not the first: the one rule of every act that moves points.

    Whoever made an account or knows its password counts as the same person until somebody else
    confirmed the account, in both directions; so does a deputy for whom he stands in for.
    """
    return first != second.pk and (first is None or first not in same_as(second))


def same_as(user: User) -> frozenset[int]:
    """The accounts, by key, that could be this one in disguise. One query, then cached."""
    cached: frozenset[int] | None = user.__dict__.get("_same_as")
    if cached is None:
        unconfirmed = AccountMaking.objects.filter(confirmed_at=None).order_by()
        found = (
            unconfirmed.filter(by=user)
            .values_list("account")
            .union(
                unconfirmed.filter(account=user).values_list("by"),
                running_deputyships().filter(deputy=user).order_by().values_list("principal"),
            )
        )
        cached = frozenset(key for (key,) in found)
        user.__dict__["_same_as"] = cached
    return cached


def may_move(user: Account, year: QualityYear, kind: str, sides: frozenset[str]) -> bool:
    """Whether the account may propose a change of this kind, of these sides where it has any."""
    if not _same_prefecture(user, year.court):
        return False
    if kind in OFFICE_KINDS:
        return bool(sides) and sides <= review_sides(user)
    return Role.OFFICE in _working_roles(user)


def seconds_kind(user: Account, motion: Motion) -> bool:
    """Whether confirming motions like this one belongs to the account's office."""
    if not _same_prefecture(user, motion.quality_year.court):
        return False
    if motion.kind in OFFICE_KINDS:
        return motion.sides <= review_sides(user)
    return in_office(user)


def may_second(user: Account, motion: Motion) -> bool:
    """Whether the account may confirm or refuse the motion: another person of the right office."""
    if not isinstance(user, User) or not is_another(motion.moved_by_id, user):
        return False
    return seconds_kind(user, motion)


def may_withdraw_motion(user: Account, motion: Motion) -> bool:
    """Whether the account may take the motion back: who made it."""
    return isinstance(user, User) and motion.moved_by_id == user.pk


def may_view_motions(user: Account, year: QualityYear) -> bool:
    """Whether motions are the account's business: both offices see all of their prefecture."""
    return in_office(user) and _same_prefecture(user, year.court)


def may_object_to_motion(user: Account, motion: Motion) -> bool:
    """Whether the account sits at a desk whose court's figures or points the motion would bring."""
    if not isinstance(user, User) or motion.kind not in OBJECTED_KINDS or user.court is None:
        return False
    concerned = user.court.code in motion.data.get("courts", ())
    return concerned and any(may_enter(user, user.court, side) for side in motion.sides)


def may_view_motion(user: Account, motion: Motion) -> bool:
    """Whether the account may look at the motion: the offices, and courts it has figures of."""
    return may_view_motions(user, motion.quality_year) or may_object_to_motion(user, motion)


def may_change_courts(user: Account, year: QualityYear) -> bool:
    """Whether the account may propose that a court is renamed, merged, split or abolished."""
    return may_move(user, year, Motion.Kind.COURTS, frozenset())


# --- Points that an office gives ---------------------------------------------------------------


def may_assess(user: Account, year: QualityYear, side: str) -> bool:
    """Whether the account may propose points that its office gives for items of this side."""
    return may_move(user, year, Motion.Kind.ASSESSED, frozenset({side}))


def has_office(user: Account) -> bool:
    """Whether the account is of an office that gives points of any side."""
    return bool(review_sides(user))


def may_view_assessments(user: Account, year: QualityYear) -> bool:
    """Whether such points are the account's business: all of them, or those of its own court."""
    return may_view_dashboard(user, year) or bool(assessed_courts(user, year))


def assessed_courts(user: Account, year: QualityYear) -> frozenset[int]:
    """The courts, by key, whose points the account sees because it sits at a desk there."""
    return case_courts(user, year)


# --- Dashboards ------------------------------------------------------------------------------


def may_view_dashboard(user: Account, year: QualityYear) -> bool:
    """Whether the account looks at all courts side by side: who verifies, leads or decides."""
    return _sees_all(user) and _same_prefecture(user, year.court)


def _sees_all(user: Account) -> bool:
    return in_office(user) or bool(_working_roles(user) & {Role.LEADER, Role.PARTY})


def may_explore(user: Account, court: Court) -> bool:
    """Whether the account sees estimates and trials of a court: its own desks, and who sees all."""
    if not isinstance(user, User) or not _same_prefecture(user, court):
        return False
    return _sees_all(user) or (user.court_id == court.pk and _at_desk(user))


def may_change_scenario(user: Account, scenario: Scenario) -> bool:
    """Whether the account may rename, share or delete a saved trial: its author alone."""
    return may_explore(user, scenario.court) and scenario.created_by_id == user.pk


# --- How much of the ranking courts see -------------------------------------------------------

RankingShown = QualityYear.RankingShown


def may_set_ranking_shown(user: Account, year: QualityYear) -> bool:
    """Whether the account may say how much of the ranking the courts see."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def sees_places(user: Account, year: QualityYear) -> RankingShown:
    """How much of the year's ranking the account sees: all of it, or what courts are shown.

    All for who verifies, leads or decides; every other account has what the year grants courts,
    administrators too. Management commands are no accounts and ask nobody.
    """
    if may_view_dashboard(user, year):
        return RankingShown.FULL
    return RankingShown(year.ranking_shown)


def own_points_only(user: Account, year: QualityYear) -> bool:
    """Whether points of other courts are kept from the account."""
    return sees_places(user, year) is not RankingShown.FULL


def may_view_points(user: Account, year: QualityYear, court_code: str) -> bool:
    """Whether the account may see the points of the court of that code: its own always may."""
    if not own_points_only(user, year):
        return True
    return isinstance(user, User) and user.court is not None and user.court.code == court_code


# --- Special cases (附件1·五) ----------------------------------------------------------------


def may_apply_case(user: Account, court: Court, side: str) -> bool:
    """Whether the account may apply for other points in an item of this side of the court."""
    return may_enter(user, court, side)


def may_withdraw_case(user: Account, case: SpecialCase) -> bool:
    """Whether the account may take the application back: the desk that made it."""
    return may_apply_case(user, case.court, case.side)


def may_view_cases(user: Account, year: QualityYear) -> bool:
    """Whether applications are the account's business: desks see those of their own court."""
    return bool(case_courts(user, year) or sees_all_cases(user, year))


def sees_all_cases(user: Account, year: QualityYear) -> bool:
    """Whether the account sees the applications of every court: who verifies, leads, decides."""
    return _sees_all(user) and _same_prefecture(user, year.court)


def case_courts(user: Account, year: QualityYear) -> frozenset[int]:
    """The courts, by key, whose applications the account sees because it sits at a desk there."""
    if not isinstance(user, User) or user.court is None or not has_desk(user):
        return frozenset()
    return frozenset({user.court.pk}) if _same_prefecture(user, year.court) else frozenset()


def may_view_case(user: Account, case: SpecialCase) -> bool:
    """Whether the account may read the application and what is attached to it."""
    year = case.quality_year
    return sees_all_cases(user, year) or case.court_id in case_courts(user, year)


def case_offices(user: Account, case: SpecialCase) -> frozenset[str]:
    """For which offices the account may give its word: its own, never on what it applied for."""
    if not isinstance(user, User) or not is_another(case.applied_by_id, user):
        return frozenset()
    if not _same_prefecture(user, case.quality_year.court):
        return frozenset()
    return frozenset(name for name, _side in _kept_roles(user, SideRole.Part.OFFICE))


def may_decide_case(user: Account, case: SpecialCase, verifiers: frozenset[int]) -> bool:
    """Whether the account may enter what the party group decided; who applied or verified not."""
    if not isinstance(user, User):
        return False
    if not all(is_another(first, user) for first in {case.applied_by_id, *verifiers}):
        return False
    return Role.PARTY in _working_roles(user) and _same_prefecture(user, case.quality_year.court)


def may_decide_cases(user: Account, year: QualityYear) -> bool:
    """Whether deciding is the account's business at all."""
    return Role.PARTY in _working_roles(user) and _same_prefecture(user, year.court)


def may_set_case_days(user: Account, year: QualityYear) -> bool:
    """Whether the account may say in how many days applications are verified."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def review_sides(user: Account) -> frozenset[str]:
    """The sides whose returns the account's office looks after."""
    return _kept(user, SideRole.Part.OFFICE)


def _working_roles(user: Account) -> frozenset[str]:
    """The roles that count in the returns: none for administrators, whatever else they hold."""
    held = roles(user)
    if not isinstance(user, User) or user.is_superuser or Role.ADMIN in held:
        return frozenset()
    return held


def _same_prefecture(user: Account, court: Court) -> bool:
    if not isinstance(user, User) or user.court is None:
        return False
    return user.court.root_key == court.root_key


# --- Registers: the cases behind counts --------------------------------------------------------


def register_keepers(
    user: Account, year: QualityYear, court: Court | None, sides: Collection[str]
) -> frozenset[str]:
    """As which keepers the account meets the lines of a court in a register of these sides.

    `desk` for the court's own desk, `office` and `centre` for the office that looks after one of
    the sides; whoever is none of them sees nothing personal. Without a court it asks what the
    account is anywhere.
    """
    if not isinstance(user, User) or user.court is None or not _same_prefecture(user, year.court):
        return frozenset()
    asked = user.court if court is None else court
    found = {
        name
        for name, side in _kept_roles(user, SideRole.Part.OFFICE)
        if side in sides and _same_prefecture(user, asked)
    }
    if any(may_enter(user, asked, side) for side in sides):
        found.add("desk")
    return frozenset(found)


def may_view_registers(user: Account, year: QualityYear) -> bool:
    """Whether registers are the account's business at all: their counts and lessons."""
    return (_at_desk(user) or _sees_all(user)) and _same_prefecture(user, year.court)


def may_view_counts(user: Account, year: QualityYear, court_code: str) -> bool:
    """Whether the account may know how many lines a court has, which its points come from."""
    return may_view_registers(user, year) and may_view_points(user, year, court_code)


def may_erase_registers(user: Account, year: QualityYear) -> bool:
    """Whether the account may see what was erased by rule, and have what is due erased."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


# --- Ballots ---------------------------------------------------------------------------------


def may_organize_ballots(user: Account, year: QualityYear) -> bool:
    """Whether the account prepares, opens and closes the ballots of the year: the office."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def has_ballots(user: Account) -> bool:
    """Whether ballots are the account's business: it organizes them, votes, or holds keys."""
    return bool(roles(user) & {Role.OFFICE, Role.LEADER, Role.SCRUTINEER})


def may_vote(user: Account, year: QualityYear) -> bool:
    """Whether the account can stand on a roll: the leading group."""
    return Role.LEADER in _working_roles(user) and _same_prefecture(user, year.court)


def may_hold_key(user: Account, year: QualityYear) -> bool:
    """Whether the account can be a scrutineer: anybody of the prefecture but the office."""
    held = _working_roles(user)
    return bool(held) and Role.OFFICE not in held and _same_prefecture(user, year.court)


def may_organize_round(user: Account, ballot_round: BallotRound) -> bool:
    """Whether the account may act on this round as the office: never who votes or holds a key."""
    if not may_organize_ballots(user, ballot_round.quality_year):
        return False
    return not ballot_round.keeps_apart or not (
        _stands(Voter, user, ballot_round) or _stands(Scrutineer, user, ballot_round)
    )


def may_cast(user: Account, ballot_round: BallotRound) -> bool:
    """Whether a name on the roll may vote now: still of the leading group, and no organiser."""
    if not _stands(Voter, user, ballot_round):
        return False
    return not ballot_round.keeps_apart or (
        may_vote(user, ballot_round.quality_year)
        and not _stands(Scrutineer, user, ballot_round)
        and not _stands(RoundOrganizer, user, ballot_round)
    )


def may_use_key(user: Account, ballot_round: BallotRound) -> bool:
    """Whether a scrutineer may make, try and use a key now: not of the office meanwhile."""
    if not _stands(Scrutineer, user, ballot_round):
        return False
    return not ballot_round.keeps_apart or (
        may_hold_key(user, ballot_round.quality_year)
        and not _stands(Voter, user, ballot_round)
        and not _stands(RoundOrganizer, user, ballot_round)
    )


# Roles that somebody on a round's lists may not be given while the round lives.
APART_ROLES = frozenset({Role.OFFICE, Role.ADMIN})


def _stands(
    model: type[Voter | Scrutineer | RoundOrganizer], user: Account, ballot_round: BallotRound
) -> bool:
    return model._default_manager.filter(round=ballot_round, user_id=user.pk or 0).exists()


def ballot_parts(user: Account, ballot_round: BallotRound) -> frozenset[Part]:
    """In what parts the account meets the round; none in another prefecture.

    A few queries. A voter keeps the part whatever becomes of the role: the ballot stands, and its
    voter may check it; `may_cast` says who votes.
    """
    if not isinstance(user, User) or not may_view_year(user, ballot_round.quality_year):
        return frozenset()
    found = set()
    if may_organize_round(user, ballot_round):
        found.add(Part.OFFICE)
    if _stands(Voter, user, ballot_round):
        found.add(Part.VOTER)
    if may_use_key(user, ballot_round):
        found.add(Part.SCRUTINEER)
    return frozenset(found)


def may_print_sheets(ballot_round: BallotRound, parts: frozenset[Part]) -> bool:
    """Whether the account may print what hangs on the notice board: no voter before the tally.

    Voters recognise fingerprint and closing hash from paper, not from what the server shows them.
    """
    is_tallied = ballot_round.state == BallotRound.State.TALLIED
    return is_tallied or bool(parts & {Part.OFFICE, Part.SCRUTINEER})


def may_see_board(user: Account, ballot_round: BallotRound, parts: frozenset[Part]) -> bool:
    """Whether the account may recount: who takes part once closed, the whole year once tallied.

    The sums are points of courts: where the year keeps those apart, who takes no part sees none.
    """
    if ballot_round.state == BallotRound.State.TALLIED:
        year = ballot_round.quality_year
        return may_view_year(user, year) and (bool(parts) or not own_points_only(user, year))
    is_closed = ballot_round.state in {BallotRound.State.CLOSED, BallotRound.State.INCOMPLETE}
    return is_closed and bool(parts)


# --- Bulletins: who sees what leaves the system ------------------------------------------------


class Extent(StrEnum):
    """How much of what leaves the system is for a reader.

    `OWN` is the own rows, and the sums over others that `courts.snapshots.aggregates` lets pass.
    """

    NONE = "none"
    OWN = "own"
    ALL = "all"


Reader = Account | ApiToken


def extent_of(reader: Reader, year: QualityYear) -> Extent:
    """How much of the year's bulletins, snapshots, workbooks, base data, directions and API.

    The one place that decides, for all of them alike, since each can be worked out from another:
    all for offices, leading group and party group and for systems that ask for them; for every
    other account or system of the prefecture all where the ranking is published to courts, else
    the rows of its own court. What is not published yet is `may_view_unpublished`'s to say.
    """
    if isinstance(reader, ApiToken):
        if not _of_prefecture(reader.court, year):
            return Extent.NONE
        if reader.sees == ApiToken.Sees.PREFECTURE:
            return Extent.ALL
        is_full = year.ranking_shown == RankingShown.FULL
        return Extent.ALL if is_full else Extent.OWN
    if not may_view_year(reader, year):
        return Extent.NONE
    return Extent.OWN if own_points_only(reader, year) else Extent.ALL


def own_code(reader: Reader) -> str:
    """The code of the court whose rows are the reader's own; empty for none."""
    court = getattr(reader, "court", None)
    return court.code if court is not None else ""


def may_read_rows(reader: Reader, year: QualityYear, court_code: str) -> bool:
    """Whether the rows of the court of that code are for the reader."""
    extent = extent_of(reader, year)
    return extent is Extent.ALL or (extent is Extent.OWN and own_code(reader) == court_code)


def may_view_unpublished(reader: Reader, year: QualityYear) -> bool:
    """Whether the reader sees months that no bulletin has published yet, verified figures only."""
    if isinstance(reader, ApiToken):
        return reader.reads_current and extent_of(reader, year) is not Extent.NONE
    return may_view_dashboard(reader, year)


def _of_prefecture(court: Court, year: QualityYear) -> bool:
    return court.root_key == year.court_id


# --- Bulletins: other systems ------------------------------------------------------------------


def may_keep_tokens(user: Account) -> bool:
    """Whether the account makes and revokes tokens of its prefecture: administrators."""
    return Role.ADMIN in roles(user) and own_root(user) is not None


def may_end_factors(user: Account) -> bool:
    """Whether the account asks for, or confirms, the end of others' second factors."""
    return Role.ADMIN in roles(user) and own_root(user) is not None


def may_end_factor_of(user: Account, owner: User) -> bool:
    """Whether it may do so for this account: another one of its prefecture, never its own."""
    root = own_root(user)
    if not may_end_factors(user) or root is None or owner.pk == user.pk or owner.court is None:
        return False
    return owner.court.root.pk == root.pk


def may_keep_token(user: Account, token: ApiToken) -> bool:
    """Whether the token is one of the account's prefecture, and the account keeps tokens."""
    root = own_root(user)
    return may_keep_tokens(user) and root is not None and token.court.root.pk == root.pk


def may_take_sent(user: Account, year: QualityYear, sides: frozenset[str]) -> bool:
    """Whether the account may move or discard what a system sent: the office of these sides."""
    return bool(sides) and sides <= review_sides(user) and _same_prefecture(user, year.court)


# --- Bulletins: year-end acceptance (正文四·3) --------------------------------------------------


def may_view_acceptance(user: Account, year: QualityYear) -> bool:
    """Whether the account looks at the acceptance of all courts: who verifies, leads or decides."""
    return may_view_dashboard(user, year)


def may_view_accepted_court(user: Account, year: QualityYear, court_code: str) -> bool:
    """Whether the account may open one court's papers: who sees all, and the court's own desks."""
    if may_view_acceptance(user, year):
        return True
    return has_desk(user) and may_view_year(user, year) and own_code(user) == court_code


def may_make_acceptance(user: Account, year: QualityYear) -> bool:
    """Whether the account puts the package together: either office, or the leading group."""
    making = in_office(user) or Role.LEADER in _working_roles(user)
    return making and _same_prefecture(user, year.court)


def may_sign_acceptance(user: Account, year: QualityYear) -> bool:
    """Whether the account signs the acceptance: the leading group."""
    return Role.LEADER in _working_roles(user) and _same_prefecture(user, year.court)


# --- Bulletins: writing, reading, how they look ------------------------------------------------


def may_write_bulletin(user: Account, year: QualityYear, sides: Collection[str]) -> bool:
    """Whether the account writes bulletins that tell of these sides: the office of one of them."""
    return bool(review_sides(user) & frozenset(sides)) and _same_prefecture(user, year.court)


def may_set_paper(user: Account, year: QualityYear) -> bool:
    """Whether the account says how the year's bulletins look: the trial management office."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def sees_whole_bulletins(user: Account, year: QualityYear) -> bool:
    """Whether the account gets bulletins with every court's points.

    Who verifies, leads or decides; all others where the year keeps no points from courts.
    """
    return extent_of(user, year) is Extent.ALL


def sees_drafts(user: Account, year: QualityYear) -> bool:
    """Whether the account sees issues before they are published: both offices, and who leads."""
    return may_view_dashboard(user, year)


# --- Bulletins: closing ----------------------------------------------------------------------


def may_close(user: Account, year: QualityYear, side: str) -> bool:
    """Whether the account may close a side of a month, and open it again: its office."""
    return may_review(user, year.court, side)


# --- Bulletins: asking courts, signing, publishing, restating ----------------------------------


def may_set_terms(user: Account, year: QualityYear) -> bool:
    """Whether the account may say how long courts are asked and may object: the office."""
    return Role.OFFICE in _working_roles(user) and _same_prefecture(user, year.court)


def keeps_sides(user: Account, year: QualityYear, sides: Collection[str]) -> bool:
    """Whether the account's office looks after one of these sides in the year."""
    return bool(review_sides(user) & frozenset(sides)) and _same_prefecture(user, year.court)


def may_open_consultation(user: Account, year: QualityYear, sides: frozenset[str]) -> bool:
    """Whether the account may ask the courts about a snapshot of these sides: either office."""
    return keeps_sides(user, year, sides)


def may_answer_consultation(user: Account, court: Court, side: str) -> bool:
    """Whether the account may confirm or contest the court's lines of this side: its desk."""
    return may_enter(user, court, side)


def may_settle_answers(user: Account, court: Court, side: str) -> bool:
    """Whether the account's office says what comes of the court's contested lines of this side."""
    return may_review(user, court, side)


def may_view_consultation_of(user: Account, year: QualityYear, court: int) -> bool:
    """Whether the account may look at a court's own lines: its desks, and who oversees all."""
    if may_oversee_returns(user, year):
        return True
    return isinstance(user, User) and user.court_id == court and has_desk(user)


def may_object_to_bulletin(user: Account, court: Court, side: str) -> bool:
    """Whether the account may object, for its court, to a line of this side: its desk."""
    return may_enter(user, court, side)


def may_view_objections(user: Account, year: QualityYear) -> bool:
    """Whether the account sees the objections of every court: who verifies, leads or decides."""
    return may_view_dashboard(user, year)


def may_answer_objection(user: Account, objection: Objection) -> bool:
    """Whether the account answers it: the office of its side, never who objected."""
    if not isinstance(user, User) or not is_another(objection.by_id, user):
        return False
    return may_review(user, objection.court, objection.side)


def sign_sides(user: Account, bulletin: Bulletin, firsts: Collection[int | None]) -> frozenset[str]:
    """The sides for which the account may sign an issue: those of its office, nobody's own work.

    `firsts` are who edited the issue or closed one of its months, by key.
    """
    if not isinstance(user, User) or not _same_prefecture(user, bulletin.quality_year.court):
        return frozenset()
    if not all(is_another(first, user) for first in firsts):
        return frozenset()
    return review_sides(user) & bulletin.sides


def may_issue(user: Account, bulletin: Bulletin) -> bool:
    """Whether signing and publishing issues like this one belongs to the account's office."""
    return keeps_sides(user, bulletin.quality_year, bulletin.sides)


def may_view_issuing(user: Account, year: QualityYear) -> bool:
    """Whether the account sees what is between a closed month and its publication."""
    return may_oversee_returns(user, year)


def may_view_restatements(user: Account, year: QualityYear) -> bool:
    """Whether the account sees restatements with every court's points: who verifies or leads."""
    return may_view_dashboard(user, year)


# Rules and points that others decide are restated by either office; figures by that of the side.
_OF_SIDE = frozenset({Restatement.Kind.FIGURE, Restatement.Kind.RETURN, Restatement.Kind.BASELINE})


def may_propose_restatement(
    user: Account, year: QualityYear, kind: str, sides: Collection[str]
) -> bool:
    """Whether the account may propose that closed months be restated so."""
    if not _same_prefecture(user, year.court):
        return False
    if kind in _OF_SIDE:
        return bool(sides) and frozenset(sides) <= review_sides(user)
    return in_office(user)


def may_approve_restatement(
    user: Account, restatement: Restatement, sides: Collection[str]
) -> bool:
    """Whether the account may approve or refuse it: another person of the right office."""
    if not isinstance(user, User) or not is_another(restatement.proposed_by_id, user):
        return False
    return may_propose_restatement(user, restatement.quality_year, restatement.kind, sides)


def may_withdraw_restatement(user: Account, restatement: Restatement) -> bool:
    """Whether the account may take the proposal back: who made it."""
    return isinstance(user, User) and restatement.proposed_by_id == user.pk


# --- Bulletins: the Word template --------------------------------------------------------------


def may_bring_template(user: Account, year: QualityYear) -> bool:
    """Whether the account may upload a Word template for the year's bulletins: either office."""
    return _same_prefecture(user, year.court) and in_office(user)


def may_use_template(user: Account, template: WordTemplate) -> bool:
    """Whether the account may take it into use or refuse it: another person of either office."""
    return (
        isinstance(user, User)
        and is_another(template.uploaded_by_id, user)
        and may_bring_template(user, template.quality_year)
    )


# --- Bulletins: what people take away --------------------------------------------------------


def may_give_base(user: Account, year: QualityYear) -> bool:
    """Whether the account may propose figures of the year before: an office, of its sides."""
    return may_move(user, year, Motion.Kind.BASELINE, review_sides(user))


# --- Actions, the tasks of the year, meetings (正文三, 四·2) -------------------------------------


def may_view_actions(user: Account, year: QualityYear) -> bool:
    """Whether actions are the account's business: desks see those of their own court."""
    return sees_all_actions(user, year) or bool(action_courts(user, year))


def may_view_actions_of(user: Account, year: QualityYear, court_code: str) -> bool:
    """Whether the account sees the actions of the court of that code."""
    if sees_all_actions(user, year):
        return True
    return may_view_actions(user, year) and own_code(user) == court_code


def sees_all_actions(user: Account, year: QualityYear) -> bool:
    """Whether the account sees the actions of every court: who verifies, leads or decides."""
    return may_view_dashboard(user, year)


def action_courts(user: Account, year: QualityYear) -> frozenset[int]:
    """The courts, by key, whose actions the account sees because it sits at a desk there."""
    return case_courts(user, year)


def may_view_action(user: Account, action: Action) -> bool:
    """Whether the account may read the action, its answers and their files."""
    year = action.quality_year
    return sees_all_actions(user, year) or action.court_id in action_courts(user, year)


def may_view_proposals(user: Account, year: QualityYear) -> bool:
    """Whether the account sees what the rules propose to supervise: who sees all courts."""
    return sees_all_actions(user, year)


def may_supervise(user: Account, year: QualityYear, side: str) -> bool:
    """Whether the account's office supervises this side of the year's courts."""
    return side in review_sides(user) and _same_prefecture(user, year.court)


def may_answer_action(user: Account, action: Action) -> bool:
    """Whether the account answers for the court: its desk of the action's side."""
    return may_enter(user, action.court, action.side)


def may_check_answer(user: Account, action: Action, answered_by: int | None) -> bool:
    """Whether the account may check an answer: the office of the side, never who gave it."""
    if not isinstance(user, User) or not is_another(answered_by, user):
        return False
    return may_supervise(user, action.quality_year, action.side)


def may_view_measures(user: Account, year: QualityYear, court: Court) -> bool:
    """Whether the account reads how a court carries out the tasks of the year."""
    if not _same_prefecture(user, court):
        return False
    return may_view_dashboard(user, year) or court.pk in action_courts(user, year)


def may_view_all_measures(user: Account, year: QualityYear) -> bool:
    """Whether the account reads that of every court: who verifies, leads or decides."""
    return may_view_dashboard(user, year)


def may_keep_measures(user: Account, court: Court) -> bool:
    """Whether the account writes the court's plans and progress: any desk of the court."""
    return isinstance(user, User) and user.court_id == court.pk and has_desk(user)


def may_view_meetings(user: Account, year: QualityYear) -> bool:
    """Whether the account reads agendas and minutes: who verifies, leads or decides."""
    return may_view_dashboard(user, year)


def may_hold_meetings(user: Account, year: QualityYear) -> bool:
    """Whether the account calls meetings and takes the minutes: either office."""
    return in_office(user) and _same_prefecture(user, year.court)


def may_await(user: Account, court: Court, side: str) -> bool:
    """Whether what others do about this side of the court keeps the account waiting.

    Its desk waits for its own court, an office for courts in its care; `side` may be empty.
    """
    sides = {side} if side else _kept(user, SideRole.Part.DESK) | review_sides(user)
    return any(may_discuss(user, court, one) for one in sides)


# --- Notices: who is told ----------------------------------------------------------------------


def desk_people(root: Court, court_code: str, sides: Collection[str]) -> QuerySet[User]:
    """Who sits at a court's desks of these sides."""
    held = _keeping(root, SideRole.Part.DESK, sides)
    return _people_of(root, held).filter(court__code=court_code)


def office_people(root: Court, sides: Collection[str]) -> QuerySet[User]:
    """Who is of the offices that look after these sides, deputies among them."""
    held = _keeping(root, SideRole.Part.OFFICE, sides)
    lent = running_deputyships().filter(role__in=held).order_by().values("deputy")
    everybody = _people_of(root, _every_role(root))
    return _people_of(root, held).union(everybody.filter(pk__in=lent))


def all_people(root: Court) -> QuerySet[User]:
    """Who has any business with the year's results: everybody with a role but administrators."""
    return _people_of(root, _every_role(root).exclude(name=Role.ADMIN))


def _keeping(root: Court, part: SideRole.Part, sides: Collection[str]) -> QuerySet:
    """The names of the roles that enter, or look after, these sides of a prefecture."""
    found = SideRole.objects.filter(court=root, part=part, side__in=list(sides))
    return found.order_by().values("group__name")


def _every_role(root: Court) -> QuerySet:
    """The names of all the roles of a prefecture."""
    named = Q(name__in=Role.values) | Q(side_roles__court=root)
    return Group.objects.filter(named).order_by().values("name")


def _people_of(root: Court, held: QuerySet) -> QuerySet[User]:
    rows = User.objects.filter(
        court__in=Court.objects.under(root),
        is_active=True,
        is_superuser=False,
        groups__name__in=held,
    )
    # Administrators do no work of a court or an office, whatever else they hold.
    return rows.exclude(groups__name=Role.ADMIN).order_by().distinct()


# --- Accounts ----------------------------------------------------------------------------------


def may_view_accounts(user: Account) -> bool:
    """Whether the account sees who may do what: administrators, both offices, the leading group."""
    if sees_every_court(user):
        return True
    watching = bool(roles(user) & {Role.ADMIN, Role.LEADER}) or in_office(user)
    return own_root(user) is not None and watching


def may_view_account(user: Account, account: User) -> bool:
    """Whether the account is one of those whose list the reader sees."""
    if sees_every_court(user):
        return True
    return (
        may_view_accounts(user)
        and account.court is not None
        and _same_prefecture(user, account.court)
    )


def may_make_accounts(user: Account) -> bool:
    """Whether the account makes accounts, sets passwords and closes them: administrators."""
    return sees_every_court(user) or (Role.ADMIN in roles(user) and own_root(user) is not None)


def may_make_account_at(user: Account, court: Court) -> bool:
    """Whether the account makes accounts of this court: an administrator of its prefecture."""
    return sees_every_court(user) or (may_make_accounts(user) and _same_prefecture(user, court))


def may_close_account(user: Account, account: User) -> bool:
    """Whether the account may close another, give it a password or have its work handed over."""
    if not isinstance(user, User) or user.pk == account.pk or account.is_superuser:
        return False
    return may_make_accounts(user) and may_view_account(user, account)


def proposable_roles(user: Account) -> frozenset[str]:
    """The roles of desks for which the account may propose accounts: those its office looks after.

    None for administrators, who make accounts themselves.
    """
    root, sides = own_root(user), review_sides(user)
    if root is None:
        return frozenset()
    if not sides:
        return _usual_desks(user, root)
    desks = _keeping(root, SideRole.Part.DESK, sides)
    return frozenset(row["group__name"] for row in desks)


def _usual_desks(user: Account, root: Court) -> frozenset[str]:
    """The usual desks of the account's office, while no rules of the prefecture say which it has.

    Otherwise an office could not bring in its courts' people before the first year stands.
    """
    held = _working_roles(user)
    usual = frozenset(desk for desk, office in _USUAL_ROLES.values() if office in held)
    if not usual or SideRole.objects.filter(court=root).exists():
        return frozenset()
    return usual


def may_propose_accounts(user: Account) -> bool:
    """Whether the account may propose accounts of any court's desk: either office."""
    return own_root(user) is not None and bool(review_sides(user) or proposable_roles(user))


def may_decide_proposal(user: Account, proposal: AccountProposal) -> bool:
    """Whether the account may make or refuse what was proposed: an administrator, not who did."""
    if not isinstance(user, User) or not is_another(proposal.proposed_by_id, user):
        return False
    return may_make_account_at(user, proposal.court)


def may_confirm_account(
    user: Account, account: User, makers: Collection[int], own_makers: Collection[int]
) -> bool:
    """Whether the account may confirm that another is its owner's.

    `makers` are who proposed, made or set the password of it, `own_makers` of the account that
    confirms, both as long as nobody confirmed. Neither may have made the other, and nobody both.
    """
    if not isinstance(user, User) or user.pk == account.pk or not may_view_account(user, account):
        return False
    if user.pk in makers or account.pk in own_makers:
        return False
    return not set(makers) & set(own_makers)


def may_review_accounts(user: Account) -> bool:
    """Whether the account signs that it looked through who may do what.

    The offices and the leading group: not those who make accounts.
    """
    reviewing = in_office(user) or Role.LEADER in _working_roles(user)
    return own_root(user) is not None and reviewing


def deputy_choices(root: Court) -> list[tuple[str, str]]:
    """The roles that somebody may stand in for, with their names: who verifies, and who decides.

    The offices of the prefecture's sides, that of the rules, and the party group; a court's own
    desks, votes and keys have no deputies. Three queries.
    """
    offices = SideRole.objects.filter(court=root, part=SideRole.Part.OFFICE)
    deciding = {*offices.values_list("group__name", flat=True), *_USUAL_OFFICES, Role.PARTY.value}
    return [choice for choice in role_choices(root) if choice[0] in deciding]


def may_keep_deputies(user: Account) -> bool:
    """Whether the account registers deputies of its prefecture: administrators."""
    return Role.ADMIN in roles(user) and own_root(user) is not None


def may_view_deputyship(user: Account, deputyship: Deputyship) -> bool:
    """Whether the account sees the deputyship and its document: who sees accounts, both people."""
    if not isinstance(user, User):
        return False
    if user.pk in {deputyship.principal_id, deputyship.deputy_id}:
        return True
    return may_view_account(user, deputyship.principal)


def may_view_handover(user: Account, handover: Handover) -> bool:
    """Whether the account reads what somebody left open: the successor, and who closes accounts."""
    if not isinstance(user, User):
        return False
    if handover.successor_id == user.pk:
        return True
    return may_make_accounts(user) and may_view_account(user, handover.account)
