"""Owns what the pages of one special case show (附件1·五): its course, files, effect, precedents.

Every score is the engine's: the month as it is without the decision, and with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts.cases.selectors.special_cases import (
    CaseLine,
    case_lines,
    may_act,
    may_apply_anew,
    may_apply_any,
    open_offices,
    precedents,
)
from courts.frame.listing import enumerated
from courts.models import (
    CaseAttachment,
    CaseVerification,
    Court,
    QualityYear,
    SpecialCase,
    User,
)
from courts.permissions import (
    Account,
    may_apply_case,
    office_of,
    office_role_label,
    offices_of,
    own_points_only,
    sees_all_cases,
)
from courts.scores.selectors.scores import MonthScores, with_decision
from courts.scores.selectors.shifts import total_text
from courts.wording.amounts import most_text
from courts.wording.explanations import side_label, status_label
from courts.wording.months import month_name
from courts.years.selectors.counted_months import months_with_figures
from courts.years.selectors.metrics import items_of
from courts.years.selectors.years import rulebook_of
from scoring.facts import Month
from scoring.results import ItemScore, Scoreboard
from scoring.rounding import to_text
from scoring.schema import Level, Rulebook

State = SpecialCase.State


@dataclass(frozen=True, slots=True)
class Word:
    """One office's word: given, or still to be given. In substance, or in form only."""

    office: str
    label: str
    in_substance: bool
    is_given: bool
    by: str
    at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of a special case; size in units of 1,024 bytes."""

    pk: int
    name: str
    kind_label: str
    kilobytes: int


@dataclass(frozen=True, slots=True)
class CaseEffectLine:
    """One court's total and rank by the figures, and with the points decided or tried."""

    court: str
    name: str
    is_own: bool
    total_before: str
    total_after: str
    rank_before: int | None
    rank_after: int | None

    @property
    def moves(self) -> bool:
        return (self.total_before, self.rank_before) != (self.total_after, self.rank_after)


@dataclass(frozen=True, slots=True)
class Precedent:
    """What was decided on the item before."""

    court_name: str
    month_name: str
    computed: str
    points: str
    state: str
    state_label: str
    meeting: str
    meeting_on: date | None
    reasons: str
    note: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One application. `item_points` are what the figures come to now, empty when to nothing."""

    line: CaseLine
    version: int
    closed_by: str
    closed_at: datetime | None
    full: str
    item_points: str
    item_status: str
    words: tuple[Word, ...]
    files: tuple[FileLine, ...]
    effect: tuple[CaseEffectLine, ...]
    precedents: tuple[Precedent, ...]
    offices: tuple[str, ...]
    may_withdraw: bool
    may_decide: bool
    may_revoke: bool
    may_apply_anew: bool
    next_step: str
    is_demo: bool
    shows_places: bool
    has_total: bool
    has_ranks: bool


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item to apply for."""

    code: str
    label: str
    side_label: str


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """What can be applied for: items of the account's sides, months with figures."""

    court_name: str
    items: tuple[ItemChoice, ...]
    months: tuple[tuple[int, str], ...]
    case_days: int | None


def case_name(case: SpecialCase) -> str:
    """Court, month and item of an application, as a message names it."""
    values = {
        "court": case.court.label(get_language() or ""),
        "month": month_name(Month(case.quality_year.year, case.month)),
        "item": case.item,
    }
    return _("%(court)s%(month)s考核项%(item)s") % values


def application_page(user: Account, year: QualityYear) -> ApplicationPage:
    """What the account can apply for; `PermissionDenied` when it sits at no desk."""
    court = applying_court(user, year)
    language = get_language() or ""
    level = Level(court.level)
    return ApplicationPage(
        court_name=court.label(language),
        items=tuple(
            ItemChoice(
                item.code,
                item.label.get(language),
                side_label(rulebook_of(year), item.side.value, language),
            )
            for item in items_of(year)
            if level in item.points and may_apply_case(user, court, item.side.value)
        ),
        months=tuple(
            (month.month, month_name(month)) for month in reversed(months_with_figures(year))
        ),
        case_days=year.case_days,
    )


def applying_court(user: Account, year: QualityYear) -> Court:
    """The court an account applies for; `PermissionDenied` when there is none."""
    if not isinstance(user, User) or user.court is None or not may_apply_any(user, year):
        raise PermissionDenied(_("只有法院的填报岗可以申请单独评分。"))
    return user.court


