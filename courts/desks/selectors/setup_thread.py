"""Owns the thread from nothing to the first month: what is set up, what is next, and why.

It stands on the desks of administrators and offices until everything is done, and counts what is
there; nothing is ticked by hand but that somebody looked at the readings. Eight queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

import scoring
from courts.frame.remembered import remembered_rows
from courts.models import (
    AppraisalTarget,
    BallotRound,
    Court,
    CourtChange,
    Event,
    Figure,
    QualityYear,
    ReadingDecision,
    User,
)
from courts.permissions import (
    Account,
    Role,
    in_office,
    may_adopt_readings,
    may_import_courts,
    may_keep_targets,
    may_make_accounts,
    may_organize_ballots,
    may_propose_accounts,
    may_set_deadline,
    may_write_editions,
    offices_of,
    own_root,
    roles_of_side,
    sees_every_court,
)
from courts.years.selectors.metrics import item_labels
from courts.years.selectors.periods import years_of
from courts.years.selectors.rule_parts import BALLOTS, parts_of
from courts.years.selectors.years import left_out, rulebook_of

LOOKED = "look_at_readings"
# Who there has to be before any rules say it.
DESKS = (Role.LITIGATION, Role.ENFORCEMENT)
OFFICES = (Role.OFFICE, Role.CENTRE)


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step: how much of it is there, why it matters, who does it, and where.

    `address` is empty for whom it is not; `looks` marks the step that a person ticks.
    """

    code: str
    label: str
    why: str
    whose: str
    done: int
    total: int
    address: str = ""
    looks: bool = False

    @property
    def is_done(self) -> bool:
        return self.done >= self.total

    @property
    def state(self) -> str:
        return "done" if self.is_done else "part" if self.done else "open"

    @property
    def state_label(self) -> str:
        if self.is_done:
            return _("已完成")
        return _("进行中") if self.done else _("未开始")


@dataclass(frozen=True, slots=True)
class SetupThread:
    """The steps in their order; false once all are done."""

    steps: tuple[SetupStep, ...]
    year: str = ""

    def __bool__(self) -> bool:
        return any(not step.is_done for step in self.steps)

    @property
    def left(self) -> int:
        return sum(not step.is_done for step in self.steps)

    @property
    def next_code(self) -> str:
        """The first step that is not done and that the reader can do."""
        return next((s.code for s in self.steps if not s.is_done and (s.address or s.looks)), "")


def setup_thread(user: Account, year: QualityYear | None = None) -> SetupThread:
    """The thread for whom setting up is business; empty for all others."""
    if sees_every_court(user):
        return SetupThread(tuple(_of_root()))
    root = own_root(user)
    if root is None or not (may_make_accounts(user) or in_office(user)):
        return SetupThread(())
    if year is None:
        year = next(iter(years_of(user)), None)

    def write() -> QuerySet[Any, Any]:
        ended = CourtChange.objects.filter(court=OuterRef("pk"), kind__in=CourtChange.ENDING)
        return Court.objects.under(root).annotate(has_ended=Exists(ended))

    courts = list(remembered_rows(("setup courts", root.pk), write))
    steps = [*_of_prefecture(user, root, [one for one in courts if not one.has_ended], year)]
    if year is not None:
        steps += _of_year(user, year, courts)
    return SetupThread(tuple(steps), year.code if year is not None else "")


def _of_root() -> Iterator[SetupStep]:
    courts = Court.objects.count()
    yield SetupStep(
        code="courts",
        label=_("法院"),
        why=_("账号、报表和规则都属于某个法院，所以先有法院。"),
        whose=_("超级用户"),
        done=min(courts, 1),
        total=1,
        address=reverse("courts:courts_import"),
    )
    administrators = User.objects.filter(is_active=True, groups__name=Role.ADMIN).count()
    yield SetupStep(
        code="administrators",
        label=_("两位系统管理员"),
        why=_("以后的账号由他们建立，并互相确认；您的账号不属于任何法院，看不到数据。"),
        whose=_("超级用户"),
        done=min(administrators, 2),
        total=2,
        address=reverse("courts:accounts_import"),
    )


def _of_prefecture(
    user: Account, root: Court, courts: list[Court], year: QualityYear | None
) -> Iterator[SetupStep]:
    yield SetupStep(
        code="courts",
        label=_("法院"),
        why=_("排名和报表按法院列出，缺一个法院就缺一行。"),
        whose=str(Role.ADMIN.label),
        done=len(courts) if len(courts) > 1 else 0,
        total=max(len(courts), 2),
        address=reverse("courts:courts_import") if may_import_courts(user) else "",
    )
    filled, places = _places(courts, year)
    can = may_make_accounts(user) or may_propose_accounts(user)
    yield SetupStep(
        code="accounts",
        label=_("账号"),
        why=_("每个法院每类报表各要一人填，各管理部门各要两人：提交、提出的人不能自己核实、确认。"),
        whose=str(Role.ADMIN.label),
        done=filled,
        total=places,
        address=reverse("courts:accounts_import") if can else "",
    )
    yield SetupStep(
        code="year",
        label=_("规则与年度"),
        why=_(
            "分值、指标和期间都写在规则里：一人起草，另一人设立质量年；"
            "或者在服务器上运行 setup_year，一次载入规则、法院和上年数据。"
        ),
        whose=str(Role.OFFICE.label),
        done=int(year is not None),
        total=1,
        address=reverse("courts:editions") if may_write_editions(user) else "",
    )