def case_page(
    user: Account, year: QualityYear, row: SpecialCase, trial: Decimal | None = None
) -> CasePage:
    """One application; with `trial`, what so many points would do to totals and ranks."""
    line = case_lines(user, year, [row])[0]
    given = list(row.verifications.all())
    points = row.points if row.state == State.DECIDED else trial
    scores, after = with_decision(year, line.month, line.court, row.item, points)
    score = scores.scoreboard.court(line.court).item(row.item)
    withdraw, decide, revoke = may_act(user, row)
    offices = open_offices(user, row, given)
    looks_back = sees_all_cases(user, year)
    rulebook = rulebook_of(year, line.month)
    return CasePage(
        line=line,
        version=row.version,
        closed_by="" if row.closed_by is None else str(row.closed_by),
        closed_at=row.closed_at,
        full=most_text(score.cap),
        item_points="" if score.points is None else to_text(score.points),
        item_status=_status(score),
        words=tuple(_word(row, rulebook, office, given) for office in offices_of(rulebook)),
        files=tuple(
            FileLine(pk, name, str(CaseAttachment.Kind(kind).label), -(-size // 1024))
            for pk, name, kind, size in row.attachments.values_list("pk", "name", "kind", "size")
        ),
        effect=() if after is None else _effect(scores, after, line.court, looks_back),
        shows_places=rulebook.ranked_level is not None and not own_points_only(user, year),
        has_total=rulebook.has_total,
        has_ranks=rulebook.ranked_level is not None,
        precedents=tuple(_precedents(year, row)) if looks_back else (),
        offices=offices,
        may_withdraw=withdraw,
        may_decide=decide,
        may_revoke=revoke,
        may_apply_anew=may_apply_anew(user, row),
        next_step=_next_step(row, given, line, bool(offices), decide),
        is_demo=scores.is_demo,
    )


def _status(score: ItemScore) -> str:
    return "" if score.points is not None else status_label(score.status)


def _word(row: SpecialCase, rulebook: Rulebook, office: str, given: list[CaseVerification]) -> Word:
    word = next((one for one in given if one.office == office), None)
    return Word(
        office=office,
        label=office_role_label(rulebook, office),
        in_substance=office == office_of(rulebook, row.side),
        is_given=word is not None,
        by="" if word is None else str(word.by),
        at=None if word is None else word.at,
        note="" if word is None else word.note,
    )


def _effect(
    scores: MonthScores, after: Scoreboard, own: str, sees_all: bool
) -> tuple[CaseEffectLine, ...]:
    """The court first, then courts whose rank moves with it, for accounts that see all."""
    language = get_language() or ""
    lines = []
    for card, new in zip(scores.scoreboard.scorecards, after.scorecards, strict=True):
        line = CaseEffectLine(
            court=card.court,
            name=scores.courts[card.court].label(language),
            is_own=card.court == own,
            total_before=total_text(card),
            total_after=total_text(new),
            rank_before=card.rank,
            rank_after=new.rank,
        )
        if line.is_own or (sees_all and line.moves):
            lines.append(line)
    return tuple(sorted(lines, key=lambda line: not line.is_own))


def _precedents(year: QualityYear, row: SpecialCase) -> list[Precedent]:
    language = get_language() or ""
    return [
        Precedent(
            court_name=one.court.label(language),
            month_name=month_name(Month(one.quality_year.year, one.month)),
            computed="" if one.computed is None else to_text(one.computed),
            points="" if one.points is None else to_text(one.points),
            state=one.state,
            state_label=one.get_state_display(),
            meeting=one.meeting,
            meeting_on=one.meeting_on,
            reasons=one.reasons,
            note=one.closing_note,
        )
        for one in precedents(year, row.item, row.pk)
    ]


def _next_step(
    row: SpecialCase, given: list[CaseVerification], line: CaseLine, verifies: bool, decides: bool
) -> str:
    """Who has to do what now, in a sentence."""
    if row.state == State.APPLIED:
        if verifies:
            return _("请核实申请所说的情况，写明意见；不属实的，不予通过并写明原因。")
        spoken = {one.office for one in given}
        year = row.quality_year
        rulebook = rulebook_of(year, Month(year.year, row.month))
        waited = [
            office_role_label(rulebook, one) for one in offices_of(rulebook) if one not in spoken
        ]
        return _("等待%(offices)s核实。") % {"offices": enumerated(waited)}
    if row.state == State.VERIFIED:
        if decides:
            return _("各管理部门都已核实。请录入院党组的决定。")
        return _("各管理部门都已核实，等待院党组决定。")
    if row.state == State.DECIDED:
        values = {"points": line.points, "month": line.month_name}
        return _("%(month)s这一项按院党组决定计%(points)s分；数据没有改动。") % values
    return _("申请已经办结，这一项仍按数据计分。")