def _places(courts: list[Court], year: QualityYear | None) -> tuple[int, int]:
    """How many places have somebody, of those that the work needs. One query."""
    root = next((court for court in courts if court.parent_id is None), None)
    desks, offices = {str(role) for role in DESKS}, {str(role) for role in OFFICES}
    if year is not None:
        rulebook = rulebook_of(year)
        desks = {roles_of_side(share)[0] for share in rulebook.sides}
        offices = {str(Role.OFFICE), *offices_of(rulebook)}
    held: dict[tuple[int, str], int] = {}
    keys = tuple(court.pk for court in courts)

    def write() -> QuerySet[Any, tuple[int, str | None]]:
        rows = User.objects.filter(is_active=True, court__in=keys).order_by()
        return rows.values_list("court", "groups__name")

    for court, role in remembered_rows(("setup places", keys), write):
        place = (court, role or "")
        held[place] = held.get(place, 0) + 1
    needed = {(court.pk, role): 1 for court in courts for role in desks}
    if root is not None:
        # Acts of two people need two of an office; two administrators confirm each other's
        # accounts.
        needed |= {(root.pk, role): 2 for role in (*offices, str(Role.ADMIN))}
        needed |= {(root.pk, str(role)): 1 for role in (Role.LEADER, Role.PARTY)}
    filled = sum(min(held.get(place, 0), number) for place, number in needed.items())
    return filled, sum(needed.values())


def _of_year(user: Account, year: QualityYear, courts: Sequence[Court]) -> Iterator[SetupStep]:
    code, office = year.code, str(Role.OFFICE.label)
    rulebook = rulebook_of(year)
    yield SetupStep(
        code="deadline",
        label=_("填报期限"),
        why=_("有了期限，法院才知道报到哪天；在那以前的月份算未开始，不算未报。"),
        whose=office,
        done=int(year.deadline_day is not None),
        total=1,
        address=reverse("courts:deadline", args=[code]) if may_set_deadline(user, year) else "",
    )
    labels = item_labels(year, "")
    if labels:
        yield SetupStep(
            code="targets",
            label=_("目标值"),
            why=_("没有目标值的考核项显示待录目标，不计分。"),
            whose=office,
            done=len(_targets(year, tuple(labels))),
            total=len(labels),
            address=reverse("courts:targets", args=[code]) if may_keep_targets(user, year) else "",
        )
    if rulebook.readings:
        yield SetupStep(
            code="readings",
            label=_("解读"),
            why=_("通知有可作两种理解的句子；现在按默认的理解计分，请看过再用。"),
            whose=office,
            done=int(_looked(year)),
            total=1,
            address=reverse("courts:readings", args=[code]),
            looks=may_adopt_readings(user, year),
        )
    if scoring.compares_years(rulebook):
        # The document of a split says which part of the year before is the new court's.
        without = {court for court, of in left_out(year.court_id) if of == year.pk} | _begun(year)
        assessed = {court.pk for court in courts} - without
        known = _with_figures(rulebook.baseline_year, tuple(court.pk for court in courts))
        yield SetupStep(
            code="baseline",
            label=_("%(year)s年数据") % {"year": rulebook.baseline_year},
            why=_("升降幅度与上年比；哪个法院缺上年数据，哪个法院的这些项就没有分。"),
            whose=_("各管理部门"),
            done=len(known & assessed),
            total=len(assessed),
            address=reverse("courts:base", args=[code]),
        )
    if BALLOTS in parts_of(rulebook):
        yield SetupStep(
            code="ballot",
            label=_("无记名投票"),
            why=_("领导小组评价的一项由投票计分；到时才建一轮，先定参评人和监票人。"),
            whose=office,
            done=int(_is_any(BallotRound, year)),
            total=1,
            address=reverse("courts:ballots", args=[code])
            if may_organize_ballots(user, year)
            else "",
        )


def _looked(year: QualityYear) -> bool:
    """Whether the office looked at the readings, or decided any."""
    if _is_any(ReadingDecision, year):
        return True

    def write() -> QuerySet[Any, int]:
        rows = Event.objects.filter(quality_year=year.pk, action=LOOKED).order_by()
        return rows.values_list("pk", flat=True)[:1]

    return bool(remembered_rows(("looked", year.pk), write))


def _is_any(model: type[BallotRound | ReadingDecision], year: QualityYear) -> bool:
    """Whether the year has any row of the table."""

    def write() -> QuerySet[Any, int]:
        rows = model._default_manager.filter(quality_year=year.pk)
        return rows.values_list("pk", flat=True)[:1]

    return bool(remembered_rows(("any", model, year.pk), write))


def _targets(year: QualityYear, items: tuple[str, ...]) -> Sequence[str]:
    """Those of the items that have a target."""

    def write() -> QuerySet[Any, str]:
        rows = AppraisalTarget.objects.filter(quality_year=year.pk, item__in=items).order_by()
        return rows.values_list("item", flat=True).distinct()

    return remembered_rows(("setup targets", year.pk, items), write)


def _begun(year: QualityYear) -> set[int | None]:
    """The keys of courts that a split of the year begins."""

    def write() -> QuerySet[Any, int | None]:
        rows = CourtChange.objects.filter(quality_year=year.pk, kind=CourtChange.Kind.SPLIT)
        return rows.values_list("other", flat=True)

    return set(remembered_rows(("setup begun", year.pk), write))


def _with_figures(number: int, courts: tuple[int, ...]) -> set[int]:
    """Those of the courts, by key, that have a figure of the year of that number."""

    def write() -> QuerySet[Any, int]:
        figures = Figure.objects.filter(
            monthly_return__court__in=courts, monthly_return__year=number, value__isnull=False
        )
        return figures.order_by().values_list("monthly_return__court", flat=True).distinct()

    return set(remembered_rows(("setup baseline", number, courts), write))
